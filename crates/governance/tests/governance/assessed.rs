//! What the record says of a year: of this agreement, of this year, and nothing else.

use gongshu_governance::assessment::{Figure, figure};
use gongshu_governance::identifier::AgreementId;
use serde_json::{Value, json};

use crate::altered::altered;
use crate::district::{District, path};

fn figure_of(district: &District, of: Figure, year: i16) -> String {
    figure(&district.state, of, &AgreementId::new("agr_1"), year, district.now)
}

fn on(district: &mut District, at: &str, act: &str, changes: &[(&str, Value)]) {
    district.now = format!("{at}:00:00Z").parse().unwrap();
    let step = path().into_iter().find(|(_, command)| command.act().id() == act);
    let (party, command) = step.unwrap();
    district.must(party, &altered(&command, changes));
}

#[test]
fn a_year_counts_what_was_on_the_list_and_subscribed_to_in_it() {
    let mut district = District::serving();
    let both =
        |district: &District, year| [Figure::Products, Figure::Consumers].map(|of| figure_of(district, of, year));
    assert_eq!(both(&district, 2025), ["0", "0"]);
    assert_eq!(both(&district, 2026), ["1", "1"]);
    on(&mut district, "2026-12-20T02", "subscription.close", &[]);
    on(&mut district, "2026-12-20T02", "product.withdraw", &[]);
    assert_eq!(both(&district, 2026), ["1", "1"], "they were there in that year");
    // The notice of the withdrawal runs into January.
    assert_eq!(both(&district, 2027), ["1", "0"]);
    assert_eq!(both(&district, 2028), ["0", "0"]);
}

#[test]
fn only_granted_scenarios_count_and_only_while_they_run() {
    let (district, ..) = District::before("scenario.grant");
    assert_eq!(
        figure_of(&district, Figure::FreeScenarios, 2026),
        "0 / 0",
        "applied for, not granted"
    );
    let district = District::serving();
    assert_eq!(figure_of(&district, Figure::FreeScenarios, 2026), "0 / 1");
    assert_eq!(figure_of(&district, Figure::FreeScenarios, 2027), "0 / 1");
    assert_eq!(figure_of(&district, Figure::FreeScenarios, 2028), "0 / 0");
}

#[test]
fn a_duty_that_is_not_done_in_time_is_late_and_only_the_agreements_count() {
    let (mut district, operator, report) = District::before("incident.report");
    district.must(operator, &report);
    let late = |district: &District| figure_of(district, Figure::LateDuties, 2026);
    let all = late(&district).split_once(" / ").unwrap().1.to_owned();
    assert_eq!(late(&district), format!("0 / {all}"));
    district.now = "2026-05-01T02:00:00Z".parse().unwrap();
    assert_eq!(late(&district), format!("{all} / {all}"), "overdue, though never done");
    // Another operator's incident that names no scenario of the agreement.
    let other = [
        ("/of/id", json!("inc_2")),
        ("/of/scenarios", json!([])),
        ("/of/discovered", json!("2026-05-01T01:00:00Z")),
    ];
    district.must("pty_operator2", &altered(&report, &other));
    assert_eq!(late(&district), format!("{all} / {all}"));
    let own = [("/of/id", json!("inc_3")), other[1].clone(), other[2].clone()];
    district.must(operator, &altered(&report, &own));
    assert_ne!(late(&district), format!("{all} / {all}"));
    assert_eq!(figure_of(&district, Figure::LateDuties, 2025), "0 / 0");
}

#[test]
fn a_failed_assessment_keeps_what_was_applied_for_before_from_being_granted() {
    let (mut district, agency, grant) = District::before("scenario.grant");
    let acts = [
        "assessment.open",
        "assessment.reassign",
        "assessment.indicate",
        "assessment.conclude",
    ];
    for act in acts {
        on(&mut district, "2026-04-01T02", act, &[]);
    }
    let refusal = district.decide(agency, &grant).unwrap_err();
    assert_eq!(refusal.rule, "assessment.consequence");
    on(&mut district, "2026-04-01T02", "assessment.rectify", &[]);
    district.must(agency, &grant);
}

/// A silent assessor blocks nothing: another takes the assessment over and begins anew; the first may not leave before.
#[test]
fn an_assessment_is_taken_over_by_another_assessor_who_begins_anew() {
    let (mut district, agency, reassign) = District::before("assessment.reassign");
    let (_, assessor, indicate) = District::before("assessment.indicate");
    assert_eq!(district.decide(assessor, &indicate).unwrap_err().rule, "power.act");
    district.must("pty_assessor2", &indicate);
    let leave = crate::altered::altered(
        &District::before("party.deregister").2,
        &[("/of/party", json!("pty_assessor2"))],
    );
    let refusal = district.decide(agency, &leave).unwrap_err();
    assert_eq!(refusal.rule, "party.leave");
    assert!(refusal.remedy.en.contains("assessment.reassign"), "{refusal:?}");
    for (place, value, met) in [
        ("/of/assessor", json!("pty_assessor2"), "assessment.year"),
        ("/of/assessor", json!("pty_bank"), "assessment.year"),
        ("/of/due", json!("2026-03-31"), "record.input"),
        ("/of/reason", json!(" "), "record.input"),
    ] {
        let command = crate::altered::altered(&reassign, &[(place, value)]);
        assert_eq!(district.decide(agency, &command).unwrap_err().rule, met, "{place}");
    }
    district.must(agency, &reassign);
    let assessment = &district.state.assessments[&gongshu_governance::identifier::AssessmentId::new("asm_1")];
    assert!(assessment.findings.is_empty(), "the findings of the first are its own");
    assert_eq!(assessment.before.len(), 1);
    assert_eq!(
        district.decide("pty_assessor2", &indicate).unwrap_err().rule,
        "power.act"
    );
    assert!(district.decide(agency, &leave).is_ok());
    district.must(assessor, &indicate);
    let (_, _, conclude) = District::before("assessment.conclude");
    district.must(assessor, &conclude);
    let back = crate::altered::altered(&reassign, &[("/of/assessor", json!("pty_assessor2"))]);
    assert_eq!(district.decide(agency, &back).unwrap_err().rule, "record.state");
}
