//! Reading everything that is needed at start.

use gongshu_ledger::tile::{decode_hashes, subtree_root};
use gongshu_ledger::{Edge, Hash, SignedCheckpoint, Suite, Tile, TileKind};
use jiff::Timestamp;
use sqlx::Row;

use crate::error::StoreError;
use crate::open::Store;
use crate::records::{EventRecord, MeterRecord};
use crate::rows::{event, instant, signed, unsigned};

/// What a store holds, as far as a server needs it in memory.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Entries in the ledger.
    pub size: u64,
    /// The newest signed checkpoint.
    pub checkpoint: Option<String>,
    /// The ledger's right edge, rebuilt from tiles and entries.
    pub edge: Edge,
    /// The events that were asked for in their order, with their instants.
    pub events: Vec<(EventRecord, Timestamp)>,
    /// Running totals.
    pub meters: Vec<MeterRecord>,
    /// When the newest entry was recorded.
    pub newest: Option<Timestamp>,
}

/// What other servers have written.
#[derive(Debug, Clone)]
pub struct News {
    /// The newest signed checkpoint.
    pub checkpoint: String,
    /// The new entries, in order.
    pub entries: Vec<Vec<u8>>,
    /// The new events in their order, with their instants.
    pub events: Vec<(EventRecord, Timestamp)>,
    /// All running totals.
    pub meters: Vec<MeterRecord>,
    /// When the newest entry was recorded.
    pub newest: Option<Timestamp>,
}

impl Store {
    /// Reads everything that is needed at start, and checks that the ledger's edge leads to the
    /// root of its checkpoint.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where it does not.
    pub async fn load(&self) -> Result<Loaded, StoreError> {
        self.load_after(0).await
    }

    /// The same, but of the events only those after the first `sequence`.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub async fn load_after(&self, sequence: u64) -> Result<Loaded, StoreError> {
        let head = sqlx::query("SELECT size, checkpoint FROM ledger_head WHERE id = 1")
            .fetch_one(&self.pool)
            .await?;
        let size = unsigned(&head, "size")?;
        let checkpoint: String = head.try_get("checkpoint")?;
        let edge = self.edge(size).await?;
        if size > 0 {
            check_root(&checkpoint, &edge)?;
        }
        Ok(Loaded {
            size,
            checkpoint: (size > 0).then_some(checkpoint),
            edge,
            events: self.events_after(sequence).await?,
            meters: self.meters().await?,
            newest: self.newest_time().await?,
        })
    }

    /// What was written since the ledger had `size` entries and there were `sequence` events.
    ///
    /// Another server must not commit meanwhile; a held [`Turn`](crate::Turn) sees to that.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn news(&self, size: u64, sequence: u64) -> Result<News, StoreError> {
        let head = sqlx::query("SELECT checkpoint FROM ledger_head WHERE id = 1")
            .fetch_one(&self.pool)
            .await?;
        Ok(News {
            checkpoint: head.try_get("checkpoint")?,
            entries: self.entries(size, i32::MAX.unsigned_abs()).await?,
            events: self.events_after(sequence).await?,
            meters: self.meters().await?,
            newest: self.newest_time().await?,
        })
    }

    async fn newest_time(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut newest = None;
        for text in [
            "SELECT at FROM acts ORDER BY idx DESC LIMIT 1",
            "SELECT at FROM calls ORDER BY idx DESC LIMIT 1",
        ] {
            let row = sqlx::query(text).fetch_optional(&self.pool).await?;
            newest = newest.max(row.map(|row| instant(&row, "at")).transpose()?);
        }
        Ok(newest)
    }

    async fn events_after(&self, sequence: u64) -> Result<Vec<(EventRecord, Timestamp)>, StoreError> {
        let rows = sqlx::query("SELECT seq, revision, at, event FROM events WHERE seq > $1 ORDER BY seq")
            .bind(signed(sequence)?)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok((event(row)?, instant(row, "at")?))).collect()
    }

    async fn meters(&self) -> Result<Vec<MeterRecord>, StoreError> {
        let rows = sqlx::query("SELECT id, calls, fen FROM meters")
            .fetch_all(&self.pool)
            .await?;
        let meter = |row: &sqlx::any::AnyRow| -> Result<MeterRecord, StoreError> {
            Ok(MeterRecord {
                key: row.try_get("id")?,
                calls: unsigned(row, "calls")?,
                fen: row.try_get("fen")?,
            })
        };
        rows.iter().map(meter).collect()
    }

    /// The right edge of the ledger's first `size` entries, rebuilt from tiles and entries.
    ///
    /// # Errors
    /// When a tile is missing, or the database fails.
    pub async fn edge(&self, size: u64) -> Result<Edge, StoreError> {
        let suite = self.suite().await?;
        let mut levels: Vec<Vec<Hash>> = Vec::new();
        for tile in Edge::partial_tiles_of(size) {
            let TileKind::Hashes(level) = tile.kind() else { continue };
            levels.resize_with(usize::from(level) + 1, Vec::new);
            let hashes = if level == 0 {
                self.leaf_hashes(suite, tile).await?
            } else {
                self.tile_roots(suite, level, tile).await?
            };
            levels[usize::from(level)] = hashes;
        }
        Edge::restore(suite, size, levels).map_err(StoreError::corrupt)
    }

    async fn leaf_hashes(&self, suite: Suite, tile: Tile) -> Result<Vec<Hash>, StoreError> {
        let entries = self.entries(tile.index() * 256, u32::from(tile.width())).await?;
        Ok(entries.iter().map(|entry| suite.hash_leaf(entry)).collect())
    }

    /// The members of a partial tile are the roots of full tiles one level below.
    async fn tile_roots(&self, suite: Suite, level: u8, tile: Tile) -> Result<Vec<Hash>, StoreError> {
        let mut roots = Vec::new();
        let first = tile.index() * 256;
        for index in first..first + u64::from(tile.width()) {
            let bytes = self.tile(level - 1, index).await?;
            let below = Tile::new(TileKind::Hashes(level - 1), index, 256);
            let root = bytes
                .zip(below)
                .and_then(|(bytes, below)| subtree_root(suite, &decode_hashes(&below, &bytes)?));
            roots.push(root.ok_or_else(|| {
                StoreError::Corrupt(format!("tile {index} of level {} is missing or short", level - 1))
            })?);
        }
        Ok(roots)
    }
}

fn check_root(checkpoint: &str, edge: &Edge) -> Result<(), StoreError> {
    let signed = SignedCheckpoint::parse(checkpoint).map_err(StoreError::corrupt)?;
    let stated = signed.unverified();
    if stated.size() != edge.size() || *stated.root() != edge.root() {
        return Err(StoreError::Corrupt(format!(
            "its entries lead to the root {} at size {}, but its checkpoint says {} at size {}",
            edge.root(),
            edge.size(),
            stated.root(),
            stated.size()
        )));
    }
    Ok(())
}
