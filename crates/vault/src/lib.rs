#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::allow_attributes)
)]

mod check;
mod error;
mod ingest;
mod keys;
mod source;
mod spec;
mod storage;
mod vault;

pub use check::{Check, identity_number_is_valid, uscc_check_character, uscc_is_valid};
pub use error::VaultError;
pub use ingest::{ColumnProfile, IngestError, Ingested, Message, QuarantinedRow, ROW_ERRORS_REPORTED_MAX, RowError};
pub use keys::{
    Cipher, DataKey, FileKeyService, KeyError, KeyScope, KeyService, Pkcs11KeyService, Pkcs11Settings, WrappedKey,
};
pub use spec::{
    BadRows, ColumnSource, ColumnSpec, ColumnType, Compression, Encoding, Format, Limits, SourceSpec, SpecError,
};
pub use storage::{
    Bucket, BucketError, CheckDepth, DestructionCertificate, DomainSeal, FileHealth, FileReader, Health, SelfCheck,
    StoredColumn, StoredVersion, Unlocked, VaultPlace, VersionHealth, VersionState, VersionSummary,
};
pub use vault::{VERSION_BYTES_MAX, Vault};
