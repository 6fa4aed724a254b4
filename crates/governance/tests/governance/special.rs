//! What changes of a resource and how, and data that enters authorized operation only with an approval, or never.

use gongshu_governance::Command;
use gongshu_governance::authorization::Usage;
use gongshu_governance::identifier::{ResourceId, ScenarioId};
use gongshu_governance::resource::{AmendResource, Resource};
use serde_json::{Value, json};

use crate::altered::{altered, with};
use crate::district::{CALENDAR, District, NATIONAL, path, rules_of};

/// The approval of important data, made from that of shared data.
pub(crate) fn important(clearance: &Command) -> Command {
    let changes = [
        ("/of/clearance", json!("important_data")),
        ("/of/approval", json!("重要数据授权运营专项批准")),
        ("/of/authority", json!("省数据管理部门")),
    ];
    altered(clearance, &changes)
}

fn resource(district: &District) -> &Resource {
    &district.state.resources[&ResourceId::new("res_firms")]
}

/// The district before an act, with the resource registered otherwise.
fn with_resource(changes: &[(&str, serde_json::Value)], until: &str) -> District {
    let mut district = District::empty();
    for (party, command) in path() {
        let act = command.act().id();
        if act == until {
            break;
        }
        let command = if act == "resource.register" {
            with(&command, changes)
        } else {
            command
        };
        district.must(party, &command);
    }
    district
}

#[test]
fn core_data_is_on_record_and_never_authorized() {
    let district = with_resource(&[("/of/core", json!(true))], "agreement.propose");
    let (_, agency, propose) = District::before("agreement.propose");
    let refusal = district.decide(agency, &propose).unwrap_err();
    assert_eq!(refusal.rule, "grading.special");
    assert!(refusal.message.zh.contains("核心数据"), "{refusal:?}");
}

#[test]
fn important_data_is_authorized_with_the_approval_that_the_pack_names() {
    let mut district = with_resource(&[("/of/important", json!(true))], "agreement.propose");
    let (_, agency, propose) = District::before("agreement.propose");
    assert_eq!(district.decide(agency, &propose).unwrap_err().rule, "grading.special");
    let (_, provider, clear) = District::before("resource.clear");
    let other = altered(&important(&clear), &[("/of/approval", json!("同意函"))]);
    assert_eq!(district.decide(provider, &other).unwrap_err().rule, "grading.special");
    let bare = altered(&important(&clear), &[("/of/document_sha256", json!("ab"))]);
    assert_eq!(district.decide(provider, &bare).unwrap_err().rule, "grading.special");
    district.must(provider, &important(&clear));
    assert!(district.decide(agency, &propose).is_ok());
}

/// A resource that enters the catalogue while an agreement is in force is held to the same when a scenario or an amendment
/// names it.
#[test]
fn an_amendment_and_a_scenario_do_not_let_in_what_an_agreement_would_not() {
    let (mut district, operator, apply) = District::before("scenario.apply");
    let (_, provider, register) = District::before("resource.register");
    let second = with(
        &register,
        &[
            ("/of/id", json!("res_secret")),
            ("/of/table", json!("secret")),
            ("/of/core", json!(true)),
        ],
    );
    district.must(provider, &second);
    let (_, agency, amend) = District::before("agreement.amend");
    let wider = with(&amend, &[("/of/resources", json!(["res_firms", "res_secret"]))]);
    assert_eq!(district.decide(agency, &wider).unwrap_err().rule, "grading.special");
    assert!(district.decide(operator, &apply).is_ok());
}

