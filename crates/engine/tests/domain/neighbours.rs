//! Non-interference of what leaves in groups: what one subject's record can change, and how much.
//!
//! *Exact controls.* What leaves is a function of the cell alone, which `expected` computes again, apart from the engine:
//! so one subject's record changes the cells in which it stands, before and after, and no other; of those only such leave
//! that have enough subjects, and the rules of magnitudes hold them back as they say. With the cell key, what a change
//! leaves alone keeps its noise.
//!
//! *Noise.* Of two tables that differ in all private values of one subject, no linear question about the answers
//! separates the two further than the stated loss: at a loss of ρ the difference of the means, in standard deviations, is
//! at most √(2ρ) (Gaussian; of Laplace noise of the mean size b, the sum of differences is at most √(2ρ)·b). Tested by
//! the most powerful linear statistic, the direction of the difference itself, and with the noise that is found, not the
//! noise that is stated; up to six standard errors of the draws.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::Int64Array;
use gongshu_engine::{Config, Engine, FieldType, Table};
use gongshu_governance::resource::{
    AggregateFunction as F, Contribution, NoiseDistribution, OutputControl, ReleaseRule,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::controls::under;
use crate::private::{PERSONS, journeys};
use crate::world::{self, THRESHOLD, table, whole};

/// A record: two keys, an amount that may be missing, and an open number.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Record {
    subject: i64,
    keys: [i64; 2],
    amount: Option<i64>,
    open: i64,
}

const KEYS: [&str; 2] = ["a", "b"];
const MEASURES: [&str; 4] = ["count(*)", "count(d)", "sum(d)", "avg(d)"];

/// A question of one set of groups.
#[derive(Debug, Clone)]
struct Question {
    keys: Vec<usize>,
    measures: Vec<usize>,
    /// Only records whose open number is at most this.
    open_max: Option<i64>,
}

impl Question {
    fn sql(&self) -> String {
        let keys: Vec<&str> = self.keys.iter().map(|key| KEYS[*key]).collect();
        let columns = keys
            .iter()
            .copied()
            .chain(self.measures.iter().map(|measure| MEASURES[*measure]));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let filter = self
            .open_max
            .map_or(String::new(), |most| format!(" WHERE e <= {most}"));
        let group = if keys.is_empty() {
            String::new()
        } else {
            format!(" GROUP BY {}", keys.join(", "))
        };
        format!("SELECT {columns} FROM people{filter}{group}")
    }

    /// The records behind each cell.
    fn cells<'a>(&self, records: &'a [Record]) -> BTreeMap<Vec<i64>, Vec<&'a Record>> {
        let mut cells: BTreeMap<Vec<i64>, Vec<&Record>> = BTreeMap::new();
        for record in records
            .iter()
            .filter(|record| self.open_max.is_none_or(|most| record.open <= most))
        {
            let key = self.keys.iter().map(|key| record.keys[*key]).collect();
            cells.entry(key).or_default().push(record);
        }
        cells
    }
}

fn question() -> impl Strategy<Value = Question> {
    let keys = prop::sample::subsequence(vec![0, 1], 0..=2);
    let measures = prop::sample::subsequence(vec![0, 1, 2, 3], 1..=4);
    let open_max = prop::option::of(0..4_i64);
    (keys, measures, open_max).prop_map(|(keys, measures, open_max)| Question {
        keys,
        measures,
        open_max,
    })
}

fn record() -> impl Strategy<Value = Record> {
    let amount = prop_oneof![1 => Just(None), 6 => (0..40_i64).prop_map(Some), 1 => (1_000..9_000_i64).prop_map(Some)];
    (0..30_i64, prop::array::uniform2(0..3_i64), amount, 0..4_i64).prop_map(|(subject, keys, amount, open)| Record {
        subject,
        keys,
        amount,
        open,
    })
}

/// Records of subjects that have one each, or several.
fn records() -> impl Strategy<Value = (Vec<Record>, bool)> {
    (prop::collection::vec(record(), 1..110), any::<bool>()).prop_map(|(mut records, single)| {
        if single {
            let numbers = 0_i64..;
            records
                .iter_mut()
                .zip(numbers)
                .for_each(|(record, number)| record.subject = number);
        }
        (records, single)
    })
}

