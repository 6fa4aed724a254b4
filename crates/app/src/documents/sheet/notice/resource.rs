//! A resource changes, is withdrawn, or its provider decides whether a scenario may use it: told to whoever rests on it.

use std::collections::BTreeSet;

use gongshu_governance::State;
use gongshu_governance::identifier::{PartyId, ResourceId, ScenarioId};
use gongshu_governance::resource::{ClearanceKind, ResourceEvent};

use super::super::{grouped, party};
use super::{Draft, regrading, scenario};

pub(super) fn draft(state: &State, event: &ResourceEvent) -> Option<Draft> {
    Some(match event {
        ResourceEvent::Amended { amendment, waits } => {
            let says = match waits {
                true => "该变更待变更登记完成后生效，生效前登记内容不变。",
                false => "该变更自办理时间起生效。",
            };
            let draft = of(state, "数据资源变更通知书", &amendment.resource)?;
            draft.fact("变更理由", &amendment.reason).says(says)
        }
        ResourceEvent::Changed { resource } => of(state, "数据资源变更生效通知书", resource)?
            .says("变更登记已经完成，该数据资源的登记内容自办理时间起按变更后的执行。"),
        ResourceEvent::Withdrawn(withdrawal) => of(state, "数据资源撤回通知书", &withdrawal.resource)?
            .fact("撤回理由", &withdrawal.reason)
            .says("自办理时间起，该数据资源退出授权运营，不再供任何场景和产品使用。"),
        ResourceEvent::ClearanceWithdrawn(withdrawal) => of(state, "专项批准撤销通知书", &withdrawal.resource)?
            .fact("撤销的批准", kind(withdrawal.clearance))
            .fact("撤销理由", &withdrawal.reason)
            .fact("撤销文件摘要（SHA-256）", grouped(&withdrawal.document_sha256))
            .says("自办理时间起，该数据资源不再供任何场景和产品使用，直至数源单位重新登记有效的批准。"),
        ResourceEvent::Cleared(_) | ResourceEvent::ChangeDue { .. } => return None,
        ResourceEvent::Regraded { .. } | ResourceEvent::RegradingDecided(_) => return regrading::draft(state, event),
    })
}

fn kind(clearance: ClearanceKind) -> &'static str {
    match clearance {
        ClearanceKind::ImportantData => "重要数据专项批准",
        ClearanceKind::SharedSource => "来源单位同意",
    }
}

/// What a provider decided about its resource in a scenario.
pub(super) fn decided(state: &State, id: &ScenarioId, resource: &ResourceId, declined: Option<&str>) -> Option<Draft> {
    let registered = &state.resources.get(resource)?.registration;
    let (title, says) = match declined {
        None => ("数据使用同意书", "同意该场景在获准的字段和用途范围内使用上述数据资源。"),
        Some(_) => (
            "数据使用不同意通知书",
            "不同意该场景使用上述数据资源；修改申请范围后可以另行征求意见。",
        ),
    };
    let draft = scenario::of(state, title, id)
        .fact("数据资源", &registered.name)
        .fact("数源单位", party(state, &registered.provider).name);
    let draft = declined
        .into_iter()
        .fold(draft, |draft, reason| draft.fact("不同意的理由", reason));
    Some(draft.says(says))
}

fn of(state: &State, title: &'static str, id: &ResourceId) -> Option<Draft> {
    let registered = &state.resources.get(id)?.registration;
    Some(
        Draft::new(title, registered.name.clone())
            .to(users(state, id))
            .fact("数据资源编号", id.as_str())
            .fact("数源单位", party(state, &registered.provider).name),
    )
}

/// Agencies and operators of the agreements that authorize it.
fn users(state: &State, id: &ResourceId) -> BTreeSet<PartyId> {
    let using = state.agreements.values().filter(|it| it.terms.resources.contains(id));
    using
        .flat_map(|it| [it.agency.clone(), it.terms.operator.clone()])
        .collect()
}
