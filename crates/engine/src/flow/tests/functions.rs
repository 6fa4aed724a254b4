//! Every function that a session registers is reviewed, or refused by name.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use datafusion::execution::SessionState;

use super::session;
use crate::flow::function;

#[test]
fn every_registered_function_is_reviewed_or_refused() {
    let state = session().state();
    let mut report = String::new();
    let mut list = |kind: &str, names: BTreeSet<String>, word: &dyn Fn(&str) -> String| {
        for name in names {
            let _ = writeln!(report, "{kind} {name}: {}", word(&name));
        }
    };
    let known = |known: bool| {
        if known {
            "free rows".to_owned()
        } else {
            "refused".to_owned()
        }
    };
    let scalar = |name: &str| function::scalar(name).map_or("refused".to_owned(), |reviewed| format!("{reviewed:?}"));
    list("scalar", scalars(&state), &scalar);
    list("aggregate", aggregates(&state), &|name| {
        known(function::aggregate(name))
    });
    list("window", windows(&state), &|name| known(function::window(name)));
    list("table", state.table_functions().keys().cloned().collect(), &|_| {
        "refused".to_owned()
    });
    let higher_order = state.higher_order_functions().keys().cloned().collect();
    list("higher-order", higher_order, &|_| "refused".to_owned());
    insta::assert_snapshot!("functions", report);
}

#[test]
fn every_reviewed_function_is_registered() {
    let state = session().state();
    let steered: Vec<&str> = function::STEERED.iter().map(|(name, _)| *name).collect();
    let reviewed = [function::TOTAL, function::FALLIBLE, function::MASKS, &steered[..]].concat();
    for (names, registered) in [
        (&reviewed[..], scalars(&state)),
        (function::AGGREGATES, aggregates(&state)),
        (function::WINDOWS, windows(&state)),
    ] {
        for name in names {
            assert!(registered.contains(*name), "`{name}` is reviewed but does not exist");
        }
    }
}

/// Own names: a query that calls an alias is planned with these.
fn scalars(state: &SessionState) -> BTreeSet<String> {
    state
        .scalar_functions()
        .values()
        .map(|function| function.name().to_owned())
        .collect()
}

fn aggregates(state: &SessionState) -> BTreeSet<String> {
    state
        .aggregate_functions()
        .values()
        .map(|function| function.name().to_owned())
        .collect()
}

fn windows(state: &SessionState) -> BTreeSet<String> {
    state
        .window_functions()
        .values()
        .map(|function| function.name().to_owned())
        .collect()
}
