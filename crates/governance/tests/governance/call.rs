//! The chain of a call, link by link.

use std::sync::Arc;

use gongshu_governance::Command;
use gongshu_governance::authorization::Usage;
use gongshu_governance::border::Exported;
use gongshu_governance::consent::WithdrawConsent;
use gongshu_governance::identifier::{ConsentId, ProductId};
use gongshu_governance::money::Money;

use crate::district::{District, FIRM_CODE, PURPOSE, path, rules};

const UNUSED: Usage = Usage {
    scenario_calls: 0,
    subscription_calls: 0,
    failed_today: 0,
    exported: NOBODY,
    exported_by_operator: NOBODY,
};

const NOBODY: Exported = Exported {
    persons: 0,
    sensitive: 0,
};

#[test]
fn a_whole_chain_permits_and_says_what_it_rests_on() {
    let permit = District::serving().call(UNUSED).unwrap();
    assert_eq!(permit.chain.agreement.as_str(), "agr_1");
    assert_eq!(permit.chain.scenario.as_str(), "scn_credit");
    assert_eq!(permit.chain.approvals[0].as_str(), "res_firms");
    assert_eq!(permit.chain.consent.as_ref().unwrap().as_str(), "cns_1");
    assert_eq!(permit.chain.subscription.as_str(), "sub_1");
    assert_eq!(permit.versions[0].version.as_str(), "ver_1");
    assert_eq!(permit.fee.to_string(), "1.80");
    let split: Vec<String> = permit.split.iter().map(|(_, share)| share.to_string()).collect();
    assert_eq!(split, ["1.26", "0.36", "0.18"]);
    assert!(permit.same_grounds(&permit.clone()));
}

#[test]
fn a_call_is_refused_before_the_chain_is_whole() {
    let table = [
        ("product.submit", "record.unknown"),
        ("product.list", "product.listed"),
        // A consumer that has not subscribed; its subject has not consented, which comes first.
        ("price.ceiling", "chain.consent"),
        ("consent.give", "chain.consent"),
    ];
    for (act, rule) in table {
        let (district, ..) = District::before(act);
        assert_eq!(district.call(UNUSED).unwrap_err().rule, rule, "before {act}");
    }
}

#[test]
fn each_end_ends_the_service_at_once() {
    let table = [
        ("scenario.freeze", "chain.frozen"),
        ("consent.withdraw", "chain.consent"),
        ("subscription.close", "chain.subscription"),
        ("approval.decline", "chain.approval"),
        ("version.destroy", "version.available"),
    ];
    for (act, rule) in table {
        let (_, party, command) = District::before(act);
        let mut district = District::serving();
        district.must(party, &command);
        assert_eq!(district.call(UNUSED).unwrap_err().rule, rule, "after {act}");
    }
    let mut district = District::serving();
    for act in ["scenario.freeze", "scenario.thaw"] {
        let (_, party, command) = District::before(act);
        district.must(party, &command);
    }
    assert!(district.call(UNUSED).is_ok(), "a thawed scenario serves again");
}

#[test]
fn time_ends_a_link_at_midnight_in_shanghai() {
    // The last instant of the day on which it still runs, and the rule that it meets one second later.
    let table = [
        ("2026-06-30T15:59:59Z", "chain.consent"),
        ("2027-03-31T15:59:59Z", "chain.scenario"),
        ("2030-12-31T15:59:59Z", "chain.agreement"),
    ];
    for (last, rule) in table {
        let mut district = District::serving();
        district.now = last.parse().unwrap();
        let before = district.call(UNUSED).err().map(|refusal| refusal.rule);
        assert_ne!(before.as_deref(), Some(rule), "at {last}");
        district.now += jiff::Span::new().seconds(1);
        assert_eq!(district.call(UNUSED).unwrap_err().rule, rule, "after {last}");
    }
    let mut district = District::serving();
    district.now = "2025-12-31T15:59:59Z".parse().unwrap();
    assert_eq!(district.call(UNUSED).unwrap_err().rule, "chain.agreement");
}

#[test]
fn consent_is_for_one_consumer_one_purpose_and_one_subject() {
    let district = District::serving();
    let refused = |party, purpose, subject| district.call_as(party, purpose, subject, UNUSED).unwrap_err().rule;
    assert_eq!(refused("pty_bank2", PURPOSE, Some(FIRM_CODE)), "chain.consent");
    assert_eq!(refused("pty_bank", "商贸撮合", Some(FIRM_CODE)), "chain.purpose");
    assert_eq!(
        refused("pty_bank", PURPOSE, Some("91110000802100433B")),
        "chain.consent"
    );
    assert_eq!(refused("pty_bank", PURPOSE, None), "chain.consent");
    assert_eq!(refused("pty_operator", PURPOSE, Some(FIRM_CODE)), "power.act");
}

