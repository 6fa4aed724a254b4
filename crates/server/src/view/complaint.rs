//! Complaints about operators as the API shows them.

use gongshu_api::complaint::{Complaint as Shown, ComplaintStep};
use gongshu_app::governance::State;
use gongshu_app::governance::complaint::Complaint;
use gongshu_app::governance::identifier::PartyId;
use gongshu_app::governance::rules::Rules;
use jiff::Timestamp;
use jiff::civil::Date;

use super::books::agreement_named;
use super::party_named;

pub(crate) fn complaint(
    state: &State,
    (operator, complaint): (&PartyId, &Complaint),
    rules: &Rules,
    today: Date,
) -> Shown {
    let filed = &complaint.complaint;
    let step = |at: &Timestamp, by: &PartyId, text: &str, document: Option<&String>| ComplaintStep {
        at: at.to_string(),
        by: party_named(state, by),
        text: text.to_owned(),
        document_sha256: document.cloned(),
    };
    let rectified = complaint.rectified.iter();
    let decided = complaint.decision.as_ref();
    Shown {
        id: filed.id.to_string(),
        agreement: agreement_named(state, &filed.agreement),
        operator: party_named(state, operator),
        by: party_named(state, &complaint.by),
        at: complaint.at.to_string(),
        conduct: filed.conduct.clone(),
        facts: filed.facts.clone(),
        evidence_sha256: filed.evidence_sha256.clone(),
        status: complaint.status.word().to_owned(),
        due: complaint.due(rules.working_days()).map(|due| due.to_string()),
        late: complaint.is_late(today, rules.working_days()),
        answer: complaint
            .answer
            .as_ref()
            .map(|(at, answer)| step(at, operator, &answer.how, None)),
        decision: decided.map(|(at, by, decision)| step(at, by, &decision.basis, None)),
        demands: decided
            .map(|(.., decision)| decision.demands.clone())
            .filter(|demands| !demands.is_empty()),
        rectified: rectified
            .map(|(at, done)| step(at, operator, &done.how, Some(&done.document_sha256)))
            .collect(),
        finding: complaint
            .finding
            .as_ref()
            .map(|(at, by, close)| step(at, by, &close.reason, None)),
        revision: complaint.revision,
    }
}
