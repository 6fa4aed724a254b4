//! What an executor runs: stages of operators that it knows, within the time of a query.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ballista_core::JobId;
use ballista_core::serde::protobuf::{RuntimeStatsReport, ShuffleWritePartition, TaskColumnStats, WindowStateReport};
use ballista_executor::execution_engine::{DefaultExecutionEngine, ExecutionEngine, QueryStageExecutor};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::metrics::MetricsSet;
use datafusion::prelude::SessionConfig;

use super::abandoned::{Running, Task};
use super::known::unknown;
use crate::run::yielding;

/// Words of the error of a stage that passed its time.
pub(super) const TOO_LONG: &str = "the stage took longer than it may";

/// Words of the error of a task whose job is cancelled; nobody reads them.
const CANCELLED: &str = "the job was cancelled";

/// Ballista's engine, for known stages only.
pub(super) struct Stages {
    pub(super) ballista: DefaultExecutionEngine,
    pub(super) time: Duration,
    pub(super) running: Running,
}

impl ExecutionEngine for Stages {
    fn create_query_stage_exec(
        &self,
        job: JobId,
        stage: usize,
        task: usize,
        partitions: Vec<usize>,
        plan: Arc<dyn ExecutionPlan>,
        work_folder: &str,
        config: &SessionConfig,
    ) -> Result<Arc<dyn QueryStageExecutor>> {
        if let Some(name) = unknown(&plan)? {
            return Err(DataFusionError::Execution(format!("an executor does not run `{name}`")));
        }
        let plan = yielding(plan)?;
        let key = (job.to_string(), stage, task);
        let stage = self
            .ballista
            .create_query_stage_exec(job, stage, task, partitions, plan, work_folder, config)?;
        Ok(Arc::new(Bounded {
            stage,
            task: key,
            time: self.time,
            running: self.running.clone(),
        }))
    }
}

/// A task that ends in time, or when its job is cancelled: the server no longer waits for it.
#[derive(Debug)]
struct Bounded {
    stage: Arc<dyn QueryStageExecutor>,
    task: Task,
    time: Duration,
    running: Running,
}

impl fmt::Display for Bounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stage.fmt(f)
    }
}

#[async_trait]
impl QueryStageExecutor for Bounded {
    async fn execute_query_stage(&self, task: usize, context: Arc<TaskContext>) -> Result<Vec<ShuffleWritePartition>> {
        let run = self.stage.execute_query_stage(task, context);
        let run = tokio::time::timeout(self.time, run);
        match self.running.run(self.task.clone(), run).await {
            Some(Ok(written)) => written,
            Some(Err(_)) => Err(DataFusionError::Execution(TOO_LONG.to_owned())),
            None => Err(DataFusionError::Execution(CANCELLED.to_owned())),
        }
    }

    fn collect_plan_metrics(&self) -> Vec<MetricsSet> {
        self.stage.collect_plan_metrics()
    }

    fn collect_runtime_stats_reports(&self) -> Vec<RuntimeStatsReport> {
        self.stage.collect_runtime_stats_reports()
    }

    fn collect_window_state_reports(&self) -> Result<Vec<WindowStateReport>> {
        self.stage.collect_window_state_reports()
    }

    fn collect_column_stats(&self) -> Vec<TaskColumnStats> {
        self.stage.collect_column_stats()
    }
}
