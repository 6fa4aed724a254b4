//! The bank disputes an invoice: an answer, a freeze and its end, mediation, a settlement.

use gongshu_governance::Command;
use gongshu_governance::dispute::*;
use gongshu_governance::identifier::*;
use jiff::civil::date;

/// The steps, each by the party whose it is.
pub(crate) fn dispute() -> [(&'static str, Command); 6] {
    let (id, scenario) = (|| DisputeId::new("dsp_1"), || ScenarioId::new("scn_credit"));
    let claim = OpenDispute {
        id: id(),
        agreement: AgreementId::new("agr_1"),
        title: "二月账单".to_owned(),
        respondents: [PartyId::new("pty_operator")].into(),
        scenarios: [scenario()].into(),
        claims: "退还多收的费用".to_owned(),
        facts: "服务中断期间仍计费".to_owned(),
        forum: Forum::Consultation,
    };
    let answer = RecordStep {
        dispute: id(),
        step: DisputeStep::Answer,
        facts: "已开具红字账单".to_owned(),
        evidence: None,
        document_sha256: None,
        next_due: Some(date(2026, 4, 30)),
        next_by: None,
    };
    let order = OrderMeasure {
        dispute: id(),
        scenario: scenario(),
        basis: "区人民法院保全裁定".to_owned(),
        document_sha256: "e5".repeat(32),
    };
    let lift = LiftMeasure {
        dispute: id(),
        scenario: scenario(),
        basis: "区人民法院解除裁定".to_owned(),
    };
    let moved = MoveDispute {
        dispute: id(),
        forum: Forum::Mediation,
        document_number: "调〔2026〕1号".to_owned(),
    };
    let close = CloseDispute {
        dispute: id(),
        ending: Ending::Mediated,
        conclusion: "退款已付，双方再无争议".to_owned(),
        document_sha256: Some("f6".repeat(32)),
        document_number: String::new(),
    };
    [
        ("pty_bank", Command::OpenDispute(Box::new(claim))),
        ("pty_operator", Command::RecordStep(Box::new(answer))),
        ("pty_supervisor", Command::OrderMeasure(order)),
        ("pty_supervisor", Command::LiftMeasure(lift)),
        ("pty_bank", Command::MoveDispute(moved)),
        ("pty_bank", Command::CloseDispute(Box::new(close))),
    ]
}
