//! Signing: a log signs its checkpoints, a witness cosigns them.

use super::algorithm::{Algorithm, Role};
use super::key::{key_id, split_key};
use super::{KeyError, KeyName, NoteSignature, SignedNote, VerifierKey};
use crate::checkpoint::Checkpoint;
use crate::cosignature;
use crate::suite::{SecretKey, Suite};
use crate::text::to_base64;
use std::fmt;
use zeroize::Zeroizing;

/// The beginning of every signer key, so that a secret is seen for what it is.
const SECRET_MARK: &str = "PRIVATE+KEY+";

/// A log's signing key. It is shown without its secret.
#[derive(Clone)]
pub struct NoteSigner(Secret);

/// A witness's signing key. It is shown without its secret.
#[derive(Clone)]
pub struct Cosigner(Secret);

impl NoteSigner {
    /// The key that grows from 32 random bytes. Under the 国密 suite about one in 2³² seeds grows into none.
    pub fn from_seed(suite: Suite, name: KeyName, seed: &[u8; 32]) -> Result<Self, KeyError> {
        Secret::new(name, Algorithm::of(suite, Role::Log), seed).map(Self)
    }

    /// Reads `PRIVATE+KEY+name+id+base64`.
    pub fn from_secret_text(text: &str) -> Result<Self, KeyError> {
        Secret::parse(text, Role::Log).map(Self)
    }

    /// The key as [`from_secret_text`](Self::from_secret_text) reads it. Whoever reads it can sign.
    #[must_use]
    pub fn to_secret_text(&self) -> String {
        self.0.to_text()
    }

    /// The public half.
    #[must_use]
    pub fn verifier_key(&self) -> VerifierKey {
        self.0.verifier_key()
    }

    /// The suite of the log.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.0.algorithm.suite()
    }

    /// The signed note of a checkpoint, as it is stored and served.
    #[must_use]
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.to_text();
        let signature = self.sign_text(&text);
        format!("{text}\n{signature}\n")
    }

    /// The signature line over any text of a note.
    #[must_use]
    pub fn sign_text(&self, text: &str) -> NoteSignature {
        self.0.signature(&[], text.as_bytes())
    }
}

impl Cosigner {
    /// The key that grows from 32 random bytes, which no other name and no log may use. As with
    /// [`NoteSigner::from_seed`], a seed may grow into none.
    pub fn from_seed(suite: Suite, name: KeyName, seed: &[u8; 32]) -> Result<Self, KeyError> {
        Secret::new(name, Algorithm::of(suite, Role::Witness), seed).map(Self)
    }

    /// Reads `PRIVATE+KEY+name+id+base64`.
    pub fn from_secret_text(text: &str) -> Result<Self, KeyError> {
        Secret::parse(text, Role::Witness).map(Self)
    }

    /// The key as [`from_secret_text`](Self::from_secret_text) reads it. Whoever reads it can sign.
    #[must_use]
    pub fn to_secret_text(&self) -> String {
        self.0.to_text()
    }

    /// The public half.
    #[must_use]
    pub fn verifier_key(&self) -> VerifierKey {
        self.0.verifier_key()
    }

    /// The signature line over a checkpoint that this witness has found consistent at `time_seconds` since 1970.
    ///
    /// Check with [`advance`](crate::trust::advance) first: a cosignature says that nothing was rewritten.
    #[must_use]
    pub fn cosign(&self, checkpoint: &SignedNote, time_seconds: u64) -> NoteSignature {
        let message = cosignature::message(time_seconds, checkpoint.text());
        self.0.signature(&time_seconds.to_be_bytes(), message.as_bytes())
    }
}

#[derive(Clone)]
struct Secret {
    name: KeyName,
    algorithm: Algorithm,
    key_id: u32,
    key: SecretKey,
}

impl Secret {
    fn new(name: KeyName, algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let key = SecretKey::from_seed(algorithm.suite(), seed).ok_or(KeyError::Material)?;
        let key_id = key_id(&name, algorithm, &key.public().bytes());
        Ok(Self {
            name,
            algorithm,
            key_id,
            key,
        })
    }

    fn parse(text: &str, wanted: Role) -> Result<Self, KeyError> {
        let parts = split_key(text.strip_prefix(SECRET_MARK).ok_or(KeyError::Form)?)?;
        if parts.algorithm.role() != wanted {
            return Err(KeyError::Algorithm);
        }
        let seed = Zeroizing::new(parts.key);
        let seed = seed.as_slice().try_into().map_err(|_| KeyError::Material)?;
        let secret = Self::new(parts.name, parts.algorithm, seed)?;
        if secret.key_id == parts.id {
            Ok(secret)
        } else {
            Err(KeyError::Id)
        }
    }

    fn to_text(&self) -> String {
        let bytes = Zeroizing::new([self.algorithm.identifier(), &self.key.seed()[..]].concat());
        format!("{SECRET_MARK}{}+{:08x}+{}", self.name, self.key_id, to_base64(&bytes))
    }

    fn verifier_key(&self) -> VerifierKey {
        VerifierKey::new(self.name.clone(), self.algorithm, self.key.public())
    }

    fn signature(&self, prefix: &[u8], message: &[u8]) -> NoteSignature {
        let bytes = [prefix, &self.key.sign(message)].concat();
        NoteSignature::new(self.name.clone(), self.key_id, bytes)
    }
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteSigner({})", self.verifier_key())
    }
}

impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cosigner({})", self.verifier_key())
    }
}
