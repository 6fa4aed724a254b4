//! Some columns of a version, unlocked: with their keys and without any other's.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{FieldRef, SchemaRef};
use datafusion::parquet::arrow::arrow_reader::ArrowReaderOptions;
use datafusion::parquet::arrow::{ParquetRecordBatchStreamBuilder, ProjectionMask};
use datafusion::parquet::encryption::decrypt::FileDecryptionProperties;
use datafusion::parquet::errors::ParquetError;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};

use super::parquet::parquet_error;
use super::stored::StoredVersion;
use crate::error::VaultError;

const READ_BATCH_ROWS: usize = 8192;

/// Columns of a version that can be read, row group by row group, in bounded memory. It holds the keys of these columns
/// and of no other. The Parquet library does not wipe its copies of keys.
#[derive(Clone)]
pub struct Unlocked {
    stored: StoredVersion,
    columns: Arc<[usize]>,
    schema: SchemaRef,
    decryption: Arc<FileDecryptionProperties>,
}

impl Unlocked {
    pub(super) fn new(
        stored: StoredVersion,
        columns: &[usize],
        schema: SchemaRef,
        decryption: Arc<FileDecryptionProperties>,
    ) -> Self {
        Self {
            stored,
            columns: columns.into(),
            schema,
            decryption,
        }
    }

    /// The columns in the order asked for.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// What a Parquet reader needs to decrypt these columns; keep it out of settings that can be listed.
    pub fn decryption(&self) -> Arc<FileDecryptionProperties> {
        self.decryption.clone()
    }

    /// Every row, batch by batch, in the order of the file. Nothing is read before it is asked for.
    pub fn batches(&self) -> BoxStream<'static, Result<RecordBatch, VaultError>> {
        self.share(0, 1)
    }

    /// The rows of every `of`-th row group, beginning with the `number`-th: so `of` readers share a version.
    pub fn share(&self, number: usize, of: usize) -> BoxStream<'static, Result<RecordBatch, VaultError>> {
        let failed = parquet_error(self.stored.version());
        let opened = self.clone().open(number, of);
        futures::stream::once(opened).try_flatten().map_err(failed).boxed()
    }

    async fn open(
        self,
        number: usize,
        of: usize,
    ) -> Result<BoxStream<'static, Result<RecordBatch, ParquetError>>, ParquetError> {
        let options = ArrowReaderOptions::new().with_file_decryption_properties(self.decryption);
        let builder = ParquetRecordBatchStreamBuilder::new_with_options(self.stored.reader(), options).await?;
        let mask = ProjectionMask::roots(builder.parquet_schema(), self.columns.iter().copied());
        let groups = (number..builder.metadata().num_row_groups()).step_by(of.max(1));
        let groups = groups.collect();
        let batches = builder
            .with_batch_size(READ_BATCH_ROWS)
            .with_row_groups(groups)
            .with_projection(mask)
            .build()?;
        let schema = self.schema;
        Ok(batches.map(move |batch| in_order(&batch?, &schema)).boxed())
    }
}

/// Parquet gives columns in the order of the file; the caller asked for another.
fn in_order(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ParquetError> {
    let found = batch.schema();
    let place = |field: &FieldRef| found.index_of(field.name());
    let places = schema.fields().iter().map(place).collect::<Result<Vec<_>, _>>()?;
    Ok(batch.project(&places)?)
}

impl fmt::Debug for Unlocked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Unlocked")
            .field("version", &self.stored.version())
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}
