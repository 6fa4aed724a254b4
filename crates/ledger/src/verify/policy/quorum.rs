//! Which sets of witnesses are enough.

use crate::note::KeyName;
use std::collections::BTreeMap;

/// A rule over the witnesses of a policy, who are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quorum {
    /// This witness must have signed.
    Witness(usize),
    /// At least so many of these must be met.
    AtLeast {
        /// How many.
        least: usize,
        /// Of which.
        of: Vec<Self>,
    },
}

impl Quorum {
    /// Met by nobody's signature.
    #[must_use]
    pub const fn none() -> Self {
        Self::AtLeast {
            least: 0,
            of: Vec::new(),
        }
    }

    /// At least `least` names, each by any of the witnesses that bear it.
    pub(super) fn of_names<'a>(names: impl Iterator<Item = &'a KeyName>, least: usize) -> Self {
        let mut by_name: BTreeMap<&KeyName, Vec<Self>> = BTreeMap::new();
        for (witness, name) in names.enumerate() {
            by_name.entry(name).or_default().push(Self::Witness(witness));
        }
        let any = |of| Self::AtLeast { least: 1, of };
        Self::AtLeast {
            least,
            of: by_name.into_values().map(any).collect(),
        }
    }

    /// Whether it is met once those have signed for whom `signed` is true.
    #[must_use]
    pub fn is_met(&self, signed: &[bool]) -> bool {
        let (found, wanted) = self.count(signed);
        found >= wanted
    }

    /// How many of its members are met, and how many must be.
    #[must_use]
    pub fn count(&self, signed: &[bool]) -> (usize, usize) {
        match self {
            Self::Witness(witness) => (usize::from(signed.get(*witness) == Some(&true)), 1),
            Self::AtLeast { least, of } => (of.iter().filter(|member| member.is_met(signed)).count(), *least),
        }
    }
}
