//! Either side proposes an amendment; the other accepts or declines it; the first may withdraw it meanwhile.

use std::collections::BTreeSet;

use gongshu_governance::agreement::{
    AcceptAmendment, Agreement, DeclineAmendment, OfferEnd, ProposeAmendment, SignedDocument, WithdrawAmendment,
};
use gongshu_governance::identifier::AgreementId;
use gongshu_governance::rules::Rules;
use gongshu_governance::{Command, Event};
use jiff::ToSpan;
use proptest::prelude::*;
use serde_json::json;

use crate::altered::{altered, with};
use crate::district::{CALENDAR, District, NATIONAL, PURPOSE, actor, overlay, rules_of};

const SIDES: [&str; 2] = ["pty_agency", "pty_operator"];

fn id() -> AgreementId {
    AgreementId::new("agr_1")
}

fn agreement(district: &District) -> &Agreement {
    &district.state.agreements[&id()]
}

/// An amendment to one of three sets of purposes.
fn proposal(purposes: usize) -> Command {
    let sets: [&[&str]; 3] = [&[PURPOSE], &[PURPOSE, "环境信息服务"], &["环境信息服务"]];
    let purposes: BTreeSet<String> = sets[purposes].iter().map(|&name| name.to_owned()).collect();
    Command::ProposeAmendment(Box::new(ProposeAmendment {
        agreement: id(),
        term: None,
        resources: None,
        purposes: Some(purposes),
        clauses: std::collections::BTreeMap::new(),
        shares: None,
        capacity: None,
        reason: "调整用途".to_owned(),
    }))
}

/// The answers to what waits, or to nothing.
fn acceptance(district: &District, document: Option<SignedDocument>) -> Command {
    Command::AcceptAmendment(AcceptAmendment {
        agreement: id(),
        terms_sha256: waiting(district),
        document,
    })
}

fn decline(district: &District) -> Command {
    Command::DeclineAmendment(DeclineAmendment {
        agreement: id(),
        terms_sha256: waiting(district),
        reason: "尚不具备条件".to_owned(),
    })
}

fn withdrawal() -> Command {
    Command::WithdrawAmendment(WithdrawAmendment {
        agreement: id(),
        reason: "另行提出".to_owned(),
    })
}

fn waiting(district: &District) -> String {
    agreement(district)
        .waiting()
        .map_or_else(String::new, |terms| terms.sha256())
}

/// A signed agreement of which nothing waits.
fn signed() -> District {
    District::before("agreement.amend").0
}

/// The district's rules with days in which an amendment is answered.
fn within(days: &str) -> Rules {
    let under = overlay("answer_days = 0", days);
    rules_of(&[NATIONAL, CALENDAR, &under])
}

fn refused(district: &District, party: &str, command: &Command) -> String {
    let refusal = district.decide(party, command).unwrap_err();
    assert_eq!(refusal.rule, "agreement.amendment", "{refusal:?}");
    refusal.message.en
}

#[test]
fn the_operator_proposes_and_the_agency_accepts() {
    let mut district = signed();
    let [agency, operator] = SIDES;
    district.must(operator, &proposal(1));
    let own = acceptance(&district, None);
    assert!(refused(&district, operator, &own).contains("one's own"));
    assert!(refused(&district, operator, &decline(&district)).contains("one's own"));
    assert!(refused(&district, agency, &withdrawal()).contains("the other side's"));
    assert!(refused(&district, agency, &proposal(2)).contains("waits for an answer"));
    district.must(agency, &own);
    let agreement = agreement(&district);
    assert!(agreement.terms.purposes.contains("环境信息服务"));
    assert_eq!(agreement.proposed, None);
    assert_eq!(agreement.amendments[0].by.as_str(), operator);
}

