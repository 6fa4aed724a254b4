//! Checks on the values of a column that go beyond its type.

mod identity;
mod uscc;

use serde::{Deserialize, Serialize};

pub use identity::identity_number_is_valid;
pub use uscc::{uscc_check_character, uscc_is_valid};

/// A check on each value that is not null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// A unified social credit code with a correct check character (GB 32100-2015).
    UnifiedSocialCreditCode,
    /// A resident identity number with a correct check character (GB 11643-1999).
    ResidentIdentityNumber,
    /// This many decimal digits.
    Digits {
        /// How many.
        length: u32,
    },
    /// One of a list of codes.
    OneOf {
        /// The codes.
        values: Vec<String>,
    },
    /// A number within bounds, both included.
    Between {
        /// The lowest value.
        min: i64,
        /// The highest value.
        max: i64,
    },
}

impl Check {
    /// Whether a text value passes; bounds are for numbers.
    pub fn accepts_text(&self, value: &str) -> bool {
        match self {
            Self::UnifiedSocialCreditCode => uscc_is_valid(value),
            Self::ResidentIdentityNumber => identity_number_is_valid(value),
            Self::Digits { length } => {
                value.len() == *length as usize && value.bytes().all(|byte| byte.is_ascii_digit())
            }
            Self::OneOf { values } => values.iter().any(|allowed| allowed == value),
            Self::Between { .. } => false,
        }
    }

    /// Whether it is a check on numbers rather than on text.
    pub(crate) fn is_numeric(&self) -> bool {
        matches!(self, Self::Between { .. })
    }

    /// What it asks for, in Chinese and in English.
    pub(crate) fn wants(&self) -> (String, String) {
        match self {
            Self::UnifiedSocialCreditCode => (
                "校验码正确的18位统一社会信用代码(GB 32100-2015)".into(),
                "a unified social credit code of 18 characters with a correct check character (GB 32100-2015)".into(),
            ),
            Self::ResidentIdentityNumber => (
                "校验码正确的18位公民身份号码(GB 11643-1999)".into(),
                "a resident identity number of 18 characters with a correct check character (GB 11643-1999)".into(),
            ),
            Self::Digits { length } => (format!("{length}位数字"), format!("{length} digits")),
            Self::OneOf { values } => {
                let list = values.join(", ");
                (format!("以下代码之一:{list}"), format!("one of the codes {list}"))
            }
            Self::Between { min, max } => (
                format!("介于{min}和{max}之间的数"),
                format!("a number from {min} to {max}"),
            ),
        }
    }
}
