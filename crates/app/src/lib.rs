//! The one path and the other use cases, a file each. Clock, randomness and keys enter here.
#![doc = include_str!("../README.md")]

mod act;
mod books;
mod call;
mod capacity;
mod certificate_authority;
mod controls;
mod counted;
mod destroy;
mod disclosure;
mod district;
mod documents;
mod domain;
mod erase;
mod error;
mod evidence;
mod exit;
mod exported;
mod feed;
mod files;
mod ingest;
mod leaf;
mod log;
mod metrics;
mod model;
mod outage;
mod people;
pub mod privacy;
mod private;
mod query;
mod receipt;
mod registration;
mod replay;
mod restore;
mod saved_state;
mod sequencer;
mod sign_in;
mod site_lock;
mod snapshot;
mod stamping;
mod statistics;
mod tasks;
mod what_if;
mod witnessing;
pub mod workbench;
mod world;

pub use act::ActReceipt;
pub use books::{PartyBalance, Settlement, Unbilled};
pub use call::{Answered, Call, TEXT_CHARACTERS_MAX};
pub use certificate_authority::{CertificateStatus, ENROLMENT_HOURS, Enrolled, EnrolmentCode, PublicAddress};
pub use district::{District, Opening};
pub use documents::{
    DocumentSigned, ListedNotice, Notice, NoticeOf, SheetOf, agreement_paper, amendment_changes, certificate_paper,
};
pub use error::{AppError, RowProblem};
pub use evidence::{CheckedEvidence, EvidenceError, EvidenceStamp, MadeEvidence, NamedFile, check_evidence};
pub use exit::{AssetKind, ExitAsset, exit_assets, exit_steps};
pub use feed::{Feed, FeedItem};
pub use files::{KeptFile, OpenFile};
pub use ingest::IngestReceipt;
pub use leaf::{ActLeaf, CallLeaf, ChainLeaf};
pub use metrics::Metrics;
pub use outage::RETRY_SECONDS;
pub use query::{CheckQuery, NewProduct};
pub use receipt::ReceiptFile;
pub use replay::{Difference, ReplayReport, replay};
pub use restore::{Restored, Until, back_up, restore};
pub use saved_state::Keeping;
pub use sequencer::{ClockFault, Head};
pub use sign_in::IssuedKey;
pub use snapshot::{Meter, Snapshot};
pub use stamping::Stamper;
pub use statistics::{Cell, Statistics};
pub use tasks::{Task, preparation};
pub use what_if::{Changed, Outcome, Tried, TriedDecision, WhatIf, what_if};
pub use witnessing::{Ahead, LinkReply, WitnessLink, WitnessStatus, Witnessing};
pub use world::{Clock, Entropy, SystemClock};

// What the faces hand through, so that they need not know the crates behind.
pub use gongshu_certificate as certificate;
pub use gongshu_document as document;
pub use gongshu_engine as engine;
pub use gongshu_governance as governance;
pub use gongshu_ledger as ledger;
pub use gongshu_store as store;
pub use gongshu_vault as vault;
