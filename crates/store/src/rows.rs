//! Rows and columns to domain types and back.

use gongshu_governance::identifier::{PartyId, PersonId};
use gongshu_governance::product::Volume;
use gongshu_governance::{Actor, Event};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::StoreError;
use crate::records::{ActRecord, CallRecord, EventRecord};

/// Databases count in signed numbers.
pub(crate) fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(StoreError::corrupt)
}

pub(crate) fn unsigned(row: &AnyRow, column: &str) -> Result<u64, StoreError> {
    u64::try_from(row.try_get::<i64, _>(column)?).map_err(StoreError::corrupt)
}

pub(crate) fn instant(row: &AnyRow, column: &str) -> Result<Timestamp, StoreError> {
    row.try_get::<String, _>(column)?.parse().map_err(StoreError::corrupt)
}

/// What answers hold, as the columns of a call or sums of them say.
pub(crate) fn volume(row: &AnyRow) -> Result<Volume, StoreError> {
    Ok(Volume {
        bytes: unsigned(row, "answer_bytes")?,
        rows: unsigned(row, "answer_rows")?,
    })
}

pub(crate) fn text_of(event: &Event) -> Result<String, StoreError> {
    serde_json::to_string(event).map_err(StoreError::corrupt)
}

pub(crate) fn event(row: &AnyRow) -> Result<EventRecord, StoreError> {
    let text: String = row.try_get("event")?;
    Ok(EventRecord {
        sequence: unsigned(row, "seq")?,
        revision: unsigned(row, "revision")?,
        event: serde_json::from_str(&text).map_err(StoreError::corrupt)?,
    })
}

/// An act without its events.
pub(crate) fn act(row: &AnyRow) -> Result<ActRecord, StoreError> {
    let person: String = row.try_get("person")?;
    let party: String = row.try_get("party")?;
    Ok(ActRecord {
        index: unsigned(row, "idx")?,
        act: row.try_get("act")?,
        actor: Actor {
            party: PartyId::new(party),
            person: (!person.is_empty()).then(|| PersonId::new(person)),
        },
        at: instant(row, "at")?,
        command: row.try_get("command")?,
        rules_hash: row.try_get("rules_hash")?,
        salt: row.try_get("salt")?,
        events: Vec::new(),
    })
}

pub(crate) fn call(row: &AnyRow) -> Result<CallRecord, StoreError> {
    Ok(CallRecord {
        index: unsigned(row, "idx")?,
        id: row.try_get("id")?,
        at: instant(row, "at")?,
        decided_under: unsigned(row, "decided_under")?,
        consumer: row.try_get("consumer")?,
        product: row.try_get("product")?,
        scenario: row.try_get("scenario")?,
        subscription: row.try_get("subscription")?,
        refused_by: row.try_get("refused_by")?,
        failure: row.try_get("failure")?,
        fee_fen: row.try_get("fee_fen")?,
        split: row.try_get("split")?,
        volume: volume(row)?,
        private: row.try_get("private")?,
        dedupe: None,
        events: Vec::new(),
    })
}
