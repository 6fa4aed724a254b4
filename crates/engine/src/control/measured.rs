//! What is measured of the cells that come to a release: the disclosure risk of a result, for those who review it.

use datafusion::arrow::array::{BooleanArray, RecordBatch};
use datafusion::error::Result;

use super::spec::Hidden;
use super::threshold::count;

/// Of the cells of an aggregate, or of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Measured {
    /// How many there are.
    pub(crate) cells: u64,
    /// How many have one subject.
    pub(crate) single: u64,
    /// How many are held back.
    pub(crate) held_back: u64,
    /// Fewest subjects of a cell that leaves.
    pub(crate) smallest: Option<u64>,
    /// Subjects of the cells that leave, added up.
    pub(crate) subjects: u64,
}

impl Measured {
    /// Measures the cells of a batch, of which these are kept; of several guarded tables below, the one with the fewest
    /// subjects counts.
    pub(super) fn of(batch: &RecordBatch, subjects: &[Hidden], kept: &BooleanArray) -> Result<Self> {
        let counts = subjects.iter().map(|hidden| count(batch, *hidden));
        let counts = counts.collect::<Result<Vec<_>>>()?;
        let mut measured = Self::default();
        for row in 0..batch.num_rows() {
            let fewest = counts.iter().map(|count| count.value(row)).min();
            measured.add(fewest.unwrap_or(0), kept.value(row));
        }
        Ok(measured)
    }

    fn add(&mut self, subjects: u64, kept: bool) {
        self.cells += 1;
        self.single += u64::from(subjects == 1);
        if !kept {
            self.held_back += 1;
            return;
        }
        self.smallest = Some(self.smallest.map_or(subjects, |smallest| smallest.min(subjects)));
        self.subjects += subjects;
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        let smallest = self.smallest.into_iter().chain(other.smallest).min();
        Self {
            cells: self.cells + other.cells,
            single: self.single + other.single,
            held_back: self.held_back + other.held_back,
            smallest,
            subjects: self.subjects + other.subjects,
        }
    }
}
