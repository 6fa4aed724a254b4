//! A follower as text, to go on from later.

use super::Follower;
use crate::checkpoint::{CheckpointError, SignedCheckpoint};
use crate::hash::Hash;
use crate::suite::Suite;
use crate::text::{from_base64, to_base64};
use crate::tile::{Tile, TileKind, decode_hashes};
use crate::tree::{Edge, EdgeError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// Names the format and its version.
const FORMAT: &str = "gongshu-follower/1";

#[derive(Serialize, Deserialize)]
struct StateText {
    format: String,
    checkpoint: Option<String>,
    /// The bytes of the partial tiles, by path.
    edge: BTreeMap<String, String>,
}

/// Why a text holds no follower.
#[derive(Debug, Error)]
pub enum FollowerStateError {
    /// The text is no state of this format.
    #[error("it is no state of the format `{FORMAT}`")]
    Format,
    /// The checkpoint can't be read.
    #[error("its checkpoint can't be read: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The edge can't be read.
    #[error("its edge can't be read: {0}")]
    Edge(#[from] EdgeError),
    /// A tile of the edge is missing or malformed.
    #[error("`{0}` of its edge is missing or malformed")]
    Tile(Tile),
    /// Checkpoint and edge don't belong together.
    #[error("its edge does not lead to the root of its checkpoint")]
    Root,
}

impl FollowerStateError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "follower-state.malformed"
    }
}

impl Follower {
    /// The follower as text.
    #[must_use]
    pub fn to_state(&self) -> String {
        let tiles = self.edge.partial_tiles().into_iter();
        let state = StateText {
            format: FORMAT.to_owned(),
            checkpoint: self.last.as_ref().map(ToString::to_string),
            edge: tiles.map(|(tile, bytes)| (tile.path(), to_base64(&bytes))).collect(),
        };
        // INVARIANT: a map of texts has a JSON form.
        serde_json::to_string(&state).unwrap_or_default()
    }

    /// Reads what [`to_state`](Self::to_state) wrote of a log of this suite, and checks that it belongs together.
    pub fn from_state(suite: Suite, text: &str) -> Result<Self, FollowerStateError> {
        let state: StateText = serde_json::from_str(text).map_err(|_| FollowerStateError::Format)?;
        if state.format != FORMAT {
            return Err(FollowerStateError::Format);
        }
        let Some(checkpoint) = &state.checkpoint else {
            return Ok(Self::new(suite));
        };
        let last = SignedCheckpoint::parse(checkpoint)?;
        let size = last.unverified().size();
        let edge = Edge::restore(suite, size, levels(&state.edge, size)?)?;
        if edge.root() != *last.unverified().root() {
            return Err(FollowerStateError::Root);
        }
        Ok(Self { last: Some(last), edge })
    }
}

fn levels(tiles: &BTreeMap<String, String>, size: u64) -> Result<Vec<Vec<Hash>>, FollowerStateError> {
    let mut levels: Vec<Vec<Hash>> = Vec::new();
    for tile in Edge::partial_tiles_of(size) {
        let bytes = tiles.get(&tile.path()).and_then(|text| from_base64(text));
        let hashes = bytes.and_then(|bytes| decode_hashes(&tile, &bytes));
        let hashes = hashes.ok_or(FollowerStateError::Tile(tile))?;
        if let TileKind::Hashes(level) = tile.kind() {
            let level = usize::from(level);
            levels.resize_with(levels.len().max(level + 1), Vec::new);
            levels[level] = hashes;
        }
    }
    Ok(levels)
}
