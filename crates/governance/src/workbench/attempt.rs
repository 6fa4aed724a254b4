//! Attempts at the workbench. Whatever is about to read data is put on record before it reads, so that nothing that read
//! goes uncounted: a crash in between leaves an attempt that has not ended. And what gives no answer leaves a refusal.
//!
//! ```text
//! began ─► answered    (a run, a training or an output that names it)
//!   ├────► refused     (by a control, on the data)
//!   └────► stays       (the platform stopped in between; it counts)
//! refused              (by the check, or by the record: no data was read)
//! ```
//!
//! What began has its loss of privacy charged before it reads: an error, or an answer too large to leave, tells of the
//! noisy value what an answer would.
//!
//! What began counts toward the runs of the day, however it ends: that a control refused is itself an answer of one bit
//! about the data. What the check refuses tells nothing of the data, only of schema and rules that the developer is
//! shown anyway; such refusals have a number of their own, which bounds what they add to the record.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::run::{check_commitment, check_runs_of_day};
use super::{Ran, WorkbenchEvent, check_standing};
use crate::Context;
use crate::calendar::day_of;
use crate::event::{Actor, Event};
use crate::identifier::{ResourceId, RunId, ScenarioId};
use crate::model::Algorithm;
use crate::power::Act;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// What is attempted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttemptKind {
    /// A query of the developer.
    Query,
    /// The marginals of a table.
    Sample,
    /// A model, trained.
    Training,
    /// The content of an output.
    Output,
}

impl AttemptKind {
    /// The act that it is part of: a post that carries the act carries the attempt.
    #[must_use]
    pub fn act(self) -> Act {
        match self {
            Self::Query | Self::Sample => Act::RunQuery,
            Self::Training => Act::TrainModel,
            Self::Output => Act::SubmitOutput,
        }
    }
}

/// What refused an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// The information-flow check, before anything was read.
    Check,
    /// A rule that asks the record and not the data: the day's number, a budget, a version, a chain that ended.
    Record,
    /// The time of a query or a fit.
    Time,
    /// The memory of a query.
    Memory,
    /// The rows of an answer.
    Rows,
    /// The size of an answer.
    Bytes,
    /// The limits of a model that the query calls.
    Model,
    /// An error while it ran.
    Execution,
    /// Training: too few subjects.
    Subjects,
    /// Training: the query leaves out few subjects.
    Rest,
    /// Training: few subjects are others than those of a training before.
    Difference,
    /// Training: a column sets few subjects apart.
    Apart,
    /// Training: one subject has too much influence.
    Influence,
    /// Training: the label is not of the algorithm's kind.
    Label,
    /// Training: the fit comes to no end.
    Fit,
}

impl Control {
    /// Whether the data was read before it refused, so that the refusal may tell of the data.
    #[must_use]
    pub fn follows_data(self) -> bool {
        !matches!(self, Self::Check | Self::Record)
    }
}

/// Why an attempt gave nothing: rule, column and place, never a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedAttempt {
    /// What refused it.
    pub control: Control,
    /// The rule, as the refusal names it.
    pub rule: String,
    /// The column, where one is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Line and column in the query, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<(u64, u64)>,
}

/// What is put on record of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptStep {
    /// It passed the check, and is about to read data.
    Began,
    /// It gave nothing.
    Refused(RefusedAttempt),
}

/// What a training was to learn. It is on record with the training, as it is with a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// Name of the model.
    pub name: String,
    /// The query of its training data.
    pub sql: String,
    /// How it was to be trained.
    pub algorithm: Algorithm,
}

/// Puts the beginning of an attempt on record, or its refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordAttempt {
    /// Its id, which a run has too.
    pub id: RunId,
    /// The scenario it was made under.
    pub scenario: ScenarioId,
    /// What was attempted.
    pub kind: AttemptKind,
    /// Salted commitment to its SQL, as leaves write it.
    pub sql_commitment: String,
    /// Of a training, what it was to learn.
    #[schemars(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<Box<Recipe>>,
    /// Loss of privacy by resource of what begins, in millionths of ρ: charged with this, whatever comes of it.
    #[schemars(skip)]
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub losses: BTreeMap<ResourceId, u64>,
    /// What is put on record.
    #[schemars(skip)]
    pub step: AttemptStep,
}

/// How an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptEnd {
    /// It began, and has not ended.
    Open,
    /// It gave an answer, a model or an output.
    Answered,
    /// It gave nothing.
    Refused(RefusedAttempt),
}

