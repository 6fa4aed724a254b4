//! The file that a client saves: an answer, its receipt, and what opens the receipt's commitments.

use crate::commitment::{Opening, SALT_BYTES};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use thiserror::Error;

/// The name of the commitment that binds the answer itself.
pub const ANSWER: &str = "answer";

/// An answer file. Members beyond these are kept out of it: nothing proves them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerFile {
    /// The answer as JSON; acts that give no answer leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub answer: Option<Value>,
    /// What proves it.
    pub receipt: AnswerReceipt,
}

/// The receipt in an answer file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerReceipt {
    /// The `tlog-proof` text.
    pub proof: String,
    /// What opens the leaf's commitments, by name.
    #[serde(default)]
    pub openings: BTreeMap<String, OpeningText>,
}

/// An opening as the file spells it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningText {
    /// The salt: 32 lower-case hexadecimal digits.
    pub salt: String,
    /// The exact text committed to.
    pub value: String,
}

/// Why a file is no answer file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// It is not JSON of this shape.
    #[error("the file is no answer file: {0}")]
    Form(String),
    /// A salt is not 16 bytes in hexadecimal.
    #[error("the salt of `{name}` is not 32 lower-case hexadecimal digits")]
    Salt {
        /// The name of the opening.
        name: String,
    },
}

impl AnswerError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "answer.malformed"
    }
}

impl AnswerFile {
    /// Reads the JSON text of a file.
    pub fn parse(text: &str) -> Result<Self, AnswerError> {
        serde_json::from_str(text).map_err(|error| AnswerError::Form(error.to_string()))
    }
}

impl AnswerReceipt {
    /// The openings, in order of their names.
    pub fn openings(&self) -> Result<Vec<Opening>, AnswerError> {
        self.openings.iter().map(|(name, text)| text.opening(name)).collect()
    }
}

impl OpeningText {
    fn opening(&self, name: &str) -> Result<Opening, AnswerError> {
        let bad_salt = || AnswerError::Salt { name: name.to_owned() };
        let lower = !self.salt.bytes().any(|byte| byte.is_ascii_uppercase());
        let bytes = hex::decode(&self.salt).ok().filter(|_| lower).ok_or_else(bad_salt)?;
        let salt: [u8; SALT_BYTES] = bytes.try_into().map_err(|_| bad_salt())?;
        Ok(Opening {
            name: name.to_owned(),
            salt,
            value: self.value.clone(),
        })
    }
}

impl From<&Opening> for OpeningText {
    fn from(opening: &Opening) -> Self {
        Self {
            salt: hex::encode(opening.salt),
            value: opening.value.clone(),
        }
    }
}

impl std::fmt::Debug for OpeningText {
    /// Salt and value are confidential.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpeningText(…)")
    }
}

/// Tells an answer that is `null` from none.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
