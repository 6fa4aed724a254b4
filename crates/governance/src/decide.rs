//! `decide`: what a command leads to, or why it may not be.

use crate::event::Event;
use crate::identifier::PartyId;
use crate::power::Powers;
use crate::refusal::Refusal;
use crate::rules::{Rule, Rules};
use crate::state::State;
use crate::text::Text;
use crate::{Actor, Command, party};

/// What a decision is taken with: who asks, when, under which rules.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// When.
    pub at: jiff::Timestamp,
    /// Who asks.
    pub actor: &'a Actor,
    /// The rules of the day.
    pub rules: &'a Rules,
    /// The powers.
    pub powers: &'a Powers,
    /// The revision of the stream that the actor saw, where it says so.
    pub seen_revision: Option<u64>,
}

/// Decides a command. Pure: the same state, command and context give the same events.
///
/// # Errors
/// With the refusal of the first rule that does not hold; nothing has changed then.
pub fn decide(state: &State, command: &Command, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    check_power(state, command, context)?;
    crate::post::check_post(state, command, context)?;
    crate::post::check_four_eyes(state, command, context)?;
    check_revision(state, command, context)?;
    let mut events = command.decide(state, context)?;
    events.extend(crate::file::naming(state, command, &events, context));
    events.extend(crate::post::filings(state, command, context));
    Ok(events)
}

/// The founding act: the first party on record is an agency, and registers itself.
fn is_founding(state: &State, command: &Command, actor: &Actor) -> bool {
    matches!(command, Command::RegisterParty(command)
        if state.parties.is_empty() && command.party.role == party::Role::Agency && command.party.id == actor.party)
}

/// The role is asked first, so that whoever could never do the act does not learn what is on record.
fn check_power(state: &State, command: &Command, context: &Context<'_>) -> Result<(), Refusal> {
    if is_founding(state, command, context.actor) {
        return Ok(());
    }
    let party = state.present_party(&context.actor.party, context)?;
    let may = |owner: Option<&PartyId>| context.powers.allows(&party.id, party.role, command.act(), owner);
    if may(Some(&party.id)) && may(command.owner(state, context)?.as_ref()) {
        return Ok(());
    }
    let act = command.act();
    Err(context.rules.refuse(
        if act.charges() { Rule::ChargeParty } else { Rule::Power },
        Text::new(
            format!("`{}`（{}）无权{}", party.name, party.role.zh(), act.zh()),
            format!(
                "`{}` ({}) has no power here to “{}”",
                party.name,
                party.role.id(),
                act.en()
            ),
        ),
        Text::new(
            "请由有权主体办理，或核对所办事项是否属于本单位",
            "let a party with this power act, or check whose matter this is",
        ),
    ))
}

fn check_revision(state: &State, command: &Command, context: &Context<'_>) -> Result<(), Refusal> {
    let revision = state.revision(command.stream());
    match context.seen_revision {
        Some(seen) if seen != revision => Err(context.rules.refuse(
            Rule::Conflict,
            Text::new(
                format!(
                    "`{}` 已被他人修改（第 {revision} 版，您看到的是第 {seen} 版）",
                    command.stream()
                ),
                format!(
                    "`{}` was changed by someone else (revision {revision}, you saw {seen})",
                    command.stream()
                ),
            ),
            Text::new("请刷新后重试", "reload and try again"),
        )),
        _ => Ok(()),
    }
}
