//! The steps of the lifecycle. A step that does not do what it says fails the demo.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use gongshu_app::governance::agreement::{ProposeAgreement, RevenueShare, SignAgreement};
use gongshu_app::governance::calendar::{Term, day_of};
use gongshu_app::governance::consent::{GiveConsent, WithdrawConsent};
use gongshu_app::governance::identifier::*;
use gongshu_app::governance::money::BasisPoints;
use gongshu_app::governance::party::{Party, RegisterParty, Role};
use gongshu_app::governance::product::{
    EngagePartner, Engagement, ListProduct, Parameter, SetCeiling, SetPrice, SubjectParameter,
};
use gongshu_app::governance::resource::{FieldType, OrderDestruction, RegisterResource};
use gongshu_app::governance::scenario::{
    ApplyScenario, ApproveResource, FreezeScenario, GrantScenario, PriceClass, ThawScenario,
};
use gongshu_app::governance::subscription::Subscribe;
use gongshu_app::governance::{Actor, Command};
use gongshu_app::{ActReceipt, Answered, AppError, Call, CheckQuery, District, NewProduct};
use gongshu_ledger::{Policy, verify_answer};
use gongshu_sample::{credit_code, firm, write_firms};
use serde_json::{Value, json};

use super::district::{PARTIES, PASSWORD, SEED, clauses};
use super::resources::{Sample, air, census, covid, firms};
use crate::site::say;

const AIR_FILE: &[u8] = include_bytes!("../../../../demo/data/beijing_pm25_hourly.csv.gz");
const COVID_FILE: &[u8] = include_bytes!("../../../../demo/data/covid_guangdong_2020.csv.gz");
const CENSUS_FILE: &[u8] = include_bytes!("../../../../demo/data/adult_census.csv.gz");

/// Defective rows of a thousand in the generated register.
const DEFECTS_PERMILLE: u64 = 5;

/// The lifecycle under way.
pub(super) struct Story {
    district: District,
    data: PathBuf,
    firms: u64,
    parties: BTreeMap<&'static str, PartyId>,
    receipts: usize,
}

/// A product of the lifecycle.
struct Sold {
    product: ProductId,
    scenario: ScenarioId,
    purpose: &'static str,
}

/// What a product is built from.
struct Plan<'a> {
    resource: &'a ResourceId,
    owner: &'static str,
    fields: &'a [&'static str],
    name: &'static str,
    summary: &'static str,
    purpose: &'static str,
    class: PriceClass,
    sql: &'static str,
    parameters: Vec<Parameter>,
    subject: Option<usize>,
    developer: &'static str,
}

impl Story {
    pub(super) fn new(district: District, data: PathBuf, firms: u64) -> Self {
        Self {
            district,
            data,
            firms,
            parties: BTreeMap::new(),
            receipts: 0,
        }
    }

    /// Lives the lifecycle.
    pub(super) async fn live(mut self) -> Result<()> {
        self.parties().await?;
        let firms = self.resource(firms()).await?;
        let air = self.resource(air()).await?;
        let covid = self.resource(covid()).await?;
        let census = self.resource(census()).await?;
        self.ingest_all(&firms, &air, &covid, &census).await?;
        let agreement = self.agreement(&[&firms, &air, &covid, &census]).await?;
        let verification = self.product(&agreement, verification(&firms)).await?;
        let daily = self.product(&agreement, daily(&air)).await?;
        let income = self.product(&agreement, income(&census)).await?;
        let epidemic = self.product(&agreement, epidemic(&covid)).await?;
        self.prices(&verification, &income).await?;
        for sold in [&verification, &daily, &income, &epidemic] {
            self.subscribe(sold).await?;
        }
        self.calls(&firms, &verification, &daily, &income, &epidemic).await?;
        self.raw_rows(&income).await?;
        self.freeze(&daily).await?;
        self.destroy(&covid, &epidemic).await?;
        say(&format!(
            "全部 {} 份收据离线验证通过 all {} receipts verified offline",
            self.receipts, self.receipts
        ));
        Ok(())
    }

    fn actor(&self, login: &str) -> Result<Actor> {
        let party = self.parties.get(login).with_context(|| format!("no party {login}"))?;
        Ok(Actor {
            party: party.clone(),
            person: None,
        })
    }