#[test]
fn what_is_declined_leaves_the_terms_and_says_why() {
    for (proposer, other) in [(SIDES[0], SIDES[1]), (SIDES[1], SIDES[0])] {
        let mut district = signed();
        let terms = agreement(&district).terms.clone();
        district.must(proposer, &proposal(1));
        let answer = acceptance(&district, None);
        district.must(other, &decline(&district));
        assert_eq!(agreement(&district).terms, terms);
        assert_eq!(district.decide(other, &answer).unwrap_err().rule, "record.state");
        let [dropped] = agreement(&district).dropped.as_slice() else {
            panic!("one came to nothing");
        };
        let reason = "尚不具备条件".to_owned();
        assert_eq!(
            (dropped.offer.by.as_str(), &dropped.end),
            (proposer, &OfferEnd::Declined { reason })
        );
        // Now the other side may propose.
        district.must(other, &proposal(2));
    }
}

#[test]
fn who_has_proposed_an_amendment_may_accept_a_later_one_of_the_other_side() {
    let mut district = signed();
    let [agency, operator] = SIDES;
    district.must(agency, &proposal(1));
    let proposer = actor(agency);
    let accept = acceptance(&district, None);
    assert_eq!(
        district.decide_as(&proposer, &accept).unwrap_err().rule,
        "power.four-eyes"
    );
    district.must(agency, &withdrawal());
    district.must(operator, &proposal(1));
    assert!(district.decide_as(&proposer, &acceptance(&district, None)).is_ok());
}

#[test]
fn both_sides_sign_the_operators_text_and_the_operator_signs_first() {
    use gongshu_governance::agreement::{SealAgreement, SignAgreement};
    let mut district = signed();
    let text = NATIONAL.replace("documents = 0", "documents = 1");
    let rules = rules_of(&[&text, CALENDAR]);
    let [agency, operator] = SIDES;
    district.must(operator, &proposal(1));
    let terms = waiting(&district);
    let document = |document: &str| SignedDocument {
        terms_sha256: terms.clone(),
        document_sha256: document.repeat(32),
        signature_sha256: "c3".repeat(32),
        certificate_sha256: "ce".repeat(32),
    };
    let refused = |district: &District, party: &str, command: &Command| {
        let refusal = district.decide_under(&rules, party, command).unwrap_err();
        assert_eq!(refusal.rule, "agreement.signatures");
        refusal.message.en
    };
    let agreed = |text: &str| acceptance(&signed_with(&proposal(1)), Some(document(text)));
    assert!(refused(&district, agency, &agreed("f1")).contains("has not signed the text yet"));
    let seal = Command::SealAgreement(SealAgreement {
        agreement: id(),
        document: document("f1"),
    });
    assert!(refused(&district, agency, &seal).contains("a signature on it accepts it"));
    let signature = Command::SignAgreement(SignAgreement {
        agreement: id(),
        document: Some(document("f1")),
    });
    district.must(operator, &signature);
    assert_eq!(district.decide(operator, &signature).unwrap_err().rule, "record.state");
    assert!(refused(&district, agency, &agreed("e1")).contains("not the document"));
    district.must(agency, &agreed("f1"));
    let signers = agreement(&district).signatures_in_force();
    let signers: Vec<&str> = signers.map(|signature| signature.party.as_str()).collect();
    assert_eq!(signers, [operator, agency]);
}

/// A district where the operator has proposed this.
fn signed_with(proposal: &Command) -> District {
    let mut district = signed();
    district.must(SIDES[1], proposal);
    district
}

#[test]
fn what_was_signed_of_an_amendment_that_came_to_nothing_signs_no_later_one() {
    use gongshu_governance::agreement::SignAgreement;
    let mut district = signed_with(&proposal(1));
    let signature = Command::SignAgreement(SignAgreement {
        agreement: id(),
        document: Some(SignedDocument {
            terms_sha256: waiting(&district),
            document_sha256: "f1".repeat(32),
            signature_sha256: "c3".repeat(32),
            certificate_sha256: "ce".repeat(32),
        }),
    });
    district.must(SIDES[1], &signature);
    assert_eq!(agreement(&district).signatures_waiting().count(), 1);
    for ending in [decline(&district), withdrawal(), proposal(1)] {
        let by = if matches!(ending, Command::DeclineAmendment(_)) {
            SIDES[0]
        } else {
            SIDES[1]
        };
        let kept = agreement(&district).signatures.len();
        district.must(by, &ending);
        if !matches!(ending, Command::ProposeAmendment(_)) {
            district.must(SIDES[1], &proposal(1));
        }
        assert_eq!(agreement(&district).signatures_waiting().count(), 0, "{ending:?}");
        assert_eq!(agreement(&district).signatures.len(), kept, "it stays on record");
        district.must(SIDES[1], &signature);
    }
}

