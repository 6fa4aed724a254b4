//! Training inside the domain: rows go into a trainer, and a model comes out that stays.
//!
//! # Why linear models, and what keeps them from remembering
//!
//! A model that has as many numbers as it has subjects can repeat them. The models here have one coefficient an input and
//! one constant, whoever is trained on, and nothing else is in their file but the means of the inputs. What could still
//! make one of those numbers the value of one subject is refused (`TrainingTerms`, from the rule pack):
//!
//! - *Few subjects*: fewer than `subjects_min`, or than `subjects_per_input_min` for each input, so that the numbers are
//!   always many times fewer than the subjects.
//! - *A choice of subjects*: the rows are chosen by free columns, and `WHERE number <> 7` against no filter at all would
//!   train two models whose difference is one subject. So what is left out is nobody or at least `subjects_min`, and so
//!   is the difference to the subjects of each training before over the same resource ([`Engine::train`]).
//! - *A choice of labels*: of two trainings whose labels differ in one subject the difference is that subject's inputs. A
//!   label is hardly computed (`flow::training`), and the labels of two trainings are the same (or, of two values, each
//!   the other's contrary) or differ in at least `subjects_min` subjects.
//! - *A column that sets few apart*: a label or an input that is 1 for three subjects and 0 for all others makes its
//!   coefficient speak of three. Of each column at least `side_min` subjects lie above its mean, and as many below, or
//!   all are the same (of an input; a label that never varies is refused).
//! - *A subject that decides*: the influence of each subject (its leverage on its own prediction, its share of the
//!   label's variation, and its share of each input's correlation with the label) is at most `influence_percent_max`.
//! - *What is told*: scores, after a second person's review. The weights are sealed in the vault; figures of the fit are
//!   rounded to whole percents. The tests are made of all subjects together and say nothing but that they fail, and of
//!   which column.
//!
//! That is disclosure control, not differential privacy: a bound on what is remembered holds for these tests and not for
//! every attack with outside knowledge. Columns that must not be risked so are not `scored`.
//!
//! The same rows give the same file, byte for byte: subjects are taken in the order of their keys, and sums in one order.

mod checked;
mod column;
mod error;
mod fit;
mod influence;
mod network;
mod rows;
mod solve;

pub use checked::CheckedTraining;
pub use error::TrainError;

use std::time::Duration;

use gongshu_governance::model::{Algorithm, Fit, ModelFormat, SUBJECTS_STEP};
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::engine::{CheckedPlan, Engine};
use crate::run::ExecuteError;
use rows::{Labels, Rows};

/// A model that was trained.
#[derive(Clone)]
pub struct Trained {
    /// Its file, an ONNX network: for the vault, and for nobody else.
    pub code: Vec<u8>,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// What may be told of it.
    pub fit: Fit,
}

impl std::fmt::Debug for Trained {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trained")
            .field("sha256", &self.sha256)
            .field("fit", &self.fit)
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Trains a model on what a checked query gives on the day `today`. `earlier` are the trainings before over the same
    /// table; whom they would choose today is compared, since rows of their day may be destroyed.
    ///
    /// # Errors
    /// When the data breaks the terms of the check, the label does not suit the algorithm, or a limit is passed.
    pub async fn train(
        &self,
        checked: &CheckedTraining,
        algorithm: Algorithm,
        today: Date,
        earlier: &[CheckedTraining],
    ) -> Result<Trained, TrainError> {
        let terms = *checked.terms();
        let batches = self.inside(checked.rows().clone(), today).await?;
        let rows = Rows::of(&batches, checked.inputs().len())?;
        check_apart(rows.labels().len() as u64, checked.whole(), terms.subjects_min)?;
        for other in earlier.iter().filter(|other| other.table() == checked.table()) {
            let batches = self.inside(other.rows().clone(), today).await?;
            let before = Labels::of(&batches, other.inputs().len())?;
            check_differ(rows.labels(), &before, terms.subjects_min)?;
        }
        let (names, inputs) = (checked.inputs().to_vec(), checked.inputs().len());
        let time = self.config.models.training_time;
        let made = move || make(rows, &names, algorithm, &terms, time);
        let made = tokio::task::spawn_blocking(made).await;
        let (code, fit) = made.map_err(|_| TrainError::Failed)??;
        self.check_model(ModelFormat::Onnx, &code, inputs)?;
        Ok(Trained {
            sha256: hex::encode(Sha256::digest(&code)),
            code,
            fit,
        })
    }

    /// The rows of a checked plan. They stay in here.
    async fn inside(
        &self,
        plan: CheckedPlan,
        today: Date,
    ) -> Result<Vec<datafusion::arrow::array::RecordBatch>, TrainError> {
        let prepared = self.prepare(plan).await.map_err(ExecuteError::Failed)?;
        Ok(prepared.rows(today, self.config.models.training_rows).await?)
    }
}

/// The file of a model of these rows, and what may be told of it.
fn make(
    rows: Rows,
    names: &[String],
    algorithm: Algorithm,
    terms: &gongshu_governance::model::TrainingTerms,
    time: Duration,
) -> Result<(Vec<u8>, Fit), TrainError> {
    let subjects = rows.complete() as u64;
    // What is told is rounded down, so that is what has to be enough.
    let told = subjects - subjects % SUBJECTS_STEP;
    if told < terms.needed(names.len()) {
        return Err(TrainError::Subjects(terms.needed(names.len())));
    }
    let table = rows.standardized();
    column::check(&table, names, algorithm, terms.side_min)?;
    let fitted = fit::fit(&table, algorithm, time)?;
    let influence = influence::largest(&table, &fitted)?;
    if influence > terms.influence_percent_max as f64 / 100.0 {
        return Err(TrainError::Influence(terms.influence_percent_max));
    }
    let fit = Fit {
        subjects: told,
        explained_percent: percent(fitted.explained),
        ranked_percent: fit::ranked(&table, &fitted, algorithm).map(percent),
        influence_percent: percent(influence).next_multiple_of(5),
    };
    Ok((network::file(&table, &fitted, algorithm), fit))
}

/// Whoever is left out of a table is nobody, or enough.
fn check_apart(chosen: u64, whole: u64, least: u64) -> Result<(), TrainError> {
    let rest = whole.saturating_sub(chosen);
    match rest == 0 || rest >= least {
        true => Ok(()),
        false => Err(TrainError::Rest(least)),
    }
}

/// Two trainings have the same subjects, or differ in enough of them, and so have the labels of those in both.
fn check_differ(one: &Labels, other: &Labels, least: u64) -> Result<(), TrainError> {
    let few = |number: u64| number > 0 && number < least;
    if few(one.others(other)) {
        return Err(TrainError::Differ(least));
    }
    match one.disagreements(other).into_iter().any(few) {
        true => Err(TrainError::Labels(least)),
        false => Ok(()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits; a number that is none becomes 0"
)]
fn percent(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u32
}
