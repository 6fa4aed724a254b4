//! Reviewed functions. A function that is not named here is refused.

use datafusion::logical_expr::Expr;
use datafusion::scalar::ScalarValue;

/// Scalar functions that never fail on a value of their argument types, and make a text no longer than its
/// arguments together.
pub(super) const TOTAL: &[&str] = &[
    "btrim",
    "call_date",
    "character_length",
    "coalesce",
    "concat",
    "greatest",
    "least",
    "lower",
    "ltrim",
    "nullif",
    "nvl",
    "reverse",
    "rtrim",
    "starts_with",
    "strpos",
    "upper",
    "years_since",
];

/// Scalar functions that never fail where the arguments at these positions are constants that they take.
pub(super) const STEERED: &[(&str, &[usize])] = &[("date_part", &[0]), ("substr", &[1, 2])];

/// Parts of a day that `date_part` gives of every day.
const DAY_PARTS: &[&str] = &[
    "year", "isoyear", "quarter", "month", "week", "day", "doy", "dow", "isodow",
];

/// Scalar functions that can fail on a value; for free columns of free rows only.
pub(super) const FALLIBLE: &[&str] = &[
    "abs",
    "ceil",
    "date_trunc",
    "floor",
    "make_date",
    "power",
    "replace",
    "round",
    "sqrt",
    "to_char",
    "to_date",
    "trunc",
];

/// Aggregates for free rows.
pub(super) const AGGREGATES: &[&str] = &[
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "median",
    "stddev",
    "stddev_pop",
    "var",
    "var_pop",
    "approx_distinct",
];

/// Window functions for free rows.
pub(super) const WINDOWS: &[&str] = &[
    "row_number",
    "rank",
    "dense_rank",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "ntile",
];

/// Masks of the domain.
pub(super) const MASKS: &[&str] = &["mask_partial", "mask_band", "mask_year"];

/// How a scalar function is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reviewed {
    Total,
    Steered,
    Fallible,
    Mask,
}

pub(super) fn scalar(name: &str) -> Option<Reviewed> {
    if TOTAL.contains(&name) {
        Some(Reviewed::Total)
    } else if STEERED.iter().any(|(steered, _)| *steered == name) {
        Some(Reviewed::Steered)
    } else if FALLIBLE.contains(&name) {
        Some(Reviewed::Fallible)
    } else if MASKS.contains(&name) {
        Some(Reviewed::Mask)
    } else {
        None
    }
}

/// Whether the steering arguments of a call are parts of a day that there are, or whole numbers from 0 on.
pub(super) fn steered_by_constants(name: &str, args: &[Expr]) -> bool {
    let constant = |expr: &Expr| match expr {
        Expr::Literal(ScalarValue::Utf8(Some(part)), _) => DAY_PARTS.contains(&part.to_ascii_lowercase().as_str()),
        Expr::Literal(ScalarValue::Int64(Some(number)), _) => *number >= 0,
        _ => false,
    };
    let positions = STEERED
        .iter()
        .find(|(steered, _)| *steered == name)
        .map(|(_, positions)| *positions);
    positions.is_some_and(|positions| {
        positions
            .iter()
            .filter_map(|position| args.get(*position))
            .all(constant)
    })
}

pub(super) fn aggregate(name: &str) -> bool {
    AGGREGATES.contains(&name)
}

pub(super) fn window(name: &str) -> bool {
    WINDOWS.contains(&name) || AGGREGATES.contains(&name)
}