#[test]
fn low_sensitive_is_a_claim_with_criteria() {
    let (district, provider, register) = District::before("resource.register");
    let low = |level: u8, claim: &serde_json::Value| {
        let mut document = serde_json::to_value(&register).unwrap();
        let mut fields = document["of"]["fields"].as_array().unwrap()[..3].to_vec();
        for field in &mut fields {
            field["level"] = json!(level);
            field["release"] = json!({"rule": "group"});
        }
        document["of"]["fields"] = json!(fields);
        let entry = json!({"low_sensitive": claim});
        document["of"]["entry"] = entry;
        let command: Command = serde_json::from_value(document).unwrap();
        district
            .decide(provider, &command)
            .err()
            .map_or_else(String::new, |refusal| refusal.rule)
    };
    let sound = json!({"identifiers": false, "business_secrets": false, "harm_slight": true, "risk_basis_points": 500,
        "report_sha256": "a1".repeat(32)});
    assert_eq!(low(2, &sound), "");
    assert_eq!(low(3, &sound), "grading.low-sensitive");
    for (member, value) in [
        ("identifiers", json!(true)),
        ("business_secrets", json!(true)),
        ("harm_slight", json!(false)),
        ("risk_basis_points", json!(501)),
        ("report_sha256", json!("")),
    ] {
        let mut claim = sound.clone();
        claim[member] = value;
        assert_eq!(low(2, &claim), "grading.low-sensitive", "{member}");
    }
}

#[test]
fn a_change_is_in_force_at_once_where_nothing_is_registered_and_touches_no_release_rule() {
    let (mut district, provider, amend) = District::before("resource.amend");
    let before = resource(&district).registration.clone();
    let mut unregistered = District::before("registration.apply").0;
    unregistered.must(provider, &amend);
    let registration = &resource(&unregistered).registration;
    assert_eq!(registration.entry.volume, "约 12 万条");
    assert_eq!(registration.fields, before.fields);
    let changes = json!({"name": "数据主体名称"});
    district.must(provider, &with(&amend, &[("/of/meanings", changes)]));
    assert_eq!(
        resource(&district).registration,
        before,
        "it waits for its registration"
    );
    let unknown = with(&amend, &[("/of/meanings", json!({"nobody": "x"}))]);
    assert_eq!(district.decide(provider, &unknown).unwrap_err().rule, "record.unknown");
    let elsewhere = with(&amend, &[("/of/field_of_application", json!("占卜"))]);
    let refusal = district.decide(provider, &elsewhere).unwrap_err();
    assert_eq!(refusal.rule, "resource.field-of-application");
    let reversed = json!({"span": {"from": "2026-01-01", "until": "2025-01-01"}});
    let reversed = with(&amend, &[("/of/entry", reversed)]);
    assert_eq!(district.decide(provider, &reversed).unwrap_err().rule, "record.input");
}

#[test]
fn what_is_withdrawn_is_not_used_anew() {
    let (mut district, provider, withdraw) = District::before("resource.withdraw");
    district.must(provider, &withdraw);
    for act in ["version.record", "resource.amend", "resource.clear"] {
        let (_, party, command) = District::before(act);
        assert_eq!(
            district.decide(party, &command).unwrap_err().rule,
            "record.state",
            "{act}"
        );
    }
    let (_, operator, apply) = District::before("scenario.apply");
    let next = altered(&apply, &[("/of/id", json!("scn_next"))]);
    assert_eq!(district.decide(operator, &next).unwrap_err().rule, "record.state");
    let (_, provider, approve) = District::before("approval.give");
    assert_eq!(district.decide(provider, &approve).unwrap_err().rule, "record.state");
}

fn pending(district: &District) -> Option<AmendResource> {
    resource(district).pending.clone()
}

