//! From the first party to sixty products that are sold.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::Command;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::money::Money;
use gongshu_governance::party::{Party, RegisterParty, Role};
use jiff::civil::date;
use serde_json::json;

use super::months::agreement;
use super::{Life, PRODUCTS, RESOURCES, SCENARIOS, template};
use crate::altered::{altered, with};
use crate::district::{PARTIES, PURPOSE};

pub(crate) const BANKS: usize = 10;

pub(crate) fn bank(number: usize) -> String {
    format!("pty_bank_{number}")
}

/// A scenario in three is for public welfare, and free.
pub(crate) fn is_free(scenario: usize) -> bool {
    scenario.is_multiple_of(3)
}

/// Parties, plan, tender, agreement.
pub(crate) fn found(life: &mut Life) {
    life.on(date(2025, 10, 9));
    for command in crate::district::path().into_iter().take(PARTIES.len()) {
        life.must(command.0, command.1);
    }
    register(life, "pty_operator3", Role::Operator, 90);
    for number in 0..BANKS {
        register(life, &bank(number), Role::Consumer, 100 + number);
    }
    plan(life);
    tender(life);
    life.on(date(2026, 2, 25));
    for number in 0..RESOURCES {
        resource(life, number);
        let id = format!("res_{number}");
        let registrable = json!({"kind": "resource", "resource": id});
        certify(life, provider_of(number), &id, &registrable);
    }
    let term = json!({"from": "2026-03-01", "until": "2028-02-29"});
    let resources: BTreeSet<String> = (0..RESOURCES).map(|number| format!("res_{number}")).collect();
    life.step(
        "agreement.propose",
        &[("/of/term", term), ("/of/resources", json!(resources))],
    );
    life.on(date(2026, 3, 1));
    sign(life);
    posts(life);
}

/// Both sides sign the text of the agreement as it stands.
pub(crate) fn sign(life: &mut Life) {
    let terms = json!(life.district.state.agreements[&agreement()].terms.sha256());
    for act in ["agreement.seal", "agreement.sign"] {
        life.step(act, &[("/of/document/terms_sha256", terms.clone())]);
    }
}

/// A provider has posts, and somebody stands in for their holder.
fn posts(life: &mut Life) {
    let day = |place| (place, json!("2026-03-01"));
    life.step("post.create", &[]);
    life.step("post.appoint", &[day("/of/from")]);
    life.step("delegation.give", &[day("/of/from")]);
}

fn register(life: &mut Life, id: &str, role: Role, number: usize) {
    let party = Party {
        id: PartyId::new(id),
        role,
        name: id.to_owned(),
        code: Some(format!("11440300MB2D{number:05}X")),
        region: gongshu_governance::border::Region::Mainland,
    };
    let command = RegisterParty {
        party,
        organization: false,
    };
    life.must("pty_agency", Command::RegisterParty(command));
}

fn plan(life: &mut Life) {
    life.step("plan.draft", &[]);
    life.step("plan.panel", &[]);
    life.step(
        "plan.comment",
        &[
            ("/of/term", json!({"from": "2025-10-10", "until": "2025-11-10"})),
            ("/of/evidence", json!(null)),
        ],
    );
    life.on(date(2025, 11, 12));
    for act in ["plan.opinion", "plan.revise", "plan.answer", "plan.conclude"] {
        life.step(act, &[]);
    }
    life.on(date(2025, 11, 20));
    life.step("plan.decide", &[]);
    life.step("plan.publish", &[]);
}

/// An open tender with three tenderers; the first objects in vain.
fn tender(life: &mut Life) {
    life.on(date(2025, 12, 1));
    let term = json!({"from": "2025-12-01", "until": "2025-12-31"});
    life.step(
        "selection.announce",
        &[
            ("/of/method", json!("open_tender")),
            ("/of/term", term),
            ("/of/evidence", json!(null)),
        ],
    );
    life.on(date(2025, 12, 20));
    let operators = ["pty_operator", "pty_operator2", "pty_operator3"];
    for operator in operators {
        let clean = [("/of/last_blemish", json!(null))];
        life.must(operator, altered(&template("selection.apply").1, &clean));
        let checked = [
            ("/of/applicant", json!(operator)),
            ("/of/check/day", json!("2025-12-19")),
        ];
        life.step("selection.qualify", &checked);
    }
    life.on(date(2026, 1, 5));
    life.step("selection.panel", &[]);
    for (operator, technique) in operators.into_iter().zip([55, 50, 45]) {
        let points = json!({"技术能力": technique, "服务能力": 30});
        let sheets: BTreeMap<String, _> = (1..=5).map(|number| (format!("评委{number}"), &points)).collect();
        life.step(
            "selection.score",
            &[("/of/applicant", json!(operator)), ("/of/scores", json!(sheets))],
        );
    }
    life.step(
        "selection.publicize",
        &[
            ("/of/term", json!({"from": "2026-01-06", "until": "2026-01-12"})),
            ("/of/evidence", json!(null)),
        ],
    );
    life.step("selection.object", &[("/of/received", json!(null))]);
    life.on(date(2026, 1, 8));
    life.step("selection.resolve", &[]);
    life.on(date(2026, 1, 13));
    life.step("selection.confirm", &[]);
}

