//! Where the columns of the specification are in the rows of a file.

use super::error::IngestError;
use crate::source::Record;
use crate::spec::{ColumnSource, SourceSpec};

/// The place of each column, from 0, in the order of the specification.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) places: Vec<usize>,
    /// How many fields each row must have; without a header the first row tells.
    pub(super) fields: Option<usize>,
    /// Names in the header that the specification does not use.
    pub(super) ignored: Vec<String>,
}

impl Layout {
    /// Finds the columns in a header. What the header says is not quoted: if a file has none, its first row is data.
    pub(super) fn from_header(header: &Record, spec: &SourceSpec) -> Result<Self, IngestError> {
        let names: Vec<&str> = header.fields().map(str::trim).collect();
        refuse_ambiguous(&names, spec)?;
        let find = |source: &ColumnSource| match source {
            ColumnSource::Header(name) => names.iter().position(|found| *found == name.trim()),
            ColumnSource::Position(position) => Some(index(*position)).filter(|index| *index < names.len()),
        };
        let found: Vec<Option<usize>> = spec.columns.iter().map(|column| find(&column.source)).collect();
        let missing: Vec<String> = spec
            .columns
            .iter()
            .zip(&found)
            .filter(|(_, place)| place.is_none())
            .map(|(column, _)| wanted(&column.source))
            .collect();
        if !missing.is_empty() {
            return Err(IngestError::ColumnsMissing {
                missing,
                found: names.len(),
            });
        }
        let places: Vec<usize> = found.into_iter().flatten().collect();
        let unused = names.iter().enumerate().filter(|(place, _)| !places.contains(place));
        let ignored = unused.map(|(_, name)| (*name).to_owned()).collect();
        Ok(Self {
            places,
            fields: Some(names.len()),
            ignored,
        })
    }

    /// Takes the columns by position.
    pub(super) fn from_positions(spec: &SourceSpec) -> Self {
        let place = |source: &ColumnSource| match source {
            ColumnSource::Position(position) => index(*position),
            // INVARIANT: validation refuses names without a header.
            ColumnSource::Header(_) => usize::MAX,
        };
        let places = spec.columns.iter().map(|column| place(&column.source)).collect();
        Self {
            places,
            fields: None,
            ignored: Vec::new(),
        }
    }

    /// How many fields a row must have; asked with the number that it has.
    pub(super) fn expected_fields(&mut self, found: usize) -> usize {
        let needed = self.places.iter().max().map_or(0, |place| place.saturating_add(1));
        *self.fields.get_or_insert(found.max(needed))
    }
}

/// A name that stands for two columns stands for neither.
fn refuse_ambiguous(names: &[&str], spec: &SourceSpec) -> Result<(), IngestError> {
    let twice = |name: &str| names.iter().filter(|found| **found == name.trim()).count() > 1;
    for column in &spec.columns {
        if let ColumnSource::Header(name) = &column.source
            && twice(name)
        {
            return Err(IngestError::HeaderAmbiguous(name.clone()));
        }
    }
    Ok(())
}

fn index(position: u32) -> usize {
    (position as usize).saturating_sub(1)
}

fn wanted(source: &ColumnSource) -> String {
    match source {
        ColumnSource::Header(name) => name.clone(),
        ColumnSource::Position(position) => format!("#{position}"),
    }
}
