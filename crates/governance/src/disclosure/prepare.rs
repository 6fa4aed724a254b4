//! Making a disclosure from the record.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Disclosure, DisclosureEvent, DisclosureStatus, content, year};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::DisclosureId;
use crate::party::Role;
use crate::refusal::Refusal;
use crate::rules::{Rule, Rules};
use crate::state::State;
use crate::text::Text;

/// Makes one's yearly disclosure from the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PrepareDisclosure {
    /// Its id.
    pub id: DisclosureId,
    /// The year that it is about.
    pub year: i16,
    /// What the party says of itself: duties, address, contact.
    pub about: String,
    /// The public one about the same year that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<DisclosureId>,
    /// What was wrong with it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// Decides a preparation.
///
/// # Errors
/// Refuses a year that is not over, a second one for the same year that corrects none, a correction of what is not one's own
/// public one or is corrected already, or without a reason, and one that says nothing of the party itself.
pub fn decide_prepare(
    state: &State,
    command: &PrepareDisclosure,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let party = state.party(&context.actor.party, context)?;
    context
        .rules
        .said(&command.about, ("本单位情况", "account of the party"))?;
    check_year(command.year, context)?;
    match &command.corrects {
        Some(id) => check_corrects(state, command, id, context)?,
        None => check_once(state, command, context)?,
    }
    let of_year = context.rules.parameters().disclosure_of_year;
    let (about, year) = (&command.about, command.year);
    let content = match (party.role, of_year) {
        (Role::Operator, true) => year::operator(state, party, about, year),
        (Role::Operator, false) => content::operator(state, party, about, year),
        (_, true) => year::agency(state, party, about, year),
        (_, false) => content::agency(state, party, about, year),
    };
    Ok(vec![Event::Disclosure(DisclosureEvent::Prepared {
        prepare: Box::new(command.clone()),
        by: party.id.clone(),
        content: Box::new(content),
        due: due_of(year, context.rules),
        as_of: of_year.then(|| year::days_of(year).until),
    })])
}

/// The day by which the disclosure about a year is to be published.
pub(super) fn due_of(year: i16, rules: &Rules) -> Date {
    let parameters = rules.parameters();
    let day = Date::new(
        year.saturating_add(1),
        parameters.disclosure_month,
        parameters.disclosure_day,
    );
    day.unwrap_or(Date::MAX)
}

fn check_year(year: i16, context: &Context<'_>) -> Result<(), Refusal> {
    let this = day_of(context.at).year();
    if (2000..this).contains(&year) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::DisclosureYearly,
        Text::new(
            format!("{year} 年度尚未结束或不在范围内，披露的是上一年度及以前的情况"),
            format!("the year {year} is not over, or out of range"),
        ),
        Text::new(
            format!("请填写 {} 年或更早的年度", this.saturating_sub(1)),
            format!("disclose {} or an earlier year", this.saturating_sub(1)),
        ),
    ))
}

fn check_once(state: &State, command: &PrepareDisclosure, context: &Context<'_>) -> Result<(), Refusal> {
    let party = &context.actor.party;
    let stands = |status: &DisclosureStatus| !matches!(status, DisclosureStatus::SentBack { .. });
    let mut all = state.disclosures.values();
    let again = all.any(|it| it.by == *party && it.prepare.year == command.year && stands(&it.status));
    if !again && !state.disclosures.contains_key(&command.id) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Duplicate,
        Text::new(
            format!("本单位 {} 年度的披露已经编制", command.year),
            format!("the disclosure about {} is made", command.year),
        ),
        Text::new(
            "未公布的，请由审核方退回后重新编制；已公布的，请编制更正（注明被更正的披露和理由）",
            "have it sent back and make it again; what is public is corrected by one that names it (`disclosure.prepare`)",
        ),
    ))
}

/// A correction is of one's own public disclosure about the year, that none corrects or waits to.
fn check_corrects(
    state: &State,
    command: &PrepareDisclosure,
    id: &DisclosureId,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let corrected = state.disclosure(id, context)?;
    context.rules.said(&command.reason, ("更正理由", "reason"))?;
    let stands = |it: &Disclosure| !matches!(it.status, DisclosureStatus::SentBack { .. });
    let mut others = state.disclosures.values();
    let followed = others.any(|it| it.prepare.corrects.as_ref() == Some(id) && stands(it));
    let own = corrected.by == context.actor.party && corrected.prepare.year == command.year;
    if own && corrected.is_published() && !followed && !state.disclosures.contains_key(&command.id) {
        return Ok(());
    }
    Err(context.rules.wrong_state(
        Text::new(
            format!("`{id}` 不是本单位 {} 年度已公布、尚无更正的披露", command.year),
            format!(
                "`{id}` is no public disclosure of one's own about {} without a correction",
                command.year
            ),
        ),
        Text::new(
            "请指明本单位该年度最后公布的披露",
            "name one's own that was published last about that year (`disclosure.prepare`)",
        ),
    ))
}
