//! What is looked at while the district is at work: calls out of the ordinary, the quality of data, the year's assessment.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use gongshu_app::governance::Command;
use gongshu_app::governance::alert::AlertKind;
use gongshu_app::governance::assessment::{AssessIndicators, IndicatorFinding, OpenAssessment};
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::identifier::{AgreementId, AssessmentId};
use gongshu_app::governance::quality::{
    AnswerWorkOrder, Dimension, Proportion, RecordQualityCheck, WorkOrder, WorkOrderStatus,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::steps::{Sold, Story};
use crate::site::say;

const AGENCY: &str = "agency";
/// Whose machine asks again and again.
const ASKER: &str = "bank-hk";
/// Whose consent it has not.
const ASKED: &str = "firm2";
const ASSESSOR: &str = "assessor";
/// Of a sample of the census, how many records were as their source has them: under what the packs ask for.
const SAMPLE: Proportion = Proportion { held: 188, of: 200 };
const METHOD: &str = "抽取 200 条与原始调查表逐项比对";

impl Story {
    /// A client's machine asks about a firm that has not consented, so often that it raises an alert; it waits for the operator.
    pub(super) async fn asked_in_vain(&mut self, sold: &Sold) -> Result<()> {
        let snapshot = self.district.snapshot();
        let firm = snapshot.state.parties.get(&self.actor(ASKED)?.party);
        let firm = firm.context("the firm is not on record")?;
        let asked = json!({"code": firm.code, "name": firm.name});
        let times = self.district.rules().parameters().alerts.no_consent_per_day;
        for _ in 1..times {
            let outcome = self.call(ASKER, sold, asked.clone()).await;
            ensure!(outcome.is_err(), "a call without consent was answered");
        }
        let last = self.call(ASKER, sold, asked).await;
        self.expect_refusal(&format!("未经同意反复核验，共 {times} 次"), "chain.consent", last)?;
        let snapshot = self.district.snapshot();
        let mut alerts = snapshot.state.alerts.values();
        let raised = alerts.find(|alert| alert.raised.kind == AlertKind::NoConsent);
        let raised = raised.context("no alert was raised")?;
        let name = raised.raised.kind.text();
        say(&format!("       告警 alert：{}（{}）", name.zh, name.en));
        Ok(())
    }

    /// A check finds less than the packs ask for: a work order goes to the department, which answers.
    pub(super) async fn check_quality(&mut self, table: &str, owner: &str) -> Result<()> {
        let resource = self.resource_of(table)?;
        let snapshot = self.district.snapshot();
        let version = snapshot.state.resources.get(&resource).and_then(|it| it.current());
        let check = RecordQualityCheck {
            resource: resource.clone(),
            version: version.context("the table has no version")?.id.clone(),
            dimension: Dimension::Accuracy,
            method: METHOD.to_owned(),
            result: SAMPLE,
            document_sha256: hex::encode(Sha256::digest("数据质量核查报告（示范）")),
        };
        self.act(
            AGENCY,
            "登记质量核查：准确性低于规定，开立工单",
            Command::RecordQualityCheck(Box::new(check)),
        )
        .await?;
        let snapshot = self.district.snapshot();
        let waits = |order: &&std::sync::Arc<WorkOrder>| {
            order.order.resource == resource
                && order.order.dimension == Dimension::Accuracy
                && order.status == WorkOrderStatus::Open
        };
        let order = snapshot.state.work_orders.values().find(waits);
        let answer = AnswerWorkOrder {
            order: order.context("no work order was opened")?.order.id.clone(),
            how: "核对原始调查表，更正 12 条编码差错，下一版本一并更新".to_owned(),
            version: None,
        };
        self.act(
            owner,
            "数源单位答复质量工单",
            Command::AnswerWorkOrder(Box::new(answer)),
        )
        .await?;
        Ok(())
    }

    /// The year's assessment begins: what the record tells of an indicator is taken from it.
    pub(super) async fn assess(&mut self, agreement: &AgreementId) -> Result<()> {
        let id = AssessmentId::new(self.district.new_id(AssessmentId::PREFIX));
        let today = day_of(self.district.now());
        let opening = OpenAssessment {
            id: id.clone(),
            agreement: agreement.clone(),
            year: today.year(),
            assessor: self.actor(ASSESSOR)?.party,
            due: today.saturating_add(jiff::Span::new().days(90)),
        };
        self.act(AGENCY, "启动年度评估", Command::OpenAssessment(opening))
            .await?;
        let snapshot = self.district.snapshot();
        let opened = snapshot
            .state
            .assessments
            .get(&id)
            .context("the assessment is not on record")?;
        let told = opened.indicators.iter().filter(|indicator| indicator.figure.is_some());
        let findings: BTreeMap<String, IndicatorFinding> = told
            .map(|indicator| {
                let finding = IndicatorFinding {
                    points: indicator.weight * 4 / 5,
                    finding: "以平台记录为准；首年运营，按进度给分".to_owned(),
                    document_sha256: None,
                };
                (indicator.name.clone(), finding)
            })
            .collect();
        ensure!(!findings.is_empty(), "the record tells of no indicator");
        let findings = AssessIndicators {
            assessment: id,
            findings,
        };
        self.act(
            ASSESSOR,
            "评估机构评定由平台记录计算的指标",
            Command::AssessIndicators(Box::new(findings)),
        )
        .await?;
        Ok(())
    }
}
