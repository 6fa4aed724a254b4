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

use super::known::unknown;

/// Words of the error of a stage that passed its time.
pub(super) const TOO_LONG: &str = "the stage took longer than it may";

/// Ballista's engine, for known stages only.
pub(super) struct Stages {
    pub(super) ballista: DefaultExecutionEngine,
    pub(super) time: Duration,
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
        let stage = self
            .ballista
            .create_query_stage_exec(job, stage, task, partitions, plan, work_folder, config)?;
        Ok(Arc::new(Timed { stage, time: self.time }))
    }
}

/// A stage that ends in time: the server no longer waits for it.
#[derive(Debug)]
struct Timed {
    stage: Arc<dyn QueryStageExecutor>,
    time: Duration,
}

impl fmt::Display for Timed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stage.fmt(f)
    }
}

#[async_trait]
impl QueryStageExecutor for Timed {
    async fn execute_query_stage(&self, task: usize, context: Arc<TaskContext>) -> Result<Vec<ShuffleWritePartition>> {
        let run = self.stage.execute_query_stage(task, context);
        match tokio::time::timeout(self.time, run).await {
            Ok(written) => written,
            Err(_) => Err(DataFusionError::Execution(TOO_LONG.to_owned())),
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
