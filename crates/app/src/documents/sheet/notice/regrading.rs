//! 分级变更: what of a resource is used more tightly from now on, what waits to become looser, and what was decided on that.

use std::collections::BTreeSet;

use gongshu_governance::State;
use gongshu_governance::identifier::{PartyId, ResourceId};
use gongshu_governance::resource::{Grades, ResourceEvent};

use super::super::grouped;
use super::{Draft, party};

pub(super) fn draft(state: &State, event: &ResourceEvent) -> Option<Draft> {
    match event {
        ResourceEvent::Regraded {
            regrading,
            tightened,
            loosened,
        } => Some(
            of(state, "数据分级变更通知书", &regrading.resource)?
                .fact("变更理由", &regrading.reason)
                .fact("分级依据", &regrading.basis)
                .fact("依据文件摘要", grouped(&regrading.document_sha256))
                .fact("收紧（即时生效）", listed(tightened))
                .fact("放宽（待实施机构同意）", listed(loosened))
                .says("自办理时间起，按收紧后的规则使用。按原规则审核的产品停止调用，须由开发方提交新版本重新审核；停止期间不计费。"),
        ),
        ResourceEvent::RegradingDecided(decision) => {
            let (outcome, says) = if decision.approved {
                (
                    "同意放宽",
                    "放宽后的级别和放行规则用于其后申请的场景；已申请和已批准的场景仍按原规则使用。",
                )
            } else {
                ("不同意放宽", "该资源的级别和放行规则不变。")
            };
            Some(
                of(state, "数据分级变更审批通知书", &decision.resource)?
                    .fact("审批结论", outcome)
                    .fact("审批理由", &decision.reason)
                    .says(says),
            )
        }
        ResourceEvent::Amended { .. }
        | ResourceEvent::Changed { .. }
        | ResourceEvent::Cleared(_)
        | ResourceEvent::ClearanceWithdrawn(_)
        | ResourceEvent::ChangeDue { .. }
        | ResourceEvent::Withdrawn(_) => None,
    }
}

fn listed(grades: &Grades) -> String {
    let grades = grades.iter();
    let grades: Vec<String> = grades
        .map(|(name, grade)| format!("{name}：{} 级 {}", grade.level, grade.release))
        .collect();
    if grades.is_empty() {
        "无".to_owned()
    } else {
        grades.join("；")
    }
}

fn of(state: &State, title: &'static str, id: &ResourceId) -> Option<Draft> {
    let registered = &state.resources.get(id)?.registration;
    Some(
        Draft::new(title, registered.name.clone())
            .to([registered.provider.clone()])
            .to(users(state, id))
            .fact("数据资源编号", registered.id.as_str())
            .fact("数源单位", party(state, &registered.provider).name),
    )
}

/// Operators whose open scenarios use the resource, and whoever has an open order of a product that reads it.
fn users(state: &State, id: &ResourceId) -> BTreeSet<PartyId> {
    let scenarios = state.scenarios.values();
    let using = scenarios.filter(|it| it.status.is_open() && it.application.resources.contains_key(id));
    let operators = using.filter_map(|it| state.agreements.get(&it.application.agreement));
    let orders = state.subscriptions.values().filter(|order| order.open);
    let reading = orders.filter(|order| {
        let product = state.products.get(&order.order.product);
        product.is_some_and(|product| product.submission.checked.fields.contains_key(id))
    });
    operators
        .map(|agreement| agreement.terms.operator.clone())
        .chain(reading.map(|order| order.consumer.clone()))
        .collect()
}
