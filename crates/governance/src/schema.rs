//! JSON Schemas of values whose Rust types come from elsewhere, or are written as texts.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::identifier::CreditCode;
use crate::money::Money;

/// A day in Asia/Shanghai: `2026-11-24`.
pub(crate) struct Day;

/// An instant in UTC: `2026-11-24T02:00:00Z`.
pub(crate) struct Instant;

/// Gives types a schema that stands where they are used.
macro_rules! inline_schemas {
    ($($of:ty: $schema:tt;)*) => {$(
        impl JsonSchema for $of {
            fn schema_name() -> Cow<'static, str> {
                stringify!($of).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }

            fn inline_schema() -> bool {
                true
            }
        }
    )*};
}

inline_schemas! {
    Day: {"type": "string", "format": "date"};
    Instant: {"type": "string", "format": "date-time"};
    Money: {"type": "string", "format": "money", "pattern": r"^-?\d+(\.\d{1,2})?$"};
    CreditCode: {"type": "string", "format": "credit-code", "minLength": 18, "maxLength": 18};
}
