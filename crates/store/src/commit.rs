//! The group commit: entries, tiles, acts, events, calls and totals in one transaction.

use jiff::Timestamp;
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe};

use crate::error::StoreError;
use crate::open::Store;
use crate::records::{ActRecord, Batch, CallRecord, EventRecord};
use crate::rows::{signed, text_of};

/// Rows of one INSERT, largest first: few texts, so that each is prepared once.
const CHUNKS: [usize; 3] = [64, 8, 1];

type Insert<'q> = Query<'q, Any, AnyArguments>;

impl Store {
    /// Writes a batch in one transaction: all of it, or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the ledger has another size than the batch was made for, a
    /// stream has the revision already, or an idempotency key is used.
    pub async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        write(&mut transaction, batch).await?;
        transaction.commit().await.map_err(StoreError::of_write)
    }
}

/// Writes a batch within a transaction.
pub(crate) async fn write(tx: &mut AnyConnection, batch: &Batch) -> Result<(), StoreError> {
    move_head(tx, batch).await?;
    let entries: Vec<(u64, &Vec<u8>)> = (batch.size_before..).zip(&batch.entries).collect();
    insert(
        tx,
        "INSERT INTO ledger_entries (idx, entry) VALUES ",
        "",
        2,
        &entries,
        |query, (index, entry)| Ok(query.bind(signed(*index)?).bind(entry.as_slice())),
    )
    .await?;
    let tiles = "INSERT INTO ledger_tiles (level, idx, hashes) VALUES ";
    insert(tx, tiles, "", 3, &batch.tiles, |query, (level, index, hashes)| {
        Ok(query
            .bind(i64::from(*level))
            .bind(signed(*index)?)
            .bind(hashes.as_slice()))
    })
    .await?;
    insert_acts(tx, &batch.acts).await?;
    insert_calls(tx, &batch.calls).await?;
    erase(tx, &batch.erased).await?;
    let meters = "INSERT INTO meters (id, calls, fen) VALUES ";
    let update = " ON CONFLICT (id) DO UPDATE SET calls = excluded.calls, fen = excluded.fen";
    insert(tx, meters, update, 3, &batch.meters, |query, meter| {
        Ok(query
            .bind(meter.key.as_str())
            .bind(signed(meter.calls)?)
            .bind(meter.fen))
    })
    .await
}

/// The one row that every commit changes: of two writers, one finds another size than it expects.
async fn move_head(tx: &mut AnyConnection, batch: &Batch) -> Result<(), StoreError> {
    let size = batch.size_before + batch.entries.len() as u64;
    let moved = sqlx::query("UPDATE ledger_head SET size = $1, checkpoint = $2 WHERE id = 1 AND size = $3")
        .bind(signed(size)?)
        .bind(batch.checkpoint.as_str())
        .bind(signed(batch.size_before)?)
        .execute(tx)
        .await?;
    if moved.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict)
    }
}

async fn insert_acts(tx: &mut AnyConnection, acts: &[ActRecord]) -> Result<(), StoreError> {
    let into = "INSERT INTO acts (idx, act, party, person, at, command, rules_hash, salt) VALUES ";
    insert(tx, into, "", 8, acts, |query, act| {
        let person = act.actor.person.as_ref().map_or("", |person| person.as_str());
        let query = query
            .bind(signed(act.index)?)
            .bind(act.act.as_str())
            .bind(act.actor.party.as_str())
            .bind(person);
        let query = query.bind(act.at.to_string()).bind(act.command.as_str());
        Ok(query.bind(act.rules_hash.as_str()).bind(act.salt.as_str()))
    })
    .await?;
    let of = |act: &ActRecord| (act.index, act.at);
    let events = acts
        .iter()
        .flat_map(|act| act.events.iter().map(move |event| (of(act), event)));
    insert_events(tx, &events.collect::<Vec<_>>()).await
}

