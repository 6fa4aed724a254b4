//! Prepared plans: physical plans made once, handed out one call at a time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use datafusion::arrow::array::RecordBatch;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::{SessionState, TaskContext};
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::scalar::ScalarValue;
use futures::StreamExt;
use futures::executor::block_on;
use gongshu_governance::Text;
use gongshu_vault::VaultError;
use jiff::civil::Date;

use super::bind::bind;
use super::cell::Cell;
use super::quota::Quota;
use super::room::yielding;
use crate::access::Consenting;
use crate::answer::Answer;
use crate::cluster::{Failure, Link};
use crate::engine::{CheckedPlan, Limits};
use crate::model::ModelError;
use crate::param::{Param, date_scalar};
use crate::rows::vault_error;
use crate::shape;

/// A checked plan that is ready to run. Safe to share: each call takes an instance of its own.
pub struct Prepared {
    checked: CheckedPlan,
    state: SessionState,
    limits: Limits,
    idle: Mutex<Vec<Instance>>,
    cluster: Option<Arc<Link>>,
}

/// One physical plan and the cell that its functions read.
struct Instance {
    plan: Arc<dyn ExecutionPlan>,
    cell: Arc<Cell>,
    context: Arc<TaskContext>,
}

/// Why a call could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// It took too long.
    #[error("the query took longer than {0:?}")]
    Time(Duration),
    /// The answer has too many rows.
    #[error("the answer has more than {0} rows")]
    Rows(usize),
    /// The answer is too large.
    #[error("the answer has more than {0} bytes")]
    Bytes(usize),
    /// It needs too much memory.
    #[error("the query needs more memory than it may use")]
    Memory,
    /// A model that it calls passed a limit or failed.
    #[error(transparent)]
    Model(ModelError),
    /// The cluster was not there, or lost results on the way.
    #[error("the cluster that computes queries did not answer")]
    Cluster(#[source] DataFusionError),
    /// The vault could not read the data: its storage, or its keys.
    #[error("the storage of the data could not be read")]
    Storage(#[source] DataFusionError),
    /// The cluster was asked, and time ran out: nobody there took the work, or it is too much.
    #[error("the cluster that computes queries gave no result within {0:?}")]
    ClusterTime(Duration),
    /// It failed. The engine's own words stay inside: they could quote a value.
    #[error("the query failed inside the security domain")]
    Failed(#[source] DataFusionError),
}

impl From<VaultError> for ExecuteError {
    fn from(error: VaultError) -> Self {
        Self::Storage(vault_error(error))
    }
}

impl ExecuteError {
    /// Whether the same query may be answered in a while, as it is.
    #[must_use]
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Cluster(_) | Self::ClusterTime(_) | Self::Storage(_))
    }

    /// What happened and what to do, for people.
    #[must_use]
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::Time(limit) => format!("查询超过 {} 秒未完成，请缩小范围", limit.as_secs()),
            Self::Rows(rows) => format!("结果超过 {rows} 行，请缩小范围"),
            Self::Bytes(bytes) => format!("结果超过 {bytes} 字节，请缩小范围"),
            Self::Memory => "查询所需内存超过上限，请缩小范围".to_owned(),
            Self::Model(error) => return error.text(),
            Self::Cluster(_) => {
                return Text::new(
                    "计算集群未能应答，请稍后重试或联系运营机构",
                    format!("{self}; try again in a moment, or ask the operator"),
                );
            }
            Self::Storage(_) => {
                return Text::new(
                    "数据存储暂时无法读取，请稍后重试或联系运营机构",
                    format!("{self}; try again in a moment, or ask the operator"),
                );
            }
            Self::ClusterTime(limit) => {
                return Text::new(
                    format!(
                        "计算集群在 {} 秒内未给出结果：可能没有可用的执行节点，也可能查询范围过大；请稍后重试，仍不行请缩小范围或联系运营机构",
                        limit.as_secs()
                    ),
                    format!(
                        "{self}: none of its executors may be there, or the query is too much; try again in a moment, then narrow the query or ask the operator"
                    ),
                );
            }
            Self::Failed(_) => "查询在安全域内执行失败，请检查参数或联系运营机构".to_owned(),
        };
        Text::new(zh, format!("{self}; narrow the query or ask the operator"))
    }
}

impl Prepared {
    pub(crate) fn new(checked: CheckedPlan, state: SessionState, limits: Limits) -> Result<Self> {
        let prepared = Self {
            checked,
            state,
            limits,
            idle: Mutex::new(Vec::new()),
            cluster: None,
        };
        let first = prepared.instance()?;
        prepared.put_back(first);
        Ok(prepared)
    }

    /// One whose raw rows a cluster reads. It is planned for each call, since the call's parameters travel in the plan.
    pub(crate) fn on_cluster(checked: CheckedPlan, state: SessionState, limits: Limits, link: Arc<Link>) -> Self {
        Self {
            checked,
            state,
            limits,
            idle: Mutex::default(),
            cluster: Some(link),
        }
    }

    /// The plan it runs.
    #[must_use]
    pub fn checked(&self) -> &CheckedPlan {
        &self.checked
    }

    /// Computes an answer for these parameters on the day `today` of the call.
    ///
    /// # Errors
    /// When a limit of time, memory or output is passed, or the plan fails on the data.
    pub async fn execute(&self, params: &[Param], today: Date) -> std::result::Result<Answer, ExecuteError> {
        self.execute_for(params, today, Consenting::new()).await
    }

