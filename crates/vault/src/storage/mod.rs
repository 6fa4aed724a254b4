//! Versions where they are kept: a folder each, with
//!
//! | file | content |
//! | --- | --- |
//! | `version.json` | the record in the clear, authenticated under the data key; or the tombstone |
//! | `key.json` | the keys of the version, of each column and of what stands aside, wrapped under the master key |
//! | `data.parquet` | the rows, under Parquet modular encryption with AES-256-GCM |
//! | `profile.sealed` | the profile (minima and maxima are values too), sealed with AES-256-GCM |
//! | `quarantine.sealed` | the bad rows, if any, sealed with AES-256-GCM |
//!
//! Beside them `record-secret.json`, the secret of record keys, wrapped under the master key, `.kept`, what waits to
//! leave the domain, and `.files`, what parties put there as evidence.

mod columns;
mod destroy;
mod filed;
mod folder;
mod kept;
mod parquet;
mod parts;
mod place;
mod record;
mod secret;
mod self_check;
mod staging;
mod stored;
mod unlocked;

pub use columns::StoredColumn;
pub use destroy::DestructionCertificate;
pub use filed::FileReader;
pub use place::{Bucket, BucketError, VaultPlace};
pub use secret::DomainSeal;
pub use self_check::{CheckDepth, FileHealth, Health, SelfCheck, VersionHealth, VersionState, VersionSummary};
pub use stored::StoredVersion;
pub use unlocked::Unlocked;

pub(crate) use columns::{DECIMAL, arrow_schema, stored_columns};
pub(crate) use destroy::destroy;
pub(crate) use filed::{open as open_file, put as put_file, remove as remove_file, sweep as sweep_files};
pub(crate) use folder::Folder;
pub(crate) use kept::{discard, keep, kept, kept_names};
pub(crate) use parquet::{Digested, EncryptedWriter};
pub(crate) use parts::{Parts, read_profile, read_quarantine};
pub(crate) use place::Place;
pub(crate) use record::VersionRecord;
pub(crate) use secret::record_secret;
pub(crate) use self_check::{self_check, sweep, versions};
pub(crate) use staging::Staging;
pub(crate) use stored::{open_version, verify};
