//! The steps of the lifecycle. A step that does not do what it says fails the demo.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use gongshu_app::governance::agreement::{ProposeAgreement, RevenueShare, SignAgreement};
use gongshu_app::governance::calendar::{Term, day_of};
use gongshu_app::governance::identifier::*;
use gongshu_app::governance::money::BasisPoints;
use gongshu_app::governance::party::{Party, RegisterParty, Role};
use gongshu_app::governance::product::{EngagePartner, Engagement, ListProduct, SubjectParameter};
use gongshu_app::governance::resource::RegisterResource;
use gongshu_app::governance::scenario::{ApplyScenario, ApproveResource, GrantScenario};
use gongshu_app::governance::{Actor, Command};
use gongshu_app::{ActReceipt, AppError, CheckQuery, District, NewProduct};
use gongshu_ledger::{Policy, verify_answer};
use gongshu_sample::{credit_code, firm, write_firms};
use serde_json::{Value, json};

use super::district::{PARTIES, PASSWORD, SEED, clauses};
use super::products::{Plan, daily, epidemic, income, verification};
use super::resources::{Sample, air, census, covid, firms};
use crate::site::say;

const AIR_FILE: &[u8] = include_bytes!("../../../../demo/data/beijing_pm25_hourly.csv.gz");
const COVID_FILE: &[u8] = include_bytes!("../../../../demo/data/covid_guangdong_2020.csv.gz");
const CENSUS_FILE: &[u8] = include_bytes!("../../../../demo/data/adult_census.csv.gz");

/// Defective rows of a thousand in the generated register.
const DEFECTS_PERMILLE: u64 = 5;

/// The lifecycle under way.
pub(super) struct Story {
    pub(super) district: District,
    pub(super) data: PathBuf,
    pub(super) firms: u64,
    pub(super) parties: BTreeMap<&'static str, PartyId>,
    pub(super) receipts: usize,
}

/// A product of the lifecycle.
pub(super) struct Sold {
    pub(super) product: ProductId,
    pub(super) scenario: ScenarioId,
    pub(super) purpose: &'static str,
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

    pub(super) fn actor(&self, login: &str) -> Result<Actor> {
        let party = self.parties.get(login).with_context(|| format!("no party {login}"))?;
        Ok(Actor {
            party: party.clone(),
            person: None,
        })
    }

    pub(super) async fn act(&mut self, login: &str, what: &str, command: Command) -> Result<ActReceipt> {
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
    pub(super) fn expect_refusal<T>(&mut self, what: &str, rule: &str, outcome: Result<T, AppError>) -> Result<()> {
        match outcome {
            Err(AppError::Refused { refusal, receipt, .. }) if refusal.rule == rule => {
                if let Some(receipt) = receipt {
                    self.receipt(None, &serde_json::to_value(&receipt.receipt)?)?;
                }
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
    pub(super) fn receipt(&mut self, answer: Option<&Value>, receipt: &Value) -> Result<()> {
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
            self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
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
            controls: std::collections::BTreeSet::new(),
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
        self.receipt(None, &serde_json::to_value(&done.act.receipt.receipt)?)?;
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
        self.expect_refusal("六年期协议", "agreement.term", outcome)?;
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
        self.expect_refusal("由银行批准场景", "power.act", outcome)?;
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
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
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
}
