//! Parameters of the output controls.

use std::collections::BTreeSet;

use super::error::PackError;
use super::parameters::Reader;
use super::rule::Rule;
use crate::resource::OutputControl;

/// What the output controls read from the packs, each named after its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputParameters {
    /// `output.controls`: what every guarded answer passes.
    pub every: BTreeSet<OutputControl>,
    /// `output.dominance`: how many of the largest contributors are taken together.
    pub dominance_contributors: u32,
    /// `output.dominance`: their largest share, in percent.
    pub dominance_percent: u32,
    /// `output.p-percent`: protection of the largest contribution, in percent of it.
    pub p_percent: u32,
    /// `output.cell-key`: largest change of a count.
    pub cell_key_deviation_max: u32,
    /// `output.cell-key`: variance of the change, in hundredths.
    pub cell_key_variance_percent: u32,
    /// `output.cell-key`: noise of a sum, in percent of its largest contribution.
    pub cell_key_magnitude_percent: u32,
    /// `output.rounding`: the base.
    pub rounding_base: u64,
    /// `output.private`: privacy budget of a resource, in millionths of ρ.
    pub privacy_rho_micro_max: u64,
}

impl OutputParameters {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, PackError> {
        Ok(Self {
            every: every(reader)?,
            dominance_contributors: reader.number(Rule::Dominance, "contributors")?,
            dominance_percent: reader.number(Rule::Dominance, "percent")?,
            p_percent: reader.number(Rule::PPercent, "percent")?,
            cell_key_deviation_max: reader.number(Rule::CellKey, "deviation_max")?,
            cell_key_variance_percent: reader.number(Rule::CellKey, "variance_percent")?,
            cell_key_magnitude_percent: reader.number(Rule::CellKey, "magnitude_percent")?,
            rounding_base: reader.number(Rule::Rounding, "base")?,
            privacy_rho_micro_max: reader.number(Rule::PrivacyBudget, "rho_micro_max")?,
        })
    }
}

fn every(reader: &Reader<'_>) -> Result<BTreeSet<OutputControl>, PackError> {
    let named = |word: String| OutputControl::ALL.into_iter().find(|control| control.word() == word);
    let controls = reader.set(Rule::Controls, "every")?.into_iter().map(named);
    controls.collect::<Option<_>>().ok_or(PackError::Parameter {
        rule: Rule::Controls.id(),
        parameter: "every",
        kind: "a list of output controls",
    })
}
