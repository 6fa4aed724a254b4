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
    for act in ["assessment.open", "assessment.indicate", "assessment.conclude"] {
        on(&mut district, "2026-04-01T02", act, &[]);
    }
    let refusal = district.decide(agency, &grant).unwrap_err();
    assert_eq!(refusal.rule, "assessment.consequence");
    on(&mut district, "2026-04-01T02", "assessment.rectify", &[]);
    district.must(agency, &grant);
}
