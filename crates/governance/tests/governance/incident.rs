//! Incidents: which duties follow, until when, and what becomes of them.

use gongshu_governance::Command;
use gongshu_governance::authorization::Usage;
use gongshu_governance::identifier::IncidentId;
use gongshu_governance::incident::{
    CloseIncident, DutyKind, FulfilDuty, GradeIncident, Incident, Level, ReportIncident, System,
};
use serde_json::json;

use crate::coverage::altered;
use crate::district::District;

fn report(level: Level, system: System, personal_information: bool) -> Command {
    Command::ReportIncident(Box::new(ReportIncident {
        id: IncidentId::new("inc_9"),
        title: "演练".to_owned(),
        level,
        system,
        discovered: "2026-04-01T00:30:00Z".parse().unwrap(),
        personal_information,
        scenarios: [].into(),
        facts: "演练脚本".to_owned(),
        drill: true,
    }))
}

fn on_record(district: &District) -> &Incident {
    district.state.incidents.get(&IncidentId::new("inc_9")).unwrap()
}

/// The duties with the times of day, UTC, until which they are due.
fn duties(district: &District) -> Vec<(DutyKind, String)> {
    let duties = on_record(district).duties.iter();
    duties.map(|(kind, duty)| (*kind, duty.due.to_string())).collect()
}

#[test]
fn the_clocks_begin_at_the_discovery_and_depend_on_system_and_level() {
    use DutyKind::{NotifyPersons, NotifyRegulator, Remedy, ReportToAuthority};
    let due = |hour: u8| format!("2026-04-01T{hour:02}:30:00Z");
    let next_day = "2026-04-02T00:30:00Z".to_owned();
    let report_hours = [
        (Level::Larger, System::OtherOperator, Some(4)),
        (Level::Major, System::Department, Some(2)),
        (Level::Extraordinary, System::CriticalInfrastructure, Some(1)),
        (Level::General, System::CriticalInfrastructure, None),
    ];
    for (level, system, hours) in report_hours {
        for leaked in [false, true] {
            let mut district = District::serving();
            district.must("pty_operator", &report(level, system, leaked));
            let mut expected = vec![(Remedy, due(4))];
            expected.extend(hours.map(|hours| (ReportToAuthority, due(hours))));
            if leaked {
                expected.extend([(NotifyRegulator, next_day.clone()), (NotifyPersons, next_day.clone())]);
            }
            assert_eq!(duties(&district), expected, "{level:?} {system:?} {leaked}");
        }
    }
}

#[test]
fn a_duty_that_is_overdue_stays_when_the_incident_turns_out_smaller_and_is_recorded_as_late() {
    let mut district = District::serving();
    district.must(
        "pty_operator",
        &report(Level::Major, System::CriticalInfrastructure, false),
    );
    let smaller = Command::GradeIncident(GradeIncident {
        incident: IncidentId::new("inc_9"),
        level: Level::General,
        personal_information: false,
        scenarios: [].into(),
        reason: "影响范围小".to_owned(),
    });
    // The hour for the report ended half an hour ago; that of the remedy runs.
    district.must("pty_operator", &smaller);
    let kinds: Vec<DutyKind> = on_record(&district).duties.keys().copied().collect();
    assert_eq!(kinds, [DutyKind::Remedy, DutyKind::ReportToAuthority]);
    let fulfil = |duty| {
        Command::FulfilDuty(FulfilDuty {
            incident: IncidentId::new("inc_9"),
            duty,
            how: "电话报告并补送书面材料".to_owned(),
            document_sha256: Some("ef".repeat(32)),
            done_at: None,
            evidence_sha256: None,
        })
    };
    let close = Command::CloseIncident(CloseIncident {
        incident: IncidentId::new("inc_9"),
        cause: "演练".to_owned(),
        lessons: "值守到位".to_owned(),
    });
    district.must("pty_operator", &fulfil(DutyKind::Remedy));
    assert_eq!(
        district.decide("pty_operator", &close).unwrap_err().rule,
        "incident.duties"
    );
    district.must("pty_operator", &fulfil(DutyKind::ReportToAuthority));
    district.must("pty_operator", &close);
    let incident = on_record(&district);
    assert!(incident.duties[&DutyKind::ReportToAuthority].is_late(district.now));
    assert!(!incident.duties[&DutyKind::Remedy].is_late(district.now));
    assert_eq!(
        district.decide("pty_operator", &smaller).unwrap_err().rule,
        "record.state"
    );
}

