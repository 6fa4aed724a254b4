//! What was found is put right, and looked at.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ComplaintEvent, ComplaintStatus};
use crate::Context;
use crate::event::Event;
use crate::identifier::ComplaintId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Says that what was found is put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RectifyComplaint {
    /// Which.
    pub complaint: ComplaintId,
    /// What was done.
    pub how: String,
    /// SHA-256 of what shows it.
    pub document_sha256: String,
}

/// Finds that what was done settles a complaint, or does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloseComplaint {
    /// Which.
    pub complaint: ComplaintId,
    /// Whether it does.
    pub accepted: bool,
    /// Why.
    pub reason: String,
}

/// Decides that it is put right.
///
/// # Errors
/// Refuses what was not upheld, and what says or shows nothing.
pub fn decide_rectify(state: &State, command: &RectifyComplaint, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let complaint = state.complaint(&command.complaint, context)?;
    context.rules.said(&command.how, ("整改情况", "what was done"))?;
    if complaint.status != ComplaintStatus::Upheld {
        return Err(context.rules.wrong_state(
            Text::new("该投诉没有待整改的事项", "nothing of this complaint is to be put right"),
            Text::new("请核对投诉所处的步骤", "check which step it has reached"),
        ));
    }
    if !is_sha256(&command.document_sha256) {
        return Err(context.rules.refuse(
            Rule::OperatorConduct,
            Text::new("整改须附证明材料", "what was put right is shown by a document"),
            Text::new("请填写证明材料的 SHA-256", "give its SHA-256"),
        ));
    }
    Ok(vec![Event::Complaint(ComplaintEvent::Rectified(Box::new(
        command.clone(),
    )))])
}

/// Decides that it is closed, or goes back.
///
/// # Errors
/// Refuses one before anything was done, one's own complaint, and one without a reason.
pub fn decide_close(state: &State, command: &CloseComplaint, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let complaint = state.complaint(&command.complaint, context)?;
    context.rules.said(&command.reason, ("核验意见", "finding"))?;
    if complaint.status != ComplaintStatus::Rectified {
        return Err(context.rules.wrong_state(
            Text::new(
                "该投诉没有待核验的整改",
                "nothing that was put right waits to be looked at",
            ),
            Text::new("请待运营机构整改", "wait for the operator (`complaint.rectify`)"),
        ));
    }
    if complaint.by == context.actor.party {
        return Err(context.rules.refuse(
            Rule::OperatorConduct,
            Text::new("投诉人不得核验自己投诉的整改", "nobody closes its own complaint"),
            Text::new("请由另一有权单位核验", "let another party do it"),
        ));
    }
    Ok(vec![Event::Complaint(ComplaintEvent::Closed {
        close: Box::new(command.clone()),
        by: context.actor.party.clone(),
    })])
}
