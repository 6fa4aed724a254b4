//! Before a scenario is granted: an objection and its end, the risk assessment. And consents in a batch.

use std::collections::BTreeMap;

use gongshu_governance::Command;
use gongshu_governance::calendar::Term;
use gongshu_governance::consent::{RecordConsents, RecordWithdrawal};
use gongshu_governance::identifier::*;
use gongshu_governance::scenario::{
    AssessRisk, LiftObjection, ObjectScenario, RefuseScenario, RiskFinding, WithdrawScenario,
};
use jiff::civil::date;
use serde_json::json;

use crate::altered::altered;
use crate::district::{PURPOSE, rules};

/// The steps, each by the party whose it is.
pub(crate) fn before_grant() -> [(&'static str, Command); 3] {
    let scenario = || ScenarioId::new("scn_credit");
    let finding = RiskFinding {
        likelihood: 2,
        impact: 4,
        measure: "安全域内受控查询，实时监测".to_owned(),
    };
    let risks = &rules().parameters().scenario_risks;
    let risk = AssessRisk {
        scenario: scenario(),
        risks: risks.iter().map(|name| (name.clone(), finding.clone())).collect(),
        document_sha256: "a1".repeat(32),
    };
    let objection = ObjectScenario {
        scenario: scenario(),
        reason: "使用方类别过宽".to_owned(),
    };
    let lift = LiftObjection {
        scenario: scenario(),
        reason: "已限定为持牌机构".to_owned(),
    };
    [
        ("pty_supervisor", Command::ObjectScenario(objection)),
        ("pty_supervisor", Command::LiftObjection(lift)),
        ("pty_operator", Command::AssessRisk(Box::new(risk))),
    ]
}

/// Two applications that come to nothing: one is refused by the agency, one withdrawn by the operator.
pub(crate) fn turned_down(application: &Command) -> [(&'static str, Command); 4] {
    let again = |id: &str| altered(application, &[("/of/id", json!(id))]);
    let refuse = RefuseScenario {
        scenario: ScenarioId::new("scn_refused"),
        reason: "与已批准的场景重复".to_owned(),
    };
    let withdraw = WithdrawScenario {
        scenario: ScenarioId::new("scn_withdrawn"),
        reason: "技术方式有待完善".to_owned(),
    };
    [
        ("pty_operator", again("scn_refused")),
        ("pty_agency", Command::RefuseScenario(refuse)),
        ("pty_operator", again("scn_withdrawn")),
        ("pty_operator", Command::WithdrawScenario(withdraw)),
    ]
}

/// Two firms, neither of which is a party, have signed for the bank.
pub(crate) fn batch() -> Command {
    let proofs = ["914403001922038216", "91440300279544513D"];
    Command::RecordConsents(Box::new(RecordConsents {
        id: ConsentId::new("cns_batch"),
        purpose: PURPOSE.to_owned(),
        resource: ResourceId::new("res_firms"),
        fields: ["code", "name"].map(str::to_owned).into(),
        term: Term {
            from: date(2026, 4, 1),
            until: date(2026, 12, 31),
        },
        proofs: BTreeMap::from(proofs.map(|code| (code.to_owned(), "b2".repeat(32)))),
    }))
}

/// The second of them has withdrawn by a letter to the bank.
pub(crate) fn recalled() -> Command {
    Command::RecordWithdrawal(RecordWithdrawal {
        consent: ConsentId::new("cns_batch.2"),
        received_on: date(2026, 4, 1),
        document_sha256: "c3".repeat(32),
    })
}