/// An attempt as the state keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its id.
    pub id: RunId,
    /// What was attempted.
    pub kind: AttemptKind,
    /// Salted commitment to its SQL.
    pub sql_commitment: Option<String>,
    /// Of a training, what it was to learn.
    pub training: Option<Box<Recipe>>,
    /// Loss of privacy by resource that was charged when it began, in millionths of ρ.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub losses: BTreeMap<ResourceId, u64>,
    /// Who made it.
    pub by: Actor,
    /// When it began, or was refused.
    pub at: Timestamp,
    /// How it stands.
    pub end: AttemptEnd,
}

impl Attempt {
    /// Whether it began and has not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.end == AttemptEnd::Open
    }
}

/// Decides whether a step of an attempt goes on record.
///
/// # Errors
/// Refuses whoever may not work under the scenario, more runs or refusals than a day has, and a refusal on data by an
/// attempt that did not begin.
pub fn decide_attempt(state: &State, command: &RecordAttempt, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    check_commitment(&[&command.sql_commitment], context)?;
    let ends = matches!(command.step, AttemptStep::Refused(_))
        && begun(state, &command.id, (&command.scenario, command.kind), context)?.is_some();
    // What has read data is counted as refused even where its standing has ended meanwhile.
    if !ends {
        check_standing(state, scenario, context)?;
        check_new(state, command, context)?;
        check_day(state, command, context)?;
    }
    let mut events = vec![Event::Workbench(WorkbenchEvent::Attempted {
        attempt: Box::new(command.clone()),
        by: context.actor.clone(),
    })];
    if matches!(command.step, AttemptStep::Refused(_)) {
        events.extend(crate::alert::at_workbench(state, &command.scenario, context));
    }
    Ok(events)
}

/// The attempt of the actor that is open under this id.
///
/// # Errors
/// Refuses one of another kind than what claims to end it.
pub(crate) fn begun<'s>(
    state: &'s State,
    id: &RunId,
    (scenario, kind): (&ScenarioId, AttemptKind),
    context: &Context<'_>,
) -> Result<Option<&'s Attempt>, Refusal> {
    let runs = state.runs_of(&context.actor.party, scenario);
    match runs.and_then(|runs| runs.open(id)) {
        Some(attempt) if attempt.kind != kind => Err(context.rules.refuse(
            Rule::WorkbenchRun,
            Text::new("该次运行开始时并非此类", "what began under this id is of another kind"),
            Text::new("请由平台重新运行", "let the platform run it again"),
        )),
        open => Ok(open),
    }
}

/// What says that its losses were charged when it began is an attempt that was charged them.
pub(crate) fn check_charged(attempt: Option<&Attempt>, ran: &Ran, context: &Context<'_>) -> Result<(), Refusal> {
    let same = match ran.charged {
        true => attempt.is_some_and(|attempt| attempt.losses == ran.losses),
        false => attempt.is_none_or(|attempt| attempt.losses.is_empty()),
    };
    match same {
        true => Ok(()),
        false => Err(context.rules.refuse(
            Rule::WorkbenchRun,
            Text::new(
                "隐私预算的扣减与运行开始时的记录不一致",
                "the privacy charged is not what the attempt began with",
            ),
            Text::new("请由平台重新运行", "let the platform run it again"),
        )),
    }
}

fn check_new(state: &State, command: &RecordAttempt, context: &Context<'_>) -> Result<(), Refusal> {
    match state.revision(command.id.as_str()) {
        0 => Ok(()),
        _ => Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该次运行已记录", "this run is on record"),
            Text::new("请重新运行", "run it again"),
        )),
    }
}

/// A day has so many runs, and so many refusals before anything is read.
fn check_day(state: &State, command: &RecordAttempt, context: &Context<'_>) -> Result<(), Refusal> {
    let AttemptStep::Refused(refused) = &command.step else {
        return check_runs_of_day(state, &command.scenario, context);
    };
    if refused.control.follows_data() {
        return Err(context.rules.refuse(
            Rule::WorkbenchRun,
            Text::new(
                "读取数据的运行须先记录其开始",
                "a run that reads data is on record before it reads",
            ),
            Text::new("请由平台重新运行", "let the platform run it again"),
        ));
    }
    let most = context.rules.parameters().workbench_refusals_max;
    let day = day_of(context.at);
    let runs = state.runs_of(&context.actor.party, &command.scenario);
    let refusals = runs.map_or(0, |runs| runs.refusals_on(day));
    match refusals < most {
        true => Ok(()),
        false => Err(context.rules.refuse(
            Rule::WorkbenchRun,
            Text::new(
                format!("今日在该场景下已有 {refusals} 次未读取数据即被拒绝，每日至多 {most} 次"),
                format!("{refusals} attempts under this scenario were refused today before anything was read, of at most {most}"),
            ),
            Text::new(
                "请先检查查询，次日再运行",
                "check the query first, and run it tomorrow",
            ),
        )),
    }
}
