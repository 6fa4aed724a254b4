//! A C2SP tile log: leaves, tree, checkpoints, receipts and their offline verifier; no IO.
//!
//! | one wants to | and finds it in |
//! | --- | --- |
//! | choose the algorithms | [`Suite`] |
//! | append entries and prove them | [`Edge`], [`Appended`] |
//! | prove any entry of a stored log | [`Prover`], [`TileReader`] |
//! | store and serve tiles | [`tile`] |
//! | sign and cosign checkpoints | [`NoteSigner`], [`Cosigner`], [`Checkpoint`] |
//! | write and read receipts | [`Receipt`], [`AnswerFile`] |
//! | verify them offline | [`verify_receipt`], [`verify_answer`], [`Policy`] |
//! | run a witness, ask one | [`witness`] |
//! | audit a whole log, follow its growth | [`audit()`], [`advance`], [`follow`] |
//! | stamp the time (RFC 3161) | [`stamp`] |
//! | write a leaf and commit to what it hides | [`canonical_json`], [`Commitment`], [`Leaf`] |
//!
//! The bytes that are hashed and signed are written down in `docs/spec/ledger.md`.
#![doc = include_str!("../README.md")]

pub mod answer;
pub mod audit;
pub mod checkpoint;
pub mod commitment;
mod cosignature;
pub mod follow;
pub mod hash;
pub mod json;
pub mod leaf;
pub mod note;
pub mod proof;
pub mod receipt;
pub mod stamp;
pub mod suite;
mod text;
pub mod tile;
pub mod tree;
pub mod trust;
pub mod verify;
pub mod witness;

pub use answer::{AnswerError, AnswerFile, AnswerReceipt, OpeningText};
pub use audit::{AuditError, audit};
pub use checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
pub use commitment::{Commitment, CommitmentError, Opening};
pub use follow::{DueTile, FollowError, Follower, FollowerStateError, Step, Taken};
pub use hash::Hash;
pub use json::{JsonError, canonical_json};
pub use leaf::{Leaf, LeafError};
pub use note::{Algorithm, Cosigner, KeyError, KeyName, NoteError, NoteSignature, NoteSigner, SignedNote};
pub use note::{VerifiedSignature, VerifierKey};
pub use proof::{ConsistencyProof, InclusionProof, ProofError, ProveError, Prover, TileReader, TileSet};
pub use proof::{tiles_for_consistency, tiles_for_inclusion};
pub use receipt::{Receipt, ReceiptError};
pub use suite::{Suite, SuiteError};
pub use tile::{BundleError, Tile, TileKind, TilePathError, decode_bundle, encode_bundle};
pub use tree::{Appended, Edge, EdgeError, FullTile};
pub use trust::{AdvanceError, advance};
pub use verify::{Policy, PolicyError, PolicyWitness, Quorum, Verified, VerifiedAnswer, VerifyError};
pub use verify::{verify_answer, verify_checkpoint, verify_entry, verify_receipt};
pub use witness::{AddCheckpoint, Suspicion, Vouched, WatchList, WitnessRefusal, WitnessReply, read_reply};