fn resource(life: &mut Life, number: usize) {
    let (id, table) = (format!("res_{number}"), format!("table_{number}"));
    let provider = provider_of(number);
    let changes = [
        ("/of/id", json!(id)),
        ("/of/table", json!(table)),
        ("/of/provider", json!(provider)),
    ];
    life.must(provider, altered(&template("resource.register").1, &changes));
    life.must(
        provider,
        altered(&template("resource.clear").1, &[("/of/resource", json!(id))]),
    );
    let changes = [
        ("/of/resource", json!(id)),
        ("/of/version/id", json!(format!("ver_{number}"))),
    ];
    life.must(provider, altered(&template("version.record").1, &changes));
}

/// Scenarios, products, ceilings, prices, subscriptions.
pub(crate) fn offer(life: &mut Life) {
    life.on(date(2026, 3, 2));
    for number in 0..SCENARIOS {
        scenario(life, number);
    }
    life.step("evidence.make", &[]);
    let revenue = [
        ("/of/period", json!({"from": "2026-03-01", "until": "2026-12-31"})),
        ("/of/cost", json!("900000.00")),
    ];
    life.step("revenue.permit", &revenue);
    for number in 0..PRODUCTS {
        product(life, number);
    }
    for number in 0..PRODUCTS {
        let id = format!("prd_{number}");
        certify(life, "pty_operator", &id, &json!({"kind": "product", "product": id}));
    }
    for number in 0..PRODUCTS {
        for bank_number in [number % BANKS, (number * 7 + 3) % BANKS] {
            let bank = bank(bank_number);
            let changes = [
                ("/of/id", json!(format!("sub_{number}_{bank_number}"))),
                ("/of/product", json!(format!("prd_{number}"))),
                ("/of/quota_calls_max", json!(1_000_000)),
            ];
            life.must(&bank, altered(&template("subscription.open").1, &changes));
        }
    }
}

pub(crate) fn provider_of(resource: usize) -> &'static str {
    if resource.is_multiple_of(2) {
        "pty_market"
    } else {
        "pty_ecology"
    }
}

/// A thing is registered, and has its certificate.
fn certify(life: &mut Life, holder: &str, thing: &str, registrable: &serde_json::Value) {
    let id = json!(format!("reg_{thing}"));
    let apply = [("/of/id", id.clone()), ("/of/thing", registrable.clone())];
    life.must(holder, altered(&template("registration.apply").1, &apply));
    let of = ("/of/registration", id);
    life.step("registration.accept", std::slice::from_ref(&of));
    life.step("registration.review", std::slice::from_ref(&of));
    life.step(
        "registration.assign",
        &[of, ("/of/code", json!(format!("440309-{thing}")))],
    );
}

fn scenario(life: &mut Life, number: usize) {
    let id = json!(format!("scn_{number}"));
    // Each uses one resource, ten of them a second one.
    let used = [number, RESOURCES - 1 - number % 10];
    let used: BTreeSet<usize> = if number.is_multiple_of(3) {
        used.into()
    } else {
        [number].into()
    };
    let fields: BTreeMap<String, _> = used.iter().map(|it| (format!("res_{it}"), json!(["street"]))).collect();
    let class = if is_free(number) { "public_welfare" } else { "industry" };
    let changes = [
        ("/of/id", id.clone()),
        ("/of/name", json!(format!("场景{number}"))),
        ("/of/purpose", json!(PURPOSE)),
        ("/of/price_class", json!(class)),
        ("/of/resources", json!(fields)),
        ("/of/quota_calls_max", json!(10_000_000)),
        ("/of/term", json!({"from": "2026-03-01", "until": "2028-02-29"})),
    ];
    life.step("scenario.apply", &changes);
    life.step("scenario.risk", &[("/of/scenario", id.clone())]);
    for it in used {
        let provider = provider_of(it);
        let changes = [
            ("/of/scenario", id.clone()),
            ("/of/resource", json!(format!("res_{it}"))),
        ];
        life.must(provider, altered(&template("approval.give").1, &changes));
    }
    life.step("scenario.grant", &[("/of/scenario", id)]);
}

fn product(life: &mut Life, number: usize) {
    let (id, scenario) = (json!(format!("prd_{number}")), number % SCENARIOS);
    let checked = json!({
        "derivation_sha256": "cc".repeat(32), "fields": {format!("res_{scenario}"): ["street"]}, "consented": {}, "models": {},
    });
    let changes = [
        ("/of/id", id.clone()),
        ("/of/scenario", json!(format!("scn_{scenario}"))),
        (
            "/of/sql",
            json!(format!("SELECT street, count(*) FROM table_{scenario} GROUP BY street")),
        ),
        ("/of/parameters", json!([])),
        ("/of/subject", json!(null)),
        ("/of/checked", checked),
    ];
    life.must("pty_operator", altered(&template("product.submit").1, &changes));
    life.step("product.list", &[("/of/product", id.clone())]);
    if !is_free(scenario) {
        let (agency, ceiling) = template("price.ceiling");
        let changes = [
            ("/of/product", id.clone()),
            ("/of/ceiling", json!("2.00")),
            ("/of/charging", json!(charging(number))),
        ];
        life.must(agency, with(&ceiling, &changes));
        let price = price(number).to_string();
        life.step("price.set", &[("/of/product", id), ("/of/price", json!(price))]);
    }
}

/// By what a product is charged: by each form there is.
pub(crate) fn charging(product: usize) -> &'static str {
    ["call", "row", "megabyte", "month", "year", "once"][product / 3 % 6]
}

/// From 1.10 to 1.69 yuan.
pub(crate) fn price(product: usize) -> Money {
    Money::from_fen(110 + i64::try_from(product).unwrap())
}
