//! Witnessing (C2SP `tlog-witness`): what a log asks of a witness, what the witness decides, what the log reads back.
//!
//! A witness keeps, for each log that it watches, the largest checkpoint that it has cosigned, and cosigns only what
//! continues it. Keeping it — durably, compared and set in one step — is left to the program around.

mod decide;
mod refusal;
mod reply;
mod request;

pub use decide::{Vouched, WatchList};
pub use refusal::{Suspicion, WitnessRefusal};
pub use reply::{ReplyError, WitnessReply, read_reply};
pub use request::{AddCheckpoint, AddCheckpointError, PROOF_LINES_MAX};

/// The content type of the size that a witness answers to a request from another size.
pub const SIZE_CONTENT_TYPE: &str = "text/x.tlog.size";
