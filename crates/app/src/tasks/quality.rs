//! Work orders about the quality of data, as tasks: a department answers its own, an agency closes what is answered.

use gongshu_governance::State;
use gongshu_governance::Text;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::party::Role;
use gongshu_governance::power::Act;
use gongshu_governance::quality::{WorkOrder, WorkOrderStatus};
use jiff::civil::Date;

use super::{Task, oversight};

/// What waits for this party.
pub(super) fn tasks(state: &State, party: &PartyId, role: Option<Role>, today: Date) -> Vec<Task> {
    let orders = state.work_orders.values();
    orders
        .filter_map(|order| task(state, order, party, role, today))
        .collect()
}

fn task(state: &State, order: &WorkOrder, party: &PartyId, role: Option<Role>, today: Date) -> Option<Task> {
    let resource = &state.resources.get(&order.order.resource)?.registration;
    let (name, issue) = (&resource.name, &order.order.text);
    let (act, text) = match (&order.status, role) {
        (WorkOrderStatus::Open, _) if resource.provider == *party => {
            let due = order.deadline.due;
            let late = oversight::late(due, today);
            let text = Text::new(
                format!("答复“{name}”的质量工单（{issue}），期限 {due}{}", late.0),
                format!("answer the work order on `{name}` by {due}{}", late.1),
            );
            (Act::AnswerWorkOrder, text)
        }
        (WorkOrderStatus::Answered, Some(Role::Agency)) => (
            Act::CloseWorkOrder,
            Text::new(
                format!("核验“{name}”的质量工单答复"),
                format!("look at the answer to the work order on `{name}`"),
            ),
        ),
        _ => return None,
    };
    let id = order.order.id.as_str();
    Some(Task::of(act, "work_order", id, name, order.revision, text))
}
