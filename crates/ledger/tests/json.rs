//! The canonical form of leaves, and commitments.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use gongshu_ledger::{Commitment, Leaf, Opening, Suite, canonical_json};
use proptest::prelude::*;
use serde_json::{Value, json};

fn canonical(value: &Value) -> String {
    String::from_utf8(canonical_json(value).unwrap()).unwrap()
}

#[test]
fn keys_are_sorted_and_nothing_is_superfluous() {
    let value = json!({ "b": [1, -2, true, null], "a": { "z": "", "y": {} }, "": [] });
    assert_eq!(canonical(&value), r#"{"":[],"a":{"y":{},"z":""},"b":[1,-2,true,null]}"#);
}

/// The example of RFC 8785, section 3.2.3: keys go by UTF-16 code units, which is not the order of UTF-8.
#[test]
fn keys_are_sorted_as_rfc_8785_shows() {
    let value = json!({
        "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7
    });
    assert_eq!(
        canonical(&value),
        "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
    );
}

#[test]
fn strings_are_escaped_as_rfc_8785_asks() {
    let value = json!("\u{20ac}$\u{f}\u{a}A'\u{42}\u{22}\u{5c}\\\"/\u{7f}\u{8}\t\u{c}\r");
    assert_eq!(
        canonical(&value),
        "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\\b\\t\\f\\r\""
    );
}

#[test]
fn numbers_that_readers_may_not_keep_are_refused() {
    let code = |text: &str| canonical_json(&serde_json::from_str(text).unwrap()).map_err(|error| error.code());
    assert_eq!(code("1.5"), Err("json.not-integer"));
    assert_eq!(code("[1e3]"), Err("json.not-integer"));
    assert_eq!(code("{\"a\":-0}"), Err("json.not-integer"));
    assert_eq!(code("9007199254740992"), Err("json.integer-too-large"));
    assert_eq!(code("-9007199254740992"), Err("json.integer-too-large"));
    assert_eq!(code("123456789012345678901234567890"), Err("json.not-integer"));
    assert_eq!(code("-9007199254740991"), Ok(b"-9007199254740991".to_vec()));
}

#[test]
fn deep_values_are_refused() {
    let deep = (0..100).fold(Value::Null, |inner, _| json!([inner]));
    assert_eq!(canonical_json(&deep).unwrap_err().code(), "json.too-deep");
}

#[test]
fn only_the_canonical_spelling_is_a_leaf() {
    assert!(Leaf::parse(br#"{"a":1,"b":2}"#).is_ok());
    for bad in [
        r#"{"b":2,"a":1}"#,
        r#"{"a":1, "b":2}"#,
        r#"{"a":1,"a":1}"#,
        r#"{"a":1.0}"#,
        "[]",
        "",
        "{\"a\":1}\n",
        r#"{"a":"\u0041"}"#,
    ] {
        assert!(Leaf::parse(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn an_opening_opens_only_its_own_commitment() {
    let opening = |name: &str, value: &str| Opening {
        name: name.into(),
        salt: [9; 16],
        value: value.into(),
    };
    for suite in Suite::ALL {
        let commitment = opening("answer", "42").commitment(suite).to_string();
        let leaf = Leaf::parse(&canonical_json(&json!({ "commitments": { "answer": commitment } })).unwrap()).unwrap();
        leaf.check(&opening("answer", "42"), suite).unwrap();
        assert_eq!(
            leaf.check(&opening("answer", "43"), suite).unwrap_err().code(),
            "leaf.commitment-mismatch"
        );
        assert_eq!(
            leaf.check(&opening("request", "42"), suite).unwrap_err().code(),
            "leaf.unknown-commitment"
        );
    }
}

#[test]
fn the_debug_form_of_an_opening_tells_nothing() {
    let opening = Opening {
        name: "answer".into(),
        salt: [9; 16],
        value: "secret".into(),
    };
    assert_eq!(format!("{opening:?}"), "Opening { name: \"answer\", .. }");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn canonical_json_reads_back_as_the_value(value in any_json()) {
        let bytes = canonical_json(&value).unwrap();
        prop_assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), value);
    }

    #[test]
    fn commitments_round_trip(salt in any::<[u8; 16]>(), value in any::<Vec<u8>>()) {
        for suite in Suite::ALL {
            let commitment = Commitment::new(suite, &salt, &value);
            prop_assert_eq!(commitment.to_string().parse::<Commitment>().unwrap(), commitment);
        }
    }

    #[test]
    fn any_bytes_are_a_leaf_or_an_error(bytes in any::<Vec<u8>>()) {
        let _ = Leaf::parse(&bytes);
    }
}
