//! Complaints about how an operator goes about its business.

use gongshu_governance::Command;
use gongshu_governance::complaint::ComplaintStatus;
use gongshu_governance::identifier::ComplaintId;
use serde_json::{Value, json};

use crate::altered::{altered, with};
use crate::district::District;

fn rule(district: &District, party: &str, command: &Command, changes: &[(&str, Value)]) -> String {
    district
        .decide(party, &with(command, changes))
        .unwrap_err()
        .rule
        .to_owned()
}

fn status(district: &District) -> ComplaintStatus {
    district.state.complaints[&ComplaintId::new("cmp_1")].status
}

#[test]
fn anybody_but_the_operator_complains_of_what_is_on_the_list() {
    let (district, bank, file) = District::before("complaint.file");
    for party in ["pty_firm", "pty_partner", "pty_market", "pty_agency"] {
        assert!(district.decide(party, &file).is_ok(), "{party}");
    }
    assert_eq!(rule(&district, "pty_operator", &file, &[]), "operator.conduct");
    let refusal = district
        .decide(bank, &with(&file, &[("/of/conduct", json!("态度不好"))]))
        .unwrap_err();
    assert!(
        refusal.rule == "operator.conduct" && refusal.remedy.zh.contains("差别待遇"),
        "{refusal:?}"
    );
    assert_eq!(
        rule(&district, bank, &file, &[("/of/facts", json!(" "))]),
        "record.input"
    );
    assert_eq!(
        rule(&district, bank, &file, &[("/of/evidence_sha256", json!("照片"))]),
        "record.input"
    );
    let (early, ..) = District::before("agreement.sign");
    assert_eq!(rule(&early, bank, &file, &[]), "record.state");
}

#[test]
fn nobody_decides_before_the_operator_is_heard_or_its_time_is_over_and_nobody_its_own() {
    let (mut district, supervisor, decide) = District::before("complaint.decide");
    let (mut unheard, ..) = District::before("complaint.answer");
    let refusal = unheard.decide(supervisor, &decide).unwrap_err();
    assert!(
        refusal.rule == "operator.conduct" && refusal.message.zh.contains("答辩期限"),
        "{refusal:?}"
    );
    unheard.now = "2026-04-30T02:00:00Z".parse().unwrap();
    assert!(unheard.decide(supervisor, &decide).is_ok());
    district.must(supervisor, &decide);
    let (mut own, _, file) = District::before("complaint.file");
    own.must("pty_agency", &file);
    own.now = "2026-04-30T02:00:00Z".parse().unwrap();
    assert_eq!(rule(&own, "pty_agency", &decide, &[]), "operator.conduct");
}

#[test]
fn what_is_upheld_is_to_be_put_right_by_a_day_and_what_is_dismissed_asks_for_nothing() {
    let (mut district, supervisor, decide) = District::before("complaint.decide");
    for changes in [
        vec![("/of/demands", json!(" "))],
        vec![("/of/due", json!(null))],
        vec![("/of/due", json!("2026-03-31"))],
        vec![("/of/upheld", json!(false))],
    ] {
        assert_eq!(
            rule(&district, supervisor, &decide, &changes),
            "operator.conduct",
            "{changes:?}"
        );
    }
    assert_eq!(
        rule(&district, supervisor, &decide, &[("/of/basis", json!(""))]),
        "record.input"
    );
    let dismissed = [
        ("/of/upheld", json!(false)),
        ("/of/demands", json!("")),
        ("/of/due", json!(null)),
    ];
    district.must(supervisor, &with(&decide, &dismissed));
    assert_eq!(status(&district), ComplaintStatus::Dismissed);
    let (_, operator, rectify) = District::before("complaint.rectify");
    assert_eq!(rule(&district, operator, &rectify, &[]), "record.state");
}

#[test]
fn what_was_done_is_shown_and_goes_back_until_it_settles_the_complaint() {
    let (mut district, operator, rectify) = District::before("complaint.rectify");
    let (_, supervisor, close) = District::before("complaint.close");
    assert_eq!(rule(&district, supervisor, &close, &[]), "record.state");
    assert_eq!(
        rule(&district, operator, &rectify, &[("/of/document_sha256", json!(""))]),
        "operator.conduct"
    );
    district.must(operator, &rectify);
    district.must(supervisor, &altered(&close, &[("/of/accepted", json!(false))]));
    assert_eq!(status(&district), ComplaintStatus::Upheld);
    district.must(operator, &rectify);
    district.must(supervisor, &close);
    assert_eq!(status(&district), ComplaintStatus::Closed);
    assert_eq!(district.state.complaints[&ComplaintId::new("cmp_1")].rectified.len(), 2);
}

/// What was found and is not put right in time stops further scenarios, until it is.
#[test]
fn no_further_scenario_while_what_was_found_is_overdue() {
    let (mut district, agency, grant) = District::before("scenario.grant");
    let act = |district: &mut District, act: &str, changes: &[(&str, Value)]| {
        let (_, party, command) = District::before(act);
        district.must(party, &with(&command, changes));
    };
    act(&mut district, "complaint.file", &[]);
    act(&mut district, "complaint.answer", &[]);
    act(&mut district, "complaint.decide", &[("/of/due", json!("2026-04-10"))]);
    assert!(district.decide(agency, &grant).is_ok(), "there is time");
    district.now = "2026-04-11T02:00:00Z".parse().unwrap();
    assert_eq!(district.decide(agency, &grant).unwrap_err().rule, "operator.conduct");
    act(&mut district, "complaint.rectify", &[]);
    assert!(district.decide(agency, &grant).is_ok(), "it waits to be looked at");
    act(&mut district, "complaint.close", &[("/of/accepted", json!(false))]);
    let (_, operator, apply) = District::before("scenario.apply");
    assert_eq!(
        rule(&district, operator, &apply, &[("/of/id", json!("scn_new"))]),
        "operator.conduct"
    );
    act(&mut district, "complaint.rectify", &[]);
    act(&mut district, "complaint.close", &[]);
    assert!(district.decide(agency, &grant).is_ok());
}
