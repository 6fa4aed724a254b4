//! Reviewed functions. A function that is not named here is refused.

/// Scalar functions that never fail on a value of their argument types.
pub(super) const TOTAL: &[&str] = &[
    "abs",
    "btrim",
    "ceil",
    "character_length",
    "coalesce",
    "concat",
    "date_part",
    "date_trunc",
    "floor",
    "greatest",
    "least",
    "lower",
    "ltrim",
    "nullif",
    "nvl",
    "replace",
    "reverse",
    "round",
    "rtrim",
    "starts_with",
    "strpos",
    "substr",
    "trunc",
    "upper",
    "call_date",
    "years_since",
];

/// Scalar functions that can fail on a value; for free columns only.
pub(super) const FALLIBLE: &[&str] = &["make_date", "to_date", "to_char", "power", "sqrt"];

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
    Fallible,
    Mask,
}

pub(super) fn scalar(name: &str) -> Option<Reviewed> {
    if TOTAL.contains(&name) {
        Some(Reviewed::Total)
    } else if FALLIBLE.contains(&name) {
        Some(Reviewed::Fallible)
    } else if MASKS.contains(&name) {
        Some(Reviewed::Mask)
    } else {
        None
    }
}

pub(super) fn aggregate(name: &str) -> bool {
    AGGREGATES.contains(&name)
}

pub(super) fn window(name: &str) -> bool {
    WINDOWS.contains(&name) || AGGREGATES.contains(&name)
}