    async fn act(&mut self, login: &str, what: &str, command: Command) -> Result<ActReceipt> {
        let done = self
            .district
            .act(self.actor(login)?, command, None)
            .await
            .with_context(|| what.to_owned())?;
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
        say(&format!("#{:<5} {what}", done.receipt.index));
        Ok(done)
    }

    /// Expects a refusal by this rule.
    fn expect_refusal<T>(what: &str, rule: &str, outcome: Result<T, AppError>) -> Result<()> {
        match outcome {
            Err(AppError::Refused { refusal, .. }) if refusal.rule == rule => {
                let (source, article) = (&refusal.source, &refusal.article);
                say(&format!(
                    "拒绝   {what}：{}（{} {source} {article}）",
                    refusal.message.zh, refusal.rule
                ));
                Ok(())
            }
            Err(error) => bail!("{what}: expected a refusal by {rule}, got {error}"),
            Ok(_) => bail!("{what}: expected a refusal by {rule}, but it was accepted"),
        }
    }

    /// Verifies a receipt as a stranger would, with the log's key alone.
    fn receipt(&mut self, answer: Option<&Value>, receipt: &Value) -> Result<()> {
        let mut file = json!({"receipt": receipt});
        if let Some(answer) = answer {
            file["answer"] = answer.clone();
        }
        let policy = Policy::new(self.district.log_key().clone())?;
        verify_answer(&file.to_string(), &policy)
            .map_err(|error| anyhow::anyhow!("a receipt does not verify: {error}"))?;
        self.receipts += 1;
        let folder = self.data.join("receipts");
        fs::create_dir_all(&folder)?;
        fs::write(
            folder.join(format!("{:04}.json", self.receipts)),
            serde_json::to_string_pretty(&file)?,
        )?;
        Ok(())
    }

    async fn parties(&mut self) -> Result<()> {
        for (login, role, name, number) in PARTIES {
            let id = PartyId::new(self.district.new_id(PartyId::PREFIX));
            let subject = (role == Role::Subject).then(|| firm(SEED, number));
            let name = subject
                .as_ref()
                .map_or_else(|| name.to_owned(), |firm| firm.name.clone());
            let code = subject.map_or_else(|| credit_code(number), |firm| firm.code);
            let party = Party {
                id: id.clone(),
                role,
                name: name.clone(),
                code: Some(code),
            };
            let registrar = if login == "agency" {
                id.clone()
            } else {
                self.actor("agency")?.party
            };
            self.parties.insert(login, id.clone());
            let command = Command::RegisterParty(RegisterParty {
                party,
                organization: true,
            });
            let actor = Actor {
                party: registrar,
                person: None,
            };
            let done = self.district.act(actor, command, None).await?;
            self.district
                .open_account(&id, login, &name, PASSWORD.to_owned())
                .await?;
            say(&format!("#{:<5} 登记主体 {name}（{}）", done.receipt.index, role.zh()));
        }
        Ok(())
    }

    async fn resource(&mut self, sample: Sample) -> Result<ResourceId> {
        let id = ResourceId::new(self.district.new_id(ResourceId::PREFIX));
        let what = format!("登记数据资源“{}”", sample.name);
        let registration = RegisterResource {
            id: id.clone(),
            provider: self.actor(sample.owner)?.party,
            name: sample.name.to_owned(),
            table: sample.table.to_owned(),
            summary: format!("{}（示范数据）", sample.name),
            field_of_application: sample.area.to_owned(),
            fields: sample.fields,
            subject_key: sample.subject_key.map(str::to_owned),
            frequency: "每年".to_owned(),
            boundary: "仅限授权场景".to_owned(),
            legal_basis: "法定职责".to_owned(),
            contact: "示范联系人".to_owned(),
            source: serde_json::to_value(&sample.spec)?,
        };
        self.act(sample.owner, &what, Command::RegisterResource(Box::new(registration)))
            .await?;
        Ok(id)
    }