/// What one change leaves out, the one that waits still asks for; back to the present text, nothing waits.
#[test]
fn changes_that_wait_join_each_other_and_can_be_taken_back() {
    let (mut district, provider, amend) = District::before("resource.amend");
    let before = resource(&district).registration.clone();
    let change = |members: &[(&str, Value)]| {
        let mut all = vec![("/of/entry", json!(null))];
        all.extend_from_slice(members);
        with(&amend, &all)
    };
    district.must(provider, &change(&[("/of/summary", json!("新的摘要"))]));
    district.must(provider, &change(&[("/of/contact", json!("新的联系人"))]));
    let waiting = pending(&district).unwrap();
    assert_eq!(
        (waiting.summary.as_deref(), waiting.contact.as_deref()),
        (Some("新的摘要"), Some("新的联系人"))
    );
    let same = change(&[("/of/summary", json!("新的摘要"))]);
    assert_eq!(district.decide(provider, &same).unwrap_err().rule, "resource.change");
    let back = [
        ("/of/summary", json!(before.summary)),
        ("/of/contact", json!(before.contact)),
    ];
    district.must(provider, &change(&back));
    assert_eq!(pending(&district), None);
    assert_eq!(resource(&district).registration, before);
    let again = change(&back);
    assert_eq!(district.decide(provider, &again).unwrap_err().rule, "resource.change");
}

/// By silence as well: who has not declined it in time has let it be used.
#[test]
fn a_resource_that_silence_lets_be_used_is_not_withdrawn_and_one_that_is_withdrawn_is_not_served() {
    let silence = rules_of(&[
        &NATIONAL.replace("silence_approves = 0", "silence_approves = 1"),
        CALENDAR,
    ]);
    let (mut district, provider, withdraw) = District::before("resource.withdraw");
    let scenario = ScenarioId::new("scn_credit");
    let mut applied = District::before("approval.give").0;
    let refused = |district: &District| {
        let outcome = district.decide_under(&silence, provider, &withdraw);
        outcome.err().map(|refusal| refusal.rule)
    };
    assert!(applied.state.scenarios[&scenario].approvals.is_empty());
    assert_eq!(refused(&applied), None, "nobody has approved yet");
    applied.now = "2026-04-17T02:00:00Z".parse().unwrap();
    assert_eq!(refused(&applied).as_deref(), Some("resource.change"));
    let (_, _, decline) = District::before("approval.decline");
    applied.must(provider, &decline);
    assert_eq!(refused(&applied), None);
    // What is withdrawn is served to nobody, whoever approved its use.
    district.must(provider, &withdraw);
    let mut serving = District::serving();
    assert!(serving.call(Usage::default()).is_ok());
    for event in district.events.split_off(district.events.len() - 1) {
        serving.happened(event);
    }
    assert_eq!(serving.call(Usage::default()).unwrap_err().rule, "record.state");
}

/// The district in operation, with a clearance that has a last day.
fn cleared_until(day: &str, until: &str) -> District {
    let mut district = District::empty();
    for (party, command) in path() {
        match command.act().id() {
            act if act == until => break,
            "resource.clear" => district.must(party, &with(&command, &[("/of/until", json!(day))])),
            _ => district.must(party, &command),
        }
    }
    district
}

fn step(act: &str) -> (&'static str, Command) {
    let (_, party, command) = District::before(act);
    (party, command)
}

/// What `act` of the path is refused by, now.
fn refused(district: &District, act: &str) -> String {
    let (party, command) = step(act);
    district
        .decide(party, &command)
        .err()
        .map_or_else(String::new, |it| it.rule)
}

#[test]
fn an_approval_with_a_last_day_carries_nothing_after_it() {
    let mut district = cleared_until("2026-05-31", "product.suspend");
    district.now = "2026-05-31T15:59:59Z".parse().unwrap();
    assert!(district.call(Usage::default()).is_ok(), "its last day in Shanghai");
    district.now = "2026-05-31T16:00:00Z".parse().unwrap();
    let refusal = district.call(Usage::default()).unwrap_err();
    assert_eq!(refusal.rule, "resource.shared");
    assert!(refusal.message.en.contains("ended on 2026-05-31"), "{refusal:?}");
    assert!(refusal.remedy.en.contains("resource.clear"), "{refusal:?}");
    // Another carries on from where it is on record.
    let (provider, clear) = step("resource.clear");
    let ended = with(&clear, &[("/of/until", json!("2026-05-31"))]);
    assert_eq!(district.decide(provider, &ended).unwrap_err().rule, "resource.shared");
    district.must(provider, &with(&clear, &[("/of/until", json!("2026-12-31"))]));
    assert!(district.call(Usage::default()).is_ok());
    let shorter = with(&clear, &[("/of/until", json!("2026-11-30"))]);
    assert_eq!(
        district.decide(provider, &shorter).unwrap_err().rule,
        "record.duplicate"
    );
    district.must(provider, &clear);
    assert_eq!(
        refused(&district, "resource.clear"),
        "record.duplicate",
        "one without an end is there"
    );
}

