//! The workbench: where a developer of a scenario explores its data, runs queries under control and saves them.
//!
//! A run is on record like a call, without a fee: who ran it, what commits to its SQL and answer, the derivation that
//! let it through, the versions it read, the privacy it cost. It stands on the same chain as a call, so nobody learns
//! more at the workbench than a product could tell. What gives no answer is on record too, and counts.

mod attempt;
mod run;
mod runs;
mod save;
mod standing;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use attempt::{
    Attempt, AttemptEnd, AttemptKind, AttemptStep, Control, Recipe, RecordAttempt, RefusedAttempt, decide_attempt,
};
pub(crate) use attempt::{begun, check_charged};
pub(crate) use run::check_runs_of_day;
pub use run::{RunKind, RunQuery, decide_run};
pub(crate) use runs::count_answered;
pub use runs::{ATTEMPTS_KEPT, Runs, Tally};
pub use save::{SaveQuery, decide_save};
pub(crate) use standing::{check_chain, check_ran, check_standing};
pub use standing::{no_consented, workplace};

use crate::authorization::DataVersion;
use crate::event::{Actor, Moment};
use crate::identifier::{PartyId, ResourceId, ScenarioId};
use crate::product::CheckedQuery;
use crate::state::State;

/// What the platform found when it checked a query and ran it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ran {
    /// What the check found.
    pub checked: CheckedQuery,
    /// What was read.
    pub versions: Vec<DataVersion>,
    /// Loss of privacy by resource, in millionths of ρ: charged with the act, unless `charged`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub losses: BTreeMap<ResourceId, u64>,
    /// Whether the losses were charged when the attempt began, before anything was read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub charged: bool,
}

impl Ran {
    /// The losses that are charged with the act: none where its attempt was charged.
    #[must_use]
    pub fn due(&self) -> Option<&BTreeMap<ResourceId, u64>> {
        (!self.charged).then_some(&self.losses)
    }
}

/// What happened at the workbench.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum WorkbenchEvent {
    /// An attempt began, or was refused.
    Attempted {
        /// What is on record of it.
        attempt: Box<RecordAttempt>,
        /// Whose it is.
        by: Actor,
    },
    /// A query was run.
    Ran {
        /// What was run.
        run: Box<RunQuery>,
        /// Who ran it.
        by: Actor,
    },
    /// A query was saved.
    Saved {
        /// What was saved.
        saved: Box<SaveQuery>,
        /// Who saved it.
        by: Actor,
    },
}

impl WorkbenchEvent {
    /// The run or the saved query.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Attempted { attempt, .. } => attempt.id.as_str(),
            Self::Ran { run, .. } => run.id.as_str(),
            Self::Saved { saved, .. } => saved.id.as_str(),
        }
    }
}

/// A version of a saved query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedQuery {
    /// What was saved.
    pub saved: SaveQuery,
    /// Who saved it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

impl State {
    /// The attempts of a party under a scenario.
    #[must_use]
    pub fn runs_of(&self, party: &PartyId, scenario: &ScenarioId) -> Option<&Runs> {
        self.runs.get(&(party.clone(), scenario.clone())).map(|runs| &**runs)
    }

    /// What a party has run under a scenario on this day, and what it began and got nothing of.
    #[must_use]
    pub fn runs_on(&self, party: &PartyId, scenario: &ScenarioId, day: Date) -> u64 {
        self.runs_of(party, scenario).map_or(0, |runs| runs.runs_on(day))
    }

    /// The versions of a saved query of this party, oldest first.
    #[must_use]
    pub fn versions_of(&self, party: &PartyId, scenario: &ScenarioId, name: &str) -> Vec<&SavedQuery> {
        let saved = self.queries.values().map(|query| &**query);
        let same = |query: &&SavedQuery| {
            query.by.party == *party && query.saved.scenario == *scenario && query.saved.name == name
        };
        let mut versions: Vec<_> = saved.filter(same).collect();
        versions.sort_by_key(|query| query.saved.number);
        versions
    }
}

/// Applies an event of the workbench.
pub(crate) fn evolve(state: &mut State, event: &WorkbenchEvent, moment: Moment) {
    match event {
        WorkbenchEvent::Attempted { attempt, by } => runs::evolve(state, attempt, by, moment),
        WorkbenchEvent::Ran { run, by } => {
            count_answered(state, &run.id, (by, &run.scenario, run.kind.attempted()), moment);
        }
        WorkbenchEvent::Saved { saved, by } => {
            let query = SavedQuery {
                saved: (**saved).clone(),
                by: by.clone(),
                at: moment.at,
            };
            state.queries.insert_mut(saved.id.clone(), Arc::new(query));
        }
    }
}
