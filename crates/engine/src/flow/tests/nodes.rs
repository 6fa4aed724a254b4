//! A verdict for every kind of plan node.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::{
    Distinct, Extension, LogicalPlan, Partitioning, Repartition, Subquery, UserDefinedLogicalNodeCore,
};

use super::{plan, verdict};

/// Every kind there is. The match has no wildcard: a new kind does not compile until it is listed, and the test then
/// asks for a verdict.
fn kind(plan: &LogicalPlan) -> &'static str {
    match plan {
        LogicalPlan::Projection(_) => "projection",
        LogicalPlan::Filter(_) => "filter",
        LogicalPlan::Window(_) => "window",
        LogicalPlan::Aggregate(_) => "aggregate",
        LogicalPlan::Sort(_) => "sort",
        LogicalPlan::Join(_) => "join",
        LogicalPlan::Repartition(_) => "repartition",
        LogicalPlan::Union(_) => "union",
        LogicalPlan::TableScan(_) => "scan",
        LogicalPlan::EmptyRelation(_) => "empty",
        LogicalPlan::Subquery(_) => "subquery",
        LogicalPlan::SubqueryAlias(_) => "alias",
        LogicalPlan::Limit(_) => "limit",
        LogicalPlan::Statement(_) => "statement",
        LogicalPlan::Values(_) => "values",
        LogicalPlan::Explain(_) => "explain",
        LogicalPlan::Analyze(_) => "analyze",
        LogicalPlan::Extension(_) => "extension",
        LogicalPlan::Distinct(Distinct::All(_)) => "distinct",
        LogicalPlan::Distinct(Distinct::On(_)) => "distinct on",
        LogicalPlan::Dml(_) => "dml",
        LogicalPlan::Ddl(_) => "ddl",
        LogicalPlan::Copy(_) => "copy",
        LogicalPlan::DescribeTable(_) => "describe",
        LogicalPlan::Unnest(_) => "unnest",
        LogicalPlan::RecursiveQuery(_) => "recursive",
    }
}

/// Kind, a query whose plan has it, and the verdict on open rows and on guarded rows.
const CASES: &[(&str, &str, &str)] = &[
    ("scan", "SELECT name FROM stations", "pass"),
    ("projection", "SELECT name FROM stations", "pass"),
    ("projection", "SELECT income FROM persons", "flow.aggregate-only"),
    ("filter", "SELECT name FROM stations WHERE level = 1", "pass"),
    ("filter", "SELECT note FROM persons WHERE area = 'a'", "flow.group-only"),
    ("window", "SELECT rank() OVER (ORDER BY level) FROM stations", "pass"),
    (
        "window",
        "SELECT rank() OVER (ORDER BY year) FROM persons",
        "flow.guarded-rows",
    ),
    ("aggregate", "SELECT max(level) FROM stations", "pass"),
    (
        "aggregate",
        "SELECT area, avg(income) FROM persons GROUP BY area",
        "pass",
    ),
    (
        "aggregate",
        "SELECT area, max(income) FROM persons GROUP BY area",
        "flow.aggregate-argument",
    ),
    ("sort", "SELECT name FROM stations ORDER BY level", "pass"),
    ("sort", "SELECT note FROM persons ORDER BY area", "flow.group-only"),
    (
        "join",
        "SELECT a.name FROM stations a JOIN stations b ON a.level = b.level",
        "pass",
    ),
    (
        "join",
        "SELECT a.name FROM stations a JOIN persons b ON a.level = b.year",
        "flow.guarded-rows",
    ),
    (
        "union",
        "SELECT name FROM stations UNION ALL SELECT name FROM stations",
        "pass",
    ),
    (
        "union",
        "SELECT name FROM stations UNION ALL SELECT area FROM persons",
        "flow.guarded-rows",
    ),
    ("empty", "SELECT 1", "pass"),
    ("alias", "SELECT a.name FROM stations a", "pass"),
    ("limit", "SELECT name FROM stations LIMIT 1", "pass"),
    ("limit", "SELECT note FROM persons LIMIT 1", "flow.guarded-rows"),
    (
        "statement",
        "SET datafusion.execution.batch_size = 1",
        "flow.unsupported",
    ),
    ("values", "VALUES (1), (2)", "pass"),
    ("explain", "EXPLAIN SELECT name FROM stations", "flow.unsupported"),
    (
        "analyze",
        "EXPLAIN ANALYZE SELECT name FROM stations",
        "flow.unsupported",
    ),
    ("distinct", "SELECT DISTINCT name FROM stations", "pass"),
    ("distinct", "SELECT DISTINCT note FROM persons", "flow.guarded-rows"),
    (
        "distinct on",
        "SELECT DISTINCT ON (name) level FROM stations",
        "flow.unsupported",
    ),
    ("dml", "INSERT INTO stations SELECT * FROM stations", "flow.unsupported"),
    ("ddl", "DROP TABLE stations", "flow.unsupported"),
    (
        "copy",
        "COPY (SELECT name FROM stations) TO 'out.csv' STORED AS CSV",
        "flow.unsupported",
    ),
    ("describe", "DESCRIBE stations", "flow.unsupported"),
    ("unnest", "SELECT unnest(make_array(1, 2))", "flow.unsupported"),
    (
        "recursive",
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 9) SELECT n FROM t",
        "flow.unsupported",
    ),
];

