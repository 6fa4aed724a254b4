//! Dominance and the p % rule count contributors, not rows: a subject is one contributor with the sum of all its rows,
//! however many it has and however a join multiplies or divides them.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_engine::{Access, Config, ControlParameters, Engine, FieldType, Guarding, Table};
use gongshu_governance::resource::{AggregateFunction as F, OutputControl, ReleaseRule};
use gongshu_privacy::cell_key::RecordSecret;
use gongshu_privacy::dominance::Dominance;
use gongshu_privacy::p_percent::PPercent;
use proptest::prelude::*;
use serde_json::Value;

use crate::world::{self, THRESHOLD, table, texts, whole};

/// A row: its subject, join key, group and amount.
type Row = [i64; 4];

fn records(name: &str, rows: &[Row]) -> Table {
    let column = |place: usize| whole(rows.iter().map(|row| row[place]));
    let columns = vec![
        ("subject", FieldType::Integer, ReleaseRule::Join, column(0)),
        ("link", FieldType::Integer, ReleaseRule::Join, column(1)),
        (
            "part",
            FieldType::Text,
            ReleaseRule::Group,
            texts(rows.iter().map(|row| format!("{name} {}", row[2]))),
        ),
        (
            "amount",
            FieldType::Integer,
            world::aggregate(&[F::Sum, F::Mean]),
            column(3),
        ),
    ];
    let subjects: BTreeSet<i64> = rows.iter().map(|row| row[0]).collect();
    table(name, Some("subject"), subjects.len() == rows.len(), columns)
}

/// Access to these tables, of which the first has the controls.
fn access(tables: &[Table], controls: &[OutputControl], parameters: ControlParameters) -> Access {
    let guarding = |table: &Table, controls: &[OutputControl]| {
        let guarding = Guarding {
            controls: controls.iter().copied().collect(),
            secret: RecordSecret::new([7; 16]),
        };
        (table.name().to_owned(), guarding)
    };
    let others = tables[1..].iter().map(|table| guarding(table, &[]));
    Access {
        guarding: others.chain([guarding(&tables[0], controls)]).collect(),
        parameters,
        ..world::access(tables, false)
    }
}

/// The last column of each row by those before it.
async fn answered(sql: &str, access: &Access, tables: &[Table]) -> BTreeMap<Vec<String>, Value> {
    let engine = Engine::new(Config::default()).unwrap();
    let checked = engine.check(sql, access, tables.to_vec(), &[]).await;
    let checked = checked.unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
    let prepared = engine.prepare(checked).await.unwrap();
    let answer = prepared.execute(&[], jiff::civil::date(2026, 1, 1)).await;
    let answer = answer.unwrap().to_json();
    let row = |row: &Value| {
        let (value, keys) = row.as_array().unwrap().split_last().unwrap();
        let keys = keys.iter().map(|key| key.as_str().unwrap().to_owned());
        (keys.collect(), value.clone())
    };
    answer["rows"].as_array().unwrap().iter().map(row).collect()
}

/// 30 firms of two trades with so many rows each. In trade 0 the first firm has 93 % of all that is paid, divided among
/// its rows; nobody stands out in trade 1.
fn firms(rows_a_firm: i64) -> Vec<Row> {
    let amount = |firm: i64| if firm == 0 { 200_000 } else { 1_000 };
    let row = |number: i64| {
        let firm = number / rows_a_firm;
        [firm, number, firm % 2, amount(firm) / rows_a_firm]
    };
    (0..30 * rows_a_firm).map(row).collect()
}

/// Licences of all rows, so many for each, every one of another holder and in turn of two kinds.
fn licences(rows: i64, copies: i64) -> Vec<Row> {
    let all = 0..rows * copies;
    all.map(|number| [number, number / copies, number % 2, 1]).collect()
}

