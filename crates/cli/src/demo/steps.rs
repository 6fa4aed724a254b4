//! The steps of the lifecycle. A step that does not do what it says fails the demo.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use gongshu_app::governance::agreement::{ProposeAgreement, RevenueShare};
use gongshu_app::governance::calendar::{Term, day_of};
use gongshu_app::governance::identifier::*;
use gongshu_app::governance::money::BasisPoints;
use gongshu_app::governance::party::{Party, RegisterParty, Role};
use gongshu_app::governance::product::{EngagePartner, Engagement, ListProduct, SubjectParameter};
use gongshu_app::governance::resource::{RegisterResource, ReleaseRule};
use gongshu_app::governance::scenario::{ApplyScenario, ApproveResource, GrantScenario};
use gongshu_app::governance::{Actor, Command};
use gongshu_app::{ActReceipt, AppError, CheckQuery, District, NewProduct};
use gongshu_ledger::{Policy, verify_answer};
use gongshu_sample::write_firms;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::clock::StoryClock;
use super::sample::{Agreement, Generated, PASSWORD, Party as SampleParty, Price, Product, Resource, Sample, Share};
use super::selection::Contest;
use super::uses::BANK;
use crate::site::say;

/// The agreement that a partner signs before it is engaged.
const JOINT_LIABILITY: &[u8] = include_bytes!("../../../../demo/joint-liability.txt");

/// Tells a step: its receipt number, what was done, and the act as the API names it.
pub(super) fn step(index: u64, what: &str, act: &str) {
    say(&format!("{:<6} {what} · {act}", format!("#{index}")));
}

/// The lifecycle under way.
pub(super) struct Story {
    pub(super) district: District,
    pub(super) data: PathBuf,
    /// The clock of a lifecycle that begins in a month that is over; none where it is lived in one day.
    pub(super) clock: Option<Arc<StoryClock>>,
    /// Firms of the generated register; as many as its data says where nothing is asked for.
    pub(super) firms: Option<u64>,
    pub(super) parties: BTreeMap<String, PartyId>,
    /// The person of each party who signs in.
    pub(super) people: BTreeMap<String, PersonId>,
    /// Resources by their table.
    pub(super) resources: BTreeMap<String, ResourceId>,
    pub(super) receipts: usize,
}

/// A product of the lifecycle.
pub(super) struct Sold {
    pub(super) product: ProductId,
    pub(super) scenario: ScenarioId,
    pub(super) name: String,
    pub(super) purpose: String,
    pub(super) price: Option<Price>,
}

impl Story {
    pub(super) fn new(district: District, data: PathBuf, clock: Option<Arc<StoryClock>>, firms: Option<u64>) -> Self {
        Self {
            district,
            data,
            clock,
            firms,
            parties: BTreeMap::new(),
            people: BTreeMap::new(),
            resources: BTreeMap::new(),
            receipts: 0,
        }
    }

