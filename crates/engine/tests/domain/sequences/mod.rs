//! Non-interference of a product: one query that is called several times with different parameters, over columns of
//! every type. Whatever the sequence, its answers together tell nothing of what may not leave, no failure tells of a
//! hidden value, and what leaves of guarded rows are cells of one table.

mod grammar;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{Date32Array, Float64Array};
use gongshu_engine::{Access, Config, Engine, FieldType, Param, Table};
use gongshu_governance::resource::{AggregateFunction as F, ReleaseRule};
use proptest::prelude::*;
use serde_json::Value;

use crate::properties::{cases, run, sorted};
use crate::world::{self, Data, THRESHOLD, table, texts, whole};
use grammar::{CONSTRUCTS, Piece, failing, grouped, query};

/// Values of a row: places in the pools below.
type Row = [usize; 6];

const BIG: [i64; 6] = [0, 1, i64::MAX, i64::MIN, -1, 2];
const TEXTS: [&str; 8] = [
    "0",
    "rare",
    "1e400",
    "12:30:00",
    "",
    "2020-02-29",
    "9999999999-01-01",
    "-",
];
const NUMBERS: [f64; 6] = [1.5, f64::NAN, f64::INFINITY, -0.0, 1e308, 0.0];
const DAYS: [i32; 5] = [0, 18_321, i32::MAX, i32::MIN, 11_016];

/// Types of the parameters.
const PARAMETERS: [FieldType; 4] = [FieldType::Integer, FieldType::Text, FieldType::Date, FieldType::Float];

/// Values of one call.
type Call = Vec<Param>;

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let text = prop::sample::select(vec!["rare", "0", "r%", ""]);
    let day = prop::sample::select(vec![jiff::civil::date(1970, 1, 1), jiff::civil::date(2020, 2, 29)]);
    let number = prop::sample::select(vec![1.5, 0.0, f64::NAN]);
    let call = (0..4_i64, text, day, number).prop_map(|(whole, text, day, number)| {
        vec![
            Param::Integer(whole),
            Param::Text(text.to_owned()),
            Param::Date(day),
            Param::Decimal(number),
        ]
    });
    prop::collection::vec(call, 2..5)
}

/// Mostly few different values, so that many share one.
fn row() -> impl Strategy<Value = Row> {
    let place = || prop_oneof![5 => 0..2_usize, 1 => 0..24_usize];
    [place(), place(), place(), place(), place(), place()]
}

/// Few different values alone, none of them odd.
fn calm() -> impl Strategy<Value = Row> {
    prop::array::uniform6(0..2_usize)
}

/// Mostly odd values: the least and the largest of their types, and what is hard to read.
fn odd() -> impl Strategy<Value = Row> {
    let place = || prop_oneof![4 => 2..4_usize, 1 => 0..24_usize];
    [place(), place(), place(), place(), place(), place()]
}

/// Rows of so many people, most often without anybody odd among them.
fn people(count: Range<usize>) -> impl Strategy<Value = Vec<Row>> {
    prop_oneof![2 => prop::collection::vec(calm(), count.clone()), 1 => prop::collection::vec(row(), count)]
}

/// What somebody has instead.
fn other() -> impl Strategy<Value = Row> {
    prop_oneof![2 => odd(), 1 => row()]
}

/// Rules, of which so many in ten are those of groups and one is closed.
fn rules(grouped: u32) -> impl Strategy<Value = Vec<ReleaseRule>> {
    let rule = prop_oneof![
        9 - grouped => Just(ReleaseRule::Open),
        grouped => Just(ReleaseRule::Group),
        1 => Just(ReleaseRule::Closed),
    ];
    prop::collection::vec(rule, 6)
}

/// Rules of a table whose rows are free.
fn free(rules: &[ReleaseRule]) -> Vec<ReleaseRule> {
    let free = |rule: &ReleaseRule| match rule {
        ReleaseRule::Closed => ReleaseRule::Closed,
        _ => ReleaseRule::Open,
    };
    rules.iter().map(free).collect()
}

fn columns(rows: &[Row], rules: &[ReleaseRule]) -> Vec<Data> {
    let [a, b, big, t, f, day] = std::array::from_fn(|place| rules[place].clone());
    let at = |place: usize, pool: usize| rows.iter().map(move |row| row[place] % pool);
    let small = |place: usize| whole(at(place, 4).map(|at| i64::try_from(at).unwrap()));
    vec![
        ("a", FieldType::Integer, a, small(0)),
        ("b", FieldType::Integer, b, small(1)),
        (
            "big",
            FieldType::Integer,
            big,
            whole(at(2, BIG.len()).map(|at| BIG[at])),
        ),
        (
            "t",
            FieldType::Text,
            t,
            texts(at(3, TEXTS.len()).map(|at| TEXTS[at].to_owned())),
        ),
        (
            "f",
            FieldType::Float,
            f,
            Arc::new(Float64Array::from_iter_values(
                at(4, NUMBERS.len()).map(|at| NUMBERS[at]),
            )),
        ),
        (
            "day",
            FieldType::Date,
            day,
            Arc::new(Date32Array::from_iter_values(at(5, DAYS.len()).map(|at| DAYS[at]))),
        ),
    ]
}

