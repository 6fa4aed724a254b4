//! Running a query under control.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Attempt, AttemptKind, Ran, WorkbenchEvent, begun, check_charged, check_ran, check_standing};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{RunId, ScenarioId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// What a commitment of the ledger starts with, by the crypto suite of the district.
const COMMITMENTS: [&str; 2] = ["sha256:", "sm3:"];

/// What a run was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// A query of the developer.
    Query,
    /// The marginals of a table, from which a synthetic sample is drawn.
    Sample,
}

impl RunKind {
    /// What it was when it began.
    #[must_use]
    pub fn attempted(self) -> AttemptKind {
        match self {
            Self::Query => AttemptKind::Query,
            Self::Sample => AttemptKind::Sample,
        }
    }
}

/// A query that the platform has run under control; its answer leaves once this is on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunQuery {
    /// Its id, under which it began.
    pub id: RunId,
    /// The scenario it was run under.
    pub scenario: ScenarioId,
    /// What it was for.
    pub kind: RunKind,
    /// Salted commitment to its SQL, as leaves write it.
    pub sql_commitment: String,
    /// Salted commitment to its answer, as leaves write it.
    pub answer_commitment: String,
    /// What the platform found.
    #[schemars(skip)]
    pub ran: Ran,
}

/// Decides whether the answer of a run may leave.
///
/// # Errors
/// Refuses whoever may not work under the scenario, what the grant does not cover, data that is no longer in operation,
/// and more runs than a day has.
pub fn decide_run(state: &State, command: &RunQuery, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    check_standing(state, scenario, context)?;
    let attempted = (&command.scenario, command.kind.attempted());
    let begun = begun(state, &command.id, attempted, context)?;
    if begun.is_none() && state.revision(command.id.as_str()) > 0 {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该次运行已记录", "this run is on record"),
            Text::new("请重新运行", "run it again"),
        ));
    }
    check_ran(state, scenario, &command.ran, context)?;
    check_commitment(&[&command.sql_commitment, &command.answer_commitment], context)?;
    check_charged(begun, &command.ran, context)?;
    match begun {
        // What began was counted then.
        Some(attempt) => check_same(attempt, command, context)?,
        None => check_runs_of_day(state, &command.scenario, context)?,
    }
    Ok(vec![Event::Workbench(WorkbenchEvent::Ran {
        run: Box::new(command.clone()),
        by: context.actor.clone(),
    })])
}

/// What ran is what began.
fn check_same(attempt: &Attempt, command: &RunQuery, context: &Context<'_>) -> Result<(), Refusal> {
    match attempt.sql_commitment.as_ref() == Some(&command.sql_commitment) {
        true => Ok(()),
        false => Err(context.rules.refuse(
            Rule::WorkbenchRun,
            Text::new(
                "运行的查询不是开始时的查询",
                "the query that ran is not the one that began",
            ),
            Text::new("请由平台重新运行", "let the platform run it again"),
        )),
    }
}

/// A run commits to what was asked and answered.
pub(super) fn check_commitment(commitments: &[&str], context: &Context<'_>) -> Result<(), Refusal> {
    match commitments.iter().all(|text| is_commitment(text)) {
        true => Ok(()),
        false => Err(context.rules.refuse(
            Rule::WorkbenchRun,
            Text::new(
                "运行记录未承诺其查询与结果",
                "the run does not commit to what was asked and answered",
            ),
            Text::new("请由平台重新运行", "let the platform run it again"),
        )),
    }
}

/// A day has so many runs, trainings and outputs, whether they gave something or not.
pub(crate) fn check_runs_of_day(state: &State, scenario: &ScenarioId, context: &Context<'_>) -> Result<(), Refusal> {
    let most = context.rules.parameters().workbench_runs_max;
    let runs = state.runs_on(&context.actor.party, scenario, day_of(context.at));
    match runs < most {
        true => Ok(()),
        false => Err(context.rules.refuse(
            Rule::WorkbenchRun,
            Text::new(
                format!("今日在该场景下已运行 {runs} 次，每日至多 {most} 次"),
                format!("{runs} runs were begun under this scenario today, of at most {most}"),
            ),
            Text::new("请次日再运行，或提交产品", "go on tomorrow, or submit a product"),
        )),
    }
}

fn is_commitment(text: &str) -> bool {
    // Both digests have 256 bits.
    let digits = COMMITMENTS.iter().find_map(|suite| text.strip_prefix(suite));
    digits.is_some_and(is_sha256)
}
