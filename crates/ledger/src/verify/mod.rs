//! The offline verifier: a receipt or an answer file, the keys one trusts, and nothing else.

mod error;
mod policy;

pub use error::VerifyError;
pub use policy::{Policy, PolicyError, PolicyWitness, Quorum};

use crate::answer::{ANSWER, AnswerFile};
use crate::checkpoint::SignedCheckpoint;
use crate::commitment::Opening;
use crate::hash::Hash;
use crate::json::same_json;
use crate::leaf::Leaf;
use crate::note::VerifiedSignature;
use crate::receipt::Receipt;
use crate::suite::Suite;
use serde_json::Value;

/// What a receipt proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The log, by its origin.
    pub origin: String,
    /// The suite of the log, as its trusted key tells.
    pub suite: Suite,
    /// The entry's index in the log.
    pub index: u64,
    /// How many entries the log had at the checkpoint.
    pub size: u64,
    /// The root of the log at the checkpoint.
    pub root: Hash,
    /// The entry, byte for byte.
    pub entry: Vec<u8>,
    /// Who signed the checkpoint: the log first, then witnesses.
    pub signatures: Vec<VerifiedSignature>,
}

/// What an answer file proves.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedAnswer {
    /// What its receipt proves.
    pub receipt: Verified,
    /// The entry, read as a leaf.
    pub leaf: Leaf,
    /// The answer that the leaf commits to, if the file holds one.
    pub answer: Option<Value>,
    /// The openings, all of which fit the leaf.
    pub openings: Vec<Opening>,
}

/// Checks a receipt: its checkpoint is signed by those whom `policy` trusts, and its entry is under that root.
pub fn verify_receipt(text: &str, policy: &Policy) -> Result<Verified, VerifyError> {
    let receipt = Receipt::parse(text)?;
    let entry = receipt.entry.as_deref().ok_or(VerifyError::NoEntry)?;
    verify_entry(&receipt, entry, policy)
}

/// Checks that a receipt, with or without an entry of its own, proves `entry`.
pub fn verify_entry(receipt: &Receipt, entry: &[u8], policy: &Policy) -> Result<Verified, VerifyError> {
    let signatures = verify_checkpoint(&receipt.checkpoint, policy)?;
    let checkpoint = receipt.checkpoint.unverified();
    let suite = policy.suite_of(checkpoint.origin());
    let (index, size, root) = (receipt.index, checkpoint.size(), *checkpoint.root());
    receipt
        .proof
        .verify(suite, &suite.hash_leaf(entry), index, size, &root)?;
    Ok(Verified {
        origin: checkpoint.origin().to_owned(),
        suite,
        index,
        size,
        root,
        entry: entry.to_vec(),
        signatures,
    })
}

/// Checks that a checkpoint is of a log of the policy and signed by it and by enough witnesses. Gives the signatures.
pub fn verify_checkpoint(
    checkpoint: &SignedCheckpoint,
    policy: &Policy,
) -> Result<Vec<VerifiedSignature>, VerifyError> {
    let origin = checkpoint.unverified().origin();
    let keys = policy.log_keys_of(origin);
    if keys.is_empty() {
        return Err(VerifyError::WrongLog {
            wanted: policy.origins(),
            found: origin.to_owned(),
        });
    }
    let mut signatures = checkpoint.note().verify(&keys)?;
    let witnesses = policy.witnesses_of(checkpoint.note())?;
    signatures.extend(witnesses);
    Ok(signatures)
}

/// Checks the text of an answer file: its receipt, every opening, and that the answer is the one committed to.
pub fn verify_answer(text: &str, policy: &Policy) -> Result<VerifiedAnswer, VerifyError> {
    let file = AnswerFile::parse(text)?;
    let openings = file.receipt.openings()?;
    let receipt = verify_receipt(&file.receipt.proof, policy)?;
    let leaf = Leaf::parse(&receipt.entry)?;
    openings
        .iter()
        .try_for_each(|opening| leaf.check(opening, receipt.suite))?;
    check_answer(file.answer.as_ref(), &openings)?;
    Ok(VerifiedAnswer {
        receipt,
        leaf,
        answer: file.answer,
        openings,
    })
}

/// An answer must be the one that is opened. One that nothing opens would be shown beside a proof that is not its own.
fn check_answer(answer: Option<&Value>, openings: &[Opening]) -> Result<(), VerifyError> {
    let opening = openings.iter().find(|opening| opening.name == ANSWER);
    match (answer, opening) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(VerifyError::AnswerNotOpened),
        (None, Some(_)) => Err(VerifyError::AnswerMissing),
        (Some(answer), Some(opening)) => {
            let committed: Option<Value> = serde_json::from_str(&opening.value).ok();
            let same = committed.is_some_and(|committed| same_json(&committed, answer));
            if same { Ok(()) } else { Err(VerifyError::AnswerAltered) }
        }
    }
}
