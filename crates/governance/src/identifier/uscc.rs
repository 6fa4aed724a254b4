//! Unified social credit codes (GB 32100-2015).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The 31 characters of the code; `I`, `O`, `S`, `V` and `Z` are left out (GB 32100-2015, 4.1).
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// An 18-character unified social credit code whose check character holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode(String);

/// Why a text is not a credit code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeError {
    /// It does not have 18 characters.
    #[error("a unified social credit code has 18 characters, `{0}` has {1}")]
    Length(String, usize),
    /// It has a character outside the alphabet.
    #[error("`{0}` has the character `{1}`, which a unified social credit code cannot have")]
    Character(String, char),
    /// Its last character is not the check character of the first 17.
    #[error("the check character of `{0}` should be `{1}`; one of its characters is mistyped")]
    Check(String, char),
}

impl CreditCode {
    /// Parses and checks a code.
    ///
    /// # Errors
    /// When length, alphabet or check character do not hold.
    pub fn parse(text: &str) -> Result<Self, CreditCodeError> {
        let length = text.chars().count();
        if length != 18 {
            return Err(CreditCodeError::Length(text.to_owned(), length));
        }
        let mut sum = 0;
        let mut weight = 1;
        let mut last = 0;
        for (position, character) in text.chars().enumerate() {
            let value = ALPHABET
                .iter()
                .position(|&letter| char::from(letter) == character)
                .ok_or_else(|| CreditCodeError::Character(text.to_owned(), character))?;
            if position < 17 {
                sum += value * weight;
                weight = weight * 3 % 31;
            }
            last = value;
        }
        let check = (31 - sum % 31) % 31;
        if check == last {
            Ok(Self(text.to_owned()))
        } else {
            Err(CreditCodeError::Check(text.to_owned(), char::from(ALPHABET[check])))
        }
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CreditCode {
    type Error = CreditCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<CreditCode> for String {
    fn from(code: CreditCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_codes_pass_and_typos_do_not() {
        // Codes that companies print on their own pages.
        for code in ["91440300708461136T", "91110000802100433B", "914403001922038216"] {
            assert!(CreditCode::parse(code).is_ok(), "{code}: {:?}", CreditCode::parse(code));
        }
        assert!(matches!(
            CreditCode::parse("91440300708461136A"),
            Err(CreditCodeError::Check(_, 'T'))
        ));
        assert!(matches!(CreditCode::parse("9144"), Err(CreditCodeError::Length(_, 4))));
        assert!(matches!(
            CreditCode::parse("91440300708461136O"),
            Err(CreditCodeError::Character(_, 'O'))
        ));
    }
}
