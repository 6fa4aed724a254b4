//! Reading acts, calls, entries and tiles.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

use crate::error::StoreError;
use crate::open::Store;
use crate::records::{ActRecord, CallRecord};
use crate::rows::{act, call, event, instant, signed, unsigned};

/// Most keys of one look-up.
const LOOKUP_KEYS_MAX: usize = 256;

impl Store {
    /// The acts that changed a thing, the first first: index, and when.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn acts_on(&self, stream: &str) -> Result<Vec<(u64, Timestamp)>, StoreError> {
        let text = "SELECT DISTINCT act, at FROM events WHERE stream = $1 ORDER BY act";
        let rows = sqlx::query(text).bind(stream).fetch_all(&self.pool).await?;
        let entry = |row| Ok((unsigned(row, "act")?, instant(row, "at")?));
        rows.iter().map(entry).collect()
    }

    /// Acts from an index on, in order, with their events.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn acts(&self, from: u64, limit: u32) -> Result<Vec<ActRecord>, StoreError> {
        let text = "SELECT * FROM acts WHERE idx >= $1 ORDER BY idx LIMIT $2";
        let rows = sqlx::query(text)
            .bind(signed(from)?)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        let acts: Vec<ActRecord> = rows.iter().map(act).collect::<Result<_, _>>()?;
        let Some(last) = acts.last().map(|act| act.index) else {
            return Ok(acts);
        };
        let mut by_index: BTreeMap<u64, ActRecord> = acts.into_iter().map(|act| (act.index, act)).collect();
        let text = "SELECT * FROM events WHERE act >= $1 AND act <= $2 ORDER BY seq";
        let rows = sqlx::query(text)
            .bind(signed(from)?)
            .bind(signed(last)?)
            .fetch_all(&self.pool)
            .await?;
        for row in &rows {
            if let Some(act) = by_index.get_mut(&unsigned(row, "act")?) {
                act.events.push(event(row)?);
            }
        }
        Ok(by_index.into_values().collect())
    }

    /// Calls from an index on, in order, with the alerts that they raised.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn calls(&self, from: u64, limit: u32) -> Result<Vec<CallRecord>, StoreError> {
        let text = "SELECT * FROM calls WHERE idx >= $1 ORDER BY idx LIMIT $2";
        let rows = sqlx::query(text)
            .bind(signed(from)?)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        let mut calls: Vec<CallRecord> = rows.iter().map(call).collect::<Result<_, _>>()?;
        let Some(last) = calls.last().map(|call| call.index) else {
            return Ok(calls);
        };
        let text = "SELECT events.* FROM events JOIN calls ON calls.idx = events.act \
                    WHERE events.act >= $1 AND events.act <= $2 ORDER BY seq";
        let rows = sqlx::query(text)
            .bind(signed(from)?)
            .bind(signed(last)?)
            .fetch_all(&self.pool)
            .await?;
        for row in &rows {
            let index = unsigned(row, "act")?;
            if let Ok(place) = calls.binary_search_by_key(&index, |call| call.index)
                && let Some(call) = calls.get_mut(place)
            {
                call.events.push(event(row)?);
            }
        }
        Ok(calls)
    }

    /// The call at an index.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn call(&self, index: u64) -> Result<Option<CallRecord>, StoreError> {
        Ok(self.calls(index, 1).await?.pop().filter(|call| call.index == index))
    }

    /// The call with this idempotency key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn call_by_dedupe(&self, dedupe: &str) -> Result<Option<CallRecord>, StoreError> {
        let found = self.calls_by_dedupe(&[dedupe.to_owned()]).await?;
        match found.first() {
            Some((_, index)) => self.call(*index).await,
            None => Ok(None),
        }
    }

    /// The indices of the calls with these idempotency keys.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn calls_by_dedupe(&self, dedupes: &[String]) -> Result<Vec<(String, u64)>, StoreError> {
        let mut found = Vec::new();
        for chunk in dedupes.chunks(LOOKUP_KEYS_MAX) {
            let marks: Vec<String> = (1..=chunk.len()).map(|number| format!("${number}")).collect();
            let text = format!(
                "SELECT dedupe, idx FROM call_keys WHERE dedupe IN ({})",
                marks.join(", ")
            );
            let mut query = sqlx::query(AssertSqlSafe(text));
            for dedupe in chunk {
                query = query.bind(dedupe.as_str());
            }
            for row in query.fetch_all(&self.pool).await? {
                found.push((row.try_get("dedupe")?, unsigned(&row, "idx")?));
            }
        }
        Ok(found)
    }

    /// Entries of the ledger from an index on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entries(&self, from: u64, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        let text = "SELECT entry FROM ledger_entries WHERE idx >= $1 ORDER BY idx LIMIT $2";
        let rows = sqlx::query(text)
            .bind(signed(from)?)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok(row.try_get("entry")?)).collect()
    }

    /// A full tile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let query = sqlx::query("SELECT hashes FROM ledger_tiles WHERE level = $1 AND idx = $2");
        let row = query
            .bind(i64::from(level))
            .bind(signed(index)?)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Ok(row.try_get("hashes")?)).transpose()
    }
}
