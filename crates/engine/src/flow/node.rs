//! Nodes: how flows pass through each operator. Every variant is handled or refused by name.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Column, DFSchema};
use datafusion::logical_expr::{Distinct, Expr, Filter, Limit, LogicalPlan, Projection, Sort, Values, Window};
use gongshu_governance::resource::ReleaseRule;

use super::derivation::{Control, Derivation, Output, Read};
use super::expr::Scope;
use super::function;
use super::label::{Flow, Guard, Kind, Label, Source};
use super::refusal::FlowRefusal;
use super::subquery::Outer;
use super::uses::{all_free, describe, free_rows, noise_beside_consent, refused_output, refused_use};
use crate::access::Access;
use crate::shape;
use crate::table::Table;

/// A node with its controls, where any stands in it or below, and what flows out of it.
pub(super) type Passed = (Option<LogicalPlan>, Flow);

/// One check.
pub(super) struct Checker<'a> {
    pub(super) access: &'a Access,
    tables: &'a [Table],
    pub(super) reads: BTreeSet<Read>,
    /// The sources that have been found to be granted, and noted.
    pub(super) noted: BTreeSet<Source>,
    pub(super) controls: BTreeSet<Control>,
    pub(super) tells: bool,
    /// Loss of privacy of one answer, by table, in millionths of ρ.
    pub(super) losses: BTreeMap<String, u64>,
    /// How often each table has been scanned so far.
    pub(super) scans: BTreeMap<String, usize>,
    /// Tables of which only the rows of consenting subjects are seen.
    pub(super) consenting: BTreeSet<String>,
    /// The table that would have to be one of them, where the check was refused for that.
    pub(super) needs_consent: Option<String>,
    /// The queries around the subquery that is being checked, outermost first.
    pub(super) outer: Vec<Outer>,
    /// Whether any subquery runs once for each row of the query around it.
    pub(super) correlated: bool,
    /// The aggregates whose exact results are released so far, by guarded table.
    pub(super) releases: Vec<(String, LogicalPlan)>,
    /// What decided which rows are there, or in which order.
    decided: BTreeSet<(Source, Decides)>,
}

/// How a source decides about rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Decides {
    Filter,
    Join,
    Order,
}

impl<'a> Checker<'a> {
    pub(super) fn new(access: &'a Access, tables: &'a [Table], consenting: BTreeSet<String>) -> Self {
        Self {
            access,
            tables,
            reads: BTreeSet::new(),
            noted: BTreeSet::new(),
            controls: BTreeSet::new(),
            tells: true,
            losses: BTreeMap::new(),
            scans: BTreeMap::new(),
            consenting,
            needs_consent: None,
            outer: Vec::new(),
            correlated: false,
            releases: Vec::new(),
            decided: BTreeSet::new(),
        }
    }

