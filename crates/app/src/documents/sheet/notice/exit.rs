//! The steps of an exit get owners and days; the exit is closed. That it starts is the notice of the agreement's end.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::exit::ExitEvent;
use gongshu_governance::identifier::{ExitId, PartyId};

use super::super::{agency_of, agreement_title, operator_under, party};
use super::{Draft, Readers};

pub(super) fn draft(state: &State, event: &ExitEvent) -> Option<Draft> {
    match event {
        ExitEvent::Planned(plan) => {
            let owners: std::collections::BTreeSet<_> = plan.steps.iter().map(|it| it.owner.clone()).collect();
            let mut draft = of(state, "退出事项安排通知书", &plan.exit)?
                .to(owners)
                .to(operator(state, &plan.exit));
            let rows = plan.steps.iter().map(|it| {
                let (owner, due) = (party(state, &it.owner).name, it.due.to_string());
                [it.step.name().zh, owner, due]
            });
            let heads = ["事项:2", "责任单位:2", "完成时限"];
            draft.sections.push(SheetSection::table("事项与时限", heads, rows));
            Some(draft.says("请责任单位按时限办结，并通过平台报告办理结果和证明。"))
        }
        ExitEvent::Closed(close) => {
            let exit = state.exits.get(&close.exit)?;
            let draft = of(state, "退出办结通知书", &close.exit)?.to(operator(state, &close.exit));
            Some(
                draft
                    .to([agency_of(state, &exit.start.agreement)])
                    .says(close.text.as_str()),
            )
        }
        ExitEvent::Started(_) | ExitEvent::Reported(_) => None,
    }
}

fn operator(state: &State, id: &ExitId) -> Option<PartyId> {
    operator_under(state, &state.exits.get(id)?.start.agreement)
}

fn of(state: &State, title: &'static str, id: &ExitId) -> Option<Draft> {
    let start = &state.exits.get(id)?.start;
    let mut draft = Draft::new(title, agreement_title(state, &start.agreement))
        .fact("退出编号", start.id.as_str())
        .fact("办结时限", start.due.to_string());
    draft.readers = Readers::Authorities;
    Some(draft)
}
