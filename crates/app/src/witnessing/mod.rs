//! Witnessing: the log's newest checkpoint goes to the witnesses, off the sequencer's path, and becomes final once
//! a quorum of them has cosigned it.
//!
//! ```text
//! sequencer ─grown─► round ─ask each─► witnesses
//!                      └─quorum─► final checkpoint: stored, published, in receipts
//! ```

mod ask;
mod behind;
mod member;
mod round;
mod stamps;

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use gongshu_ledger::{
    ConsistencyProof, Policy, Prover, SignedCheckpoint, TileSet, tiles_for_consistency, verify_checkpoint,
};

pub use behind::Ahead;
pub use member::WitnessStatus;

use crate::district::District;
use crate::error::AppError;
use crate::stamping::Stamper;
use round::Rounds;
use stamps::Stamps;

/// Whom the log asks for cosignatures, and how they are reached.
pub struct Witnessing {
    /// The witnesses with their addresses, and which of them are enough.
    pub policy: Policy,
    /// The way to them.
    pub link: Arc<dyn WitnessLink>,
    /// The outside authority that stamps final checkpoints; without one the built-in authority does, if there is one.
    pub stamper: Option<Arc<dyn Stamper>>,
}

/// Carries a request to a witness.
///
/// Contract: `add_checkpoint` posts `body` to `<url>/add-checkpoint` and gives what came back, whatever its status.
/// It may take long; the caller has its own patience.
#[async_trait]
pub trait WitnessLink: Send + Sync {
    /// Sends a request and waits for the reply.
    async fn add_checkpoint(&self, url: &str, body: String) -> Result<LinkReply, String>;
}

/// A witness's reply as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkReply {
    /// HTTP status.
    pub status: u16,
    /// Content type; empty where there is none.
    pub content_type: String,
    /// The body.
    pub body: String,
}

/// What the platform knows of its witnesses.
#[derive(Debug, Default)]
pub(crate) struct Board(Mutex<Vec<WitnessStatus>>);

impl Board {
    fn put(&self, statuses: Vec<WitnessStatus>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = statuses;
    }
}

impl District {
    /// Begins to ask the witnesses, now and after each commit. A second beginning changes nothing.
    ///
    /// # Errors
    /// When the policy names another log.
    pub fn start_witnessing(&self, witnessing: Witnessing) -> Result<(), AppError> {
        let policy = witnessing
            .policy
            .with_only_log(self.log_key().clone())
            .map_err(AppError::internal)?;
        let board = Arc::new(Board::default());
        if self.0.witnesses.set(board.clone()).is_ok() {
            self.forget_final_of_others(&policy);
            let stamps = Stamps::by(witnessing.stamper);
            tokio::spawn(Rounds::new(self, policy, witnessing.link, board, stamps).run());
        }
        Ok(())
    }

    /// What was final by the cosignatures of earlier witnesses is not final by those of this policy.
    fn forget_final_of_others(&self, policy: &Policy) {
        let last = self.final_checkpoint();
        if last.is_some_and(|last| verify_checkpoint(&last, policy).is_err()) {
            self.0.final_checkpoint.store(None);
        }
    }

    /// What is known of each witness; nothing where none are asked.
    #[must_use]
    pub fn witnesses(&self) -> Vec<WitnessStatus> {
        let board = self.0.witnesses.get();
        board.map_or_else(Vec::new, |board| {
            board.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
        })
    }

    /// The newest checkpoint that a quorum has cosigned.
    #[must_use]
    pub fn final_checkpoint(&self) -> Option<Arc<SignedCheckpoint>> {
        self.0.final_checkpoint.load_full()
    }

    /// The checkpoint that the log's readers are served: with witnesses the newest final one, and the log's own until
    /// there is one; without witnesses the newest.
    #[must_use]
    pub fn published_checkpoint(&self) -> Option<Arc<SignedCheckpoint>> {
        let witnessed = self.0.witnesses.get().and_then(|_| self.final_checkpoint());
        witnessed.or_else(|| self.head().checkpoint.clone())
    }

    /// The proof that the log's first `old` entries are a prefix of its first `new`.
    pub(crate) async fn prove_consistency(&self, old: u64, new: u64) -> Result<ConsistencyProof, AppError> {
        let mut tiles = TileSet::new();
        for tile in tiles_for_consistency(old, new).map_err(AppError::internal)? {
            if let Some(bytes) = self.tile(tile).await? {
                tiles.insert(tile, bytes);
            }
        }
        Prover::new(&tiles, self.suite(), new)
            .consistency(old)
            .map_err(AppError::internal)
    }
}
