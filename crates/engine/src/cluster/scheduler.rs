//! The scheduler of a cluster: Ballista's, which passes stages to executors. It has no key of the data.

use std::net::SocketAddr;
use std::sync::Arc;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::serde::protobuf::scheduler_grpc_server::SchedulerGrpcServer;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::create_scheduler;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tokio::net::TcpListener;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use super::codec::Codec;
use super::link::session;
use super::threads::Threads;
use super::tls::{endpoints, server};
use super::{ClusterError, ClusterTls, MESSAGE_BYTES_MAX, host_and_port};

/// How long an executor may be silent before its work is given to another.
const SILENCE_SECONDS_MAX: u64 = 15;
const LOOKS_EVERY_SECONDS: u64 = 3;
/// How long results wait for the server that asked for them.
const RESULTS_KEPT_SECONDS: u64 = 60;

/// Schedules on this listener until the process ends.
///
/// # Errors
/// When its TLS files cannot be used, or it would serve other machines without TLS.
pub async fn schedule(listener: TcpListener, tls: Option<&ClusterTls>) -> Result<(), ClusterError> {
    let address = listener.local_addr().map_err(stopped)?;
    host_and_port(&address.to_string(), tls)?;
    let (config, server) = (configuration(address, tls)?, server(tls)?);
    let listener = listener.into_std().map_err(stopped)?;
    Threads::start()
        .map_err(stopped)?
        .run(scheduling(listener, config, server))
        .await
}

async fn scheduling(
    listener: std::net::TcpListener,
    config: SchedulerConfig,
    mut server: Server,
) -> Result<(), ClusterError> {
    let listener = TcpListener::from_std(listener).map_err(stopped)?;
    let cluster = BallistaCluster::new_from_config(&config).await.map_err(stopped)?;
    let scheduler = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config)).await;
    let service = SchedulerGrpcServer::new(scheduler.map_err(stopped)?)
        .max_decoding_message_size(MESSAGE_BYTES_MAX as usize)
        .max_encoding_message_size(MESSAGE_BYTES_MAX as usize);
    let serving = server.add_service(service);
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    serving.serve_with_incoming(incoming).await.map_err(stopped)
}

fn configuration(address: SocketAddr, tls: Option<&ClusterTls>) -> Result<SchedulerConfig, ClusterError> {
    let endpoints = endpoints(tls)?;
    let sessions = endpoints.clone();
    Ok(SchedulerConfig {
        bind_host: address.ip().to_string(),
        bind_port: address.port(),
        external_host: address.ip().to_string(),
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        executor_timeout_seconds: SILENCE_SECONDS_MAX,
        expire_dead_executor_interval_seconds: LOOKS_EVERY_SECONDS,
        no_executors_grace_period_seconds: SILENCE_SECONDS_MAX,
        finished_job_data_clean_up_interval_seconds: RESULTS_KEPT_SECONDS,
        finished_job_state_clean_up_interval_seconds: 2 * RESULTS_KEPT_SECONDS,
        grpc_server_max_decoding_message_size: MESSAGE_BYTES_MAX,
        grpc_server_max_encoding_message_size: MESSAGE_BYTES_MAX,
        grpc_client_max_message_size: MESSAGE_BYTES_MAX,
        override_config_producer: Some(Arc::new(move || session(sessions.clone()))),
        override_physical_codec: Some(Arc::new(Codec::of_relay())),
        override_create_grpc_client_endpoint: Some(endpoints),
        ..SchedulerConfig::default()
    })
}

fn stopped(error: impl std::fmt::Display) -> ClusterError {
    ClusterError::Stopped(error.to_string())
}
