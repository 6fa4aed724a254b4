//! What a training is asked for, and what is told of its result: never a weight.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// Most rounds of fitting.
pub const ROUNDS_MAX: u32 = 100;
/// Largest penalty, in thousandths.
pub const PENALTY_MILLI_MAX: u32 = 1_000_000;
/// Numbers of subjects are told rounded down to a multiple of this, so that two trainings do not tell of one subject.
pub const SUBJECTS_STEP: u64 = 10;

/// How a model is trained. All are linear in their inputs, with one coefficient an input and a constant: the most that a
/// model can hold of its subjects is so many numbers, however many subjects there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Algorithm {
    /// 岭回归: least squares with a penalty on the squares of the coefficients. Predicts the label.
    LinearRegression {
        /// The penalty for each subject, in thousandths, over inputs of variance 1.
        penalty_milli: u32,
    },
    /// 逻辑回归: the probability of a label that is 0 or 1.
    LogisticRegression {
        /// As in a linear regression.
        penalty_milli: u32,
        /// Most rounds.
        rounds_max: u32,
    },
    /// 泊松回归: the expected value of a label that counts.
    PoissonRegression {
        /// As in a linear regression.
        penalty_milli: u32,
        /// Most rounds.
        rounds_max: u32,
    },
}

impl Algorithm {
    /// The penalty for each subject, in thousandths. There is always one: without it, inputs that say the same leave the
    /// coefficients to single subjects.
    #[must_use]
    pub fn penalty_milli(&self) -> u32 {
        match self {
            Self::LinearRegression { penalty_milli }
            | Self::LogisticRegression { penalty_milli, .. }
            | Self::PoissonRegression { penalty_milli, .. } => *penalty_milli,
        }
    }

    /// Most rounds of fitting.
    #[must_use]
    pub fn rounds_max(&self) -> u32 {
        match self {
            Self::LinearRegression { .. } => 1,
            Self::LogisticRegression { rounds_max, .. } | Self::PoissonRegression { rounds_max, .. } => *rounds_max,
        }
    }

    /// Whether its parameters are within their bounds.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        (1..=PENALTY_MILLI_MAX).contains(&self.penalty_milli()) && (1..=ROUNDS_MAX).contains(&self.rounds_max())
    }

    /// Its name, for people.
    #[must_use]
    pub fn name(&self) -> Text {
        match self {
            Self::LinearRegression { .. } => Text::new("岭回归", "ridge regression"),
            Self::LogisticRegression { .. } => Text::new("逻辑回归", "logistic regression"),
            Self::PoissonRegression { .. } => Text::new("泊松回归", "Poisson regression"),
        }
    }
}

/// What training data must keep to: parameters of `model.training`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrainingTerms {
    /// Fewest subjects that are trained on, are left out, or tell two training sets apart.
    pub subjects_min: u64,
    /// Fewest subjects for each input.
    pub subjects_per_input_min: u64,
    /// Fewest subjects on each side of the mean of a column.
    pub side_min: u64,
    /// Largest influence of one subject, in percent.
    pub influence_percent_max: u64,
}

impl TrainingTerms {
    /// How many subjects a training with so many inputs needs.
    #[must_use]
    pub fn needed(&self, inputs: usize) -> u64 {
        let inputs = u64::try_from(inputs).unwrap_or(u64::MAX);
        self.subjects_min
            .max(inputs.saturating_mul(self.subjects_per_input_min))
    }
}

/// What is told of a training, to reviewers first: figures of all subjects together, rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fit {
    /// How many subjects were trained on, rounded down to a multiple of [`SUBJECTS_STEP`].
    pub subjects: u64,
    /// Which part of the label's deviance the model explains, in percent.
    pub explained_percent: u32,
    /// Of a logistic regression: how often it ranks a 1 above a 0, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranked_percent: Option<u32>,
    /// The largest influence of one subject, in percent, rounded up to a multiple of 5.
    pub influence_percent: u32,
}
