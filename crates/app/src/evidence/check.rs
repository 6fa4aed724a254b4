//! Checking a package offline: with the log's key and nothing else.

use gongshu_governance::Event;
use gongshu_governance::rules::Rules;
use gongshu_ledger::stamp::{CheckedStamp, StampError, check_stamp};
use gongshu_ledger::{Policy, SignedCheckpoint, VerifiedAnswer, VerifyError, verify_answer, verify_checkpoint};
use sha2::{Digest, Sha256};

use super::named::{self, NamedFile};
use super::package::{Files, MAKING, MANIFEST, Manifest, REPORT, STAMP_REPLY, STAMPED};

/// What a package proves.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedEvidence {
    /// Its entries, in the order of the log.
    pub entries: Vec<VerifiedAnswer>,
    /// The entry by which its making is on record.
    pub making: VerifiedAnswer,
    /// Its time-stamp, where it has one.
    pub stamp: Option<EvidenceStamp>,
    /// The files that its entries name: those in it are what their hashes say, the others are missing.
    pub files: Vec<NamedFile>,
    /// Its report, for people; the manifest vouches for it, and it proves nothing itself.
    pub report: String,
}

/// A checkpoint of the same log, and the time-stamp over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceStamp {
    /// Entries under the checkpoint: those that were there at that time.
    pub size: u64,
    /// The stamp. Its signature holds; whether its authority may be trusted is the reader's to say. An error where it
    /// is signed in a way that is not judged here.
    pub stamp: Result<CheckedStamp, StampError>,
}

/// Why a package proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// It is no package.
    #[error("this is no evidence package: {0}")]
    Form(String),
    /// A file of the manifest is not there.
    #[error("the file `{0}` is missing")]
    FileMissing(String),
    /// A file is not what the manifest says.
    #[error("the file `{0}` was altered")]
    FileAltered(String),
    /// A file is not in the manifest.
    #[error("the file `{0}` does not belong to the package")]
    FileUnknown(String),
    /// The manifest is not the one on record.
    #[error("the manifest is not the one that was put on record when the package was made")]
    Manifest,
    /// The time-stamp is not over the checkpoint, or does not hold.
    #[error("the time-stamp does not hold: {0}")]
    TimeStamp(String),
    /// A receipt does not hold.
    #[error("`{0}`: {1}")]
    Entry(String, #[source] VerifyError),
    /// The rules that an entry was decided by are not there, or have another hash.
    #[error("`{0}`: the rules it was decided by are missing or altered")]
    Rules(String),
}

impl EvidenceError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form(_) => "evidence.malformed",
            Self::FileMissing(_) => "evidence.file-missing",
            Self::FileAltered(_) => "evidence.file-altered",
            Self::FileUnknown(_) => "evidence.file-unknown",
            Self::Manifest => "evidence.manifest",
            Self::TimeStamp(_) => "evidence.time-stamp",
            Self::Entry(_, error) => error.code(),
            Self::Rules(_) => "evidence.rules",
        }
    }
}

/// Checks a package: every file by the manifest, the manifest by the record of its making, every entry by its proof,
/// every opening by its commitment, every set of rules by the hash that its entry names, the time-stamp by its signature.
///
/// # Errors
/// What does not hold first, with the file it is about.
pub fn check_evidence(package: &[u8], policy: &Policy) -> Result<CheckedEvidence, EvidenceError> {
    let files = Files::unzip(package)?;
    let manifest = files
        .get(MANIFEST)
        .ok_or_else(|| EvidenceError::FileMissing(MANIFEST.to_owned()))?;
    let listed: Manifest = serde_json::from_slice(manifest).map_err(|error| EvidenceError::Form(error.to_string()))?;
    files.check(&listed)?;
    let making = files
        .get(MAKING)
        .ok_or_else(|| EvidenceError::FileMissing(MAKING.to_owned()))?;
    let making = verified(MAKING, making, policy)?;
    if manifest_on_record(&making).as_deref() != Some(hex::encode(Sha256::digest(manifest)).as_str()) {
        return Err(EvidenceError::Manifest);
    }
    let mut entries = Vec::new();
    for (name, bytes) in files.below("entries/") {
        let entry = verified(name, bytes, policy)?;
        check_rules(name, &entry, &files)?;
        entries.push(entry);
    }
    entries.sort_by_key(|entry| entry.receipt.index);
    let stamp = checked_stamp(&files, policy)?;
    let named = named::checked(&files)?;
    let report = files.get(REPORT).unwrap_or_default();
    Ok(CheckedEvidence {
        entries,
        making,
        stamp,
        files: named,
        report: String::from_utf8_lossy(report).into_owned(),
    })
}

fn checked_stamp(files: &Files, policy: &Policy) -> Result<Option<EvidenceStamp>, EvidenceError> {
    let Some(reply) = files.get(STAMP_REPLY) else {
        return Ok(None);
    };
    let failed = |error: &dyn std::fmt::Display| EvidenceError::TimeStamp(error.to_string());
    let checkpoint = files.get(STAMPED).unwrap_or_default();
    let text = std::str::from_utf8(checkpoint).map_err(|error| failed(&error))?;
    let signed = SignedCheckpoint::parse(text).map_err(|error| failed(&error))?;
    verify_checkpoint(&signed, policy).map_err(|error| failed(&error))?;
    let stamp = match check_stamp(checkpoint, reply) {
        Err(StampError::Unsupported(what)) => Err(StampError::Unsupported(what)),
        Err(error) => return Err(failed(&error)),
        Ok(stamp) => Ok(stamp),
    };
    let size = signed.unverified().size();
    Ok(Some(EvidenceStamp { size, stamp }))
}

fn verified(name: &str, bytes: &[u8], policy: &Policy) -> Result<VerifiedAnswer, EvidenceError> {
    let text = std::str::from_utf8(bytes).map_err(|error| EvidenceError::Form(format!("`{name}`: {error}")))?;
    verify_answer(text, policy).map_err(|error| EvidenceError::Entry(name.to_owned(), error))
}

/// The manifest's hash in the events of the package's making.
fn manifest_on_record(making: &VerifiedAnswer) -> Option<String> {
    let opening = making.openings.iter().find(|opening| opening.name == "events")?;
    let events: Vec<Event> = serde_json::from_str(&opening.value).ok()?;
    events.into_iter().find_map(|event| match event {
        Event::EvidenceMade { made, .. } => Some(made.manifest_sha256),
        _ => None,
    })
}

fn check_rules(name: &str, entry: &VerifiedAnswer, files: &Files) -> Result<(), EvidenceError> {
    let altered = || EvidenceError::Rules(name.to_owned());
    let leaf: serde_json::Value = serde_json::from_slice(&entry.receipt.entry).map_err(|_| altered())?;
    let hash = leaf["rules"].as_str().ok_or_else(altered)?;
    let folder = format!("rules/{hash}/");
    let packs = files.below(&folder).map(|(_, pack)| std::str::from_utf8(pack));
    let packs: Vec<&str> = packs.collect::<Result<_, _>>().map_err(|_| altered())?;
    // Another release may know other rules than these packs have; the hash is what counts.
    if Rules::hash_of(&packs) == hash {
        Ok(())
    } else {
        Err(altered())
    }
}
