//! Reading the log: tiles, entry bundles, and receipts of old entries.

use std::collections::BTreeMap;
use std::sync::Arc;

use gongshu_ledger::{
    AnswerReceipt, OpeningText, Prover, Receipt, SignedCheckpoint, Tile, TileKind, TileSet, encode_bundle,
    tiles_for_inclusion,
};

use crate::district::District;
use crate::error::AppError;
use crate::receipt::ReceiptFile;
use crate::sequencer::Head;

impl District {
    /// The bytes of a tile or an entry bundle; none where the log has no such tile.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, AppError> {
        let head = self.head();
        match tile.kind() {
            TileKind::Hashes(level) if tile.is_full() => Ok(self.0.store.tile(level, tile.index()).await?),
            TileKind::Hashes(_) => self.partial_tile(&head, tile).await,
            TileKind::Entries => self.bundle(&head, tile).await,
        }
    }

    async fn partial_tile(&self, head: &Head, tile: Tile) -> Result<Option<Vec<u8>>, AppError> {
        let width = usize::from(tile.width()) * 32;
        let edge = head.edge.partial_tiles().into_iter();
        let mut here = edge.filter(|(other, _)| other.kind() == tile.kind() && other.index() == tile.index());
        let bytes = match (here.next(), tile.kind()) {
            (Some((_, bytes)), _) => Some(bytes),
            (None, TileKind::Hashes(level)) => self.0.store.tile(level, tile.index()).await?,
            (None, TileKind::Entries) => None,
        };
        Ok(bytes.and_then(|bytes| bytes.get(..width).map(<[u8]>::to_vec)))
    }

    async fn bundle(&self, head: &Head, tile: Tile) -> Result<Option<Vec<u8>>, AppError> {
        let first = tile.index() * 256;
        let count = if tile.is_full() { 256 } else { u64::from(tile.width()) };
        if first + count > head.edge.size() {
            return Ok(None);
        }
        let entries = self.0.store.entries(first, u32::try_from(count).unwrap_or(256)).await?;
        encode_bundle(&entries).map(Some).map_err(AppError::internal)
    }

    /// The receipt of any entry, opening nothing: under the newest final checkpoint with its cosignatures where that
    /// holds the entry, under the newest checkpoint otherwise.
    ///
    /// # Errors
    /// Refuses an index that the log does not have.
    pub async fn receipt(&self, index: u64) -> Result<ReceiptFile, AppError> {
        self.receipt_with(index, BTreeMap::new()).await
    }

    pub(crate) async fn receipt_with(
        &self,
        index: u64,
        openings: BTreeMap<String, OpeningText>,
    ) -> Result<ReceiptFile, AppError> {
        let mut checkpoint = self.checkpoint_over(index);
        if checkpoint.is_none() {
            // Another server may have recorded it a moment ago.
            self.catch_up().await?;
            checkpoint = self.checkpoint_over(index);
        }
        let Some(checkpoint) = checkpoint else {
            let what = gongshu_governance::Text::new("账本条目", "ledger entry");
            return Err(self.rules().unknown(&what, &index.to_string()).into());
        };
        let size = checkpoint.unverified().size();
        let entry = self.0.store.entries(index, 1).await?.pop();
        let mut tiles = TileSet::new();
        for tile in tiles_for_inclusion(index, size).map_err(AppError::internal)? {
            if let Some(bytes) = self.tile(tile).await? {
                tiles.insert(tile, bytes);
            }
        }
        let proof = Prover::new(&tiles, self.suite(), size)
            .inclusion(index)
            .map_err(AppError::internal)?;
        let receipt = Receipt {
            entry,
            index,
            proof,
            checkpoint: (*checkpoint).clone(),
        };
        Ok(ReceiptFile {
            index,
            receipt: AnswerReceipt {
                proof: receipt.to_string(),
                openings,
            },
        })
    }

    /// The checkpoint that proves most about an entry.
    fn checkpoint_over(&self, index: u64) -> Option<Arc<SignedCheckpoint>> {
        let holds = |checkpoint: &Arc<SignedCheckpoint>| index < checkpoint.unverified().size();
        let cosigned = self.final_checkpoint().filter(holds);
        cosigned.or_else(|| self.head().checkpoint.clone().filter(holds))
    }
}