    /// As [`Self::execute`], where set queries see the rows of these subjects. A table that is not named shows none.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub async fn execute_for(
        &self,
        params: &[Param],
        today: Date,
        consenting: Consenting,
    ) -> std::result::Result<Answer, ExecuteError> {
        let mut values: Vec<_> = params.iter().map(Param::scalar).collect();
        values.push(date_scalar(today));
        let instance = self.instance_for(values, consenting);
        let instance = instance.map_err(|error| failed(error, &self.limits))?;
        let batches = self
            .timed(instance.plan.clone(), &instance.context, &self.limits)
            .await?;
        let suppressed = self.checked.tells().then(|| instance.cell.suppressed());
        let answer = Answer::new(instance.plan.schema(), batches, suppressed, instance.cell.measured());
        if self.cluster.is_none() {
            let plan = reset_plan_states(instance.plan).map_err(ExecuteError::Failed)?;
            self.put_back(Instance {
                plan,
                cell: instance.cell,
                context: instance.context,
            });
        }
        Ok(answer)
    }

    /// The rows themselves, for what computes with them in here. Nothing of them is an answer.
    pub(crate) async fn rows(
        &self,
        today: Date,
        rows_max: usize,
    ) -> std::result::Result<Vec<RecordBatch>, ExecuteError> {
        let instance = self.instance_for(vec![date_scalar(today)], Consenting::new());
        let instance = instance.map_err(|error| failed(error, &self.limits))?;
        let limits = Limits {
            rows: rows_max,
            bytes: self.limits.memory_bytes,
            ..self.limits.clone()
        };
        self.timed(instance.plan, &instance.context, &limits).await
    }

    async fn timed(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        context: &Arc<TaskContext>,
        limits: &Limits,
    ) -> std::result::Result<Vec<RecordBatch>, ExecuteError> {
        match tokio::time::timeout(limits.time, collect(plan, context, limits)).await {
            Ok(batches) => batches,
            Err(_) if self.cluster.is_some() => Err(ExecuteError::ClusterTime(limits.time)),
            Err(_) => Err(ExecuteError::Time(limits.time)),
        }
    }

    /// An instance for a call with these values.
    fn instance_for(&self, values: Vec<ScalarValue>, consenting: Consenting) -> Result<Instance> {
        if let Some(link) = &self.cluster {
            let cell = Arc::new(Cell::default());
            cell.fill(values, Arc::new(consenting));
            let gates = self.checked.gates();
            let plan = shape::with_room(|| link.plan(self.checked.plan(), gates, &cell, &self.state))??;
            let context = self.context()?;
            return Ok(Instance {
                plan: yielding(plan)?,
                cell,
                context,
            });
        }
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let instance = match idle {
            Some(instance) => instance,
            None => self.instance()?,
        };
        instance.cell.fill(values, Arc::new(consenting));
        Ok(instance)
    }

    fn instance(&self) -> Result<Instance> {
        let cell = Arc::new(Cell::default());
        let planned = shape::with_room(|| {
            let plan = bind(self.checked.plan(), &cell, self.checked.gates())?;
            block_on(self.state.create_physical_plan(&plan))
        });
        let plan = yielding(planned??)?;
        let context = self.context()?;
        Ok(Instance { plan, cell, context })
    }

    /// A context with memory of its own for one call at a time.
    fn context(&self) -> Result<Arc<TaskContext>> {
        let shared = self.state.runtime_env();
        let quota = Quota::new(shared.memory_pool.clone(), self.limits.memory_bytes);
        let runtime = RuntimeEnvBuilder::from_runtime_env(shared).with_memory_pool(Arc::new(quota));
        let context = TaskContext::from(&self.state);
        Ok(Arc::new(context.with_runtime(runtime.build_arc()?)))
    }

    fn put_back(&self, instance: Instance) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(instance);
    }
}

async fn collect(
    plan: Arc<dyn ExecutionPlan>,
    context: &Arc<TaskContext>,
    limits: &Limits,
) -> std::result::Result<Vec<RecordBatch>, ExecuteError> {
    let single = plan.properties().output_partitioning().partition_count() == 1;
    let mut stream = match single {
        true => plan.execute(0, context.clone()),
        false => execute_stream(plan, context.clone()),
    }
    .map_err(|error| failed(error, limits))?;
    let (mut batches, mut rows, mut bytes) = (Vec::new(), 0, 0);
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(|error| failed(error, limits))?;
        rows += batch.num_rows();
        bytes += batch.get_array_memory_size().min(batch.num_rows() * 1_024);
        if rows > limits.rows {
            return Err(ExecuteError::Rows(limits.rows));
        }
        if bytes > limits.bytes {
            return Err(ExecuteError::Bytes(limits.bytes));
        }
        batches.push(batch);
    }
    Ok(batches)
}

fn failed(error: DataFusionError, limits: &Limits) -> ExecuteError {
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => ExecuteError::Memory,
        DataFusionError::External(cause) => match cause.downcast_ref::<ModelError>() {
            Some(model) => ExecuteError::Model(model.clone()),
            None => match cause.downcast_ref::<Failure>() {
                Some(Failure::Lost(_)) => ExecuteError::Cluster(error),
                Some(Failure::Memory(_)) => ExecuteError::Memory,
                Some(Failure::Time(_)) => ExecuteError::Time(limits.time),
                None if cause.is::<VaultError>() => ExecuteError::Storage(error),
                Some(Failure::Failed(_)) | None => ExecuteError::Failed(error),
            },
        },
        _ => ExecuteError::Failed(error),
    }
}
