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

/// Refuses to cancel the registration of a resource that a granted scenario uses, where the packs want it registered.
///
/// # Errors
/// Names the scenario.
pub(crate) fn check_not_in_use(state: &State, thing: &Registrable, context: &Context<'_>) -> Result<(), Refusal> {
    let required = context.rules.parameters().registration.required.contains(thing.word());
    let Registrable::Resource { resource } = thing else {
        return Ok(());
    };
    let today = day_of(context.at);
    let mut scenarios = state.scenarios.values();
    let using = scenarios.find(|scenario| {
        let application = &scenario.application;
        let agreement = state.agreements.get(&application.agreement);
        let runs = scenario.is_granted() && application.term.until >= today;
        runs && application.resources.contains_key(resource) && agreement.is_some_and(|it| it.is_alive())
    });
    let Some(scenario) = using.filter(|_| required) else {
        return Ok(());
    };
    let name = &scenario.application.name;
    Err(context.rules.refuse(
        Rule::RegistrationRequired,
        Text::new(
            format!("场景“{name}”仍在使用该资源，其登记不得注销"),
            format!("the scenario `{name}` uses the resource, and its registration is not cancelled meanwhile"),
        ),
        Text::new(
            "请先终止该场景，或缩小其授权",
            "end that scenario, or narrow it, first (`scenario.end`, `scenario.narrow`)",
        ),
    ))
}
