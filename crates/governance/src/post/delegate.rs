//! Whoever holds a post has another person act for him, until a day, as far as he says.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::create::open;
use super::{Post, PostEvent, check};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{DelegationId, PersonId, PostId};
use crate::power::Act;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Delegates acts of one's post to another person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Delegate {
    /// Its id.
    pub id: DelegationId,
    /// The post that carries the acts; the giver holds it.
    pub post: PostId,
    /// Who is to act.
    pub to: PersonId,
    /// That person's name.
    pub name: String,
    /// Which acts of the post.
    pub acts: BTreeSet<Act>,
    /// On which things, by their ids; on all where none is named.
    pub things: BTreeSet<String>,
    /// First day.
    #[schemars(with = "crate::schema::Day")]
    pub from: Date,
    /// Last day.
    #[schemars(with = "crate::schema::Day")]
    pub until: Date,
    /// Why.
    pub reason: String,
}

/// Revokes a delegation, at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RevokeDelegation {
    /// Which.
    pub delegation: DelegationId,
    /// Why.
    pub reason: String,
}

/// Decides a delegation.
///
/// # Errors
/// Refuses one by somebody who does not hold the post, to oneself, of acts that the post does not carry or that are
/// themselves about posts, on things that are not on record, and for longer than the rules allow.
pub fn decide_delegate(state: &State, command: &Delegate, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let post = open(state, &command.post, context)?;
    if state.delegations.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该委托已登记", "this delegation is on record"),
            Text::new("无需重复办理", "there is nothing to do"),
        ));
    }
    context.rules.said(&command.name, ("受托人姓名", "name"))?;
    context.rules.said(&command.reason, ("委托理由", "reason"))?;
    if let Some(thing) = command.things.iter().find(|thing| state.revision(thing) == 0) {
        return Err(context.rules.unknown(&Text::new("事项对象", "thing"), thing));
    }
    let by = giver(post, command, context)?;
    check_reach(post, command, context)?;
    check_term(command, context)?;
    Ok(vec![Event::Post(PostEvent::Delegated {
        given: command.clone(),
        by,
    })])
}

/// The person who delegates: he holds the post himself. What was delegated to him he cannot pass on.
fn giver(post: &Post, command: &Delegate, context: &Context<'_>) -> Result<PersonId, Refusal> {
    let holds = |person: &&PersonId| post.held_by(person, day_of(context.at)) && **person != command.to;
    match context.actor.person.as_ref().filter(holds) {
        Some(person) => Ok(person.clone()),
        None => Err(refuse(
            context,
            Text::new(
                "委托须由任该岗位的人员作出，且不得委托本人；受托事项不得转委托",
                "a delegation is given by a holder of the post, to somebody else; what was delegated is not passed on",
            ),
            Text::new(
                format!("请由任“{}”岗位的人员办理", post.of.name),
                format!("let a holder of the post `{}` do it", post.of.name),
            ),
        )),
    }
}

fn check_reach(post: &Post, command: &Delegate, context: &Context<'_>) -> Result<(), Refusal> {
    let fits = |act: &&Act| post.of.acts.contains(*act) && !check::is_about_posts(**act);
    let beyond = command.acts.iter().find(|act| !fits(act));
    if beyond.is_none() && !command.acts.is_empty() {
        return Ok(());
    }
    let act = beyond.map_or(Text::new("（未列明事项）", "nothing"), |act| act.name());
    Err(refuse(
        context,
        Text::new(
            format!("岗位“{}”不能委托他人{}", post.of.name, act.zh),
            format!("“{}” is not for the post `{}` to delegate", act.en, post.of.name),
        ),
        Text::new(
            "请从该岗位所含的业务事项中选择；设岗、任命、委托不得委托",
            "choose among the post's acts; creating posts, appointing and delegating stay with the holder",
        ),
    ))
}

fn check_term(command: &Delegate, context: &Context<'_>) -> Result<(), Refusal> {
    let days = context.rules.parameters().delegation_days_max;
    let last = command.from.saturating_add((days - 1).days());
    if command.from <= command.until && command.until <= last && day_of(context.at) <= command.until {
        return Ok(());
    }
    Err(refuse(
        context,
        Text::new(
            format!("委托期限 {} 至 {} 不在允许范围内", command.from, command.until),
            format!("a delegation from {} to {} is not allowed", command.from, command.until),
        ),
        Text::new(
            format!("委托须有止日，未满且最长 {days} 天；期满可重新委托"),
            format!("it ends on a day to come, after at most {days} days; delegate anew then"),
        ),
    ))
}

/// Decides the end of a delegation: by its giver, or by whoever may appoint.
///
/// # Errors
/// Refuses one that is revoked, an end without a reason, and anybody else.
pub fn decide_revoke(state: &State, command: &RevokeDelegation, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let delegation = state.delegation(&command.delegation, context)?;
    context.rules.said(&command.reason, ("撤销理由", "reason"))?;
    if delegation.revoked.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("该委托已撤销", "the delegation is revoked"),
            Text::new("无需重复办理", "there is nothing to do"),
        ));
    }
    let own = context.actor.person.as_ref() == Some(&delegation.by);
    if own || check::may(state, Act::AppointPerson, "", context) {
        return Ok(vec![Event::Post(PostEvent::Revoked(command.clone()))]);
    }
    Err(refuse(
        context,
        Text::new(
            "委托由委托人或有任命权的人员撤销",
            "its giver revokes a delegation, or whoever may appoint",
        ),
        Text::new("请由委托人办理", "let the giver do it"),
    ))
}

fn refuse(context: &Context<'_>, message: Text, remedy: Text) -> Refusal {
    context.rules.refuse(Rule::Delegation, message, remedy)
}
