//! Where the rows of each subject are.

use std::collections::HashMap;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;

/// Positions of rows by the subject that they have.
#[derive(Debug)]
pub(crate) struct Index(HashMap<String, Vec<u32>>);

impl Index {
    /// The index over a column of subjects.
    pub(crate) fn of(column: &ArrayRef) -> Result<Self> {
        let texts = cast(column, &DataType::Utf8)?;
        let texts: &StringArray = texts.as_string();
        let mut index: HashMap<String, Vec<u32>> = HashMap::with_capacity(texts.len());
        for (row, value) in (0_u32..).zip(texts) {
            if let Some(value) = value {
                index.entry(value.to_owned()).or_default().push(row);
            }
        }
        Ok(Self(index))
    }

    /// Positions of the rows of these subjects, ascending.
    pub(crate) fn rows_of<'v>(&self, values: impl IntoIterator<Item = &'v str>) -> Vec<u32> {
        let found = values.into_iter().filter_map(|value| self.0.get(value));
        let mut rows: Vec<u32> = found.flatten().copied().collect();
        rows.sort_unstable();
        rows
    }
}
