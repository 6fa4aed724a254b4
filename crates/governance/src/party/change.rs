//! A party changes its name, code or place, with what shows it.
//!
//! What goes to a party is judged by where it is on record: a consumer that has moved abroad is counted as abroad from the
//! moment of the record on.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::register::check_credit_code;
use super::{Deregistered, Party, Role};
use crate::Context;
use crate::border::Region;
use crate::calendar::day_of;
use crate::event::{Event, Moment};
use crate::identifier::PartyId;
use crate::refusal::Refusal;
use crate::rules::{Rule, Rules};
use crate::state::{State, change};
use crate::text::{Text, is_sha256};

/// Changes what is on record of a party. What is none stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeParty {
    /// The party.
    pub party: PartyId,
    /// Its new name.
    #[serde(default)]
    pub name: Option<String>,
    /// Its new code.
    #[serde(default)]
    pub code: Option<String>,
    /// Whether `code` is a unified social credit code and has to be valid.
    #[serde(default)]
    pub organization: bool,
    /// Where it is now.
    #[serde(default)]
    pub region: Option<Region>,
    /// Since when it is so.
    #[schemars(with = "crate::schema::Day")]
    pub since: Date,
    /// SHA-256 of the document that shows it.
    pub evidence_sha256: String,
}

/// A change on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// What was so before.
    pub before: Party,
    /// What changed.
    pub change: ChangeParty,
    /// When it came on record.
    pub at: Timestamp,
}

/// What is on record of a party beside what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its changes, the first first.
    pub changes: Vec<Changed>,
    /// Why and since when it is off the register.
    pub left: Option<Left>,
}

/// A party that is off the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// What happens to a party on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step", content = "with")]
pub enum PartyEvent {
    /// Something of it is different.
    Changed(Box<ChangeParty>),
    /// It is off the register.
    Deregistered(Deregistered),
}

impl PartyEvent {
    /// The party.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Changed(change) => change.party.as_str(),
            Self::Deregistered(left) => left.party.as_str(),
        }
    }
}

/// Decides a change.
///
/// # Errors
/// Refuses one of a party that has left, that changes nothing, without what shows it, of a day to come, to a code that is
/// invalid or another's, and another code of a data subject.
pub fn decide_change(state: &State, command: &ChangeParty, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let party = state.present_party(&command.party, context)?;
    let after = changed(party, command);
    if let Some(name) = &command.name {
        context.rules.said(name, ("主体名称", "name"))?;
    }
    let refuse = |zh: &str, en: &str, remedy| Err(context.rules.refuse(Rule::PartyChange, Text::new(zh, en), remedy));
    if after == *party {
        return refuse(
            "变更与登记内容相同",
            "the change changes nothing",
            Text::new("请写明变更后的名称、代码或所在地", "give the new name, code or region"),
        );
    }
    if !is_sha256(&command.evidence_sha256) || command.since > day_of(context.at) {
        return refuse(
            "变更没有凭证，或者变更日期尚未到来",
            "nothing shows the change, or its day is to come",
            Text::new(
                "请填写变更凭证的 SHA-256 和已发生的变更日期",
                "give the SHA-256 of what shows it, and the day on which it came about",
            ),
        );
    }
    if command.code.is_some() {
        check_code(state, party, command, context)?;
    }
    Ok(vec![Event::Party(PartyEvent::Changed(Box::new(command.clone())))])
}

fn check_code(state: &State, party: &Party, command: &ChangeParty, context: &Context<'_>) -> Result<(), Refusal> {
    let code = command.code.as_deref().unwrap_or_default();
    if party.role == Role::Subject {
        return Err(context.rules.refuse(
            Rule::PartyChange,
            Text::new(
                "数据主体的代码是数据和同意所指，不能改换",
                "data and consents speak of a subject by its code, which does not change",
            ),
            Text::new(
                "请以新代码另行登记主体，由其重新授权同意",
                "register it under the new code (`party.register`), and let it consent anew",
            ),
        ));
    }
    if command.organization {
        check_credit_code(code, context)?;
    }
    let other = state.party_by_code.get(&(party.role, code.to_owned()));
    if other.is_none_or(|other| *other == party.id) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Duplicate,
        Text::new(
            format!("代码 `{code}` 已由其他主体登记"),
            format!("the code `{code}` is another party's"),
        ),
        Text::new("请核对代码", "check the code"),
    ))
}

impl State {
    /// When and why the party left the register, if it did.
    #[must_use]
    pub fn left(&self, party: &PartyId) -> Option<&Left> {
        self.standings.get(party).and_then(|standing| standing.left.as_ref())
    }

    /// The party of this id, which is still on the register.
    ///
    /// # Errors
    /// Refuses an id that is not on record, and a party that has left.
    pub fn present_party(&self, id: &PartyId, context: &Context<'_>) -> Result<&Party, Refusal> {
        let party = self.party(id, context)?;
        self.check_present(id, context.rules)?;
        Ok(party)
    }

    /// A party that has left does and is given nothing any more.
    ///
    /// # Errors
    /// Refuses one that has left.
    pub fn check_present(&self, party: &PartyId, rules: &Rules) -> Result<(), Refusal> {
        let Some(left) = self.left(party) else { return Ok(()) };
        let name = self.parties.get(party).map_or(party.as_str(), |party| &party.name);
        let day = day_of(left.at);
        Err(rules.wrong_state(
            Text::new(
                format!("主体“{name}”已于 {day} 注销"),
                format!("the party `{name}` was deregistered on {day}"),
            ),
            Text::new("如需恢复办理，请重新登记主体", "register it anew (`party.register`)"),
        ))
    }
}

fn changed(party: &Party, change: &ChangeParty) -> Party {
    let mut after = party.clone();
    if let Some(name) = &change.name {
        after.name.clone_from(name);
    }
    if let Some(code) = &change.code {
        after.code = Some(code.clone());
    }
    if let Some(region) = change.region {
        after.region = region;
    }
    after
}

/// Applies an event.
pub(crate) fn evolve(state: &mut State, event: &PartyEvent, moment: Moment) {
    let id = PartyId::new(event.stream());
    let mut standing = state
        .standings
        .get(&id)
        .map_or_else(Standing::default, |it| (**it).clone());
    match event {
        PartyEvent::Changed(command) => {
            let Some(before) = state.parties.get(&id).map(|party| (**party).clone()) else {
                return;
            };
            let after = changed(&before, command);
            if let Some(code) = &before.code {
                state.party_by_code.remove_mut(&(before.role, code.clone()));
            }
            if let Some(code) = &after.code {
                state.party_by_code.insert_mut((after.role, code.clone()), id.clone());
            }
            change(&mut state.parties, &id, |party| *party = after);
            standing.changes.push(Changed {
                before,
                change: (**command).clone(),
                at: moment.at,
            });
        }
        PartyEvent::Deregistered(left) => {
            // Its code is free: who comes back is registered anew.
            let key = state.parties.get(&id).map(|party| (party.role, party.code.clone()));
            if let Some((role, Some(code))) = key {
                state.party_by_code.remove_mut(&(role, code));
            }
            standing.left = Some(Left {
                at: moment.at,
                reason: left.reason.clone(),
            });
        }
    }
    state.standings.insert_mut(id, Arc::new(standing));
}
