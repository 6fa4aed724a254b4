//! What can go wrong with the store.

use gongshu_ledger::Suite;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer has moved the ledger or a stream; nothing was written.
    #[error("another writer has changed the ledger since; read it again")]
    Conflict,
    /// A login name is in use.
    #[error("the login `{0}` is in use; choose another")]
    LoginTaken(String),
    /// What is stored contradicts itself.
    #[error("the store is damaged: {0}; restore it from a backup and tell the witnesses")]
    Corrupt(String),
    /// The ledger is of another crypto suite than the key that is to sign it.
    #[error(
        "the ledger is of the crypto suite `{found}`, the log's key of `{wanted}`; use the log.key that it was set up with"
    )]
    Suite {
        /// The ledger's.
        found: Suite,
        /// The key's.
        wanted: Suite,
    },
    /// The address is of no known kind.
    #[error("`{0}` is no store; use sqlite:///path/file.db or postgres://user@host/database")]
    Address(String),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the schema cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

impl StoreError {
    pub(crate) fn corrupt(error: impl std::fmt::Display) -> Self {
        Self::Corrupt(error.to_string())
    }

    /// A failed write: a broken uniqueness means that someone else wrote first.
    pub(crate) fn of_write(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) if inner.is_unique_violation() => Self::Conflict,
            _ => Self::Database(error),
        }
    }
}
