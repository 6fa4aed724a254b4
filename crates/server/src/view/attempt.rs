//! Attempts at the workbench as the API shows them.

use gongshu_api as api;
use gongshu_app::governance::State;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::rules::Rules;
use gongshu_app::governance::workbench::{Attempt, AttemptEnd, RefusedAttempt, Tally};
use gongshu_app::workbench::AttemptsOf;
use jiff::Timestamp;

use super::model::algorithm;
use super::{party_named, word};

pub(crate) fn party_runs(state: &State, of: &AttemptsOf, at: Timestamp, rules: &Rules) -> api::attempt::PartyRuns {
    let (day, most) = (day_of(at), rules.parameters());
    api::attempt::PartyRuns {
        party: party_named(state, &of.party),
        tally: tally(&of.runs.tally),
        today: api::attempt::RunsToday {
            runs: of.runs.runs_on(day),
            runs_max: most.workbench_runs_max,
            refusals: of.runs.refusals_on(day),
            refusals_max: most.workbench_refusals_max,
        },
        newest: of.runs.newest.iter().rev().map(|attempt| run(attempt)).collect(),
    }
}

pub(crate) fn tally(tally: &Tally) -> api::attempt::RunTally {
    let refused = tally.refused.iter().map(|(control, count)| api::attempt::RefusedBy {
        control: word(control),
        count: *count,
    });
    api::attempt::RunTally {
        attempts: tally.attempts,
        answered: tally.answered,
        open: tally.open(),
        refused_on_data: tally.refused_on_data(),
        refused: refused.collect(),
    }
}

fn run(attempt: &Attempt) -> api::attempt::WorkRun {
    let (state, refused) = match &attempt.end {
        AttemptEnd::Open => ("open", None),
        AttemptEnd::Answered => ("answered", None),
        AttemptEnd::Refused(refused) => ("refused", Some(refusal(refused))),
    };
    let recipe = attempt.training.as_deref().map(|recipe| api::attempt::TrainingRecipe {
        name: recipe.name.clone(),
        sql: recipe.sql.clone(),
        algorithm: algorithm(recipe.algorithm),
    });
    api::attempt::WorkRun {
        id: attempt.id.to_string(),
        kind: word(&attempt.kind),
        at: attempt.at.to_string(),
        sql_commitment: attempt.sql_commitment.clone(),
        training: recipe,
        state: state.to_owned(),
        refused,
    }
}

fn refusal(refused: &RefusedAttempt) -> api::attempt::RunRefusal {
    let location = refused.location;
    api::attempt::RunRefusal {
        control: word(&refused.control),
        rule: refused.rule.clone(),
        column: refused.column.clone(),
        location: location.map(|(line, column)| api::problem::Location { line, column }),
    }
}