fn controls() -> impl Strategy<Value = Vec<OutputControl>> {
    use OutputControl::{Dominance, PPercent, Rounding};
    prop::sample::subsequence(vec![Dominance, PPercent, Rounding], 0..=3)
}

fn people(records: &[Record], single: bool) -> Table {
    let column = |value: fn(&Record) -> i64| whole(records.iter().map(value));
    let amounts = Arc::new(records.iter().map(|record| record.amount).collect::<Int64Array>());
    let columns = vec![
        (
            "id",
            FieldType::Integer,
            ReleaseRule::Closed,
            column(|record| record.subject),
        ),
        (
            "a",
            FieldType::Integer,
            ReleaseRule::Group,
            column(|record| record.keys[0]),
        ),
        (
            "b",
            FieldType::Integer,
            ReleaseRule::Group,
            column(|record| record.keys[1]),
        ),
        (
            "d",
            FieldType::Integer,
            world::aggregate(&[F::Sum, F::Mean]),
            amounts as _,
        ),
        ("e", FieldType::Integer, ReleaseRule::Open, column(|record| record.open)),
    ];
    table("people", Some("id"), single, columns)
}

/// The answer by its keys, and the number of groups that are said to be held back.
type Answered = (BTreeMap<Vec<i64>, Vec<Value>>, Value);

fn answered(question: &Question, people: &Table, controls: &[OutputControl]) -> Answered {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let engine = Engine::new(Config::default()).unwrap();
    let answer = runtime.block_on(async {
        let access = under(people, controls);
        let checked = engine
            .check(&question.sql(), &access, vec![people.clone()], &[])
            .await
            .unwrap();
        let prepared = engine.prepare(checked).await.unwrap();
        prepared
            .execute(&[], jiff::civil::date(2026, 1, 1))
            .await
            .unwrap()
            .to_json()
    });
    let width = question.keys.len();
    let row = |row: &Value| {
        let row = row.as_array().unwrap();
        let keys = row[..width].iter().map(|key| key.as_i64().unwrap()).collect();
        (keys, row[width..].to_vec())
    };
    (
        answer["rows"].as_array().unwrap().iter().map(row).collect(),
        answer["suppressed"].clone(),
    )
}

fn subjects<'a>(records: impl Iterator<Item = &'a &'a Record>) -> u64 {
    let subjects: BTreeSet<i64> = records.map(|record| record.subject).collect();
    subjects.len() as u64
}

/// What a cell shows by the rules alone, where no noise is added.
fn expected(cell: &[&Record], question: &Question, controls: &[OutputControl]) -> Vec<Value> {
    let has = |control| controls.contains(&control);
    let valued: Vec<&&Record> = cell.iter().filter(|record| record.amount.is_some()).collect();
    let enough = subjects(valued.iter().copied()) >= THRESHOLD;
    let mut sizes: BTreeMap<i64, i64> = BTreeMap::new();
    for record in &valued {
        *sizes.entry(record.subject).or_default() += record.amount.unwrap();
    }
    let mut sizes: Vec<i64> = sizes.into_values().collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let total: i64 = sizes.iter().sum();
    let (first, second) = (sizes.first().copied().unwrap_or(0), sizes.get(1).copied().unwrap_or(0));
    // The rules of the national pack: one may not have more than 75 %, and the rest hides a tenth of the largest.
    let dominated = has(OutputControl::Dominance) && first * 100 > total * 75;
    let told = has(OutputControl::PPercent) && (total - first - second) * 10 < first;
    let rounded = |count: usize| {
        if has(OutputControl::Rounding) {
            (count + 2) / 5 * 5
        } else {
            count
        }
    };
    let of = |measure: &usize| match MEASURES[*measure] {
        "count(*)" => json!(rounded(cell.len())),
        _ if !enough => Value::Null,
        "count(d)" => json!(rounded(valued.len())),
        _ if dominated || told => Value::Null,
        "sum(d)" => json!(total),
        _ => json!(total as f64 / rounded(valued.len()) as f64),
    };
    question.measures.iter().map(of).collect()
}

fn same(found: &[Value], expected: &[Value]) -> bool {
    let same = |(a, b): (&Value, &Value)| match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-6,
        _ => a == b,
    };
    found.len() == expected.len() && found.iter().zip(expected).all(same)
}

