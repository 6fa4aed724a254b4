//! Scenarios that become less, end, or are followed by another; and the quota of a subscription.

use gongshu_governance::Command;
use gongshu_governance::authorization::Usage;
use gongshu_governance::identifier::{ProductId, ScenarioId, SubscriptionId};
use gongshu_governance::product::ProductStatus;
use gongshu_governance::service::stops;
use serde_json::{Value, json};

use crate::altered::with;
use crate::district::{District, FIRM_CODE, PURPOSE, path};

fn step(act: &str) -> (&'static str, Command) {
    let step = path().into_iter().find(|(_, command)| command.act().id() == act);
    step.unwrap()
}

/// The step of the path that narrows, changing this instead.
fn narrowing(changes: &[(&str, Value)]) -> Command {
    let (_, narrow) = step("scenario.narrow");
    let nothing = with(&narrow, &[("quota_calls_max", json!(null)), ("until", json!(null))]);
    with(&nothing, changes)
}

fn fields(names: &[&str]) -> (&'static str, Value) {
    ("resources", json!({ "res_firms": names }))
}

fn rule(district: &District, party: &str, command: &Command) -> String {
    let outcome = district.decide(party, command);
    outcome.map_or_else(|refusal| refusal.rule, |_| "accepted".to_owned())
}

fn call_rule(district: &District) -> String {
    let call = district.call(Usage::default());
    call.map_or_else(|refusal| refusal.rule, |_| "permitted".to_owned())
}

fn stopped(district: &District) -> bool {
    stopped_of(district, "prd_verify")
}

fn stopped_of(district: &District, product: &str) -> bool {
    let product = &district.state.products[&ProductId::new(product)];
    let all = stops(&district.state, product);
    all.iter().any(|stop| stop.from == district.now && stop.until.is_none())
}

#[test]
fn what_a_product_does_not_read_can_go_and_what_it_reads_stops_it() {
    let mut district = District::serving();
    let before = district.call(Usage::default()).unwrap();
    district.must("pty_agency", &narrowing(&[fields(&["code", "name"])]));
    let after = district.call(Usage::default()).unwrap();
    assert!(
        !after.same_grounds(&before),
        "what was computed before is computed again"
    );
    assert!(!stopped(&district));
    district.must("pty_operator", &narrowing(&[fields(&["code"])]));
    assert_eq!(call_rule(&district), "chain.link-exceeds");
    assert!(stopped(&district), "nobody is charged from then on");
    let (bank2, order) = step("subscription.open");
    assert_eq!(
        (bank2, rule(&district, "pty_bank2", &order).as_str()),
        ("pty_bank", "chain.link-exceeds")
    );
}

#[test]
fn what_was_reviewed_by_a_tighter_rule_is_not_stopped_by_it() {
    let mut district = District::serving();
    let closed = json!({"res_firms": {"name": {"rule": "closed"}}});
    district.must("pty_agency", &narrowing(&[("tightened", closed)]));
    let (_, partner, submission) = District::before("product.submit");
    district.must(partner, &with(&submission, &[("id", json!("prd_later"))]));
    assert!(stopped_of(&district, "prd_verify"));
    assert!(!stopped_of(&district, "prd_later"));
    district.must("pty_agency", &narrowing(&[fields(&["code"])]));
    assert!(stopped_of(&district, "prd_later"), "what comes later stops it");
}

#[test]
fn nothing_becomes_wider() {
    let mut district = District::serving();
    let closed = ("tightened", json!({"res_firms": {"grade": {"rule": "closed"}}}));
    let open = ("tightened", json!({"res_firms": {"grade": {"rule": "open"}}}));
    district.must("pty_agency", &narrowing(std::slice::from_ref(&closed)));
    assert_eq!(call_rule(&district), "permitted");
    for wider in [
        vec![fields(&["code", "name", "grade", "salary"])],
        vec![("resources", json!({"res_firms": ["code"], "res_other": ["code"]}))],
        vec![open],
        vec![closed],
        vec![("tightened", json!({"res_firms": {"name": {"rule": "consented"}}}))],
        vec![("quota_calls_max", json!(1_001))],
        vec![("until", json!("2027-04-01"))],
    ] {
        let refused = rule(&district, "pty_agency", &narrowing(&wider));
        assert_eq!(refused, "chain.link-exceeds", "{wider:?}");
    }
    for empty in [vec![], vec![fields(&[])], vec![("resources", json!({}))]] {
        assert_eq!(
            rule(&district, "pty_agency", &narrowing(&empty)),
            "record.input",
            "{empty:?}"
        );
    }
}

