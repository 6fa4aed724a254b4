//! A partner is engaged; an engagement ends.

use gongshu_governance::{Event, State};

use super::super::engagement::{TERMS, agreement_of, facts, scenarios};
use super::{Draft, Readers, party};

pub(super) fn draft(state: &State, event: &Event) -> Option<Draft> {
    let (title, engagement) = match event {
        Event::PartnerEngaged(engagement) => ("合作方引入通知书", engagement),
        Event::EngagementEnded { engagement, .. } => ("合作终止通知书", &state.engagements.get(engagement)?.engagement),
        _ => return None,
    };
    let agreement = agreement_of(state, engagement);
    let mut draft = Draft::new(title, party(state, &engagement.partner).name)
        .to([engagement.partner.clone()])
        .to(agreement.map(|it| it.terms.operator.clone()))
        .to(agreement.map(|it| it.agency.clone()))
        .fact("合作编号", engagement.id.as_str());
    draft.readers = Readers::Overseers;
    draft.facts.extend(facts(state, engagement));
    draft.sections.push(scenarios(state, engagement));
    let Event::EngagementEnded { reason, .. } = event else {
        return Some(draft.says(TERMS));
    };
    let end = "自办理时间起，合作方不得在上列场景继续开发，其产品停止服务，已提交未上架的产品不再审核。";
    Some(draft.fact("终止理由", reason).says(end))
}
