//! Consents of data subjects: the third link of the chain (PIPL 13–15).
//!
//! A consent names one consumer, one purpose, one resource and the fields of it, and ends on a
//! day. It is withdrawn as easily as it is given (PIPL 15): by the subject here, or by a letter to the consumer that put it
//! on record or to the agency, which then record that.

mod batch;
mod fields;
mod recall;

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::calendar::{Term, day_of};
use crate::event::Event;
use crate::identifier::{ConsentId, PartyId, ResourceId};
use crate::party::Role;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

pub use batch::{RecordConsents, decide_record};
pub use fields::Fields;
pub use recall::{Received, RecordWithdrawal, decide_recall};

/// Consents to a use of one's information.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GiveConsent {
    /// Its id.
    pub id: ConsentId,
    /// Who may use it.
    pub consumer: PartyId,
    /// For what.
    pub purpose: String,
    /// Which resource's information about oneself.
    pub resource: ResourceId,
    /// Which fields.
    #[schemars(with = "BTreeSet<String>")]
    pub fields: Fields,
    /// From and until when.
    pub term: Term,
}

/// Withdraws a consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawConsent {
    /// Which.
    pub consent: ConsentId,
}

impl GiveConsent {
    /// Who may use what for what.
    pub(crate) fn use_key(&self) -> (PartyId, String, ResourceId) {
        (self.consumer.clone(), self.purpose.clone(), self.resource.clone())
    }
}

/// A consent on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// What was consented to.
    pub given: GiveConsent,
    /// The subject, where it is a party on record.
    pub subject: Option<PartyId>,
    /// The code by which data speaks of the subject.
    pub code: String,
    /// SHA-256 of the paper it signed, where a consumer put the consent on record.
    pub proof_sha256: Option<String>,
    /// When it was withdrawn.
    pub withdrawn: Option<Timestamp>,
    /// How many events changed it.
    pub revision: u64,
}

impl Consent {
    /// Whether it covers these fields of the resource for this consumer and purpose on that day.
    #[must_use]
    pub fn covers(&self, use_of: &ConsentedUse<'_>) -> bool {
        self.withdrawn.is_none()
            && self.given.consumer == *use_of.consumer
            && self.given.purpose == use_of.purpose
            && self.given.resource == *use_of.resource
            && self.given.term.covers(use_of.day)
            && use_of.fields.is_subset(&self.given.fields)
    }
}

/// A use that needs a consent.
#[derive(Debug, Clone, Copy)]
pub struct ConsentedUse<'a> {
    /// Who uses.
    pub consumer: &'a PartyId,
    /// For what.
    pub purpose: &'a str,
    /// Which resource.
    pub resource: &'a ResourceId,
    /// Which fields.
    pub fields: &'a BTreeSet<String>,
    /// On which day.
    pub day: jiff::civil::Date,
}

/// Decides a consent.
///
/// # Errors
/// Refuses a subject without a code, an unknown consumer, purpose, resource or field, a term that
/// is over or longer than the maximum, a live consent to the same use.
pub fn decide_give(state: &State, command: &GiveConsent, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let subject = state.party(&context.actor.party, context)?;
    let Some(code) = subject.code.clone() else {
        return Err(context.rules.input(
            Text::new("数据主体没有登记代码", "the data subject has no code on record"),
            Text::new(
                "请先登记统一社会信用代码",
                "register the unified social credit code first",
            ),
        ));
    };
    check_names(state, command, context)?;
    check_term(&command.term, context)?;
    let use_of = ConsentedUse {
        consumer: &command.consumer,
        purpose: &command.purpose,
        resource: &command.resource,
        fields: &command.fields,
        day: command.term.until,
    };
    if state.consents.contains_key(&command.id) || state.consents_of(&code).any(|consent| consent.covers(&use_of)) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("已有覆盖该用途的授权同意", "a live consent already covers this use"),
            Text::new(
                "无需重复授权；如需变更，请先撤回",
                "there is nothing to do; withdraw it first to change it",
            ),
        ));
    }
    Ok(vec![Event::ConsentGiven {
        given: Box::new(command.clone()),
        subject: Some(subject.id.clone()),
        code,
        proof_sha256: None,
    }])
}

/// Decides a withdrawal.
///
/// # Errors
/// Refuses one that is unknown or already withdrawn.
pub fn decide_withdraw(state: &State, command: &WithdrawConsent, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    check_live(state, &command.consent, context)?;
    Ok(vec![Event::ConsentWithdrawn {
        consent: command.consent.clone(),
        received: None,
    }])
}

/// A consent that is not withdrawn.
fn check_live(state: &State, id: &ConsentId, context: &Context<'_>) -> Result<(), Refusal> {
    if state.consent(id, context)?.withdrawn.is_none() {
        return Ok(());
    }
    Err(context.rules.wrong_state(
        Text::new("该授权同意已经撤回", "the consent is already withdrawn"),
        Text::new("无需重复撤回", "there is nothing to do"),
    ))
}

fn check_names(state: &State, command: &GiveConsent, context: &Context<'_>) -> Result<(), Refusal> {
    let consumer = state.present_party(&command.consumer, context)?;
    let resource = state.resource(&command.resource, context)?;
    if consumer.role != Role::Consumer {
        return Err(context.rules.input(
            Text::new(
                format!("`{}` 不是数据使用方", consumer.name),
                format!("`{}` is not a consumer", consumer.name),
            ),
            Text::new("请选择数据使用方", "choose a consumer"),
        ));
    }
    if !context.rules.parameters().purposes.contains(&command.purpose) {
        return Err(context.rules.refuse_by(
            Rule::Purpose,
            "list",
            Text::new(
                format!("用途 `{}` 不在统一目录中", command.purpose),
                format!("`{}` is not a known purpose", command.purpose),
            ),
            Text::new("请从用途目录中选择", "choose from the list of purposes"),
        ));
    }
    let known = resource.field_names();
    match command.fields.iter().find(|field| !known.contains(*field)) {
        Some(field) => Err(context.rules.unknown(&Text::new("字段", "field"), field)),
        None if command.fields.is_empty() => Err(context.rules.input(
            Text::new("未列明字段", "no field is named"),
            Text::new("请列明同意使用的字段", "name the fields you consent to"),
        )),
        None => Ok(()),
    }
}

fn check_term(term: &Term, context: &Context<'_>) -> Result<(), Refusal> {
    let most = context.rules.parameters().consent_days_max;
    let days = term
        .from
        .until(term.until)
        .map_or(i64::MAX, |span| i64::from(span.get_days()) + 1);
    if term.until < day_of(context.at) || !(1..=most).contains(&days) {
        return Err(context.rules.refuse_by(
            Rule::Consent,
            "days_max",
            Text::new(
                format!("授权同意的期限 {} 至 {} 无效", term.from, term.until),
                format!("a consent from {} to {} is not possible", term.from, term.until),
            ),
            Text::new(
                format!("期限应未届满，且不超过 {most} 天"),
                format!("it must not be over and not last longer than {most} days"),
            ),
        ));
    }
    Ok(())
}
