//! Alerts: from how many on one is raised, once a day, and what may be found about it.

use std::sync::LazyLock;

use gongshu_governance::alert::{AlertEvent, AlertKind, Called, Counted, RaisedAlert, Usual, of_call};
use gongshu_governance::authorization::CallFailure;
use gongshu_governance::identifier::{AlertId, PartyId, ProductId};
use gongshu_governance::rules::{Rule, RuleBook, Rules};
use gongshu_governance::workbench::{AttemptStep, Control, RecordAttempt, RefusedAttempt};
use gongshu_governance::{Command, Event, Refusal};
use jiff::civil::date;
use serde_json::{Value, json};

use crate::coverage::{altered, with};
use crate::district::{CALENDAR, District, NATIONAL, refused_attempt, rules};
use crate::steps::raised_about;

const ALERT: &str = "alr_1";

/// What one call more raises where so many are counted.
fn calls(district: &District, kind: AlertKind, figure: u64, usual: Usual) -> Vec<Event> {
    by(district, rules(), kind, figure, usual)
}

fn by(district: &District, rules: &Rules, kind: AlertKind, figure: u64, usual: Usual) -> Vec<Event> {
    let (bank, product) = (PartyId::new("pty_bank"), ProductId::new("prd_verify"));
    let counted = [Counted { kind, figure, usual }];
    of_call(&district.state, (&bank, &product), &counted, district.now, rules)
}

fn alert_of(event: &Event) -> &RaisedAlert {
    match event {
        Event::Alert(AlertEvent::Raised(raised)) => raised,
        other => panic!("{other:?}"),
    }
}

/// Refused attempts of the partner, before and after data was read in turn.
fn refused_at_workbench(district: &mut District, from: u64, count: u64) {
    for number in from..from + count {
        let id = format!("run_refused_{number}");
        let step = |step| {
            let attempt = RecordAttempt {
                step,
                ..refused_attempt(&id)
            };
            Command::RecordAttempt(Box::new(attempt))
        };
        let refused = |control| {
            step(AttemptStep::Refused(RefusedAttempt {
                control,
                rule: "query.limit".to_owned(),
                column: None,
                location: None,
            }))
        };
        if number % 2 == 0 {
            district.must("pty_partner", &step(AttemptStep::Began));
            district.must("pty_partner", &refused(Control::Execution));
        } else {
            district.must("pty_partner", &refused(Control::Check));
        }
    }
}

/// Raises the alert of a rule, and not with one less.
pub(crate) fn check_raises(rule: Rule) {
    let kind = AlertKind::ALL.into_iter().find(|kind| kind.rule() == rule).unwrap();
    let bound = kind.bound(Usual::default(), rules());
    let mut district = District::serving();
    if kind == AlertKind::Workbench {
        // The path has one attempt that was refused.
        refused_at_workbench(&mut district, 0, bound - 2);
        assert_eq!(workbench_alerts(&district), 0);
        refused_at_workbench(&mut district, bound, 3);
        assert_eq!(workbench_alerts(&district), 1);
        return;
    }
    assert_eq!(calls(&district, kind, bound - 1, Usual::default()), []);
    let events = calls(&district, kind, bound, Usual::default());
    let alert = alert_of(&events[0]);
    assert_eq!(
        (events.len(), alert.kind, alert.figure, alert.bound),
        (1, kind, bound, bound)
    );
    assert_eq!(
        (alert.party.as_str(), alert.scenario.as_str()),
        ("pty_bank", "scn_credit")
    );
}

fn workbench_alerts(district: &District) -> usize {
    let alerts = district.state.alerts.values();
    alerts.filter(|alert| alert.raised.kind == AlertKind::Workbench).count()
}

