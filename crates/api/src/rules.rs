//! A proposed rule pack, tried on the record.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Text;
use crate::feed::FeedItem;
use crate::problem::Refusal;

/// What a proposed rule pack would have changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RulesTried {
    /// Hash of the packs in force with the proposed one.
    pub rules_hash: String,
    /// Entries that were asked again.
    pub entries: u64,
    /// Of these, acts.
    pub acts: u64,
    /// Of these, calls.
    pub calls: u64,
    /// Entry at which the record itself differs from the rules of its day: nothing from it on was asked.
    pub history_differs_at: Option<u64>,
    /// How many decisions would differ.
    pub changed: usize,
    /// The first of them, in the order of the ledger.
    pub items: Vec<DecisionTried>,
    /// What the answer cannot tell.
    pub unseen: Text,
}

/// A decision that would differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecisionTried {
    /// What is on record.
    pub entry: FeedItem,
    /// `refused`: it would be; `accepted`: it would be, and was not; `altered`: it would be too, with another outcome;
    /// `otherwise`: it was refused and would be, by another rule.
    pub change: String,
    /// The refusal on record.
    pub recorded: Option<Refusal>,
    /// The refusal that would be.
    pub proposed: Option<Refusal>,
}