    pub(super) fn table(&self, name: &str) -> Option<&'a Table> {
        self.tables.iter().find(|table| table.name() == name)
    }

    pub(super) fn rule_of(&self, source: &Source) -> Option<&'a ReleaseRule> {
        self.table(&source.table)?
            .field(&source.column)
            .map(|field| &field.release)
    }

    /// The plan with its controls, and what leaves it.
    pub(super) fn whole(&mut self, plan: &LogicalPlan) -> Result<(LogicalPlan, Flow), FlowRefusal> {
        let (passed, flow) = self.node(plan).map_err(|refusal| refusal.near(&mentioned(plan)))?;
        let plan = passed.unwrap_or_else(|| plan.clone());
        self.root(&plan, &flow)
            .map_err(|refusal| refusal.near(&leaving(&plan)))?;
        match self.consenting.first().filter(|_| !self.losses.is_empty()) {
            Some(table) => Err(noise_beside_consent(table)),
            None => Ok((plan, flow)),
        }
    }

    /// The node with its controls, and what flows out of it. A refusal points into the node that it comes of.
    pub(super) fn node(&mut self, plan: &LogicalPlan) -> Result<Passed, FlowRefusal> {
        shape::with_more(|| self.pass(plan)).map_err(|refusal| refusal.near(&plan.expressions()))
    }

    fn pass(&mut self, plan: &LogicalPlan) -> Result<Passed, FlowRefusal> {
        match plan {
            LogicalPlan::TableScan(scan) => Ok((None, self.scan(scan)?)),
            LogicalPlan::Projection(projection) => self.projection(plan, projection),
            LogicalPlan::Filter(filter) => self.filter(plan, filter),
            LogicalPlan::Aggregate(aggregate) => self.aggregate(plan, aggregate),
            LogicalPlan::Sort(sort) => self.sort(plan, sort),
            LogicalPlan::Limit(limit) => self.limit(plan, limit),
            LogicalPlan::SubqueryAlias(alias) => {
                let (input, flow) = self.node(&alias.input)?;
                rebuilt(plan, vec![input], flow)
            }
            LogicalPlan::Distinct(Distinct::All(input)) => {
                let (input, mut flow) = self.node(input)?;
                free_rows(&flow, "DISTINCT")?;
                all_free(&flow, "DISTINCT")?;
                // The values decide how many rows there are.
                flow.implicit = Label::derived(flow.columns.iter().cloned().chain([flow.implicit]));
                rebuilt(plan, vec![input], flow)
            }
            LogicalPlan::Distinct(Distinct::On(_)) => Err(FlowRefusal::unsupported("DISTINCT ON")),
            LogicalPlan::Join(join) => self.join(plan, join),
            LogicalPlan::Union(union) => self.union(plan, &union.inputs),
            LogicalPlan::Window(window) => self.window(plan, window),
            LogicalPlan::EmptyRelation(_) => Ok((None, Flow::default())),
            LogicalPlan::Values(values) => Ok((None, self.values(values)?)),
            LogicalPlan::Subquery(_) => Err(FlowRefusal::unsupported("子查询于此处 (a subquery here)")),
            LogicalPlan::Repartition(_) => Err(FlowRefusal::unsupported("REPARTITION")),
            LogicalPlan::Statement(_) => Err(FlowRefusal::unsupported("语句 (a statement)")),
            LogicalPlan::Explain(_) | LogicalPlan::Analyze(_) => Err(FlowRefusal::unsupported("EXPLAIN")),
            LogicalPlan::Extension(_) => Err(FlowRefusal::unsupported("扩展算子 (an extension node)")),
            LogicalPlan::Dml(_) => Err(FlowRefusal::unsupported("INSERT / UPDATE / DELETE")),
            LogicalPlan::Ddl(_) => Err(FlowRefusal::unsupported("CREATE / DROP")),
            LogicalPlan::Copy(_) => Err(FlowRefusal::unsupported("COPY")),
            LogicalPlan::DescribeTable(_) => Err(FlowRefusal::unsupported("DESCRIBE")),
            LogicalPlan::Unnest(_) => Err(FlowRefusal::unsupported("UNNEST")),
            LogicalPlan::RecursiveQuery(_) => Err(FlowRefusal::unsupported("WITH RECURSIVE")),
        }
    }

    fn values(&mut self, values: &Values) -> Result<Flow, FlowRefusal> {
        let (schema, mut flow) = (DFSchema::empty(), Flow::default());
        let mut columns = vec![Label::constant(); values.schema.fields().len()];
        for row in &values.values {
            for (column, expr) in columns.iter_mut().zip(row) {
                let scope = Scope {
                    schema: &schema,
                    flow: &flow,
                };
                let label = self.expr(expr, &scope)?;
                *column = Label::derived([std::mem::take(column), label]);
            }
        }
        flow.fails = columns.iter().any(|label| label.fails);
        flow.columns = columns;
        Ok(flow)
    }

    fn projection(&mut self, plan: &LogicalPlan, projection: &Projection) -> Result<Passed, FlowRefusal> {
        let (input, flow) = self.node(&projection.input)?;
        let schema = projection.input.schema();
        let scope = Scope { schema, flow: &flow };
        let columns: Result<Vec<Label>, _> = projection.expr.iter().map(|expr| self.expr(expr, &scope)).collect();
        let position = |subject: usize| {
            let is_subject = |expr: &Expr| plain_column(expr).and_then(|column| schema.maybe_index_of_column(column));
            projection
                .expr
                .iter()
                .position(|expr| is_subject(expr) == Some(subject))
        };
        let guards = flow.guards.iter().map(|guard| Guard {
            subject: guard.subject.and_then(position),
            ..guard.clone()
        });
        let guards = guards.collect();
        let columns = columns?;
        let fails = flow.fails || columns.iter().any(|label| label.fails);
        rebuilt(
            plan,
            vec![input],
            Flow {
                columns: settled(columns),
                implicit: flow.implicit,
                guards,
                fails,
            },
        )
    }

    fn filter(&mut self, plan: &LogicalPlan, filter: &Filter) -> Result<Passed, FlowRefusal> {
        let (input, mut flow) = self.node(&filter.input)?;
        let scope = Scope {
            schema: filter.input.schema(),
            flow: &flow,
        };
        let label = self.expr(&filter.predicate, &scope)?;
        let usable = |source: &&Source| source.is_free() || source.kind == Kind::Group;
        if let Some(source) = label.sources.iter().find(|source| !usable(source)) {
            return Err(refused_use(source, "WHERE"));
        }
        if !flow.guards.is_empty() {
            self.unmixed(&filter.predicate, &label, &scope)?;
        }
        if label.parametric && !flow.guards.is_empty() {
            let chosen = self.chooses(&filter.predicate, &scope)?;
            flow.guards.iter_mut().for_each(|guard| guard.chosen |= chosen);
        }
        self.decide(&label, Decides::Filter);
        flow.fails |= label.fails;
        flow.implicit = Label::derived([flow.implicit, Label { fails: false, ..label }]);
        rebuilt(plan, vec![input], flow)
    }

    /// Notes what decides which rows are there, or in which order.
    pub(super) fn decide(&mut self, label: &Label, decides: Decides) {
        let deciding = label.sources.iter().map(|source| (source.clone(), decides));
        self.decided.extend(deciding);
    }

    fn limit(&mut self, plan: &LogicalPlan, limit: &Limit) -> Result<Passed, FlowRefusal> {
        let (input, mut flow) = self.node(&limit.input)?;
        free_rows(&flow, "LIMIT")?;
        let (schema, nothing) = (DFSchema::empty(), Flow::default());
        for expr in limit.skip.iter().chain(&limit.fetch) {
            let label = self.expr(
                expr,
                &Scope {
                    schema: &schema,
                    flow: &nothing,
                },
            )?;
            flow.implicit = Label::derived([flow.implicit, label]);
        }
        rebuilt(plan, vec![input], flow)
    }

    /// The order decides which rows a limit above leaves.
    fn sort(&mut self, plan: &LogicalPlan, sort: &Sort) -> Result<Passed, FlowRefusal> {
        let (input, flow) = self.node(&sort.input)?;
        let (mut fails, mut order) = (flow.fails, flow.implicit.clone());
        for key in &sort.expr {
            let scope = Scope {
                schema: sort.input.schema(),
                flow: &flow,
            };
            let label = self.expr(&key.expr, &scope)?;
            fails |= label.fails;
            if let Some(source) = label.bound() {
                return Err(refused_use(source, "ORDER BY"));
            }
            self.decide(&label, Decides::Order);
            order = Label::derived([order, Label { fails: false, ..label }]);
        }
        if sort.fetch.is_some() {
            free_rows(&flow, "LIMIT")?;
        }
        let implicit = order;
        rebuilt(
            plan,
            vec![input],
            Flow {
                fails,
                implicit,
                ..flow
            },
        )
    }

    fn window(&mut self, plan: &LogicalPlan, window: &Window) -> Result<Passed, FlowRefusal> {
        let (input, mut flow) = self.node(&window.input)?;
        free_rows(&flow, "窗口函数 (a window function)")?;
        for expr in &window.window_expr {
            let inner = expr.clone().unalias_nested().data;
            let Expr::WindowFunction(function) = &inner else {
                return Err(FlowRefusal::unsupported("窗口函数 (this window function)"));
            };
            let name = function.fun.name();
            if !function::window(name) {
                return Err(FlowRefusal::function(name));
            }
            let scope = Scope {
                schema: window.input.schema(),
                flow: &flow,
            };
            let params = &function.params;
            let mut labels = Vec::new();
            let filter = params.filter.iter().map(|filter| &**filter);
            for part in params
                .args
                .iter()
                .chain(&params.partition_by)
                .chain(params.order_by.iter().map(|key| &key.expr))
                .chain(filter)
            {
                labels.push(self.expr(part, &scope)?);
            }
            let label = Label::derived(labels);
            if let Some(source) = label.bound() {
                return Err(refused_use(source, "OVER"));
            }
            flow.fails |= label.fails;
            let settled = Label { fails: false, ..label };
            // Rows come out in the order that a window needs, and a limit above leaves the first.
            flow.implicit = Label::derived([flow.implicit, settled.clone()]);
            flow.columns.push(settled);
        }
        rebuilt(plan, vec![input], flow)
    }

    /// Everything that leaves is granted and free.
    pub(super) fn root(&mut self, plan: &LogicalPlan, flow: &Flow) -> Result<(), FlowRefusal> {
        for (label, field) in flow.columns.iter().zip(plan.schema().fields()) {
            for source in &label.sources {
                self.note_read(source)?;
            }
            if let Some(source) = label.bound() {
                return Err(refused_output(source, field.name(), self.rule_of(source)).about(source));
            }
        }
        match flow.implicit.bound() {
            Some(source) => Err(refused_use(source, "WHERE")),
            None => Ok(()),
        }
    }

    /// A source with what was done to it.
    fn described(&self, source: &Source) -> String {
        describe(source, self.table(&source.table).and_then(Table::subject))
    }

    pub(super) fn derivation(self, plan: &LogicalPlan, flow: &Flow) -> Derivation {
        let fields = plan.schema().fields().iter().zip(&flow.columns);
        let outputs = fields.map(|(field, label)| Output {
            name: field.name().clone(),
            sources: label.sources.iter().map(|source| self.described(source)).collect(),
        });
        let decided = self.decided.iter().map(|(source, decides)| {
            let by = match decides {
                Decides::Filter => "filtered on",
                Decides::Join => "joined on",
                Decides::Order => "ordered by",
            };
            format!("{} · {by}", self.described(source))
        });
        let (outputs, decided) = (outputs.collect(), decided.collect());
        Derivation {
            outputs,
            decided,
            reads: self.reads.into_iter().collect(),
            controls: self.controls.into_iter().collect(),
            losses: self.losses,
        }
    }
}

