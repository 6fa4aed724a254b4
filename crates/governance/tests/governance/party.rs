//! What is on record of a party changes with what shows it; a party leaves once nothing holds it.

use gongshu_governance::identifier::PartyId;
use gongshu_governance::party::PartyEvent;
use gongshu_governance::{Command, Event, Refusal};
use serde_json::{Value, json};

use crate::altered::{altered, with};
use crate::district::{District, path};

fn change(party: &str, changes: &[(&str, Value)]) -> Command {
    let (_, _, change) = District::before("party.change");
    let mut all = vec![("/of/party", json!(party)), ("/of/name", json!(null))];
    all.extend(changes.iter().cloned());
    with(&change, &all)
}

fn leave(party: &str) -> Command {
    altered(&District::before("party.deregister").2, &[("/of/party", json!(party))])
}

fn refused(district: &District, command: &Command) -> Refusal {
    district.decide("pty_agency", command).unwrap_err()
}

#[test]
fn a_consumer_that_moves_abroad_is_counted_from_then_on() {
    let mut district = District::serving();
    assert!(
        district
            .call(gongshu_governance::authorization::Usage::default())
            .unwrap()
            .crossing
            .is_none()
    );
    district.must("pty_agency", &change("pty_bank", &[("/of/region", json!("elsewhere"))]));
    let permit = district
        .call(gongshu_governance::authorization::Usage::default())
        .unwrap();
    assert!(permit.crossing.is_some());
}

#[test]
fn a_change_has_its_evidence_and_a_day_that_has_come() {
    let district = District::serving();
    for (place, value, rule) in [
        ("/of/evidence_sha256", json!("x"), "party.change"),
        ("/of/since", json!("2026-04-02"), "party.change"),
        ("/of/name", json!(null), "party.change"),
        ("/of/name", json!(" "), "record.input"),
    ] {
        let command = change("pty_ecology", &[("/of/name", json!("新名称")), (place, value)]);
        assert_eq!(refused(&district, &command).rule, rule, "{place}");
    }
    let taken = change("pty_bank2", &[("/of/code", json!("11440300MB2D00008X"))]);
    assert_eq!(refused(&district, &taken).rule, "record.duplicate");
    let invalid = change(
        "pty_bank2",
        &[
            ("/of/code", json!("91440300708461136A")),
            ("/of/organization", json!(true)),
        ],
    );
    assert_eq!(refused(&district, &invalid).rule, "party.code");
    let subject = change("pty_firm", &[("/of/code", json!("91440300192203821X"))]);
    assert_eq!(refused(&district, &subject).rule, "party.change");
}

#[test]
fn a_new_code_stands_for_the_party_and_the_old_one_is_free() {
    let mut district = District::serving();
    district.must(
        "pty_agency",
        &change("pty_bank2", &[("/of/code", json!("11440300MB2D00099X"))]),
    );
    let old = change("pty_bank", &[("/of/code", json!("11440300MB2D00009X"))]);
    assert!(district.decide("pty_agency", &old).is_ok());
    let standing = &district.state.standings[&PartyId::new("pty_bank2")];
    assert_eq!(standing.changes[0].before.code.as_deref(), Some("11440300MB2D00009X"));
}

