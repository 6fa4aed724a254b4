//! What has changed of a registered resource is to be registered: by a day, until it is (26号, 变更登记).

use gongshu_governance::Command;
use gongshu_governance::identifier::ResourceId;
use gongshu_governance::resource::{ChangeDue, Changed, Resource};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use crate::altered::altered;
use crate::district::{CALENDAR, District, NATIONAL, overlay, rules, rules_of};

fn resource(district: &District) -> &Resource {
    &district.state.resources[&ResourceId::new("res_firms")]
}

/// What is due, and when its last day is.
fn dues(district: &District) -> Vec<(Changed, Date)> {
    let dues = resource(district).dues.iter();
    dues.map(|due| (due.changed, due.deadline.due)).collect()
}

fn waits(district: &District) -> Option<&ChangeDue> {
    let today = gongshu_governance::calendar::day_of(district.now);
    district.state.change_to_register(resource(district), today)
}

fn on(district: &mut District, day: Date) {
    district.now = format!("{day}T02:00:00Z").parse().unwrap();
}

fn step(district: &mut District, act: &str, changes: &[(&str, Value)]) -> Result<(), String> {
    let (_, party, command) = District::before(act);
    district.act(party, &altered(&command, changes)).map_err(|it| it.rule)
}

fn must(district: &mut District, act: &str, changes: &[(&str, Value)]) {
    step(district, act, changes).unwrap_or_else(|rule| panic!("{act}: {rule}"));
}

/// Applies for a registration of this type.
fn apply(district: &mut District, id: &str, kind: &str) -> Result<(), String> {
    let of = [("/of/id", json!(id)), ("/of/registration_type", json!(kind))];
    step(district, "registration.apply", &of)
}

/// Takes it to its code.
fn register(district: &mut District, id: &str) {
    let of = ("/of/registration", json!(id));
    must(district, "registration.accept", std::slice::from_ref(&of));
    must(district, "registration.review", std::slice::from_ref(&of));
    must(district, "registration.assign", &[of, ("/of/code", json!(""))]);
}

#[test]
fn a_changed_entry_is_to_be_registered_within_the_time_of_the_pack() {
    let (mut district, ..) = District::before("resource.amend");
    assert!(dues(&district).is_empty() && waits(&district).is_none());
    must(&mut district, "resource.amend", &[]);
    assert_eq!(
        dues(&district),
        [(Changed::Entry, date(2026, 4, 16))],
        "ten working days"
    );
    on(&mut district, date(2026, 4, 10));
    must(
        &mut district,
        "resource.amend",
        &[("/of/summary", json!("企业登记与变更信息"))],
    );
    assert_eq!(dues(&district).len(), 1, "its time runs from the first");
    let late = |district: &District, day: Date| waits(district).unwrap().is_late(day, rules().working_days());
    assert!(!late(&district, date(2026, 4, 16)) && late(&district, date(2026, 4, 17)));

    // While an application for it is under way nothing waits for the holder; one that comes back is due as before.
    on(&mut district, date(2026, 4, 20));
    apply(&mut district, "reg_3", "modification").unwrap();
    assert!(waits(&district).is_none() && !dues(&district).is_empty());
    let back = [
        ("/of/registration", json!("reg_3")),
        ("/of/passed", json!(false)),
        ("/of/reason", json!("材料不全")),
    ];
    must(&mut district, "registration.accept", &back);
    assert!(late(&district, date(2026, 4, 20)), "late is shown as late");
    apply(&mut district, "reg_4", "modification").unwrap();
    register(&mut district, "reg_4");
    assert!(dues(&district).is_empty() && waits(&district).is_none());
    assert_eq!(resource(&district).registration.summary, "企业登记与变更信息");
}

