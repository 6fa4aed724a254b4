//! One job of a cluster: submitted, followed, fetched, and cancelled as soon as nobody waits for it any longer.
//!
//! Ballista's own client forgets a job whose future is dropped, and executors run it to its end. Here a task of its own
//! follows the job, so that a caller who goes away at any moment leaves somebody behind who cancels it.

use ballista_core::client::BallistaClient;
use ballista_core::extension::SessionConfigExt;
use ballista_core::serde::protobuf::execute_query_params::Query;
use ballista_core::serde::protobuf::job_status::Status;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use ballista_core::serde::protobuf::{
    CancelJobParams, ExecuteQueryParams, GetJobStatusResult, KeyValuePair, PartitionLocation,
};
use ballista_core::utils::{GrpcClientConfig, create_grpc_client_endpoint};
use ballista_core::version::insert_version_header;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::prelude::SessionConfig;
use tokio::sync::oneshot;
use tonic::transport::Channel;
use tonic::{Request, Streaming};

use super::MESSAGE_BYTES_MAX;

/// Whom a job is given to, and how.
#[derive(Debug, Clone)]
pub(super) struct Submission {
    /// Address of the scheduler.
    pub(super) scheduler: String,
    pub(super) session: SessionConfig,
    pub(super) session_id: String,
    /// The encoded plan.
    pub(super) plan: Vec<u8>,
}

/// Where the results of a job are.
type Results = Vec<PartitionLocation>;

/// Runs a job; what it gives is where its results are. Dropped before, it is cancelled.
pub(super) async fn run(submission: Submission) -> Result<Results> {
    let (waiting, gone) = oneshot::channel();
    let (ended, end) = oneshot::channel();
    tokio::spawn(async move {
        let results = follow(submission, gone).await;
        // Where nobody waits, nobody is told.
        drop(ended.send(results));
    });
    let results = end.await;
    drop::<oneshot::Sender<()>>(waiting);
    results.map_err(|_| failed("the job was not followed"))?
}

/// Follows a job to its end, or until the other side of `gone` is dropped.
async fn follow(submission: Submission, gone: oneshot::Receiver<()>) -> Result<Results> {
    let mut job = Job::submit(submission).await?;
    tokio::select! {
        results = job.results() => results,
        _ = gone => {
            job.cancel().await;
            Err(failed("nobody waits for the job"))
        }
    }
}

/// A job that a scheduler has taken.
struct Job {
    scheduler: SchedulerGrpcClient<Channel>,
    statuses: Streaming<GetJobStatusResult>,
    /// Its name, known from its first status on.
    id: Option<String>,
}

impl Job {
    async fn submit(submission: Submission) -> Result<Self> {
        let mut scheduler = connected(&submission).await?;
        let options = submission.session.options().entries();
        let settings = options.into_iter().map(|entry| KeyValuePair {
            key: entry.key,
            value: entry.value,
        });
        let mut request = Request::new(ExecuteQueryParams {
            query: Some(Query::PhysicalPlan(submission.plan)),
            settings: settings.collect(),
            session_id: submission.session_id,
            operation_id: format!("{:032x}", rand::random::<u128>()),
        });
        insert_version_header(request.metadata_mut());
        let statuses = scheduler.execute_query_push(request).await.map_err(failed)?;
        Ok(Self {
            scheduler,
            statuses: statuses.into_inner(),
            id: None,
        })
    }

    /// The next thing that is known of it. Nothing is lost where this is dropped.
    async fn status(&mut self) -> Result<Option<Status>> {
        let told = self.statuses.message().await.map_err(failed)?;
        let told = told.ok_or_else(|| failed("the scheduler fell silent about the job"))?;
        let Some(status) = told.status else { return Ok(None) };
        if !status.job_id.is_empty() {
            self.id = Some(status.job_id);
        }
        Ok(status.status)
    }

    async fn results(&mut self) -> Result<Results> {
        loop {
            match self.status().await? {
                Some(Status::Successful(job)) => return Ok(job.partition_location),
                Some(Status::Failed(reason)) => {
                    let id = self.id.as_deref().unwrap_or_default();
                    return Err(failed(format!("Job {id} failed: {}", reason.error)));
                }
                Some(Status::Queued(_) | Status::Running(_)) | None => {}
            }
        }
    }

    async fn cancel(mut self) {
        while self.id.is_none() && self.status().await.is_ok() {}
        let Some(job_id) = self.id.take() else { return };
        tracing::info!(job = job_id, "a job is cancelled that nobody waits for");
        let cancelled = self.scheduler.cancel_job(CancelJobParams { job_id }).await;
        if let Err(error) = cancelled {
            tracing::warn!(%error, "the scheduler did not cancel a job");
        }
    }
}

async fn connected(submission: &Submission) -> Result<SchedulerGrpcClient<Channel>> {
    let config = GrpcClientConfig::from(&submission.session.ballista_config());
    let endpoint = create_grpc_client_endpoint(submission.scheduler.clone(), Some(&config)).map_err(failed)?;
    let endpoint = match submission.session.ballista_override_create_grpc_client_endpoint() {
        Some(ours) => ours.configure_endpoint(endpoint).map_err(failed)?,
        None => endpoint,
    };
    let channel = endpoint.connect().await.map_err(failed)?;
    Ok(SchedulerGrpcClient::new(channel)
        .max_encoding_message_size(MESSAGE_BYTES_MAX as usize)
        .max_decoding_message_size(MESSAGE_BYTES_MAX as usize))
}

/// The rows of a partition, from the executor that has it.
pub(super) async fn fetch(location: PartitionLocation, session: SessionConfig) -> Result<SendableRecordBatchStream> {
    let layout = location.layout();
    let (Some(executor), Some(partition)) = (location.executor_meta, location.partition_id) else {
        return Err(failed("a partition is nowhere"));
    };
    let port = u16::try_from(executor.port).map_err(failed)?;
    let config = GrpcClientConfig::from(&session.ballista_config());
    let client = BallistaClient::try_new(
        &executor.host,
        port,
        MESSAGE_BYTES_MAX as usize,
        session.ballista_use_tls(),
        session.ballista_override_create_grpc_client_endpoint(),
        config.io_retries_times,
        config.io_retry_wait_time_ms,
        0,
        0,
    );
    let mut client = client.await.map_err(failed)?;
    let partition = partition.into();
    let rows = client.fetch_partition(&executor.id, &partition, location.file_id, layout, true);
    rows.await.map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> DataFusionError {
    DataFusionError::Execution(error.to_string())
}
