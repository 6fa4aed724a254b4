//! Typed columns in memory, until a batch is full.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, RecordBatch, StringBuilder,
};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;

use super::cell::Cell;
use crate::spec::ColumnType;
use crate::storage::{DECIMAL, StoredColumn};

const BATCH_ROWS: usize = 8192;
/// Text in a batch; far below what 32-bit offsets can address.
const BATCH_TEXT_BYTES: usize = 32 << 20;

/// The columns of a batch in the making.
pub(super) struct Table {
    schema: SchemaRef,
    columns: Vec<Column>,
    rows: usize,
    text_bytes: usize,
}

impl Table {
    pub(super) fn new(schema: SchemaRef, columns: &[StoredColumn]) -> Self {
        let columns = columns.iter().map(|column| Column::new(column.column_type)).collect();
        Self {
            schema,
            columns,
            rows: 0,
            text_bytes: 0,
        }
    }

    /// Adds a row; it has a cell of the right type for each column.
    pub(super) fn push(&mut self, cells: &[Cell<'_>]) {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            if let Cell::Text(text) = cell {
                self.text_bytes += text.len();
            }
            column.push(cell);
        }
        self.rows += 1;
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows >= BATCH_ROWS || self.text_bytes >= BATCH_TEXT_BYTES
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Takes the batch out and begins another.
    pub(super) fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        self.rows = 0;
        self.text_bytes = 0;
        let arrays = self.columns.iter_mut().map(Column::finish).collect::<Result<_, _>>()?;
        RecordBatch::try_new(self.schema.clone(), arrays)
    }
}

/// A column in the making.
enum Column {
    Text(StringBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Decimal(Decimal128Builder),
    Date(Date32Builder),
}

impl Column {
    fn new(column_type: ColumnType) -> Self {
        match column_type {
            ColumnType::Text => Self::Text(StringBuilder::new()),
            ColumnType::Integer => Self::Integer(Int64Builder::new()),
            ColumnType::Float => Self::Float(Float64Builder::new()),
            ColumnType::Decimal => Self::Decimal(Decimal128Builder::new()),
            ColumnType::Date => Self::Date(Date32Builder::new()),
        }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Self::Text(builder), Cell::Text(text)) => builder.append_value(text),
            (Self::Integer(builder), Cell::Integer(value)) => builder.append_value(*value),
            (Self::Float(builder), Cell::Float(value)) => builder.append_value(*value),
            (Self::Decimal(builder), Cell::Decimal(value)) => builder.append_value(*value),
            (Self::Date(builder), Cell::Date(value)) => builder.append_value(*value),
            // INVARIANT: a cell is parsed by the type of its column, so what is left is null.
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Integer(builder), _) => builder.append_null(),
            (Self::Float(builder), _) => builder.append_null(),
            (Self::Decimal(builder), _) => builder.append_null(),
            (Self::Date(builder), _) => builder.append_null(),
        }
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Float(builder) => Arc::new(builder.finish()),
            Self::Decimal(builder) => Arc::new(builder.finish().with_precision_and_scale(DECIMAL.0, DECIMAL.1)?),
            Self::Date(builder) => Arc::new(builder.finish()),
        })
    }
}