#[test]
fn a_provider_narrows_the_use_of_its_own_resource_alone() {
    let mut district = District::serving();
    let fewer = narrowing(&[fields(&["code", "name"])]);
    assert_eq!(rule(&district, "pty_ecology", &fewer), "power.act");
    assert_eq!(rule(&district, "pty_bank", &fewer), "power.act");
    let quota = narrowing(&[("quota_calls_max", json!(10))]);
    assert_eq!(rule(&district, "pty_market", &quota), "chain.approval");
    district.must("pty_market", &fewer);
    let scenario = &district.state.scenarios[&ScenarioId::new("scn_credit")];
    assert_eq!(scenario.narrowings[0].by.as_str(), "pty_market");
    assert!(
        !scenario
            .application
            .resources
            .values()
            .any(|fields| fields.contains("grade"))
    );
}

#[test]
fn a_smaller_quota_and_a_shorter_term_hold_at_once() {
    let mut district = District::serving();
    let smaller = narrowing(&[("quota_calls_max", json!(10)), ("until", json!("2026-04-02"))]);
    district.must("pty_operator", &smaller);
    let usage = Usage {
        scenario_calls: 10,
        ..Usage::default()
    };
    let refusal = district.call(usage).unwrap_err();
    assert_eq!(refusal.rule, "chain.quota");
    assert!(refusal.remedy.en.contains("follows this one"), "{refusal:?}");
    district.now = "2026-04-03T02:00:00Z".parse().unwrap();
    assert_eq!(call_rule(&district), "chain.scenario");
}

#[test]
fn the_end_of_a_scenario_ends_what_stands_on_it() {
    let mut district = District::serving();
    let (_, partner, submission) = District::before("product.submit");
    district.must(partner, &with(&submission, &[("id", json!("prd_waits"))]));
    let (market, withdraw) = step("resource.withdraw");
    assert_eq!(rule(&district, market, &withdraw), "resource.change");
    let (agency, end) = step("scenario.end");
    district.must(agency, &end);
    assert_eq!(rule(&district, market, &withdraw), "accepted", "nothing uses it");
    assert_eq!(call_rule(&district), "chain.scenario");
    assert!(stopped(&district));
    let subscription = &district.state.subscriptions[&SubscriptionId::new("sub_1")];
    assert!(!subscription.open && subscription.closed == Some(district.now));
    let status = |id: &str| district.state.products[&ProductId::new(id)].status.clone();
    assert!(
        matches!(status("prd_verify"), ProductStatus::Withdrawn { until, .. } if until.to_string() == "2026-04-01")
    );
    assert!(matches!(status("prd_waits"), ProductStatus::Refused { .. }));
    for act in [
        "approval.decline",
        "scenario.freeze",
        "scenario.narrow",
        "scenario.end",
        "scenario.risk",
        "scenario.object",
        "scenario.grant",
        "query.run",
    ] {
        let (party, command) = step(act);
        let refused = rule(&district, party, &command);
        let expected = if act == "scenario.freeze" {
            "record.state"
        } else {
            "chain.scenario"
        };
        assert_eq!(refused, expected, "{act}");
    }
}

#[test]
fn an_application_is_not_narrowed_or_ended_but_withdrawn_or_refused() {
    let (district, agency, _) = District::before("scenario.grant");
    for act in ["scenario.narrow", "scenario.end"] {
        let (party, command) = step(act);
        let refusal = district.decide(party, &command).unwrap_err();
        assert_eq!(refusal.rule, "record.state", "{act}");
        assert!(refusal.remedy.en.contains("withdraw"), "{refusal:?}");
    }
    let credit = [("scenario", json!("scn_credit"))];
    for act in ["scenario.refuse", "scenario.withdraw"] {
        let (party, command) = step(act);
        let turned_down = with(&command, &credit);
        let mut district = district.clone();
        district.must(party, &turned_down);
        let (_, grant) = step("scenario.grant");
        assert_eq!(rule(&district, agency, &grant), "chain.scenario");
        let (provider, approve) = step("approval.give");
        assert_eq!(rule(&district, provider, &approve), "chain.scenario");
        let served = District::serving();
        let refusal = served.decide(party, &turned_down).unwrap_err();
        assert_eq!(refusal.rule, "record.state");
        assert!(refusal.remedy.en.contains("narrowed"), "{refusal:?}");
    }
}

