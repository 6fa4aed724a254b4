//! The information-flow check: which data may leave, decided on the logical plan from scan to root.
//!
//! # The calculus
//!
//! Every column of every node carries a *label*: the source columns it depends on, what was done
//! to them, and whether the value still is the source's own (*exact*). Every node carries the
//! sources that decided which rows are there (*implicit* flows), and whether its rows are still
//! rows of a *guarded* table: one with columns that leave in groups only.
//!
//! | node | rule |
//! | --- | --- |
//! | scan | a column gets its own label; `closed`, not granted, or `consented` without gate: refused when mentioned |
//! | projection | label of each expression; implicit flows pass; the subject key is followed by position, not by name |
//! | filter, `HAVING` | sources of the predicate become implicit; of a guarded table only `open` and `group` may be used, and not both in one part of an `AND` (`flow.mixed-condition`) |
//! | aggregate over guarded rows | keys from `open` and `group` columns, none from both; arguments exact and with a function that the column allows (of an `open` one `count` alone: its values are known, and a sum of known values tells whose they are); no `FILTER`, no `DISTINCT`; gets a release (`crate::control`) right above, after which all is free |
//! | grouping sets over guarded rows | nested totals, or those of two dimensions, with the finest cells among them; what is held back takes others with it; no private column |
//! | sort | only free columns, which become implicit as the keys of free groups do: they decide which rows are there; limit and distinct: not over guarded rows |
//! | values, limit | their expressions have labels as any other |
//! | join of two guarded resources | inner, by equality of `join` keys of both, no resource twice; every one of them has its subjects counted, distinctly |
//! | distinct | its values become implicit: they decide how many rows there are |
//! | any other join, union, window, subquery | free rows only; a correlated subquery stands in free rows too, and its label holds the outer columns it names |
//! | aggregate of a `private` column | of each subject counts what the rule allows (`bounded`); gets noise, and its loss is summed up over the plan; `count(DISTINCT …)` of a private subject key counts subjects |
//! | a model | in force; over free rows; its arguments are exactly its declared inputs, in order, of one scan of its table; gives a free score that can fail |
//! | anything else | refused by name |
//!
//! *Consent is a gate at the scan.* A table whose `consented` columns are mentioned is scanned through a gate that
//! shows the rows of the one subject that a parameter names, or of all subjects whose consent covers every consented
//! column that the query reads. Whatever stands above never meets another row. Rows of consenting subjects are free;
//! columns of their table that leave in groups only are not mentioned beside (`flow.consent-mixed`): statistics of
//! those who consent, taken from statistics of all, would be statistics of the few who do not.
//!
//! *A score is what its model says.* A `scored` column is used by nothing but a model that declares it. Arguments are
//! the columns themselves, and the table is scanned once below: neither a chosen value nor the values of two rows meet in
//! one score. A model that fails on a value tells it as its score would: a failure is one of its outputs, for its
//! reviewer to weigh, and looks the same whatever the reason in the model is.
//!
//! *A trainer is a sink of its own* (`training`): its rows leave nowhere, and only `open` and `scored` columns go in.
//!
//! At the root every label and every implicit flow must be granted and free: `open`, masked by the column's own
//! mask, consented through the gate, or released.
//!
//! *Failures tell.* An operation that can fail on a value (a division, a narrowing cast, a negative length) is for
//! free columns of free rows. Among guarded rows nothing at all may fail, not even a constant: whether the branch or
//! the row with `1 / 0` is met would tell.
//!
//! *Counts of what is held back tell.* The number of groups held back is told only where no filter chose the rows and
//! every key is a column as it stands.
//!
//! *Two answers about the same subjects* (`twice`). A query takes no two different exact statistics of one guarded table,
//! and a parameter chooses among guarded rows by the value of a column alone, so that the answers of a product are cells
//! of one table. The day of a call (`call_date()`) is a parameter too: who has a birthday between two days would be told.
//!
//! *What is not checked: two versions.* The same question of the versions of two days differs by whoever came, went or changed
//! between them. Where few do, a resource is versioned seldom, or its columns are `private`.
//!
//! *Names and secrets do not meet in one condition* (`flow.mixed-condition`). Four subjects who are known to be there, and a
//! fifth `OR` he has a value: whether the group is there at all tells it, past every control. Side by side, under `AND` or as
//! keys, a value only ever divides the subjects that a name chooses.
//!
//! *What is not checked: who knows the others.* One contributor who knows its own value is reckoned with in dominance, the
//! p % rule and the totals of a table; several who share what they know are not. Who knows the value of all subjects of a
//! group but one knows from the group that of the last. So does a department that makes up the rows of a resource that
//! others are joined with: a row more for each subject is a weight. Those who supply data are known, and every version is
//! on record.
//!
//! *What is not checked: two queries.* The check judges one query, and a control one answer. Whoever may write queries at
//! the workbench, and chooses among the subjects by an open column, can ask twice, once with a subject and once without:
//! both answers pass, and their difference is the subject's. The cell key hides how much it is, and not that there is one:
//! other records have other noise. Noise of a `private` column hides both, and its loss is summed up over all questions and
//! charged before any of them reads. Thresholds and dominance hide neither, rounding hides it in counts alone, whatever
//! is refused in a single query; nor would a limit of how near two answers may be that remembers what one developer asked,
//! since two can ask together. Every attempt is on record, and a day has so many.
//!
//! *Nor is time.* How long a query takes can depend on the values it meets: a costly branch of a `CASE` runs for the rows
//! that take it. Patterns over guarded rows are short and calls have a limit of time. At the workbench, where developers write
//! the query, an answer and its record wait for the next whole interval of the packs (`workbench.run`), so that a difference
//! below it does not show; what is made to take longer still tells how many intervals it took. Answers of products, whose
//! queries are reviewed, are not held up. Where that is a threat, columns are `private` with few queries, or `closed`.
//!
//! A node, expression or function that is not known here is refused: unknown means no. `tests` pins a verdict for
//! each kind there is.

