//! What the stored values are like, gathered as they pass.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::cell::Cell;

/// Distinct values are counted up to here.
const DISTINCT_MAX: usize = 10_000;

/// What the values of a column are like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// The column.
    pub name: String,
    /// Missing values.
    pub nulls: u64,
    /// Distinct values; none when there are more than ten thousand in a column that is not declared unique.
    pub distinct: Option<u64>,
    /// Whether no value comes twice.
    pub unique: bool,
    /// The lowest number or date.
    pub min: Option<String>,
    /// The highest number or date.
    pub max: Option<String>,
}

/// Gathers the profile of one column.
#[derive(Debug)]
pub(super) struct Profiler {
    name: String,
    declared_unique: bool,
    nulls: u64,
    values: u64,
    seen: Option<HashSet<u64>>,
    bounds: Option<(Cell<'static>, Cell<'static>)>,
}

impl Profiler {
    pub(super) fn new(name: &str, declared_unique: bool) -> Self {
        let seen = (!declared_unique).then(HashSet::new);
        Self {
            name: name.to_owned(),
            declared_unique,
            nulls: 0,
            values: 0,
            seen,
            bounds: None,
        }
    }

    pub(super) fn add(&mut self, cell: &Cell<'_>) {
        let Some(hash) = cell.with_bytes(hash_of) else {
            self.nulls += 1;
            return;
        };
        self.values += 1;
        if let Some(seen) = &mut self.seen {
            seen.insert(hash);
            if seen.len() > DISTINCT_MAX {
                self.seen = None;
            }
        }
        if let Some(measure) = cell.measure() {
            let (min, max) = self.bounds.get_or_insert((measure, measure));
            if measure < *min {
                *min = measure;
            }
            if measure > *max {
                *max = measure;
            }
        }
    }

    pub(super) fn finish(self) -> ColumnProfile {
        let counted = self.seen.map(|seen| seen.len() as u64);
        let distinct = if self.declared_unique {
            Some(self.values)
        } else {
            counted
        };
        ColumnProfile {
            name: self.name,
            nulls: self.nulls,
            distinct,
            unique: distinct == Some(self.values),
            min: self.bounds.map(|(min, _)| min.to_string()),
            max: self.bounds.map(|(_, max)| max.to_string()),
        }
    }
}

fn hash_of(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