/// People, each of whom has a bit of his own in `d`: a sum tells who is in it. Members by their key, and places that are free.
fn tables(people: &[Row], places: &[Row], rules: &[ReleaseRule]) -> Vec<Table> {
    let numbers = || (0..people.len()).map(|row| i64::try_from(row).unwrap());
    let mut all = vec![
        ("id", FieldType::Integer, ReleaseRule::Closed, whole(numbers())),
        ("j", FieldType::Integer, ReleaseRule::Join, whole(numbers())),
        (
            "d",
            FieldType::Integer,
            world::aggregate(&[F::Sum]),
            whole(numbers().map(|row| 1 << row)),
        ),
    ];
    all.extend(columns(people, rules));
    let members = vec![
        ("m", FieldType::Integer, ReleaseRule::Join, whole(0..40)),
        (
            "kind",
            FieldType::Integer,
            ReleaseRule::Group,
            whole((0..40).map(|member| member % 2)),
        ),
    ];
    vec![
        table("people", Some("id"), true, all),
        table("members", Some("m"), true, members),
        table("places", None, false, columns(places, &free(rules))),
    ]
}

fn access(tables: &[Table]) -> Access {
    world::access(tables, false)
}

/// What one call answers.
type Answered = Result<Value, String>;

/// The answers of a sequence of calls of one prepared query; nothing where it is refused.
async fn called(sql: &str, calls: &[Call], tables: Vec<Table>) -> Option<Vec<Answered>> {
    let engine = Engine::new(Config::default()).unwrap();
    let checked = engine.check(sql, &access(&tables), tables, &PARAMETERS).await.ok()?;
    // What no plan can be made of fails for everybody alike, before any row is read.
    let prepared = engine.prepare(checked).await.ok()?;
    let mut answers = Vec::new();
    for call in calls {
        let answer = prepared.execute(call, jiff::civil::date(2026, 1, 1)).await;
        answers.push(
            answer
                .map(|answer| sorted(answer.to_json()))
                .map_err(|error| error.to_string()),
        );
    }
    Some(answers)
}

/// The same rows, in which one has other values where the rule hides them.
fn changed(rows: &[Row], victim: usize, other: Row, hidden: impl Fn(usize) -> bool) -> Vec<Row> {
    let mut rows = rows.to_vec();
    for place in (0..other.len()).filter(|place| hidden(*place)) {
        rows[victim][place] = other[place];
    }
    rows
}

/// Who is in each sum that left, a bit for each.
fn told(answers: &[Answered]) -> Vec<i64> {
    let sums = |answer: &Value| {
        let columns = answer["columns"].as_array().unwrap();
        let of = columns.iter().position(|column| column["name"] == "s");
        let rows = answer["rows"].as_array().unwrap().clone();
        rows.into_iter().filter_map(|row| row[of?].as_i64()).collect::<Vec<_>>()
    };
    answers.iter().flatten().flat_map(sums).collect()
}

