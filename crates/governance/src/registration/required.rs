//! Whether something has to be registered before it is used.

use super::Registrable;
use crate::Context;
use crate::calendar::day_of;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Refuses a thing of a kind that the packs want registered, without a registration in force.
///
/// # Errors
/// When it is not registered, or its time is over.
pub(crate) fn check_required(state: &State, thing: &Registrable, context: &Context<'_>) -> Result<(), Refusal> {
    let required = &context.rules.parameters().registration.required;
    let certificate = state.certificate_of(thing);
    let in_force = certificate.is_some_and(|certificate| certificate.valid.covers(day_of(context.at)));
    if in_force || !required.contains(thing.word()) {
        return Ok(());
    }
    let name = thing.name(state, context)?;
    Err(context.rules.refuse(
        Rule::RegistrationRequired,
        Text::new(
            format!("“{name}”尚未登记，或登记已过有效期"),
            format!("`{name}` is not registered, or its registration has run out"),
        ),
        Text::new("请先办理登记", "register it first"),
    ))
}
