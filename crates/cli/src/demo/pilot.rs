//! A pilot: an agreement of its own for one scenario, ended by both sides, with its exit from the first step to the report.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use gongshu_app::governance::Command;
use gongshu_app::governance::agreement::{
    AcceptAmendment, ProposeAgreement, ProposeAmendment, RevenueShare, SignAgreement,
};
use gongshu_app::governance::calendar::{Term, day_of};
use gongshu_app::governance::exit::{
    AssetClass, AssetReport, CloseExit, ExitGround, ExitStep, Outcome, PlanExit, PlannedStep, ReportExitStep, RunOut,
    StartExit, inventory, needed_steps,
};
use gongshu_app::governance::identifier::{AgreementId, ExitId, PlanId, SubscriptionId};
use gongshu_app::governance::money::BasisPoints;
use gongshu_app::governance::selection::Mode;

use super::sample::Sample;
use super::selection::Contest;
use super::steps::{Sold, Story};
use super::uses::BANK;

const AGENCY: &str = "agency";
/// Closes what the other has planned.
const AGENCY_HEAD: &str = "agency-head";
const OPERATOR: &str = "operator";
/// The product of the sample that the pilot tries.
const TRIED: &str = "空气质量日均指标";
const TITLE: &str = "龙华区环境数据授权运营试点协议（示范）";
/// What shows that a step is done.
const PROTOCOL: &str = "试点退出移交清单〔2026〕示范 1 号";

/// A pilot under way.
pub(super) struct Pilot {
    agreement: AgreementId,
}

impl Story {
    /// The operator is selected for one field, and tries one product there.
    pub(super) async fn pilot(&mut self, sample: &Sample, plan: PlanId) -> Result<Pilot> {
        let contest = Contest {
            title: "环境数据授权运营试点遴选".to_owned(),
            mode: Mode::ByField,
            result: "深龙华数公〔2026〕示范2号".to_owned(),
        };
        let selection = self.select(plan, OPERATOR, &contest).await?;
        let tried = sample.products.iter().find(|product| product.name == TRIED);
        let mut product = tried.context("the sample has no such product")?.clone();
        product.name = format!("{TRIED}（试点）");
        let resource = self.resource_of(&product.resource)?;
        let from = day_of(self.district.now());
        let id = AgreementId::new(self.district.new_id(AgreementId::PREFIX));
        let terms = ProposeAgreement {
            id: id.clone(),
            title: TITLE.to_owned(),
            operator: self.actor(OPERATOR)?.party,
            selection: Some(selection),
            term: Term {
                from,
                until: from.saturating_add(jiff::Span::new().years(1)),
            },
            resources: [resource].into(),
            purposes: [product.scenario.purpose.clone()].into(),
            clauses: sample.agreement.clauses.clone(),
            shares: vec![RevenueShare {
                party: self.actor(OPERATOR)?.party,
                share: BasisPoints(10_000),
            }],
            capacity: sample.agreement.capacity.clone(),
        };
        self.act(AGENCY, "拟定一年期试点协议", Command::ProposeAgreement(Box::new(terms)))
            .await?;
        let sign = SignAgreement {
            agreement: id.clone(),
            document: None,
        };
        self.act(OPERATOR, "运营机构签署试点协议", Command::SignAgreement(sign))
            .await?;
        let owner = sample.resources.iter().find(|it| it.table == product.resource);
        let owner = owner.context("the product has no resource")?.owner.clone();
        let sold = self.product(&id, &product, &owner).await?;
        self.subscribe(BANK, &sold).await?;
        self.try_out(&sold).await?;
        Ok(Pilot { agreement: id })
    }

    async fn try_out(&mut self, sold: &Sold) -> Result<()> {
        let asked = serde_json::json!({"from": "2014-01-01", "until": "2014-01-07"});
        self.answered(BANK, "试点产品调用", sold, asked).await?;
        Ok(())
    }

    /// Both sides end the pilot today; what is left of it is accounted for, step by step.
    pub(super) async fn exit(&mut self, pilot: &Pilot) -> Result<()> {
        self.end_term(&pilot.agreement).await?;
        let today = day_of(self.district.now());
        let exit = ExitId::new(self.district.new_id(ExitId::PREFIX));
        let start = StartExit {
            id: exit.clone(),
            agreement: pilot.agreement.clone(),
            ground: ExitGround::Terminated,
            reason: "试点目的已达到，产品转入整体授权协议运营".to_owned(),
            due: today.saturating_add(jiff::Span::new().days(30)),
            document_sha256: None,
        };
        self.act(AGENCY, "启动试点协议退出，即刻停止一切使用", Command::StartExit(start))
            .await?;
        while self.close_month(&pilot.agreement).await?.is_some() {}
        self.plan_exit(&exit, pilot).await?;
        for step in self.exit_steps(pilot)? {
            self.report_step(&exit, pilot, step).await?;
        }
        let close = CloseExit {
            exit,
            text: "试点数据产品移交，订购已终止，账目结清，无原始数据副本留存。".to_owned(),
        };
        self.act(AGENCY_HEAD, "试点协议退出办结", Command::CloseExit(close))
            .await?;
        Ok(())
    }

