//! Which controls guarded answers pass, and with which parameters.

use std::collections::BTreeSet;

use gongshu_governance::resource::OutputControl;
use gongshu_governance::rules::OutputParameters;
use gongshu_privacy::cell_key::{RecordSecret, TableParameters};
use gongshu_privacy::dominance::Dominance;
use gongshu_privacy::p_percent::PPercent;

/// What the guarded answers of a resource pass beside the threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarding {
    /// The controls.
    pub controls: BTreeSet<OutputControl>,
    /// The secret of its record keys: the same for every product and every version.
    pub secret: RecordSecret,
}

/// Parameters of the controls, from the rule pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ControlParameters {
    /// The (n, k) dominance rule.
    pub dominance: Dominance,
    /// The p % rule.
    pub p_percent: PPercent,
    /// The perturbation table of counts.
    pub table: TableParameters,
    /// Noise of a magnitude, in percent of its largest contribution.
    pub magnitude_percent: u32,
    /// Base to which counts are rounded.
    pub rounding_base: u64,
}

impl Default for ControlParameters {
    /// The values of the national rule pack.
    fn default() -> Self {
        Self {
            dominance: Dominance {
                contributors: 1,
                percent: 75,
            },
            p_percent: PPercent { percent: 10 },
            table: TableParameters {
                deviation_max: 4,
                variance_percent: 200,
            },
            magnitude_percent: 50,
            rounding_base: 5,
        }
    }
}

/// The parameters as the packs state them.
impl From<&OutputParameters> for ControlParameters {
    fn from(output: &OutputParameters) -> Self {
        Self {
            dominance: Dominance {
                contributors: output.dominance_contributors,
                percent: output.dominance_percent,
            },
            p_percent: PPercent {
                percent: output.p_percent,
            },
            table: TableParameters {
                deviation_max: output.cell_key_deviation_max,
                variance_percent: output.cell_key_variance_percent,
            },
            magnitude_percent: output.cell_key_magnitude_percent,
            rounding_base: output.rounding_base,
        }
    }
}

/// The controls of one release: of all guarded tables below it together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Applied {
    pub(crate) dominance: Option<Dominance>,
    pub(crate) p_percent: Option<PPercent>,
    pub(crate) cell_key: Option<Perturbing>,
    pub(crate) rounding: Option<u64>,
}

/// How counts and magnitudes are perturbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Perturbing {
    pub(crate) table: TableParameters,
    pub(crate) magnitude_percent: u32,
}

impl Applied {
    pub(crate) fn new(controls: &BTreeSet<OutputControl>, parameters: &ControlParameters) -> Self {
        let perturbing = Perturbing {
            table: parameters.table,
            magnitude_percent: parameters.magnitude_percent,
        };
        let has = |control| controls.contains(&control);
        Self {
            dominance: has(OutputControl::Dominance).then_some(parameters.dominance),
            p_percent: has(OutputControl::PPercent).then_some(parameters.p_percent),
            cell_key: has(OutputControl::CellKey).then_some(perturbing),
            rounding: has(OutputControl::Rounding).then_some(parameters.rounding_base),
        }
    }

    /// How many of the largest contributions are needed.
    pub(crate) fn contributors(&self) -> Option<usize> {
        let dominance = self.dominance.map(|rule| rule.contributors as usize);
        let p_percent = self.p_percent.map(|_| 2);
        let cell_key = self.cell_key.map(|_| 1);
        [dominance, p_percent, cell_key].into_iter().flatten().max()
    }
}
