//! Final checkpoints: those that enough witnesses have cosigned.

use sqlx::Row;

use crate::error::StoreError;
use crate::open::Store;
use crate::rows::{signed, unsigned};

impl Store {
    /// Keeps a final checkpoint, and forgets older ones that carry no time-stamp.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_final(&self, size: u64, checkpoint: &str) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        let text = "INSERT INTO final_checkpoints (size, checkpoint) VALUES ($1, $2) \
                    ON CONFLICT (size) DO UPDATE SET checkpoint = excluded.checkpoint";
        sqlx::query(text)
            .bind(signed(size)?)
            .bind(checkpoint)
            .execute(&mut *transaction)
            .await?;
        let text = "DELETE FROM final_checkpoints WHERE size < $1 AND size NOT IN (SELECT size FROM time_stamps)";
        sqlx::query(text).bind(signed(size)?).execute(&mut *transaction).await?;
        transaction.commit().await.map_err(StoreError::of_write)
    }

    /// The newest final checkpoint and its size.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest_final(&self) -> Result<Option<(u64, String)>, StoreError> {
        let text = "SELECT size, checkpoint FROM final_checkpoints ORDER BY size DESC LIMIT 1";
        let row = sqlx::query(text).fetch_optional(&self.pool).await?;
        row.map(|row| Ok((unsigned(&row, "size")?, row.try_get("checkpoint")?)))
            .transpose()
    }
}
