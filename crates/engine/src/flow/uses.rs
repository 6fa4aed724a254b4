//! Uses that a release rule does not allow, and the refusals that say so.

use gongshu_governance::resource::ReleaseRule;

use super::label::{Flow, Guard, Kind, Label, Source, Treatment};
use super::refusal::FlowRefusal;
use super::rule::FlowRule;

/// Rows of a guarded table, or rows chosen by bound sources, are not for this.
pub(super) fn free_rows(flow: &Flow, what: &str) -> Result<(), FlowRefusal> {
    if let Some(source) = flow.implicit.bound() {
        return Err(refused_use(source, what));
    }
    match flow.guards.first() {
        None => Ok(()),
        Some(Guard { table, .. }) => Err(FlowRefusal::new(
            FlowRule::GuardedRows,
            (
                format!("`{table}` 的记录只能先分组统计，不能直接用于 {what}"),
                format!("rows of `{table}` must be aggregated before {what}"),
            ),
            ("请先 GROUP BY 聚合，再作此操作", "aggregate with GROUP BY first"),
        )),
    }
}

pub(super) fn all_free(flow: &Flow, what: &str) -> Result<(), FlowRefusal> {
    let bound =
        |source: &&Source| source.treatment == Treatment::Raw && matches!(source.kind, Kind::Masked | Kind::Scored);
    match flow.columns.iter().flat_map(|label| &label.sources).find(bound) {
        Some(source) => Err(refused_use(source, what)),
        None => Ok(()),
    }
}

/// The hidden source of a value, where it is computed of a known one too.
pub(super) fn mixed(label: &Label) -> Option<&Source> {
    let hidden = label.bound()?;
    label.sources.iter().any(Source::is_free).then_some(hidden)
}

/// A condition or key over guarded rows that is computed of known and hidden columns together.
pub(super) fn mixed_condition(what: &str, hidden: &Source) -> FlowRefusal {
    let Source { table, column, .. } = hidden;
    FlowRefusal::new(
        FlowRule::MixedCondition,
        (
            format!("`{what}` 把可指认主体的字段与统计字段 `{table}.{column}` 混在一个条件或分组键中：一个单元的大小会泄露某个主体的取值"),
            format!(
                "`{what}` is computed of columns that can name a subject and of `{table}.{column}` together: the size of one group would tell a subject's value"
            ),
        ),
        (
            "请把各字段的条件用 AND 并列，或分别作为分组键",
            "put the conditions of the columns side by side with AND, or make each a key of its own",
        ),
    )
    .about(hidden)
}

/// A source with what was done to it; `subject` is the key by which the subjects of its table are told apart.
pub(super) fn describe(source: &Source, subject: Option<&str>) -> String {
    let over = subject.map_or_else(String::new, |subject| format!(" over subject {subject}"));
    let treatment = match &source.treatment {
        Treatment::Raw if source.kind == Kind::Open => "open".to_owned(),
        Treatment::Raw => "raw".to_owned(),
        Treatment::Masked => "masked".to_owned(),
        Treatment::Consented => "consented".to_owned(),
        Treatment::Grouped => "grouped".to_owned(),
        Treatment::Scored(model) => format!("scored by model {model}"),
        Treatment::Aggregated(function) => format!("aggregated by {function}{over}"),
        Treatment::Noised(function) => format!("aggregated by {function}{over}, with noise"),
    };
    format!("{}.{} · {treatment}", source.table, source.column)
}

/// A column that leaves in groups only, beside rows of consenting subjects.
pub(super) fn consent_mixed(table: &str, column: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::ConsentMixed,
        (
            format!("`{table}` 的记录经主体同意而可见，其统计类字段 `{column}` 不得在同一查询中使用"),
            format!(
                "rows of `{table}` are seen by consent; its column `{column}` leaves in groups only and is not used beside"
            ),
        ),
        (
            "请去掉该字段，或另写一个不含须经同意字段的统计查询",
            "take the column out, or write a query of groups without consented columns",
        ),
    )
}

/// An answer with noise is kept for repeats; rows seen by consent must not be kept beyond it.
pub(super) fn noise_beside_consent(table: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::ConsentMixed,
        (
            format!("`{table}` 中经主体同意可见的记录，不得与加噪统计同在一个查询"),
            format!("rows of `{table}` that are seen by consent and results with noise are not of one query"),
        ),
        ("请拆分为两个查询", "make two queries of it"),
    )
}

