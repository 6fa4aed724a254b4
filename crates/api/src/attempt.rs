//! Attempts at the workbench: what was asked of the data, and what it came to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::workbench::Algorithm;

/// The attempts of a party under a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartyRuns {
    /// Whose they are.
    pub party: Named,
    /// What they came to.
    pub tally: RunTally,
    /// Today's numbers and their limits.
    pub today: RunsToday,
    /// The newest, newest first; older ones are in the ledger.
    pub newest: Vec<WorkRun>,
}

/// What attempts came to. They are those answered, those refused, and those that have not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunTally {
    /// How many there were.
    pub attempts: u64,
    /// How many were answered.
    pub answered: u64,
    /// How many began and have not ended: they run, or the platform stopped.
    pub open: u64,
    /// How many were refused after data was read, so that the refusal may tell of the data.
    pub refused_on_data: u64,
    /// How many each control refused.
    pub refused: Vec<RefusedBy>,
}

/// How many attempts a control refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefusedBy {
    /// `check` and `record` before anything was read; on data `time`, `memory`, `rows`, `bytes`, `model`, `execution`, and
    /// of trainings `subjects`, `rest`, `difference`, `apart`, `influence`, `label`, `fit`.
    pub control: String,
    /// How many.
    pub count: u64,
}

/// What a day has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunsToday {
    /// What began today.
    pub runs: u64,
    /// Of at most so many.
    pub runs_max: u64,
    /// What was refused today before anything was read.
    pub refusals: u64,
    /// Of at most so many.
    pub refusals_max: u64,
}

/// An attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkRun {
    /// Its id.
    pub id: String,
    /// `query`, `sample`, `training` or `output`.
    pub kind: String,
    /// When it began, or was refused.
    pub at: String,
    /// Salted commitment to its SQL.
    pub sql_commitment: Option<String>,
    /// Of a training, what it was to learn.
    pub training: Option<TrainingRecipe>,
    /// `open`, `answered` or `refused`.
    pub state: String,
    /// What refused it; none where nothing did.
    pub refused: Option<RunRefusal>,
}

/// What a training was to learn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrainingRecipe {
    /// Name of the model.
    pub name: String,
    /// The query of its training data.
    pub sql: String,
    /// How it was to be trained.
    pub algorithm: Algorithm,
}

/// Why an attempt gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunRefusal {
    /// What refused it, as in [`RefusedBy`].
    pub control: String,
    /// Id of the rule.
    pub rule: String,
    /// The column, where one is meant.
    pub column: Option<String>,
    /// Where in the query, where a place is known.
    pub location: Option<crate::problem::Location>,
}
