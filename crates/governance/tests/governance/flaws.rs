//! Each flaw of a document is refused by its rule, in words that name it.

use serde_json::{Value, json};

use crate::coverage::altered;
use crate::district::District;

/// The act, the member that is changed, its value, the rule that refuses, a word of the message.
const FLAWS: &str = include_str!("flaws.json");

#[test]
fn each_flaw_of_a_document_is_named() {
    let flaws: Vec<(String, String, Value, String, String)> = serde_json::from_str(FLAWS).unwrap();
    for (act, place, value, rule, word) in flaws {
        let (district, party, command) = District::before(&act);
        let outcome = district.decide(party, &altered(&command, &[(&place, value.clone())]));
        let refusal = outcome.expect_err(&format!("{act} {place} {value} was accepted"));
        assert_eq!(refusal.rule, rule, "{act} {place} {value}: {refusal:?}");
        assert!(refusal.message.en.contains(&word), "{act} {place} {value}: {refusal:?}");
    }
}

/// A new ceiling under the price in force would make the price unlawful.
#[test]
fn a_ceiling_does_not_fall_under_the_price_in_force() {
    let (_, party, command) = District::before("price.ceiling");
    let lower = altered(&command, &[("/of/ceiling", json!("1.79"))]);
    let refusal = District::serving().decide(party, &lower).unwrap_err();
    assert_eq!(refusal.rule, "price.ceiling");
}
