//! A plan may fail: the experts are against it, or the meeting does not adopt it. That is on record, and the plan is revised.

use gongshu_governance::Command;
use gongshu_governance::identifier::PlanId;
use gongshu_governance::plan::{FailedOutcome, Plan};
use serde_json::json;

use crate::altered::{altered, with};
use crate::district::District;

fn plan(district: &District) -> &Plan {
    &district.state.plans[&PlanId::new("pln_1")]
}

fn step(act: &str) -> Command {
    District::before(act).2
}

#[test]
fn a_review_against_the_plan_is_on_record_and_the_plan_goes_back() {
    let (mut district, agency, conclude) = District::before("plan.conclude");
    let against = altered(&conclude, &[("/of/in_favour", json!(2)), ("/of/against", json!(3))]);
    district.must(agency, &against);
    assert!(plan(&district).conclusion.is_none());
    assert!(matches!(plan(&district).failed[..], [ref failed] if matches!(failed.outcome, FailedOutcome::Review(_))));
    let refusal = district.decide(agency, &conclude).unwrap_err();
    assert_eq!(refusal.rule, "plan.panel", "the same version is not tried again");
    assert!(refusal.remedy.en.contains("plan.revise"), "{refusal:?}");
    let decided = district.decide(agency, &step("plan.decide")).unwrap_err();
    assert_eq!(decided.rule, "record.state");
    let again = altered(&step("plan.revise"), &[("/of/sections", json!({"收益": "再次修订"}))]);
    district.must(agency, &again);
    district.must(agency, &conclude);
    district.must(agency, &step("plan.decide"));
    assert!(plan(&district).decision.is_some() && plan(&district).failed.len() == 1);
}

#[test]
fn a_meeting_that_does_not_adopt_the_plan_is_on_record_and_it_is_reviewed_again() {
    let (mut district, agency, decide) = District::before("plan.decide");
    let bare = with(
        &decide,
        &[("/of/adopted", json!(false)), ("/of/minutes_sha256", json!("纪要"))],
    );
    assert_eq!(
        district.decide(agency, &bare).unwrap_err().rule,
        "plan.decision",
        "its minutes too"
    );
    district.must(agency, &with(&decide, &[("/of/adopted", json!(false))]));
    assert!(plan(&district).decision.is_none() && plan(&district).conclusion.is_none());
    assert!(matches!(plan(&district).failed[..], [ref failed] if matches!(failed.outcome, FailedOutcome::Meeting(_))));
    assert_eq!(
        district.decide(agency, &step("plan.publish")).unwrap_err().rule,
        "plan.decision"
    );
    assert_eq!(
        district.decide(agency, &step("plan.conclude")).unwrap_err().rule,
        "plan.panel"
    );
    let again = altered(&step("plan.revise"), &[("/of/sections", json!({"收益": "再次修订"}))]);
    district.must(agency, &again);
    for act in ["plan.conclude", "plan.decide", "plan.publish"] {
        district.must(agency, &step(act));
    }
    assert!(plan(&district).publication.is_some());
}

/// Decisions on record that do not say so adopted the plan.
#[test]
fn a_decision_of_before_is_one_that_adopts() {
    let before = json!({"plan": "pln_1", "meeting": "纪要", "minutes_sha256": "cd".repeat(32)});
    let decision: gongshu_governance::plan::DecidePlan = serde_json::from_value(before).unwrap();
    assert!(decision.adopted);
}

/// Opinions of the public come while it is asked, or by a letter that shows that they did.
#[test]
fn the_public_is_heard_while_it_is_asked() {
    let (mut district, agency, opinion) = District::before("plan.opinion");
    let public = |received: serde_json::Value| {
        crate::altered::with(&opinion, &[("/of/expert", json!(null)), ("/of/received", received)])
    };
    let letter = |day: &str, hash: &str| json!({"day": day, "document_sha256": hash});
    let shown = "d2".repeat(32);
    let rule = |district: &District, received: serde_json::Value| {
        let decided = district.decide(agency, &public(received));
        decided.err().map_or_else(String::new, |refusal| refusal.rule)
    };
    // Its term was from 1 to 31 March; this is the day after.
    assert_eq!(rule(&district, json!(null)), "plan.comment");
    assert_eq!(rule(&district, letter("2026-03-31", &shown)), "");
    for (day, hash) in [
        ("2026-02-28", shown.as_str()),
        ("2026-04-01", &shown),
        ("2026-03-31", "信"),
    ] {
        assert_eq!(rule(&district, letter(day, hash)), "plan.comment", "{day} {hash}");
    }
    assert!(
        district.decide(agency, &opinion).is_ok(),
        "an expert's has no such time"
    );
    district.now = "2026-03-15T02:00:00Z".parse().unwrap();
    assert_eq!(rule(&district, json!(null)), "");
    district.now = "2026-02-28T02:00:00Z".parse().unwrap();
    assert_eq!(rule(&district, json!(null)), "plan.comment");
}

#[test]
fn another_panel_is_formed_until_the_review_is_concluded() {
    let (district, agency, reform) = District::before("plan.reseat");
    let rule = |district: &District, command: &gongshu_governance::Command| {
        let decided = district.decide(agency, command);
        decided.err().map_or_else(String::new, |refusal| refusal.rule)
    };
    assert_eq!(rule(&district, &reform), "");
    for (place, value, met) in [
        ("/of/reason", json!(""), "record.input"),
        ("/of/leader", json!("专家9"), "plan.panel"),
        ("/of/experts/0/works_for", json!("pty_agency"), "plan.panel"),
    ] {
        let command = crate::altered::altered(&reform, &[(place, value)]);
        assert_eq!(rule(&district, &command), met, "{place}");
    }
    assert_eq!(
        rule(&District::before("plan.panel").0, &reform),
        "plan.panel",
        "none is formed"
    );
    assert_eq!(
        rule(&District::before("plan.decide").0, &reform),
        "record.state",
        "it is concluded"
    );
}
