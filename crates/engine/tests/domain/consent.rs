//! Rows that leave by consent: of a set query, those of consenting subjects and nobody else's.

use std::collections::BTreeSet;

use gongshu_engine::{Access, Config, Consenting, Control, Engine, FieldType, FlowRefusal, Table};
use gongshu_governance::resource::{AggregateFunction as F, ReleaseRule};
use proptest::prelude::*;
use serde_json::Value;

use crate::world::{self, table, texts, whole};

/// A firm: code, street, capital.
type Firm = (u8, u8, i64);

/// Firms with a column of each kind that meets consent: `code` and `street` leave by it, `day` is open, `industry` and
/// `capital` leave in groups.
fn firms(firms: &[Firm]) -> Table {
    let code = |number: u8| format!("c{number}");
    let columns = vec![
        (
            "code",
            FieldType::Text,
            ReleaseRule::Consented,
            texts(firms.iter().map(|firm| code(firm.0))),
        ),
        (
            "street",
            FieldType::Text,
            ReleaseRule::Consented,
            texts(firms.iter().map(|firm| code(firm.1))),
        ),
        (
            "day",
            FieldType::Integer,
            ReleaseRule::Open,
            whole(firms.iter().map(|firm| firm.2 % 3)),
        ),
        (
            "industry",
            FieldType::Text,
            ReleaseRule::Group,
            texts(firms.iter().map(|firm| code(firm.1))),
        ),
        (
            "capital",
            FieldType::Integer,
            world::aggregate(&[F::Sum]),
            whole(firms.iter().map(|firm| firm.2)),
        ),
    ];
    table("firms", Some("code"), false, columns)
}

async fn check(sql: &str, table: &Table) -> Result<gongshu_engine::CheckedPlan, FlowRefusal> {
    let access = world::access(std::slice::from_ref(table), false);
    check_under(sql, table, &access).await
}

async fn check_under(sql: &str, table: &Table, access: &Access) -> Result<gongshu_engine::CheckedPlan, FlowRefusal> {
    let engine = Engine::new(Config::default()).unwrap();
    engine.check(sql, access, vec![table.clone()], &[]).await
}

async fn answer(sql: &str, table: &Table, consenting: &BTreeSet<u8>) -> Value {
    let checked = check(sql, table)
        .await
        .unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
    let prepared = Engine::new(Config::default()).unwrap().prepare(checked).await.unwrap();
    let codes = consenting.iter().map(|number| format!("c{number}")).collect();
    let consenting = Consenting::from([("firms".to_owned(), codes)]);
    let answer = prepared
        .execute_for(&[], jiff::civil::date(2026, 1, 1), consenting)
        .await;
    answer.unwrap().to_json()
}

#[tokio::test]
async fn a_derivation_names_the_gate_and_what_needs_consent() {
    let table = firms(&[(1, 1, 10)]);
    let checked = check("SELECT code FROM firms WHERE street = 'c1' AND day > 0", &table)
        .await
        .unwrap();
    let derivation = checked.derivation();
    let fields: Vec<_> = derivation.consented_fields()["firms"].iter().cloned().collect();
    assert_eq!(
        fields,
        ["code", "street"],
        "a field that only filters needs consent as well"
    );
    let gate = Control::ConsentSet {
        table: "firms".to_owned(),
        column: "code".to_owned(),
    };
    assert_eq!(derivation.controls, [gate]);
}

#[tokio::test]
async fn statistics_are_not_mixed_with_rows_seen_by_consent() {
    let table = firms(&[(1, 1, 10)]);
    for sql in [
        "SELECT sum(capital) FROM firms WHERE code <> 'c1'",
        "SELECT industry, count(*) FROM firms WHERE street = 'c1' GROUP BY industry",
        "SELECT code FROM firms WHERE industry = 'c1'",
        "SELECT count(*) FROM firms a JOIN firms b ON a.code = b.code AND a.industry = b.industry",
        "SELECT (SELECT sum(capital) FROM firms), code FROM firms",
    ] {
        let refusal = check(sql, &table).await.unwrap_err();
        assert_eq!(refusal.rule, "flow.consent-mixed", "{sql}");
    }
    // Either of them alone passes, and statistics alone see everyone.
    let checked = check("SELECT sum(capital) FROM firms", &table).await.unwrap();
    assert!(checked.derivation().consented_fields().is_empty());
}

#[tokio::test]
async fn without_a_subject_key_nothing_leaves_by_consent() {
    let columns = vec![(
        "code",
        FieldType::Text,
        ReleaseRule::Consented,
        texts(["c1".to_owned()]),
    )];
    let refusal = check("SELECT code FROM firms", &table("firms", None, false, columns)).await;
    assert_eq!(refusal.unwrap_err().rule, "flow.consent");
}

#[tokio::test]
async fn a_table_larger_than_a_batch_is_seen_in_its_own_order() {
    let many: Vec<Firm> = (0..20_000)
        .map(|row| (u8::try_from(row % 200).unwrap(), 0, i64::from(row)))
        .collect();
    let answered = answer(
        "SELECT count(*), count(DISTINCT code) FROM firms",
        &firms(&many),
        &(0..150).collect(),
    )
    .await;
    assert_eq!(answered["rows"], serde_json::json!([[15_000, 150]]));
}

const QUERIES: [&str; 8] = [
    "SELECT code, street, day FROM firms",
    "SELECT code FROM firms WHERE day = 1 OR street = 'c2'",
    "SELECT street, count(*), max(day) FROM firms GROUP BY street ORDER BY street",
    "SELECT code, day FROM firms ORDER BY day DESC, code LIMIT 3",
    "SELECT DISTINCT street FROM firms ORDER BY street",
    "SELECT a.code, b.street FROM firms a JOIN firms b ON a.street = b.code ORDER BY 1, 2",
    "SELECT code, row_number() OVER (ORDER BY day, code) FROM (SELECT code, day FROM firms) ORDER BY code",
    "SELECT 10 / day FROM firms WHERE code <> '' AND day <> 0",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whoever else is in the table, with whatever values, the answer is the same, to the byte.
    #[test]
    fn subjects_who_do_not_consent_change_nothing(
        rows in prop::collection::vec((0..12_u8, 0..4_u8, 0..9_i64), 0..40),
        consenting in prop::collection::btree_set(0..12_u8, 0..12),
        others in prop::collection::vec((12..99_u8, 0..4_u8, 0..9_i64), 0..20),
        sql in prop::sample::select(&QUERIES[..]),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let seen: Vec<Firm> = rows.iter().copied().filter(|firm| consenting.contains(&firm.0)).collect();
        let mut mixed = others;
        mixed.extend(&rows);
        let alone = runtime.block_on(answer(sql, &firms(&seen), &consenting));
        let among = runtime.block_on(answer(sql, &firms(&mixed), &consenting));
        prop_assert_eq!(alone, among);
    }
}