#[test]
fn there_is_one_of_a_kind_and_a_day_and_the_next_day_may_have_another() {
    let mut district = District::serving();
    let bound = AlertKind::Refusals.bound(Usual::default(), rules());
    for event in calls(&district, AlertKind::Refusals, bound, Usual::default()) {
        district.happened(event);
    }
    assert_eq!(calls(&district, AlertKind::Refusals, bound + 1, Usual::default()), []);
    assert_eq!(calls(&district, AlertKind::Night, 10_000, Usual::default()).len(), 1);
    // Days are those of Shanghai.
    district.now = "2026-04-01T15:59:59Z".parse().unwrap();
    assert_eq!(calls(&district, AlertKind::Refusals, bound, Usual::default()), []);
    district.now = "2026-04-01T16:00:00Z".parse().unwrap();
    let next = calls(&district, AlertKind::Refusals, bound, Usual::default());
    assert_eq!(alert_of(&next[0]).day, date(2026, 4, 2));
    // 清明节 and a weekend lie in between.
    assert_eq!(alert_of(&next[0]).deadline.due, date(2026, 4, 8));
}

#[test]
fn a_surge_is_measured_against_the_consumers_own_days() {
    let district = District::serving();
    let quiet = (0..14).fold(Usual::default(), |usual, _| usual.after(10, 14));
    let busy = (0..14).fold(Usual::default(), |usual, _| usual.after(2_000, 14));
    let raises = |figure, usual| !calls(&district, AlertKind::Surge, figure, usual).is_empty();
    assert!(
        !raises(999, quiet) && raises(1_000, quiet),
        "a least number, however few are usual"
    );
    assert!(!raises(5_999, busy) && raises(6_000, busy), "three times the mean");
}

#[test]
fn a_call_counts_toward_what_came_of_it_and_the_night_has_its_hours() {
    use AlertKind::{Failures, Night, NoConsent, Refusals, Surge};
    let kinds = |called, at: &str| {
        let at = format!("2026-04-01T{at}Z").parse().unwrap();
        AlertKind::of_call(called, at, rules()).collect::<Vec<_>>()
    };
    let noon = |called| kinds(called, "04:00:00");
    assert_eq!(noon(Called::Answered), [Surge]);
    assert_eq!(noon(Called::Refused("chain.purpose")), [Surge, Refusals]);
    assert_eq!(noon(Called::Refused("chain.consent")), [Surge, NoConsent]);
    assert_eq!(noon(Called::Failed(CallFailure::Time)), [Surge, Failures]);
    assert_eq!(noon(Called::Failed(CallFailure::Unreachable)), [Surge]);
    // 22:00 to 06:00 in Shanghai.
    let hours = [
        ("13:59:59", false),
        ("14:00:00", true),
        ("21:59:59", true),
        ("22:00:00", false),
    ];
    for (at, night) in hours {
        assert_eq!(kinds(Called::Answered, at).contains(&Night), night, "{at} UTC");
    }
}

#[test]
fn the_record_of_a_release_without_alerts_has_none() {
    static EARLIER: LazyLock<Rules> = LazyLock::new(|| {
        let (before, rest) = NATIONAL.split_once("[rules.\"alert.surge\"]").unwrap();
        let (_, after) = rest.split_once("[rules.\"assessment.year\"]").unwrap();
        let earlier = format!("{before}[rules.\"assessment.year\"]{after}");
        assert!(!earlier.contains("alert."));
        let present = RuleBook::load(&[NATIONAL, CALENDAR]).unwrap();
        let book = RuleBook::of_record(&[&earlier, CALENDAR], &present).unwrap();
        (**book.on(date(2026, 4, 1))).clone()
    });
    assert!(rules().alerts() && !EARLIER.alerts());
    let district = District::serving();
    assert_eq!(
        by(&district, &EARLIER, AlertKind::Surge, u64::MAX, Usual::default()),
        []
    );
    let mut district = District::serving();
    refused_at_workbench(&mut district, 0, 98);
    let next = Command::RecordAttempt(Box::new(refused_attempt("run_next")));
    let raised = |rules: &Rules| district.decide_under(rules, "pty_partner", &next).unwrap().len();
    assert_eq!((raised(rules()), raised(&EARLIER)), (2, 1));
}

