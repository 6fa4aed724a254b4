//! The columns of a stored version.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use serde::{Deserialize, Serialize};

use crate::spec::{ColumnType, SourceSpec};

/// Precision and scale of decimals.
pub(crate) const DECIMAL: (u8, i8) = (18, 2);

/// A column of a stored version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredColumn {
    /// Its name.
    pub name: String,
    /// The type of its values.
    pub column_type: ColumnType,
    /// Whether values may be missing.
    pub nullable: bool,
    /// Whether no value comes twice; this was checked.
    pub unique: bool,
    /// Whether no value is missing, as was found when it was stored; earlier versions did not note it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complete: Option<bool>,
}

/// The columns that a specification stores: its own, then the row number if it asks for one.
pub(crate) fn stored_columns(spec: &SourceSpec) -> Vec<StoredColumn> {
    let own = spec.columns.iter().map(|column| StoredColumn {
        name: column.name.clone(),
        column_type: column.column_type,
        nullable: column.nullable,
        unique: column.unique,
        complete: None,
    });
    let row_id = spec.row_id.iter().map(|name| StoredColumn {
        name: name.clone(),
        column_type: ColumnType::Integer,
        nullable: false,
        unique: true,
        complete: None,
    });
    own.chain(row_id).collect()
}

/// The columns in Arrow's terms.
pub(crate) fn arrow_schema(columns: &[StoredColumn]) -> SchemaRef {
    let field = |column: &StoredColumn| Field::new(&column.name, data_type(column.column_type), column.nullable);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

fn data_type(column_type: ColumnType) -> DataType {
    match column_type {
        ColumnType::Text => DataType::Utf8,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Float => DataType::Float64,
        ColumnType::Decimal => DataType::Decimal128(DECIMAL.0, DECIMAL.1),
        ColumnType::Date => DataType::Date32,
    }
}
