//! 投诉: what is asked of the operator, what was found, and what came of it.

use gongshu_governance::State;
use gongshu_governance::complaint::{Complaint, ComplaintEvent};
use gongshu_governance::identifier::{ComplaintId, PartyId};

use super::super::{agreement_title, party};
use super::{Draft, Readers};

pub(super) fn draft(state: &State, event: &ComplaintEvent) -> Option<Draft> {
    let complaint = state.complaints.get(&ComplaintId::new(event.stream()))?;
    let both = || [Some(complaint.by.clone()), operator(state, complaint)];
    Some(match event {
        ComplaintEvent::Filed { deadline, .. } => of(state, "投诉答辩通知书", complaint, [operator(state, complaint)])
            .fact("答辩期限", deadline.due.to_string())
            .says("请在答辩期限前对上述投诉作出答辩；逾期未答辩的，径行处理。"),
        ComplaintEvent::Decided { decision, .. } => {
            let draft = of(state, "投诉处理决定书", complaint, both())
                .fact("认定", if decision.upheld { "成立" } else { "不成立" })
                .fact("认定依据", &decision.basis);
            match decision.due {
                Some(due) => draft
                    .fact("整改要求", &decision.demands)
                    .fact("整改期限", due.to_string())
                    .says("请在整改期限前整改并报告整改情况；逾期未整改的，不再批准新的场景。"),
                None => draft.says("该投诉不予支持。"),
            }
        }
        ComplaintEvent::Closed { close, .. } => {
            let (title, says) = match close.accepted {
                true => ("投诉办结通知书", "整改经核验，该投诉办结。"),
                false => ("投诉整改退回通知书", "整改未通过核验，请继续整改后再次报告。"),
            };
            of(state, title, complaint, both())
                .fact("核验意见", &close.reason)
                .says(says)
        }
        ComplaintEvent::Answered(_) | ComplaintEvent::Rectified(_) => return None,
    })
}

fn operator(state: &State, complaint: &Complaint) -> Option<PartyId> {
    let agreement = state.agreements.get(&complaint.complaint.agreement)?;
    Some(agreement.terms.operator.clone())
}

fn of<const N: usize>(state: &State, title: &'static str, complaint: &Complaint, to: [Option<PartyId>; N]) -> Draft {
    let filed = &complaint.complaint;
    let mut draft = Draft::new(title, agreement_title(state, &filed.agreement))
        .to(to.into_iter().flatten())
        .fact("投诉编号", filed.id.as_str())
        .fact("投诉人", party(state, &complaint.by).name)
        .fact("投诉类别", &filed.conduct)
        .fact("事实", &filed.facts);
    draft.readers = Readers::Authorities;
    draft
}
