//! Turns: of several servers on one database, one writes at a time.

use sqlx::any::Any;
use sqlx::{AnyConnection, Transaction};

use crate::error::StoreError;
use crate::open::Store;
use crate::records::Batch;
use crate::rows::unsigned;

/// The right to write next, from a look at the ledger's size to the commit.
///
/// On PostgreSQL it is the transaction of the commit itself, which holds the one row that every commit changes. So it
/// can't outlive its connection: a server that has lost its turn has lost its transaction too. Dropped, it ends without
/// a trace. On SQLite there is one server, and nothing to wait for.
pub struct Turn {
    store: Store,
    locked: Option<(Transaction<'static, Any>, u64)>,
}

impl Store {
    /// Whether other servers may write to the same database.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// Waits for the turn.
    ///
    /// # Errors
    /// When the database fails, or another server holds its turn too long.
    pub async fn turn(&self) -> Result<Turn, StoreError> {
        let store = self.clone();
        if !self.shared {
            return Ok(Turn { store, locked: None });
        }
        let mut transaction = self.pool.begin().await?;
        let row = sqlx::query("SELECT size FROM ledger_head WHERE id = 1 FOR UPDATE")
            .fetch_one(&mut *transaction)
            .await?;
        let locked = Some((transaction, unsigned(&row, "size")?));
        Ok(Turn { store, locked })
    }

    /// Entries in the ledger, as they are in the database now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn size(&self) -> Result<u64, StoreError> {
        let row = sqlx::query("SELECT size FROM ledger_head WHERE id = 1")
            .fetch_one(&self.pool)
            .await?;
        unsigned(&row, "size")
    }
}

impl Turn {
    /// Entries in the ledger, where other servers may have added some.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.locked.as_ref().map(|(_, size)| *size)
    }

    /// Writes a batch: all of it, or nothing.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn commit(self, batch: &Batch) -> Result<(), StoreError> {
        let Some((mut transaction, _)) = self.locked else {
            return self.store.commit(batch).await;
        };
        let tx: &mut AnyConnection = &mut transaction;
        crate::commit::write(tx, batch).await?;
        transaction.commit().await.map_err(StoreError::of_write)
    }
}