    async fn ingest_all(
        &mut self,
        firms: &ResourceId,
        air: &ResourceId,
        covid: &ResourceId,
        census: &ResourceId,
    ) -> Result<()> {
        let mut register = Vec::new();
        let report = write_firms(&mut register, SEED, self.firms, DEFECTS_PERMILLE)?;
        let (rows, quarantined) = self.ingest("market", firms, std::io::Cursor::new(register)).await?;
        ensure!(
            quarantined == report.defects() && rows + quarantined == self.firms,
            "quarantine does not add up"
        );
        self.ingest("ecology", air, AIR_FILE).await?;
        self.ingest("health", covid, COVID_FILE).await?;
        self.ingest("statistics", census, CENSUS_FILE).await?;
        Ok(())
    }

    async fn ingest(
        &mut self,
        owner: &str,
        resource: &ResourceId,
        bytes: impl Read + Send + 'static,
    ) -> Result<(u64, u64)> {
        let done = self
            .district
            .ingest(self.actor(owner)?, resource.clone(), bytes)
            .await?;
        let (rows, quarantined) = (done.version.rows, done.version.quarantined);
        say(&format!(
            "#{:<5} 入库并加密：{rows} 行，隔离 {quarantined} 行",
            done.act.receipt.index
        ));
        Ok((rows, quarantined))
    }

    async fn agreement(&mut self, resources: &[&ResourceId]) -> Result<AgreementId> {
        let from = day_of(self.district.now());
        let years = |years: i16| {
            from.saturating_add(jiff::Span::new().years(years))
                .saturating_sub(jiff::Span::new().days(1))
        };
        let share = |login: &str, share: u32| -> Result<RevenueShare> {
            Ok(RevenueShare {
                party: self.actor(login)?.party,
                share: BasisPoints(share),
            })
        };
        let mut terms = ProposeAgreement {
            id: AgreementId::new(self.district.new_id(AgreementId::PREFIX)),
            title: "龙华区公共数据资源授权运营协议（示范）".to_owned(),
            operator: self.actor("operator")?.party,
            term: Term { from, until: years(6) },
            resources: resources.iter().copied().cloned().collect(),
            purposes: ["信贷审核", "环境信息服务", "收入结构研究", "疫情防控信息服务"]
                .map(str::to_owned)
                .into(),
            clauses: clauses(),
            shares: vec![
                share("operator", 7_000)?,
                share("partner", 2_000)?,
                share("agency", 1_000)?,
            ],
        };
        let six_years = Command::ProposeAgreement(Box::new(terms.clone()));
        let outcome = self.district.act(self.actor("agency")?, six_years, None).await;
        Self::expect_refusal("六年期协议", "agreement.term", outcome)?;
        terms.term.until = years(5);
        let id = terms.id.clone();
        self.act(
            "agency",
            "拟定五年期授权协议",
            Command::ProposeAgreement(Box::new(terms)),
        )
        .await?;
        self.act(
            "operator",
            "运营机构签署协议",
            Command::SignAgreement(SignAgreement { agreement: id.clone() }),
        )
        .await?;
        Ok(id)
    }

    async fn product(&mut self, agreement: &AgreementId, plan: Plan<'_>) -> Result<Sold> {
        let scenario = ScenarioId::new(self.district.new_id(ScenarioId::PREFIX));
        let fields: BTreeSet<String> = plan.fields.iter().map(|field| (*field).to_owned()).collect();
        let from = day_of(self.district.now());
        let application = ApplyScenario {
            id: scenario.clone(),
            agreement: agreement.clone(),
            name: plan.name.to_owned(),
            purpose: plan.purpose.to_owned(),
            price_class: plan.class,
            resources: BTreeMap::from([(plan.resource.clone(), fields)]),
            consumer_class: "持牌金融机构与公众服务机构".to_owned(),
            technique: "安全域内受控查询".to_owned(),
            output_form: "API".to_owned(),
            quota_calls_max: 100_000_000,
            term: Term {
                from,
                until: from.saturating_add(jiff::Span::new().years(1)),
            },
        };
        self.act(
            "operator",
            &format!("申请场景“{}”", plan.name),
            Command::ApplyScenario(Box::new(application)),
        )
        .await?;
        let grant = Command::GrantScenario(GrantScenario {
            scenario: scenario.clone(),
        });
        let outcome = self.district.act(self.actor("bank")?, grant.clone(), None).await;
        Self::expect_refusal("由银行批准场景", "power.act", outcome)?;
        self.act("agency", "批准场景", grant).await?;
        let approval = ApproveResource {
            scenario: scenario.clone(),
            resource: plan.resource.clone(),
        };
        self.act(
            plan.owner,
            "数源单位同意资源用于场景",
            Command::ApproveResource(approval),
        )
        .await?;
        if plan.developer == "partner" {
            self.engage(&scenario).await?;
        }
        let query = CheckQuery {
            scenario: scenario.clone(),
            sql: plan.sql.to_owned(),
            parameters: plan.parameters,
            subject: plan.subject.map(|parameter| SubjectParameter {
                resource: plan.resource.clone(),
                parameter,
            }),
        };
        let new = NewProduct {
            query,
            name: plan.name.to_owned(),
            summary: plan.summary.to_owned(),
        };
        let done = self
            .district
            .submit_product(self.actor(plan.developer)?, new)
            .await
            .with_context(|| plan.name)?;
        say(&format!(
            "#{:<5} 提交产品“{}”，查询已通过信息流检查",
            done.receipt.index, plan.name
        ));
        let product = ProductId::new(&done.stream);
        self.act(
            "operator",
            "上架产品",
            Command::ListProduct(ListProduct {
                product: product.clone(),
            }),
        )
        .await?;
        Ok(Sold {
            product,
            scenario,
            purpose: plan.purpose,
        })
    }