#[test]
fn where_the_pack_sets_days_an_amendment_is_open_until_the_last_of_them() {
    let mut district = signed();
    let rules = within("answer_days = 5");
    let [agency, operator] = SIDES;
    for event in district.decide_under(&rules, operator, &proposal(1)).unwrap() {
        district.happened(event);
    }
    let answers = [acceptance(&district, None), decline(&district)];
    // The last moment of the fifth day after 1 April, in Shanghai.
    district.now = "2026-04-06T15:59:59Z".parse().unwrap();
    for answer in &answers {
        assert!(district.decide(agency, answer).is_ok());
    }
    assert!(refused(&district, agency, &proposal(2)).contains("waits for an answer"));
    district.now += 1.second();
    for answer in &answers {
        assert!(refused(&district, agency, answer).contains("until 2026-04-06"));
    }
    assert!(refused(&district, operator, &withdrawal()).contains("until 2026-04-06"));
    // It is in nobody's way any more.
    district.must(agency, &proposal(2));
    assert_eq!(agreement(&district).dropped[0].end, OfferEnd::Replaced);
}

/// What a side does, and which it is.
fn step() -> impl Strategy<Value = (usize, usize, usize)> {
    (0..SIDES.len(), 0_usize..4, 0_usize..3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The model: which of three sets of purposes is in force, and who has proposed which.
    #[test]
    fn any_order_of_proposals_and_answers_is_what_the_model_says(steps in prop::collection::vec(step(), 0..40)) {
        let mut district = signed();
        let (mut in_force, mut offer, mut amended, mut dropped) = (0_usize, None::<(usize, usize)>, 0, 0);
        for (side, act, purposes) in steps {
            let command = match act {
                0 => proposal(purposes),
                1 => acceptance(&district, None),
                2 => decline(&district),
                _ => withdrawal(),
            };
            let (mine, theirs) = (offer.is_some_and(|it| it.0 == side), offer.is_some_and(|it| it.0 != side));
            let allowed = match act {
                0 => !theirs && purposes != in_force,
                1 | 2 => theirs,
                _ => mine,
            };
            let outcome = district.act(SIDES[side], &command);
            prop_assert_eq!(outcome.is_ok(), allowed, "{:?} {:?}", command, outcome);
            if !allowed {
                continue;
            }
            match act {
                0 => { dropped += usize::from(mine); offer = Some((side, purposes)); }
                1 => { in_force = offer.take().unwrap().1; amended += 1; }
                _ => { offer = None; dropped += 1; }
            }
            let agreement = agreement(&district);
            prop_assert_eq!(agreement.proposed.as_ref().map(|it| it.by.as_str()), offer.map(|it| SIDES[it.0]));
            prop_assert_eq!((agreement.amendments.len(), agreement.dropped.len()), (amended, dropped));
            prop_assert_eq!(agreement.terms.purposes.contains(PURPOSE), in_force != 2);
            prop_assert_eq!(agreement.terms.purposes.contains("环境信息服务"), in_force != 0);
        }
    }
}

/// The district in which the agreement is proposed and not signed.
fn proposed() -> District {
    let (district, ..) = District::before("agreement.seal");
    district
}

fn answer(district: &District) -> Command {
    Command::DeclineAmendment(DeclineAmendment {
        agreement: id(),
        terms_sha256: agreement(district).terms.sha256(),
        reason: "服务能力尚未具备".to_owned(),
    })
}

#[test]
fn a_proposed_agreement_is_declined_by_the_operator_and_withdrawn_by_the_agency() {
    let district = proposed();
    let refused = |party: &str, command: &Command| district.decide(party, command).unwrap_err().rule;
    assert_eq!(
        refused("pty_agency", &answer(&district)),
        "agreement.amendment",
        "its own"
    );
    assert_eq!(
        refused("pty_operator", &withdrawal()),
        "agreement.amendment",
        "the agency's"
    );
    let other = altered(&answer(&district), &[("/of/terms_sha256", json!("0".repeat(64)))]);
    assert_eq!(refused("pty_operator", &other), "agreement.amendment", "other terms");
    let silent = altered(&answer(&district), &[("/of/reason", json!(" "))]);
    assert_eq!(refused("pty_operator", &silent), "record.input");
    for (party, command) in [("pty_operator", answer(&district)), ("pty_agency", withdrawal())] {
        let mut district = proposed();
        district.must(party, &command);
        assert!(!agreement(&district).is_or_was_in_force());
        for act in ["agreement.seal", "agreement.sign", "exit.start", "agreement.amend"] {
            let (_, by, step) = District::before(act);
            let refusal = district.decide(by, &step).unwrap_err();
            assert!(
                ["record.state", "chain.agreement"].contains(&refusal.rule.as_str()),
                "{act}: {refusal:?}"
            );
        }
        let (_, by, again) = District::before("agreement.propose");
        let next = altered(&again, &[("/of/id", json!("agr_2"))]);
        assert!(district.decide(by, &next).is_ok(), "another may be proposed");
    }
}

#[test]
fn an_agreement_fixes_its_scale_and_an_amendment_changes_it() {
    let (district, agency, propose) = District::before("agreement.propose");
    let amounts = |list: serde_json::Value| altered(&propose, &[("/of/capacity", list)]);
    let storage = json!({"measure": "storage_gigabytes", "quantity": 1});
    for (list, word) in [
        (json!([]), "calls_per_day"),
        (json!([storage]), "compute_cores"),
        (json!([storage, storage]), "twice"),
    ] {
        let refusal = district.decide(agency, &amounts(list)).unwrap_err();
        assert_eq!(refusal.rule, "agreement.capacity");
        assert!(refusal.message.en.contains(word), "{refusal:?}");
    }
    let mut district = District::before("scenario.apply").0;
    let more = json!([{"measure": "calls_per_day", "quantity": 200_000},
        {"measure": "storage_gigabytes", "quantity": 20_480}, {"measure": "compute_cores", "quantity": 128},
        {"measure": "resources", "quantity": 20}]);
    let amendment = with(
        &proposal(0),
        &[("/of/capacity", more.clone()), ("/of/purposes", json!(null))],
    );
    let none = with(&amendment, &[("/of/capacity", json!([]))]);
    assert_eq!(
        district.decide("pty_agency", &none).unwrap_err().rule,
        "agreement.capacity"
    );
    district.must("pty_agency", &amendment);
    let accepted = acceptance(&district, None);
    district.must("pty_operator", &accepted);
    assert_eq!(json!(agreement(&district).terms.capacity), more);
}

#[test]
fn a_termination_is_agreed_by_both_sides_and_other_grounds_come_with_their_document() {
    let mut district = District::before("scenario.apply").0;
    let (_, agency, start) = District::before("exit.start");
    let ground = |ground: &str, document: serde_json::Value| {
        altered(
            &start,
            &[("/of/ground", json!(ground)), ("/of/document_sha256", document)],
        )
    };
    for name in ["serious_breach", "qualification_lost", "public_interest"] {
        let refusal = district.decide(agency, &ground(name, json!(null))).unwrap_err();
        assert_eq!(refusal.rule, "exit.ground", "{name}");
        assert!(
            district.decide(agency, &ground(name, json!("e1".repeat(32)))).is_ok(),
            "{name}"
        );
    }
    let end = ground("terminated", json!(null));
    let refusal = district.decide(agency, &end).unwrap_err();
    assert_eq!(refusal.rule, "exit.ground");
    assert!(refusal.remedy.en.contains("agreement.amend"), "{refusal:?}");
    let today = json!({"from": "2026-01-01", "until": "2026-04-01"});
    let amendment = with(&proposal(0), &[("/of/term", today), ("/of/purposes", json!(null))]);
    district.must("pty_operator", &amendment);
    assert_eq!(
        district.decide(agency, &end).unwrap_err().rule,
        "exit.ground",
        "not agreed yet"
    );
    let accepted = acceptance(&district, None);
    district.must("pty_agency", &accepted);
    assert!(district.decide(agency, &end).is_ok());
}

/// The agreement is from before its scale was fixed, and suspended: its end is agreed all the same, and nothing else is.
#[test]
fn an_earlier_end_is_agreed_whatever_else_the_terms_lack() {
    let [agency, operator] = SIDES;
    let mut district = District::empty();
    for mut event in District::before("scenario.apply").0.events {
        if let Event::AgreementProposed { terms, .. } = &mut event {
            terms.capacity.clear();
        }
        district.happened(event);
    }
    let term = |until: &str| {
        let term = json!({"from": "2026-01-01", "until": until});
        with(&proposal(0), &[("/of/term", term), ("/of/purposes", json!(null))])
    };
    let clauses = json!({"保密": "另行约定"});
    let more = with(&term("2026-04-01"), &[("/of/clauses", clauses)]);
    let rule = |district: &District, command: &Command| district.decide(operator, command).unwrap_err().rule;
    for other in [&proposal(1), &more] {
        assert_eq!(rule(&district, other), "agreement.capacity");
    }
    let (_, by, suspend) = District::before("agreement.suspend");
    district.must(by, &suspend);
    for other in [&proposal(1), &more] {
        assert_eq!(rule(&district, other), "chain.suspended");
    }
    district.must(operator, &term("2026-04-01"));
    let accepted = acceptance(&district, None);
    district.must(agency, &accepted);
    let (_, _, start) = District::before("exit.start");
    let end = altered(
        &start,
        &[
            ("/of/ground", json!("terminated")),
            ("/of/document_sha256", json!(null)),
        ],
    );
    district.must(agency, &end);
}

/// An amendment to a term that ends on this day.
fn ending(day: &str) -> Command {
    let term = json!({"from": "2026-01-01", "until": day});
    with(&proposal(0), &[("/of/term", term), ("/of/purposes", json!(null))])
}

#[test]
fn a_term_ends_today_at_the_earliest() {
    let mut district = District::before("scenario.apply").0;
    assert!(refused(&district, "pty_operator", &ending("2026-03-31")).contains("before today"));
    district.must("pty_operator", &ending("2026-04-05"));
    let accepted = acceptance(&district, None);
    district.now = "2026-04-05T02:00:00Z".parse().unwrap();
    assert!(district.decide("pty_agency", &accepted).is_ok());
    district.now = "2026-04-06T02:00:00Z".parse().unwrap();
    assert!(refused(&district, "pty_agency", &accepted).contains("before today"));
}

#[test]
fn what_was_extended_last_does_not_end_by_agreement() {
    let mut district = District::before("scenario.apply").0;
    let (_, agency, start) = District::before("exit.start");
    let end = altered(&start, &[("/of/ground", json!("terminated"))]);
    for (day, agreed) in [("2026-04-10", true), ("2026-04-20", false), ("2026-04-15", true)] {
        district.must("pty_operator", &ending(day));
        let accepted = acceptance(&district, None);
        district.must(agency, &accepted);
        let mut then = district.clone();
        then.now = format!("{day}T02:00:00Z").parse().unwrap();
        assert_eq!(then.decide(agency, &end).is_ok(), agreed, "{day}");
    }
}
