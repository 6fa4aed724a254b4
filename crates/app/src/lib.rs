//! The one path and the other use cases, a file each. Clock, randomness and keys enter here.
#![doc = include_str!("../README.md")]

mod act;
mod books;
mod call;
mod certificate_authority;
mod controls;
mod destroy;
mod district;
mod domain;
mod erase;
mod error;
mod evidence;
mod feed;
mod ingest;
mod leaf;
mod log;
mod metrics;
mod model;
mod outage;
pub mod privacy;
mod private;
mod query;
mod receipt;
mod replay;
mod restore;
mod sequencer;
mod sign_in;
mod site_lock;
mod snapshot;
mod stamping;
mod tasks;
mod what_if;
mod witnessing;
pub mod workbench;
mod world;

pub use act::ActReceipt;
pub use call::{Answered, Call, TEXT_CHARACTERS_MAX};
pub use certificate_authority::{CertificateStatus, ENROLMENT_HOURS, Enrolled, EnrolmentCode};
pub use district::{District, Opening};
pub use error::{AppError, RowProblem};
pub use evidence::{CheckedEvidence, EvidenceError, EvidenceStamp, MadeEvidence, check_evidence};
pub use feed::{Feed, FeedItem};
pub use ingest::IngestReceipt;
pub use leaf::{ActLeaf, CallLeaf, ChainLeaf};
pub use metrics::Metrics;
pub use outage::RETRY_SECONDS;
pub use query::{CheckQuery, NewProduct};
pub use receipt::ReceiptFile;
pub use replay::{Difference, ReplayReport, replay};
pub use restore::{Restored, Until, back_up, restore};
pub use sequencer::{ClockFault, Head};
pub use sign_in::IssuedKey;
pub use snapshot::{Meter, Snapshot};
pub use stamping::Stamper;
pub use tasks::Task;
pub use what_if::{Changed, Outcome, WhatIf, what_if};
pub use witnessing::{Ahead, LinkReply, WitnessLink, WitnessStatus, Witnessing};
pub use world::{Clock, Entropy, SystemClock};

// What the faces hand through, so that they need not know the crates behind.
pub use gongshu_certificate as certificate;
pub use gongshu_engine as engine;
pub use gongshu_governance as governance;
pub use gongshu_ledger as ledger;
pub use gongshu_store as store;
pub use gongshu_vault as vault;