    async fn engage(&mut self, scenario: &ScenarioId) -> Result<()> {
        let engagement = Engagement {
            id: EngagementId::new(self.district.new_id(EngagementId::PREFIX)),
            partner: self.actor("partner")?.party,
            scenarios: [scenario.clone()].into(),
            joint_liability_sha256: "5e".repeat(32),
        };
        self.act(
            "operator",
            "引入合作方（数据安全连带责任协议）",
            Command::EngagePartner(EngagePartner { engagement }),
        )
        .await?;
        Ok(())
    }

    async fn prices(&mut self, verification: &Sold, income: &Sold) -> Result<()> {
        for (sold, ceiling, price) in [(verification, "2.00", "1.80"), (income, "20.00", "10.00")] {
            let basis = "按数据、算力、存储、人员成本与预计调用量测算".to_owned();
            let command = SetCeiling {
                product: sold.product.clone(),
                ceiling: ceiling.parse()?,
                basis,
            };
            self.act(
                "agency",
                &format!("核定价格上限 {ceiling} 元"),
                Command::SetCeiling(command),
            )
            .await?;
            let over = SetPrice {
                product: sold.product.clone(),
                price: "99.00".parse()?,
            };
            let outcome = self
                .district
                .act(self.actor("operator")?, Command::SetPrice(over), None)
                .await;
            Self::expect_refusal("定价 99.00 元", "price.ceiling", outcome)?;
            let command = SetPrice {
                product: sold.product.clone(),
                price: price.parse()?,
            };
            self.act("operator", &format!("定价 {price} 元/次"), Command::SetPrice(command))
                .await?;
        }
        Ok(())
    }

    async fn subscribe(&mut self, sold: &Sold) -> Result<()> {
        let order = Subscribe {
            id: SubscriptionId::new(self.district.new_id(SubscriptionId::PREFIX)),
            product: sold.product.clone(),
            purpose: sold.purpose.to_owned(),
            quota_calls_max: 100_000_000,
        };
        self.act("bank", "银行订购产品", Command::Subscribe(order)).await?;
        Ok(())
    }

    async fn call(&self, sold: &Sold, parameters: Value) -> Result<Answered, AppError> {
        let parameters = serde_json::from_value(parameters).unwrap_or_default();
        let actor = self
            .actor("bank")
            .map_err(|error| AppError::Internal(error.to_string()))?;
        let (product, purpose) = (sold.product.clone(), sold.purpose.to_owned());
        self.district
            .call(Call {
                actor,
                product,
                purpose,
                parameters,
                idempotency_key: None,
            })
            .await
    }

    async fn answered(&mut self, what: &str, sold: &Sold, parameters: Value) -> Result<Value> {
        let answered = self.call(sold, parameters).await.with_context(|| what.to_owned())?;
        let answer: Value = serde_json::from_str(&answered.answer)?;
        self.receipt(Some(&answer), &serde_json::to_value(&answered.receipt.receipt)?)?;
        let rows = answer["rows"].as_array().map_or(0, Vec::len);
        say(&format!(
            "#{:<5} {what}：{rows} 行，首行 {}，费用 {} 元",
            answered.receipt.index, answer["rows"][0], answered.fee
        ));
        Ok(answer)
    }