    /// An amendment brings the end of the term forward to today: that is how both sides agree on an end.
    async fn end_term(&mut self, agreement: &AgreementId) -> Result<()> {
        let snapshot = self.district.snapshot();
        let of = snapshot.state.agreements.get(agreement).context("no such agreement")?;
        let amendment = ProposeAmendment {
            agreement: agreement.clone(),
            term: Some(Term {
                from: of.terms.term.from,
                until: day_of(self.district.now()),
            }),
            resources: None,
            purposes: None,
            clauses: BTreeMap::new(),
            shares: None,
            capacity: None,
            reason: "试点结束，双方协商终止".to_owned(),
        };
        self.act(
            AGENCY,
            "提出变更：试点协议今日终止",
            Command::ProposeAmendment(Box::new(amendment)),
        )
        .await?;
        let snapshot = self.district.snapshot();
        let of = snapshot.state.agreements.get(agreement).context("no such agreement")?;
        let terms = of.waiting().context("no amendment waits")?;
        let accept = AcceptAmendment {
            agreement: agreement.clone(),
            terms_sha256: terms.sha256(),
            document: None,
        };
        self.act(OPERATOR, "运营机构同意终止", Command::AcceptAmendment(accept))
            .await?;
        Ok(())
    }

    /// Everything that is left of the pilot, by id.
    fn assets(&self, pilot: &Pilot) -> Result<BTreeMap<String, AssetClass>> {
        let snapshot = self.district.snapshot();
        let of = snapshot.state.agreements.get(&pilot.agreement);
        Ok(inventory(&snapshot.state, of.context("no such agreement")?))
    }

    fn exit_steps(&self, pilot: &Pilot) -> Result<Vec<ExitStep>> {
        let snapshot = self.district.snapshot();
        let of = snapshot.state.agreements.get(&pilot.agreement);
        let needed = needed_steps(&snapshot.state, of.context("no such agreement")?);
        Ok(needed.into_iter().collect())
    }

    async fn plan_exit(&mut self, exit: &ExitId, pilot: &Pilot) -> Result<()> {
        let due = day_of(self.district.now()).saturating_add(jiff::Span::new().days(20));
        let owner = self.actor(OPERATOR)?.party;
        let planned = |step| PlannedStep {
            step,
            owner: owner.clone(),
            due,
        };
        let orders = self.assets(pilot)?.into_iter();
        let orders = orders.filter(|(_, class)| matches!(class, AssetClass::OpenSubscription { .. }));
        let plan = PlanExit {
            exit: exit.clone(),
            steps: self.exit_steps(pilot)?.into_iter().map(planned).collect(),
            run_outs: orders
                .map(|(id, _)| RunOut {
                    subscription: SubscriptionId::new(id),
                    continued_under: None,
                })
                .collect(),
        };
        self.act(
            AGENCY,
            "制定退出计划：每步的责任单位和期限",
            Command::PlanExit(Box::new(plan)),
        )
        .await?;
        Ok(())
    }

    async fn report_step(&mut self, exit: &ExitId, pilot: &Pilot, step: ExitStep) -> Result<()> {
        let assets = self.assets(pilot)?.into_iter();
        let report = assets.filter(|(_, class)| ExitStep::of(*class) == step);
        let report = report.map(|(asset, class)| AssetReport {
            asset,
            outcome: outcome(class),
            evidence: PROTOCOL.to_owned(),
            successor: None,
            statement: None,
        });
        let done = ReportExitStep {
            exit: exit.clone(),
            step,
            report: report.collect(),
            evidence: PROTOCOL.to_owned(),
            excess_returned: None,
        };
        let what = format!("报告退出步骤：{}", step.name().zh);
        self.act(OPERATOR, &what, Command::ReportExitStep(Box::new(done)))
            .await?;
        Ok(())
    }
}

/// How an asset of the pilot ends: the agency takes the product over, orders are refunded and ended.
fn outcome(class: AssetClass) -> Outcome {
    match class {
        AssetClass::RawData { .. } => Outcome::Destroyed,
        AssetClass::Product | AssetClass::DerivedModel { .. } | AssetClass::SealedOutput { .. } => Outcome::HandedOver,
        AssetClass::OpenSubscription { .. } => Outcome::Refunded,
    }
}
