//! Tables: a version of a resource as a query sees it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use datafusion::arrow::array::{Array, AsArray, RecordBatch, StringArray, UInt32Array};
use datafusion::arrow::compute::{cast, concat_batches, take_record_batch};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::{MemTable, TableProvider};
use datafusion::error::{DataFusionError, Result};
use gongshu_governance::resource::{Field, ReleaseRule};
use gongshu_vault::{Vault, VaultError};

use crate::flow::FlowRefusal;

/// Rows of one batch that a scan of a table in memory hands out.
const SCAN_BATCH_ROWS: usize = 8_192;
/// Largest encrypted file that is decrypted into memory.
pub const MEMORY_TABLE_BYTES_MAX: u64 = 1 << 30;

/// A version of a resource, ready to be queried. Cheap to clone.
#[derive(Clone)]
pub struct Table(Arc<Inner>);

struct Inner {
    name: String,
    version: String,
    fields: Vec<Field>,
    subject: Option<String>,
    unique: BTreeSet<String>,
    schema: SchemaRef,
    rows: RecordBatch,
    index: OnceLock<HashMap<String, Vec<u32>>>,
    /// As the planner sees it, by the number of partitions.
    providers: Mutex<BTreeMap<usize, Arc<MemTable>>>,
}

/// Why a version cannot be queried.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The vault cannot give it.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// It is larger than what is held in memory.
    #[error(
        "version `{0}` is larger than the {MEMORY_TABLE_BYTES_MAX} bytes that are held in memory; split the resource"
    )]
    TooLarge(String),
    /// Its batches do not fit together.
    #[error("version `{0}` cannot be assembled")]
    Assembly(String),
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
        Ok(Self::of(name, version, fields, subject, unique, rows))
    }

    /// The table of a version in the vault.
    ///
    /// # Errors
    /// When the version is destroyed, altered, or cannot be decrypted.
    pub fn from_vault(
        name: &str,
        version: &str,
        fields: Vec<Field>,
        subject: Option<String>,
        vault: &Vault,
    ) -> std::result::Result<Self, TableError> {
        let stored = vault.version(version)?;
        if stored.stored_bytes() > MEMORY_TABLE_BYTES_MAX {
            return Err(TableError::TooLarge(version.to_owned()));
        }
        let unique = stored.unique_columns().map(str::to_owned).collect();
        let batches = vault.read_batches(version, None)?;
        let rows = concat_batches(&stored.schema(), &batches).map_err(|_| TableError::Assembly(version.to_owned()))?;
        Ok(Self::of(name, version, fields, subject, unique, rows))
    }

    fn of(
        name: &str,
        version: &str,
        fields: Vec<Field>,
        subject: Option<String>,
        unique: BTreeSet<String>,
        rows: RecordBatch,
    ) -> Self {
        let schema = rows.schema();
        let (name, version) = (name.to_owned(), version.to_owned());
        Self(Arc::new(Inner {
            name,
            version,
            fields,
            subject,
            unique,
            schema,
            rows,
            index: OnceLock::new(),
            providers: Mutex::default(),
        }))
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
        let missing = |subject: &str| {
            self.0
                .rows
                .column_by_name(subject)
                .is_none_or(|column| column.null_count() > 0)
        };
        let single = |subject: &&String| self.0.unique.contains(*subject) && !missing(subject);
        self.0.subject.as_ref().filter(single).is_some()
    }

    /// Whether a query over it is worth several threads.
    pub(crate) fn is_large(&self) -> bool {
        self.0.rows.num_rows() > 16 * SCAN_BATCH_ROWS
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.0.schema
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
        let (name, version) = (self.name(), self.version());
        let (subject, unique, rows) = (self.0.subject.clone(), self.0.unique.clone(), self.0.rows.clone());
        Ok(Self::of(name, version, fields, subject, unique, rows))
    }

    /// The table as the planner sees it: slices of the rows, copied nowhere.
    pub(crate) fn provider(&self, partitions: usize) -> Result<Arc<dyn TableProvider>> {
        let mut providers = self.0.providers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(provider) = providers.get(&partitions) {
            return Ok(provider.clone());
        }
        let rows = &self.0.rows;
        let mut parts = vec![Vec::new(); partitions.max(1)];
        for (number, start) in (0..rows.num_rows()).step_by(SCAN_BATCH_ROWS).enumerate() {
            let length = SCAN_BATCH_ROWS.min(rows.num_rows() - start);
            parts[number % partitions.max(1)].push(rows.slice(start, length));
        }
        let provider = Arc::new(MemTable::try_new(self.0.schema.clone(), parts)?);
        providers.insert(partitions, provider.clone());
        Ok(provider)
    }

    /// Positions of the rows in which the text column `key` has one of these values, ascending. The index over the
    /// column is built at first use and kept with the table; a table has one key, its subject.
    pub(crate) fn rows_of<'v>(&self, key: &str, values: impl IntoIterator<Item = &'v str>) -> Result<Vec<u32>> {
        let index = match self.0.index.get() {
            Some(index) => index,
            None => {
                let built = build_index(&self.0.rows, key)?;
                self.0.index.get_or_init(|| built)
            }
        };
        let found = values.into_iter().filter_map(|value| index.get(value));
        let mut rows: Vec<u32> = found.flatten().copied().collect();
        rows.sort_unstable();
        Ok(rows)
    }

    /// These rows, a batch after the other as they are asked for.
    pub(crate) fn batches_of(&self, rows: Vec<u32>) -> Box<dyn Iterator<Item = Result<RecordBatch>> + Send> {
        let table = self.clone();
        let count = rows.len();
        let batch = move |start: usize| {
            let end = rows.len().min(start + SCAN_BATCH_ROWS);
            match &rows[start..end] {
                [row] => Ok(table.0.rows.slice(*row as usize, 1)),
                some => Ok(take_record_batch(&table.0.rows, &UInt32Array::from(some.to_vec()))?),
            }
        };
        let starts = (0..count).step_by(SCAN_BATCH_ROWS);
        Box::new(starts.map(batch))
    }
}

fn build_index(batch: &RecordBatch, key: &str) -> Result<HashMap<String, Vec<u32>>> {
    let column = batch.column_by_name(key);
    let column = column.ok_or_else(|| DataFusionError::Plan(format!("the subject key `{key}` is not a column")))?;
    let texts = cast(column, &DataType::Utf8)?;
    let texts: &StringArray = texts.as_string();
    let mut index: HashMap<String, Vec<u32>> = HashMap::with_capacity(texts.len());
    for (row, value) in (0_u32..).zip(texts) {
        if let Some(value) = value {
            index.entry(value.to_owned()).or_default().push(row);
        }
    }
    Ok(index)
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("name", &self.0.name)
            .field("version", &self.0.version)
            .finish_non_exhaustive()
    }
}