    async fn calls(
        &mut self,
        firms: &ResourceId,
        verification: &Sold,
        daily: &Sold,
        income: &Sold,
        epidemic: &Sold,
    ) -> Result<()> {
        let subject = firm(SEED, 0);
        let asked = json!({"code": subject.code, "name": subject.name});
        let outcome = self.call(verification, asked.clone()).await;
        Self::expect_refusal("未经同意核验企业", "chain.consent", outcome)?;
        let from = day_of(self.district.now());
        let consent = GiveConsent {
            id: ConsentId::new(self.district.new_id(ConsentId::PREFIX)),
            consumer: self.actor("bank")?.party,
            purpose: verification.purpose.to_owned(),
            resource: firms.clone(),
            fields: ["code", "name", "status", "founded"].map(str::to_owned).into(),
            term: Term {
                from,
                until: from.saturating_add(jiff::Span::new().days(90)),
            },
        };
        let id = consent.id.clone();
        self.act(
            "firm",
            &format!("{} 同意银行核验", subject.name),
            Command::GiveConsent(Box::new(consent)),
        )
        .await?;
        let answer = self.answered("核验企业", verification, asked.clone()).await?;
        ensure!(answer["rows"][0][0] == json!(true), "the firm was not matched");
        let wrong = json!({"code": subject.code, "name": "另一家公司"});
        let answer = self.answered("名称不符的核验", verification, wrong).await?;
        ensure!(
            answer["rows"][0] == json!([false, null, null]),
            "a mismatch told more than that"
        );
        self.answered(
            "空气质量日均",
            daily,
            json!({"from": "2014-01-01", "until": "2014-01-07"}),
        )
        .await?;
        let answer = self.answered("收入结构统计", income, json!({})).await?;
        ensure!(answer["suppressed"].as_u64() > Some(0), "no small cell was held back");
        self.answered("疫情日报", epidemic, json!({"city": "深圳市", "date": "2020-04-19"}))
            .await?;
        let operator = self.district.snapshot().meter(self.actor("operator")?.party.as_str());
        ensure!(
            operator.fen == 126 * 2 + 700,
            "the fee was not split as agreed: {operator:?}"
        );
        self.act(
            "firm",
            "企业撤回同意",
            Command::WithdrawConsent(WithdrawConsent { consent: id }),
        )
        .await?;
        let outcome = self.call(verification, asked).await;
        Self::expect_refusal("撤回同意后再次核验", "chain.consent", outcome)
    }

    async fn raw_rows(&mut self, income: &Sold) -> Result<()> {
        let check = |sql: &str| CheckQuery {
            scenario: income.scenario.clone(),
            sql: sql.to_owned(),
            parameters: vec![],
            subject: None,
        };
        let raw = check("SELECT age, education FROM census");
        let outcome = self.district.check_query(&self.actor("partner")?, &raw).await;
        Self::expect_refusal("查询原始记录", "flow.aggregate-only", outcome)?;
        let filter = check("SELECT count(*) FROM census WHERE age = 37");
        let outcome = self.district.check_query(&self.actor("partner")?, &filter).await;
        Self::expect_refusal("按受限字段筛选", "flow.aggregate-only", outcome)
    }

    async fn freeze(&mut self, daily: &Sold) -> Result<()> {
        let scenario = daily.scenario.clone();
        let freeze = FreezeScenario {
            scenario: scenario.clone(),
            reason: "例行抽查".to_owned(),
        };
        self.act("supervisor", "监管部门冻结场景", Command::FreezeScenario(freeze))
            .await?;
        let asked = json!({"from": "2014-01-01", "until": "2014-01-07"});
        let outcome = self.call(daily, asked.clone()).await;
        Self::expect_refusal("冻结期间调用", "chain.frozen", outcome)?;
        self.act(
            "supervisor",
            "解冻场景",
            Command::ThawScenario(ThawScenario { scenario }),
        )
        .await?;
        self.answered("解冻后调用", daily, asked).await?;
        Ok(())
    }

