//! People come to hold posts, and leave them.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::create::open;
use super::{PostEvent, check};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{PersonId, PostId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Appoints a person to a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppointPerson {
    /// The post.
    pub post: PostId,
    /// The person.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
    /// First day.
    #[schemars(with = "crate::schema::Day")]
    pub from: Date,
    /// Last day; left out where the appointment is open.
    #[schemars(with = "Option<crate::schema::Day>")]
    pub until: Option<Date>,
}

/// Dismisses a person from a post, at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DismissPerson {
    /// The post.
    pub post: PostId,
    /// The person.
    pub person: PersonId,
    /// Why.
    pub reason: String,
}

/// Decides an appointment.
///
/// # Errors
/// Refuses a nameless person, a term that is over or ends before it begins, a person who has the post, and, once
/// others may appoint, oneself.
pub fn decide_appoint(state: &State, command: &AppointPerson, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let post = open(state, &command.post, context)?;
    context.rules.said(&command.name, ("姓名", "name"))?;
    let today = day_of(context.at);
    if command.until.is_some_and(|until| until < command.from || until < today) {
        return Err(context.rules.input(
            Text::new("任期已满，或止日早于起日", "the term is over, or ends before it begins"),
            Text::new("请核对任期", "check the days"),
        ));
    }
    let has = |held: &super::Holder| {
        held.person == command.person && held.dismissed.is_none() && held.until.is_none_or(|until| until >= today)
    };
    if post.holders.iter().any(has) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new(
                format!("{}已任该岗位", command.name),
                format!("{} has this post", command.name),
            ),
            Text::new(
                "如需调整任期，请先免去再任命",
                "to change the term, dismiss and appoint anew",
            ),
        ));
    }
    if context.actor.person.as_ref() == Some(&command.person) && check::someone_appoints(state, &post.of.party, today) {
        return Err(context.rules.refuse(
            Rule::FourEyes,
            Text::new("不得任命本人", "nobody appoints himself"),
            Text::new(
                "请由另一位有任命权的人员办理",
                "let another person who may appoint do it",
            ),
        ));
    }
    Ok(vec![Event::Post(PostEvent::Appointed(command.clone()))])
}

/// Decides a dismissal.
///
/// # Errors
/// Refuses a person who does not have the post, and a dismissal without a reason.
pub fn decide_dismiss(state: &State, command: &DismissPerson, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let post = open(state, &command.post, context)?;
    context.rules.said(&command.reason, ("免去理由", "reason"))?;
    let has = |held: &super::Holder| held.person == command.person && held.dismissed.is_none();
    if post.holders.iter().any(has) {
        return Ok(vec![Event::Post(PostEvent::Dismissed(command.clone()))]);
    }
    Err(context.rules.wrong_state(
        Text::new("该人员未任此岗位", "this person does not have the post"),
        Text::new("无需办理", "there is nothing to do"),
    ))
}
