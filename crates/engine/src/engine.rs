//! The engine: checks queries, prepares what has passed.

use std::sync::Arc;
use std::time::Duration;

use datafusion::catalog::{
    CatalogProvider, CatalogProviderList, MemoryCatalogProvider, MemoryCatalogProviderList, MemorySchemaProvider,
};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::optimizer::decorrelate_predicate_subquery::DecorrelatePredicateSubquery;
use datafusion::optimizer::scalar_subquery_to_join::ScalarSubqueryToJoin;
use datafusion::optimizer::{Optimizer, OptimizerContext};
use datafusion::prelude::{SessionConfig, SessionContext};
use gongshu_governance::model::ModelFormat;
use gongshu_governance::resource::{Field, FieldType};
use gongshu_vault::{Vault, VaultError};

use crate::access::Access;
use crate::cluster::{ClusterError, ClusterSettings, Link};
use crate::control::Planner;
use crate::flow::{self, Derivation, FlowRefusal};
use crate::functions;
use crate::model::{self, ModelError, ModelLimits, Runner};
use crate::names::Names;
use crate::param::arrow_type;
use crate::propose;
use crate::run::{Gate, Prepared};
use crate::shape::{Query, Room};
use crate::table::{HELD_VERSION_BYTES_MAX, Table};

/// Most characters of a query, unless configured otherwise.
pub const SQL_CHARACTERS_MAX: usize = 65_536;

/// Most queries that are checked at a time, unless configured otherwise.
const CHECKS_AT_ONCE_MAX: usize = 16;

/// How the engine runs. Every limit is named here.
#[derive(Debug, Clone)]
pub struct Config {
    /// Memory for all queries together, in bytes. Nothing is spilled to disk.
    pub memory_bytes: usize,
    /// Threads of one large query.
    pub threads: usize,
    /// Most queries that are checked at a time; more of them wait.
    pub checks_at_once: usize,
    /// Largest encrypted file of a version whose columns are kept in memory; larger ones are read anew by each query.
    pub held_version_bytes_max: u64,
    /// Limits of one query.
    pub limits: Limits,
    /// Limits of one model.
    pub models: ModelLimits,
}

/// Limits of one query.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Longest run.
    pub time: Duration,
    /// Most rows of an answer.
    pub rows: usize,
    /// Most bytes of an answer.
    pub bytes: usize,
    /// Most memory while it runs, in bytes.
    pub memory_bytes: usize,
    /// Most characters of its text.
    pub sql_characters: usize,
    /// Most operators and keywords of its text.
    pub sql_operators: usize,
    /// Most levels of brackets in its text.
    pub sql_nesting: usize,
}

impl Default for Config {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let limits = Limits {
            time: Duration::from_secs(30),
            rows: 100_000,
            bytes: 64 << 20,
            memory_bytes: 1 << 30,
            sql_characters: SQL_CHARACTERS_MAX,
            sql_operators: 512,
            sql_nesting: 32,
        };
        Self {
            memory_bytes: 4 << 30,
            threads,
            checks_at_once: CHECKS_AT_ONCE_MAX,
            held_version_bytes_max: HELD_VERSION_BYTES_MAX,
            limits,
            models: ModelLimits::default(),
        }
    }
}

/// Checks and prepares queries. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) config: Config,
    base: Arc<SessionState>,
    /// The rules that turn correlated subqueries into joins, and how they run.
    decorrelating: Arc<(Optimizer, OptimizerContext)>,
    models: model::Shared,
    room: Arc<Room>,
    cluster: Option<Arc<Link>>,
}

/// A plan that has passed the information-flow check. There is no other way to make one, and only
/// a checked plan can be prepared.
#[derive(Debug, Clone)]
pub struct CheckedPlan {
    plan: LogicalPlan,
    derivation: Derivation,
    gates: Vec<Gate>,
    large: bool,
    tells: bool,
}

