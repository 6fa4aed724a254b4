//! A witness (C2SP `tlog-witness`): any party runs one, for any C2SP log. The decision is the ledger's
//! (`gongshu_ledger::witness`); here are its folder, its clock and its HTTP face.

mod evidence;
mod http;
mod keeper;
mod link;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gongshu_app::Clock;
use gongshu_app::ledger::{AddCheckpoint, Checkpoint, Cosigner, NoteSignature, WatchList, WitnessRefusal};

pub use http::{REQUEST_BYTES_MAX, witness_service};
pub use link::HttpLink;
pub(crate) use link::{read_limited, root_cause};

use evidence::Evidence;
use keeper::{KeepError, Keeper};

/// A running witness.
pub struct Witness {
    watched: WatchList,
    cosigner: Cosigner,
    keeper: Keeper,
    evidence: Evidence,
    clock: Arc<dyn Clock>,
}

/// Why a witness cannot work.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// Its folder cannot be read or written.
    #[error("`{path}` cannot be used: {source}")]
    Folder {
        /// What of it.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another witness works in the folder. Two would not know of each other's cosignatures.
    #[error("another witness works in `{0}`; stop it, or give this one a folder of its own")]
    Busy(PathBuf),
    /// A stored checkpoint is damaged.
    #[error("`{path}` holds no checkpoint of a watched log: {reason}; restore it, a witness must not forget")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// What became of a request.
enum Outcome {
    Cosigned(NoteSignature),
    Refused(WitnessRefusal),
}

impl Witness {
    /// Opens the witness of a folder, and what it has cosigned so far.
    ///
    /// # Errors
    /// When the folder cannot be used, is in use, or holds something damaged.
    pub fn open(
        folder: &Path,
        watched: WatchList,
        cosigner: Cosigner,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, WitnessError> {
        let origins: Vec<&str> = watched.origins().collect();
        let keeper = Keeper::open(folder, &origins)?;
        let evidence = Evidence::open(folder)?;
        Ok(Self {
            watched,
            cosigner,
            keeper,
            evidence,
            clock,
        })
    }

    /// Its public key.
    #[must_use]
    pub fn key(&self) -> gongshu_app::ledger::VerifierKey {
        self.cosigner.verifier_key()
    }

    /// The largest checkpoint that it has cosigned for a log.
    #[must_use]
    pub fn last(&self, origin: &str) -> Option<Checkpoint> {
        self.keeper.last(origin).map(|kept| kept.unverified().clone())
    }

    /// Decides about a request. The checkpoint is durable before its cosignature exists.
    fn add_checkpoint(&self, request: AddCheckpoint) -> Result<Outcome, WitnessError> {
        let vouched = match self.watched.vouch(request) {
            Ok(vouched) => vouched,
            Err(refusal) => return Ok(Outcome::Refused(refusal)),
        };
        match self.keeper.replace(&vouched) {
            Ok(()) => {
                let seconds = u64::try_from(self.clock.now().as_second()).unwrap_or(0);
                let note = vouched.request().checkpoint.note();
                Ok(Outcome::Cosigned(self.cosigner.cosign(note, seconds)))
            }
            Err(KeepError::Refused { refusal, contradicts }) => {
                if let Some((suspicion, last)) = contradicts {
                    self.evidence.keep(suspicion, &last, vouched.request());
                }
                Ok(Outcome::Refused(refusal))
            }
            Err(KeepError::Failed(error)) => Err(error),
        }
    }
}

/// The message of a system's error about a path.
fn folder_error(path: &Path) -> impl FnOnce(std::io::Error) -> WitnessError + '_ {
    |source| WitnessError::Folder {
        path: path.to_owned(),
        source,
    }
}
