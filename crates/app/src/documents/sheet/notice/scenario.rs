//! A supervisor objects to a scenario or takes that back; a scenario is frozen or thawed.

use gongshu_governance::identifier::{PartyId, ScenarioId};
use gongshu_governance::scenario::ScenarioEvent;
use gongshu_governance::{Event, State};
use jiff::Timestamp;

use super::super::{agency_of, beijing, party, scenario_name};
use super::Draft;

/// Whether the event is one whose outcome stands on its notice.
pub(super) fn is_objection(event: &Event) -> bool {
    matches!(event, Event::Scenario(ScenarioEvent::Objected { .. }))
}

pub(super) fn objection(state: &State, event: &ScenarioEvent, later: &[(u64, Timestamp, Event)]) -> Option<Draft> {
    match event {
        ScenarioEvent::Objected { objection, by } => {
            let lifted = later.iter().find_map(|(index, at, event)| match event {
                Event::Scenario(ScenarioEvent::ObjectionLifted { lift, by: lifter }) => {
                    let same = lifter == by || lifter.is_none() || by.is_none();
                    same.then_some((*index, *at, lift))
                }
                _ => None,
            });
            let mut draft = of(state, "场景授权监管异议书", &objection.scenario).fact("异议理由", &objection.reason);
            draft = match lifted {
                None => draft.fact("处理结果", "尚未撤回；撤回前该场景不得批准"),
                Some((_, at, lift)) => draft
                    .fact("处理结果", format!("{} 撤回", beijing(at)))
                    .fact("撤回理由", &lift.reason),
            };
            draft.later.extend(lifted.map(|(index, ..)| index));
            Some(draft)
        }
        ScenarioEvent::ObjectionLifted { lift, .. } => Some(
            of(state, "场景授权监管异议撤回通知书", &lift.scenario)
                .fact("撤回理由", &lift.reason)
                .says("本单位的异议已撤回；没有其他监管部门异议的，该场景可以依规定程序继续审批。"),
        ),
        ScenarioEvent::RiskAssessed(_) => None,
    }
}

pub(super) fn frozen(state: &State, scenario: &ScenarioId, reason: &str) -> Draft {
    of(state, "场景授权冻结通知书", scenario)
        .fact("冻结理由", reason)
        .says("自办理时间起，该场景下的产品和服务一律停止调用，解冻前不予恢复。")
}

pub(super) fn thawed(state: &State, scenario: &ScenarioId) -> Draft {
    of(state, "场景授权解冻通知书", scenario).says("自办理时间起，该项冻结解除；没有其他冻结事由的，该场景的授权恢复。")
}

fn of(state: &State, title: &'static str, id: &ScenarioId) -> Draft {
    let scenario = state.scenarios.get(id);
    let agreement = scenario.and_then(|it| state.agreements.get(&it.application.agreement));
    let operator = agreement.map(|it| it.terms.operator.clone());
    let agency = scenario.map(|it| agency_of(state, &it.application.agreement));
    let name = |id: &PartyId| party(state, id).name;
    Draft::new(title, scenario_name(state, id))
        .fact("场景编号", id.as_str())
        .fact("被授权单位", operator.as_ref().map_or_else(String::new, name))
        .fact(
            "用途",
            scenario.map_or_else(String::new, |it| it.application.purpose.clone()),
        )
        .to(agency)
        .to(operator)
}
