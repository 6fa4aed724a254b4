//! Totals: which grouping sets there may be over guarded rows.

use datafusion::logical_expr::{Aggregate, Expr, GroupingSet};

use super::node::Checker;
use super::refusal::FlowRefusal;
use super::rule::FlowRule;
use crate::control::{Shape, Totals};

/// The keys of an aggregate, each once, in the order of its columns.
pub(super) fn keys(aggregate: &Aggregate) -> Vec<&Expr> {
    match &aggregate.group_expr[..] {
        [Expr::GroupingSet(sets)] => sets.distinct_expr(),
        keys => keys.iter().collect(),
    }
}

/// Whether an aggregate has a column for the number of the grouping set.
pub(super) fn has_sets(aggregate: &Aggregate) -> bool {
    matches!(&aggregate.group_expr[..], [Expr::GroupingSet(_)])
}

impl Checker<'_> {
    /// How the cells hang together, where there are totals; `single` says that a subject has one row.
    pub(super) fn totals(&self, aggregate: &Aggregate, single: bool) -> Result<Option<Totals>, FlowRefusal> {
        let [Expr::GroupingSet(sets)] = &aggregate.group_expr[..] else {
            return Ok(None);
        };
        let keys = sets.distinct_expr();
        let shape = sets_of(sets, &keys).and_then(|sets| Shape::of(sets, keys.len()));
        let parameters = &self.access.parameters;
        Ok(Some(Totals {
            keys: keys.len(),
            shape: shape.ok_or_else(other_shape)?,
            aside_percent: parameters.magnitude_percent.max(parameters.p_percent.percent),
            single,
        }))
    }
}

/// The sets, a bit for each key.
fn sets_of(sets: &GroupingSet, keys: &[&Expr]) -> Option<Vec<u64>> {
    let count = u32::try_from(keys.len()).ok()?;
    let all = 1_u64.checked_shl(count).filter(|_| count < 64)? - 1;
    Some(match sets {
        GroupingSet::Rollup(_) => (0..=count).map(|kept| (1 << kept) - 1).collect(),
        // Of more than two keys no cube has a shape that is known.
        GroupingSet::Cube(_) if count > 2 => return None,
        GroupingSet::Cube(_) => (0..=all).collect(),
        GroupingSet::GroupingSets(sets) => {
            let bit = |key: &Expr| keys.iter().position(|other| *other == key).map(|place| 1 << place);
            let set = |set: &Vec<Expr>| set.iter().try_fold(0, |bits, key| Some(bits | bit(key)?));
            sets.iter().map(set).collect::<Option<_>>()?
        }
    })
}

fn other_shape() -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::TotalsShape,
        (
            "受控数据的合计只支持逐级合计（ROLLUP）与二维合计（CUBE），且须含最细一级：其他合计可能被相减推算".to_owned(),
            "totals of guarded rows are nested (ROLLUP) or of two dimensions (CUBE), with the finest cells among them: others could be solved for what is held back".to_owned(),
        ),
        (
            "请减少维度，或分别查询",
            "take fewer dimensions, or ask for ROLLUP or a CUBE of two keys",
        ),
    )
}

/// Noise of several levels would have to be charged for each.
pub(super) fn noisy_totals() -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::TotalsPrivate,
        (
            "差分隐私字段不能带合计（GROUPING SETS、ROLLUP、CUBE）".to_owned(),
            "private columns take no totals (GROUPING SETS, ROLLUP, CUBE)".to_owned(),
        ),
        (
            "请按一组键分组，合计由带噪声的各组相加",
            "group by one set of keys; add noisy groups up for a total",
        ),
    )
}
