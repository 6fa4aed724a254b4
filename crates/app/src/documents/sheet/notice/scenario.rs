//! A supervisor objects to a scenario or takes that back; a scenario is frozen or thawed, refused, withdrawn, narrowed or
//! ended.

use gongshu_governance::identifier::{PartyId, ScenarioId};
use gongshu_governance::scenario::{ApplyScenario, NarrowScenario, ScenarioEvent};
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
        ScenarioEvent::Refused(refusal) => Some(
            of(state, "场景授权不予批准决定书", &refusal.scenario)
                .fact("不予批准的理由", &refusal.reason)
                .says("该场景不予批准。可以依理由修改后另行申请。"),
        ),
        ScenarioEvent::Withdrawn(withdrawal) => Some(
            of(state, "场景授权申请撤回通知书", &withdrawal.scenario)
                .fact("撤回理由", &withdrawal.reason)
                .says("该申请已由申请人撤回，不再审批。"),
        ),
        ScenarioEvent::Narrowed { narrowing, by, granted } => Some(narrowed(state, narrowing, by, granted)),
        ScenarioEvent::Ended { end, .. } => Some(
            of(state, "场景授权终止通知书", &end.scenario)
                .to(buyers(state, &end.scenario))
                .fact("终止理由", &end.reason)
                .says("自办理时间起，该场景的授权终止，其下的产品下架，订购终止，不再调用；预付费用中未提供服务的部分，按账单冲减退还。"),
        ),
        ScenarioEvent::RiskAssessed(_) => None,
    }
}

/// Who has subscribed to a product of the scenario, by now or before.
fn buyers(state: &State, scenario: &ScenarioId) -> std::collections::BTreeSet<PartyId> {
    let of_scenario = |id| {
        let product = state.products.get(id);
        product.is_some_and(|product| product.submission.scenario == *scenario)
    };
    let subscriptions = state.subscriptions.values();
    let bought = subscriptions.filter(|it| of_scenario(&it.order.product));
    bought.map(|it| it.consumer.clone()).collect()
}

fn narrowed(state: &State, narrowing: &NarrowScenario, by: &PartyId, granted: &ApplyScenario) -> Draft {
    let resources = granted.resources.iter().map(|(id, fields)| {
        let name = state.resources.get(id).map(|it| it.registration.name.clone());
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        format!("{}（{}）", name.unwrap_or_else(|| id.to_string()), fields.join("、"))
    });
    let resources: Vec<String> = resources.collect();
    of(state, "场景授权缩小通知书", &narrowing.scenario)
        .fact("办理单位", party(state, by).name)
        .fact("缩小理由", &narrowing.reason)
        .fact("保留的资源和字段", resources.join("；"))
        .fact("调用上限", format!("{} 次", granted.quota_calls_max))
        .fact("授权截止日", granted.term.until.to_string())
        .says("自办理时间起，按缩小后的授权使用。超出的产品停止调用，修改后须重新提交审核。")
}

pub(super) fn granted(state: &State, scenario: &ScenarioId) -> Draft {
    let granted = state.scenarios.get(scenario).map(|it| &it.application);
    let until = granted.map_or_else(String::new, |it| it.term.until.to_string());
    of(state, "场景授权批准通知书", scenario)
        .fact("授权截止日", until)
        .says("该场景予以批准。自办理时间起，在获准的数据资源、字段和用途范围内开展授权运营；资源须经数源单位同意后方可使用。")
}

pub(super) fn frozen(state: &State, scenario: &ScenarioId, reason: &str) -> Draft {
    of(state, "场景授权冻结通知书", scenario)
        .fact("冻结理由", reason)
        .says("自办理时间起，该场景下的产品和服务一律停止调用，解冻前不予恢复。")
}

pub(super) fn thawed(state: &State, scenario: &ScenarioId) -> Draft {
    of(state, "场景授权解冻通知书", scenario).says("自办理时间起，该项冻结解除；没有其他冻结事由的，该场景的授权恢复。")
}

pub(super) fn of(state: &State, title: &'static str, id: &ScenarioId) -> Draft {
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
