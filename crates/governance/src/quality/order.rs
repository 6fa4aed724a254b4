//! Work orders: an issue goes to the department, which answers; the agency closes it, or sends it back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::measure::answer_until;
use super::{Dimension, QualityEvent, WorkOrderStatus};
use crate::Context;
use crate::event::Event;
use crate::identifier::{ResourceId, VersionId, WorkOrderId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Opens a work order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenWorkOrder {
    /// Its id.
    pub id: WorkOrderId,
    /// The resource.
    pub resource: ResourceId,
    /// Of which dimension the issue is.
    pub dimension: Dimension,
    /// The version, where it is of one.
    #[serde(default)]
    pub version: Option<VersionId>,
    /// What is wrong.
    pub text: String,
}

/// Answers a work order for the department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerWorkOrder {
    /// Which.
    pub order: WorkOrderId,
    /// What was done, or why nothing is.
    pub how: String,
    /// The version that puts it right, where there is one.
    #[serde(default)]
    pub version: Option<VersionId>,
}

/// Closes an answered work order, or sends it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloseWorkOrder {
    /// Which.
    pub order: WorkOrderId,
    /// Whether the answer settles it.
    pub accepted: bool,
    /// Why.
    pub reason: String,
    /// Whether the version goes into operation though it falls short.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub put_into_operation: bool,
}

/// Decides an opening.
///
/// # Errors
/// Refuses an id in use, a version that is not there, and an order that says nothing.
pub fn decide_open(state: &State, command: &OpenWorkOrder, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    check_version(state, &command.resource, command.version.as_ref(), context)?;
    if state.work_orders.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该编号的工单已存在", "a work order with this id exists"),
            Text::new("无需重复开立", "there is nothing to do"),
        ));
    }
    context.rules.said(&command.text, ("问题描述", "issue"))?;
    Ok(vec![Event::Quality(QualityEvent::Opened {
        order: Box::new(command.clone()),
        by: Some(context.actor.party.clone()),
        deadline: answer_until(context),
    })])
}

/// Decides an answer.
///
/// # Errors
/// Refuses one to an order that is not open, that says nothing, and with a version that is not there.
pub fn decide_answer(state: &State, command: &AnswerWorkOrder, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let order = state.work_order(&command.order, context)?;
    check_version(state, &order.order.resource, command.version.as_ref(), context)?;
    context.rules.said(&command.how, ("处理情况", "answer"))?;
    if order.status == WorkOrderStatus::Open {
        return Ok(vec![Event::Quality(QualityEvent::Answered(Box::new(command.clone())))]);
    }
    Err(context.rules.wrong_state(
        Text::new("该工单已答复或已办结", "the work order is answered or closed"),
        Text::new("请待实施机构核验", "wait for the agency (`quality.close`)"),
    ))
}

/// Decides a closing.
///
/// # Errors
/// Refuses one before the answer, a second one, one without a reason, and one that lets go what is not held back, or what it
/// does not settle.
pub fn decide_close(state: &State, command: &CloseWorkOrder, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let order = state.work_order(&command.order, context)?;
    context.rules.said(&command.reason, ("核验意见", "finding"))?;
    if command.put_into_operation && !(command.accepted && order.is_held_back(state)) {
        return Err(context.rules.refuse(
            Rule::QualityOrder,
            Text::new(
                "只能在办结工单时放行，且所涉版本须是因该工单暂不投入使用的",
                "only a version that is held back for this work order is let go, by a closing that settles the order",
            ),
            Text::new(
                "请不勾选放行，或核对工单所涉版本是否暂不投入使用",
                "leave `put_into_operation` out, or check whether the version of the order is held back",
            ),
        ));
    }
    match order.status {
        WorkOrderStatus::Answered => Ok(vec![Event::Quality(QualityEvent::Closed(command.clone()))]),
        WorkOrderStatus::Open => Err(context.rules.refuse(
            Rule::QualityOrder,
            Text::new(
                "数源单位尚未答复该工单",
                "the department has not answered the work order",
            ),
            Text::new("请待数源单位答复工单", "wait for its answer (`quality.answer`)"),
        )),
        WorkOrderStatus::Closed { .. } => Err(context.rules.wrong_state(
            Text::new("该工单已办结", "the work order is closed"),
            Text::new("如有新的问题，请另开质量工单", "open another (`quality.open`)"),
        )),
    }
}

fn check_version(
    state: &State,
    resource: &ResourceId,
    version: Option<&VersionId>,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let resource = state.resource(resource, context)?;
    match version.filter(|version| !resource.versions.iter().any(|known| known.id == **version)) {
        None => Ok(()),
        Some(version) => {
            let what = Text::new("数据版本", "version");
            Err(context.rules.unknown(&what, version.as_str()))
        }
    }
}
