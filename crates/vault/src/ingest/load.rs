//! The loop over the rows of a source.

use std::io::BufRead;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;

use super::cell::Cell;
use super::error::IngestError;
use super::layout::Layout;
use super::profile::{ColumnProfile, Profiler};
use super::reason::Reason;
use super::rejects::Rejects;
use super::row_error::RowError;
use super::rows::RowReader;
use super::table::Table;
use crate::error::VaultError;
use crate::source::{Located, Next, Record, Records, Splitter};
use crate::spec::{Encoding, Format, Limits, SourceSpec};
use crate::storage::StoredColumn;

/// Progress is told once in so many rows.
const PROGRESS_ROWS: u64 = 8192;

/// What came out of a source. `rows_read = kept + rejects.rows`, always.
pub(super) struct Loaded {
    pub(super) rows_read: u64,
    pub(super) kept: u64,
    pub(super) blank_lines: u64,
    pub(super) rejects: Rejects,
    pub(super) profile: Vec<ColumnProfile>,
    pub(super) ignored: Vec<String>,
}

/// Reads a source to its end and hands its good rows to `write`, batch by batch.
pub(super) fn load(
    input: impl BufRead,
    spec: &SourceSpec,
    table: Table,
    columns: &[StoredColumn],
    write: &mut dyn FnMut(&RecordBatch) -> Result<(), VaultError>,
    progress: &mut dyn FnMut(u64),
) -> Result<Loaded, IngestError> {
    let Format::Csv {
        delimiter,
        header,
        encoding,
        trim,
        ..
    } = &spec.format;
    let splitter = Splitter {
        delimiter: *delimiter,
        trim: *trim,
    };
    let mut records = Records::new(input, *encoding, splitter, spec.limits.line_bytes_max);
    let mut record = Record::default();
    let layout = if *header {
        read_header(&mut records, &mut record, spec)?
    } else {
        Layout::from_positions(spec)
    };
    let mut load = Load {
        spec,
        rows: RowReader::new(spec, layout),
        table,
        profilers: columns
            .iter()
            .map(|column| Profiler::new(&column.name, column.unique))
            .collect(),
        rejects: Rejects::new(spec),
        rows_read: 0,
        write,
    };
    load.run(&mut records, &mut record, progress)?;
    load.finish(records.blank_lines())
}

fn read_header(
    records: &mut Records<impl BufRead>,
    record: &mut Record,
    spec: &SourceSpec,
) -> Result<Layout, IngestError> {
    let next = records.next(record).map_err(IngestError::reading(&spec.limits))?;
    refuse_marked(records, spec)?;
    match next {
        Next::Row => Layout::from_header(record, spec),
        Next::Bad(located) => Err(IngestError::HeaderUnreadable(shape_error(&located, None))),
        Next::End => Err(IngestError::Empty),
    }
}

fn refuse_marked(records: &Records<impl BufRead>, spec: &SourceSpec) -> Result<(), IngestError> {
    let Format::Csv { encoding, .. } = &spec.format;
    let mismatch = *encoding == Encoding::Gbk && records.has_utf8_mark();
    if mismatch {
        Err(IngestError::EncodingMismatch)
    } else {
        Ok(())
    }
}

/// The state of the loop.
struct Load<'a> {
    spec: &'a SourceSpec,
    rows: RowReader<'a>,
    table: Table,
    profilers: Vec<Profiler>,
    rejects: Rejects,
    rows_read: u64,
    write: &'a mut dyn FnMut(&RecordBatch) -> Result<(), VaultError>,
}

impl Load<'_> {
    fn run(
        &mut self,
        records: &mut Records<impl BufRead>,
        record: &mut Record,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), IngestError> {
        let reading = IngestError::reading(&self.spec.limits);
        loop {
            let next = records.next(record).map_err(&reading)?;
            refuse_marked(records, self.spec)?;
            match next {
                Next::End => break,
                Next::Row => self.row(record)?,
                Next::Bad(located) => {
                    self.count(&self.spec.limits)?;
                    let error = shape_error(&located, self.rows.column_at(located.column));
                    self.rejects.add(record.line, &record.raw, vec![error])?;
                }
            }
            if self.rows_read.is_multiple_of(PROGRESS_ROWS) {
                progress(self.rows_read);
            }
        }
        progress(self.rows_read);
        Ok(())
    }

    fn row(&mut self, record: &Record) -> Result<(), IngestError> {
        self.count(&self.spec.limits)?;
        match self.rows.read(record) {
            Ok(_) if self.rejects.refused() => Ok(()),
            Ok(cells) => self.keep(cells),
            Err(errors) => self.rejects.add(record.line, &record.raw, errors),
        }
    }

    fn keep(&mut self, mut cells: Vec<Cell<'_>>) -> Result<(), IngestError> {
        if self.spec.row_id.is_some() {
            cells.push(Cell::Integer(self.rows_read.cast_signed()));
        }
        for (profiler, cell) in self.profilers.iter_mut().zip(&cells) {
            profiler.add(cell);
        }
        self.table.push(&cells);
        if self.table.is_full() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), IngestError> {
        let batch = self
            .table
            .take()
            .map_err(|error: ArrowError| VaultError::Internal(error.to_string()))?;
        Ok((self.write)(&batch)?)
    }

    fn count(&mut self, limits: &Limits) -> Result<(), IngestError> {
        self.rows_read += 1;
        if self.rows_read > limits.rows_max {
            return Err(IngestError::TooManyRows { max: limits.rows_max });
        }
        Ok(())
    }

    fn finish(mut self, blank_lines: u64) -> Result<Loaded, IngestError> {
        if self.rejects.refused() {
            let (bad_rows, rows) = (self.rejects.rows, self.rows_read);
            return Err(IngestError::Refused {
                errors: self.rejects.reported,
                bad_rows,
                rows,
            });
        }
        if !self.table.is_empty() {
            self.flush()?;
        }
        Ok(Loaded {
            rows_read: self.rows_read,
            kept: self.rows_read - self.rejects.rows,
            blank_lines,
            rejects: self.rejects,
            profile: self.profilers.into_iter().map(Profiler::finish).collect(),
            ignored: self.rows.ignored(),
        })
    }
}

fn shape_error(located: &Located, field: Option<&str>) -> RowError {
    RowError::new(located.line, located.column, field, &Reason::Shape(&located.fault))
}
