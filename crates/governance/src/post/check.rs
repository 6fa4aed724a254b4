//! Whether the person who acts may: by a post, or by a delegation in force at that instant.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Delegation, Post};
use crate::calendar::day_of;
use crate::identifier::{PartyId, PersonId};
use crate::power::Act;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;
use crate::{Command, Context};

/// Refuses a person whose posts do not carry the act, and a machine what is for persons.
///
/// # Errors
/// [`Rule::Post`], with whoever could act as remedy.
pub(crate) fn check_post(state: &State, command: &Command, context: &Context<'_>) -> Result<(), Refusal> {
    let act = carried(command);
    // Who may delegate and revoke is said where it is decided. A file that is put there or read decides nothing.
    let free = [Act::Delegate, Act::RevokeDelegation, Act::RecordFile, Act::ReadFile];
    if free.contains(&act) || may(state, act, command.stream(), context) {
        return Ok(());
    }
    Err(refusal(state, act, context))
}

/// The act that a post carries for a command. An attempt is part of what was attempted.
fn carried(command: &Command) -> Act {
    match command {
        Command::RecordAttempt(attempt) => attempt.kind.act(),
        _ => command.act(),
    }
}

/// The same of a call.
///
/// # Errors
/// As [`check_post`].
pub(crate) fn check_post_of_call(state: &State, product: &str, context: &Context<'_>) -> Result<(), Refusal> {
    if may(state, Act::CallProduct, product, context) {
        return Ok(());
    }
    Err(refusal(state, Act::CallProduct, context))
}

/// The acts that a person may do on something by posts and delegations; nothing said where the party has no posts.
#[must_use]
pub fn acts_of_person(state: &State, party: &PartyId, person: &PersonId, day: Date) -> Option<BTreeSet<Act>> {
    state.open_posts(party).next()?;
    let mut acts = BTreeSet::from([Act::Delegate, Act::RevokeDelegation]);
    if !someone_appoints(state, party, day) {
        acts.extend(Act::ALL.iter().copied().filter(|act| is_about_posts(*act)));
    }
    for post in state.open_posts(party) {
        if post.held_by(person, day) {
            acts.extend(&post.of.acts);
        }
        let to_him = delegations(state, post, day).filter(|delegation| delegation.given.to == *person);
        acts.extend(to_him.flat_map(|delegation| &delegation.given.acts));
    }
    Some(acts)
}

/// Acts that create, fill and close posts.
pub(super) fn is_about_posts(act: Act) -> bool {
    matches!(
        act,
        Act::CreatePost
            | Act::ClosePost
            | Act::AppointPerson
            | Act::DismissPerson
            | Act::Delegate
            | Act::RevokeDelegation
    )
}

/// Whether somebody holds a post of the party that appoints. While nobody does, any of its people may fill its posts:
/// a party does not lock itself out.
pub(super) fn someone_appoints(state: &State, party: &PartyId, day: Date) -> bool {
    let appoints = |post: &Post| post.of.acts.contains(&Act::AppointPerson) && post.holders(day).next().is_some();
    state.open_posts(party).any(appoints)
}

/// Whether who asks may do the act on the thing as far as posts go.
pub(super) fn may(state: &State, act: Act, thing: &str, context: &Context<'_>) -> bool {
    let (party, day) = (&context.actor.party, day_of(context.at));
    if state.open_posts(party).next().is_none() || is_about_posts(act) && !someone_appoints(state, party, day) {
        return true;
    }
    let Some(person) = &context.actor.person else {
        return context.rules.parameters().machine_acts.contains(&act);
    };
    state.open_posts(party).any(|post| {
        let by_post = post.of.acts.contains(&act) && post.held_by(person, day);
        let to_him = |delegation: &Delegation| delegation.given.to == *person && delegation.reaches(act, thing);
        by_post || delegations(state, post, day).any(to_him)
    })
}

/// The delegations from a post that hold on this day.
fn delegations<'s>(state: &'s State, post: &'s Post, day: Date) -> impl Iterator<Item = &'s Delegation> {
    let known = post.delegations.iter().filter_map(|id| state.delegations.get(id));
    known
        .map(|delegation| &**delegation)
        .filter(move |delegation| delegation.in_force(state, day))
}

fn refusal(state: &State, act: Act, context: &Context<'_>) -> Refusal {
    let message = if context.actor.person.is_some() {
        Text::new(
            format!("本人所任岗位及所受委托不含“{}”", act.zh()),
            format!("neither a post of this person nor a delegation carries “{}”", act.en()),
        )
    } else {
        Text::new(
            format!("本单位已设岗位，“{}”须由任职人员办理，不得由接口密钥代办", act.zh()),
            format!(
                "the party has posts: “{}” is for their holders, not for a machine",
                act.en()
            ),
        )
    };
    context
        .rules
        .refuse(Rule::Post, message, who_could(state, act, context))
}

/// The posts that carry the act, with who holds them today.
fn who_could(state: &State, act: Act, context: &Context<'_>) -> Text {
    let day = day_of(context.at);
    let mut posts = Vec::new();
    for post in state
        .open_posts(&context.actor.party)
        .filter(|post| post.of.acts.contains(&act))
    {
        let names: Vec<&str> = post.holders(day).map(|holder| holder.name.as_str()).collect();
        let holders = if names.is_empty() {
            "暂缺 vacant".to_owned()
        } else {
            names.join("、")
        };
        posts.push(format!("{}（{holders}）", post.of.name));
    }
    if posts.is_empty() {
        return Text::new(
            "本单位尚无岗位含此事项，请由有任命权的人员设岗",
            "no post of the party carries this act: let whoever may appoint create one",
        );
    }
    let posts = posts.join("；");
    Text::new(
        format!("请由以下岗位人员办理，或由其委托：{posts}"),
        format!("let a holder of one of these posts act, or delegate it: {posts}"),
    )
}
