//! Marginals: the query that asks for one, its answer read, and values drawn from it. Pure: the same seed, the same values.

use gongshu_engine::FieldType;
use gongshu_governance::resource::{AggregateFunction, ReleaseRule};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::GrantedField;

/// Most values of a column that are drawn from, the most frequent first.
pub const SAMPLE_VALUES_MAX: usize = 1_000;

/// From what the values of a column are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// From so many values with their counts.
    Counts(usize),
    /// From around the mean.
    Mean,
    /// From nothing of the data.
    Placeholder,
}

/// What is known of a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Marginal {
    Counts(Vec<(Value, u64)>),
    Mean(f64),
    Unknown,
}

/// What asks for a column's marginal; none where its rule lets no marginal leave, or only at the cost of a budget.
pub(super) fn profile_query(table: &str, field: &GrantedField) -> Option<String> {
    let (table, column) = (quoted(table), quoted(&field.field.name));
    match &field.release {
        ReleaseRule::Open | ReleaseRule::Group => {
            Some(format!("SELECT {column}, count(*) FROM {table} GROUP BY {column}"))
        }
        ReleaseRule::Aggregate { functions } if functions.contains(&AggregateFunction::Mean) => {
            Some(format!("SELECT avg({column}) FROM {table}"))
        }
        ReleaseRule::Aggregate { functions } if functions.contains(&AggregateFunction::Sum) => {
            Some(format!("SELECT sum({column}), count(*) FROM {table}"))
        }
        ReleaseRule::Aggregate { .. }
        | ReleaseRule::Masked { .. }
        | ReleaseRule::Join
        | ReleaseRule::Private { .. }
        | ReleaseRule::Consented
        | ReleaseRule::Scored
        | ReleaseRule::Closed => None,
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Reads a marginal from the answer to its query. The order of groups is no part of an answer, so they are sorted.
pub(super) fn read(answer: &Value, release: &ReleaseRule) -> Marginal {
    let rows = answer["rows"].as_array().map_or(&[][..], Vec::as_slice);
    if matches!(release, ReleaseRule::Open | ReleaseRule::Group) {
        let counted = rows.iter().filter_map(|row| Some((row[0].clone(), row[1].as_u64()?)));
        let mut counts: Vec<(Value, u64)> = counted.filter(|(_, count)| *count > 0).collect();
        counts.sort_by_cached_key(|(value, count)| (std::cmp::Reverse(*count), value.to_string()));
        counts.truncate(SAMPLE_VALUES_MAX);
        return if counts.is_empty() {
            Marginal::Unknown
        } else {
            Marginal::Counts(counts)
        };
    }
    let cell = |index: usize| rows.first().and_then(|row| number(&row[index]));
    let mean = match (cell(0), cell(1)) {
        (Some(sum), Some(count)) if count > 0.0 => Some(sum / count),
        (mean, _) => mean,
    };
    mean.map_or(Marginal::Unknown, Marginal::Mean)
}

/// Decimals are texts.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

impl Marginal {
    pub(super) fn shape(&self) -> Shape {
        match self {
            Self::Counts(counts) => Shape::Counts(counts.len()),
            Self::Mean(_) => Shape::Mean,
            Self::Unknown => Shape::Placeholder,
        }
    }
}

/// The values of a column. Each column has a random source of its own, seeded by the sample's seed and the column.
pub(super) fn draw(marginal: &Marginal, field: &GrantedField, rows: usize, seed: u64) -> Vec<Value> {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(field.field.name.as_bytes());
    let mut rng = StdRng::from_seed(hash.finalize().into());
    let kind = field.field.field_type;
    match marginal {
        Marginal::Counts(counts) => {
            let total: u64 = counts.iter().map(|(_, count)| count).sum();
            (0..rows).map(|_| pick(counts, rng.random_range(0..total))).collect()
        }
        Marginal::Mean(mean) => (0..rows)
            .map(|_| written(mean * rng.random_range(0.5..1.5), kind))
            .collect(),
        Marginal::Unknown => (1..=rows).map(|row| placeholder(row, kind)).collect(),
    }
}

/// The value at a place among all counts laid end to end.
fn pick(counts: &[(Value, u64)], mut place: u64) -> Value {
    for (value, count) in counts {
        if place < *count {
            return value.clone();
        }
        place -= count;
    }
    Value::Null
}

fn written(value: f64, kind: FieldType) -> Value {
    match kind {
        FieldType::Integer => format!("{value:.0}").parse::<i64>().map_or(Value::Null, Value::from),
        FieldType::Decimal => json!(format!("{value:.2}")),
        FieldType::Float | FieldType::Text | FieldType::Date => json!(value),
    }
}

fn placeholder(row: usize, kind: FieldType) -> Value {
    match kind {
        FieldType::Text => json!(format!("样例-{row}")),
        FieldType::Integer | FieldType::Float => json!(row),
        FieldType::Decimal => json!(format!("{row}.00")),
        FieldType::Date => json!("2000-01-01"),
    }
}

#[cfg(test)]
mod tests {
    use gongshu_engine::FieldType;
    use gongshu_governance::resource::{AggregateFunction, Contribution, Field, NoiseDistribution, ReleaseRule};
    use serde_json::{Value, json};

    use super::{Marginal, draw, profile_query, read};
    use crate::workbench::GrantedField;

    fn field(name: &str, field_type: FieldType, release: ReleaseRule) -> GrantedField {
        GrantedField {
            field: Field {
                name: name.to_owned(),
                field_type,
                meaning: name.to_owned(),
                level: 2,
                release: release.clone(),
                nullable: false,
            },
            release,
        }
    }

    #[test]
    fn only_what_leaves_in_counts_or_means_without_a_budget_is_asked() {
        let aggregate = |functions: &[AggregateFunction]| ReleaseRule::Aggregate {
            functions: functions.iter().copied().collect(),
        };
        let asked = |release| profile_query("t", &field("c\"x", FieldType::Integer, release));
        let counts = "SELECT \"c\"\"x\", count(*) FROM \"t\" GROUP BY \"c\"\"x\"";
        assert_eq!(asked(ReleaseRule::Group).as_deref(), Some(counts));
        assert_eq!(asked(ReleaseRule::Open).as_deref(), Some(counts));
        let mean = asked(aggregate(&[AggregateFunction::Mean, AggregateFunction::Sum]));
        assert_eq!(mean.as_deref(), Some("SELECT avg(\"c\"\"x\") FROM \"t\""));
        let private = ReleaseRule::Private {
            functions: [AggregateFunction::Mean].into(),
            rho_micro: 1,
            low: 0,
            high: 1,
            noise: NoiseDistribution::default(),
            contribution: Contribution::default(),
        };
        let silent = [
            private,
            aggregate(&[AggregateFunction::Count]),
            ReleaseRule::Closed,
            ReleaseRule::Consented,
            ReleaseRule::Join,
            ReleaseRule::Scored,
        ];
        for release in silent {
            assert_eq!(asked(release.clone()), None, "{release:?}");
        }
    }

    #[test]
    fn values_follow_their_counts_and_the_seed_alone() {
        let answer = json!({"rows": [["b", 10], ["a", 90], [null, 0]]});
        let marginal = read(&answer, &ReleaseRule::Group);
        assert_eq!(marginal, Marginal::Counts(vec![(json!("a"), 90), (json!("b"), 10)]));
        let place = field("place", FieldType::Text, ReleaseRule::Group);
        let drawn = draw(&marginal, &place, 1_000, 7);
        assert_eq!(drawn, draw(&marginal, &place, 1_000, 7));
        assert_ne!(drawn, draw(&marginal, &place, 1_000, 8));
        let often = drawn.iter().filter(|value| **value == "a").count();
        assert!((850..950).contains(&often), "{often} of 1000 at odds of 0.9");
        // Another column of the same counts is drawn by itself.
        let other = field("other", FieldType::Text, ReleaseRule::Group);
        assert_ne!(drawn, draw(&marginal, &other, 1_000, 7));
    }

    #[test]
    fn means_are_read_from_means_and_from_sums_and_written_by_type() {
        let rule = ReleaseRule::Aggregate {
            functions: [AggregateFunction::Sum].into(),
        };
        assert_eq!(read(&json!({"rows": [["200.00", 5]]}), &rule), Marginal::Mean(40.0));
        assert_eq!(read(&json!({"rows": [[40.0]]}), &rule), Marginal::Mean(40.0));
        assert_eq!(read(&json!({"rows": [[null, null]]}), &rule), Marginal::Unknown);
        for (field_type, is_written) in [
            (FieldType::Integer, Value::is_i64 as fn(&Value) -> bool),
            (FieldType::Float, Value::is_f64),
            (FieldType::Decimal, Value::is_string),
        ] {
            let values = draw(&Marginal::Mean(40.0), &field("pay", field_type, rule.clone()), 20, 1);
            assert!(values.iter().all(is_written), "{values:?}");
        }
    }
}
