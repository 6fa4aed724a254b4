//! Disclosure-risk figures of answers, for whoever reviews what leaves.

use gongshu_engine::{Config, Engine, FieldType};
use gongshu_governance::output::Figures;
use gongshu_governance::resource::{Mask, ReleaseRule};

use crate::world::{THRESHOLD, access, table, texts, whole};

/// 30 people: 20 in the north, 9 in the south, one on the hill.
async fn figures(sql: &str) -> Figures {
    let place = |number: i64| match number {
        0..20 => "north",
        20..29 => "south",
        _ => "hill",
    };
    let people = table(
        "people",
        Some("id"),
        true,
        vec![
            ("id", FieldType::Integer, ReleaseRule::Closed, whole(0..30)),
            (
                "place",
                FieldType::Text,
                ReleaseRule::Group,
                texts((0..30).map(|number| place(number).to_owned())),
            ),
            (
                "pay",
                FieldType::Integer,
                ReleaseRule::Masked {
                    mask: Mask::Band { width: 10 },
                },
                whole(0..30),
            ),
            ("shown", FieldType::Integer, ReleaseRule::Open, whole(0..30)),
        ],
    );
    let engine = Engine::new(Config::default()).unwrap();
    let access = access(std::slice::from_ref(&people), false);
    let checked = engine.check(sql, &access, vec![people], &[]).await;
    let checked = checked.unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
    let guarded = checked.derivation().is_guarded();
    let prepared = engine.prepare(checked).await.unwrap();
    // Asked twice: figures are those of one answer.
    let today = jiff::civil::date(2026, 1, 1);
    let first = prepared.execute(&[], today).await.unwrap().figures(guarded);
    let again = prepared.execute(&[], today).await.unwrap().figures(guarded);
    assert_eq!(first, again);
    first
}

#[tokio::test]
async fn cells_are_measured_before_any_is_held_back() {
    assert!((2..=9).contains(&THRESHOLD));
    let grouped = figures("SELECT place, count(*) FROM people GROUP BY place").await;
    let expected = Figures {
        rows: 2,
        combinations: 3,
        unique: 1,
        suppressed: 1,
        smallest: Some(9),
        subjects: 29,
    };
    assert_eq!(grouped, expected);
    assert_eq!(grouped.unique_share(), 3_334);
}

#[tokio::test]
async fn rows_without_groups_are_combinations_and_open_data_has_none() {
    let masked = figures("SELECT mask_band(pay, 10) FROM people").await;
    assert_eq!((masked.rows, masked.combinations, masked.unique), (30, 3, 0));
    assert_eq!((masked.smallest, masked.suppressed), (None, 0));
    let open = figures("SELECT shown FROM people").await;
    assert_eq!((open.rows, open.combinations, open.unique), (30, 0, 0));
}
