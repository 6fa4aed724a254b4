//! What is stored: plain records, the same on both databases.

use gongshu_governance::product::Volume;
use gongshu_governance::{Actor, Event};
use jiff::Timestamp;

/// One act: a command that was accepted, with what is needed to decide it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActRecord {
    /// Index of its entry in the ledger.
    pub index: u64,
    /// Id of the act, such as `scenario.grant`.
    pub act: String,
    /// Who acted.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// The command as JSON.
    pub command: String,
    /// Hash of the rule packs it was decided under.
    pub rules_hash: String,
    /// Salt of the commitment to its events, lower-case hex.
    pub salt: String,
    /// Its events, in order.
    pub events: Vec<EventRecord>,
}

/// One event in the order of all events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRecord {
    /// Place in the order of all events, from 1.
    pub sequence: u64,
    /// Revision of its stream after it, from 1; unique within the stream.
    pub revision: u64,
    /// What happened; its stream is [`Event::stream`].
    pub event: Event,
}

/// One call: answered, failed or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// Index of its entry in the ledger.
    pub index: u64,
    /// Id of the call.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Governance sequence it was decided under.
    pub decided_under: u64,
    /// Consumer.
    pub consumer: String,
    /// Product.
    pub product: String,
    /// Scenario, where the product is known.
    pub scenario: String,
    /// Subscription of an answered or failed call; empty otherwise.
    pub subscription: String,
    /// Rule that refused it; empty when it was answered or failed.
    pub refused_by: String,
    /// What kept it from being answered though it was permitted; empty when it was answered or refused.
    pub failure: String,
    /// Fee in fen.
    pub fee_fen: i64,
    /// Who receives what of the fee, as JSON.
    pub split: String,
    /// What its answer holds, where it is charged by that; nothing otherwise.
    pub volume: Volume,
    /// What the leaf only commits to, with salts, as JSON: request, subject, person. Empty once it is erased.
    pub private: String,
    /// SHA-256 over consumer and idempotency key, lower-case hex, where the client gave a key.
    pub dedupe: Option<String>,
    /// The alerts that it raised, in order.
    pub events: Vec<EventRecord>,
}

/// A running total; `key` is the id of a scenario, a subscription or a party, or begins with what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterRecord {
    /// Whose total.
    pub key: String,
    /// Calls answered.
    pub calls: u64,
    /// Fen charged (subscription, scenario) or received (party).
    pub fen: i64,
}

/// All that one group commit writes, in one transaction.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Entries in order; the first has index `size_before`.
    pub entries: Vec<Vec<u8>>,
    /// Size of the ledger before; the commit fails when the database has another.
    pub size_before: u64,
    /// Full tiles: level, index, 8,192 bytes.
    pub tiles: Vec<(u8, u64, Vec<u8>)>,
    /// The signed checkpoint after the batch.
    pub checkpoint: String,
    /// Acts among the entries.
    pub acts: Vec<ActRecord>,
    /// Calls among the entries.
    pub calls: Vec<CallRecord>,
    /// Indices of earlier calls whose private part is deleted.
    pub erased: Vec<u64>,
    /// New values of the totals that changed.
    pub meters: Vec<MeterRecord>,
}

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRecord {
    /// Id of the person.
    pub person: String,
    /// Party the person acts for.
    pub party: String,
    /// Login name, unique.
    pub login: String,
    /// Name shown.
    pub name: String,
    /// Argon2 hash in PHC form.
    pub password_hash: String,
}
