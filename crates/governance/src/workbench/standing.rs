//! On what a developer stands at the workbench: the chain of a call, without a subscription.

use crate::Context;
use crate::authorization::link;
use crate::calendar::day_of;
use crate::identifier::{PartyId, ScenarioId};
use crate::power::Act;
use crate::product::{CheckedQuery, check_developer, check_fields};
use crate::refusal::Refusal;
use crate::rules::{Rule, Rules};
use crate::scenario::{Scenario, check_agreement};
use crate::state::State;
use crate::text::Text;

use super::Ran;

/// The scenario, if the actor may run queries under it now. For whoever computes before the run is decided.
///
/// # Errors
/// Refuses a role without the power, a scenario that is not on record or not the actor's, and a chain that does not hold.
pub fn workplace<'s>(state: &'s State, id: &ScenarioId, context: &Context<'_>) -> Result<&'s Scenario, Refusal> {
    let party = state.present_party(&context.actor.party, context)?;
    let may = |owner: &PartyId| context.powers.allows(&party.id, party.role, Act::RunQuery, Some(owner));
    if may(&party.id) {
        let scenario = state.scenario(id, context)?;
        let agreement = state.agreement(&scenario.application.agreement, context)?;
        if may(&agreement.terms.operator) {
            check_standing(state, scenario, context)?;
            return Ok(scenario);
        }
    }
    Err(context.rules.refuse(
        Rule::Power,
        Text::new(
            format!("`{}`（{}）无权使用该场景的开发工作台", party.name, party.role.zh()),
            format!(
                "`{}` ({}) may not work under this scenario",
                party.name,
                party.role.id()
            ),
        ),
        Text::new(
            "请由该场景的运营机构或其引入的合作方办理",
            "let the operator of the scenario or a partner engaged for it do it",
        ),
    ))
}

/// The actor may work under the scenario now: engaged for it, and every link above it holds.
pub(crate) fn check_standing(state: &State, scenario: &Scenario, context: &Context<'_>) -> Result<(), Refusal> {
    check_developer(state, scenario, context)?;
    check_chain(state, scenario, context)
}

/// Every link from the agreement to the scenario's approvals holds now.
pub(crate) fn check_chain(state: &State, scenario: &Scenario, context: &Context<'_>) -> Result<(), Refusal> {
    check_agreement(state, scenario, context)?;
    let day = day_of(context.at);
    link::scenario_in_force(scenario, day, context)?;
    link::approvals(scenario, day, context)
}

/// What was run is inside the grant, may go where the developer is, speaks of nobody by consent, and read what is in operation now.
pub(crate) fn check_ran(state: &State, scenario: &Scenario, ran: &Ran, context: &Context<'_>) -> Result<(), Refusal> {
    check_fields(scenario, &ran.checked, context)?;
    no_consented(&ran.checked, context.rules)?;
    ran.checked.models_in_force(state, context)?;
    crate::border::check_developed(state, &ran.checked, &scenario.application.agreement, context)?;
    if link::versions(state, &ran.checked, context)? == ran.versions {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::VersionAvailable,
        Text::new(
            "查询期间数据版本已更换",
            "the versions that the query read are no longer those in operation",
        ),
        Text::new("请重新运行", "run it again"),
    ))
}

/// Consent is given to consumers, so a developer reads nothing that needs it.
///
/// # Errors
/// Refuses a query over fields that need consent.
pub fn no_consented(checked: &CheckedQuery, rules: &Rules) -> Result<(), Refusal> {
    match checked.consented.keys().next() {
        None => Ok(()),
        Some(resource) => Err(rules.refuse(
            Rule::Consent,
            Text::new(
                format!("查询使用了 `{resource}` 中需数据主体授权同意的字段；同意是给使用方的，不及于开发"),
                format!("the query uses fields of `{resource}` that need consent, which subjects give to consumers, not to developers"),
            ),
            Text::new(
                "开发时请勿使用这些字段；产品提交后由使用方凭同意调用",
                "leave these fields out here; a product may use them for a consumer who has the consent",
            ),
        )),
    }
}
