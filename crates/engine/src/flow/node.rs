//! Nodes: how flows pass through each operator. Every variant is handled or refused by name.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::logical_expr::{
    Distinct, Expr, Filter, Join, LogicalPlan, Projection, Sort, Subquery, TableScan, Window,
};
use gongshu_governance::resource::ReleaseRule;

use super::derivation::{Control, Derivation, Output, Read};
use super::expr::Scope;
use super::function;
use super::label::{Flow, Kind, Label, Source, Treatment};
use super::refusal::FlowRefusal;
use super::uses::{all_free, describe, free_rows, not_granted, refused_output, refused_use};
use crate::access::Access;
use crate::table::Table;

/// One check.
pub(super) struct Checker<'a> {
    pub(super) access: &'a Access,
    tables: &'a [Table],
    reads: BTreeSet<Read>,
    pub(super) controls: BTreeSet<Control>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(access: &'a Access, tables: &'a [Table]) -> Self {
        Self {
            access,
            tables,
            reads: BTreeSet::new(),
            controls: BTreeSet::new(),
        }
    }

    pub(super) fn table(&self, name: &str) -> Option<&'a Table> {
        self.tables.iter().find(|table| table.name() == name)
    }

    pub(super) fn rule_of(&self, source: &Source) -> Option<ReleaseRule> {
        self.table(&source.table)?
            .field(&source.column)
            .map(|field| field.release.clone())
    }

    /// The node with its controls, and what flows out of it.
    pub(super) fn node(&mut self, plan: &LogicalPlan) -> Result<(LogicalPlan, Flow), FlowRefusal> {
        match plan {
            LogicalPlan::TableScan(scan) => Ok((plan.clone(), self.scan(scan)?)),
            LogicalPlan::Projection(projection) => self.projection(plan, projection),
            LogicalPlan::Filter(filter) => self.filter(plan, filter),
            LogicalPlan::Aggregate(aggregate) => self.aggregate(aggregate),
            LogicalPlan::Sort(sort) => self.sort(plan, sort),
            LogicalPlan::Limit(limit) => {
                let (input, flow) = self.node(&limit.input)?;
                free_rows(&flow, "LIMIT")?;
                rebuilt(plan, vec![input], flow)
            }
            LogicalPlan::SubqueryAlias(alias) => {
                let (input, flow) = self.node(&alias.input)?;
                rebuilt(plan, vec![input], flow)
            }
            LogicalPlan::Distinct(Distinct::All(input)) => {
                let (input, flow) = self.node(input)?;
                free_rows(&flow, "DISTINCT")?;
                all_free(&flow, "DISTINCT")?;
                rebuilt(plan, vec![input], flow)
            }
            LogicalPlan::Distinct(Distinct::On(_)) => Err(FlowRefusal::unsupported("DISTINCT ON")),
            LogicalPlan::Join(join) => self.join(plan, join),
            LogicalPlan::Union(union) => self.union(plan, &union.inputs),
            LogicalPlan::Window(window) => self.window(plan, window),
            LogicalPlan::EmptyRelation(_) => Ok((plan.clone(), Flow::default())),
            LogicalPlan::Values(values) => {
                let flow = Flow {
                    columns: vec![Label::constant(); values.schema.fields().len()],
                    ..Flow::default()
                };
                Ok((plan.clone(), flow))
            }
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

    fn scan(&mut self, scan: &TableScan) -> Result<Flow, FlowRefusal> {
        let name = scan.table_name.table();
        let granted = self.access.resources.contains_key(name);
        let Some(table) = self.table(name).filter(|_| granted) else {
            return Err(not_granted(name));
        };
        let gated = self.gates(name);
        let label = |column: &str| {
            let kind = table
                .field(column)
                .map_or(Kind::Closed, |field| Kind::from(&field.release));
            let treatment = if kind == Kind::Consented && gated {
                Treatment::Consented
            } else {
                Treatment::Raw
            };
            Label::of(Source {
                table: name.to_owned(),
                column: column.to_owned(),
                kind,
                treatment,
            })
        };
        let columns = scan
            .projected_schema
            .fields()
            .iter()
            .map(|field| label(field.name()))
            .collect();
        let grouped = |field: &&gongshu_governance::resource::Field| {
            matches!(Kind::from(&field.release), Kind::Group | Kind::Aggregate)
        };
        let guarded = table
            .schema()
            .fields()
            .iter()
            .filter_map(|field| table.field(field.name()))
            .any(|field| grouped(&field));
        if gated {
            self.note_gate();
        }
        Ok(Flow {
            columns,
            implicit: Label::constant(),
            guarded: guarded.then(|| name.to_owned()),
        })
    }

    fn gates(&self, table: &str) -> bool {
        self.access.subject.as_ref().is_some_and(|gate| gate.resource == table)
    }

    fn note_gate(&mut self) {
        if let Some(gate) = &self.access.subject {
            self.controls.insert(Control::ConsentGate {
                table: gate.resource.clone(),
                column: gate.column.clone(),
                parameter: gate.parameter + 1,
            });
        }
    }

    fn projection(&mut self, plan: &LogicalPlan, projection: &Projection) -> Result<(LogicalPlan, Flow), FlowRefusal> {
        let (input, flow) = self.node(&projection.input)?;
        let scope = Scope {
            schema: projection.input.schema(),
            flow: &flow,
        };
        let columns: Result<Vec<Label>, _> = projection.expr.iter().map(|expr| self.expr(expr, &scope)).collect();
        let flow = Flow {
            columns: columns?,
            implicit: flow.implicit,
            guarded: flow.guarded,
        };
        rebuilt(plan, vec![input], flow)
    }

    fn filter(&mut self, plan: &LogicalPlan, filter: &Filter) -> Result<(LogicalPlan, Flow), FlowRefusal> {
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
        flow.implicit = Label::derived([flow.implicit, label]);
        rebuilt(plan, vec![input], flow)
    }

    fn sort(&mut self, plan: &LogicalPlan, sort: &Sort) -> Result<(LogicalPlan, Flow), FlowRefusal> {
        let (input, flow) = self.node(&sort.input)?;
        let scope = Scope {
            schema: sort.input.schema(),
            flow: &flow,
        };
        for key in &sort.expr {
            let label = self.expr(&key.expr, &scope)?;
            if let Some(source) = label.bound() {
                return Err(refused_use(source, "ORDER BY"));
            }
        }
        if sort.fetch.is_some() {
            free_rows(&flow, "LIMIT")?;
        }
        rebuilt(plan, vec![input], flow)
    }

    fn join(&mut self, plan: &LogicalPlan, join: &Join) -> Result<(LogicalPlan, Flow), FlowRefusal> {
        let (left, left_flow) = self.node(&join.left)?;
        let (right, right_flow) = self.node(&join.right)?;
        for flow in [&left_flow, &right_flow] {
            free_rows(flow, "JOIN")?;
            all_free(flow, "JOIN")?;
        }
        let mut labels = Vec::new();
        for (a, b) in &join.on {
            labels.push(self.expr(
                a,
                &Scope {
                    schema: join.left.schema(),
                    flow: &left_flow,
                },
            )?);
            labels.push(self.expr(
                b,
                &Scope {
                    schema: join.right.schema(),
                    flow: &right_flow,
                },
            )?);
        }
        let columns: Vec<Label> = left_flow.columns.iter().chain(&right_flow.columns).cloned().collect();
        let both = Flow {
            columns,
            ..Flow::default()
        };
        if let Some(filter) = &join.filter {
            let schema = join.left.schema().join(join.right.schema());
            let schema = schema.map_err(|_| FlowRefusal::unsupported("JOIN 条件 (this join condition)"))?;
            labels.push(self.expr(
                filter,
                &Scope {
                    schema: &schema,
                    flow: &both,
                },
            )?);
        }
        let columns = match plan.schema().fields().len() {
            width if width == both.columns.len() => both.columns,
            width if width == left_flow.columns.len() => left_flow.columns,
            _ => return Err(FlowRefusal::unsupported("该类 JOIN (this kind of join)")),
        };
        labels.extend([left_flow.implicit, right_flow.implicit]);
        rebuilt(
            plan,
            vec![left, right],
            Flow {
                columns,
                implicit: Label::derived(labels),
                guarded: None,
            },
        )
    }

    fn union(&mut self, plan: &LogicalPlan, inputs: &[Arc<LogicalPlan>]) -> Result<(LogicalPlan, Flow), FlowRefusal> {
        let mut nodes = Vec::new();
        let mut whole = Flow {
            columns: vec![Label::constant(); plan.schema().fields().len()],
            ..Flow::default()
        };
        for input in inputs {
            let (node, flow) = self.node(input)?;
            free_rows(&flow, "UNION")?;
            all_free(&flow, "UNION")?;
            for (column, label) in whole.columns.iter_mut().zip(flow.columns) {
                *column = Label::derived([std::mem::take(column), label]);
            }
            whole.implicit = Label::derived([whole.implicit, flow.implicit]);
            nodes.push(node);
        }
        rebuilt(plan, nodes, whole)
    }

    fn window(&mut self, plan: &LogicalPlan, window: &Window) -> Result<(LogicalPlan, Flow), FlowRefusal> {
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
            flow.columns.push(label);
        }
        rebuilt(plan, vec![input], flow)
    }

    /// An uncorrelated subquery whose rows and columns are free.
    pub(super) fn subquery(&mut self, subquery: &Subquery) -> Result<Label, FlowRefusal> {
        if !subquery.outer_ref_columns.is_empty() {
            return Err(FlowRefusal::unsupported("相关子查询 (a correlated subquery)"));
        }
        let (checked, flow) = self.node(&subquery.subquery)?;
        if checked != *subquery.subquery {
            return Err(FlowRefusal::unsupported(
                "需输出控制的子查询 (a subquery that needs output control)",
            ));
        }
        free_rows(&flow, "子查询 (a subquery)")?;
        all_free(&flow, "子查询 (a subquery)")?;
        Ok(Label::derived(flow.columns.into_iter().chain([flow.implicit])))
    }

    /// Everything that leaves is free.
    pub(super) fn root(&mut self, plan: &LogicalPlan, flow: &Flow) -> Result<(), FlowRefusal> {
        for (label, field) in flow.columns.iter().zip(plan.schema().fields()) {
            if let Some(source) = label.bound() {
                return Err(refused_output(source, field.name(), &self.rule_of(source)));
            }
        }
        match flow.implicit.bound() {
            Some(source) => Err(refused_use(source, "WHERE")),
            None => Ok(()),
        }
    }

    /// Notes a read, or refuses the mention.
    pub(super) fn note_read(&mut self, source: &Source) -> Result<(), FlowRefusal> {
        let Source {
            table,
            column,
            kind,
            treatment,
        } = source;
        if !self
            .access
            .resources
            .get(table)
            .is_some_and(|columns| columns.contains(column))
        {
            return Err(not_granted(&format!("{table}.{column}")));
        }
        if *kind == Kind::Closed {
            return Err(FlowRefusal::new(
                "flow.closed",
                (
                    format!("字段 `{table}.{column}` 不放行，查询中不得出现"),
                    format!("`{table}.{column}` is closed and cannot be mentioned"),
                ),
                (
                    "请从查询中去掉该字段；不要使用 SELECT *",
                    "take the column out; name columns instead of SELECT *",
                ),
            ));
        }
        if *kind == Kind::Consented && *treatment == Treatment::Raw {
            return Err(FlowRefusal::new(
                "flow.consent",
                (
                    format!("字段 `{table}.{column}` 须经数据主体同意"),
                    format!("`{table}.{column}` needs the consent of the data subject"),
                ),
                (
                    "请指明哪个参数标识数据主体",
                    "say which parameter names the data subject",
                ),
            ));
        }
        let rule = self
            .rule_of(source)
            .map_or_else(String::new, |rule| rule.word().to_owned());
        self.reads.insert(Read {
            table: table.clone(),
            column: column.clone(),
            rule,
        });
        Ok(())
    }

    pub(super) fn derivation(self, plan: &LogicalPlan, flow: &Flow) -> Derivation {
        let fields = plan.schema().fields().iter().zip(&flow.columns);
        let outputs = fields.map(|(field, label)| Output {
            name: field.name().clone(),
            sources: label.sources.iter().map(describe).collect(),
        });
        Derivation {
            outputs: outputs.collect(),
            reads: self.reads.into_iter().collect(),
            controls: self.controls.into_iter().collect(),
        }
    }
}

/// The node over new inputs.
pub(super) fn rebuilt(
    plan: &LogicalPlan,
    inputs: Vec<LogicalPlan>,
    flow: Flow,
) -> Result<(LogicalPlan, Flow), FlowRefusal> {
    let node = plan.with_new_exprs(plan.expressions(), inputs);
    let node = node.map_err(|error| FlowRefusal::planning(" ", &error))?;
    Ok((node, flow))
}
