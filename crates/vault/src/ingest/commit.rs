//! One ingestion from end to end: everything is written to a staging folder, made durable, and appears
//! under the name of the version by one rename.

use std::io::Read;
use std::sync::Arc;

use jiff::Timestamp;
use rand::CryptoRng;

use super::Ingested;
use super::error::IngestError;
use super::load::{Loaded, load};
use super::table::Table;
use crate::error::VaultError;
use crate::keys::{DataKey, KeyScope, KeyService, VersionKeys};
use crate::source::{Hashed, open};
use crate::spec::SourceSpec;
use crate::storage::{
    Digested, EncryptedWriter, Parts, Place, Staging, StoredColumn, VersionRecord, arrow_schema, stored_columns,
};

/// Where and when to store a version, and under which name.
pub(crate) struct Target<'a> {
    pub(crate) place: &'a Arc<dyn Place>,
    pub(crate) version: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) bytes_max: u64,
    pub(crate) key_scope: KeyScope,
}

/// Reads a source into a new version, or refuses it and leaves nothing.
pub(crate) fn ingest(
    target: &Target<'_>,
    keys: &dyn KeyService,
    spec: &SourceSpec,
    bytes: impl Read,
    rng: &mut dyn CryptoRng,
    progress: &mut dyn FnMut(u64),
) -> Result<Ingested, IngestError> {
    spec.validate()?;
    let staging = Staging::begin(target.place, target.version, rng)?;
    let mut columns = stored_columns(spec);
    let names = columns.iter().map(|column| column.name.as_str());
    let own = VersionKeys::generate(target.key_scope, names, keys.cipher(), rng);
    let mut source = Hashed::new(bytes);
    let (loaded, stored) = write_rows(&staging, target, &own, spec, &columns, &mut source, progress)?;
    let source_sha256 = source.finish().map_err(IngestError::Unreadable)?;
    note_complete(&mut columns, &loaded);
    let record = VersionRecord {
        version: target.version.to_owned(),
        ingested_at: target.at,
        rows: loaded.kept,
        rows_read: loaded.rows_read,
        blank_lines: loaded.blank_lines,
        quarantined_rows: loaded.rejects.rows,
        columns,
        source_sha256,
        stored_sha256: stored.sha256,
        stored_bytes: stored.bytes,
        key_id: own.version.id(),
        aside_key: own.aside.as_ref().map(DataKey::id),
        column_keys: own.column_ids(),
    };
    let parts = Parts {
        record: &record,
        profile: &loaded.profile,
        quarantine: &loaded.rejects.held,
    };
    parts.commit(staging, &own, keys, rng)?;
    Ok(report(record, loaded))
}

fn write_rows(
    staging: &Staging,
    target: &Target<'_>,
    own: &VersionKeys,
    spec: &SourceSpec,
    columns: &[StoredColumn],
    source: &mut impl Read,
    progress: &mut dyn FnMut(u64),
) -> Result<(Loaded, Digested), IngestError> {
    let schema = arrow_schema(columns);
    let mut writer = EncryptedWriter::new(staging.data()?, target.version, own, schema.clone(), target.bytes_max)?;
    let input = open(source, spec.compression, spec.limits.bytes_max).map_err(IngestError::reading(&spec.limits))?;
    let table = Table::new(schema, columns);
    let mut write = |batch: &_| -> Result<(), VaultError> { writer.write(batch) };
    let loaded = load(input, spec, table, columns, &mut write, progress)?;
    Ok((loaded, writer.finish()?))
}

/// Notes what a reader may have to know before it has a column's key.
fn note_complete(columns: &mut [StoredColumn], loaded: &Loaded) {
    for (column, profile) in columns.iter_mut().zip(&loaded.profile) {
        column.complete = Some(profile.nulls == 0);
    }
}

fn report(record: VersionRecord, loaded: Loaded) -> Ingested {
    Ingested {
        rows: record.rows,
        rows_read: record.rows_read,
        quarantined_rows: record.quarantined_rows,
        quarantined: loaded.rejects.reported,
        quarantined_errors: loaded.rejects.errors,
        blank_lines: record.blank_lines,
        columns_ignored: loaded.ignored,
        source_sha256: record.source_sha256,
        stored_sha256: record.stored_sha256,
        key_id: record.key_id,
        schema: arrow_schema(&record.columns),
        profile: loaded.profile,
    }
}