fn kinds(plan: &LogicalPlan) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    plan.apply_with_subqueries(|node| {
        found.insert(kind(node));
        Ok(TreeNodeRecursion::Continue)
    })
    .unwrap();
    found
}

/// Nodes that no query of SQL gives, built by hand.
async fn built() -> Vec<(&'static str, LogicalPlan)> {
    let scan = plan("SELECT name FROM stations").await;
    let input = Arc::new(scan.clone());
    let repartition = Repartition {
        input: input.clone(),
        partitioning_scheme: Partitioning::RoundRobinBatch(2),
    };
    let subquery = Subquery {
        subquery: input,
        outer_ref_columns: vec![],
        spans: Default::default(),
    };
    vec![
        ("repartition", LogicalPlan::Repartition(repartition)),
        ("subquery", LogicalPlan::Subquery(subquery)),
        (
            "extension",
            LogicalPlan::Extension(Extension {
                node: Arc::new(Foreign(scan)),
            }),
        ),
    ]
}

#[tokio::test]
async fn every_kind_of_node_has_a_verdict() {
    let mut seen = BTreeSet::new();
    for (kind, sql, expected) in CASES {
        let plan = plan(sql).await;
        let kinds = kinds(&plan);
        assert!(kinds.contains(kind), "{sql} has no {kind} but {kinds:?}");
        assert_eq!(verdict(&plan), *expected, "{sql}");
        seen.insert(*kind);
    }
    for (name, plan) in built().await {
        assert_eq!(kind(&plan), name);
        assert_eq!(verdict(&plan), "flow.unsupported", "{name}");
        seen.insert(name);
    }
    assert_eq!(seen.len(), 26, "a kind of node has no case: {seen:?}");
}

/// A node of somebody else's.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Foreign(LogicalPlan);

impl PartialOrd for Foreign {
    fn partial_cmp(&self, _: &Self) -> Option<std::cmp::Ordering> {
        None
    }
}

impl UserDefinedLogicalNodeCore for Foreign {
    fn name(&self) -> &str {
        "Foreign"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.0]
    }

    fn schema(&self) -> &datafusion::common::DFSchemaRef {
        self.0.schema()
    }

    fn expressions(&self) -> Vec<datafusion::logical_expr::Expr> {
        vec![]
    }

    fn fmt_for_explain(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Foreign")
    }

    fn with_exprs_and_inputs(
        &self,
        _: Vec<datafusion::logical_expr::Expr>,
        mut inputs: Vec<LogicalPlan>,
    ) -> datafusion::error::Result<Self> {
        Ok(Self(inputs.swap_remove(0)))
    }
}