#[test]
fn more_is_had_by_a_scenario_that_follows_after_a_decision_of_its_own() {
    let mut district = District::serving();
    let (operator, application) = step("scenario.apply");
    let next = |id: &str, changes: &[(&str, Value)]| {
        let larger = [
            ("id", json!(id)),
            ("follows", json!("scn_credit")),
            ("quota_calls_max", json!(50_000)),
            ("term", json!({"from": "2026-04-01", "until": "2028-03-31"})),
        ];
        with(&with(&application, &larger), changes)
    };
    let other = next("scn_more", &[("purpose", json!("环境信息服务"))]);
    assert_eq!(rule(&district, operator, &other), "chain.link-exceeds");
    let of_refused = next("scn_more", &[("follows", json!("scn_refused"))]);
    assert_eq!(rule(&district, operator, &of_refused), "chain.link-exceeds");
    let of_none = next("scn_more", &[("follows", json!("scn_none"))]);
    assert_eq!(rule(&district, operator, &of_none), "record.unknown");
    district.must(operator, &next("scn_more", &[]));
    assert_eq!(rule(&district, operator, &next("scn_again", &[])), "chain.link-exceeds");
    // What has less is served as before, and what asks for more is decided anew.
    assert_eq!(call_rule(&district), "permitted");
    let (agency, grant) = step("scenario.grant");
    let grant = with(&grant, &[("scenario", json!("scn_more"))]);
    assert_eq!(rule(&district, agency, &grant), "scenario.risk");
    let (_, withdraw) = step("scenario.withdraw");
    district.must(operator, &with(&withdraw, &[("scenario", json!("scn_more"))]));
    assert_eq!(rule(&district, operator, &next("scn_again", &[])), "accepted");
}

#[test]
fn the_quota_of_a_subscription_changes_when_both_sides_ask_for_the_same() {
    let mut district = District::serving();
    let (bank, ask) = step("subscription.quota");
    let quota = |calls: u64| with(&ask, &[("quota_calls_max", json!(calls))]);
    let now = |district: &District| {
        let subscription = &district.state.subscriptions[&SubscriptionId::new("sub_1")];
        subscription.order.quota_calls_max
    };
    district.must(bank, &quota(500));
    assert_eq!(rule(&district, bank, &quota(500)), "record.state");
    assert_eq!(rule(&district, "pty_bank2", &quota(500)), "power.act");
    assert_eq!(now(&district), 100);
    district.must("pty_operator", &quota(300));
    assert_eq!(now(&district), 100, "another number is an answer, not an agreement");
    let usage = Usage {
        subscription_calls: 100,
        ..Usage::default()
    };
    let refusal = district
        .call_as("pty_bank", PURPOSE, Some(FIRM_CODE), usage)
        .unwrap_err();
    assert!(refusal.remedy.en.contains("agree on a larger quota"), "{refusal:?}");
    district.must(bank, &quota(300));
    assert_eq!(now(&district), 300);
    assert!(district.call_as("pty_bank", PURPOSE, Some(FIRM_CODE), usage).is_ok());
    let (_, close) = step("subscription.close");
    district.must(bank, &close);
    assert_eq!(rule(&district, bank, &quota(400)), "record.state");
}

#[test]
fn with_its_engagement_a_partner_ends_and_its_products_stop() {
    let mut district = District::serving();
    let (_, partner, submission) = District::before("product.submit");
    district.must(partner, &with(&submission, &[("id", json!("prd_waits"))]));
    let (operator, end) = step("partner.end");
    assert_eq!(rule(&district, partner, &end), "power.act");
    district.must(operator, &end);
    assert_eq!(call_rule(&district), "partner.joint-liability");
    assert!(stopped(&district), "nobody is charged from then on");
    let product = &district.state.products[&ProductId::new("prd_waits")];
    assert!(matches!(product.status, ProductStatus::Refused { .. }));
    let another = with(&submission, &[("id", json!("prd_another"))]);
    assert_eq!(rule(&district, partner, &another), "partner.joint-liability");
    // Engaged anew, it goes on.
    district.now = "2026-05-01T02:00:00Z".parse().unwrap();
    let (_, engage) = step("partner.engage");
    let mut document = serde_json::to_value(&engage).unwrap();
    document["of"]["engagement"]["id"] = json!("eng_2");
    district.must(operator, &serde_json::from_value(document).unwrap());
    assert_eq!(call_rule(&district), "permitted");
    let all = stops(&district.state, &district.state.products[&ProductId::new("prd_verify")]);
    assert!(
        all.iter().any(|stop| stop.until == Some(district.now)),
        "the gap is closed: {all:?}"
    );
}

#[test]
fn an_engagement_is_over_after_its_last_day() {
    let mut district = District::empty();
    let steps = path()
        .into_iter()
        .take_while(|(_, command)| command.act().id() != "product.suspend");
    for (party, command) in steps {
        let mut document = serde_json::to_value(&command).unwrap();
        if command.act().id() == "partner.engage" {
            document["of"]["engagement"]["term"] = json!({"from": "2026-04-01", "until": "2026-04-30"});
        }
        district.must(party, &serde_json::from_value(document).unwrap());
    }
    assert_eq!(call_rule(&district), "permitted");
    district.now = "2026-05-01T02:00:00Z".parse().unwrap();
    assert_eq!(call_rule(&district), "partner.joint-liability");
}
