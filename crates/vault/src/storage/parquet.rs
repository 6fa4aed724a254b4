//! The columnar file: zstd, then Parquet modular encryption of footer, indexes and pages under one
//! AES-256-GCM key, bound to the name of the version so that no file can stand in for another.

use std::io::{self, Write};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::arrow_reader::ArrowReaderOptions;
use datafusion::parquet::arrow::{ArrowWriter, ParquetRecordBatchStreamBuilder, ProjectionMask};
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::encryption::decrypt::FileDecryptionProperties;
use datafusion::parquet::encryption::encrypt::FileEncryptionProperties;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::WriterProperties;
use futures::TryStreamExt;
use futures::executor::block_on;
use sha2::{Digest, Sha256};

use super::folder::{DATA, Folder};
use super::place::Sink;
use super::stored::StoredVersion;
use crate::error::VaultError;
use crate::keys::DataKey;

const ROW_GROUP_ROWS: usize = 128 << 10;
const ROW_GROUP_BYTES: usize = 128 << 20;
const READ_BATCH_ROWS: usize = 8192;
const ZSTD_LEVEL: i32 = 3;

/// The hash and length of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Digested {
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

/// Writes batches to an encrypted file. Nothing leaves memory in the clear.
pub(crate) struct EncryptedWriter {
    version: String,
    bytes_max: u64,
    inner: ArrowWriter<HashedSink>,
}

impl EncryptedWriter {
    /// Writes to `sink`, at most `bytes_max` bytes.
    pub(crate) fn new(
        sink: Box<dyn Sink>,
        version: &str,
        key: &DataKey,
        schema: SchemaRef,
        bytes_max: u64,
    ) -> Result<Self, VaultError> {
        let failed = parquet_error(version);
        let properties = writer_properties(version, key).map_err(&failed)?;
        let inner = ArrowWriter::try_new(HashedSink::new(sink), schema, Some(properties)).map_err(&failed)?;
        Ok(Self {
            version: version.to_owned(),
            bytes_max,
            inner,
        })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), VaultError> {
        self.inner.write(batch).map_err(parquet_error(&self.version))?;
        refuse_large(&self.version, self.inner.bytes_written() as u64, self.bytes_max)
    }

    /// Completes the file and makes it durable.
    pub(crate) fn finish(self) -> Result<Digested, VaultError> {
        let sink = self.inner.into_inner().map_err(parquet_error(&self.version))?;
        refuse_large(&self.version, sink.bytes, self.bytes_max)?;
        sink.finish().map_err(VaultError::io("write", DATA.as_ref()))
    }
}

fn refuse_large(version: &str, bytes: u64, max: u64) -> Result<(), VaultError> {
    match bytes > max {
        true => Err(VaultError::TooLarge {
            version: version.to_owned(),
            max,
        }),
        false => Ok(()),
    }
}

fn writer_properties(version: &str, key: &DataKey) -> Result<WriterProperties, ParquetError> {
    let encryption = FileEncryptionProperties::builder(key.expose().to_vec())
        .with_aad_prefix(aad_prefix(version))
        .with_aad_prefix_storage(false)
        .build()?;
    Ok(WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_max_row_group_bytes(Some(ROW_GROUP_BYTES))
        .with_file_encryption_properties(encryption)
        .build())
}

/// What a reader needs to decrypt the file of a version.
pub(crate) fn decryption(version: &str, key: &DataKey) -> Result<Arc<FileDecryptionProperties>, VaultError> {
    FileDecryptionProperties::builder(key.expose().to_vec())
        .with_aad_prefix(aad_prefix(version))
        .build()
        .map_err(parquet_error(version))
}

/// Reads all rows, of all columns or of the named ones in the order asked for.
pub(crate) fn read_batches(stored: &StoredVersion, columns: Option<&[&str]>) -> Result<Vec<RecordBatch>, VaultError> {
    let indexes = columns.map(|columns| column_indexes(stored, columns)).transpose()?;
    // The file was verified, so an error here is not one of the disk.
    block_on(read_projected(stored, indexes.as_deref())).map_err(parquet_error(stored.version()))
}

fn column_indexes(stored: &StoredVersion, columns: &[&str]) -> Result<Vec<usize>, VaultError> {
    let unknown = |column: &str| VaultError::UnknownColumn {
        version: stored.version().to_owned(),
        column: column.to_owned(),
    };
    let schema = stored.schema();
    columns
        .iter()
        .map(|column| schema.index_of(column).map_err(|_| unknown(column)))
        .collect()
}

async fn read_projected(stored: &StoredVersion, indexes: Option<&[usize]>) -> Result<Vec<RecordBatch>, ParquetError> {
    let options = ArrowReaderOptions::new().with_file_decryption_properties(stored.decryption());
    let builder = ParquetRecordBatchStreamBuilder::new_with_options(stored.reader(), options).await?;
    let mut builder = builder.with_batch_size(READ_BATCH_ROWS);
    let Some(indexes) = indexes else {
        return builder.build()?.try_collect().await;
    };
    let mask = ProjectionMask::roots(builder.parquet_schema(), indexes.iter().copied());
    builder = builder.with_projection(mask);
    let batches: Vec<_> = builder.build()?.try_collect().await?;
    batches.iter().map(|batch| reorder(batch, stored, indexes)).collect()
}

/// Parquet gives columns in the order of the file; the caller asked for another.
fn reorder(batch: &RecordBatch, stored: &StoredVersion, indexes: &[usize]) -> Result<RecordBatch, ParquetError> {
    let schema = stored.schema();
    let place = |index: &usize| batch.schema().index_of(schema.field(*index).name());
    let places = indexes.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    Ok(batch.project(&places)?)
}

/// Hashes the columnar file as it is.
pub(crate) fn digest(folder: &Folder) -> Result<Digested, VaultError> {
    let mut hash = HashSink::default();
    let bytes = folder.copy_to(DATA, &mut hash)?;
    Ok(Digested {
        sha256: hex::encode(hash.0.finalize()),
        bytes,
    })
}

fn aad_prefix(version: &str) -> Vec<u8> {
    format!("gongshu.vault/1/{version}").into_bytes()
}

fn parquet_error(version: &str) -> impl Fn(ParquetError) -> VaultError {
    move |source| VaultError::Parquet {
        version: version.to_owned(),
        source,
    }
}

/// A hash to write to.
#[derive(Default)]
struct HashSink(Sha256);

impl Write for HashSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file that is hashed as it is written, so that it need not be read again.
struct HashedSink {
    sink: Box<dyn Sink>,
    hash: Sha256,
    bytes: u64,
}

impl HashedSink {
    fn new(sink: Box<dyn Sink>) -> Self {
        Self {
            sink,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    fn finish(self) -> io::Result<Digested> {
        self.sink.complete()?;
        Ok(Digested {
            sha256: hex::encode(self.hash.finalize()),
            bytes: self.bytes,
        })
    }
}

impl Write for HashedSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.sink.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}
