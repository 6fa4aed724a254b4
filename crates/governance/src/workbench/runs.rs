//! What the state keeps of a party's attempts under a scenario: the day's numbers, what has become of all of them, and
//! the newest ones. Older ones are in the ledger.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::attempt::{Attempt, AttemptEnd, Control, RefusedAttempt};
use super::{AttemptKind, RecordAttempt};
use crate::calendar::day_of;
use crate::event::{Actor, Moment};
use crate::identifier::{RunId, ScenarioId};
use crate::state::State;
use crate::workbench::AttemptStep;

/// Most attempts of a party under a scenario that the state keeps one by one.
pub const ATTEMPTS_KEPT: usize = 200;

/// What has become of attempts: `attempts` are those answered, those refused, and those that have not ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many there were.
    pub attempts: u64,
    /// How many were answered.
    pub answered: u64,
    /// How many each control refused.
    pub refused: BTreeMap<Control, u64>,
}

impl Tally {
    /// How many were refused on the data.
    #[must_use]
    pub fn refused_on_data(&self) -> u64 {
        let on_data = self.refused.iter().filter(|(control, _)| control.follows_data());
        on_data.map(|(_, refused)| refused).sum()
    }

    /// How many began and have not ended.
    #[must_use]
    pub fn open(&self) -> u64 {
        let ended = self.answered + self.refused.values().sum::<u64>();
        self.attempts.saturating_sub(ended)
    }
}

/// The attempts of a party under a scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// The last day that has any.
    day: Date,
    /// What began on that day.
    runs: u64,
    /// What was refused on that day before anything was read.
    refusals: u64,
    /// What was refused on that day, whether or not something was read.
    refused: u64,
    /// All of them.
    pub tally: Tally,
    /// The newest, oldest first.
    pub newest: Vec<Arc<Attempt>>,
}

impl Runs {
    /// How many began on a day.
    #[must_use]
    pub fn runs_on(&self, day: Date) -> u64 {
        if self.day == day { self.runs } else { 0 }
    }

    /// How many were refused on a day before anything was read.
    #[must_use]
    pub fn refusals_on(&self, day: Date) -> u64 {
        if self.day == day { self.refusals } else { 0 }
    }

    /// How many were refused on a day, whether or not something was read.
    #[must_use]
    pub fn refused_on(&self, day: Date) -> u64 {
        if self.day == day { self.refused } else { 0 }
    }

    /// The attempt with this id, if it is open.
    pub(crate) fn open(&self, id: &RunId) -> Option<&Attempt> {
        let mut newest = self.newest.iter().rev().map(|attempt| &**attempt);
        newest.find(|attempt| attempt.id == *id && attempt.is_open())
    }

    /// Ends an open attempt; says whether there was one.
    fn end(&mut self, id: &RunId, end: &AttemptEnd, day: Date) -> bool {
        let mut newest = self.newest.iter_mut().rev();
        let Some(attempt) = newest.find(|attempt| attempt.id == *id && attempt.is_open()) else {
            return false;
        };
        Arc::make_mut(attempt).end = end.clone();
        self.count_end(end, day);
        true
    }

    /// Adds an attempt of a day.
    fn add(&mut self, attempt: Attempt, day: Date) {
        self.begin(day);
        match attempt.end {
            AttemptEnd::Open | AttemptEnd::Answered => self.runs += 1,
            AttemptEnd::Refused(_) => self.refusals += 1,
        }
        self.tally.attempts += 1;
        self.count_end(&attempt.end, day);
        self.newest.push(Arc::new(attempt));
        if self.newest.len() > ATTEMPTS_KEPT {
            // What has not ended stays, so that it can; many at once give way all the same.
            let ended = self.newest.iter().position(|attempt| !attempt.is_open());
            self.newest.remove(ended.unwrap_or(0));
        }
    }

    /// A day begins with none.
    fn begin(&mut self, day: Date) {
        if self.day != day {
            (self.day, self.runs, self.refusals, self.refused) = (day, 0, 0, 0);
        }
    }

    fn count_end(&mut self, end: &AttemptEnd, day: Date) {
        match end {
            AttemptEnd::Open => {}
            AttemptEnd::Answered => self.tally.answered += 1,
            AttemptEnd::Refused(RefusedAttempt { control, .. }) => {
                *self.tally.refused.entry(*control).or_default() += 1;
                self.begin(day);
                self.refused += 1;
            }
        }
    }
}

/// Applies a step of an attempt.
pub(super) fn evolve(state: &mut State, recorded: &RecordAttempt, by: &Actor, moment: Moment) {
    let end = match &recorded.step {
        AttemptStep::Began => AttemptEnd::Open,
        AttemptStep::Refused(refused) => AttemptEnd::Refused(refused.clone()),
    };
    change(state, by, &recorded.scenario, |runs| {
        if runs.end(&recorded.id, &end, day_of(moment.at)) {
            return;
        }
        let attempt = Attempt {
            id: recorded.id.clone(),
            kind: recorded.kind,
            sql_commitment: Some(recorded.sql_commitment.clone()),
            training: recorded.training.clone(),
            losses: recorded.losses.clone(),
            by: by.clone(),
            at: moment.at,
            end,
        };
        runs.add(attempt, day_of(moment.at));
    });
}

/// Counts what gave an answer, a model or an output. It was counted when it began; one that did not begin is counted now.
pub(crate) fn count_answered(
    state: &mut State,
    id: &RunId,
    (by, scenario, kind): (&Actor, &ScenarioId, AttemptKind),
    moment: Moment,
) {
    change(state, by, scenario, |runs| {
        if runs.end(id, &AttemptEnd::Answered, day_of(moment.at)) {
            return;
        }
        let attempt = Attempt {
            id: id.clone(),
            kind,
            sql_commitment: None,
            training: None,
            losses: BTreeMap::new(),
            by: by.clone(),
            at: moment.at,
            end: AttemptEnd::Answered,
        };
        runs.add(attempt, day_of(moment.at));
    });
}

fn change(state: &mut State, by: &Actor, scenario: &ScenarioId, change: impl FnOnce(&mut Runs)) {
    let key = (by.party.clone(), scenario.clone());
    let mut runs = state.runs.get(&key).map(|runs| (**runs).clone()).unwrap_or_default();
    change(&mut runs);
    state.runs.insert_mut(key, Arc::new(runs));
}