/// What handling the alert meets after some steps of the path.
fn handled(district: &District, by: &str, changes: &[(&str, Value)]) -> Result<Vec<Event>, Refusal> {
    let (_, _, handle) = District::before("alert.handle");
    district.decide(by, &with(&handle, changes))
}

#[test]
fn whoever_it_is_about_does_not_handle_it_under_any_role() {
    let (mut district, operator, _) = District::before("alert.handle");
    assert_eq!(operator, "pty_operator");
    district.happened(raised_about("pty_operator"));
    assert_eq!(
        handled(&district, "pty_operator", &[]).unwrap_err().rule,
        "alert.handling"
    );
    assert!(handled(&district, "pty_agency", &[]).is_ok());
    // The same firm as a consumer.
    let code = district.state.parties[&PartyId::new("pty_operator")].code.clone();
    let (_, agency, register) = District::before("party.register");
    let again = [
        ("/of/party/id", json!("pty_operator_buys")),
        ("/of/party/role", json!("consumer")),
        ("/of/party/code", json!(code)),
    ];
    let register = altered(&register, &again);
    district.must(agency, &register);
    district.happened(raised_about("pty_operator_buys"));
    assert_eq!(
        handled(&district, "pty_operator", &[]).unwrap_err().rule,
        "alert.handling"
    );
    assert!(handled(&district, "pty_agency", &[]).is_ok());
}

#[test]
fn a_measure_is_an_act_on_record() {
    let steps = [
        ("product_suspended", "product.suspend"),
        ("subscription_ended", "subscription.close"),
        ("scenario_frozen", "scenario.freeze"),
    ];
    for (measure, act) in steps {
        let mut district = District::serving();
        district.happened(raised_about("pty_bank"));
        let measures = [("/of/measures", json!([measure, "instructed"]))];
        let refusal = handled(&district, "pty_operator", &measures).unwrap_err();
        assert_eq!(refusal.rule, "alert.handling", "{measure}");
        let (_, party, command) = District::before(act);
        district.must(party, &command);
        assert!(handled(&district, "pty_operator", &measures).is_ok(), "{measure}");
    }
}

#[test]
fn an_incident_is_reported_of_this_scenario_and_is_no_drill() {
    let mut district = District::serving();
    district.happened(raised_about("pty_bank"));
    let (_, by, report) = District::before("incident.report");
    let reports = [
        ("inc_drill", true, json!(["scn_credit"]), Some("alert.handling")),
        ("inc_other", false, json!([]), Some("alert.handling")),
        ("inc_real", false, json!(["scn_credit"]), None),
    ];
    for (id, drill, scenarios, refused) in reports {
        let incident = [
            ("/of/id", json!(id)),
            ("/of/drill", json!(drill)),
            ("/of/scenarios", scenarios),
            ("/of/level", json!("general")),
        ];
        district.must(by, &with(&report, &incident));
        let found = [
            ("/of/outcome", json!("made_incident")),
            ("/of/measures", json!([])),
            ("/of/incident", json!(id)),
        ];
        let outcome = handled(&district, "pty_operator", &found);
        assert_eq!(outcome.err().map(|refusal| refusal.rule).as_deref(), refused, "{id}");
    }
}

#[test]
fn what_is_handled_late_is_on_record_as_late() {
    let late = |handled: Option<&str>, today| {
        let mut district = District::serving();
        district.happened(raised_about("pty_bank"));
        if let Some(at) = handled {
            district.now = at.parse().unwrap();
            let (_, party, command) = District::before("alert.handle");
            district.must(party, &command);
        }
        let alert = &district.state.alerts[&AlertId::new(ALERT)];
        alert.is_late(today, rules().working_days())
    };
    // Wednesday the 1st; the 6th is a holiday.
    let (last, after) = (date(2026, 4, 7), date(2026, 4, 8));
    assert!(!late(None, last) && late(None, after));
    assert!(!late(Some("2026-04-07T15:59:59Z"), date(2026, 12, 1)));
    assert!(late(Some("2026-04-07T16:00:00Z"), date(2026, 12, 1)));
}
