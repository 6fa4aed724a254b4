//! Suspending and withdrawing a model: from this moment every call of its products is refused.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ModelEvent, ModelStatus};
use crate::Context;
use crate::event::Event;
use crate::identifier::ModelId;
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::Text;

/// Suspends a model until another review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuspendModel {
    /// Which.
    pub model: ModelId,
    /// Why.
    pub reason: String,
}

/// Withdraws a model for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawModel {
    /// Which.
    pub model: ModelId,
    /// Why.
    pub reason: String,
}

/// Decides a suspension.
///
/// # Errors
/// Refuses a model that is not in force nor suspended by others, and a suspension without a reason. By packs that know no
/// suspensions by party, it is nobody's, and a second one changes nothing.
pub fn decide_suspend(state: &State, command: &SuspendModel, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let model = state.model(&command.model, context)?;
    check_reason(&command.reason, context)?;
    let own = context.rules.parameters().suspender_reviews;
    let by = own.then_some(&context.actor.party);
    let stoppable = match &model.status {
        ModelStatus::InForce { .. } => true,
        ModelStatus::Suspended { by: parties, .. } => by.is_some_and(|by| !parties.contains(by)),
        ModelStatus::Registered | ModelStatus::Withdrawn { .. } => false,
    };
    match stoppable {
        true => Ok(vec![Event::Model(ModelEvent::Suspended {
            suspension: command.clone(),
            by: by.cloned(),
        })]),
        false => Err(context.rules.wrong_state(
            Text::new(
                "该模型不在用，或已由本单位暂停",
                "the model is not in force, or this party has suspended it",
            ),
            Text::new("无需暂停", "there is nothing to do"),
        )),
    }
}

/// Decides a withdrawal.
///
/// # Errors
/// Refuses a model that is withdrawn, and a withdrawal without a reason.
pub fn decide_withdraw(state: &State, command: &WithdrawModel, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let model = state.model(&command.model, context)?;
    check_reason(&command.reason, context)?;
    match model.status {
        ModelStatus::Registered | ModelStatus::InForce { .. } | ModelStatus::Suspended { .. } => {
            Ok(vec![Event::Model(ModelEvent::Withdrawn(command.clone()))])
        }
        ModelStatus::Withdrawn { .. } => Err(context.rules.wrong_state(
            Text::new("该模型已撤回", "the model is already withdrawn"),
            Text::new("无需重复撤回", "there is nothing to do"),
        )),
    }
}

fn check_reason(reason: &str, context: &Context<'_>) -> Result<(), Refusal> {
    match reason.trim().is_empty() {
        false => Ok(()),
        true => Err(context.rules.input(
            Text::new("未说明理由", "no reason is given"),
            Text::new("请填写理由", "give a reason"),
        )),
    }
}