#[test]
fn a_grave_incident_freezes_what_it_names_at_once_and_a_drill_does_not() {
    let frozen = |changes: &[(&str, serde_json::Value)]| {
        let (mut district, by, report) = District::before("incident.report");
        district.must(by, &altered(&report, changes));
        district
            .call(Usage::default())
            .err()
            .map_or_else(String::new, |refusal| refusal.rule)
    };
    assert_eq!(frozen(&[("/of/level", json!("larger"))]), "");
    assert_eq!(frozen(&[("/of/level", json!("major"))]), "chain.frozen");
    assert_eq!(frozen(&[("/of/level", json!("major")), ("/of/drill", json!(true))]), "");
}

#[test]
fn what_was_found_last_of_personal_information_is_what_the_record_says() {
    let mut district = District::serving();
    district.must("pty_operator", &report(Level::Larger, System::OtherOperator, false));
    assert!(!on_record(&district).personal_information);
    for found in [true, false] {
        let grade = Command::GradeIncident(GradeIncident {
            incident: IncidentId::new("inc_9"),
            level: Level::Larger,
            personal_information: found,
            reason: "核查结果".to_owned(),
            scenarios: [].into(),
        });
        district.must("pty_operator", &grade);
        assert_eq!(on_record(&district).personal_information, found);
    }
}

/// The duty to notify stays, since it is done; whether personal information is concerned is what was found last.
#[test]
fn what_was_notified_does_not_keep_a_grading_from_finding_otherwise() {
    let mut district = District::serving();
    district.must("pty_operator", &report(Level::Larger, System::OtherOperator, true));
    district.must(
        "pty_operator",
        &Command::FulfilDuty(FulfilDuty {
            incident: IncidentId::new("inc_9"),
            duty: DutyKind::NotifyPersons,
            how: "短信告知".to_owned(),
            document_sha256: Some("ef".repeat(32)),
            done_at: None,
            evidence_sha256: None,
        }),
    );
    let grade = |found| {
        Command::GradeIncident(GradeIncident {
            incident: IncidentId::new("inc_9"),
            level: Level::Larger,
            personal_information: found,
            reason: "核查结果".to_owned(),
            scenarios: [].into(),
        })
    };
    district.must("pty_operator", &grade(false));
    assert_eq!(
        district.decide("pty_operator", &grade(false)).unwrap_err().rule,
        "record.input"
    );
    district.must("pty_operator", &grade(true));
    assert!(on_record(&district).personal_information);
}

/// What spreads freezes what it has spread to, with the next grading.
#[test]
fn a_scenario_found_later_joins_the_incident_and_is_frozen() {
    let mut district = District::serving();
    district.must("pty_operator", &report(Level::Major, System::OtherOperator, false));
    let (_, _, grade) = District::before("incident.grade");
    let spread = |scenario: &str| {
        let changes = [
            ("/of/incident", json!("inc_9")),
            ("/of/level", json!("major")),
            ("/of/scenarios", json!([scenario])),
        ];
        crate::altered::with(&grade, &changes)
    };
    let unknown = district.decide("pty_operator", &spread("scn_none")).unwrap_err();
    assert_eq!(unknown.rule, "record.unknown");
    let nothing = crate::altered::with(&spread("scn_credit"), &[("/of/scenarios", json!([]))]);
    assert_eq!(
        district.decide("pty_operator", &nothing).unwrap_err().rule,
        "record.input"
    );
    // A drill freezes nothing; the incident of the path does.
    district.must("pty_operator", &spread("scn_credit"));
    assert_eq!(on_record(&district).report.scenarios.len(), 1);
    assert!(district.call(Usage::default()).is_ok());
    let (_, operator, real) = District::before("incident.report");
    let real = altered(
        &real,
        &[
            ("/of/id", json!("inc_8")),
            ("/of/scenarios", json!([])),
            ("/of/level", json!("major")),
        ],
    );
    district.must(operator, &real);
    assert!(district.call(Usage::default()).is_ok(), "it names none");
    let later = crate::altered::with(&spread("scn_credit"), &[("/of/incident", json!("inc_8"))]);
    district.must(operator, &later);
    assert_eq!(district.call(Usage::default()).unwrap_err().rule, "chain.frozen");
}

