//! Erasure of what calls carried.

use gongshu_governance::Command;
use gongshu_governance::erasure::{EraseCalls, ErasedCall, ErasureGround};
use gongshu_governance::identifier::{ErasureId, ScenarioId};

use crate::district::District;

fn order(id: &str, entry: u64, scenario: Option<&str>) -> Command {
    Command::EraseCalls(Box::new(EraseCalls {
        id: ErasureId::new(id),
        entries: vec![entry],
        ground: ErasureGround::RetentionOver,
        basis: "保存期满清理".to_owned(),
        calls: vec![ErasedCall {
            entry,
            at: "2026-03-31T16:30:00Z".parse().unwrap(),
            scenario: scenario.map(ScenarioId::new),
        }],
    }))
}

#[test]
fn the_operator_erases_its_own_calls_from_the_day_their_retention_is_over() {
    let mut district = District::serving();
    let command = order("era_own", 7, Some("scn_credit"));
    // The call was made on April 1 in Shanghai; 1096 days later is April 1, 2029.
    district.now = "2029-03-31T15:59:59Z".parse().unwrap();
    let refusal = district.decide("pty_operator", &command).unwrap_err();
    assert_eq!(refusal.rule, "erasure.retention");
    assert!(refusal.message.zh.contains("2029-04-01"), "{refusal:?}");
    district.now = "2029-03-31T16:00:00Z".parse().unwrap();
    district.must("pty_operator", &command);
    assert!(district.state.erased.contains_key(&7));
    let again = district
        .decide("pty_operator", &order("era_again", 7, Some("scn_credit")))
        .unwrap_err();
    assert_eq!(again.rule, "record.duplicate");
}

#[test]
fn nobody_erases_calls_of_others_but_a_supervisor() {
    let mut district = District::serving();
    district.now = "2030-01-01T00:00:00Z".parse().unwrap();
    let command = order("era_other", 7, Some("scn_credit"));
    for party in ["pty_operator2", "pty_bank", "pty_firm", "pty_agency", "pty_market"] {
        assert_eq!(
            district.decide(party, &command).unwrap_err().rule,
            "power.act",
            "{party}"
        );
    }
    // A call of an unknown product belongs to no operator.
    let nobodys = order("era_nobody", 8, None);
    assert_eq!(district.decide("pty_operator", &nobodys).unwrap_err().rule, "power.act");
    district.must("pty_supervisor", &nobodys);
}
