//! What is measured of a version, and work orders about it.

use gongshu_governance::Command;
use gongshu_governance::identifier::{ResourceId, WorkOrderId};
use gongshu_governance::quality::{Dimension, WorkOrderStatus};
use serde_json::{Value, json};

use crate::altered::{altered, with};
use crate::district::{CALENDAR, District, NATIONAL, overlay, rules, rules_of};

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

fn current(district: &District) -> Option<String> {
    let resource = &district.state.resources[&ResourceId::new("res_firms")];
    resource.current().map(|version| version.id.to_string())
}

/// The state of a version of the resource.
fn stands(district: &District, id: &str) -> Value {
    let resource = &district.state.resources[&ResourceId::new("res_firms")];
    let version = resource.versions.iter().find(|version| version.id.as_str() == id);
    serde_json::to_value(&version.unwrap().status).unwrap()["state"].clone()
}

/// The department's answer to a work order, and the agency's closing of it.
fn settle(district: &mut District, order: &str, put_into_operation: bool) {
    let (_, department, answer) = District::before("quality.answer");
    let (_, agency, close) = District::before("quality.close");
    let order = ("/of/order", json!(order));
    let answer = with(&answer, &[("/of/version", json!(null))]);
    district.must(department, &altered(&answer, std::slice::from_ref(&order)));
    let close = with(&close, &[("/of/put_into_operation", json!(put_into_operation))]);
    district.must(agency, &altered(&close, &[order]));
}

#[test]
fn a_version_that_falls_short_is_held_back_and_the_one_before_it_answers() {
    let (mut district, provider, _) = District::before("version.record");
    district.must(provider, &version("ver_poor", [89, 94, 100]));
    assert_eq!(
        (current(&district), stands(&district, "ver_poor")),
        (None, json!("held_back"))
    );
    let refusal = |district: &District| {
        let resource = &district.state.resources[&ResourceId::new("res_firms")];
        resource.answering(rules()).map(|version| version.id.to_string())
    };
    let none = refusal(&district).unwrap_err();
    assert!(
        none.message.zh.contains("质量低于下限") && none.message.zh.contains("ver_poor"),
        "{none:?}"
    );
    district.must(provider, &version("ver_good", [90, 95, 100]));
    district.must(provider, &version("ver_again", [100, 100, 99]));
    assert_eq!(refusal(&district), Ok("ver_good".to_owned()));
    district.must(provider, &version("ver_better", [100, 100, 100]));
    assert_eq!(current(&district).as_deref(), Some("ver_better"));
}

/// It is let go where each work order that holds it is closed so, and then the newest answers.
#[test]
fn a_version_that_is_held_back_is_let_go_by_the_agency_dimension_by_dimension() {
    let (mut district, provider, _) = District::before("version.record");
    district.must(provider, &version("ver_good", [100, 100, 100]));
    district.must(provider, &version("ver_poor", [89, 94, 100]));
    settle(&mut district, "wko_ver_poor_completeness", true);
    assert_eq!(
        current(&district).as_deref(),
        Some("ver_good"),
        "it is not conforming yet"
    );
    settle(&mut district, "wko_ver_poor_conformity", true);
    assert_eq!(current(&district).as_deref(), Some("ver_poor"));
    assert_eq!(stands(&district, "ver_poor"), json!("in_operation"));
}

#[test]
fn a_work_order_that_is_settled_without_letting_go_leaves_its_version_where_it_is() {
    let (mut district, provider, _) = District::before("version.record");
    district.must(provider, &version("ver_poor", [89, 100, 100]));
    settle(&mut district, "wko_ver_poor_completeness", false);
    assert_eq!(
        (current(&district), stands(&district, "ver_poor")),
        (None, json!("held_back"))
    );
    let (_, _, destroy) = District::before("version.destroy");
    district.must(provider, &altered(&destroy, &[("/of/version", json!("ver_poor"))]));
    assert_eq!(stands(&district, "ver_poor"), json!("destruction_ordered"));
}

#[test]
fn only_what_is_held_back_is_let_go_and_only_by_what_settles_the_order() {
    let (district, agency, close) = District::before("quality.close");
    let free = with(&close, &[("/of/put_into_operation", json!(true))]);
    assert_eq!(district.decide(agency, &free).unwrap_err().rule, "quality.order");
    let (mut district, provider, _) = District::before("version.record");
    district.must(provider, &version("ver_poor", [89, 100, 100]));
    let (_, department, answer) = District::before("quality.answer");
    let order = ("/of/order", json!("wko_ver_poor_completeness"));
    let answer = with(&answer, &[("/of/version", json!(null))]);
    district.must(department, &altered(&answer, std::slice::from_ref(&order)));
    let back = altered(&free, &[order.clone(), ("/of/accepted", json!(false))]);
    assert_eq!(district.decide(agency, &back).unwrap_err().rule, "quality.order");
    assert!(district.decide(agency, &altered(&free, &[order])).is_ok());
}

/// A check holds a version in operation back only where the packs say so; then nothing answers until it is let go.
#[test]
fn a_check_holds_back_where_the_packs_ask_for_it() {
    let (mut district, provider, check) = District::before("quality.check");
    let poor = altered(&check, &[("/of/result/held", json!(94))]);
    let before = current(&district);
    let events = district.decide(provider, &poor).unwrap();
    assert_eq!(events.len(), 2, "the check and its work order: {events:?}");
    let strict = overlay("accuracy_holds = 0", "accuracy_holds = 1");
    let strict = rules_of(&[NATIONAL, &strict, CALENDAR]);
    let events = district.decide_under(&strict, provider, &poor).unwrap();
    assert_eq!(events.len(), 3, "{events:?}");
    for event in events {
        district.happened(event);
    }
    assert!(before.is_some() && current(&district) != before);
    let service = &district.state.resources[&ResourceId::new("res_firms")].stops;
    assert!(
        service.iter().any(|stop| stop.until.is_none()),
        "the service stands still"
    );
    let order = district
        .state
        .work_orders
        .keys()
        .find(|id| id.as_str().ends_with("_accuracy"))
        .unwrap()
        .to_string();
    settle(&mut district, &order, true);
    assert_eq!(current(&district), before);
    let service = &district.state.resources[&ResourceId::new("res_firms")].stops;
    assert!(service.iter().all(|stop| stop.until.is_some()));
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
