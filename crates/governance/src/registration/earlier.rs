//! 补录: what was shown to the public and registered before the platform comes on record with what shows it, applied for by
//! its holder and reviewed by the registrar's second pair of eyes. It is not shown to the public again, and keeps its code
//! and its days.

use jiff::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::apply::RegistrationType;
use super::assign::{check_code_is_free, query_code};
use super::{Certificate, Registration, RegistrationEvent, ReviewRegistration};
use crate::Context;
use crate::calendar::{Term, day_of};
use crate::event::Event;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// A registration that was made before the platform, as its papers say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EarlierRegistration {
    /// Who registered it (登记机构).
    pub registrar: String,
    /// The code that it was given.
    pub code: String,
    /// First and last day of its validity.
    pub valid: Term,
    /// SHA-256 of its certificate, lower-case hex.
    pub registered_sha256: String,
    /// First and last day on which it was shown to the public.
    pub publicity: Term,
    /// SHA-256 of what shows that, lower-case hex.
    pub publicized_sha256: String,
}

/// What an application says of an earlier registration holds together.
///
/// # Errors
/// Refuses it with any type but the first, without registrar, code or papers, a code that is taken, days that do not follow
/// each other, and a registration that is not in force.
pub(super) fn check_earlier(
    state: &State,
    (earlier, of): (&EarlierRegistration, RegistrationType),
    context: &Context<'_>,
) -> Result<(), Refusal> {
    if of != RegistrationType::First {
        return Err(refuse(
            (
                "补录的是平台启用前的首次登记",
                "what is put on record afterwards is a first registration from before the platform",
            ),
            (
                "请选择首次登记；其后的变更、更正、续期和注销在平台办理",
                "ask for a first registration; what follows it is applied for here",
            ),
            context,
        ));
    }
    context.rules.said(&earlier.registrar, ("登记机构", "registrar"))?;
    context.rules.said(&earlier.code, ("登记编码", "code"))?;
    if !is_sha256(&earlier.registered_sha256) || !is_sha256(&earlier.publicized_sha256) {
        return Err(refuse(
            (
                "未附登记证书或公示文件",
                "the certificate or what shows its publicity is missing",
            ),
            ("请附两份文件的 SHA-256", "give the SHA-256 of both"),
            context,
        ));
    }
    check_code_is_free(state, earlier.code.trim(), context)?;
    check_days(earlier, context)
}

/// It was shown to the public, then registered, before today, for no longer than a registration is valid, and still is.
fn check_days(earlier: &EarlierRegistration, context: &Context<'_>) -> Result<(), Refusal> {
    let (valid, publicity, today) = (earlier.valid, earlier.publicity, day_of(context.at));
    let years = context.rules.parameters().registration.years;
    let last = today.saturating_add(Span::new().years(years));
    let follow = publicity.from <= publicity.until && publicity.until <= valid.from;
    if follow && valid.from < today && valid.covers(today) && valid.until <= last {
        return Ok(());
    }
    Err(refuse(
        (
            &format!(
                "公示 {} 至 {}、有效期 {} 至 {} 前后不符、不早于今日、已届满或超过 {years} 年",
                publicity.from, publicity.until, valid.from, valid.until
            ),
            &format!(
                "shown from {} to {} and valid from {} to {}: these do not follow each other, are not before today, are over, or reach more than {years} years ahead",
                publicity.from, publicity.until, valid.from, valid.until
            ),
        ),
        (
            "请按证书和公示文件填写；已届满的，请申请首次登记",
            "state the days as the papers have them; of one that is over, apply for a first registration",
        ),
        context,
    ))
}

/// What a review that finds the papers in order leads to.
///
/// # Errors
/// Refuses it where the code has been taken meanwhile, or the registration has ended.
pub(super) fn taken_over(
    state: &State,
    (registration, earlier): (&Registration, &EarlierRegistration),
    review: &ReviewRegistration,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let code = earlier.code.trim();
    check_code_is_free(state, code, context)?;
    check_days(earlier, context)?;
    Ok(vec![Event::Registration(RegistrationEvent::TakenOver {
        review: review.clone(),
        certificate: Certificate {
            code: code.to_owned(),
            query_code: query_code(&registration.application.id, code),
            valid: earlier.valid,
            cancelled: false,
        },
    })])
}

fn refuse(what: (&str, &str), remedy: (&str, &str), context: &Context<'_>) -> Refusal {
    let (message, remedy) = (Text::new(what.0, what.1), Text::new(remedy.0, remedy.1));
    context.rules.refuse(Rule::RegistrationEarlier, message, remedy)
}
