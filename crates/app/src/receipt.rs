//! Receipts as clients get them: a C2SP tlog-proof and what opens its commitments.

use std::collections::BTreeMap;
use std::sync::Arc;

use gongshu_ledger::{AnswerReceipt, Appended, OpeningText, Receipt, SignedCheckpoint, Suite};

use crate::error::AppError;

/// An entry that a group commit has made durable.
#[derive(Debug, Clone)]
pub struct Committed {
    pub(crate) index: u64,
    pub(crate) entry: Vec<u8>,
    pub(crate) appended: Arc<Appended>,
    pub(crate) checkpoint: Arc<SignedCheckpoint>,
}

/// A receipt with its place in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptFile {
    /// Index of the entry.
    pub index: u64,
    /// Proof and openings.
    pub receipt: AnswerReceipt,
}

/// A value that a leaf only commits to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sealed {
    pub(crate) suite: Suite,
    pub(crate) salt: [u8; 16],
    pub(crate) value: String,
}

impl Sealed {
    pub(crate) fn commitment(&self) -> String {
        gongshu_ledger::Commitment::new(self.suite, &self.salt, self.value.as_bytes()).to_string()
    }

    pub(crate) fn opening(&self) -> OpeningText {
        OpeningText {
            salt: hex::encode(self.salt),
            value: self.value.clone(),
        }
    }
}

impl Committed {
    /// The receipt, with these openings. Proving is left to the caller's task, off the sequencer.
    pub(crate) fn receipt(&self, openings: BTreeMap<String, OpeningText>) -> Result<ReceiptFile, AppError> {
        let proof = self.appended.prove(self.index).map_err(AppError::internal)?;
        let receipt = Receipt {
            entry: Some(self.entry.clone()),
            index: self.index,
            proof,
            checkpoint: (*self.checkpoint).clone(),
        };
        Ok(ReceiptFile {
            index: self.index,
            receipt: AnswerReceipt {
                proof: receipt.to_string(),
                openings,
            },
        })
    }
}