/// Events with the entry that they belong to, an act or a call that raised alerts.
async fn insert_events(tx: &mut AnyConnection, events: &[((u64, Timestamp), &EventRecord)]) -> Result<(), StoreError> {
    let into = "INSERT INTO events (seq, act, stream, revision, at, event) VALUES ";
    insert(tx, into, "", 6, events, |query, ((index, at), record)| {
        let query = query
            .bind(signed(record.sequence)?)
            .bind(signed(*index)?)
            .bind(record.event.stream());
        Ok(query
            .bind(signed(record.revision)?)
            .bind(at.to_string())
            .bind(text_of(&record.event)?))
    })
    .await
}

async fn insert_calls(tx: &mut AnyConnection, calls: &[CallRecord]) -> Result<(), StoreError> {
    let into = "INSERT INTO calls (idx, id, at, decided_under, consumer, product, scenario, subscription, refused_by, \
                failure, fee_fen, split, answer_bytes, answer_rows, private) VALUES ";
    insert(tx, into, "", 15, calls, |query, call| {
        let query = query
            .bind(signed(call.index)?)
            .bind(call.id.as_str())
            .bind(call.at.to_string());
        let query = query
            .bind(signed(call.decided_under)?)
            .bind(call.consumer.as_str())
            .bind(call.product.as_str());
        let query = query
            .bind(call.scenario.as_str())
            .bind(call.subscription.as_str())
            .bind(call.refused_by.as_str())
            .bind(call.failure.as_str());
        Ok(query
            .bind(call.fee_fen)
            .bind(call.split.as_str())
            .bind(signed(call.volume.bytes)?)
            .bind(signed(call.volume.rows)?)
            .bind(call.private.as_str()))
    })
    .await?;
    let keyed: Vec<(&String, u64)> = calls
        .iter()
        .filter_map(|call| call.dedupe.as_ref().map(|dedupe| (dedupe, call.index)))
        .collect();
    insert(
        tx,
        "INSERT INTO call_keys (dedupe, idx) VALUES ",
        "",
        2,
        &keyed,
        |query, (dedupe, index)| Ok(query.bind(dedupe.as_str()).bind(signed(*index)?)),
    )
    .await?;
    let of = |call: &CallRecord| (call.index, call.at);
    let events = calls
        .iter()
        .flat_map(|call| call.events.iter().map(move |event| (of(call), event)));
    insert_events(tx, &events.collect::<Vec<_>>()).await
}

/// Deletes what calls carried. SQLite overwrites the freed bytes (`secure_delete`); PostgreSQL frees them at its next vacuum.
async fn erase(tx: &mut AnyConnection, entries: &[u64]) -> Result<(), StoreError> {
    for entry in entries {
        let text = "UPDATE calls SET private = '' WHERE idx = $1";
        let query = sqlx::query(text).bind(signed(*entry)?);
        query.execute(&mut *tx).await.map_err(StoreError::of_write)?;
    }
    Ok(())
}

/// Inserts rows in chunks, many rows a statement.
async fn insert<'q, T>(
    tx: &mut AnyConnection,
    into: &str,
    suffix: &str,
    width: usize,
    rows: &'q [T],
    bind: impl Fn(Insert<'q>, &'q T) -> Result<Insert<'q>, StoreError>,
) -> Result<(), StoreError> {
    let mut rest = rows;
    for chunk in CHUNKS {
        if rest.len() < chunk {
            continue;
        }
        let text = format!("{into}{}{suffix}", placeholders(chunk, width));
        while rest.len() >= chunk {
            let (now, later) = rest.split_at(chunk);
            let mut query = sqlx::query(AssertSqlSafe(text.clone()));
            for row in now {
                query = bind(query, row)?;
            }
            query.execute(&mut *tx).await.map_err(StoreError::of_write)?;
            rest = later;
        }
    }
    Ok(())
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
fn placeholders(rows: usize, width: usize) -> String {
    let row = |row: usize| {
        let columns: Vec<String> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
        format!("({})", columns.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}