    async fn destroy(&mut self, covid: &ResourceId, epidemic: &Sold) -> Result<()> {
        let snapshot = self.district.snapshot();
        let resource = snapshot.state.resources.get(covid).context("the resource is gone")?;
        let version = resource.current().context("no version")?.id.clone();
        let order = OrderDestruction {
            resource: covid.clone(),
            version,
            reason: "保存期满".to_owned(),
        };
        let done = self
            .district
            .destroy_version(self.actor("health")?, order, None)
            .await?;
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
        say(&format!("#{:<5} 销毁数据版本：密钥已毁，证明入账", done.receipt.index));
        let outcome = self
            .call(epidemic, json!({"city": "深圳市", "date": "2020-04-19"}))
            .await;
        Self::expect_refusal("调用已销毁数据的产品", "version.available", outcome)
    }
}

fn parameter(name: &str, parameter_type: FieldType, meaning: &str, example: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        parameter_type,
        meaning: meaning.to_owned(),
        example: example.to_owned(),
    }
}

fn verification(resource: &ResourceId) -> Plan<'_> {
    Plan {
        resource,
        owner: "market",
        fields: &["code", "name", "status", "founded"],
        name: "企业登记核验",
        summary: "凭企业同意，核验代码与名称是否相符，返回登记状态与成立年限",
        purpose: "信贷审核",
        class: PriceClass::Industry,
        sql: "SELECT name = $2 AS matched, CASE WHEN name = $2 THEN status END AS status, \
              CASE WHEN name = $2 THEN years_since(founded, call_date()) END AS years \
              FROM firms WHERE code = $1",
        parameters: vec![
            parameter("code", FieldType::Text, "统一社会信用代码", &firm(SEED, 0).code),
            parameter("name", FieldType::Text, "企业名称", &firm(SEED, 0).name),
        ],
        subject: Some(0),
        developer: "partner",
    }
}

fn daily(resource: &ResourceId) -> Plan<'_> {
    Plan {
        resource,
        owner: "ecology",
        fields: &["year", "month", "day", "hour", "pm2_5"],
        name: "空气质量日均指标",
        summary: "按日期范围返回 PM2.5 日均值、最大值和数据覆盖率",
        purpose: "环境信息服务",
        class: PriceClass::PublicWelfare,
        sql: "SELECT make_date(year, month, day) AS date, avg(pm2_5) AS mean, max(pm2_5) AS max, \
              count(pm2_5) / 24.0 AS coverage FROM air_quality \
              WHERE make_date(year, month, day) BETWEEN $1 AND $2 \
              GROUP BY make_date(year, month, day) ORDER BY date",
        parameters: vec![
            parameter("from", FieldType::Date, "起始日期", "2014-01-01"),
            parameter("until", FieldType::Date, "终止日期", "2014-01-31"),
        ],
        subject: None,
        developer: "operator",
    }
}

fn income(resource: &ResourceId) -> Plan<'_> {
    Plan {
        resource,
        owner: "statistics",
        fields: &["age", "education", "sex", "income", "hours_per_week"],
        name: "收入结构统计",
        summary: "按教育程度、性别和收入档统计人数与平均工时，每格至少 10 个主体",
        purpose: "收入结构研究",
        class: PriceClass::Industry,
        sql: "SELECT education, sex, income, count(*) AS persons, avg(hours_per_week) AS hours FROM census \
              GROUP BY education, sex, income ORDER BY education, sex, income",
        parameters: vec![],
        subject: None,
        developer: "operator",
    }
}

fn epidemic(resource: &ResourceId) -> Plan<'_> {
    Plan {
        resource,
        owner: "health",
        fields: &["date", "city", "confirmed", "cured", "dead"],
        name: "疫情日报",
        summary: "按城市和日期返回累计确诊、治愈和死亡数",
        purpose: "疫情防控信息服务",
        class: PriceClass::PublicGovernance,
        sql: "SELECT date, city, confirmed, cured, dead FROM covid_daily WHERE city = $1 AND date = $2",
        parameters: vec![
            parameter("city", FieldType::Text, "城市", "深圳市"),
            parameter("date", FieldType::Date, "日期", "2020-04-19"),
        ],
        subject: None,
        developer: "operator",
    }
}
