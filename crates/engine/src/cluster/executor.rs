//! An executor of a cluster: Ballista's, with the vault's keys, stages of known operators, and no disk.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arrow_flight::flight_service_server::FlightServiceServer;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::error::BallistaError;
use ballista_core::serde::protobuf::executor_grpc_server::ExecutorGrpcServer;
use ballista_executor::ArrowFlightServerProvider;
use ballista_executor::execution_engine::DefaultExecutionEngine;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_executor::flight_service::BallistaFlightService;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use gongshu_vault::Vault;

use super::abandoned::Running;
use super::codec::Codec;
use super::link::{domain, session};
use super::stage::Stages;
use super::threads::Threads;
use super::tls::{endpoints, server};
use super::work::WorkFolder;
use super::{ClusterError, ClusterTls, MESSAGE_BYTES_MAX, host_and_port};

/// How long results of a job stay that nobody has tidied up.
const RESULTS_KEPT_SECONDS: u64 = 300;
const TIDIES_EVERY_SECONDS: u64 = 60;

/// What an executor is.
pub struct Executor {
    /// Where others fetch results from.
    pub listen: SocketAddr,
    /// Host and port of the scheduler.
    pub scheduler: String,
    /// How members know each other.
    pub tls: Option<ClusterTls>,
    /// The vault it reads.
    pub vault: Arc<Vault>,
    /// How many tasks it runs at a time.
    pub tasks: usize,
    /// Memory of all tasks together, in bytes, beside what intermediate results take.
    pub memory_bytes: u64,
    /// Longest run of a stage.
    pub time: Duration,
}

/// Executes until the process is told to end. Intermediate results are in `work_folder`, which is in memory.
///
/// # Errors
/// When the work folder is on a disk, the TLS files or the vault cannot be used, or the member would serve other
/// machines without TLS.
pub async fn execute(executor: &Executor, work_folder: &Path) -> Result<(), ClusterError> {
    let tls = executor.tls.as_ref();
    let (host, port) = host_and_port(&executor.scheduler, tls)?;
    host_and_port(&executor.listen.to_string(), tls)?;
    let work = WorkFolder::take(work_folder)?;
    let domain = domain(executor.vault.clone())?;
    let endpoints = endpoints(tls)?;
    let sessions = endpoints.clone();
    // Told at the start: Ballista would tell it when the first stage is fetched.
    server(tls)?;
    let running = Running::default();
    let stages = Stages {
        ballista: DefaultExecutionEngine::new(),
        time: executor.time,
        running: running.clone(),
    };
    let config = ExecutorProcessConfig {
        bind_host: executor.listen.ip().to_string(),
        external_host: Some(executor.listen.ip().to_string()),
        port: executor.listen.port(),
        // The scheduler tells there what is cancelled.
        grpc_port: executor.listen.port(),
        scheduler_host: host,
        scheduler_port: port,
        scheduler_connect_timeout_seconds: 30,
        vcores: executor.tasks.max(1),
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(work.path().display().to_string()),
        job_data_ttl_seconds: RESULTS_KEPT_SECONDS,
        job_data_clean_up_interval_seconds: TIDIES_EVERY_SECONDS,
        grpc_max_decoding_message_size: MESSAGE_BYTES_MAX,
        grpc_max_encoding_message_size: MESSAGE_BYTES_MAX,
        memory_pool_size: Some(executor.memory_bytes),
        override_execution_engine: Some(Arc::new(stages)),
        override_runtime_producer: Some(Arc::new(|_| {
            let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
            RuntimeEnvBuilder::new().with_disk_manager_builder(disk).build_arc()
        })),
        override_config_producer: Some(Arc::new(move || session(sessions.clone()))),
        override_physical_codec: Some(Arc::new(Codec::of_member(domain))),
        override_arrow_flight_service: Some(services(executor.tls.clone(), running)),
        override_create_grpc_client_endpoint: Some(endpoints),
        ..ExecutorProcessConfig::default()
    };
    let threads = Threads::start().map_err(|error| ClusterError::Stopped(error.to_string()))?;
    let executing = async move {
        let ended = start_executor_process(Arc::new(config)).await;
        ended.map_err(|error| ClusterError::Stopped(error.to_string()))
    };
    threads.run(executing).await
}

/// Serves results to members, and hears from the scheduler which tasks nobody waits for.
fn services(tls: Option<ClusterTls>, running: Running) -> Arc<ArrowFlightServerProvider> {
    Arc::new(move |work_folder, address, mut shutdown, _| {
        let (tls, running) = (tls.clone(), running.clone());
        tokio::spawn(async move {
            let service = FlightServiceServer::new(BallistaFlightService::new(work_folder))
                .max_decoding_message_size(MESSAGE_BYTES_MAX as usize)
                .max_encoding_message_size(MESSAGE_BYTES_MAX as usize);
            let mut server = server(tls.as_ref()).map_err(|error| BallistaError::General(error.to_string()))?;
            let serving = server
                .add_service(service)
                .add_service(ExecutorGrpcServer::new(running))
                .serve_with_shutdown(address, shutdown.recv());
            serving.await.map_err(BallistaError::TonicError)
        })
    })
}
