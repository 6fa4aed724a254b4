//! What is due in a dispute, from whom, and how it ends.

use gongshu_governance::Command;
use gongshu_governance::dispute::Dispute;
use gongshu_governance::identifier::{DisputeId, PartyId};
use jiff::civil::date;
use serde_json::{Value, json};

use crate::altered::with;
use crate::district::District;

fn opened() -> District {
    District::before("dispute.step").0
}

fn on(district: &mut District, day: &str) {
    district.now = format!("{day}T02:00:00Z").parse().unwrap();
}

fn step(kind: &str, changes: &[(&str, Value)]) -> Command {
    let (_, _, step) = District::before("dispute.step");
    let mut all = vec![("/of/step", json!(kind)), ("/of/next_due", json!(null))];
    all.extend(changes.iter().cloned());
    with(&step, &all)
}

fn dispute(district: &District) -> &Dispute {
    &district.state.disputes[&DisputeId::new("dsp_1")]
}

fn last_is_late(district: &District) -> bool {
    dispute(district).steps.last().unwrap().late
}

/// The respondent's own "other" step, or an answer of somebody else, leaves the deadline where it is.
#[test]
fn the_answer_is_due_until_a_respondent_answers() {
    let mut district = opened();
    district.must("pty_operator", &step("other", &[]));
    district.must("pty_bank", &step("answer", &[]));
    assert_eq!(dispute(&district).due(), Some(date(2026, 4, 16)));
    on(&mut district, "2026-04-17");
    assert!(dispute(&district).is_late(date(2026, 4, 17)));
    district.must("pty_bank", &step("evidence", &[]));
    assert!(!last_is_late(&district), "nothing was due from the claimant");
    district.must("pty_operator", &step("answer", &[]));
    assert!(last_is_late(&district));
    assert_eq!(dispute(&district).due(), None);
    assert!(!dispute(&district).is_late(date(2027, 1, 1)));
}

#[test]
fn what_is_due_next_is_due_from_its_addressee() {
    let mut district = opened();
    let (operator, bank) = (PartyId::new("pty_operator"), PartyId::new("pty_bank"));
    let asks = |by: Value| [("/of/next_due", json!("2026-04-10")), ("/of/next_by", by)];
    for (by, rule) in [("pty_bank2", "dispute.party"), ("pty_agency", "")] {
        let decided = district.decide("pty_operator", &step("answer", &asks(json!(by))));
        assert_eq!(
            decided.err().map_or_else(String::new, |refusal| refusal.rule),
            rule,
            "{by}"
        );
    }
    let undated = step("answer", &[("/of/next_by", json!("pty_bank"))]);
    assert_eq!(
        district.decide("pty_operator", &undated).unwrap_err().rule,
        "record.input"
    );
    // Where nobody is named, it is the other side's turn.
    district.must("pty_operator", &step("answer", &asks(json!(null))));
    assert_eq!(dispute(&district).due_from(&bank), Some(date(2026, 4, 10)));
    assert_eq!(dispute(&district).due_from(&operator), None);
    on(&mut district, "2026-04-11");
    district.must("pty_operator", &step("other", &[]));
    assert!(!last_is_late(&district) && dispute(&district).due().is_some());
    district.must("pty_bank", &step("evidence", &[]));
    assert!(last_is_late(&district));
    assert_eq!(dispute(&district).due(), None);
}

#[test]
fn what_a_respondent_calls_settled_is_confirmed_by_the_other_side_or_the_agency() {
    let (_, _, close) = District::before("dispute.close");
    let settled = |hash: &str| {
        let changes = [
            ("/of/ending", json!("settled")),
            ("/of/document_sha256", json!(hash.repeat(32))),
        ];
        with(&close, &changes)
    };
    for confirms in ["pty_bank", "pty_agency"] {
        let mut district = District::before("dispute.close").0;
        district.must("pty_operator", &settled("f6"));
        assert!(dispute(&district).closed.is_none(), "it waits");
        let again = district.decide("pty_operator", &settled("f6")).unwrap_err();
        assert_eq!(again.rule, "record.state");
        let other = district.decide(confirms, &settled("f7")).unwrap_err();
        assert_eq!(other.rule, "dispute.end", "another paper");
        district.must(confirms, &settled("f6"));
        assert!(dispute(&district).closed.is_some());
    }
    let mut district = District::before("dispute.close").0;
    district.must("pty_operator", &settled("f6"));
    district.must("pty_operator", &settled("f7"));
    district.must("pty_bank", &settled("f7"));
}

#[test]
fn a_judgment_is_of_a_case_before_the_court_and_has_its_number() {
    let (mut district, bank, close) = District::before("dispute.close");
    let judged = |number: &str| {
        with(
            &close,
            &[("/of/ending", json!("judged")), ("/of/document_number", json!(number))],
        )
    };
    let number = "（2026）粤0309民初1号";
    let refusal = district.decide("pty_operator", &judged(number)).unwrap_err();
    assert_eq!(refusal.rule, "dispute.end");
    let (_, _, moved) = District::before("dispute.move");
    let clause = |district: &mut District| {
        let decided = district.decide(bank, &with(&moved, &[("/of/forum", json!("court"))]));
        for event in decided.unwrap() {
            district.happened(event);
        }
    };
    clause(&mut district);
    assert_eq!(
        district.decide("pty_operator", &judged(" ")).unwrap_err().rule,
        "record.input"
    );
    district.must("pty_operator", &judged(number));
    assert!(dispute(&district).closed.is_some());
}