#[test]
fn the_last_call_of_a_quota_is_answered_and_the_next_is_not() {
    let district = District::serving();
    let used = |scenario_calls, subscription_calls| {
        let usage = Usage {
            scenario_calls,
            subscription_calls,
            ..Usage::default()
        };
        district.call(usage).err().map(|refusal| refusal.rule)
    };
    assert_eq!(used(0, 99), None);
    assert_eq!(used(0, 100).as_deref(), Some("chain.quota"));
    assert_eq!(used(999, 0), None);
    assert_eq!(used(1_000, 0).as_deref(), Some("chain.quota"));
}

#[test]
fn the_errors_of_a_day_come_to_an_end() {
    let district = District::serving();
    let most = rules().parameters().failed_calls_max;
    let failed = |failed_today| {
        let usage = Usage { failed_today, ..UNUSED };
        district.call(usage).err().map(|refusal| refusal.rule)
    };
    assert_eq!(failed(most - 1), None);
    assert_eq!(failed(most).as_deref(), Some("chain.failures"));
}

#[test]
fn what_gives_no_answer_costs_nothing_and_keeps_its_chain() {
    let permit = District::serving().call(UNUSED).unwrap();
    let failed = permit.clone().unanswered();
    assert_eq!((failed.fee, failed.split.len()), (Money::ZERO, 0));
    assert_eq!((&failed.chain, &failed.versions), (&permit.chain, &permit.versions));
}

#[test]
fn a_free_use_costs_nothing_and_needs_no_price() {
    let mut district = District::empty();
    for (party, command) in path() {
        let act = command.act().id();
        if act == "credential.issue" {
            break;
        }
        let mut document = serde_json::to_value(&command).unwrap();
        if act == "scenario.apply" {
            document["of"]["price_class"] = "public_welfare".into();
        }
        let command = serde_json::from_value(document).unwrap();
        if matches!(act, "price.ceiling" | "price.set") {
            assert_eq!(district.decide(party, &command).unwrap_err().rule, "price.free");
        } else {
            district.must(party, &command);
        }
    }
    let permit = district.call(UNUSED).unwrap();
    assert_eq!(permit.fee, Money::ZERO);
    assert!(permit.split.iter().all(|(_, share)| *share == Money::ZERO));
}

/// The serving district, whose product asks about all firms instead of one.
fn asking_about_all() -> District {
    let mut district = District::serving();
    let product = district.state.products.get_mut(&ProductId::new("prd_verify")).unwrap();
    Arc::make_mut(product).submission.subject = None;
    district
}

/// The second firm's consent to the bank's use of these fields.
fn second_consent(id: &str, fields: &[&str]) -> Command {
    let consent = path().into_iter().find_map(|(_, command)| match command {
        Command::GiveConsent(given) => Some(given),
        _ => None,
    });
    let mut given = consent.unwrap();
    given.id = ConsentId::new(id);
    given.fields = fields.iter().map(|field| (*field).to_owned()).collect();
    Command::GiveConsent(given)
}

#[test]
fn a_set_query_rests_on_the_consents_that_cover_all_its_fields() {
    let permit = |district: &District| district.call_as("pty_bank", PURPOSE, None, UNUSED).unwrap();
    let consents = |district: &District| {
        let chain = permit(district).chain;
        assert_eq!(chain.consent, None);
        let (_, ids) = chain.consents.first_key_value().unwrap();
        ids.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let mut district = asking_about_all();
    district.must("pty_firm2", &second_consent("cns_2", &["code"]));
    assert_eq!(
        consents(&district),
        ["cns_1"],
        "the second firm's consent names one of the two fields"
    );
    district.must("pty_firm2", &second_consent("cns_3", &["code", "name"]));
    assert_eq!(consents(&district), ["cns_1", "cns_3"]);
    let before = permit(&district);
    for (party, id) in [("pty_firm2", "cns_3"), ("pty_firm", "cns_1")] {
        let consent = ConsentId::new(id);
        district.must(party, &Command::WithdrawConsent(WithdrawConsent { consent }));
        assert!(
            !before.same_grounds(&permit(&district)),
            "what was computed before may not leave"
        );
    }
    assert!(consents(&district).is_empty());
}

#[test]
fn a_set_query_sees_a_consent_within_its_term_only() {
    let count = |now: &str| {
        let mut district = asking_about_all();
        district.now = now.parse().unwrap();
        let permit = district.call_as("pty_bank", PURPOSE, None, UNUSED).unwrap();
        permit.chain.consents.values().map(Vec::len).sum::<usize>()
    };
    assert_eq!(count("2026-06-30T15:59:59Z"), 1);
    assert_eq!(count("2026-06-30T16:00:00Z"), 0);
}
