//! Models: reviewed programs that score rows inside the domain, called from SQL as functions.
//!
//! A model is a WebAssembly module without any import, or an ONNX network of operators that work row by row: it has no
//! clock, no randomness, no file, no network, and no way to speak but through its scores. What it takes and gives is
//! written in `docs/spec/model-abi.md`.
//!
//! Each batch of rows meets a fresh instance, so nothing that a model sees of one call can reach another.

mod error;
mod frame;
mod function;
mod onnx;
mod runner;
mod sandbox;

use std::sync::Arc;

use gongshu_governance::model::ModelFormat;
use sha2::{Digest, Sha256};

pub use error::ModelError;
pub(crate) use function::function;
pub use onnx::GraphFault;
pub(crate) use runner::{Runner, Shared};

/// What every function of a model starts with, so that none can take the place of another function.
pub const FUNCTION_PREFIX: &str = "score_";

/// Limits of a model.
#[derive(Debug, Clone)]
pub struct ModelLimits {
    /// Most bytes of its file.
    pub code_bytes: usize,
    /// Most operators of an ONNX model.
    pub operators: usize,
    /// Most instructions a row of a batch; of an ONNX model, operations on numbers.
    pub fuel_per_row: u64,
    /// Most bytes of its memory.
    pub memory_bytes: usize,
    /// Longest run over one batch.
    pub time: std::time::Duration,
    /// Most subjects of one training.
    pub training_rows: usize,
    /// Longest fit of one training, once its rows are read.
    pub training_time: std::time::Duration,
}

impl Default for ModelLimits {
    fn default() -> Self {
        Self {
            code_bytes: 256 << 10,
            operators: 256,
            fuel_per_row: 100_000,
            memory_bytes: 16 << 20,
            time: std::time::Duration::from_secs(2),
            training_rows: 500_000,
            training_time: std::time::Duration::from_secs(60),
        }
    }
}

/// Where a model stands on the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has reviewed it yet.
    Registered,
    /// Reviewed, and in force.
    InForce,
    /// Suspended or withdrawn.
    Stopped,
}

/// A model as its scenario may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Its function in SQL: `score_credit_v1`.
    pub function: String,
    /// What its file is.
    pub format: ModelFormat,
    /// SHA-256 of its file, lower-case hex.
    pub sha256: String,
    /// The table whose rows it scores.
    pub table: String,
    /// The columns it takes, in the order of its arguments.
    pub inputs: Vec<String>,
    /// Where it stands.
    pub standing: Standing,
    /// Its file.
    pub code: Arc<[u8]>,
}

impl Model {
    /// Whether the file is the one that the record names.
    pub(crate) fn is_pinned(&self) -> bool {
        hex::encode(Sha256::digest(&self.code)) == self.sha256
    }
}
