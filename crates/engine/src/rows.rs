//! The rows of a table: in memory, or in the vault, whose columns are decrypted for the plans that read them.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::error::{DataFusionError, Result};
use futures::TryStreamExt;
use gongshu_vault::{StoredVersion, VaultError};
use tokio::sync::Mutex;

/// Where the rows of a table are.
pub(crate) enum Rows {
    /// In memory, all columns of them.
    Memory(RecordBatch),
    /// In the vault; a column is decrypted when a plan first reads it, and kept.
    Held(Held),
    /// In the vault, and more than is kept: each query decrypts them anew, row group by row group.
    Streamed(StoredVersion),
}

/// The columns of a version that plans have read so far. No key of another column has been unwrapped.
pub(crate) struct Held {
    stored: StoredVersion,
    columns: Mutex<BTreeMap<usize, ArrayRef>>,
}

impl Rows {
    /// The rows of a version; they are kept in memory where its encrypted file has at most `held_bytes_max` bytes.
    pub(crate) fn of(stored: StoredVersion, held_bytes_max: u64) -> Self {
        match stored.stored_bytes() > held_bytes_max {
            true => Self::Streamed(stored),
            false => Self::Held(Held {
                stored,
                columns: Mutex::default(),
            }),
        }
    }

    pub(crate) fn schema(&self) -> SchemaRef {
        match self {
            Self::Memory(rows) => rows.schema(),
            Self::Held(Held { stored, .. }) | Self::Streamed(stored) => stored.schema(),
        }
    }

    pub(crate) fn count(&self) -> u64 {
        match self {
            Self::Memory(rows) => rows.num_rows() as u64,
            Self::Held(Held { stored, .. }) | Self::Streamed(stored) => stored.rows(),
        }
    }

    /// These columns of all rows, in the order asked for.
    pub(crate) async fn columns(&self, columns: &[usize]) -> Result<RecordBatch> {
        match self {
            Self::Memory(rows) => Ok(rows.project(columns)?),
            Self::Held(held) => held.columns(columns).await,
            Self::Streamed(stored) => {
                let version = stored.version();
                Err(DataFusionError::Internal(format!("`{version}` is not held in memory")))
            }
        }
    }
}

impl Held {
    async fn columns(&self, columns: &[usize]) -> Result<RecordBatch> {
        let mut held = self.columns.lock().await;
        let missing: Vec<usize> = columns
            .iter()
            .copied()
            .filter(|column| !held.contains_key(column))
            .collect();
        if !missing.is_empty() {
            let loaded = read(&self.stored, &missing).await?;
            held.extend(missing.into_iter().zip(loaded.columns().iter().cloned()));
        }
        let arrays = columns.iter().filter_map(|column| held.get(column).cloned()).collect();
        let schema = Arc::new(self.stored.schema().project(columns)?);
        // A plan that only counts rows reads no column.
        let rows = usize::try_from(self.stored.rows()).ok();
        let options = RecordBatchOptions::new().with_row_count(rows);
        Ok(RecordBatch::try_new_with_options(schema, arrays, &options)?)
    }
}

async fn read(stored: &StoredVersion, columns: &[usize]) -> Result<RecordBatch> {
    let unlocked = stored.unlock(columns).map_err(vault_error)?;
    let batches: Vec<RecordBatch> = unlocked.batches().try_collect().await.map_err(vault_error)?;
    Ok(concat_batches(unlocked.schema(), &batches)?)
}

/// The vault's error as one of the engine's; its words stay inside.
pub(crate) fn vault_error(error: VaultError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
