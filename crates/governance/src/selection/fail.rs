//! A selection comes to nothing (流标): too few applicants qualify, or none is left.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Selection, SelectionEvent, open};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::SelectionId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Closes a selection that has come to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailSelection {
    /// The selection.
    pub selection: SelectionId,
    /// Why, as it is published.
    pub reason: String,
}

/// Decides it.
///
/// # Errors
/// Refuses it while applications are taken, while an applicant or an objection waits for its decision, and while enough
/// applicants are left to choose from.
pub fn decide_fail(state: &State, command: &FailSelection, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let selection = open(state, &command.selection, context)?;
    context.rules.said(&command.reason, ("流标理由", "reason"))?;
    let least = selection.applicants_min(context);
    let left = selection.left();
    let refused = if day_of(context.at) <= selection.announcement.term.until {
        Some(("报名尚未截止".to_owned(), "applications are still taken".to_owned()))
    } else if selection
        .applicants
        .values()
        .any(|applicant| applicant.qualification.is_none())
    {
        Some((
            "有申请人尚未作资格审查".to_owned(),
            "whether an applicant qualifies is not decided".to_owned(),
        ))
    } else if selection
        .objections
        .values()
        .any(|objection| objection.answer.is_none())
    {
        Some(("有异议尚未答复".to_owned(), "an objection is not answered".to_owned()))
    } else if left >= least {
        Some((
            format!("尚有合格申请人 {left} 家，足以评选"),
            format!("{left} qualified applicants are left, which are enough"),
        ))
    } else {
        None
    };
    match refused {
        Some((zh, en)) => Err(context.rules.refuse(
            Rule::SelectionApplications,
            Text::new(zh, en),
            Text::new("请继续办理遴选", "go on with the selection"),
        )),
        None => Ok(vec![Event::Selection(SelectionEvent::Failed(command.clone()))]),
    }
}

impl Selection {
    /// The fewest qualified applicants: of a tender as the rules have it until its panel is seated, one otherwise.
    fn applicants_min(&self, context: &Context<'_>) -> usize {
        if self.announcement.method.is_tender() && self.panel.is_none() {
            context.rules.parameters().tenderers_min
        } else {
            1
        }
    }

    /// Qualified applicants whom no objection has set aside.
    fn left(&self) -> usize {
        self.qualified().filter(|(id, _)| !self.set_aside.contains(*id)).count()
    }
}