/// Ways to ask for the payments of trades, in which rows of firms are divided, multiplied or seen through other queries.
const DISGUISES: [&str; 8] = [
    "SELECT firms.part, sum(firms.amount) FROM firms GROUP BY firms.part",
    "SELECT firms.part, avg(firms.amount) FROM firms GROUP BY firms.part",
    "SELECT firms.part, sum(firms.amount) FROM firms JOIN licences ON firms.link = licences.link GROUP BY firms.part",
    "SELECT firms.part, avg(firms.amount) FROM licences JOIN firms ON licences.link = firms.link GROUP BY firms.part",
    "SELECT firms.part, licences.part, sum(firms.amount) FROM firms JOIN licences ON firms.link = licences.link \
     GROUP BY firms.part, licences.part",
    "SELECT f.part, sum(f.amount) FROM (SELECT subject, link, part, amount FROM firms) f \
     JOIN (SELECT subject, link AS other FROM licences) l ON f.link = l.other GROUP BY f.part",
    "WITH f AS (SELECT link AS l, amount AS a, part AS p, subject AS s FROM firms) \
     SELECT p, sum(a) FROM f JOIN licences ON l = licences.link GROUP BY p",
    "SELECT firms.part, sum(firms.amount) FROM firms JOIN licences ON firms.link = licences.link \
     JOIN permits ON licences.link = permits.link GROUP BY firms.part",
];

#[tokio::test]
async fn no_join_makes_many_small_contributors_of_one_firm() {
    use OutputControl::{Dominance, PPercent};
    for (rows_a_firm, copies) in [(1, 1), (1, 20), (24, 1), (24, 5)] {
        let rows = 30 * rows_a_firm;
        let tables = [
            records("firms", &firms(rows_a_firm)),
            records("licences", &licences(rows, copies)),
            records("permits", &licences(rows, 2)),
        ];
        for control in [Dominance, PPercent] {
            let access = access(&tables, &[control], ControlParameters::default());
            for sql in DISGUISES {
                let found = answered(sql, &access, &tables).await;
                let told = format!("{sql}\n{rows_a_firm} rows a firm, {copies} licences a row, {control:?}: {found:?}");
                assert!(found.len() >= 2, "{told}");
                for (keys, value) in &found {
                    let is_dominated = keys[0] == "firms 0";
                    assert_eq!(value.is_null(), is_dominated, "{told}");
                }
            }
        }
    }
}

/// By its keys, of each side what each subject's rows of a cell add up to, and how many rows there are.
type Cells = BTreeMap<Vec<String>, ([BTreeMap<i64, i64>; 2], i64)>;

/// Two sides of a join: by whose groups, and of whose amounts.
#[derive(Debug, Clone, Copy)]
struct Question {
    by_left: bool,
    by_right: bool,
    of_right: bool,
    is_mean: bool,
}

impl Question {
    fn sql(self) -> String {
        let keys = [(self.by_left, "l.part"), (self.by_right, "r.part")];
        let keys: Vec<&str> = keys.iter().filter(|(by, _)| *by).map(|(_, key)| *key).collect();
        let function = if self.is_mean { "avg" } else { "sum" };
        let side = if self.of_right { "r" } else { "l" };
        let columns = keys.iter().map(|key| format!("{key}, ")).collect::<String>();
        let group = if keys.is_empty() {
            String::new()
        } else {
            format!(" GROUP BY {}", keys.join(", "))
        };
        format!("SELECT {columns}{function}({side}.amount) FROM l JOIN r ON l.link = r.link{group}")
    }

    /// What each cell is made of.
    fn cells(self, left: &[Row], right: &[Row]) -> Cells {
        let mut cells = Cells::new();
        for a in left {
            for b in right.iter().filter(|b| b[1] == a[1]) {
                let keys = [
                    self.by_left.then(|| format!("l {}", a[2])),
                    self.by_right.then(|| format!("r {}", b[2])),
                ];
                let (sides, rows) = cells.entry(keys.into_iter().flatten().collect()).or_default();
                let amount = if self.of_right { b[3] } else { a[3] };
                *sides[0].entry(a[0]).or_default() += amount;
                *sides[1].entry(b[0]).or_default() += amount;
                *rows += 1;
            }
        }
        cells
    }
}

