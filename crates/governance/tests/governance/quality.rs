//! What is measured of a version, and work orders about it.

use gongshu_governance::Command;
use gongshu_governance::identifier::WorkOrderId;
use gongshu_governance::quality::{Dimension, WorkOrderStatus};
use serde_json::{Value, json};

use crate::altered::{altered, with};
use crate::district::District;

/// A version with these figures: cells that are there, rows kept, values that come once, of a hundred each.
fn version(id: &str, [complete, conforming, unique]: [u64; 3]) -> Command {
    let of = |held: u64| json!({"held": held, "of": 100});
    let (_, _, record) = District::before("version.record");
    let mut document = serde_json::to_value(&record).unwrap();
    document["of"]["version"]["id"] = json!(id);
    document["of"]["version"]["quality"] =
        json!({"complete": of(complete), "conforming": of(conforming), "unique": of(unique)});
    serde_json::from_value(document).unwrap()
}

fn orders(district: &District) -> Vec<Dimension> {
    let mut open: Vec<_> = district
        .state
        .work_orders
        .values()
        .map(|order| order.order.dimension)
        .collect();
    open.sort();
    open
}

#[test]
fn what_falls_short_opens_a_work_order_for_its_department_and_what_holds_opens_none() {
    let (mut district, provider, _) = District::before("version.record");
    district.must(provider, &version("ver_good", [90, 95, 100]));
    assert_eq!(orders(&district), []);
    district.must(provider, &version("ver_bad", [89, 94, 99]));
    assert_eq!(
        orders(&district),
        [Dimension::Conformity, Dimension::Completeness, Dimension::Uniqueness]
    );
    let order = &district.state.work_orders[&WorkOrderId::new("wko_ver_bad_completeness")];
    assert!(order.by.is_none() && order.order.text.contains("89/100"), "{order:?}");
    assert_eq!(order.deadline.working_days, 10);
}

#[test]
fn a_version_that_comes_later_than_promised_is_not_timely() {
    let (mut district, provider, _) = District::before("version.record");
    district.must(provider, &version("ver_1", [100, 100, 100]));
    district.now = "2026-04-02T02:00:00Z".parse().unwrap();
    district.must(provider, &version("ver_2", [100, 100, 100]));
    assert_eq!(orders(&district), []);
    district.now = "2026-04-04T02:00:00Z".parse().unwrap();
    district.must(provider, &version("ver_3", [100, 100, 100]));
    assert_eq!(orders(&district), [Dimension::Timeliness]);
}

#[test]
fn a_check_below_the_threshold_opens_a_work_order_once() {
    let (mut district, provider, check) = District::before("quality.check");
    let poor = altered(&check, &[("/of/result/held", json!(94))]);
    district.must("pty_assessor", &poor);
    district.must(provider, &poor);
    assert_eq!(orders(&district), [Dimension::Accuracy]);
    for (place, value) in [
        ("/of/dimension", json!("completeness")),
        ("/of/result/of", json!(0)),
        ("/of/document_sha256", json!("x")),
    ] {
        let refusal = district
            .decide(provider, &altered(&check, &[(place, value)]))
            .unwrap_err();
        assert_eq!(refusal.rule, "quality.measure", "{place}");
    }
    let unknown = altered(&check, &[("/of/version", json!("ver_none"))]);
    assert_eq!(district.decide(provider, &unknown).unwrap_err().rule, "record.unknown");
}

#[test]
fn an_answer_that_settles_nothing_goes_back_to_the_department() {
    let (mut district, agency, close) = District::before("quality.close");
    let back = altered(&close, &[("/of/accepted", json!(false))]);
    district.must(agency, &back);
    let order = |district: &District| district.state.work_orders[&WorkOrderId::new("wko_1")].clone();
    assert_eq!(order(&district).status, WorkOrderStatus::Open);
    assert_eq!(district.decide(agency, &close).unwrap_err().rule, "quality.order");
    let (_, provider, answer) = District::before("quality.answer");
    let other: Value = json!("ver_none");
    let wrong = with(&answer, &[("/of/version", other)]);
    assert_eq!(district.decide(provider, &wrong).unwrap_err().rule, "record.unknown");
    district.must(provider, &answer);
    district.must(agency, &close);
    assert_eq!(order(&district).answers.len(), 2);
    assert!(matches!(order(&district).status, WorkOrderStatus::Closed { .. }));
}

/// Whatever was settled of the first finding, the next one is answered as well.
#[test]
fn a_check_that_fails_again_once_its_work_order_is_closed_opens_another() {
    let (mut district, provider, check) = District::before("quality.check");
    let (_, agency, close) = District::before("quality.close");
    let (_, department, answer) = District::before("quality.answer");
    let poor = altered(&check, &[("/of/result/held", json!(94))]);
    district.must(provider, &poor);
    let first = district.state.work_orders.keys().next().unwrap().clone();
    for (number, id) in [first.to_string(), format!("{first}_2"), format!("{first}_3")]
        .into_iter()
        .enumerate()
    {
        district.must(provider, &poor);
        assert_eq!(orders(&district).len(), number + 1, "one that is not closed is enough");
        let order = [("/of/order", json!(id))];
        district.must(
            department,
            &altered(&with(&answer, &[("/of/version", json!(null))]), &order),
        );
        district.must(agency, &altered(&close, &order));
        district.must(provider, &poor);
        assert_eq!(orders(&district).len(), number + 2);
    }
}
