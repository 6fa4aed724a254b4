//! What names a hash is found as by a look through everything on record.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use gongshu_governance::deadline::Deadline;
use gongshu_governance::file::things_that_name;
use gongshu_governance::identifier::{ResourceId, WorkOrderId};
use gongshu_governance::quality::{Dimension, OpenWorkOrder, QualityEvent};
use gongshu_governance::working_days::WorkingDays;
use gongshu_governance::{Event, Moment, State, evolve};
use jiff::civil::date;

use crate::district::{District, path};

/// By a look through everything: slow, and without an index that could be wrong.
fn looked_through(state: &State, sha256: &str) -> BTreeSet<String> {
    let mut things = BTreeSet::new();
    macro_rules! look {
        ($($records:ident),*) => {$(
            let naming = state.$records.iter().filter(|(_, thing)| {
                serde_json::to_string(thing).unwrap().contains(sha256)
            });
            things.extend(naming.map(|(id, _)| id.to_string()));
        )*};
    }
    look!(
        standings,
        resources,
        work_orders,
        plans,
        selections,
        agreements,
        scenarios,
        engagements,
        models,
        outputs,
        registrations,
        revenues,
        exits,
        loans,
        exports,
        incidents,
        disputes,
        assessments,
        disclosures,
        reports,
        complaints
    );
    let consents = state.consents.iter();
    let proved = consents.filter(|(_, consent)| consent.proof_sha256.as_deref() == Some(sha256));
    things.extend(proved.map(|(id, _)| id.to_string()));
    things
}

/// Every hash in what is on record, and some that are not.
fn hashes(district: &District) -> BTreeSet<String> {
    let text = crate::model::picture(&district.state).into_values();
    let mut found: BTreeSet<String> = text
        .flat_map(|text| {
            let runs = text.split(|letter: char| !matches!(letter, '0'..='9' | 'a'..='f'));
            let hashes = runs.filter(|run| run.len() == 64).map(str::to_owned);
            hashes.collect::<Vec<_>>()
        })
        .collect();
    found.insert("77".repeat(32));
    found
}

#[test]
fn what_names_a_hash_is_found_as_by_a_look_through_everything() {
    let mut district = District::empty();
    let mut named = 0;
    for (party, command) in path() {
        district.must(party, &command);
        for hash in hashes(&district) {
            let found = things_that_name(&district.state, &hash);
            assert_eq!(
                found,
                looked_through(&district.state, &hash),
                "{hash} after {command:?}"
            );
            named += found.len();
        }
    }
    assert!(named > 100, "{named}");
    let restored = State::restore(&district.state.save().unwrap()).unwrap();
    for hash in hashes(&district) {
        assert_eq!(
            things_that_name(&restored, &hash),
            things_that_name(&district.state, &hash)
        );
    }
}

/// `cargo test --workspace --test governance -- --ignored --nocapture among_many`
#[test]
#[ignore = "it measures"]
#[expect(clippy::print_stdout, reason = "it prints its figures")]
fn among_many_things_a_hash_is_found_at_once() {
    let mut state = District::after(path().len()).state;
    let deadline = Deadline::count(date(2026, 4, 1), 5, &WorkingDays::default());
    let start = Instant::now();
    for number in 0_u32..100_000 {
        let order = OpenWorkOrder {
            id: WorkOrderId::new(format!("wko_{number}")),
            resource: ResourceId::new("res_firms"),
            dimension: Dimension::Accuracy,
            version: None,
            text: format!("核查报告 {number:064x}"),
        };
        let opened = Event::Quality(QualityEvent::Opened {
            order: Box::new(order),
            by: None,
            deadline,
        });
        let moment = Moment {
            sequence: state.sequence + 1,
            at: "2026-04-01T02:00:00Z".parse().unwrap(),
        };
        evolve(&mut state, &opened, moment);
    }
    println!("100 000 things put on record in {:?}", start.elapsed());
    let hash = format!("{:064x}", 77_777);
    let timed = |find: &dyn Fn(&State, &str) -> BTreeSet<String>| -> Duration {
        let start = Instant::now();
        assert_eq!(black_box(find(&state, &hash)).len(), 1);
        start.elapsed()
    };
    println!("looked through: {:?}", timed(&looked_through));
    println!("by the index: {:?}", timed(&things_that_name));
}
