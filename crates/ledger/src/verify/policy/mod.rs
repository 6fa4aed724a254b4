//! Whom a verifier trusts: logs, witnesses, and which of the witnesses are enough.

mod file;
mod quorum;

pub use file::PolicyError;
pub use quorum::Quorum;

use super::VerifyError;
use crate::note::{NoteError, SignedNote, VerifiedSignature, VerifierKey};
use crate::suite::Suite;

/// The logs' keys, the witnesses, and the quorum of them that must have signed (C2SP `tlog-policy`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    log_keys: Vec<VerifierKey>,
    witnesses: Vec<PolicyWitness>,
    quorum: Quorum,
}

/// A witness of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyWitness {
    /// What the policy calls it.
    pub name: String,
    /// Its key.
    pub key: VerifierKey,
    /// Where it takes checkpoints: the submission prefix.
    pub url: Option<String>,
}

impl Policy {
    /// Trusts the log that `key` names, without witnesses.
    ///
    /// The key's name is the log's origin. A witness's key is refused.
    pub fn new(key: VerifierKey) -> Result<Self, VerifyError> {
        let policy = Self {
            log_keys: Vec::new(),
            witnesses: Vec::new(),
            quorum: Quorum::none(),
        };
        policy.with_log_key(key)
    }

    /// Trusts another key of the same log too, as after a change of keys. It must be of the same suite.
    pub fn with_log_key(mut self, key: VerifierKey) -> Result<Self, VerifyError> {
        let first = self.log_keys.first();
        let same_log = first.is_none_or(|first| first.name() == key.name() && first.suite() == key.suite());
        if !key.is_of_log() || !same_log {
            return Err(VerifyError::UnsuitableKey { key: key.to_string() });
        }
        self.log_keys.push(key);
        Ok(self)
    }

    /// Trusts this log alone, with the same witnesses.
    pub fn with_only_log(mut self, key: VerifierKey) -> Result<Self, VerifyError> {
        self.log_keys.clear();
        self.with_log_key(key)
    }

    /// Asks for the cosignatures of at least `min` of these witnesses. Keys of one name count as one witness.
    pub fn with_witnesses(mut self, keys: Vec<VerifierKey>, min: usize) -> Result<Self, VerifyError> {
        if let Some(key) = keys.iter().find(|key| key.is_of_log()) {
            return Err(VerifyError::UnsuitableKey { key: key.to_string() });
        }
        self.quorum = Quorum::of_names(keys.iter().map(VerifierKey::name), min);
        let witness = |key: VerifierKey| PolicyWitness {
            name: key.name().to_string(),
            key,
            url: None,
        };
        self.witnesses = keys.into_iter().map(witness).collect();
        Ok(self)
    }

    /// The origin of the log, the first one's where there are several.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.log_keys.first().map_or("", |key| key.name().as_str())
    }

    /// The keys of all logs.
    #[must_use]
    pub fn log_keys(&self) -> &[VerifierKey] {
        &self.log_keys
    }

    /// The witnesses.
    #[must_use]
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// Which of the witnesses are enough.
    #[must_use]
    pub const fn quorum(&self) -> &Quorum {
        &self.quorum
    }

    /// The keys of the log of this origin.
    pub(super) fn log_keys_of(&self, origin: &str) -> Vec<VerifierKey> {
        let keys = self.log_keys.iter().filter(|key| key.name().as_str() == origin);
        keys.cloned().collect()
    }

    /// The suite of the policy's logs; nothing where it has none, or they differ in it.
    #[must_use]
    pub fn suite(&self) -> Option<Suite> {
        let mut suites = self.log_keys.iter().map(VerifierKey::suite);
        let first = suites.next()?;
        suites.all(|suite| suite == first).then_some(first)
    }

    /// The suite of the log of this origin: all its keys are of one.
    pub(super) fn suite_of(&self, origin: &str) -> Suite {
        let mut keys = self.log_keys.iter();
        let key = keys.find(|key| key.name().as_str() == origin);
        key.map_or_else(Suite::default, VerifierKey::suite)
    }

    /// The origins of all logs, for a message.
    pub(super) fn origins(&self) -> String {
        let mut origins: Vec<&str> = self.log_keys.iter().map(|key| key.name().as_str()).collect();
        origins.dedup();
        origins.join("`, `")
    }

    /// The cosignatures on a checkpoint, if they are enough.
    pub(super) fn witnesses_of(&self, note: &SignedNote) -> Result<Vec<VerifiedSignature>, VerifyError> {
        let mut signed = Vec::with_capacity(self.witnesses.len());
        let mut signatures = Vec::new();
        for witness in &self.witnesses {
            let verified = match note.verify(std::slice::from_ref(&witness.key)) {
                Err(NoteError::NoKnownKey { .. }) => Vec::new(),
                verified => verified?,
            };
            signed.push(!verified.is_empty());
            signatures.extend(verified);
        }
        if self.quorum.is_met(&signed) {
            return Ok(signatures);
        }
        let (found, wanted) = self.quorum.count(&signed);
        Err(VerifyError::TooFewWitnesses { wanted, found })
    }
}
