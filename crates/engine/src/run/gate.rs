//! Consent gates: scans that see only rows of subjects whose consent was checked. Whatever the query says, the rows of
//! others are not there: no filter, join, order, limit or failure above can meet them.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{AsArray, BooleanArray, RecordBatch, RecordBatchOptions, StringArray, UInt32Array};
use datafusion::arrow::compute::{cast, filter_record_batch, take_arrays};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use datafusion::scalar::ScalarValue;
use futures::StreamExt;
use futures::stream::BoxStream;
use gongshu_vault::Unlocked;

use super::cell::{Cell, CellRef};
use crate::access::SubjectGate;
use crate::index::Index;
use crate::rows::{Rows, vault_error};
use crate::scan::{SCAN_BATCH_ROWS, over, wanted};
use crate::table::Table;

/// Which rows of a table a plan sees.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    table: Table,
    column: String,
    sees: Sees,
}

/// Whose rows pass a gate.
#[derive(Debug, Clone, Copy)]
enum Sees {
    /// The subject that a parameter names.
    Parameter(usize),
    /// All who consent to the call.
    Consenting,
}

/// A gate whose subjects a cell names.
#[derive(Debug, Clone)]
struct Bound {
    gate: Gate,
    cell: CellRef,
}

/// What passes a bound gate, of the columns that a plan reads.
#[derive(Debug)]
struct Passage {
    bound: Bound,
    schema: SchemaRef,
    origin: Origin,
}

/// Where the rows come from.
#[derive(Debug)]
enum Origin {
    /// From memory, by an index.
    Held { rows: RecordBatch, index: Arc<Index> },
    /// From the vault, row by row; the subject is in the column `key`.
    Streamed { unlocked: Unlocked, key: usize },
}

impl Gate {
    /// The gate of a table, where it has one: the parameter's before that of all who consent.
    pub(crate) fn of(table: &Table, named: Option<&SubjectGate>, consenting: &BTreeSet<String>) -> Option<Self> {
        let (column, sees) = match named.filter(|gate| gate.resource == table.name()) {
            Some(gate) => (gate.column.clone(), Sees::Parameter(gate.parameter)),
            None => {
                consenting.get(table.name())?;
                (table.subject()?.to_owned(), Sees::Consenting)
            }
        };
        Some(Self {
            table: table.clone(),
            column,
            sees,
        })
    }

    pub(crate) fn table(&self) -> &str {
        self.table.name()
    }

    /// The column that names a row's subject.
    pub(crate) fn column(&self) -> &str {
        &self.column
    }

    /// The subjects whose rows pass, as a cell names them.
    pub(crate) fn subjects(&self, cell: &Cell) -> Result<BTreeSet<String>> {
        match self.sees {
            Sees::Parameter(index) => match cell.value(index) {
                Some(ScalarValue::Utf8(Some(subject))) => Ok([subject].into()),
                _ => Err(DataFusionError::Execution(
                    "the subject of the call is not bound".to_owned(),
                )),
            },
            Sees::Consenting => Ok(cell.consenting().get(self.table.name()).cloned().unwrap_or_default()),
        }
    }

    pub(super) fn provider(&self, cell: CellRef) -> Arc<dyn TableProvider> {
        Arc::new(Bound {
            gate: self.clone(),
            cell,
        })
    }
}

#[async_trait]
impl TableProvider for Bound {
    fn schema(&self) -> SchemaRef {
        self.gate.table.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::View
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Gate { table, column, .. } = &self.gate;
        let mut columns = wanted(projection, &table.schema());
        let schema = Arc::new(table.schema().project(&columns)?);
        let origin = match table.rows() {
            Rows::Streamed(stored) => {
                let key = columns.len();
                columns.push(table.place(column)?);
                let unlocked = stored.unlock(&columns).map_err(vault_error)?;
                Origin::Streamed { unlocked, key }
            }
            rows @ (Rows::Memory(_) | Rows::Held(_)) => Origin::Held {
                rows: rows.columns(&columns).await?,
                index: table.index(column).await?,
            },
        };
        let passage = Passage {
            bound: self.clone(),
            schema: schema.clone(),
            origin,
        };
        over(schema, vec![Arc::new(passage)])
    }
}

impl Passage {
    fn batches(&self) -> Result<BoxStream<'static, Result<RecordBatch>>> {
        let Bound { gate, cell } = &self.bound;
        let subjects = gate.subjects(&cell.0)?;
        Ok(match &self.origin {
            Origin::Held { rows, index } => {
                let places = index.rows_of(subjects.iter().map(String::as_str));
                futures::stream::iter(taken(rows.clone(), places)).boxed()
            }
            Origin::Streamed { unlocked, key } => {
                let key = *key;
                let batches = unlocked.batches();
                batches
                    .map(move |batch| passing(&batch.map_err(vault_error)?, key, &subjects))
                    .boxed()
            }
        })
    }
}

impl PartitionStream for Passage {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let batches = self.batches();
        let batches = batches.unwrap_or_else(|error| futures::stream::iter([Err(error)]).boxed());
        Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), batches))
    }
}

/// The rows at these places, a batch after the other as they are asked for.
fn taken(rows: RecordBatch, places: Vec<u32>) -> impl Iterator<Item = Result<RecordBatch>> + Send {
    let count = places.len();
    (0..count).step_by(SCAN_BATCH_ROWS).map(move |start| {
        let end = count.min(start + SCAN_BATCH_ROWS);
        match &places[start..end] {
            [place] => Ok(rows.slice(*place as usize, 1)),
            some => {
                let columns = take_arrays(rows.columns(), &UInt32Array::from(some.to_vec()), None)?;
                // A plan that only counts rows reads no column.
                let options = RecordBatchOptions::new().with_row_count(Some(some.len()));
                Ok(RecordBatch::try_new_with_options(rows.schema(), columns, &options)?)
            }
        }
    })
}

/// The rows of a batch whose subject passes, without the key, which stands last.
pub(crate) fn passing(batch: &RecordBatch, key: usize, subjects: &BTreeSet<String>) -> Result<RecordBatch> {
    let texts = cast(batch.column(key), &DataType::Utf8)?;
    let texts: &StringArray = texts.as_string();
    let passes = texts
        .iter()
        .map(|subject| Some(subject.is_some_and(|subject| subjects.contains(subject))));
    let kept = filter_record_batch(batch, &passes.collect::<BooleanArray>())?;
    Ok(kept.project(&(0..key).collect::<Vec<_>>())?)
}
