//! Sealing a batch: its entries are hashed onto the ledger's edge, and what follows from the tree is added.

use gongshu_ledger::{Appended, Checkpoint, CheckpointError, Edge, NoteSigner, TileKind};

use crate::records::Batch;

impl Batch {
    /// Adds full tiles and the signed checkpoint of the ledger with this batch. `edge` is the ledger's without it, and
    /// stays the truth until the batch is committed.
    ///
    /// # Errors
    /// When the signer's name is no origin of a log.
    pub fn seal(&mut self, edge: &Edge, signer: &NoteSigner) -> Result<Appended, CheckpointError> {
        let suite = edge.suite();
        let leaves: Vec<_> = self.entries.iter().map(|entry| suite.hash_leaf(entry)).collect();
        let appended = edge.append(&leaves);
        let verifier = signer.verifier_key();
        let checkpoint = Checkpoint::new(verifier.name().as_str(), appended.size(), appended.root())?;
        self.size_before = edge.size();
        self.checkpoint = signer.sign(&checkpoint);
        let tiles = appended.full_tiles().iter().filter_map(|full| match full.tile.kind() {
            TileKind::Hashes(level) => Some((level, full.tile.index(), full.bytes.clone())),
            TileKind::Entries => None,
        });
        self.tiles = tiles.collect();
        Ok(appended)
    }
}
