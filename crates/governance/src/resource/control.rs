//! Output controls: what guarded answers of a resource pass beside the threshold of subjects.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A control of what leaves in groups. Its parameters stand in the rule pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutputControl {
    /// (n, k) dominance: a sum or mean that few make up is held back.
    Dominance,
    /// p % rule: a sum or mean from which one contributor could estimate another is held back.
    PPercent,
    /// Cell-key perturbation: noise that is the same for the same records.
    CellKey,
    /// Counts are rounded to a base.
    Rounding,
}

impl OutputControl {
    /// Every control.
    pub const ALL: [Self; 4] = [Self::Dominance, Self::PPercent, Self::CellKey, Self::Rounding];

    /// Its word in rule packs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Dominance => "dominance",
            Self::PPercent => "p_percent",
            Self::CellKey => "cell_key",
            Self::Rounding => "rounding",
        }
    }
}
