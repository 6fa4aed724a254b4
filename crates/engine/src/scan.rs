//! A table as the planner sees it: a scan unlocks the columns that its plan reads, and no others.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::memory::{DataSourceExec, MemorySourceConfig};
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use futures::TryStreamExt;
use gongshu_vault::{StoredVersion, Unlocked};

use crate::rows::{Rows, vault_error};
use crate::table::Table;

/// Rows of one batch that a scan of a table in memory hands out.
pub(crate) const SCAN_BATCH_ROWS: usize = 8_192;

/// A table whose rows are read by so many partitions.
#[derive(Debug)]
pub(crate) struct Scan {
    table: Table,
    partitions: usize,
}

impl Scan {
    pub(crate) fn new(table: Table, partitions: usize) -> Self {
        Self {
            table,
            partitions: partitions.max(1),
        }
    }

    /// What it reads.
    pub(crate) fn table(&self) -> &Table {
        &self.table
    }
}

#[async_trait]
impl TableProvider for Scan {
    fn schema(&self) -> SchemaRef {
        self.table.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let columns = wanted(projection, &self.table.schema());
        match self.table.rows() {
            Rows::Streamed(stored) => streamed(stored, &columns, self.partitions),
            rows @ (Rows::Memory(_) | Rows::Held(_)) => {
                let batch = rows.columns(&columns).await?;
                let parts = slices(&batch, self.partitions);
                let source = MemorySourceConfig::try_new(&parts, batch.schema(), None)?;
                Ok(DataSourceExec::from_data_source(source))
            }
        }
    }
}

/// The columns of a projection; all where there is none.
pub(crate) fn wanted(projection: Option<&Vec<usize>>, schema: &SchemaRef) -> Vec<usize> {
    match projection {
        Some(columns) => columns.clone(),
        None => (0..schema.fields().len()).collect(),
    }
}

/// A plan node over partitions that stream.
pub(crate) fn over(schema: SchemaRef, partitions: Vec<Arc<dyn PartitionStream>>) -> Result<Arc<dyn ExecutionPlan>> {
    Ok(Arc::new(StreamingTableExec::try_new(
        schema,
        partitions,
        None,
        [],
        false,
        None,
    )?))
}

/// Slices of the rows, copied nowhere.
fn slices(batch: &RecordBatch, partitions: usize) -> Vec<Vec<RecordBatch>> {
    let mut parts = vec![Vec::new(); partitions];
    for (number, start) in (0..batch.num_rows()).step_by(SCAN_BATCH_ROWS).enumerate() {
        let length = SCAN_BATCH_ROWS.min(batch.num_rows() - start);
        parts[number % partitions].push(batch.slice(start, length));
    }
    parts
}

fn streamed(stored: &StoredVersion, columns: &[usize], partitions: usize) -> Result<Arc<dyn ExecutionPlan>> {
    let unlocked = stored.unlock(columns).map_err(vault_error)?;
    let share = |number| -> Arc<dyn PartitionStream> {
        Arc::new(Share {
            unlocked: unlocked.clone(),
            number,
            of: partitions,
        })
    };
    over(unlocked.schema().clone(), (0..partitions).map(share).collect())
}

/// What one partition reads of a version.
#[derive(Debug)]
struct Share {
    unlocked: Unlocked,
    number: usize,
    of: usize,
}

impl PartitionStream for Share {
    fn schema(&self) -> &SchemaRef {
        self.unlocked.schema()
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let batches = self.unlocked.share(self.number, self.of).map_err(vault_error);
        Box::pin(RecordBatchStreamAdapter::new(self.schema().clone(), batches))
    }
}