proptest! {
    #![proptest_config(crate::properties::cases(40))]

    /// With exact controls everything that leaves, and everything that does not, follows from each cell alone.
    #[test]
    fn what_leaves_is_what_the_rules_say((records, single) in records(), question in question()) {
        use OutputControl::{Dominance, PPercent, Rounding};
        let cells = question.cells(&records);
        let (enough, few): (Vec<_>, Vec<_>) = cells.iter().partition(|(_, cell)| subjects(cell.iter()) >= THRESHOLD);
        for controls in [&[Dominance][..], &[PPercent], &[Dominance, PPercent, Rounding]] {
            let (found, told) = answered(&question, &people(&records, single), controls);
            let keys: Vec<_> = enough.iter().map(|(key, _)| (*key).clone()).collect();
            prop_assert_eq!(found.keys().cloned().collect::<Vec<_>>(), keys, "{} of {:?}", question.sql(), records);
            for (key, cell) in &enough {
                let expected = expected(cell, &question, controls);
                prop_assert!(same(&found[*key], &expected), "{:?}: {:?}, not {:?}: {} under {:?}", key, found[*key], expected, question.sql(), controls);
            }
            if let (Some(told), false) = (told.as_u64(), question.keys.is_empty()) {
                prop_assert_eq!(told, few.len() as u64, "{}", question.sql());
            }
        }
    }

    /// A subject that changes all it has, comes or goes changes no cell in which it does not stand: neither values nor
    /// noise, nor whether they leave.
    #[test]
    fn a_subject_changes_its_own_cells_alone((records, single) in records(), question in question(), controls in controls(), victim: prop::sample::Index, other in prop::option::of(record()), keyed: bool) {
        let victim = records[victim.index(records.len())].subject;
        let (of, mut changed): (Vec<Record>, Vec<Record>) = records.iter().partition(|record| record.subject == victim);
        changed.extend(other.map(|other| Record { subject: victim, ..other }));
        if changed.is_empty() {
            return Ok(());
        }
        let controls: Vec<_> = controls.into_iter().chain(keyed.then_some(OutputControl::CellKey)).collect();
        let touched = |record: &Record| question.keys.iter().map(|key| record.keys[*key]).collect::<Vec<_>>();
        let touched: BTreeSet<Vec<i64>> = of.iter().chain(&changed).filter(|record| record.subject == victim).map(touched).collect();
        let untouched = |found: BTreeMap<Vec<i64>, Vec<Value>>| found.into_iter().filter(|(key, _)| !touched.contains(key)).collect::<Vec<_>>();
        let (before, _) = answered(&question, &people(&records, single), &controls);
        let (after, _) = answered(&question, &people(&changed, single), &controls);
        for (records, found) in [(&records, &before), (&changed, &after)] {
            let cells = question.cells(records);
            let few = found.keys().find(|key| cells.get(*key).is_none_or(|cell| subjects(cell.iter()) < THRESHOLD));
            prop_assert_eq!(few, None, "{}", question.sql());
        }
        prop_assert_eq!(untouched(before), untouched(after), "{} under {:?}", question.sql(), controls);
    }
}

/// A loss of one result: √(2ρ) is four standard deviations, so that a bound passed by a third is seen.
const RHO_MICRO: u64 = 8_000_000;
const DRAWS: usize = 200;

/// The numbers of an answer, so many times.
async fn drawn(sql: &str, table: &Table) -> Vec<Vec<f64>> {
    let engine = Engine::new(Config::default()).unwrap();
    let checked = engine
        .check(sql, &under(table, &[]), vec![table.clone()], &[])
        .await
        .unwrap();
    let prepared = engine.prepare(checked).await.unwrap();
    let mut draws = Vec::new();
    for _ in 0..DRAWS {
        let answer = prepared
            .execute(&[], jiff::civil::date(2026, 1, 1))
            .await
            .unwrap()
            .to_json();
        let rows = answer["rows"].as_array().unwrap();
        draws.push(
            rows.iter()
                .map(|row| row.as_array().unwrap().last().unwrap().as_f64().unwrap())
                .collect(),
        );
    }
    draws
}