#[test]
fn a_party_does_not_leave_while_something_holds_it() {
    let serving = District::serving();
    for (party, word) in [
        ("pty_agency", "only agency"),
        ("pty_operator", "agreement"),
        ("pty_partner", "agreement"),
        ("pty_market", "resource"),
        ("pty_bank", "subscription"),
        ("pty_firm", "consent"),
    ] {
        let refusal = refused(&serving, &leave(party));
        assert_eq!(refusal.rule, "party.leave", "{party}");
        assert!(refusal.message.en.contains(word), "{party}: {refusal:?}");
    }
    // A partner without a share is held by its engagement, until that has ended.
    let (mut engaged, operator, engage) = District::before("partner.engage");
    let id = ("/of/engagement/id", json!("eng_2"));
    engaged.must(
        operator,
        &altered(&engage, &[id, ("/of/engagement/partner", json!("pty_partner2"))]),
    );
    let refusal = refused(&engaged, &leave("pty_partner2"));
    assert!(refusal.remedy.en.contains("partner.end"), "{refusal:?}");
    let (_, _, end) = District::before("partner.end");
    engaged.must(operator, &altered(&end, &[("/of/engagement", json!("eng_2"))]));
    assert!(engaged.decide("pty_agency", &leave("pty_partner2")).is_ok());
    // An invoice of February waits for its payment; the subscription is over.
    let (mut billed, ..) = District::before("books.payment");
    let (_, bank, unsubscribe) = District::before("subscription.close");
    billed.must(bank, &unsubscribe);
    let refusal = refused(&billed, &leave("pty_bank"));
    assert!(refusal.message.en.contains("owes"), "{refusal:?}");
    let bare = altered(&leave("pty_operator2"), &[("/of/evidence_sha256", json!(""))]);
    assert_eq!(refused(&serving, &bare).rule, "party.leave");
}

#[test]
fn who_has_left_acts_no_more_and_its_keys_are_gone() {
    let (mut district, ..) = District::before("post.create");
    let (_, _, issue) = District::before("credential.issue");
    let own = altered(
        &issue,
        &[
            ("/of/credential/party", json!("pty_bank2")),
            ("/of/credential/id", json!("key_two")),
            ("/of/credential/key_hash", json!("aa".repeat(32))),
        ],
    );
    district.must("pty_bank2", &own);
    assert!(district.state.party_by_key(&"aa".repeat(32)).is_some());
    district.must("pty_agency", &leave("pty_bank2"));
    assert!(district.state.party_by_key(&"aa".repeat(32)).is_none());
    assert_eq!(district.decide("pty_bank2", &own).unwrap_err().rule, "record.state");
    assert_eq!(refused(&district, &leave("pty_bank2")).rule, "record.state");
    assert_eq!(
        refused(&district, &change("pty_bank2", &[("/of/name", json!("新"))])).rule,
        "record.state"
    );
    // Who comes back is registered anew, by the same code.
    let registered = path()
        .into_iter()
        .find(|(_, command)| command.act().id() == "party.register" && command.stream() == "pty_bank2");
    let (agency, again) = registered.unwrap();
    district.must(agency, &altered(&again, &[("/of/party/id", json!("pty_bank3"))]));
    assert_eq!(refused(&district, &again).rule, "record.duplicate");
}

#[test]
fn who_has_left_is_given_nothing_any_more() {
    for (act, named) in [
        ("agreement.propose", "/of/operator"),
        ("credential.issue", "/of/credential/party"),
        ("post.create", "/of/party"),
        ("partner.engage", "/of/engagement/partner"),
        ("export.record", "/of/consumer"),
        ("consent.give", "/of/consumer"),
        ("assessment.open", "/of/assessor"),
        ("exit.plan", "/of/steps/0/owner"),
        ("dispute.open", "/of/respondents/0"),
    ] {
        let (mut district, by, command) = District::before(act);
        assert!(district.decide(by, &command).is_ok(), "{act}");
        let written = serde_json::to_value(&command).unwrap();
        let party = written.pointer(named).unwrap().as_str().unwrap();
        let Command::DeregisterParty(left) = leave(party) else {
            unreachable!()
        };
        district.happened(Event::Party(PartyEvent::Deregistered(left)));
        let refusal = district.decide(by, &command).unwrap_err();
        assert!(refusal.message.en.contains("was deregistered"), "{act} {refusal:?}");
    }
}

/// The path until an act is done, without some others.
fn until(last: &str, left_out: &[&str]) -> District {
    let mut district = District::empty();
    for (party, command) in path() {
        let act = command.act().id();
        if !left_out.contains(&act) {
            district.must(party, &command);
        }
        if act == last {
            break;
        }
    }
    district
}

