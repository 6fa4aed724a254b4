//! Complaints that wait to be answered, decided, put right or closed.

use gongshu_governance::complaint::{Complaint, ComplaintStatus};
use gongshu_governance::identifier::PartyId;
use gongshu_governance::party::Role;
use gongshu_governance::power::Act;
use gongshu_governance::rules::Rules;
use gongshu_governance::{State, Text};
use jiff::civil::Date;

use super::Task;

/// What waits for a party.
pub(super) fn tasks(state: &State, party: &PartyId, role: Option<Role>, rules: &Rules, today: Date) -> Vec<Task> {
    let task = |complaint: &std::sync::Arc<Complaint>| {
        let agreement = state.agreements.get(&complaint.complaint.agreement)?;
        let own = agreement.terms.operator == *party;
        let decides = role.is_some_and(Role::is_authority) && complaint.by != *party;
        let calendar = rules.working_days();
        let (act, zh, en) = match complaint.status {
            ComplaintStatus::Filed if own => (Act::AnswerComplaint, "答辩", "answer"),
            _ if decides && complaint.is_heard(today, calendar) => (Act::DecideComplaint, "处理", "decide"),
            ComplaintStatus::Upheld if own => (Act::RectifyComplaint, "整改", "put right"),
            ComplaintStatus::Rectified if decides => (Act::CloseComplaint, "核验整改", "close"),
            _ => return None,
        };
        let due = complaint.due(calendar).filter(|_| own);
        let (due_zh, due_en) = due.map_or_else(Default::default, |due| {
            let late = super::oversight::late(due, today);
            (format!("，期限 {due}{}", late.0), format!(", by {due}{}", late.1))
        });
        let (title, conduct) = (&agreement.terms.title, &complaint.complaint.conduct);
        let text = Text::new(
            format!("{zh}“{title}”下的投诉：{conduct}{due_zh}"),
            format!("{en} the complaint under `{title}`: {conduct}{due_en}"),
        );
        let id = complaint.complaint.id.as_str();
        Some(Task::of(act, "complaint", id, title, complaint.revision, text))
    };
    state.complaints.values().filter_map(task).collect()
}
