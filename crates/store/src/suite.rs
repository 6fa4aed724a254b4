//! The crypto suite of the ledger, fixed before its first entry.

use gongshu_ledger::Suite;
use sqlx::{AnyConnection, Row};

use crate::error::StoreError;
use crate::open::Store;

impl Store {
    /// The suite that the ledger is hashed and signed by.
    ///
    /// # Errors
    /// When the database fails, or was written by a release that knows another suite.
    pub async fn suite(&self) -> Result<Suite, StoreError> {
        let row = sqlx::query("SELECT suite FROM ledger_head WHERE id = 1")
            .fetch_one(&self.pool)
            .await?;
        let name: String = row.try_get("suite")?;
        name.parse().map_err(StoreError::corrupt)
    }

    /// Fixes the suite while the ledger has no entry; later on, it must be the one that was fixed.
    ///
    /// # Errors
    /// [`StoreError::Suite`] where the ledger is of another one.
    pub async fn put_suite(&self, suite: Suite) -> Result<(), StoreError> {
        put(&mut *self.pool.acquire().await?, suite).await?;
        match self.suite().await? {
            found if found == suite => Ok(()),
            found => Err(StoreError::Suite { found, wanted: suite }),
        }
    }
}

pub(crate) async fn put(tx: &mut AnyConnection, suite: Suite) -> Result<(), StoreError> {
    let text = "UPDATE ledger_head SET suite = $1 WHERE id = 1 AND size = 0";
    sqlx::query(text).bind(suite.name()).execute(tx).await?;
    Ok(())
}
