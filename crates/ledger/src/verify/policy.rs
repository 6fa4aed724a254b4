//! Whom a verifier trusts.

use super::VerifyError;
use crate::note::{Algorithm, NoteError, SignedNote, VerifiedSignature, VerifierKey};
use std::collections::BTreeSet;

/// The log's keys, the witnesses' keys, and how many witnesses must have signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    log_keys: Vec<VerifierKey>,
    witness_keys: Vec<VerifierKey>,
    witnesses_min: usize,
}

impl Policy {
    /// Trusts the log that `key` names, without witnesses.
    ///
    /// The key's name is the log's origin. A witness's key is refused.
    pub fn new(key: VerifierKey) -> Result<Self, VerifyError> {
        let policy = Self {
            log_keys: Vec::new(),
            witness_keys: Vec::new(),
            witnesses_min: 0,
        };
        policy.with_log_key(key)
    }

    /// Trusts another key of the same log too, as after a change of keys.
    pub fn with_log_key(mut self, key: VerifierKey) -> Result<Self, VerifyError> {
        let same_log = self.log_keys.first().is_none_or(|first| first.name() == key.name());
        if key.algorithm() != Algorithm::Ed25519 || !same_log {
            return Err(VerifyError::UnsuitableKey { key: key.to_string() });
        }
        self.log_keys.push(key);
        Ok(self)
    }

    /// Asks for the cosignatures of at least `min` of these witnesses.
    pub fn with_witnesses(mut self, keys: Vec<VerifierKey>, min: usize) -> Result<Self, VerifyError> {
        if let Some(key) = keys.iter().find(|key| key.algorithm() != Algorithm::CosignatureV1) {
            return Err(VerifyError::UnsuitableKey { key: key.to_string() });
        }
        self.witness_keys = keys;
        self.witnesses_min = min;
        Ok(self)
    }

    /// The origin of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.log_keys.first().map_or("", |key| key.name().as_str())
    }

    pub(super) fn log_keys(&self) -> &[VerifierKey] {
        &self.log_keys
    }

    /// The cosignatures on a checkpoint, if they are enough. A witness counts once, whatever keys it has.
    pub(super) fn witnesses_of(&self, note: &SignedNote) -> Result<Vec<VerifiedSignature>, VerifyError> {
        let signatures = match note.verify(&self.witness_keys) {
            Err(NoteError::NoKnownKey { .. }) => Vec::new(),
            verified => verified?,
        };
        let found = signatures
            .iter()
            .map(|signature| &signature.name)
            .collect::<BTreeSet<_>>()
            .len();
        let wanted = self.witnesses_min;
        if found < wanted {
            Err(VerifyError::TooFewWitnesses { wanted, found })
        } else {
            Ok(signatures)
        }
    }
}
