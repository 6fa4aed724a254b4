//! What is wrong with a row, for the one who has to mend it.

use serde::{Deserialize, Serialize};

use super::reason::Reason;

/// A message in two languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// One thing that is wrong with a row. It never quotes a value: values may be personal, and the report
/// leaves the domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// The line of the file, from 1, the header counted.
    pub line: u64,
    /// The place of the field in its row, from 1.
    pub column: u32,
    /// The column, if the specification names it.
    pub field: Option<String>,
    /// The stable code of the reason, such as `row.not-an-integer`.
    pub code: String,
    /// What is wrong and what to do.
    pub message: Message,
}

impl RowError {
    pub(super) fn new(line: u64, column: u32, field: Option<&str>, reason: &Reason<'_>) -> Self {
        Self {
            line,
            column,
            field: field.map(String::from),
            code: reason.code().into(),
            message: reason.message(),
        }
    }
}
