//! Approval of a resource's use by its provider.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Approval, Scenario};
use crate::Context;
use crate::event::Event;
use crate::identifier::{ResourceId, ScenarioId};
use crate::refusal::Refusal;
use crate::resource::check_authorizable;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Approves the use of one's resource in a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApproveResource {
    /// The scenario.
    pub scenario: ScenarioId,
    /// The resource.
    pub resource: ResourceId,
}

/// Declines the use of one's resource in a scenario, or takes an approval back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeclineResource {
    /// The scenario.
    pub scenario: ScenarioId,
    /// The resource.
    pub resource: ResourceId,
    /// Why.
    pub reason: String,
}

/// Decides an approval.
///
/// # Errors
/// Refuses a resource outside the scenario or already approved.
pub fn decide_approve(state: &State, command: &ApproveResource, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    scenario.check_open(context)?;
    check_used(scenario, &command.resource, context)?;
    check_authorizable(state.resource(&command.resource, context)?, context)?;
    if matches!(scenario.approvals.get(&command.resource), Some(Approval::Given { .. })) {
        return Err(context.rules.wrong_state(
            Text::new(
                "该资源已同意用于此场景",
                "the resource is already approved for this scenario",
            ),
            Text::new("无需重复审批", "there is nothing to do"),
        ));
    }
    Ok(vec![Event::ResourceApproved {
        scenario: command.scenario.clone(),
        resource: command.resource.clone(),
    }])
}

/// Decides a decline. A given approval may be taken back: every use under it ends at once.
///
/// # Errors
/// Refuses a resource outside the scenario, one already declined, a decline without a reason.
pub fn decide_decline(state: &State, command: &DeclineResource, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    scenario.check_open(context)?;
    check_used(scenario, &command.resource, context)?;
    if matches!(
        scenario.approvals.get(&command.resource),
        Some(Approval::Declined { .. })
    ) {
        return Err(context.rules.wrong_state(
            Text::new(
                "该资源已被拒绝用于此场景",
                "the resource is already declined for this scenario",
            ),
            Text::new("无需重复办理", "there is nothing to do"),
        ));
    }
    if command.reason.trim().is_empty() {
        return Err(context.rules.input(
            Text::new("未说明不同意的理由", "no reason for the decline is given"),
            Text::new("请填写理由", "give a reason"),
        ));
    }
    Ok(vec![Event::ResourceDeclined {
        scenario: command.scenario.clone(),
        resource: command.resource.clone(),
        reason: command.reason.clone(),
    }])
}

fn check_used(scenario: &Scenario, resource: &ResourceId, context: &Context<'_>) -> Result<(), Refusal> {
    if scenario.application.resources.contains_key(resource) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Approval,
        Text::new(
            format!("场景未使用资源 `{resource}`"),
            format!("the scenario does not use `{resource}`"),
        ),
        Text::new("请核对场景所列资源", "check the resources of the scenario"),
    ))
}
