//! Opening a store.

use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::{AnyPool, Connection, Executor};

use crate::error::StoreError;

/// Most connections of a server to its database.
pub const CONNECTIONS_MAX: u32 = 8;
/// Longest wait for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// The platform's own state. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: AnyPool,
    /// Whether other servers may write to the same database.
    pub(crate) shared: bool,
}

impl Store {
    /// Opens a store, and brings its schema up to date: `sqlite:///path/file.db` (made where it is
    /// not there) or `postgres://…`.
    ///
    /// # Errors
    /// When the address is of no known kind, or the database cannot be reached or migrated.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let sqlite = url.starts_with("sqlite:");
        if !sqlite && !url.starts_with("postgres:") && !url.starts_with("postgresql:") {
            return Err(StoreError::Address(url.to_owned()));
        }
        let options = AnyPoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(ACQUIRE_TIMEOUT);
        let options = options.after_connect(move |connection, _| {
            Box::pin(async move {
                if sqlite {
                    // Full sync: what was acknowledged survives a power cut.
                    connection.execute("PRAGMA journal_mode = WAL").await?;
                    connection.execute("PRAGMA synchronous = FULL").await?;
                    // What is erased is overwritten, not only unlinked.
                    connection.execute("PRAGMA secure_delete = ON").await?;
                    connection.execute("PRAGMA busy_timeout = 10000").await?;
                    connection.execute("PRAGMA cache_size = -65536").await?;
                } else {
                    // A server that hangs or vanishes within its turn loses it.
                    connection
                        .execute("SET idle_in_transaction_session_timeout = '10s'")
                        .await?;
                    connection.execute("SET lock_timeout = '15s'").await?;
                }
                Ok(())
            })
        });
        // A full disk makes SQLite end a transaction by itself, and its connection is still counted as within it. What is
        // begun there next would be a savepoint, and what is committed not durable: such a connection is closed.
        let options = options.after_release(|connection, _| {
            Box::pin(async move {
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        });
        let address = if sqlite && !url.contains('?') {
            format!("{url}?mode=rwc")
        } else {
            url.to_owned()
        };
        let pool = options.connect(&address).await?;
        sqlx::migrate!("./migrations").run(&pool).await?;
        Ok(Self { pool, shared: !sqlite })
    }

    /// Removes what deleted rows have left in the database's own files: SQLite's write-ahead log, PostgreSQL's dead rows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tidy_up(&self) -> Result<(), StoreError> {
        let text = if self.shared {
            "VACUUM calls"
        } else {
            "PRAGMA wal_checkpoint(TRUNCATE)"
        };
        self.pool.execute(text).await?;
        Ok(())
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
