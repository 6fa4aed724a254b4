//! 数据质量工单: what a department is asked about its data, and what came of its answer.

use gongshu_governance::State;
use gongshu_governance::identifier::WorkOrderId;
use gongshu_governance::quality::{OpenWorkOrder, QualityEvent};

use super::resource::users;
use super::{Draft, Readers};

pub(super) fn draft(state: &State, event: &QualityEvent) -> Option<Draft> {
    match event {
        QualityEvent::Opened { order, deadline, .. } => Some(
            of(state, "数据质量工单", order)?
                .fact("答复时限", deadline.due.to_string())
                .says("请在答复时限前核实处理，并通过平台答复处理情况；已重新提供数据的，注明其版本。"),
        ),
        QualityEvent::HeldBack {
            resource,
            version,
            dimension,
        } => {
            let serves = state.resources.get(resource)?.current();
            let serves = serves.filter(|version| version.status.stands());
            let registered = &state.resources.get(resource)?.registration;
            let draft = Draft::new("数据版本暂不投入使用通知书", registered.name.clone())
                .to(users(state, resource).into_iter().chain([registered.provider.clone()]))
                .fact("数据版本", version.as_str())
                .fact("质量维度", dimension.words().0);
            Some(match serves {
                Some(serves) => draft
                    .fact("继续服务的版本", serves.id.as_str())
                    .says("该版本质量低于规定，暂不投入使用；更新或放行之前由前一版本继续服务。"),
                None => draft.says("该版本质量低于规定，暂不投入使用；更新或放行之前，用到该数据资源的产品不能调用。"),
            })
        }
        QualityEvent::Closed(close) => {
            let (title, says) = match (close.accepted, close.put_into_operation) {
                (true, true) => ("数据质量工单办结通知书", "该工单已经办结，同意所涉版本投入使用。"),
                (true, false) => ("数据质量工单办结通知书", "该工单已经办结。"),
                (false, _) => (
                    "数据质量工单退回通知书",
                    "答复未予认可，该工单退回，请继续处理后再次答复。",
                ),
            };
            Some(
                of(state, title, order(state, &close.order)?)?
                    .fact("核验意见", &close.reason)
                    .says(says),
            )
        }
        QualityEvent::Checked { .. } | QualityEvent::Answered(_) => None,
    }
}

fn order<'s>(state: &'s State, id: &WorkOrderId) -> Option<&'s OpenWorkOrder> {
    state.work_orders.get(id).map(|record| &record.order)
}

fn of(state: &State, title: &'static str, order: &OpenWorkOrder) -> Option<Draft> {
    let registered = &state.resources.get(&order.resource)?.registration;
    let mut draft = Draft::new(title, registered.name.clone())
        .to([registered.provider.clone()])
        .fact("工单编号", order.id.as_str())
        .fact("质量维度", order.dimension.words().0)
        .fact("问题", &order.text);
    if let Some(version) = &order.version {
        draft = draft.fact("数据版本", version.as_str());
    }
    draft.readers = Readers::Overseers;
    Some(draft)
}
