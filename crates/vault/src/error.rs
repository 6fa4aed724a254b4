//! What can go wrong with a stored version.

use std::path::{Path, PathBuf};

use datafusion::parquet::errors::ParquetError;
use jiff::Timestamp;

use crate::keys::KeyError;

/// Why the vault could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The name cannot be that of a version.
    #[error("`{0}` cannot name a version; use 1 to 128 of A-Z a-z 0-9 . _ - @, beginning with a letter or digit")]
    InvalidVersion(String),
    /// There is no such version.
    #[error("version `{0}` is not in the vault")]
    UnknownVersion(String),
    /// There is one of that name already; a destroyed one keeps its name.
    #[error("version `{0}` is in the vault already; versions are written once")]
    VersionExists(String),
    /// The version was destroyed.
    #[error("version `{version}` was destroyed at {at}")]
    Destroyed {
        /// The version.
        version: String,
        /// When.
        at: Timestamp,
    },
    /// A stored file is not what was written.
    #[error("`{file}` of version `{version}` was altered or damaged; restore it from a copy or destroy the version")]
    Altered {
        /// The version.
        version: String,
        /// The file.
        file: &'static str,
    },
    /// The version record is of a format that this program does not know.
    #[error("the record of version `{version}` has format {format}, which this program does not know")]
    UnknownFormat {
        /// The version.
        version: String,
        /// The format.
        format: u32,
    },
    /// The version has no such column.
    #[error("version `{version}` has no column `{column}`")]
    UnknownColumn {
        /// The version.
        version: String,
        /// The column.
        column: String,
    },
    /// The version would be larger than one may be.
    #[error("version `{version}` would have more than {max} bytes; split the file or raise `version_bytes_max`")]
    TooLarge {
        /// The version.
        version: String,
        /// The limit.
        max: u64,
    },
    /// The data key could not be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A file or folder could not be used.
    #[error("cannot {action} `{path}`: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The columnar file could not be written or read.
    #[error("the columnar file of version `{version}` failed: {source}")]
    Parquet {
        /// The version.
        version: String,
        /// The library's reason.
        source: ParquetError,
    },
    /// Something that should have been impossible; a defect in the vault.
    #[error("internal error: {0}")]
    Internal(String),
}

impl VaultError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidVersion(_) => "vault.version-name-invalid",
            Self::UnknownVersion(_) => "vault.version-unknown",
            Self::VersionExists(_) => "vault.version-exists",
            Self::Destroyed { .. } => "vault.version-destroyed",
            Self::Altered { .. } => "vault.file-altered",
            Self::UnknownFormat { .. } => "vault.format-unknown",
            Self::UnknownColumn { .. } => "vault.column-unknown",
            Self::TooLarge { .. } => "vault.version-too-large",
            Self::Key(key) => key.code(),
            Self::Io { .. } => "vault.io",
            Self::Parquet { .. } => "vault.parquet",
            Self::Internal(_) => "vault.internal",
        }
    }

    /// Makes the error of a file operation; for `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }
}