/// How far two tables are apart, in the units of √(2ρ), and the standard error of that.
fn apart(draws: &[Vec<Vec<f64>>; 2], noise: NoiseDistribution) -> (f64, f64) {
    let count = DRAWS as f64;
    let cells = draws[0][0].len();
    let mean = |draws: &[Vec<f64>], cell: usize| draws.iter().map(|draw| draw[cell]).sum::<f64>() / count;
    let shifts: Vec<f64> = (0..cells)
        .map(|cell| mean(&draws[1], cell) - mean(&draws[0], cell))
        .collect();
    let squares = |draws: &[Vec<f64>], cell: usize| {
        let mean = mean(draws, cell);
        draws.iter().map(|draw| (draw[cell] - mean).powi(2)).sum::<f64>()
    };
    let sum: f64 = (0..cells)
        .map(|cell| squares(&draws[0], cell) + squares(&draws[1], cell))
        .sum();
    let variance = sum / (2.0 * (count - 1.0) * cells as f64);
    let each = (2.0 / count).sqrt();
    // The variance is known up to its own error: two fourth moments of a Gaussian, five of a Laplace.
    let spread = |excess: f64| 0.5 * (excess / (2.0 * count * cells as f64)).sqrt();
    match noise {
        NoiseDistribution::Gaussian => {
            let far = shifts.iter().map(|shift| shift * shift).sum::<f64>().sqrt() / variance.sqrt();
            (far, each + far * spread(2.0))
        }
        NoiseDistribution::Laplace => {
            let far = shifts.iter().map(|shift| shift.abs()).sum::<f64>() / (variance / 2.0).sqrt();
            (far, each * (2.0 * cells as f64).sqrt() + far * spread(5.0))
        }
    }
}

/// Asserts that neighbours are as far apart as the loss allows: no further, and not so near that the test would see
/// nothing.
fn at_the_bound(what: &str, draws: &[Vec<Vec<f64>>; 2], noise: NoiseDistribution) {
    let bound = (2.0 * RHO_MICRO as f64 / 1e6).sqrt();
    let (far, error) = apart(draws, noise);
    println!("{what}: {far:.2} ± {error:.2} of {bound}");
    assert!(far <= bound + 6.0 * error, "{what}: {far} ± {error}, more than {bound}");
    assert!(
        far >= bound - 6.0 * error && error < bound / 8.0,
        "{what}: {far} ± {error} sees nothing"
    );
}

const BOTH: [NoiseDistribution; 2] = [NoiseDistribution::Gaussian, NoiseDistribution::Laplace];

#[tokio::test]
async fn all_values_of_a_subject_move_an_answer_by_its_loss_at_most() {
    let sql = "SELECT station, sum(fare) FROM journeys GROUP BY station ORDER BY station";
    for (groups, rows) in [(2, 3), (4, 2)] {
        for noise in BOTH {
            let of = |fare: i64| {
                let victim = move |row: i64| if row % PERSONS == 7 { fare } else { 50 };
                journeys(RHO_MICRO, noise, Contribution { groups, rows }, victim)
            };
            let draws = [drawn(sql, &of(-1_000_000)).await, drawn(sql, &of(1_000_000)).await];
            at_the_bound(&format!("{groups} groups of {rows}, {noise:?}"), &draws, noise);
        }
    }
}

/// 60 persons with one record each, of which one is paid this.
fn paid(noise: NoiseDistribution, pay: Option<i64>) -> Table {
    let private = ReleaseRule::Private {
        functions: [F::Sum, F::Mean].into(),
        rho_micro: RHO_MICRO,
        low: -20,
        high: 100,
        noise,
        contribution: Contribution::default(),
    };
    let all = || 0..60_i64;
    let pays = all().map(|person| if person == 7 { pay } else { Some(person) });
    let columns = vec![
        ("person", FieldType::Integer, ReleaseRule::Closed, whole(all())),
        (
            "pay",
            FieldType::Integer,
            private,
            Arc::new(pays.collect::<Int64Array>()) as _,
        ),
    ];
    table("paid", Some("person"), true, columns)
}

#[tokio::test]
async fn one_value_moves_a_sum_by_its_loss_at_most() {
    for noise in BOTH {
        let draws = |pay| async move { drawn("SELECT sum(pay) FROM paid", &paid(noise, pay)).await };
        let far = [draws(Some(i64::MIN / 4)).await, draws(Some(i64::MAX / 4)).await];
        at_the_bound(&format!("one value, {noise:?}"), &far, noise);
        let missing = [draws(None).await, draws(Some(1_000)).await];
        let (far, error) = apart(&missing, noise);
        assert!(far <= 4.0 + 6.0 * error && far > 1.0, "{far} ± {error}");
    }
}
