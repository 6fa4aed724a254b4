//! Models: who may review one, and which versions may be registered.

use gongshu_governance::identifier::{ModelId, PartyId, PersonId};
use gongshu_governance::model::RegisterModel;
use gongshu_governance::{Actor, Command, Context, Moment, decide, evolve};
use serde_json::json;

use crate::district::{District, powers, rules};

fn actor(party: &str, person: Option<&str>) -> Actor {
    Actor {
        party: PartyId::new(party),
        person: person.map(PersonId::new),
    }
}

fn context<'a>(district: &District, actor: &'a Actor) -> Context<'a> {
    Context {
        at: district.now,
        actor,
        rules: rules(),
        powers: powers(),
        seen_revision: None,
    }
}

/// What `second` meets when it reviews what `first` registered; an empty text where the model is in force then.
fn review(first: &Actor, second: &Actor) -> String {
    let (mut district, _, register) = District::before("model.register");
    let (_, _, review) = District::before("model.review");
    let at = district.now;
    for event in decide(&district.state, &register, &context(&district, first)).unwrap() {
        let sequence = district.state.sequence + 1;
        evolve(&mut district.state, &event, Moment { sequence, at });
    }
    let outcome = decide(&district.state, &review, &context(&district, second));
    outcome.err().map_or_else(String::new, |refusal| refusal.rule)
}

#[test]
fn four_eyes_are_those_of_two_persons() {
    let table = [
        // registrar, its person, reviewer, its person, what the reviewer meets
        ("pty_operator", Some("a"), "pty_agency", Some("b"), ""),
        ("pty_operator", Some("a"), "pty_operator", Some("b"), ""),
        ("pty_operator", Some("a"), "pty_operator", Some("a"), "model.review"),
        ("pty_operator", Some("a"), "pty_agency", Some("a"), "model.review"),
        ("pty_operator", Some("a"), "pty_agency", None, "model.review"),
        ("pty_operator", None, "pty_operator", Some("b"), "model.review"),
        ("pty_operator", None, "pty_agency", Some("b"), ""),
        ("pty_partner", Some("a"), "pty_operator", Some("b"), ""),
        ("pty_partner", Some("a"), "pty_partner", Some("b"), "power.act"),
        ("pty_partner", Some("a"), "pty_operator2", Some("b"), "power.act"),
    ];
    for (first, a, second, b, met) in table {
        assert_eq!(
            review(&actor(first, a), &actor(second, b)),
            met,
            "{first} {a:?}, {second} {b:?}"
        );
    }
}

#[test]
fn a_review_is_of_the_module_on_record_and_says_what_it_found() {
    let (district, party, review) = District::before("model.review");
    for (place, value) in [("report", json!(" ")), ("module_sha256", json!("00"))] {
        let mut document = serde_json::to_value(&review).unwrap();
        document["of"][place] = value;
        let command: Command = serde_json::from_value(document).unwrap();
        assert_eq!(district.decide(party, &command).unwrap_err().rule, "record.input");
    }
}

#[test]
fn versions_are_counted_without_a_gap_and_names_are_plain() {
    let (district, party, command) = District::before("model.review");
    let Command::RegisterModel(first) = District::before("model.register").2 else {
        panic!("{command:?}")
    };
    let next = |edit: &dyn Fn(&mut RegisterModel)| {
        let mut next = (*first).clone();
        (next.id, next.number) = (ModelId::new("mdl_2"), 2);
        edit(&mut next);
        let outcome = district.decide("pty_operator", &Command::RegisterModel(Box::new(next)));
        outcome.err().map_or_else(String::new, |refusal| refusal.rule)
    };
    assert_eq!(party, "pty_agency");
    assert_eq!(next(&|_| {}), "");
    assert_eq!(next(&|next| next.number = 1), "record.duplicate");
    assert_eq!(next(&|next| next.id = first.id.clone()), "record.duplicate");
    assert_eq!(next(&|next| next.number = 3), "record.input");
    assert_eq!(next(&|next| next.name = "Credit;".to_owned()), "record.input");
    assert_eq!(next(&|next| next.module = "?".to_owned()), "record.input");
    assert_eq!(next(&|next| next.module_sha256 = "00".to_owned()), "record.input");
    assert_eq!(next(&|next| next.input.fields = vec![]), "record.input");
    assert_eq!(
        next(&|next| next.input.fields = vec!["code".to_owned()]),
        "record.input"
    );
    assert_eq!(
        next(&|next| next.input.fields = vec!["street".to_owned()]),
        "chain.link-exceeds"
    );
}

/// Each party lifts its own suspension by its own review: what a supervisor has suspended the operator does not put back.
#[test]
fn nobody_undoes_the_suspension_of_another_party() {
    let (mut district, agency, review) = District::before("model.review");
    let (_, _, suspend) = District::before("model.suspend");
    let refused = |district: &District, party: &str, command: &Command| {
        let second = Actor {
            party: PartyId::new(party),
            person: Some(PersonId::new("psn_second")),
        };
        let decided = decide(&district.state, command, &context(district, &second));
        decided.err().map_or_else(String::new, |refusal| refusal.rule)
    };
    assert_eq!(
        refused(&district, "pty_supervisor", &review),
        "model.review",
        "it has suspended nothing"
    );
    district.must(agency, &review);
    for party in ["pty_supervisor", "pty_agency"] {
        district.must(party, &suspend);
        assert_eq!(refused(&district, party, &suspend), "record.state", "twice");
    }
    assert_eq!(refused(&district, "pty_operator", &review), "model.review");
    let is_in_force = |district: &District| district.state.models[&ModelId::new("mdl_1")].is_in_force();
    district.must("pty_agency", &review);
    assert!(!is_in_force(&district), "the supervisor's stands");
    assert_eq!(refused(&district, "pty_agency", &review), "model.review");
    district.must("pty_supervisor", &review);
    assert!(is_in_force(&district));
    // A record that does not say whose it is: any second person's review ends it, as it did.
    let event = r#"{"suspended":{"model":"mdl_1","reason":"x"}}"#;
    district.happened(gongshu_governance::Event::Model(serde_json::from_str(event).unwrap()));
    assert_eq!(refused(&district, "pty_operator", &review), "");
}
