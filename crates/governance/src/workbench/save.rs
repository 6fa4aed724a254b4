//! Saving a query, version by version.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{WorkbenchEvent, check_standing};
use crate::Context;
use crate::event::Event;
use crate::identifier::{QueryId, ScenarioId};
use crate::product::{CheckedQuery, Parameter, check_fields};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Saves a version of a query that has passed the check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SaveQuery {
    /// Id of this version.
    pub id: QueryId,
    /// The scenario it belongs to.
    pub scenario: ScenarioId,
    /// Its name; versions of a query share it.
    pub name: String,
    /// Its version, from 1.
    pub number: u32,
    /// Its text.
    pub sql: String,
    /// Its parameters, as a product states them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// What the platform found when it checked it.
    #[schemars(skip)]
    pub checked: CheckedQuery,
}

/// Decides whether a query is saved.
///
/// # Errors
/// Refuses whoever may not work under the scenario, what the grant does not cover, and a version that is not the next.
pub fn decide_save(state: &State, command: &SaveQuery, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    check_standing(state, scenario, context)?;
    context.rules.said(&command.name, ("查询名称", "name of the query"))?;
    context.rules.said(&command.sql, ("查询语句", "text of the query"))?;
    check_parameters(&command.parameters, context)?;
    check_fields(scenario, &command.checked, context)?;
    check_number(state, command, context)?;
    Ok(vec![Event::Workbench(WorkbenchEvent::Saved {
        saved: Box::new(command.clone()),
        by: context.actor.clone(),
    })])
}

/// Parameters are told apart by their names.
fn check_parameters(parameters: &[Parameter], context: &Context<'_>) -> Result<(), Refusal> {
    let mut names = BTreeSet::new();
    for parameter in parameters {
        context
            .rules
            .said(&parameter.name, ("参数名称", "name of a parameter"))?;
        if !names.insert(&parameter.name) {
            return Err(context.rules.input(
                Text::new(
                    format!("参数 `{}` 重复", parameter.name),
                    format!("the parameter `{}` is there twice", parameter.name),
                ),
                Text::new("请更名", "give it another name"),
            ));
        }
    }
    Ok(())
}

/// Versions are counted from 1 without a gap.
fn check_number(state: &State, command: &SaveQuery, context: &Context<'_>) -> Result<(), Refusal> {
    let versions = state.versions_of(&context.actor.party, &command.scenario, &command.name);
    let next = versions.last().map_or(1, |last| last.saved.number.saturating_add(1));
    if command.number == next && !state.queries.contains_key(&command.id) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Duplicate,
        Text::new(
            format!("查询“{}”的下一版为第 {next} 版", command.name),
            format!("the next version of the query `{}` is {next}", command.name),
        ),
        Text::new("请刷新后重新保存", "reload, and save it again"),
    ))
}
