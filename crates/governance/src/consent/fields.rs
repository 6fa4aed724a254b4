//! The fields of a consent. Many consents name the same ones, and share them in memory.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Names of fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(Arc<BTreeSet<String>>);

impl Deref for Fields {
    type Target = BTreeSet<String>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl From<BTreeSet<String>> for Fields {
    fn from(names: BTreeSet<String>) -> Self {
        Self(Arc::new(names))
    }
}

impl<const N: usize> From<[String; N]> for Fields {
    fn from(names: [String; N]) -> Self {
        BTreeSet::from(names).into()
    }
}

impl FromIterator<String> for Fields {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        BTreeSet::from_iter(names).into()
    }
}
