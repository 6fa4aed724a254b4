//! Levels and release rules change: tighter at once, looser with the agency, and what stands on them.

use gongshu_governance::Command;
use gongshu_governance::authorization::Usage;
use gongshu_governance::identifier::{ProductId, ResourceId, ScenarioId};
use gongshu_governance::resource::{ReleaseRule, Resource};
use gongshu_governance::service::stops;
use serde_json::{Value, json};

use crate::altered::{altered, with};
use crate::district::District;

fn regrade(grades: Value) -> (&'static str, Command) {
    let (_, provider, command) = District::before("resource.regrade");
    (provider, altered(&command, &[("/of/grades", grades)]))
}

fn decide(approved: bool) -> (&'static str, Command) {
    let (_, agency, command) = District::before("regrading.decide");
    (agency, altered(&command, &[("/of/approved", json!(approved))]))
}

fn resource(district: &District) -> &Resource {
    &district.state.resources[&ResourceId::new("res_firms")]
}

fn rule(district: &District, field: &str) -> ReleaseRule {
    resource(district).field(field).unwrap().release.clone()
}

fn of_scenario(district: &District, field: &str) -> Option<ReleaseRule> {
    let scenario = &district.state.scenarios[&ScenarioId::new("scn_credit")];
    let own = scenario.application.tightened.get(&ResourceId::new("res_firms"))?;
    own.get(field).cloned()
}

fn call_rule(district: &District) -> String {
    let call = district.call(Usage::default());
    call.map_or_else(|refusal| refusal.rule, |_| "permitted".to_owned())
}

fn stopped(district: &District, product: &str) -> bool {
    let product = &district.state.products[&ProductId::new(product)];
    let all = stops(&district.state, product);
    all.iter().any(|stop| stop.until.is_none() && stop.from == district.now)
}

const CLOSED: &str = r#"{"name": {"level": 4, "release": {"rule": "closed"}}}"#;

#[test]
fn what_is_tighter_holds_at_once_and_stops_what_was_reviewed_before() {
    let mut district = District::serving();
    let before = district.call(Usage::default()).unwrap();
    let (market, close) = regrade(serde_json::from_str(CLOSED).unwrap());
    assert_eq!(district.decide("pty_ecology", &close).unwrap_err().rule, "power.act");
    district.must(market, &close);
    assert_eq!(
        (
            rule(&district, "name"),
            resource(&district).field("name").unwrap().level
        ),
        (ReleaseRule::Closed, 4)
    );
    assert_eq!(of_scenario(&district, "name"), Some(ReleaseRule::Closed));
    let refusal = district.call(Usage::default()).unwrap_err();
    assert_eq!(refusal.rule, "product.reviewed");
    assert!(refusal.remedy.en.contains("`product.submit`"), "{refusal:?}");
    assert!(stopped(&district, "prd_verify"), "nobody is charged from then on");
    assert!(before.chain.scenario.as_str() == "scn_credit");
    // A version that is reviewed by the rules of now serves.
    let (_, partner, submission) = District::before("product.submit");
    let (_, operator, list) = District::before("product.list");
    let next = [("id", json!("prd_next")), ("replaces", json!("prd_verify"))];
    district.must(partner, &with(&submission, &next));
    district.must(operator, &altered(&list, &[("/of/product", json!("prd_next"))]));
    assert!(!stopped(&district, "prd_next"));
    assert_eq!(
        district.decide(market, &close).unwrap_err().rule,
        "resource.regrade",
        "it is so already"
    );
}

/// A submission that waits was made by the rules of before as well.
#[test]
fn a_product_that_waits_is_not_listed_on_grounds_of_before() {
    let (mut district, operator, list) = District::before("product.list");
    let (market, close) = regrade(serde_json::from_str(CLOSED).unwrap());
    district.must(market, &close);
    assert_eq!(district.decide(operator, &list).unwrap_err().rule, "product.reviewed");
}

#[test]
fn what_a_product_does_not_read_stops_nothing_unless_the_rows_become_guarded_or_cease_to_be() {
    let mut district = District::serving();
    let higher = regrade(json!({"grade": {"level": 3, "release": {"rule": "scored"}}}));
    district.must(higher.0, &higher.1);
    assert_eq!(
        (call_rule(&district).as_str(), of_scenario(&district, "name")),
        ("permitted", None)
    );
    // The street alone has the rows guarded: without it each column leaves on other grounds.
    let closed = regrade(json!({"street": {"level": 3, "release": {"rule": "closed"}}}));
    district.must(closed.0, &closed.1);
    assert_eq!(call_rule(&district), "product.reviewed");
    assert!(stopped(&district, "prd_verify"));
}

