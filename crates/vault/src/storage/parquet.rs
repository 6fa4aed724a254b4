//! The columnar file: zstd, then Parquet modular encryption of footer, indexes and pages with AES-256-GCM, each column
//! under a key of its own, bound to the name of the version so that no file can stand in for another.

use std::io::{self, Write};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::encryption::decrypt::FileDecryptionProperties;
use datafusion::parquet::encryption::encrypt::FileEncryptionProperties;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::WriterProperties;
use sha2::{Digest, Sha256};

use super::folder::{DATA, Folder};
use super::place::Sink;
use crate::error::VaultError;
use crate::keys::{DataKey, VersionKeys};

const ROW_GROUP_ROWS: usize = 128 << 10;
const ROW_GROUP_BYTES: usize = 128 << 20;
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
        keys: &VersionKeys,
        schema: SchemaRef,
        bytes_max: u64,
    ) -> Result<Self, VaultError> {
        let failed = parquet_error(version);
        let properties = writer_properties(version, keys).map_err(&failed)?;
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

fn writer_properties(version: &str, keys: &VersionKeys) -> Result<WriterProperties, ParquetError> {
    let mut encryption = FileEncryptionProperties::builder(keys.version.expose().to_vec())
        .with_aad_prefix(aad_prefix(version))
        .with_aad_prefix_storage(false);
    for (column, key) in &keys.columns {
        encryption = encryption.with_column_key(column, key.expose().to_vec());
    }
    let encryption = encryption.build()?;
    Ok(WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_max_row_group_bytes(Some(ROW_GROUP_BYTES))
        .with_file_encryption_properties(encryption)
        .build())
}

/// What a reader needs to decrypt the footer of a version, and these columns where they have keys of their own.
pub(crate) fn decryption(
    version: &str,
    key: &DataKey,
    columns: &[(&str, DataKey)],
) -> Result<Arc<FileDecryptionProperties>, VaultError> {
    let mut decryption = FileDecryptionProperties::builder(key.expose().to_vec()).with_aad_prefix(aad_prefix(version));
    for (column, key) in columns {
        decryption = decryption.with_column_key(column, key.expose().to_vec());
    }
    decryption.build().map_err(parquet_error(version))
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

pub(super) fn parquet_error(version: &str) -> impl Fn(ParquetError) -> VaultError + use<> {
    let version = version.to_owned();
    move |source| VaultError::Parquet {
        version: version.clone(),
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
