//! Review and publication.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Disclosure, DisclosureEvent, DisclosureStatus};
use crate::Context;
use crate::event::Event;
use crate::identifier::DisclosureId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Reviews a disclosure, or sends it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewDisclosure {
    /// Which.
    pub disclosure: DisclosureId,
    /// Whether it can be published as it is.
    pub passed: bool,
    /// What was found.
    pub report: String,
}

/// Publishes a reviewed disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublishDisclosure {
    /// Which.
    pub disclosure: DisclosureId,
    /// Where it is published beside this platform.
    pub place: String,
}

/// Decides a review.
///
/// # Errors
/// Refuses one's own disclosure, one that does not wait, a review without a report.
pub fn decide_review(state: &State, command: &ReviewDisclosure, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let disclosure = state.disclosure(&command.disclosure, context)?;
    context.rules.said(&command.report, ("审核意见", "report"))?;
    if disclosure.by == context.actor.party {
        return Err(context.rules.refuse(
            Rule::DisclosureReview,
            Text::new("不得审核本单位的披露", "nobody reviews its own disclosure"),
            Text::new("请由另一有权单位审核", "let another party review it"),
        ));
    }
    match disclosure.status {
        DisclosureStatus::Prepared => Ok(vec![Event::Disclosure(DisclosureEvent::Reviewed {
            review: Box::new(command.clone()),
            by: context.actor.party.clone(),
        })]),
        DisclosureStatus::SentBack { .. } | DisclosureStatus::Reviewed { .. } | DisclosureStatus::Published { .. } => {
            Err(misplaced(disclosure, context))
        }
    }
}

/// Decides a publication. Late is on record as late.
///
/// # Errors
/// Refuses a disclosure that is not reviewed or is public already, and one without a place.
pub fn decide_publish(
    state: &State,
    command: &PublishDisclosure,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let disclosure = state.disclosure(&command.disclosure, context)?;
    context
        .rules
        .said(&command.place, ("公布载体", "place of publication"))?;
    match disclosure.status {
        DisclosureStatus::Reviewed { .. } => Ok(vec![Event::Disclosure(DisclosureEvent::Published(Box::new(
            command.clone(),
        )))]),
        DisclosureStatus::Prepared => Err(context.rules.refuse(
            Rule::DisclosureReview,
            Text::new("该披露尚未审核", "the disclosure is not reviewed"),
            Text::new("请先由另一单位审核", "have it reviewed by another party first"),
        )),
        DisclosureStatus::SentBack { .. } | DisclosureStatus::Published { .. } => Err(misplaced(disclosure, context)),
    }
}

fn misplaced(disclosure: &Disclosure, context: &Context<'_>) -> Refusal {
    let (zh, en) = match &disclosure.status {
        DisclosureStatus::Prepared => ("该披露尚未审核", "the disclosure is not reviewed"),
        DisclosureStatus::SentBack { .. } => ("该披露已退回", "the disclosure was sent back"),
        DisclosureStatus::Reviewed { .. } => ("该披露已经审核", "the disclosure is reviewed"),
        DisclosureStatus::Published { .. } => ("该披露已经公布", "the disclosure is public"),
    };
    let remedy = Text::new("请核对披露所处的步骤", "check which step it has reached");
    context.rules.wrong_state(Text::new(zh, en), remedy)
}