/// The expressions that make the columns of what leaves.
fn leaving(plan: &LogicalPlan) -> Vec<Expr> {
    match plan {
        LogicalPlan::Sort(sort) => leaving(&sort.input),
        LogicalPlan::Limit(limit) => leaving(&limit.input),
        LogicalPlan::Distinct(Distinct::All(input)) => leaving(input),
        LogicalPlan::SubqueryAlias(alias) => leaving(&alias.input),
        other => other.expressions(),
    }
}

/// All expressions of a plan, for nodes without any of their own.
fn mentioned(plan: &LogicalPlan) -> Vec<Expr> {
    let mut all = Vec::new();
    // INVARIANT: the closure does not fail, so that the walk doesn't.
    let _ = plan.apply_with_subqueries(|node| {
        all.extend(node.expressions());
        Ok(TreeNodeRecursion::Continue)
    });
    all
}

/// The node over its inputs, those that got a control among them.
pub(super) fn rebuilt(plan: &LogicalPlan, inputs: Vec<Option<LogicalPlan>>, flow: Flow) -> Result<Passed, FlowRefusal> {
    if inputs.iter().all(Option::is_none) {
        return Ok((None, flow));
    }
    let own = plan.inputs().into_iter();
    let inputs = own.zip(inputs).map(|(own, new)| new.unwrap_or_else(|| own.clone()));
    let node = plan.with_new_exprs(plan.expressions(), inputs.collect());
    let node = node.map_err(|error| FlowRefusal::planning(" ", &error))?;
    Ok((Some(node), flow))
}

/// The labels of values that have been computed.
pub(super) fn settled(labels: Vec<Label>) -> Vec<Label> {
    let settle = |label| Label { fails: false, ..label };
    labels.into_iter().map(settle).collect()
}

/// The column that an expression is, under any name.
fn plain_column(expr: &Expr) -> Option<&Column> {
    match expr {
        Expr::Column(column) => Some(column),
        Expr::Alias(alias) => plain_column(&alias.expr),
        _ => None,
    }
}