/// Grades that hold are to be registered by themselves, and what is regraded under way is not what was applied for.
#[test]
fn a_regrading_is_registered_too_and_one_under_way_stays_due() {
    let (mut district, ..) = District::before("resource.amend");
    assert_eq!(
        apply(&mut district, "reg_3", "modification").unwrap_err(),
        "registration.type"
    );
    must(&mut district, "resource.regrade", &[]);
    assert_eq!(dues(&district), [(Changed::Grades, date(2026, 4, 16))]);
    on(&mut district, date(2026, 4, 8));
    apply(&mut district, "reg_3", "modification").unwrap();
    on(&mut district, date(2026, 4, 9));
    let closed = json!({"name": {"level": 4, "release": {"rule": "closed"}}});
    must(&mut district, "resource.regrade", &[("/of/grades", closed)]);
    register(&mut district, "reg_3");
    let left = dues(&district);
    assert!(
        matches!(left[..], [(Changed::Grades, day)] if day > date(2026, 4, 16)),
        "{left:?}"
    );
    assert!(waits(&district).is_some());
    apply(&mut district, "reg_4", "correction").unwrap();
    register(&mut district, "reg_4");
    assert!(dues(&district).is_empty());
}

/// What waits for the agency has changed nothing; once it may, it has.
#[test]
fn what_is_to_be_looser_is_due_once_it_is_agreed_to() {
    let (mut district, ..) = District::before("resource.amend");
    let looser = json!({"grade": {"level": 2, "release": {"rule": "scored"}}});
    must(&mut district, "resource.regrade", &[("/of/grades", looser)]);
    assert!(dues(&district).is_empty());
    on(&mut district, date(2026, 4, 8));
    let mut refused = district.clone();
    must(&mut refused, "regrading.decide", &[("/of/approved", json!(false))]);
    assert!(dues(&refused).is_empty());
    must(&mut district, "regrading.decide", &[]);
    assert_eq!(dues(&district).len(), 1);
}

#[test]
fn a_change_that_is_taken_back_is_due_no_more() {
    let (mut district, ..) = District::before("resource.amend");
    must(
        &mut district,
        "resource.amend",
        &[("/of/entry", json!(null)), ("/of/summary", json!("另一说明"))],
    );
    assert_eq!(dues(&district).len(), 1);
    let back = json!(resource(&district).registration.summary);
    must(
        &mut district,
        "resource.amend",
        &[("/of/entry", json!(null)), ("/of/summary", back)],
    );
    assert!(dues(&district).is_empty() && resource(&district).pending.is_none());
}

/// A renewal registers no change; a resource that is withdrawn, or is not registered, has nothing to apply for.
#[test]
fn only_what_stands_in_the_register_is_to_be_changed_there() {
    let (mut district, ..) = District::before("registration.apply");
    must(&mut district, "resource.amend", &[]);
    must(&mut district, "resource.regrade", &[]);
    assert!(dues(&district).is_empty(), "it is not registered");

    let (mut district, ..) = District::before("resource.amend");
    must(&mut district, "resource.regrade", &[]);
    on(&mut district, date(2029, 3, 1));
    apply(&mut district, "reg_3", "renewal").unwrap();
    register(&mut district, "reg_3");
    assert_eq!(dues(&district).len(), 1);
    assert!(waits(&district).is_some());
    must(&mut district, "approval.decline", &[]);
    must(&mut district, "resource.withdraw", &[]);
    assert!(waits(&district).is_none());
}

/// Packs that keep no time, as all did before they said it, make nothing due.
#[test]
fn the_pack_says_within_which_time() {
    let line = "registration_working_days = 10";
    let none = rules_of(&[NATIONAL, CALENDAR, &overlay(line, "registration_working_days = 0")]);
    let before = crate::earlier::packs_of_before(NATIONAL, &format!("{line}\n"));
    for act in ["resource.amend", "resource.regrade"] {
        let (district, party, command) = District::before(act);
        let events = |rules| district.decide_under(rules, party, &command).unwrap();
        let told = |rules| serde_json::to_string(&events(rules)).unwrap().contains("change_due");
        assert!(!told(&none) && !told(&before) && told(rules()), "{act}");
    }
    let five = rules_of(&[NATIONAL, CALENDAR, &overlay(line, "registration_working_days = 5")]);
    let (mut district, party, command): (District, &str, Command) = District::before("resource.amend");
    for event in district.decide_under(&five, party, &command).unwrap() {
        district.happened(event);
    }
    assert_eq!(dues(&district), [(Changed::Entry, date(2026, 4, 9))]);
}
