//! Sums of answered calls, for closing a month; running totals that are needed no more.

use gongshu_governance::product::Volume;
use jiff::Timestamp;
use sqlx::Row;

use crate::error::StoreError;
use crate::open::Store;
use crate::rows::{unsigned, volume};

/// Answered calls of one UTC hour under one subscription that were charged and split alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeteredRecord {
    /// When the hour begins. Months begin on the hour in every zone that the platform knows.
    pub hour: Timestamp,
    /// The subscription.
    pub subscription: String,
    /// Fee of each in fen.
    pub fee_fen: i64,
    /// Who receives what of the fee of each, as JSON.
    pub split: String,
    /// How many.
    pub calls: u64,
    /// What their answers hold together, where they are charged by that.
    pub volume: Volume,
}

impl Store {
    /// Forgets running totals of these ids, all or none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_meters(&self, ids: &[String]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let mut transaction = self.pool.begin().await?;
        for id in ids {
            let query = sqlx::query("DELETE FROM meters WHERE id = $1").bind(id.as_str());
            query.execute(&mut *transaction).await?;
        }
        transaction.commit().await.map_err(StoreError::of_write)
    }

    /// Gives running totals other ids, all or none: pairs of the id before and after. Of an id that is not there, nothing.
    ///
    /// # Errors
    /// When the database fails, or there is a total of the new id.
    pub async fn rename_meters(&self, ids: &[(String, String)]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let mut transaction = self.pool.begin().await?;
        for (before, after) in ids {
            let query = sqlx::query("UPDATE meters SET id = $1 WHERE id = $2").bind(after.as_str());
            query.bind(before.as_str()).execute(&mut *transaction).await?;
        }
        transaction.commit().await.map_err(StoreError::of_write)
    }

    /// Answered calls of two UTC months such as `2026-10` and `2026-11`, which together hold any month of a zone east
    /// of Greenwich. Chosen by equality of texts alone, since databases order texts differently.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn metered(&self, months: [&str; 2]) -> Result<Vec<MeteredRecord>, StoreError> {
        let text = "SELECT substr(at, 1, 13) AS starts, subscription, fee_fen, split, COUNT(*) AS answered, \
                    CAST(SUM(answer_bytes) AS bigint) AS answer_bytes, CAST(SUM(answer_rows) AS bigint) AS answer_rows FROM calls \
                    WHERE refused_by = '' AND failure = '' AND substr(at, 1, 7) IN ($1, $2) \
                    GROUP BY substr(at, 1, 13), subscription, fee_fen, split";
        let query = sqlx::query(text).bind(months[0]).bind(months[1]);
        let rows = query.fetch_all(&self.pool).await?;
        let record = |row| {
            let starts: String = Row::try_get(row, "starts")?;
            let hour = format!("{starts}:00:00Z").parse().map_err(StoreError::corrupt)?;
            Ok(MeteredRecord {
                hour,
                subscription: Row::try_get(row, "subscription")?,
                fee_fen: Row::try_get(row, "fee_fen")?,
                split: Row::try_get(row, "split")?,
                calls: unsigned(row, "answered")?,
                volume: volume(row)?,
            })
        };
        rows.iter().map(record).collect()
    }
}
