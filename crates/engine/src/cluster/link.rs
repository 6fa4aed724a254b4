//! The server's link to a cluster: plans a call for it, and has parts run.

use std::sync::Arc;

use ballista_core::extension::{EndpointOverrideFn, SessionConfigExt};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, SessionState, SessionStateBuilder};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::prelude::SessionConfig;
use datafusion_proto::physical_plan::AsExecutionPlan;
use datafusion_proto::protobuf::physical_plan_node::PhysicalPlanType;
use datafusion_proto::protobuf::{CoalescePartitionsExecNode, PhysicalPlanNode};
use futures::executor::block_on;
use futures::{StreamExt, TryStreamExt};
use gongshu_vault::Vault;

use super::bind::bind;
use super::codec::Codec;
use super::cut::cut;
use super::job::{self, Submission};
use super::scan::{Domain, Opened};
use super::tls::endpoints;
use super::{ClusterError, ClusterTls, MESSAGE_BYTES_MAX, host_and_port};
use crate::run::{Cell, Gate};

/// A part as it crosses the wire.
pub(super) type Message = Arc<[u8]>;

/// Nodes that the scheduler may put around a part when it makes stages of it.
const NODES_OF_STAGES: usize = 4;

/// How a server reaches its cluster.
#[derive(Debug, Clone)]
pub struct ClusterSettings {
    /// Host and port of the scheduler.
    pub scheduler: String,
    /// Into how many partitions large tables and their groups are split; at least two.
    pub partitions: usize,
    /// How members know each other; without it, only on this machine.
    pub tls: Option<ClusterTls>,
}

/// A cluster as the server sees it.
#[derive(Debug)]
pub(crate) struct Link {
    scheduler: String,
    partitions: usize,
    domain: Arc<Domain>,
    codec: Codec,
    session: SessionConfig,
    /// One for the life of the server: the scheduler keeps what it knows of each.
    session_id: String,
}

impl Link {
    pub(crate) fn new(settings: &ClusterSettings, vault: Arc<Vault>) -> std::result::Result<Self, ClusterError> {
        let tls = settings.tls.as_ref();
        let (host, port) = host_and_port(&settings.scheduler, tls)?;
        let domain = domain(vault)?;
        let partitions = settings.partitions.max(2);
        Ok(Self {
            scheduler: format!("http://{host}:{port}"),
            partitions,
            codec: Codec::of_member(domain.clone()),
            domain,
            session: session(endpoints(tls)?).with_target_partitions(partitions),
            session_id: format!("gongshu-{:032x}", rand::random::<u128>()),
        })
    }

    pub(super) fn partitions(&self) -> usize {
        self.partitions
    }

    pub(super) fn domain(&self) -> &Arc<Domain> {
        &self.domain
    }

    /// The server's plan of one call, whose parts the cluster runs.
    pub(crate) fn plan(
        self: &Arc<Self>,
        plan: &LogicalPlan,
        gates: &[Gate],
        cell: &Arc<Cell>,
        state: &SessionState,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let optimized = state.optimize(&bind(plan, cell, gates, self)?)?;
        let plan = cut(optimized, &self.planning(state), self)?;
        block_on(state.query_planner().create_physical_plan(&plan, state))
    }

    /// A state that plans parts: always partitioned, and nothing learnt while it runs.
    fn planning(&self, state: &SessionState) -> SessionState {
        let config = state
            .config()
            .clone()
            .with_target_partitions(self.partitions)
            .with_round_robin_repartition(false)
            .set_bool("datafusion.optimizer.enable_dynamic_filter_pushdown", false)
            .set_bool("datafusion.optimizer.prefer_hash_join", true)
            .set_u64("datafusion.optimizer.hash_join_single_partition_threshold", 0)
            .set_u64("datafusion.optimizer.hash_join_single_partition_threshold_rows", 0);
        SessionStateBuilder::new_from_existing(state.clone())
            .with_config(config)
            .build()
    }

    /// The message that carries a part; none where it nests deeper than members read. It is called where there is room on
    /// the stack.
    pub(super) fn message(&self, part: Arc<dyn ExecutionPlan>) -> Result<Option<Message>> {
        let message = PhysicalPlanNode::try_from_physical_plan(part, &self.codec)?;
        let bytes = encoded(&message)?;
        let stage = (0..NODES_OF_STAGES).fold(message, |inner, _| around(inner));
        let read = PhysicalPlanNode::try_decode(&encoded(&stage)?);
        Ok(read.is_ok().then(|| bytes.into()))
    }

    /// Has the cluster run a part; nobody does where this is dropped.
    pub(super) async fn run(&self, schema: SchemaRef, message: Message) -> Result<SendableRecordBatchStream> {
        let results = job::run(Submission {
            scheduler: self.scheduler.clone(),
            session: self.session.clone(),
            session_id: self.session_id.clone(),
            plan: message.to_vec(),
        });
        let session = self.session.clone();
        let fetched = move |location| futures::stream::once(job::fetch(location, session.clone())).try_flatten();
        let rows = futures::stream::iter(results.await?.into_iter().map(fetched)).flatten();
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, rows)))
    }
}

fn encoded(message: &PhysicalPlanNode) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    message.try_encode(&mut bytes)?;
    Ok(bytes)
}

/// A node with another around it.
fn around(inner: PhysicalPlanNode) -> PhysicalPlanNode {
    let around = CoalescePartitionsExecNode {
        input: Some(Box::new(inner)),
        fetch: None,
    };
    PhysicalPlanNode {
        physical_plan_type: Some(PhysicalPlanType::Merge(Box::new(around))),
    }
}

/// What a member with keys has of the vault.
pub(super) fn domain(vault: Arc<Vault>) -> std::result::Result<Arc<Domain>, ClusterError> {
    let seal = vault.domain_seal(&mut rand::rng())?;
    Ok(Arc::new(Domain {
        vault: Opened(vault),
        seal,
    }))
}

/// How members run stages. The plan is run as it was checked and cut: the scheduler changes no join.
pub(super) fn session(endpoints: EndpointOverrideFn) -> SessionConfig {
    SessionConfig::new_with_ballista()
        .with_ballista_adaptive_query_planner(false)
        .with_ballista_broadcast_join_threshold_bytes(0)
        .with_ballista_broadcast_join_threshold_rows(0)
        .with_ballista_grpc_client_max_message_size(MESSAGE_BYTES_MAX as usize)
        .with_ballista_override_create_grpc_client_endpoint(endpoints)
}
