//! Use by hour, scenario and consumer, and what answered calls carried: for statistics.

use jiff::Timestamp;
use sqlx::Row;

use crate::error::StoreError;
use crate::open::Store;
use crate::rows::unsigned;

/// Answered calls of one UTC hour under one scenario by one consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRecord {
    /// When the hour begins.
    pub hour: Timestamp,
    /// The scenario.
    pub scenario: String,
    /// The consumer.
    pub consumer: String,
    /// How many.
    pub calls: u64,
}

/// Most calls that are read at once.
pub const CARRIED_ROWS_MAX: i64 = 10_000;

/// What an answered call carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedRecord {
    /// Index of its entry in the ledger.
    pub index: u64,
    /// When.
    pub at: Timestamp,
    /// What the leaf only commits to, as JSON.
    pub private: String,
}

impl Store {
    /// Answered calls of two UTC years such as `2025` and `2026`, which together hold a year of a zone east of Greenwich.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn usage(&self, years: [&str; 2]) -> Result<Vec<UsageRecord>, StoreError> {
        let text = "SELECT substr(at, 1, 13) AS starts, scenario, consumer, COUNT(*) AS answered FROM calls \
                    WHERE refused_by = '' AND failure = '' AND substr(at, 1, 4) IN ($1, $2) \
                    GROUP BY substr(at, 1, 13), scenario, consumer";
        let query = sqlx::query(text).bind(years[0]).bind(years[1]);
        let rows = query.fetch_all(&self.pool).await?;
        let record = |row| {
            let starts: String = Row::try_get(row, "starts")?;
            Ok(UsageRecord {
                hour: format!("{starts}:00:00Z").parse().map_err(StoreError::corrupt)?,
                scenario: Row::try_get(row, "scenario")?,
                consumer: Row::try_get(row, "consumer")?,
                calls: unsigned(row, "answered")?,
            })
        };
        rows.iter().map(record).collect()
    }

    /// What answered calls of two UTC years carried: the next ones after an index, in order, at most
    /// [`CARRIED_ROWS_MAX`]. Those that were erased carry nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn carried(&self, years: [&str; 2], after: Option<u64>) -> Result<Vec<CarriedRecord>, StoreError> {
        let text = "SELECT idx, at, private FROM calls WHERE refused_by = '' AND failure = '' AND private <> '' AND idx > $1 \
                    AND substr(at, 1, 4) IN ($2, $3) ORDER BY idx LIMIT $4";
        let after = after.map_or(Ok(-1), i64::try_from).map_err(StoreError::corrupt)?;
        let query = sqlx::query(text).bind(after).bind(years[0]).bind(years[1]);
        let rows = query.bind(CARRIED_ROWS_MAX).fetch_all(&self.pool).await?;
        let record = |row| {
            let at: String = Row::try_get(row, "at")?;
            Ok(CarriedRecord {
                index: unsigned(row, "idx")?,
                at: at.parse().map_err(StoreError::corrupt)?,
                private: Row::try_get(row, "private")?,
            })
        };
        rows.iter().map(record).collect()
    }
}