impl CheckedPlan {
    /// Why it may run.
    #[must_use]
    pub fn derivation(&self) -> &Derivation {
        &self.derivation
    }

    /// The plan of a training, whose rows stay inside.
    pub(crate) fn of_training(plan: LogicalPlan, derivation: Derivation, large: bool) -> Self {
        Self {
            plan,
            derivation,
            gates: Vec::new(),
            large,
            tells: false,
        }
    }

    pub(crate) fn plan(&self) -> &LogicalPlan {
        &self.plan
    }

    pub(crate) fn tells(&self) -> bool {
        self.tells
    }

    pub(crate) fn gates(&self) -> &[Gate] {
        &self.gates
    }
}

impl Engine {
    /// An engine with these limits.
    ///
    /// # Errors
    /// When the runtime cannot be set up.
    pub fn new(config: Config) -> Result<Self> {
        let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
        let pool = Arc::new(GreedyMemoryPool::new(config.memory_bytes));
        let runtime = RuntimeEnvBuilder::new()
            .with_disk_manager_builder(disk)
            .with_memory_pool(pool)
            .build_arc()?;
        let models = Runner::new(config.models.clone()).map_err(|error| DataFusionError::External(Box::new(error)))?;
        let room = Room::new(config.checks_at_once).map_err(|error| DataFusionError::External(Box::new(error)))?;
        Ok(Self {
            config,
            base: Arc::new(base(runtime)),
            decorrelating: Arc::new(decorrelating()),
            models: Arc::new(models),
            room: Arc::new(room),
            cluster: None,
        })
    }

    /// The same engine, whose plans a cluster helps to run. The check, the controls and the limits stay here.
    ///
    /// # Errors
    /// When the cluster's settings or the vault cannot be used.
    pub fn on_cluster(self, settings: &ClusterSettings, vault: Arc<Vault>) -> std::result::Result<Self, ClusterError> {
        let cluster = Some(Arc::new(Link::new(settings, vault)?));
        Ok(Self { cluster, ..self })
    }

    /// The table of a version in the vault, within the limits.
    ///
    /// # Errors
    /// As [`Table::from_vault`].
    pub fn table(
        &self,
        name: &str,
        version: &str,
        fields: Vec<Field>,
        subject: Option<String>,
        vault: &Vault,
    ) -> std::result::Result<Table, VaultError> {
        Table::from_vault(
            name,
            version,
            fields,
            subject,
            vault,
            self.config.held_version_bytes_max,
        )
    }

    /// A session that knows the domain's functions and no tables.
    #[cfg(test)]
    pub(crate) fn session(&self, threads: usize) -> SessionContext {
        SessionContext::new_with_state(self.state(threads, Learning::Off))
    }

    /// A copy of the base, which is costly to make; tables are registered in a catalog of its own.
    fn state(&self, threads: usize, learning: Learning) -> SessionState {
        let mut state = (*self.base).clone();
        let options = state.config_mut().options_mut();
        options.execution.target_partitions = threads;
        options.optimizer.enable_dynamic_filter_pushdown = learning == Learning::On;
        let names = options.catalog.clone();
        state.register_catalog_list(catalogs(&names.default_catalog, &names.default_schema));
        state
    }

    /// Checks a query against the release rules of what it reads.
    ///
    /// # Errors
    /// Refuses a query that does not parse, reads what is not granted, or whose flows break a
    /// release rule; the refusal names rule, column, place and a rewrite that would pass.
    pub async fn check(
        &self,
        sql: &str,
        access: &Access,
        tables: Vec<Table>,
        parameters: &[FieldType],
    ) -> std::result::Result<CheckedPlan, FlowRefusal> {
        let tables = access.tighten(tables)?;
        let mut refusal = match self.checked(sql, access, &tables, parameters) {
            Ok(checked) => return Ok(checked),
            Err(refusal) => refusal,
        };
        refusal.proposal = self.proposal(sql, access, &tables, parameters);
        Err(refusal)
    }