fn question() -> impl Strategy<Value = Question> {
    any::<[bool; 4]>().prop_map(|[by_left, by_right, of_right, is_mean]| Question {
        by_left,
        by_right,
        of_right,
        is_mean,
    })
}

/// Few subjects with several rows each, some of which pay far more than others, and some the other way.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let amount = prop_oneof![6 => 1..40_i64, 2 => 100..900_i64, 1 => -60..0_i64];
    let row = (0..12_i64, 0..6_i64, 0..2_i64, amount).prop_map(|(subject, link, part, amount)| {
        // What somebody pays is much the same in all of its rows.
        [subject, link, part, amount * (1 + subject % 4 * subject % 3)]
    });
    prop::collection::vec(row, 8..50)
}

fn parameters() -> impl Strategy<Value = ControlParameters> {
    (1..4_u32, 30..95_u32, 5..60_u32).prop_map(|(contributors, percent, p)| ControlParameters {
        dominance: Dominance { contributors, percent },
        p_percent: PPercent { percent: p },
        ..ControlParameters::default()
    })
}

/// Whether the rules, said again, hold a sum of these contributors back.
fn is_told(sums: &BTreeMap<i64, i64>, control: OutputControl, parameters: &ControlParameters) -> bool {
    let mut sizes: Vec<i64> = sums.values().map(|sum| sum.abs()).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let total: i64 = sizes.iter().sum();
    let first = |count: usize| sizes.iter().take(count).sum::<i64>();
    match control {
        OutputControl::Dominance => {
            let Dominance { contributors, percent } = parameters.dominance;
            first(contributors as usize) * 100 > total * i64::from(percent)
        }
        _ => (total - first(2)) * 100 < first(1) * i64::from(parameters.p_percent.percent),
    }
}

proptest! {
    #![proptest_config(crate::properties::cases(96))]

    /// A cell of two joined tables leaves by the rules over the subjects of each, with all of their rows added up.
    #[test]
    fn a_contributor_is_a_subject_of_either_side(left in rows(), right in rows(), question in question(), parameters in parameters(), is_share: bool) {
        let control = if is_share { OutputControl::Dominance } else { OutputControl::PPercent };
        let tables = [records("l", &left), records("r", &right)];
        let access = access(&tables, &[control], parameters);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let found = runtime.block_on(answered(&question.sql(), &access, &tables));
        let cells = question.cells(&left, &right);
        let enough = |sides: &[BTreeMap<i64, i64>; 2]| sides.iter().all(|side| side.len() as u64 >= THRESHOLD);
        let expected = cells.into_iter().filter(|(_, (sides, _))| enough(sides));
        let expected: BTreeMap<_, _> = expected.map(|(keys, (sides, rows))| {
            let told = sides.iter().any(|side| is_told(side, control, &parameters));
            let total: i64 = sides[0].values().sum();
            let value = if question.is_mean { total as f64 / rows as f64 } else { total as f64 };
            (keys, (!told).then_some(value))
        }).collect();
        let keys = |cells: &mut dyn Iterator<Item = Vec<String>>| cells.collect::<BTreeSet<_>>();
        prop_assert_eq!(keys(&mut found.keys().cloned()), keys(&mut expected.keys().cloned()), "{}", question.sql());
        for (cell, value) in expected {
            let same = match (value, found[&cell].as_f64()) {
                (Some(value), Some(found)) => (value - found).abs() < 1e-6,
                (value, found) => value == found,
            };
            prop_assert!(same, "{:?}: {:?}, not {:?}: {} under {:?} {:?}", cell, found[&cell], value, question.sql(), control, parameters);
        }
    }
}
