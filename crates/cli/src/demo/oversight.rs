//! Oversight: permitted revenue, a drill of an incident, a difference that is settled by talking.

use anyhow::Result;
use gongshu_app::governance::Command;
use gongshu_app::governance::calendar::{Term, day_of};
use gongshu_app::governance::dispute::{CloseDispute, DisputeStep, Ending, Forum, OpenDispute, RecordStep};
use gongshu_app::governance::identifier::{AgreementId, DisputeId, IncidentId, RevenueId};
use gongshu_app::governance::incident::{CloseIncident, DutyKind, FulfilDuty, Level, ReportIncident, System};
use gongshu_app::governance::money::{BasisPoints, Money};
use gongshu_app::governance::revenue::PermitRevenue;
use sha2::{Digest, Sha256};

use super::steps::{Sold, Story};

const AGENCY: &str = "agency";
const OPERATOR: &str = "operator";
const CLAIMANT: &str = "bank-hk";
const DRILL: &str = "接口密钥泄露应急演练";

impl Story {
    /// The first year's permitted revenue: trial prices, as the operator has not operated for a year.
    pub(super) async fn permit_revenue(&mut self, agreement: &AgreementId) -> Result<()> {
        let from = day_of(self.district.now());
        let year = from.saturating_add(jiff::Span::new().years(1));
        let permit = PermitRevenue {
            replaces: None,
            document_number: None,
            document_sha256: None,
            adjustment: None,
            id: RevenueId::new(self.district.new_id(RevenueId::PREFIX)),
            agreement: agreement.clone(),
            period: Term {
                from,
                until: year.saturating_sub(jiff::Span::new().days(1)),
            },
            cost: Money::from_fen(80_000_000),
            base: Money::from_fen(100_000_000),
            rate: BasisPoints(500),
            taxes: Money::from_fen(6_000_000),
            basis: "运营成本监审报告（示范）".to_owned(),
        };
        let what = "核定首年最高准许收入（试行价格）";
        self.act(AGENCY, what, Command::PermitRevenue(Box::new(permit))).await?;
        Ok(())
    }

    /// The clocks of a drill are those of an incident; nobody outside is told.
    pub(super) async fn drill(&mut self, sold: &Sold) -> Result<()> {
        let incident = IncidentId::new(self.district.new_id(IncidentId::PREFIX));
        let report = ReportIncident {
            id: incident.clone(),
            title: DRILL.to_owned(),
            level: Level::General,
            system: System::OtherOperator,
            discovered: self.district.now(),
            personal_information: false,
            scenarios: [sold.scenario.clone()].into(),
            facts: "模拟一枚接口密钥在外泄露，短时大批量调用。".to_owned(),
            drill: true,
        };
        self.act(OPERATOR, "启动安全事件演练", Command::ReportIncident(Box::new(report)))
            .await?;
        let fulfil = FulfilDuty {
            incident: incident.clone(),
            duty: DutyKind::Remedy,
            how: "吊销该密钥并换发，核对其调用记录".to_owned(),
            document_sha256: None,
            done_at: None,
            evidence_sha256: None,
        };
        self.act(OPERATOR, "演练：时限内补救", Command::FulfilDuty(fulfil))
            .await?;
        let close = CloseIncident {
            incident,
            cause: "演练设定：密钥写入公开代码库".to_owned(),
            lessons: "密钥改存密钥管理系统，每季度轮换".to_owned(),
        };
        self.act(OPERATOR, "演练办结，写明原因与整改", Command::CloseIncident(close))
            .await?;
        Ok(())
    }

    /// A difference about a bill: claimed, answered, settled.
    pub(super) async fn settle_difference(&mut self, agreement: &AgreementId, sold: &Sold) -> Result<()> {
        let dispute = DisputeId::new(self.district.new_id(DisputeId::PREFIX));
        let claim = OpenDispute {
            id: dispute.clone(),
            agreement: agreement.clone(),
            title: "无登记结果是否计费的分歧".to_owned(),
            respondents: [self.actor(OPERATOR)?.party].into(),
            scenarios: [sold.scenario.clone()].into(),
            claims: "答复为无登记的核验不计费".to_owned(),
            facts: "一次核验答复为无登记，仍计费 1.80 元".to_owned(),
            forum: Forum::Consultation,
        };
        self.act(CLAIMANT, "使用方提出争议", Command::OpenDispute(Box::new(claim)))
            .await?;
        let answer = RecordStep {
            dispute: dispute.clone(),
            step: DisputeStep::Answer,
            facts: "无登记也是核验结果，产品说明已载明按次计费".to_owned(),
            evidence: None,
            document_sha256: None,
            next_due: None,
            next_by: None,
        };
        self.act(OPERATOR, "运营机构答辩", Command::RecordStep(Box::new(answer)))
            .await?;
        let close = CloseDispute {
            dispute,
            ending: Ending::Settled,
            conclusion: "维持计费；产品说明补充写明无登记结果照常计费".to_owned(),
            document_sha256: Some(hex::encode(Sha256::digest("和解协议（示范）"))),
            document_number: String::new(),
        };
        self.act(CLAIMANT, "双方和解，争议办结", Command::CloseDispute(Box::new(close)))
            .await?;
        Ok(())
    }
}
