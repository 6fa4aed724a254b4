//! Parameters of a call.

use datafusion::arrow::datatypes::DataType;
use datafusion::scalar::ScalarValue;
use gongshu_governance::resource::FieldType;
use jiff::civil::Date;

/// A parameter's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A day.
    Date(Date),
    /// A number.
    Decimal(f64),
}

impl Param {
    /// The text, where it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Integer(_) | Self::Date(_) | Self::Decimal(_) => None,
        }
    }

    pub(crate) fn scalar(&self) -> ScalarValue {
        match self {
            Self::Text(text) => ScalarValue::Utf8(Some(text.clone())),
            Self::Integer(number) => ScalarValue::Int64(Some(*number)),
            Self::Date(date) => date_scalar(*date),
            Self::Decimal(number) => ScalarValue::Float64(Some(*number)),
        }
    }
}

/// A day as Arrow counts it: days since 1970-01-01.
pub(crate) fn date_scalar(date: Date) -> ScalarValue {
    let epoch = jiff::civil::date(1970, 1, 1);
    ScalarValue::Date32(epoch.until(date).map(|span| span.get_days()).ok())
}

/// Arrow's type of a parameter.
pub(crate) fn arrow_type(parameter: FieldType) -> DataType {
    match parameter {
        FieldType::Text => DataType::Utf8,
        FieldType::Integer => DataType::Int64,
        FieldType::Float | FieldType::Decimal => DataType::Float64,
        FieldType::Date => DataType::Date32,
    }
}
