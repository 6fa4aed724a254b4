//! Revenue of a period is permitted; the period is settled.

use gongshu_governance::identifier::AgreementId;
use gongshu_governance::{Event, State};

use super::super::revenue::{figures, outcome, settled};
use super::super::{agreement_title, operator_under};
use super::{Draft, Readers};

pub(super) fn draft(state: &State, event: &Event) -> Option<Draft> {
    match event {
        Event::RevenuePermitted {
            permit,
            maximum,
            deducted,
            trial,
        } => {
            let mut draft =
                of(state, "最高准许收入核定通知书", &permit.agreement).fact("准许收入编号", permit.id.as_str());
            draft.facts.extend(figures(state, permit));
            draft.facts.extend(outcome(*maximum, *deducted, *trial));
            if let Some(corrected) = &permit.replaces {
                draft = draft.fact("更正的核定", corrected.as_str());
            }
            Some(draft.fact("核定依据", &permit.basis).says(
                "按价格上限和预计销量计算的收入不得超过最高准许收入；期间届满后清算，超收部分在下一期间核定时减除。",
            ))
        }
        Event::RevenueSettled {
            revenue,
            earned,
            excess,
        } => {
            let permitted = state.revenues.get(revenue)?;
            let permit = &permitted.permit;
            let mut draft = of(state, "准许收入清算通知书", &permit.agreement).fact("准许收入编号", revenue.as_str());
            draft.facts.extend(figures(state, permit));
            draft
                .facts
                .extend(outcome(permitted.maximum, permitted.deducted, permitted.trial));
            draft.facts.extend(settled(*earned, *excess));
            Some(draft.says("超收部分在下一期间核定最高准许收入时减除；协议已终止、不再核定的，予以退还。"))
        }
        _ => None,
    }
}

fn of(state: &State, title: &'static str, agreement: &AgreementId) -> Draft {
    let mut draft = Draft::new(title, agreement_title(state, agreement)).to(operator_under(state, agreement));
    draft.readers = Readers::Authorities;
    draft
}