    /// Lives the lifecycle.
    pub(super) async fn live(mut self) -> Result<()> {
        let sample = Sample::load()?;
        for party in &sample.parties {
            self.party(party).await?;
        }
        self.posts().await?;
        let plan = self.plan(&sample.plan).await?;
        let operator = &sample.agreement.operator;
        let selection = self.select(plan.clone(), operator, &Contest::overall()).await?;
        for resource in &sample.resources {
            self.resource(resource).await?;
        }
        for resource in &sample.resources {
            self.ingest_sample(resource).await?;
        }
        let used = sample.resources.iter().filter(|it| sample.uses(&it.table));
        for (resource, number) in used.zip(1..) {
            self.take_over(&resource.table, &resource.owner, number).await?;
        }
        self.register("streets", "statistics").await?;
        let agreement = self.agreement(&sample.agreement, selection).await?;
        let mut sold = BTreeMap::new();
        for product in &sample.products {
            let owner = sample
                .resources
                .iter()
                .find(|resource| resource.table == product.resource);
            let owner = owner.with_context(|| format!("`{}` is no resource of the sample", product.resource))?;
            let listed = self.product(&agreement, product, &owner.owner).await?;
            sold.insert(product.name.as_str(), listed);
        }
        self.permit_revenue(&agreement).await?;
        for listed in sold.values() {
            self.price(listed).await?;
        }
        for listed in sold.values() {
            self.subscribe(BANK, listed).await?;
        }
        let find = |name: &str| {
            sold.get(name)
                .with_context(|| format!("the sample has no product `{name}`"))
        };
        let (daily, epidemic) = (find("空气质量日均指标")?, find("疫情日报")?);
        let income = find("收入结构统计")?;
        self.calls(find("企业登记核验")?, daily, income, epidemic).await?;
        self.loan(find("企业登记核验")?).await?;
        self.abroad(&agreement, find("企业登记核验")?).await?;
        self.raw_rows(income).await?;
        self.report(income).await?;
        self.scores(find("重度污染预警评分")?).await?;
        self.freeze(daily).await?;
        self.destroy("covid_daily", epidemic).await?;
        self.drill(daily).await?;
        self.settle_difference(&agreement, find("企业登记核验")?).await?;
        self.disclose().await?;
        self.live_on(&sample, plan, &agreement, (find("企业登记核验")?, daily))
            .await?;
        self.asked_in_vain(find("企业登记核验")?).await?;
        self.check_quality("census", "statistics").await?;
        self.assess(&agreement).await?;
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
            person: self.people.get(login).cloned(),
        })
    }

    pub(super) fn person_of(&self, login: &str) -> Result<PersonId> {
        let person = self.people.get(login);
        person.cloned().with_context(|| format!("nobody signs in as `{login}`"))
    }

    pub(super) fn resource_of(&self, table: &str) -> Result<ResourceId> {
        let id = self.resources.get(table);
        id.cloned().with_context(|| format!("no resource `{table}`"))
    }

    pub(super) async fn act(&mut self, login: &str, what: &str, command: Command) -> Result<ActReceipt> {
        let done = self
            .district
            .act(self.actor(login)?, command, None)
            .await
            .with_context(|| what.to_owned())?;
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
        step(done.receipt.index, what, done.act);
        Ok(done)
    }

    /// Does an act of many alike, which are told together; gives the index of its entry.
    pub(super) async fn act_unsaid(&mut self, login: &str, command: Command) -> Result<u64> {
        let done = self.district.act(self.actor(login)?, command, None).await?;
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
        Ok(done.receipt.index)
    }

    /// Expects a refusal by this rule.
    pub(super) fn expect_refusal<T>(&mut self, what: &str, rule: &str, outcome: Result<T, AppError>) -> Result<()> {
        match outcome {
            Err(AppError::Refused { refusal, receipt, .. }) if refusal.rule == rule => {
                // A refused call is on record; a refused act has changed nothing, and has no receipt.
                let mut number = "—".to_owned();
                if let Some(receipt) = receipt {
                    self.receipt(None, &serde_json::to_value(&receipt.receipt)?)?;
                    number = format!("#{}", receipt.index);
                }
                let (source, article) = (&refusal.source, &refusal.article);
                say(&format!("{number:<6} 拒绝 {what}：{}", refusal.message.zh));
                say(&format!("       refused: {}", refusal.message.en));
                say(&format!("       依据 rule: {}，{source} {article}", refusal.rule));
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

    async fn party(&mut self, sample: &SampleParty) -> Result<()> {
        let id = PartyId::new(self.district.new_id(PartyId::PREFIX));
        let registrar = if sample.role == Role::Agency {
            id.clone()
        } else {
            self.actor("agency")?.party
        };
        self.parties.insert(sample.login.clone(), id.clone());
        let command = Command::RegisterParty(RegisterParty {
            party: Party {
                id: id.clone(),
                role: sample.role,
                name: sample.name.clone(),
                code: Some(sample.code.clone()),
                region: sample.region,
            },
            // A unified social credit code is given on the mainland.
            organization: !sample.natural_person && sample.region.is_mainland(),
        });
        let actor = Actor {
            party: registrar,
            person: None,
        };
        let done = self.district.act(actor, command, None).await?;
        let account = self
            .district
            .open_account(&id, &sample.login, &sample.name, PASSWORD.to_owned())
            .await?;
        self.people.insert(sample.login.clone(), PersonId::new(&account.person));
        if let Some(head) = &sample.head {
            let name = format!("{}负责人", sample.name);
            let account = self
                .district
                .open_account(&id, head, &name, PASSWORD.to_owned())
                .await?;
            self.people.insert(head.clone(), PersonId::new(&account.person));
            self.parties.insert(head.clone(), id.clone());
        }
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
        let (index, name) = (done.receipt.index, &sample.name);
        step(index, &format!("登记主体 {name}（{}）", sample.role.zh()), done.act);
        Ok(())
    }

    async fn resource(&mut self, sample: &Resource) -> Result<()> {
        let id = ResourceId::new(self.district.new_id(ResourceId::PREFIX));
        let registration = RegisterResource {
            id: id.clone(),
            provider: self.actor(&sample.owner)?.party,
            name: sample.name.clone(),
            table: sample.table.clone(),
            summary: sample.summary.clone(),
            field_of_application: sample.field_of_application.clone(),
            fields: sample.fields(),
            subject_key: sample.subject_key.clone(),
            sensitive: BTreeSet::new(),
            important: false,
            core: false,
            shared_from: None,
            entry: sample.entry.clone(),
            controls: sample.controls.clone(),
            frequency: sample.frequency.clone(),
            boundary: sample.boundary.clone(),
            legal_basis: sample.legal_basis.clone(),
            contact: sample.contact.clone(),
            source: serde_json::to_value(sample.source())?,
        };
        let what = format!("登记数据资源“{}”", sample.name);
        self.act(&sample.owner, &what, Command::RegisterResource(Box::new(registration)))
            .await?;
        self.resources.insert(sample.table.clone(), id);
        Ok(())
    }

    /// Ingests the file of a resource, or the register that is generated for it.
    async fn ingest_sample(&mut self, sample: &Resource) -> Result<()> {
        let Some(generated) = sample.generated else {
            self.ingest(sample, sample.file()?).await?;
            return Ok(());
        };
        let Generated {
            seed, defects_permille, ..
        } = generated;
        let count = self.firms.unwrap_or(generated.rows);
        let mut register = Vec::new();
        let report = write_firms(&mut register, seed, count, defects_permille)?;
        let (rows, quarantined) = self.ingest(sample, std::io::Cursor::new(register)).await?;
        ensure!(
            quarantined == report.defects() && rows + quarantined == count,
            "quarantine does not add up"
        );
        Ok(())
    }

    async fn ingest(&mut self, sample: &Resource, bytes: impl Read + Send + 'static) -> Result<(u64, u64)> {
        let resource = self.resource_of(&sample.table)?;
        let done = self
            .district
            .ingest(self.actor(&sample.owner)?, resource, bytes)
            .await?;
        let (rows, quarantined) = (done.version.rows, done.version.quarantined);
        self.receipt(None, &serde_json::to_value(&done.act.receipt.receipt)?)?;
        let what = format!("“{}”入库并加密：{rows} 行，隔离 {quarantined} 行", sample.name);
        step(done.act.receipt.index, &what, done.act.act);
        Ok((rows, quarantined))
    }

    async fn agreement(&mut self, sample: &Agreement, selection: SelectionId) -> Result<AgreementId> {
        let from = day_of(self.district.now());
        let years = |years: i16| {
            from.saturating_add(jiff::Span::new().years(years))
                .saturating_sub(jiff::Span::new().days(1))
        };
        let share = |share: &Share| -> Result<RevenueShare> {
            Ok(RevenueShare {
                party: self.actor(&share.party)?.party,
                share: BasisPoints(share.basis_points),
            })
        };
        let mut terms = ProposeAgreement {
            id: AgreementId::new(self.district.new_id(AgreementId::PREFIX)),
            title: sample.title.clone(),
            operator: self.actor(&sample.operator)?.party,
            selection: Some(selection),
            term: Term {
                from,
                until: years(sample.years + 1),
            },
            resources: self.resources.values().cloned().collect(),
            purposes: sample.purposes.clone(),
            clauses: sample.clauses.clone(),
            shares: sample.share.iter().map(share).collect::<Result<_>>()?,
            capacity: sample.capacity.clone(),
        };
        let six_years = Command::ProposeAgreement(Box::new(terms.clone()));
        let outcome = self.district.act(self.actor("agency")?, six_years, None).await;
        self.expect_refusal("六年期协议", "agreement.term", outcome)?;
        terms.term.until = years(sample.years);
        let id = terms.id.clone();
        self.act(
            "agency",
            "拟定五年期授权协议",
            Command::ProposeAgreement(Box::new(terms)),
        )
        .await?;
        self.sign_agreement(&id).await?;
        Ok(id)
    }

    pub(super) async fn product(&mut self, agreement: &AgreementId, sample: &Product, owner: &str) -> Result<Sold> {
        let resource = self.resource_of(&sample.resource)?;
        let scenario = self.scenario(agreement, sample, &resource).await?;
        let approval = ApproveResource {
            scenario: scenario.clone(),
            resource: resource.clone(),
        };
        self.act(owner, "数源单位同意资源用于场景", Command::ApproveResource(approval))
            .await?;
        if sample.developer == "partner" {
            self.engage(&scenario).await?;
        }
        if let Some(model) = &sample.model {
            self.model(model, &scenario, &resource).await?;
        }
        let product = self.submit(sample, &scenario, resource).await?;
        let listing = ListProduct {
            product: product.clone(),
        };
        self.act(
            "operator-head",
            &format!("上架产品“{}”", sample.name),
            Command::ListProduct(listing),
        )
        .await?;
        Ok(Sold {
            product,
            scenario,
            name: sample.name.clone(),
            purpose: sample.scenario.purpose.clone(),
            price: sample.price.clone(),
        })
    }

    /// Applies for the scenario of a product; the agency grants it, and nobody else may.
    async fn scenario(
        &mut self,
        agreement: &AgreementId,
        sample: &Product,
        resource: &ResourceId,
    ) -> Result<ScenarioId> {
        let scenario = ScenarioId::new(self.district.new_id(ScenarioId::PREFIX));
        let from = day_of(self.district.now());
        let application = ApplyScenario {
            follows: None,
            id: scenario.clone(),
            agreement: agreement.clone(),
            name: sample.name.clone(),
            purpose: sample.scenario.purpose.clone(),
            price_class: sample.scenario.price_class,
            resources: BTreeMap::from([(resource.clone(), sample.fields.clone())]),
            tightened: tightened(sample, resource),
            consumer_class: sample.scenario.consumer_class.clone(),
            technique: "安全域内受控查询".to_owned(),
            output_form: "API".to_owned(),
            quota_calls_max: 100_000_000,
            term: Term {
                from,
                until: from.saturating_add(jiff::Span::new().years(1)),
            },
        };
        let what = format!("申请场景“{}”", sample.name);
        self.act("operator", &what, Command::ApplyScenario(Box::new(application)))
            .await?;
        self.assess_risk(&scenario).await?;
        let grant = Command::GrantScenario(GrantScenario {
            scenario: scenario.clone(),
        });
        let outcome = self.district.act(self.actor("bank")?, grant.clone(), None).await;
        self.expect_refusal("由银行批准场景", "power.act", outcome)?;
        self.act("agency", &format!("批准场景“{}”", sample.name), grant).await?;
        Ok(scenario)
    }

    /// Submits the product's query, which is checked before it goes on record.
    async fn submit(&mut self, sample: &Product, scenario: &ScenarioId, resource: ResourceId) -> Result<ProductId> {
        let subject = sample
            .subject_parameter()
            .map(|parameter| SubjectParameter { resource, parameter });
        let new = NewProduct {
            query: CheckQuery {
                scenario: scenario.clone(),
                sql: sample.sql.clone(),
                parameters: sample.parameter.clone(),
                subject,
            },
            name: sample.name.clone(),
            summary: sample.summary.clone(),
            form: sample.form,
            service_level: sample.service_level.clone(),
            replaces: None,
        };
        let actor = self.actor(&sample.developer)?;
        let done = self.district.submit_product(actor, new).await;
        let done = done.with_context(|| sample.name.clone())?;
        let what = format!("提交产品“{}”，查询已通过信息流检查", sample.name);
        step(done.receipt.index, &what, done.act);
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
        Ok(ProductId::new(&done.stream))
    }

    async fn engage(&mut self, scenario: &ScenarioId) -> Result<()> {
        let engagement = Engagement {
            term: None,
            id: EngagementId::new(self.district.new_id(EngagementId::PREFIX)),
            partner: self.actor("partner")?.party,
            scenarios: [scenario.clone()].into(),
            joint_liability_sha256: hex::encode(Sha256::digest(JOINT_LIABILITY)),
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

/// What a scenario tightens, as its application states it.
fn tightened(sample: &Product, resource: &ResourceId) -> BTreeMap<ResourceId, BTreeMap<String, ReleaseRule>> {
    let tightened = &sample.scenario.tightened;
    let stated = (!tightened.is_empty()).then(|| (resource.clone(), tightened.clone()));
    stated.into_iter().collect()
}