mod aggregate;
mod bounded;
mod derivation;
mod expr;
mod function;
mod join;
mod label;
mod node;
mod placeholder;
mod private;
mod refusal;
mod release;
mod rule;
mod scan;
mod scored;
mod subquery;
mod totals;
mod training;
mod twice;
mod uses;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;
use gongshu_governance::resource::{Field, ReleaseRule};

pub use derivation::{Control, Derivation, Output, Read};
pub use refusal::FlowRefusal;
pub use rule::FlowRule;

pub(crate) use placeholder::type_placeholders;
pub(crate) use subquery::{correlated_parts, is_correlated};
pub(crate) use training::check_training;

use crate::access::Access;
use crate::table::Table;

/// What a passed check gives.
pub(crate) struct Checked {
    /// The plan with its controls.
    pub(crate) plan: LogicalPlan,
    /// Why it may run.
    pub(crate) derivation: Derivation,
    /// Whether the number of groups held back may be told.
    pub(crate) tells: bool,
    /// The tables of which only the rows of consenting subjects are seen.
    pub(crate) consenting: BTreeSet<String>,
    /// Whether any subquery runs once for each row of the query around it.
    pub(crate) correlated: bool,
}

/// Checks an analyzed, not yet optimized plan.
pub(crate) fn check(plan: &LogicalPlan, access: &Access, tables: &[Table]) -> Result<Checked, FlowRefusal> {
    let mut consenting = BTreeSet::new();
    let mut candidates = candidates(plan, tables);
    // A round for each table that may need the consent of its subjects.
    loop {
        let mut checker = node::Checker::new(access, tables, consenting.clone());
        let refusal = match checker.whole(plan) {
            Ok((plan, flow)) => {
                let (tells, correlated) = (checker.tells, checker.correlated);
                let derivation = checker.derivation(&plan, &flow);
                return Ok(Checked {
                    plan,
                    derivation,
                    tells,
                    consenting,
                    correlated,
                });
            }
            Err(refusal) => refusal,
        };
        let needed = checker.needs_consent.take().or_else(|| candidates.pop_first());
        match needed {
            Some(table) => drop(consenting.insert(table)),
            None => return Err(refusal),
        }
        candidates.retain(|table| !consenting.contains(table));
    }
}

/// Tables that may have to be seen by consent: the query speaks of a name that is a consented column of theirs. A table
/// whose gate turns out not to be needed shows nobody's rows.
fn candidates(plan: &LogicalPlan, tables: &[Table]) -> BTreeSet<String> {
    let asks = |table: &&Table| {
        let mut fields = table.fields().iter();
        table.subject().is_some() && fields.any(|field| field.release == ReleaseRule::Consented)
    };
    let asking: Vec<&Table> = tables.iter().filter(asks).collect();
    if asking.is_empty() {
        return BTreeSet::new();
    }
    let mut names = BTreeSet::new();
    // INVARIANT: neither closure fails, so that neither walk does.
    let _ = plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expr| {
            names.extend(expr.column_refs().into_iter().map(|column| column.name.clone()));
            Ok(TreeNodeRecursion::Continue)
        })
    });
    let consented = |field: &Field| field.release == ReleaseRule::Consented && names.contains(&field.name);
    let named = asking.iter().filter(|table| table.fields().iter().any(consented));
    named.map(|table| table.name().to_owned()).collect()
}
