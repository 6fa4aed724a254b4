//! Signed notes, the C2SP format of every signature here: text, an empty line, signature lines.

mod algorithm;
mod key;
mod name;
mod signer;

pub use algorithm::Algorithm;
pub(crate) use algorithm::Role;
pub use key::{KeyError, VerifierKey};
pub use name::KeyName;
pub use signer::{Cosigner, NoteSigner};

use crate::text::{from_base64, has_controls, to_base64};
use std::collections::BTreeSet;
use std::fmt;
use thiserror::Error;

/// How many bytes a note may have.
pub const NOTE_BYTES_MAX: usize = 1 << 20;
/// How many signatures a note may carry.
pub const SIGNATURES_MAX: usize = 100;

/// A text and its signatures, well-formed but not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    name: KeyName,
    key_id: u32,
    bytes: Vec<u8>,
}

/// A signature that a known key has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSignature {
    /// The name of the key.
    pub name: KeyName,
    /// When a witness signed, in seconds since 1970; a log's own signature carries no time.
    pub time_seconds: Option<u64>,
}

/// Why a note is malformed or does not verify.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoteError {
    /// The note does not have the form of a signed note.
    #[error("line {line}: {reason}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        reason: &'static str,
    },
    /// No signature is by a known key.
    #[error("none of the signatures is by a key that is trusted here; they are by {}", signers.join(", "))]
    NoKnownKey {
        /// Who signed, as the note claims.
        signers: Vec<String>,
    },
    /// A signature claims a known key but does not match.
    #[error("the signature by `{name}` does not match the text")]
    BadSignature {
        /// The key's name.
        name: KeyName,
    },
}

impl NoteError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "note.malformed",
            Self::NoKnownKey { .. } => "note.no-known-key",
            Self::BadSignature { .. } => "note.bad-signature",
        }
    }
}

impl SignedNote {
    /// A note with this text, which must end in a newline and hold no other control character.
    pub fn new(text: String, signatures: Vec<NoteSignature>) -> Result<Self, NoteError> {
        if !text.ends_with('\n') || has_controls(&text) {
            return Err(malformed(
                1,
                "the text must end in a newline and hold no control characters",
            ));
        }
        Ok(Self { text, signatures })
    }

    /// Reads a note.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(malformed(1, "the note is too long"));
        }
        if let Some(at) = note.split('\n').position(has_controls) {
            return Err(malformed(at + 1, "control characters are not allowed"));
        }
        let lines = note.matches('\n').count();
        let split = note
            .rfind("\n\n")
            .ok_or_else(|| malformed(lines + 1, "no empty line before signatures"))?;
        let (text, rest) = (&note[..=split], &note[split + 2..]);
        let first_line = text.matches('\n').count() + 2;
        Ok(Self {
            text: text.to_owned(),
            signatures: parse_signatures(rest, first_line)?,
        })
    }

    /// The text that is signed, its last newline included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, verified or not.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature, as when a witness has answered.
    pub fn push(&mut self, signature: NoteSignature) {
        self.signatures.push(signature);
    }

    /// The signatures by the keys in `known`, each key once.
    ///
    /// Signatures by unknown keys are passed over. One that claims a known key and does not match spoils the note,
    /// and a note without any by a known key is refused.
    pub fn verify(&self, known: &[VerifierKey]) -> Result<Vec<VerifiedSignature>, NoteError> {
        let mut verified = Vec::new();
        let mut seen = BTreeSet::new();
        for signature in &self.signatures {
            let claimed: Vec<_> = known.iter().filter(|key| key.is_of(signature)).collect();
            if claimed.is_empty() || !seen.insert((&signature.name, signature.key_id)) {
                continue;
            }
            let matching = claimed.iter().find_map(|key| key.verify(&self.text, signature));
            verified.push(matching.ok_or_else(|| NoteError::BadSignature {
                name: signature.name.clone(),
            })?);
        }
        if verified.is_empty() {
            Err(NoteError::NoKnownKey {
                signers: self.signers(),
            })
        } else {
            Ok(verified)
        }
    }

    fn signers(&self) -> Vec<String> {
        self.signatures
            .iter()
            .map(|signature| format!("`{}+{:08x}`", signature.name, signature.key_id))
            .collect()
    }
}

impl NoteSignature {
    /// A signature by the key of this name and id.
    #[must_use]
    pub const fn new(name: KeyName, key_id: u32, bytes: Vec<u8>) -> Self {
        Self { name, key_id, bytes }
    }

    /// The name of the key, as the line claims it.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id of the key, as the line claims it.
    #[must_use]
    pub const fn key_id(&self) -> u32 {
        self.key_id
    }

    /// The bytes after the key id.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads one line without its newline: `— <name> <base64>`.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let (name, bytes) = line.strip_prefix("— ")?.split_once(' ')?;
        let bytes = from_base64(bytes)?;
        let (key_id, signature) = bytes.split_first_chunk::<4>()?;
        let key_id = u32::from_be_bytes(*key_id);
        let signature = (!signature.is_empty()).then_some(signature)?;
        Some(Self::new(KeyName::new(name)?, key_id, signature.to_vec()))
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.key_id.to_be_bytes()[..], &self.bytes].concat();
        write!(f, "— {} {}", self.name, to_base64(&bytes))
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

fn parse_signatures(rest: &str, first_line: usize) -> Result<Vec<NoteSignature>, NoteError> {
    let lines = rest.matches('\n').count();
    if !rest.ends_with('\n') {
        return Err(malformed(
            first_line + lines,
            "a signature line ending in a newline is missing",
        ));
    }
    if lines > SIGNATURES_MAX {
        return Err(malformed(first_line + SIGNATURES_MAX, "too many signatures"));
    }
    let numbered = rest.trim_end_matches('\n').split('\n').enumerate();
    let signature = |(at, line): (usize, &str)| {
        NoteSignature::parse(line).ok_or_else(|| malformed(first_line + at, "this is no signature line"))
    };
    numbered.map(signature).collect()
}

const fn malformed(line: usize, reason: &'static str) -> NoteError {
    NoteError::Malformed { line, reason }
}
