//! Fields of a resource: name, type, meaning, grade and release rule.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::release::ReleaseRule;

/// Physical type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// UTF-8 text.
    Text,
    /// 64-bit signed integer.
    Integer,
    /// 64-bit floating point; for measurements, never for money.
    Float,
    /// Exact decimal with two places, such as money in yuan.
    Decimal,
    /// Calendar day.
    Date,
}

/// One column of a resource as its catalogue entry states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// Column name in SQL: ASCII letters, digits and `_`.
    pub name: String,
    /// Physical type.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// What the field means, in Chinese.
    pub meaning: String,
    /// Security level 1 (lowest) to 4 of general data (GB/T 43697-2024).
    pub level: u8,
    /// What may leave the domain.
    pub release: ReleaseRule,
    /// Whether a value may be missing.
    #[serde(default)]
    pub nullable: bool,
}
