//! The agency accepts an operating report, or sends it back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ReportEvent, ReportStatus};
use crate::Context;
use crate::event::Event;
use crate::identifier::ReportId;
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::Text;

/// Accepts an operating report, or sends it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewReport {
    /// Which.
    pub operating_report: ReportId,
    /// Whether it is accepted.
    pub accepted: bool,
    /// Why.
    pub reason: String,
}

/// Decides it.
///
/// # Errors
/// Refuses a report that does not wait, and a review without a reason.
pub fn decide_review(state: &State, command: &ReviewReport, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let report = state.report(&command.operating_report, context)?;
    context.rules.said(&command.reason, ("审核意见", "finding"))?;
    let (zh, en) = match &report.status {
        ReportStatus::Submitted => {
            return Ok(vec![Event::Report(ReportEvent::Reviewed {
                review: Box::new(command.clone()),
                by: context.actor.party.clone(),
            })]);
        }
        ReportStatus::Accepted { .. } => ("该运营报告已经接受", "the operating report is accepted"),
        ReportStatus::SentBack { .. } => ("该运营报告已经退回", "the operating report was sent back"),
    };
    Err(context.rules.wrong_state(
        Text::new(zh, en),
        Text::new("请待运营机构另行提交", "wait for the operator to submit another"),
    ))
}