pub(super) fn not_granted(name: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::NotGranted,
        (
            format!("`{name}` 不在场景授权范围内"),
            format!("`{name}` is not granted to this scenario"),
        ),
        ("请改写查询，或为其申请场景授权", "change the query, or apply for it"),
    )
}

/// A source used where its rule does not let it be used.
pub(super) fn refused_use(source: &Source, place: &str) -> FlowRefusal {
    let Source {
        table, column, kind, ..
    } = source;
    let refusal = match kind {
        Kind::Masked => masked(table, column),
        Kind::Join => join_only(table, column),
        Kind::Scored => scored_only(table, column),
        Kind::Group => FlowRefusal::new(
            FlowRule::GroupOnly,
            (
                format!("字段 `{table}.{column}` 只能作为达到阈值的分组键，不能用于 {place} 之后直接输出"),
                format!(
                    "`{table}.{column}` may only be the key of a group that passes the threshold, not used in {place} of released rows"
                ),
            ),
            (
                "请按该字段 GROUP BY，并输出聚合结果",
                "GROUP BY the column and output aggregates",
            ),
        ),
        _ => FlowRefusal::new(
            FlowRule::AggregateOnly,
            (
                format!("字段 `{table}.{column}` 只能被统计，不能用于 {place}"),
                format!("`{table}.{column}` may only be aggregated, not used in {place}"),
            ),
            (
                "请只在允许的聚合函数中使用该字段",
                "use it only inside the aggregates its rule allows",
            ),
        ),
    };
    refusal.about(source)
}

fn join_only(table: &str, column: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::JoinOnly,
        (
            format!("字段 `{table}.{column}` 只能作为资源之间等值连接的键"),
            format!("`{table}.{column}` may only be an equality key between resources"),
        ),
        (
            "请以 JOIN … ON a.key = b.key 与另一资源的连接键等值连接",
            "join it with the join key of another resource: JOIN … ON a.key = b.key",
        ),
    )
}

fn scored_only(table: &str, column: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::ScoredOnly,
        (
            format!("字段 `{table}.{column}` 只能作为已审查模型的输入，仅输出其评分"),
            format!("`{table}.{column}` leaves only as the score of a reviewed model that takes it"),
        ),
        (
            "请调用以该字段为申报输入的已审查模型",
            "call a reviewed model that declares the column as its input",
        ),
    )
}

fn masked(table: &str, column: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::MaskedOnly,
        (
            format!("字段 `{table}.{column}` 只能脱敏后使用"),
            format!("`{table}.{column}` may only be used masked"),
        ),
        (
            "请使用该字段规定的脱敏函数",
            "use the mask that the column's rule names",
        ),
    )
}

/// A source that would leave raw.
pub(super) fn refused_output(source: &Source, output: &str, rule: Option<&ReleaseRule>) -> FlowRefusal {
    let Source {
        table, column, kind, ..
    } = source;
    match (kind, rule) {
        (Kind::Masked, _) => masked(table, column),
        (Kind::Join, _) => join_only(table, column),
        (Kind::Scored, _) => scored_only(table, column),
        (Kind::Group, _) => FlowRefusal::new(
            FlowRule::GroupOnly,
            (
                format!("输出 `{output}` 含有字段 `{table}.{column}` 的原值，该字段只能作为达到阈值的分组键输出"),
                format!(
                    "the output `{output}` carries raw values of `{table}.{column}`, which leaves only as the key of a group that passes the threshold"
                ),
            ),
            (
                "请按该字段 GROUP BY，并输出聚合结果",
                "GROUP BY the column and output aggregates",
            ),
        ),
        (_, Some(ReleaseRule::Aggregate { functions } | ReleaseRule::Private { functions, .. })) => {
            let names = functions
                .iter()
                .map(|function| function.sql())
                .collect::<Vec<_>>()
                .join(", ");
            FlowRefusal {
                rule: FlowRule::AggregateOnly.id(),
                message: gongshu_governance::Text::new(
                    format!("输出 `{output}` 含有字段 `{table}.{column}` 的原值，该字段只能以统计结果输出"),
                    format!(
                        "the output `{output}` carries raw values of `{table}.{column}`, which leaves only in aggregates"
                    ),
                ),
                remedy: gongshu_governance::Text::new(
                    format!("请改用 {names}，并按允许的字段 GROUP BY"),
                    format!("use {names} with GROUP BY over allowed columns"),
                ),
                column: None,
                location: None,
                proposal: None,
            }
        }
        _ => refused_use(source, "SELECT"),
    }
}