/// Whatever begins on it afterwards is refused: terms, scenarios, approvals, grants, listings, runs.
#[test]
fn nothing_new_rests_on_an_approval_that_was_taken_back() {
    for act in [
        "agreement.propose",
        "scenario.apply",
        "scenario.grant",
        "approval.give",
        "product.list",
        "subscription.open",
        "query.run",
        "model.train",
        "agreement.amend",
        "agreement.accept",
    ] {
        let (mut district, party, command) = District::before(act);
        assert!(district.decide(party, &command).is_ok(), "{act}");
        let (provider, withdraw) = step("clearance.withdraw");
        district.must(provider, &withdraw);
        assert_eq!(refused(&district, act), "resource.shared", "{act}");
        let (_, clear) = step("resource.clear");
        district.must(provider, &clear);
        assert!(district.decide(party, &command).is_ok(), "{act}, with another");
    }
}

#[test]
fn an_approval_is_taken_back_by_its_document_and_once() {
    let (mut district, provider, withdraw) = District::before("clearance.withdraw");
    let told = |change: (&str, Value)| {
        district
            .decide(provider, &altered(&withdraw, &[change]))
            .unwrap_err()
            .rule
    };
    assert_eq!(told(("/of/reason", json!(" "))), "record.input");
    assert_eq!(told(("/of/document_sha256", json!("函"))), "resource.shared");
    assert_eq!(
        told(("/of/clearance", json!("important_data"))),
        "record.state",
        "there is none"
    );
    assert_eq!(district.decide("pty_ecology", &withdraw).unwrap_err().rule, "power.act");
    district.must(provider, &withdraw);
    let shown = serde_json::to_value(&resource(&district).clearances).unwrap();
    assert_eq!(shown[0]["withdrawn"]["document_sha256"], json!("c3".repeat(32)));
    assert_eq!(district.decide(provider, &withdraw).unwrap_err().rule, "record.state");
}

/// Important data stops with its approval, whoever shared it.
#[test]
fn important_data_stops_with_its_approval() {
    let mut district = with_resource(&[("/of/important", json!(true))], "agreement.propose");
    let (provider, clear) = step("resource.clear");
    district.must(provider, &important(&clear));
    let mut later = path()
        .into_iter()
        .skip_while(|(_, it)| it.act().id() != "agreement.propose");
    for (party, command) in later.by_ref().take_while(|(_, it)| it.act().id() != "product.suspend") {
        district.must(party, &command);
    }
    assert!(district.call(Usage::default()).is_ok());
    let (_, withdraw) = step("clearance.withdraw");
    district.must(
        provider,
        &altered(&withdraw, &[("/of/clearance", json!("important_data"))]),
    );
    let refusal = district.call(Usage::default()).unwrap_err();
    assert_eq!(refusal.rule, "grading.special");
    assert!(
        refusal.message.en.contains("was taken back on 2026-04-01"),
        "{refusal:?}"
    );
}

/// A record of before, in which no approval has an end, is read as it was.
#[test]
fn an_approval_of_before_has_no_end() {
    let (_, clear) = step("resource.clear");
    let written = serde_json::to_value(&clear).unwrap();
    assert!(
        written["of"].get("until").is_none(),
        "the same bytes as before: {written}"
    );
    let district = District::serving();
    assert!(resource(&district).uncleared().is_empty());
}