proptest! {
    #![proptest_config(cases(60))]

    /// Of closed columns nothing depends on the value, whatever is asked in which order; and no call depends on those before it.
    #[test]
    fn calls_tell_nothing_of_what_is_closed(people in people(1..40), places in prop::collection::vec(row(), 1..12), rules in rules(4), piece in query(), calls in calls(), victim: prop::sample::Index, other in other()) {
        let closed = |place: usize| rules[place] == ReleaseRule::Closed;
        let others = [changed(&people, victim.index(people.len()), other, closed), changed(&places, victim.index(places.len()), other, closed)];
        let [one, two, alone] = run(async {
            let one = called(&piece.sql, &calls, tables(&people, &places, &rules)).await;
            let two = called(&piece.sql, &calls, tables(&others[0], &others[1], &rules)).await;
            let last = &calls[calls.len() - 1..];
            [one, two, called(&piece.sql, last, tables(&people, &places, &rules)).await]
        });
        prop_assert_eq!(&one, &two, "{} under {:?}", piece.sql, rules);
        let last = |answers: Option<Vec<Answered>>| answers.and_then(|mut answers| answers.pop());
        prop_assert_eq!(last(one), last(alone), "{}: {:?}", piece.sql, calls);
    }

    /// Below the threshold nothing that leaves in groups depends on anybody, failures included.
    #[test]
    fn calls_about_few_tell_nothing(people in people(1..5), places in prop::collection::vec(row(), 1..6), rules in rules(6), piece in failing(), calls in calls(), other in other()) {
        let hidden = |place: usize| rules[place] != ReleaseRule::Open;
        let others = (0..people.len()).fold(people.clone(), |rows, victim| changed(&rows, victim, other, hidden));
        let (one, two) = run(async { (called(&piece.sql, &calls, tables(&people, &places, &rules)).await, called(&piece.sql, &calls, tables(&others, &places, &rules)).await) });
        let rows_of = |answers: Option<Vec<Answered>>| answers.map(|answers| answers.into_iter().map(|answer| answer.map(|answer| answer["rows"].clone())).collect::<Vec<_>>());
        prop_assert_eq!(rows_of(one), rows_of(two), "{} under {:?}", piece.sql, rules);
    }

    /// Whether a call fails does not depend on one subject's hidden values, however extreme they are.
    #[test]
    fn no_failure_of_a_call_tells_of_a_subject(people in people(1..40), rules in rules(6), piece in failing(), calls in calls(), victim: prop::sample::Index, other in other()) {
        let hidden = |place: usize| rules[place] != ReleaseRule::Open;
        let others = changed(&people, victim.index(people.len()), other, hidden);
        let (one, two) = run(async { (called(&piece.sql, &calls, tables(&people, &people, &rules)).await, called(&piece.sql, &calls, tables(&others, &people, &rules)).await) });
        let failures = |answers: Option<Vec<Answered>>| answers.map(|answers| answers.into_iter().map(Result::err).collect::<Vec<_>>());
        prop_assert_eq!(failures(one), failures(two), "{} under {:?}", piece.sql, rules);
    }

    /// Of two sums that any calls of a product give, the subjects are the same or have nobody in common: no difference
    /// of two answers is of few.
    #[test]
    fn answers_of_all_calls_are_cells_of_one_table(people in people(12..40), places in prop::collection::vec(row(), 1..4), rules in rules(4), piece in grouped(), calls in calls()) {
        let answers = run(called(&piece.sql, &calls, tables(&people, &places, &rules)));
        let sums = told(&answers.unwrap_or_default());
        for (index, one) in sums.iter().enumerate() {
            prop_assert!(u64::from(one.count_ones()) >= THRESHOLD, "{}: {:b}", piece.sql, one);
            for other in &sums[index + 1..] {
                prop_assert!(one == other || one & other == 0, "{}\nunder {:?}: {:b} and {:b} by {:?}", piece.sql, rules, one, other, calls);
            }
        }
    }
}

/// Queries that are drawn to see how many pass.
const DRAWN: usize = 1_100;
/// Fewest queries with a construct that pass, of a hundred with it.
const ACCEPTED_PERCENT_MIN: usize = 20;
/// Fewest queries with a construct that are drawn.
const DRAWN_MIN: usize = 12;

/// No property above holds for want of queries: of each construct many are drawn, many pass, and some are refused.
#[test]
fn every_construct_passes_often_enough() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut drawn: BTreeMap<_, (usize, usize)> = BTreeMap::new();
    let engine = Engine::new(Config::default()).unwrap();
    // To make the grammar takes longer than to draw a query from it.
    let (queries, rules) = (query(), rules(4));
    for _ in 0..DRAWN {
        let Piece { sql, uses } = queries.new_tree(&mut runner).unwrap().current();
        let rules = rules.new_tree(&mut runner).unwrap().current();
        let tables = tables(&[[0; 6]; 9], &[[0; 6]; 2], &rules);
        let passes = run(engine.check(&sql, &access(&tables), tables, &PARAMETERS)).is_ok();
        for construct in uses {
            let (all, passed) = drawn.entry(construct).or_default();
            (*all, *passed) = (*all + 1, *passed + usize::from(passes));
        }
    }
    let counts = CONSTRUCTS.map(|construct| (construct, drawn.get(&construct).copied().unwrap_or_default()));
    counts
        .iter()
        .for_each(|(construct, (all, passed))| println!("{construct:?}: {passed} of {all} pass"));
    for (construct, (all, passed)) in counts {
        let enough = all >= DRAWN_MIN && passed * 100 >= all * ACCEPTED_PERCENT_MIN;
        assert!(enough && passed < all, "{construct:?}: {passed} of {all}");
    }
}