    /// The first rewrite of a refused query that is not refused itself.
    fn proposal(&self, sql: &str, access: &Access, tables: &[Table], parameters: &[FieldType]) -> Option<String> {
        let query = self.read(sql).ok()?;
        let candidates = self
            .room
            .run(query.operators(), || propose::candidates(sql, access, tables))?;
        let passes = |candidate: &String| self.checked(candidate, access, tables, parameters).is_ok();
        candidates.into_iter().find(passes)
    }

    fn checked(
        &self,
        sql: &str,
        access: &Access,
        tables: &[Table],
        parameters: &[FieldType],
    ) -> std::result::Result<CheckedPlan, FlowRefusal> {
        let checked = self.with_room(self.read(sql)?, |query| {
            let plan = self.plan(query, access, tables, parameters)?;
            let checked = flow::check(&plan, access, tables)?;
            if checked.correlated {
                self.decorrelates(&checked.plan)?;
            }
            Ok(checked)
        })?;
        let gates = tables
            .iter()
            .filter_map(|table| Gate::of(table, access.subject.as_ref(), &checked.consenting))
            .collect();
        let large = tables.iter().any(Table::is_large);
        Ok(CheckedPlan {
            plan: checked.plan,
            derivation: checked.derivation,
            gates,
            large,
            tells: checked.tells,
        })
    }

    /// A query whose text is within its limits.
    pub(crate) fn read<'a>(&self, sql: &'a str) -> std::result::Result<Query<'a>, FlowRefusal> {
        Query::read(sql, &self.config.limits)
    }

    /// The check of a query, which goes down recursively, where there is room for it.
    pub(crate) fn with_room<T: Send>(
        &self,
        query: Query<'_>,
        check: impl FnOnce(Query<'_>) -> std::result::Result<T, FlowRefusal> + Send,
    ) -> std::result::Result<T, FlowRefusal> {
        let too_complex = || Err(FlowRefusal::too_complex(self.config.limits.sql_operators));
        let checked = self.room.run(query.operators(), || check(query));
        checked.unwrap_or_else(too_complex)
    }

    /// Whether a file can be run as a model of so many columns: a module imports nothing, exports what it must and starts
    /// within its limits; a network has only operators that keep rows apart, and costs no more than it may.
    ///
    /// # Errors
    /// Names what it asks for or lacks, or the limit that it passes.
    pub fn check_model(&self, format: ModelFormat, code: &[u8], columns: usize) -> std::result::Result<(), ModelError> {
        self.models.check(format, code, columns)
    }

    /// What a query may name.
    fn names<'a>(&'a self, access: &'a Access, tables: &'a [Table]) -> Names<'a> {
        let mut names = Names::new(&self.base, access, tables, self.config.threads);
        for model in access.models.values() {
            let table = tables.iter().find(|table| table.name() == model.table);
            let named = model.function.starts_with(model::FUNCTION_PREFIX);
            let function = table
                .filter(|_| named)
                .and_then(|table| model::function(model, table, &self.models));
            function.into_iter().for_each(|function| names.add_model(function));
        }
        names
    }

    /// The analyzed plan of a query, before the check.
    pub(crate) fn plan(
        &self,
        query: Query<'_>,
        access: &Access,
        tables: &[Table],
        parameters: &[FieldType],
    ) -> std::result::Result<LogicalPlan, FlowRefusal> {
        let sql = query.sql();
        let plan = || {
            let planned = self.names(access, tables).plan(query)?;
            let types: Vec<_> = parameters.iter().map(|parameter| arrow_type(*parameter)).collect();
            let typed = flow::type_placeholders(planned, &types)?;
            let analyzer = self.base.analyzer();
            analyzer.execute_and_check(typed, self.base.config_options(), |_, _| {})
        };
        plan().map_err(|error| FlowRefusal::planning(sql, &error))
    }

    /// Correlated subqueries become joins, or nothing can run them. Two rules of the optimizer do nearly all of it, node
    /// by node; what they leave, the whole of it may still do.
    fn decorrelates(&self, plan: &LogicalPlan) -> std::result::Result<(), FlowRefusal> {
        let (rules, context) = &*self.decorrelating;
        let joins = |part: LogicalPlan| {
            let joined = rules.optimize(part, context, |_, _| {});
            joined.is_ok_and(|joined| !flow::is_correlated(&joined))
        };
        let parts = flow::correlated_parts(plan).unwrap_or_default();
        if !parts.is_empty() && parts.into_iter().all(joins) {
            return Ok(());
        }
        match self.base.optimize(plan) {
            Ok(optimized) if !flow::is_correlated(&optimized) => Ok(()),
            Ok(_) | Err(_) => Err(FlowRefusal::correlated()),
        }
    }

    /// Makes a checked plan ready to run.
    ///
    /// # Errors
    /// When no physical plan can be made of it.
    pub async fn prepare(&self, checked: CheckedPlan) -> Result<Prepared, DataFusionError> {
        let limits = self.config.limits.clone();
        if let Some(link) = &self.cluster {
            let state = self.state(1, Learning::Off);
            return Ok(Prepared::on_cluster(checked, state, limits, link.clone()));
        }
        let threads = if checked.large && checked.gates.is_empty() {
            self.config.threads
        } else {
            1
        };
        let learning = if checked.gates.is_empty() && repeats(&checked.plan)? {
            Learning::On
        } else {
            Learning::Off
        };
        let state = self.state(threads, learning);
        Prepared::new(checked, state, limits)
    }
}