#[test]
fn what_is_looser_waits_for_the_agency_and_reaches_no_scenario_of_before() {
    let mut district = District::serving();
    let (market, closed) = regrade(serde_json::from_str(CLOSED).unwrap());
    district.must(market, &closed);
    let again = json!({"name": {"level": 3, "release": {"rule": "consented"}}});
    let (market, loosen) = regrade(again);
    let (agency, approve) = decide(true);
    assert_eq!(district.decide(agency, &approve).unwrap_err().rule, "record.state");
    district.must(market, &loosen);
    assert_eq!(rule(&district, "name"), ReleaseRule::Closed, "it waits");
    assert_eq!(district.decide(market, &approve).unwrap_err().rule, "power.act");
    assert_eq!(
        district.decide(market, &loosen).unwrap_err().rule,
        "resource.regrade",
        "it waits already"
    );
    let mut declined = district.clone();
    declined.must(agency, &decide(false).1);
    assert_eq!(
        (rule(&declined, "name"), &resource(&declined).regrading),
        (ReleaseRule::Closed, &Vec::new())
    );
    // What is asked to stay as it is takes back what waited.
    let mut back = district.clone();
    back.must(market, &closed);
    assert!(resource(&back).regrading.is_empty());
    district.must(agency, &approve);
    assert_eq!(rule(&district, "name"), ReleaseRule::Consented);
    assert_eq!(
        of_scenario(&district, "name"),
        Some(ReleaseRule::Closed),
        "it was approved by that"
    );
    assert_eq!(call_rule(&district), "product.reviewed");
}

/// A scenario that has a rule of its own keeps the tighter of both.
#[test]
fn a_scenario_keeps_the_tighter_of_its_own_rule_and_the_registered_one() {
    let (_, agency, narrow) = District::before("scenario.narrow");
    let nothing = with(&narrow, &[("quota_calls_max", json!(null)), ("until", json!(null))]);
    let own = with(
        &nothing,
        &[("tightened", json!({"res_firms": {"name": {"rule": "closed"}}}))],
    );
    let mut district = District::serving();
    district.must(agency, &own);
    let narrowed = district.state.scenarios[&ScenarioId::new("scn_credit")]
        .narrowings
        .len();
    let (market, closed) = regrade(serde_json::from_str(CLOSED).unwrap());
    district.must(market, &closed);
    let scenario = &district.state.scenarios[&ScenarioId::new("scn_credit")];
    assert_eq!(scenario.narrowings.len(), narrowed, "nothing changes there");
    assert_eq!(of_scenario(&district, "name"), Some(ReleaseRule::Closed));
}

/// Two changes that wait are of two documents: each column keeps the one by which it was asked for, and both are decided on
/// together.
#[test]
fn what_waits_keeps_the_document_by_which_each_column_was_asked_for() {
    let mut district = District::serving();
    let both = json!({
        "name": {"level": 4, "release": {"rule": "closed"}},
        "grade": {"level": 4, "release": {"rule": "closed"}},
    });
    let (market, close) = regrade(both);
    district.must(market, &close);
    let looser = json!({"level": 3, "release": {"rule": "consented"}});
    let documents = ["a1".repeat(32), "b2".repeat(32)];
    for (column, document) in ["name", "grade"].into_iter().zip(&documents) {
        let (_, ask) = regrade(json!({column: looser}));
        district.must(market, &altered(&ask, &[("/of/document_sha256", json!(document))]));
    }
    let waits = |district: &District| {
        let waiting = resource(district).regrading.iter();
        waiting
            .map(|it| {
                (
                    it.grades.keys().cloned().collect::<Vec<_>>().concat(),
                    it.document_sha256.clone(),
                )
            })
            .collect::<Vec<_>>()
    };
    let [first, second] = documents;
    assert_eq!(
        waits(&district),
        [("name".to_owned(), first.clone()), ("grade".to_owned(), second)]
    );
    let mut back = district.clone();
    let (_, closed) = regrade(json!({"grade": {"level": 4, "release": {"rule": "closed"}}}));
    back.must(market, &closed);
    assert_eq!(waits(&back), [("name".to_owned(), first)]);
    let (agency, approve) = decide(true);
    district.must(agency, &approve);
    assert!(waits(&district).is_empty());
    assert_eq!(
        (rule(&district, "name"), rule(&district, "grade")),
        (ReleaseRule::Consented, ReleaseRule::Consented)
    );
}
