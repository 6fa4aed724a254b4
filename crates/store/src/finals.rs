//! Final checkpoints, those that enough witnesses have cosigned, and their time-stamps.

use jiff::Timestamp;
use sqlx::Row;

use crate::error::StoreError;
use crate::open::Store;
use crate::rows::{instant, signed, unsigned};

/// A final checkpoint with its time-stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampedRecord {
    /// Entries under it.
    pub size: u64,
    /// The stamped time.
    pub at: Timestamp,
    /// The signed checkpoint, byte for byte as it was stamped.
    pub checkpoint: String,
    /// The authority's reply.
    pub reply: Vec<u8>,
}

impl Store {
    /// Keeps a final checkpoint, and forgets older ones that carry no time-stamp. One that was stamped stays as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_final(&self, size: u64, checkpoint: &str) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        let text = "INSERT INTO final_checkpoints (size, checkpoint) VALUES ($1, $2) \
                    ON CONFLICT (size) DO UPDATE SET checkpoint = excluded.checkpoint \
                    WHERE final_checkpoints.size NOT IN (SELECT size FROM time_stamps)";
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

    /// Keeps a final checkpoint as it was stamped, and its time-stamp, unless it has one: the earlier says more. Of each
    /// hour the last one is kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_time_stamp(&self, stamped: &StampedRecord) -> Result<(), StoreError> {
        let (size, at) = (signed(stamped.size)?, stamped.at.to_string());
        let mut transaction = self.pool.begin().await?;
        let text = "INSERT INTO time_stamps (size, at, reply) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING";
        let query = sqlx::query(text).bind(size).bind(at.as_str());
        let kept = query.bind(stamped.reply.as_slice()).execute(&mut *transaction).await?;
        if kept.rows_affected() == 0 {
            return Ok(());
        }
        let text = "INSERT INTO final_checkpoints (size, checkpoint) VALUES ($1, $2) \
                    ON CONFLICT (size) DO UPDATE SET checkpoint = excluded.checkpoint";
        sqlx::query(text)
            .bind(size)
            .bind(stamped.checkpoint.as_str())
            .execute(&mut *transaction)
            .await?;
        // `2026-11-25T02` is the hour.
        let text = "DELETE FROM time_stamps WHERE size < $1 AND substr(at, 1, 13) = substr($2, 1, 13)";
        sqlx::query(text).bind(size).bind(at).execute(&mut *transaction).await?;
        transaction.commit().await.map_err(StoreError::of_write)
    }

    /// Sizes and times of the stamped checkpoints, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn time_stamps(&self, limit: u32) -> Result<Vec<(u64, Timestamp)>, StoreError> {
        let text = "SELECT size, at FROM time_stamps ORDER BY size DESC LIMIT $1";
        let rows = sqlx::query(text).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| Ok((unsigned(row, "size")?, instant(row, "at")?)))
            .collect()
    }

    /// The stamped checkpoint of this size.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn time_stamp(&self, size: u64) -> Result<Option<StampedRecord>, StoreError> {
        let text = "SELECT s.at AS at, s.reply AS reply, f.checkpoint AS checkpoint FROM time_stamps s \
                    JOIN final_checkpoints f ON f.size = s.size WHERE s.size = $1";
        let row = sqlx::query(text).bind(signed(size)?).fetch_optional(&self.pool).await?;
        row.map(|row| {
            Ok(StampedRecord {
                size,
                at: instant(&row, "at")?,
                checkpoint: row.try_get("checkpoint")?,
                reply: row.try_get("reply")?,
            })
        })
        .transpose()
    }
}
