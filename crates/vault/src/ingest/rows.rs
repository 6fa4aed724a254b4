//! From the fields of a row to its cells, or to all that is wrong with it.

use super::cell::Cell;
use super::layout::Layout;
use super::reason::Reason;
use super::row_error::RowError;
use super::unique::{Seen, fingerprint};
use crate::source::Record;
use crate::spec::{ColumnSpec, Format, SourceSpec};

/// Reads rows by a specification.
pub(super) struct RowReader<'s> {
    spec: &'s SourceSpec,
    layout: Layout,
    seen: Vec<Seen>,
}

impl<'s> RowReader<'s> {
    pub(super) fn new(spec: &'s SourceSpec, layout: Layout) -> Self {
        let seen = spec.columns.iter().map(|_| Seen::default()).collect();
        Self { spec, layout, seen }
    }

    /// Names in the header that are not stored.
    pub(super) fn ignored(self) -> Vec<String> {
        self.layout.ignored
    }

    /// The column that is at a place of the file, from 1.
    pub(super) fn column_at(&self, position: u32) -> Option<&'s str> {
        let place = (position as usize).checked_sub(1)?;
        let index = self.layout.places.iter().position(|known| *known == place)?;
        self.spec.columns.get(index).map(|column| column.name.as_str())
    }

    /// Types the fields of a row and remembers its unique values.
    pub(super) fn read<'r>(&mut self, record: &'r Record) -> Result<Vec<Cell<'r>>, Vec<RowError>> {
        let found = record.len();
        let expected = self.layout.expected_fields(found);
        if found != expected {
            let column = u32::try_from(found.min(expected)).unwrap_or(u32::MAX);
            let reason = Reason::FieldCount { expected, found };
            return Err(vec![RowError::new(record.line, column, None, &reason)]);
        }
        let cells = self.cells(record)?;
        self.refuse_repeats(record.line, &cells)?;
        Ok(cells)
    }

    fn cells<'r>(&self, record: &'r Record) -> Result<Vec<Cell<'r>>, Vec<RowError>> {
        let mut cells = Vec::with_capacity(self.spec.columns.len() + 1);
        let mut errors = Vec::new();
        for (column, place) in self.spec.columns.iter().zip(&self.layout.places) {
            match self.cell(column, record.field(*place).unwrap_or_default()) {
                Ok(cell) => cells.push(cell),
                Err(reason) => errors.push(error_at(record.line, *place, column, &reason)),
            }
        }
        if errors.is_empty() { Ok(cells) } else { Err(errors) }
    }

    fn cell<'r>(&self, column: &'s ColumnSpec, text: &'r str) -> Result<Cell<'r>, Reason<'s>> {
        let Format::Csv { null_markers, trim, .. } = &self.spec.format;
        let text = if *trim { text.trim() } else { text };
        if !null_markers.iter().any(|marker| marker == text) {
            return Cell::parse(column, text);
        }
        if column.nullable {
            Ok(Cell::Null)
        } else {
            Err(Reason::Missing)
        }
    }

    /// Compares before it remembers, so that a bad row leaves no trace.
    fn refuse_repeats(&mut self, line: u64, cells: &[Cell<'_>]) -> Result<(), Vec<RowError>> {
        let mut errors = Vec::new();
        let mut fresh = Vec::new();
        let columns = self.spec.columns.iter().zip(&self.layout.places).zip(cells).enumerate();
        for (index, ((column, place), cell)) in columns.filter(|(_, ((column, _), _))| column.unique) {
            let Some(fingerprint) = fingerprint(cell) else { continue };
            match self.seen.get(index).and_then(|seen| seen.line_of(&fingerprint)) {
                Some(first) => errors.push(error_at(line, *place, column, &Reason::Repeats { line: first })),
                None => fresh.push((index, fingerprint)),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        for (index, fingerprint) in fresh {
            if let Some(seen) = self.seen.get_mut(index) {
                seen.remember(fingerprint, line);
            }
        }
        Ok(())
    }
}

fn error_at(line: u64, place: usize, column: &ColumnSpec, reason: &Reason<'_>) -> RowError {
    let position = u32::try_from(place.saturating_add(1)).unwrap_or(u32::MAX);
    RowError::new(line, position, Some(&column.name), reason)
}
