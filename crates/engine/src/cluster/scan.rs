//! A scan on the cluster: an executor opens the version, has the keys of the columns that the scan names unwrapped, and
//! decrypts its shares of the rows.
//!
//! Which shares a task reads is data: below the scan stands a table in memory with the numbers of the shares, one a
//! partition. Ballista knows how to give each task its partitions of such a table.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{AsArray, RecordBatch, UInt32Array};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, UInt32Type};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::memory::{DataSourceExec, MemorySourceConfig};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use gongshu_vault::{DomainSeal, Unlocked, Vault};
use serde::{Deserialize, Serialize};

use crate::rows::vault_error;
use crate::run::passing;
use crate::scan::wanted;
use crate::table::Table;

/// What members with keys share.
#[derive(Debug)]
pub(super) struct Domain {
    pub(super) vault: Opened,
    pub(super) seal: DomainSeal,
}

/// The vault, without a word of it in logs.
pub(super) struct Opened(pub(super) Arc<Vault>);

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

/// What is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reading {
    version: String,
    /// Places of columns; that of the gate, where there is one, last.
    columns: Vec<usize>,
    shares: usize,
    /// Whose rows pass; everyone's where there is no gate.
    passing: Option<BTreeSet<String>>,
}

/// A table of the vault as a plan for the cluster reads it.
#[derive(Debug)]
pub(super) struct ClusterScan {
    pub(super) table: Table,
    pub(super) version: String,
    pub(super) shares: usize,
    /// The column of the subject, and whose rows pass.
    pub(super) gate: Option<(String, BTreeSet<String>)>,
    pub(super) domain: Arc<Domain>,
}

#[async_trait]
impl TableProvider for ClusterScan {
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
        let mut columns = wanted(projection, &self.table.schema());
        let schema = Arc::new(self.table.schema().project(&columns)?);
        if let Some((column, _)) = &self.gate {
            columns.push(self.table.place(column)?);
        }
        let reading = Reading {
            version: self.version.clone(),
            columns,
            shares: self.shares,
            passing: self.gate.as_ref().map(|(_, subjects)| subjects.clone()),
        };
        let work = Work::Open(Arc::new(reading), self.domain.clone());
        Ok(Arc::new(UnlockExec::new(numbers(self.shares)?, schema, work)))
    }
}

/// The numbers of the shares, one a partition.
fn numbers(shares: usize) -> Result<Arc<dyn ExecutionPlan>> {
    let schema = Arc::new(Schema::new(vec![Field::new("share", DataType::UInt32, false)]));
    let partition = |share: usize| {
        let share = u32::try_from(share).map_err(|error| DataFusionError::External(Box::new(error)))?;
        let column = Arc::new(UInt32Array::from(vec![share]));
        Ok(vec![RecordBatch::try_new(schema.clone(), vec![column])?])
    };
    let partitions = (0..shares).map(partition).collect::<Result<Vec<_>>>()?;
    Ok(DataSourceExec::from_data_source(MemorySourceConfig::try_new(
        &partitions,
        schema,
        None,
    )?))
}

/// What a scan does, in the hands of a member.
#[derive(Debug, Clone)]
pub(super) enum Work {
    /// Of a member with keys.
    Open(Arc<Reading>, Arc<Domain>),
    /// Of the scheduler, who passes it on.
    Sealed(Arc<[u8]>),
}

/// Reads the shares that its input numbers.
#[derive(Debug)]
pub(super) struct UnlockExec {
    input: Arc<dyn ExecutionPlan>,
    schema: SchemaRef,
    work: Work,
    properties: Arc<PlanProperties>,
}

impl UnlockExec {
    pub(super) fn new(input: Arc<dyn ExecutionPlan>, schema: SchemaRef, work: Work) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema.clone()),
            datafusion::physical_plan::Partitioning::UnknownPartitioning(input.output_partitioning().partition_count()),
            input.pipeline_behavior(),
            input.boundedness(),
        );
        Self {
            input,
            schema,
            work,
            properties: Arc::new(properties),
        }
    }

    pub(super) fn work(&self) -> &Work {
        &self.work
    }

    /// The node of the shares' numbers.
    pub(super) fn input(&self) -> &Arc<dyn ExecutionPlan> {
        &self.input
    }
}

impl DisplayAs for UnlockExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnlockExec")
    }
}

impl ExecutionPlan for UnlockExec {
    fn name(&self) -> &'static str {
        "UnlockExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        match children.pop() {
            Some(input) if children.is_empty() => {
                Ok(Arc::new(Self::new(input, self.schema.clone(), self.work.clone())))
            }
            _ => Err(DataFusionError::Internal(
                "a scan stands above the numbers of its shares".to_owned(),
            )),
        }
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let Work::Open(reading, domain) = &self.work else {
            return Err(DataFusionError::Execution(
                "a member without keys reads nothing".to_owned(),
            ));
        };
        let numbers = self.input.execute(partition, context)?;
        let rows = futures::stream::once(rows(reading.clone(), domain.clone(), numbers)).try_flatten();
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), rows)))
    }
}

async fn rows(
    reading: Arc<Reading>,
    domain: Arc<Domain>,
    numbers: SendableRecordBatchStream,
) -> Result<BoxStream<'static, Result<RecordBatch>>> {
    let numbers: Vec<RecordBatch> = numbers.try_collect().await?;
    let column = |batch: &RecordBatch| batch.column(0).as_primitive::<UInt32Type>().values().to_vec();
    let shares: Vec<u32> = numbers.iter().flat_map(column).collect();
    let asked = reading.clone();
    // The vault blocks while it asks the store and the key service.
    let unlock = tokio::task::spawn_blocking(move || unlock(&domain.vault.0, &asked));
    let unlocked = unlock
        .await
        .map_err(|error| DataFusionError::External(Box::new(error)))??;
    let of = reading.shares;
    let batches = futures::stream::iter(shares).flat_map(move |share| unlocked.share(share as usize, of));
    Ok(batches
        .map(move |batch| reading.let_pass(batch.map_err(vault_error)?))
        .boxed())
}

fn unlock(vault: &Vault, reading: &Reading) -> Result<Unlocked> {
    let stored = vault.version(&reading.version).map_err(vault_error)?;
    stored.unlock(&reading.columns).map_err(vault_error)
}

impl Reading {
    fn let_pass(&self, batch: RecordBatch) -> Result<RecordBatch> {
        match &self.passing {
            None => Ok(batch),
            Some(subjects) => passing(&batch, self.columns.len() - 1, subjects),
        }
    }
}