/// An authority that was told by telephone in time was told in time, if the call is shown.
#[test]
fn what_was_done_before_it_was_recorded_is_as_late_as_it_was_done() {
    let mut district = District::serving();
    district.must(
        "pty_operator",
        &report(Level::Major, System::CriticalInfrastructure, false),
    );
    let told = |at: &str, evidence: serde_json::Value| {
        let (_, _, fulfil) = District::before("incident.fulfil");
        let changes = [
            ("/of/incident", json!("inc_9")),
            ("/of/duty", json!("report_to_authority")),
            ("/of/document_sha256", json!("ef".repeat(32))),
            ("/of/done_at", json!(at)),
            ("/of/evidence_sha256", evidence),
        ];
        crate::altered::with(&fulfil, &changes)
    };
    let shown = json!("ee".repeat(32));
    for (at, evidence) in [
        ("2026-04-01T00:29:59Z", shown.clone()),
        ("2026-04-01T02:00:01Z", shown.clone()),
        ("2026-04-01T01:00:00Z", json!(null)),
    ] {
        let refusal = district.decide("pty_operator", &told(at, evidence)).unwrap_err();
        assert_eq!(refusal.rule, "incident.duties", "{at}");
    }
    district.must("pty_operator", &told("2026-04-01T01:00:00Z", shown));
    let duty = &on_record(&district).duties[&DutyKind::ReportToAuthority];
    assert!(!duty.is_late(district.now), "it was done within the hour");
    let done = duty.done.as_ref().unwrap();
    assert_eq!(
        (done.at, done.when().to_string().as_str()),
        (district.now, "2026-04-01T01:00:00Z")
    );
}

/// A false alarm ends without the duties it would have had, by a second person and with the finding.
#[test]
fn a_false_alarm_is_retracted_by_another_person_and_frees_what_it_froze() {
    let (mut district, operator, alarm) = District::before("incident.report");
    let grave = altered(
        &alarm,
        &[("/of/level", json!("major")), ("/of/personal_information", json!(true))],
    );
    district.must(operator, &grave);
    district.now = "2026-04-05T02:00:00Z".parse().unwrap();
    let (_, _, retract) = District::before("incident.retract");
    let retract = altered(&retract, &[("/of/incident", json!("inc_1"))]);
    let own = crate::district::actor(operator);
    assert_eq!(district.decide_as(&own, &retract).unwrap_err().rule, "power.four-eyes");
    let bare = altered(&retract, &[("/of/document_sha256", json!("x"))]);
    assert_eq!(district.decide(operator, &bare).unwrap_err().rule, "incident.duties");
    let (_, supervisor, thaw) = District::before("scenario.thaw");
    district.must(operator, &retract);
    let incident = &district.state.incidents[&IncidentId::new("inc_1")];
    assert!(!incident.is_open() && incident.duties.is_empty());
    assert_eq!(district.decide(operator, &retract).unwrap_err().rule, "record.state");
    let refused = district.decide(supervisor, &thaw).err().map(|refusal| refusal.rule);
    assert_ne!(refused.as_deref(), Some("incident.freeze"));
}
