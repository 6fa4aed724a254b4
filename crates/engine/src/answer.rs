//! Answers: what leaves the domain, after output control.

use std::collections::HashMap;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    SchemaRef, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use datafusion::arrow::util::display::array_value_to_string;
use gongshu_governance::output::Figures;
use serde_json::{Value, json};

use crate::control::Measured;

/// Integers beyond this are written as text, since JSON readers lose digits.
const JSON_INTEGER_MAX: i64 = (1 << 53) - 1;

/// A controlled answer.
#[derive(Debug, Clone)]
pub struct Answer {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    suppressed: Option<u64>,
    measured: Measured,
}

impl Answer {
    pub(crate) fn new(
        schema: SchemaRef,
        batches: Vec<RecordBatch>,
        suppressed: Option<u64>,
        measured: Measured,
    ) -> Self {
        Self {
            schema,
            batches,
            suppressed,
            measured,
        }
    }

    /// The rows.
    #[must_use]
    pub fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// How many groups were held back because they have too few subjects. Not told where the number itself could
    /// answer a question about one subject: of filtered rows and of computed groups.
    #[must_use]
    pub fn suppressed(&self) -> Option<u64> {
        self.suppressed
    }

    /// Disclosure-risk figures, for whoever reviews what leaves; `guarded` says whether anything was read that is not
    /// open. They tell of subjects what the answer itself may not, so they are for reviewers only.
    #[must_use]
    pub fn figures(&self, guarded: bool) -> Figures {
        let rows = self.rows();
        let measured = self.measured;
        let (combinations, unique) = match (guarded, measured.cells) {
            (false, _) => (0, 0),
            (true, 0) => distinct(&rows),
            (true, cells) => (cells, measured.single),
        };
        Figures {
            rows: rows.len() as u64,
            combinations,
            unique,
            suppressed: if guarded { measured.held_back } else { 0 },
            smallest: measured.smallest,
            subjects: measured.subjects,
        }
    }

    /// `{columns: [{name, type}], rows: [[…]], suppressed}`; `suppressed` is null where it is not told.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let fields = self.schema.fields().iter();
        let columns: Vec<Value> = fields
            .map(|field| json!({"name": field.name(), "type": type_word(field.data_type())}))
            .collect();
        json!({"columns": columns, "rows": self.rows(), "suppressed": self.suppressed})
    }

    fn rows(&self) -> Vec<Value> {
        let mut rows = Vec::new();
        for batch in &self.batches {
            for row in 0..batch.num_rows() {
                rows.push(Value::Array(
                    batch.columns().iter().map(|column| value(column, row)).collect(),
                ));
            }
        }
        rows
    }
}

/// How many different rows there are, and how many of these occur once.
fn distinct(rows: &[Value]) -> (u64, u64) {
    let mut times: HashMap<String, u64> = HashMap::new();
    for row in rows {
        *times.entry(row.to_string()).or_default() += 1;
    }
    let unique = times.values().filter(|times| **times == 1).count();
    (times.len() as u64, unique as u64)
}

fn type_word(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Boolean => "boolean",
        data_type if data_type.is_integer() => "integer",
        data_type if data_type.is_floating() => "float",
        DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => {
            "decimal"
        }
        DataType::Date32 => "date",
        _ => "text",
    }
}

fn value(column: &ArrayRef, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Boolean => Value::Bool(column.as_boolean().value(row)),
        DataType::Int8 => integer(column.as_primitive::<Int8Type>().value(row).into()),
        DataType::Int16 => integer(column.as_primitive::<Int16Type>().value(row).into()),
        DataType::Int32 => integer(column.as_primitive::<Int32Type>().value(row).into()),
        DataType::Int64 => integer(column.as_primitive::<Int64Type>().value(row)),
        DataType::UInt8 => integer(column.as_primitive::<UInt8Type>().value(row).into()),
        DataType::UInt16 => integer(column.as_primitive::<UInt16Type>().value(row).into()),
        DataType::UInt32 => integer(column.as_primitive::<UInt32Type>().value(row).into()),
        DataType::UInt64 => unsigned(column.as_primitive::<UInt64Type>().value(row)),
        DataType::Float32 => json!(column.as_primitive::<Float32Type>().value(row)),
        DataType::Float64 => json!(column.as_primitive::<Float64Type>().value(row)),
        DataType::Utf8 => Value::String(column.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => Value::String(column.as_string::<i64>().value(row).to_owned()),
        DataType::Utf8View => Value::String(column.as_string_view().value(row).to_owned()),
        DataType::Decimal128(..) => Value::String(column.as_primitive::<Decimal128Type>().value_as_string(row)),
        DataType::Date32 => {
            let date = column.as_primitive::<Date32Type>().value_as_date(row);
            date.map_or(Value::Null, |date| Value::String(date.to_string()))
        }
        // Everything else as Arrow prints it.
        _ => array_value_to_string(column, row).map_or(Value::Null, Value::String),
    }
}

fn integer(number: i64) -> Value {
    // The smallest number has no absolute value among its own kind.
    if number.unsigned_abs() <= JSON_INTEGER_MAX.unsigned_abs() {
        json!(number)
    } else {
        Value::String(number.to_string())
    }
}

fn unsigned(number: u64) -> Value {
    i64::try_from(number).map_or_else(|_| Value::String(number.to_string()), integer)
}
