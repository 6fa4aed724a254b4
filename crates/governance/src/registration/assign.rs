//! The code and the certificate.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Registration, RegistrationEvent, RegistrationStatus, RegistrationType, StepKind, check_not_in_use, misplaced,
};
use crate::Context;
use crate::calendar::{Term, day_of};
use crate::event::Event;
use crate::identifier::RegistrationId;
use crate::refusal::Refusal;
use crate::resource::changed_with;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Letters of a query code.
const QUERY_CODE_LETTERS: usize = 16;

/// Gives a registration its code, or certifies what was asked of one that has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignCode {
    /// Which.
    pub registration: RegistrationId,
    /// The nationally unified code of a first registration; the others keep theirs.
    #[serde(default)]
    pub code: String,
}

/// What is certified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The nationally unified code.
    pub code: String,
    /// The code by which anybody can query it.
    pub query_code: String,
    /// First and last day of its validity.
    pub valid: Term,
    /// Whether the registration is cancelled by it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
}

/// Decides a code.
///
/// # Errors
/// Refuses it before the publicity is over, while an objection is open, a first code that is missing or taken, and the
/// cancellation of what is in use and has to be registered.
pub fn decide_assign(state: &State, command: &AssignCode, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let registration = state.registration(&command.registration, context)?;
    check_publicity(registration, context)?;
    let today = day_of(context.at);
    let thing = &registration.application.thing;
    // Whether it was in force is asked when it is applied for: a certificate that ends under way is still what is
    // renewed, changed or cancelled. By earlier packs it was passed over.
    let follows_ended = context.rules.parameters().registration.ended_under_way;
    let in_force = || state.certificate_of(thing).is_some_and(|it| it.valid.covers(today));
    let certificate = match registration.application.registration_type {
        RegistrationType::First => first(state, command, today, context)?,
        _ if !follows_ended && !in_force() => first(state, command, today, context)?,
        kind => {
            if kind == RegistrationType::Cancellation {
                check_not_in_use(state, thing, context)?;
            }
            let before = last_certificate(state, registration, context)?;
            check_kept(command, before, context)?;
            follow(kind, before, today, context)
        }
    };
    let mut events = vec![Event::Registration(RegistrationEvent::Assigned {
        registration: command.registration.clone(),
        certificate,
    })];
    if registration.application.registration_type.changes() {
        events.extend(changed_with(state, thing));
    }
    Ok(events)
}

fn check_publicity(registration: &Registration, context: &Context<'_>) -> Result<(), Refusal> {
    let RegistrationStatus::Publicized { stopped, .. } = &registration.status else {
        return Err(misplaced(registration, context));
    };
    if stopped.is_some() {
        return Err(context.rules.refuse(
            Rule::RegistrationObjection,
            Text::new(
                "有异议尚未处理，公示中止",
                "an objection is open, the publicity is suspended",
            ),
            Text::new("请先处理异议", "decide on the objection first"),
        ));
    }
    let step = registration.steps.get(&StepKind::Publicity);
    let deadline = step.map(|step| step.deadline.by(context.rules.working_days()));
    match deadline {
        Some(deadline) if deadline.provisional || !deadline.is_over(day_of(context.at)) => {
            let due = deadline.due;
            Err(context.rules.refuse(
                Rule::RegistrationSteps,
                Text::new(
                    format!("公示至 {due}，期满后方可赋码"),
                    format!("it is shown to the public until {due}"),
                ),
                Text::new(
                    "请待公示期满；跨入尚未安排节假日的年份的，先补充工作日历",
                    "assign the code after that; where the calendar does not know the year, add it first",
                ),
            ))
        }
        Some(_) | None => Ok(()),
    }
}

fn first(state: &State, command: &AssignCode, today: Date, context: &Context<'_>) -> Result<Certificate, Refusal> {
    let code = command.code.trim();
    context.rules.said(code, ("登记编码", "code"))?;
    check_code_is_free(state, code, context)?;
    let years = context.rules.parameters().registration.years;
    Ok(Certificate {
        code: code.to_owned(),
        query_code: query_code(&command.registration, code),
        valid: Term {
            from: today,
            until: later(today, years).saturating_sub(jiff::Span::new().days(1)),
        },
        cancelled: false,
    })
}

/// A code is that of one thing.
pub(super) fn check_code_is_free(state: &State, code: &str, context: &Context<'_>) -> Result<(), Refusal> {
    let mut certificates = state.registrations.values().filter_map(|it| it.certificate());
    if !certificates.any(|certificate| certificate.code == code) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Duplicate,
        Text::new(format!("编码 `{code}` 已被使用"), format!("the code `{code}` is taken")),
        Text::new(
            "请核对全国平台所赋编码",
            "check the code that the national platform gave",
        ),
    ))
}

/// The certificate that an application speaks of, whether or not its time is over.
fn last_certificate<'s>(
    state: &'s State,
    registration: &Registration,
    context: &Context<'_>,
) -> Result<&'s Certificate, Refusal> {
    state.certificate_of(&registration.application.thing).ok_or_else(|| {
        context.rules.refuse(
            Rule::RegistrationType,
            Text::new(
                "没有可据以办理的登记",
                "there is no registration that this could follow",
            ),
            Text::new(
                "请申请首次登记",
                "apply for its first registration (`registration.apply`)",
            ),
        )
    })
}

/// A code stays with what it was given to.
fn check_kept(command: &AssignCode, before: &Certificate, context: &Context<'_>) -> Result<(), Refusal> {
    let code = command.code.trim();
    if code.is_empty() || code == before.code {
        return Ok(());
    }
    Err(context.rules.input(
        Text::new(
            format!("该登记的编码是 `{}`，不再另赋", before.code),
            format!("the code of this registration is `{}`, and stays", before.code),
        ),
        Text::new("请留空", "leave it empty"),
    ))
}

fn follow(kind: RegistrationType, before: &Certificate, today: Date, context: &Context<'_>) -> Certificate {
    let Term { from, until } = before.valid;
    let until = match kind {
        RegistrationType::First | RegistrationType::Modification | RegistrationType::Correction => until,
        RegistrationType::Renewal => later(until, context.rules.parameters().registration.years),
        RegistrationType::Cancellation => until.min(today),
    };
    Certificate {
        valid: Term { from, until },
        cancelled: kind == RegistrationType::Cancellation,
        ..before.clone()
    }
}

fn later(day: Date, years: i16) -> Date {
    day.saturating_add(jiff::Span::new().years(years))
}

/// It is no secret, since what is registered is public; it is short enough to type, and does not tell the next one.
pub(super) fn query_code(registration: &RegistrationId, code: &str) -> String {
    let digest = Sha256::digest(format!("{registration}\n{code}"));
    let mut text = hex::encode_upper(digest);
    text.truncate(QUERY_CODE_LETTERS);
    text
}
