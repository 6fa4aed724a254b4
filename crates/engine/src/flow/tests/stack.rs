//! The stack of a check: what it is given for so many operators is enough for queries of every shape that have them.

use std::collections::BTreeSet;
use std::thread;

use futures::executor::block_on;

use super::{access, persons, stations};
use crate::engine::{Config, Engine};
use crate::shape::{Query, stack_for};

/// What calls the check takes for itself, in bytes.
const CALLER_BYTES: usize = 64 << 10;

fn repeated(part: &str, times: usize, between: &str) -> String {
    vec![part; times].join(between)
}

/// A query of each shape that goes deeper with every operator.
fn shapes(times: usize) -> Vec<String> {
    let stations = "SELECT level FROM stations";
    let nested = |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(times), close.repeat(times));
    vec![
        format!("{stations} WHERE level = {}", repeated("1", times, " + ")),
        format!("{stations} WHERE {}", repeated("level = 1", times, " OR ")),
        format!("{stations} WHERE {} true", "NOT ".repeat(times)),
        format!("SELECT {} level FROM stations", "- ".repeat(times)),
        format!("SELECT level{} FROM stations", "::int::bigint".repeat(times)),
        repeated(stations, times, " UNION ALL "),
        repeated(stations, times, " EXCEPT "),
        format!(
            "SELECT a.level FROM stations a {}",
            numbered(times, "CROSS JOIN stations t{n}")
        ),
        format!(
            "SELECT a.level FROM stations a {}",
            numbered(times, "LEFT JOIN stations t{n} ON a.level = t{n}.level")
        ),
        format!("SELECT {}", nested("CASE WHEN level = 1 THEN ", "1", " END")) + " FROM stations",
        format!("SELECT {} FROM stations", nested("abs(", "level", ")")),
        format!("SELECT {} FROM stations", nested("(", "level", ")")),
        nested("SELECT level FROM (", stations, ") t"),
        format!(
            "{stations} WHERE {}",
            nested("level IN (SELECT level FROM stations WHERE ", "true", ")")
        ),
        format!(
            "{stations} a WHERE {}",
            nested(
                "EXISTS (SELECT 1 FROM stations b WHERE b.level = a.level AND ",
                "true",
                ")"
            )
        ),
        format!(
            "{stations} WHERE {}",
            nested("level = (SELECT max(level) FROM stations WHERE ", "true", ")")
        ),
        format!("WITH {} SELECT level FROM w{times}", common(times)),
        format!(
            "SELECT area, avg(income) FROM persons WHERE {} GROUP BY area",
            repeated("year = 1", times, " AND ")
        ),
        format!(
            "SELECT level FROM stations WHERE name LIKE {}",
            repeated("'a'", times, " || ")
        ),
        format!(
            "SELECT {} FROM stations",
            numbered(times, "sum(level) OVER (ORDER BY level) AS c{n},") + " 1"
        ),
        format!("SELECT 1 FROM {}", numbered(times, "stations t{n},") + " stations t"),
        format!("SELECT {} FROM stations", nested("concat(name, ", "name", ")")),
        format!("{stations} ORDER BY {}", repeated("level DESC NULLS LAST", times, ", ")),
        format!("SELECT income FROM persons WHERE {} true", "NOT ".repeat(times)),
        nested("SELECT phone FROM (", "SELECT phone FROM persons", ") t"),
    ]
}

fn numbered(times: usize, part: &str) -> String {
    let part = |number: usize| part.replace("{n}", &number.to_string());
    (0..times).map(part).collect::<Vec<_>>().join(" ")
}

fn common(times: usize) -> String {
    let one = |number| match number {
        0 => "w0 AS (SELECT level FROM stations)".to_owned(),
        _ => format!("w{number} AS (SELECT level FROM w{})", number - 1),
    };
    (0..=times).map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn checks_fit_the_stack_they_are_given() {
    let engine = Engine::new(Config::default()).unwrap();
    let mut verdicts = BTreeSet::new();
    for sql in [1, 4, 12, 24].into_iter().flat_map(shapes) {
        let Ok(query) = Query::read(&sql, &engine.config.limits) else {
            continue;
        };
        let (stack, tables) = (stack_for(query.operators()), vec![persons(), stations()]);
        thread::scope(|scope| {
            let check = || {
                assert!(
                    stacker::remaining_stack().is_some_and(|left| left >= stack),
                    "the check runs here"
                );
                block_on(engine.check(&sql, &access(), tables, &[])).map_or_else(|refusal| refusal.rule, |_| "pass")
            };
            let thread = thread::Builder::new().stack_size(stack + CALLER_BYTES);
            // An overflow ends the process.
            let verdict = thread.spawn_scoped(scope, check).unwrap().join().unwrap();
            verdicts.insert(verdict);
        });
    }
    assert!(
        verdicts.contains("pass") && verdicts.contains("flow.masked-only"),
        "{verdicts:?}"
    );
}