/// Whether operators may pass down filters that they learn from the data while they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Learning {
    On,
    Off,
}

/// Whether every call of a plan reads the same rows and computes the same of them. An instance is executed many times,
/// and what it learnt in one call stays for the next: so nothing may change between calls, neither a parameter nor the
/// day nor the noise of a release.
fn repeats(plan: &LogicalPlan) -> Result<bool> {
    let mut changes = false;
    plan.apply_with_subqueries(|node| {
        changes |= matches!(node, LogicalPlan::Extension(_));
        node.apply_expressions(|expression| {
            expression.apply(|part| {
                changes |= part.is_volatile_node() || matches!(part, Expr::Placeholder(_));
                Ok(TreeNodeRecursion::Continue)
            })
        })?;
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(!changes)
}

/// Both rules in one pass, after which nearly nothing is left for another.
fn decorrelating() -> (Optimizer, OptimizerContext) {
    let rules = Optimizer::with_rules(vec![
        Arc::new(DecorrelatePredicateSubquery::new()),
        Arc::new(ScalarSubqueryToJoin::new()),
    ]);
    let context = OptimizerContext::new_with_config_options(Arc::default());
    (rules, context.without_query_execution_start_time().with_max_passes(1))
}

/// A list of one catalog of one schema without tables.
fn catalogs(catalog: &str, schema: &str) -> Arc<dyn CatalogProviderList> {
    let (list, one) = (MemoryCatalogProviderList::new(), MemoryCatalogProvider::new());
    // Nothing of that name is there before, and a catalog in memory takes any schema.
    drop(one.register_schema(schema, Arc::new(MemorySchemaProvider::new())));
    list.register_catalog(catalog.to_owned(), Arc::new(one));
    Arc::new(list)
}

/// What every session begins with.
fn base(runtime: Arc<RuntimeEnv>) -> SessionState {
    let mut config = SessionConfig::new().with_information_schema(false);
    config.options_mut().sql_parser.collect_spans = true;
    let state = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_default_features()
        .with_query_planner(Arc::new(Planner))
        .build();
    let context = SessionContext::new_with_state(state);
    functions::register(&context);
    context.state()
}