#[test]
fn what_only_the_party_can_end_holds_it() {
    for (begun, ended, party, word) in [
        ("scenario.object", "scenario.lift", "pty_supervisor", "objection"),
        ("scenario.freeze", "scenario.thaw", "pty_supervisor", "frozen"),
        (
            "agreement.suspend",
            "agreement.resume",
            "pty_supervisor",
            "an agreement that",
        ),
        ("product.suspend", "product.resume", "pty_supervisor", "a product that"),
        ("incident.report", "incident.close", "pty_supervisor", "incident"),
    ] {
        let (mut district, ..) = District::before(begun);
        for (_, command) in path().into_iter().skip_while(|(_, it)| it.act().id() != begun) {
            let act = command.act().id();
            assert_eq!(
                district.decide("pty_agency", &leave(party)).is_ok(),
                act == begun,
                "{act}"
            );
            district.must(party, &command);
            if act == ended {
                break;
            }
            let refusal = refused(&district, &leave(party));
            assert!(refusal.message.en.contains(word), "{refusal:?}");
            assert!(refusal.remedy.en.contains(ended), "{refusal:?}");
        }
        assert!(district.decide("pty_agency", &leave(party)).is_ok(), "{ended}");
    }
}

#[test]
fn a_provider_stays_until_its_versions_are_destroyed_and_its_work_orders_closed() {
    for (left_out, word) in [("version.destroyed", "version"), ("quality.close", "work order")] {
        let mut district = until("resource.withdraw", &[left_out]);
        let refusal = refused(&district, &leave("pty_market"));
        assert!(refusal.message.en.contains(word), "{refusal:?}");
        assert!(refusal.remedy.en.contains(left_out), "{refusal:?}");
        let step = path().into_iter().find(|(_, command)| command.act().id() == left_out);
        let (party, command) = step.unwrap();
        district.must(party, &command);
        assert!(district.decide("pty_agency", &leave("pty_market")).is_ok());
    }
}

/// Once everything has ended, everybody may leave but the last agency.
#[test]
fn at_the_end_all_may_leave_but_the_agency() {
    let mut district = District::empty();
    for (party, command) in path() {
        district.must(party, &command);
    }
    for party in ["pty_operator", "pty_market", "pty_bank", "pty_firm", "pty_assessor"] {
        let outcome = district.decide("pty_agency", &leave(party));
        assert!(outcome.is_ok(), "{party}: {outcome:?}");
    }
    assert_eq!(refused(&district, &leave("pty_agency")).rule, "party.leave");
}

/// The operator is put on record under another role as well, by its own code.
pub(crate) fn operator_as(role: &str) -> Command {
    let party = json!({"id": "pty_own", "role": role, "name": "运营机构", "code": "11440300MB2D00004X"});
    let document = json!({"command": "register_party", "of": {"party": party, "organization": false}});
    serde_json::from_value(document).unwrap()
}

/// The operator under another of its roles is still the operator (27号): it neither buys what it delivers, nor is its own
/// partner; whatever the letters of its code.
#[test]
fn the_operator_takes_no_part_in_what_it_has_delivered() {
    let (mut district, operator, engage) = District::before("partner.engage");
    let mut own = serde_json::to_value(operator_as("partner")).unwrap();
    own["of"]["party"]["code"] = json!(" 11440300mb2d00004x");
    district.must("pty_agency", &serde_json::from_value(own).unwrap());
    let itself = altered(&engage, &[("/of/engagement/partner", json!("pty_own"))]);
    let refusal = district.decide(operator, &itself).unwrap_err();
    assert_eq!(refusal.rule, "operator.redevelopment");
    let other = altered(&engage, &[("/of/engagement/partner", json!("pty_partner2"))]);
    assert!(district.decide(operator, &other).is_ok());
}
