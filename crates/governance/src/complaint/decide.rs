//! A complaint is upheld or dismissed.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Complaint, ComplaintEvent, ComplaintStatus};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::ComplaintId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Decides a complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecideComplaint {
    /// Which.
    pub complaint: ComplaintId,
    /// Whether what is complained of was found to be so.
    pub upheld: bool,
    /// What was found, and on which basis.
    pub basis: String,
    /// What the operator has to put right, where it is upheld.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub demands: String,
    /// By when, where it is upheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<crate::schema::Day>")]
    pub due: Option<Date>,
}

/// Decides that it is decided.
///
/// # Errors
/// Refuses one's own complaint, one before the operator's answer or the end of its time, a second decision, one without a basis,
/// and one that upholds without a demand and a day for it.
pub fn decide_decide(state: &State, command: &DecideComplaint, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let complaint = state.complaint(&command.complaint, context)?;
    context.rules.said(&command.basis, ("认定依据", "basis"))?;
    check_waits(complaint, context)?;
    if complaint.by == context.actor.party {
        return Err(context.rules.refuse(
            Rule::OperatorConduct,
            Text::new("投诉人不得处理自己的投诉", "nobody decides its own complaint"),
            Text::new("请由另一有权单位处理", "let another party decide it"),
        ));
    }
    let fits = match command.upheld {
        true => !command.demands.trim().is_empty() && command.due.is_some_and(|due| day_of(context.at) <= due),
        false => command.demands.is_empty() && command.due.is_none(),
    };
    if fits {
        return Ok(vec![Event::Complaint(ComplaintEvent::Decided {
            decision: Box::new(command.clone()),
            by: context.actor.party.clone(),
        })]);
    }
    let (zh, en) = match command.upheld {
        true => (
            "认定成立的，须写明整改要求和期限（不早于今日）",
            "a complaint that is upheld says what is to be put right, and by when, today or later",
        ),
        false => (
            "认定不成立的，不提整改要求和期限",
            "a complaint that is dismissed asks for nothing",
        ),
    };
    Err(context.rules.refuse(
        Rule::OperatorConduct,
        Text::new(zh, en),
        Text::new(
            "请核对认定结论、整改要求和期限",
            "check the finding, the demand and its day",
        ),
    ))
}

/// It waits for a decision: the operator has answered, or its time is over.
fn check_waits(complaint: &Complaint, context: &Context<'_>) -> Result<(), Refusal> {
    let calendar = context.rules.working_days();
    match complaint.status {
        ComplaintStatus::Filed | ComplaintStatus::Answered if complaint.is_heard(day_of(context.at), calendar) => {
            Ok(())
        }
        ComplaintStatus::Filed | ComplaintStatus::Answered => {
            let due = complaint.deadline.by(calendar).due;
            Err(context.rules.refuse(
                Rule::OperatorConduct,
                Text::new(
                    format!("运营机构尚未答辩，答辩期限为 {due}"),
                    format!("the operator has not answered, and has until {due}"),
                ),
                Text::new(
                    "请待运营机构答辩或期限届满",
                    "wait for its answer (`complaint.answer`), or for the end of its time",
                ),
            ))
        }
        ComplaintStatus::Dismissed | ComplaintStatus::Upheld | ComplaintStatus::Rectified | ComplaintStatus::Closed => {
            Err(context.rules.wrong_state(
                Text::new("该投诉已作出决定", "the complaint is decided"),
                Text::new(
                    "如有新的事实，请另行投诉",
                    "file another about what is new (`complaint.file`)",
                ),
            ))
        }
    }
}
