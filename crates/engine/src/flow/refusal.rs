//! Refusals of the check: which rule, which column, where, and which rewrite would pass.

use datafusion::common::Column;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::Expr;
use gongshu_governance::Text;
use gongshu_governance::resource::ReleaseRule;

use super::label::Source;
use super::rule::FlowRule;

/// Why a query may not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", rule, message.en)]
pub struct FlowRefusal {
    /// Stable id, such as `flow.aggregate-only`.
    pub rule: &'static str,
    /// What is wrong.
    pub message: Text,
    /// Which rewrite would pass.
    pub remedy: Text,
    /// The column of the query that it is about, where it is about one.
    pub column: Option<String>,
    /// Line and column in the query, from 1.
    pub location: Option<(u64, u64)>,
    /// A rewrite of the query that passes the check, where one was found.
    pub proposal: Option<String>,
}

impl FlowRefusal {
    pub(crate) fn new(rule: FlowRule, message: (String, String), remedy: (&str, &str)) -> Self {
        Self {
            rule: rule.id(),
            message: Text::new(message.0, message.1),
            remedy: Text::new(remedy.0, remedy.1),
            column: None,
            location: None,
            proposal: None,
        }
    }

    /// The remedy, followed by the proposed rewrite where there is one.
    #[must_use]
    pub fn remedy_with_proposal(&self) -> Text {
        match &self.proposal {
            None => self.remedy.clone(),
            Some(sql) => Text::new(
                format!("{}；可改写为：{sql}", self.remedy.zh),
                format!("{}; this passes: {sql}", self.remedy.en),
            ),
        }
    }

    /// The same, pointing at a column of the query where its place is known.
    pub(crate) fn at(mut self, column: &Column) -> Self {
        let start = column.spans().first().map(|span| span.start);
        self.location = self.location.or(start.map(|start| (start.line, start.column)));
        self.column.get_or_insert_with(|| column.flat_name());
        self
    }

    /// The same, about this source.
    pub(super) fn about(mut self, source: &Source) -> Self {
        self.column
            .get_or_insert_with(|| format!("{}.{}", source.table, source.column));
        self
    }

    /// The same, pointing into the expressions of the node where it was found, unless it has a place already: at the
    /// column that it is about, else at the first of them in the text.
    pub(super) fn near(self, exprs: &[Expr]) -> Self {
        if self.location.is_some() {
            return self;
        }
        let start = |column: &Column| column.spans().first().map(|span| (span.start.line, span.start.column));
        let mut columns: Vec<&Column> = exprs.iter().flat_map(Expr::column_refs).collect();
        columns.retain(|column| start(column).is_some());
        columns.sort_by_key(|column| start(column));
        let name = self.column.as_deref().and_then(|column| column.rsplit('.').next());
        let named = name.and_then(|name| columns.iter().find(|column| column.name == name));
        match named.or(columns.first()).copied() {
            Some(column) => self.at(column),
            None => self,
        }
    }

    pub(crate) fn widened(table: &str, column: &str, rule: &ReleaseRule) -> Self {
        Self::new(
            FlowRule::GrantWidens,
            (
                format!("授权不能把字段 `{table}.{column}` 的放行规则放宽为 {rule}"),
                format!("a grant cannot widen the rule of `{table}.{column}` to {rule}"),
            ),
            ("授权只能收紧放行规则", "a grant may tighten a rule only"),
        )
    }

    pub(crate) fn too_long(characters: usize) -> Self {
        Self::new(
            FlowRule::TooLong,
            (
                format!("查询超过 {characters} 个字符"),
                format!("the query has more than {characters} characters"),
            ),
            ("请缩短查询", "shorten the query"),
        )
    }

    pub(crate) fn too_complex(operators: usize) -> Self {
        Self::new(
            FlowRule::TooComplex,
            (
                format!("查询的运算符与关键字超过 {operators} 个"),
                format!("the query has more than {operators} operators and keywords"),
            ),
            (
                "请拆分或简化查询；长列表请用 IN",
                "split or simplify it; use IN for long lists",
            ),
        )
    }

    pub(crate) fn too_deep(levels: usize) -> Self {
        Self::new(
            FlowRule::TooDeep,
            (
                format!("查询的括号嵌套超过 {levels} 层"),
                format!("the query nests brackets more than {levels} levels deep"),
            ),
            ("请减少嵌套", "nest less"),
        )
    }

    pub(crate) fn text_growth(times: u64) -> Self {
        Self::new(
            FlowRule::TextGrowth,
            (
                format!("查询拼接的文本可能超过原值的 {times} 倍"),
                format!("the query could make texts more than {times} times as long as their parts"),
            ),
            ("请减少拼接", "concatenate less"),
        )
    }

    pub(crate) fn unsupported(what: &str) -> Self {
        Self::new(
            FlowRule::Unsupported,
            (format!("查询不能使用 {what}"), format!("a query cannot use {what}")),
            (
                "请用 SELECT、WHERE、GROUP BY、ORDER BY 改写",
                "rewrite it with SELECT, WHERE, GROUP BY and ORDER BY",
            ),
        )
    }

    /// A correlated subquery that the engine cannot turn into a join.
    pub(crate) fn correlated() -> Self {
        let mut refusal = Self::unsupported("此种相关子查询 (this correlated subquery)");
        refusal.remedy = Text::new(
            "请以等值条件关联外层查询，或改写为 JOIN 与 GROUP BY",
            "correlate it with the query around by equality, or rewrite it with JOIN and GROUP BY",
        );
        refusal
    }

    pub(crate) fn function(name: &str) -> Self {
        Self::new(
            FlowRule::UnknownFunction,
            (
                format!("函数 `{name}` 未经审定，不能使用"),
                format!("the function `{name}` is not reviewed and cannot be used"),
            ),
            ("请改用已审定的函数", "use a reviewed function instead"),
        )
    }

    pub(crate) fn fallible(what: &str) -> Self {
        Self::new(
            FlowRule::ErrorChannel,
            (
                format!("{what} 可能因某个值而出错，出错本身会泄露该值"),
                format!("{what} can fail on a value, and the failure would tell the value"),
            ),
            ("请在聚合之后再作此运算", "do it after aggregation"),
        )
    }

    /// A query that cannot be planned: unknown names and syntax errors. The planner's message
    /// speaks of names and types, never of values.
    pub(crate) fn planning(sql: &str, error: &DataFusionError) -> Self {
        let message = error.strip_backtrace();
        // What it would list beside may not be granted.
        let first = message.lines().next().unwrap_or_default();
        let first = first.split(" Valid fields are").next().unwrap_or_default().to_owned();
        let mut refusal = Self::new(
            FlowRule::NotAQuery,
            (
                format!("查询无法解析：{first}"),
                format!("the query cannot be planned: {first}"),
            ),
            (
                "请检查语法、表名和列名是否在授权范围内",
                "check the syntax, and that tables and columns are granted",
            ),
        );
        let diagnostic = error.diagnostic().and_then(|diagnostic| diagnostic.span);
        refusal.location = diagnostic.map(|span| (span.start.line, span.start.column));
        if sql.trim().is_empty() {
            refusal.message = Text::new("查询为空", "the query is empty");
        }
        refusal
    }
}
