//! Another assessor takes an assessment over.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::open::{check_assessor, check_due};
use super::{AssessmentEvent, going_on};
use crate::Context;
use crate::event::Event;
use crate::identifier::{AssessmentId, PartyId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Gives an assessment that is not concluded to another assessor, who begins anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReassignAssessment {
    /// The assessment.
    pub assessment: AssessmentId,
    /// Who assesses from now on.
    pub assessor: PartyId,
    /// Until when.
    #[schemars(with = "crate::schema::Day")]
    pub due: Date,
    /// Why.
    pub reason: String,
}

/// Decides it.
///
/// # Errors
/// Refuses one of an assessment that is concluded, to the assessor it has or to a party that is none, without a reason, and
/// one that is due already.
pub fn decide_reassign(
    state: &State,
    command: &ReassignAssessment,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let assessment = going_on(state, &command.assessment, context)?;
    context.rules.said(&command.reason, ("更换理由", "reason"))?;
    check_assessor(state, &command.assessor, context)?;
    check_due(command.due, context)?;
    if assessment.opening.assessor == command.assessor {
        return Err(context.rules.refuse(
            Rule::AssessmentYear,
            Text::new("已由该机构评估", "this assessor has it already"),
            Text::new("请选择另一家评估机构", "choose another assessor"),
        ));
    }
    Ok(vec![Event::Assessment(AssessmentEvent::Reassigned(command.clone()))])
}
