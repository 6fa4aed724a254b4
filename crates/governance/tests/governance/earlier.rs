//! What earlier packs did not say is decided as it was when they were in force.

use gongshu_governance::Command;
use gongshu_governance::rules::{RuleBook, Rules};
use serde_json::{Value, json};

use crate::altered::altered;
use crate::district::{CALENDAR, District, NATIONAL};

/// The rules of packs that lack this line, read beside the present ones.
fn earlier(line: &str) -> Rules {
    packs_of_before(NATIONAL, line)
}

/// The rules of a national pack that lacks this line.
pub(crate) fn packs_of_before(national: &str, line: &str) -> Rules {
    let without = national.replace(line, "");
    assert_ne!(without, national, "`{line}` is in the packs");
    let present = RuleBook::load(&[NATIONAL, CALENDAR]).unwrap();
    let book = RuleBook::of_record(&[&without, CALENDAR], &present).unwrap();
    book.at(District::empty().now).as_ref().clone()
}

fn event(events: &[gongshu_governance::Event]) -> Value {
    serde_json::to_value(events).unwrap()[0].clone()
}

#[test]
fn a_model_was_suspended_by_nobody_and_once() {
    let rules = earlier("own_lift = 1\n");
    let (mut district, party, suspend) = District::before("model.suspend");
    let decided = district.decide_under(&rules, party, &suspend).unwrap();
    assert!(event(&decided).pointer("/of/suspended/by").is_none());
    let now = district.decide(party, &suspend).unwrap();
    assert_eq!(event(&now).pointer("/of/suspended/by"), Some(&json!(party)));
    for event in decided {
        district.happened(event);
    }
    let again = |rules| district.decide_under(rules, "pty_supervisor", &suspend);
    assert_eq!(again(&rules).unwrap_err().rule, "record.state");
}

/// Where one party only has suspended a product, the record of its resumption is the one of before.
#[test]
fn the_one_suspension_of_a_product_ends_without_saying_whose_it_was() {
    let (mut district, supervisor, resume) = District::before("product.resume");
    let decided = district.decide(supervisor, &resume).unwrap();
    let resumed = event(&decided);
    assert_eq!(resumed.pointer("/of/event"), Some(&json!("resumed")));
    assert!(resumed.pointer("/of/of/by").is_none(), "{resumed}");
    let (_, _, suspend) = District::before("product.suspend");
    district.must("pty_operator", &suspend);
    let decided = district.decide(supervisor, &resume).unwrap();
    assert_eq!(event(&decided).pointer("/of/of/by"), Some(&json!(supervisor)));
}

#[test]
fn an_assessor_left_with_an_assessment_under_way() {
    let (district, _, _) = District::before("assessment.conclude");
    let (_, agency, leave) = District::before("party.deregister");
    let leave = altered(&leave, &[("/of/party", json!(assessor(&district)))]);
    let refusal = district.decide(agency, &leave).unwrap_err();
    let rules = earlier("assessments = 1\n");
    let then = district
        .decide_under(&rules, agency, &leave)
        .map_err(|it| it.message.en);
    assert!(
        refusal.message.en.contains("an assessment that is not concluded"),
        "{refusal:?}"
    );
    assert!(!then.is_err_and(|it| it.contains("assessment")));
}

fn assessor(district: &District) -> String {
    let open = district.state.assessments.values().next().unwrap();
    open.opening.assessor.to_string()
}

/// A version that fell short went into operation under packs that held nothing back.
#[test]
fn a_version_below_its_least_was_put_into_operation() {
    let (district, provider, record) = District::before("version.record");
    let poor = json!({"complete": {"held": 89, "of": 100}, "conforming": {"held": 100, "of": 100}});
    let mut document = serde_json::to_value(&record).unwrap();
    document["of"]["version"]["quality"] = poor;
    let poor: Command = serde_json::from_value(document).unwrap();
    let kinds = |rules: &Rules| {
        let decided = district.decide_under(rules, provider, &poor).unwrap();
        decided.len()
    };
    assert_eq!(
        kinds(&earlier("completeness_holds = 1\n")),
        2,
        "the version and its work order"
    );
    assert_eq!(kinds(&earlier("uniqueness_holds = 1\n")), 3);
}
