//! Tables: a version of a resource as a query sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::error::{DataFusionError, Result};
use gongshu_governance::resource::{Field, ReleaseRule};
use gongshu_vault::{StoredVersion, Vault, VaultError};
use tokio::sync::OnceCell;

use crate::flow::FlowRefusal;
use crate::index::Index;
use crate::rows::Rows;
use crate::scan::{SCAN_BATCH_ROWS, Scan};

/// Largest encrypted file whose columns are kept in memory once they are read, unless configured otherwise.
pub const HELD_VERSION_BYTES_MAX: u64 = 1 << 30;

/// A version of a resource, ready to be queried. Cheap to clone.
#[derive(Clone)]
pub struct Table(Arc<Inner>);

struct Inner {
    name: String,
    version: String,
    fields: Vec<Field>,
    subject: Option<String>,
    unique: BTreeSet<String>,
    /// Columns in which no value is missing.
    complete: BTreeSet<String>,
    rows: Arc<Rows>,
    index: OnceCell<Arc<Index>>,
}

impl Table {
    /// A table of rows in memory. `unique` names columns in which no value comes twice.
    ///
    /// # Errors
    /// When the batches do not fit together.
    pub fn in_memory(
        name: &str,
        version: &str,
        fields: Vec<Field>,
        subject: Option<String>,
        unique: BTreeSet<String>,
        batches: &[RecordBatch],
        schema: &SchemaRef,
    ) -> Result<Self> {
        let rows = concat_batches(schema, batches)?;
        let full = |name: &str| rows.column_by_name(name).is_some_and(|column| column.null_count() == 0);
        let names = schema.fields().iter().map(|field| field.name());
        let complete = names.filter(|name| full(name)).cloned().collect();
        Ok(Self(Arc::new(Inner {
            name: name.to_owned(),
            version: version.to_owned(),
            fields,
            subject,
            unique,
            complete,
            rows: Arc::new(Rows::Memory(rows)),
            index: OnceCell::new(),
        })))
    }

    /// The table of a version in the vault. Its columns are decrypted for the plans that read them, and kept where the
    /// encrypted file has at most `held_bytes_max` bytes. Such a file is first verified as a whole; of a larger one each
    /// page is verified as it is read.
    ///
    /// # Errors
    /// When the version is destroyed, altered, or cannot be decrypted.
    pub fn from_vault(
        name: &str,
        version: &str,
        fields: Vec<Field>,
        subject: Option<String>,
        vault: &Vault,
        held_bytes_max: u64,
    ) -> std::result::Result<Self, VaultError> {
        let stored = vault.version(version)?;
        if stored.stored_bytes() <= held_bytes_max {
            vault.verify(version)?;
        }
        Ok(Self(Arc::new(Inner {
            name: name.to_owned(),
            version: version.to_owned(),
            fields,
            subject,
            unique: stored.unique_columns().map(str::to_owned).collect(),
            complete: complete(&stored, vault)?,
            rows: Arc::new(Rows::of(stored, held_bytes_max)),
            index: OnceCell::new(),
        })))
    }

    /// Its name in SQL.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Which version of the resource it is.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// Names of its columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.fields.iter().map(|field| field.name.as_str())
    }

    pub(crate) fn fields(&self) -> &[Field] {
        &self.0.fields
    }

    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.0.fields.iter().find(|field| field.name == name)
    }

    /// The column that identifies a row's subject.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// Whether each row has a subject of its own: then rows count subjects.
    #[must_use]
    pub fn one_row_a_subject(&self) -> bool {
        let single = |subject: &&String| self.0.unique.contains(*subject) && self.0.complete.contains(*subject);
        self.0.subject.as_ref().filter(single).is_some()
    }

    /// Whether a column tells single subjects apart: their key, or one in which no value comes twice.
    pub(crate) fn identifies(&self, column: &str) -> bool {
        self.subject() == Some(column) || self.0.unique.contains(column)
    }

    /// Whether a query over it is worth several threads.
    pub(crate) fn is_large(&self) -> bool {
        self.0.rows.count() > 16 * SCAN_BATCH_ROWS as u64
    }

    pub(crate) fn schema(&self) -> SchemaRef {
        self.0.rows.schema()
    }

    pub(crate) fn rows(&self) -> &Rows {
        &self.0.rows
    }

    /// The same rows under tighter rules.
    pub(crate) fn tightened(&self, rules: &BTreeMap<String, ReleaseRule>) -> std::result::Result<Self, FlowRefusal> {
        let mut fields = self.0.fields.clone();
        for (column, rule) in rules {
            let field = fields.iter_mut().find(|field| field.name == *column);
            match field.filter(|field| field.release.covers(rule)) {
                Some(field) => field.release = rule.clone(),
                None => return Err(FlowRefusal::widened(self.name(), column, rule)),
            }
        }
        Ok(Self(Arc::new(Inner {
            name: self.0.name.clone(),
            version: self.0.version.clone(),
            fields,
            subject: self.0.subject.clone(),
            unique: self.0.unique.clone(),
            complete: self.0.complete.clone(),
            rows: self.0.rows.clone(),
            index: self.0.index.clone(),
        })))
    }

    /// The table as the planner sees it.
    pub(crate) fn provider(&self, partitions: usize) -> Arc<dyn TableProvider> {
        Arc::new(Scan::new(self.clone(), partitions))
    }

    /// The place of a column.
    pub(crate) fn place(&self, column: &str) -> Result<usize> {
        let missing = |_| DataFusionError::Plan(format!("the subject key `{column}` is not a column"));
        self.schema().index_of(column).map_err(missing)
    }

    /// Where the rows of each subject are. The index over the column is built at first use and kept with the table; a
    /// table has one key, its subject.
    pub(crate) async fn index(&self, key: &str) -> Result<Arc<Index>> {
        let build = || async {
            let column = self.0.rows.columns(&[self.place(key)?]).await?;
            Ok(Arc::new(Index::of(column.column(0))?))
        };
        self.0.index.get_or_try_init(build).await.cloned()
    }
}

/// Columns in which no value is missing. Earlier versions tell it in their profile, which opens with their only key.
fn complete(stored: &StoredVersion, vault: &Vault) -> std::result::Result<BTreeSet<String>, VaultError> {
    if stored.columns().iter().any(|column| column.complete.is_none()) {
        let profile = vault.profile(stored.version())?.into_iter();
        return Ok(profile
            .filter(|column| column.nulls == 0)
            .map(|column| column.name)
            .collect());
    }
    let full = stored.columns().iter().filter(|column| column.complete == Some(true));
    Ok(full.map(|column| column.name.clone()).collect())
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("name", &self.0.name)
            .field("version", &self.0.version)
            .finish_non_exhaustive()
    }
}
