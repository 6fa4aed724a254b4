//! The list of products: who is served until when, what everybody pays, and what is charged beside calls.

use gongshu_governance::authorization::Usage;
use gongshu_governance::books::{ClosePeriod, Invoice, MeteredUse};
use gongshu_governance::product::{Charging, Rate, Volume};
use gongshu_governance::rules::RuleBook;
use gongshu_governance::{Command, Event};
use jiff::civil::Date;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::altered::{altered, with};
use crate::district::{CALENDAR, District, NATIONAL, path};

/// Takes the path's step, with some members of its document changed.
fn step(district: &mut District, act: &str, changes: &Value) -> Result<(), String> {
    let step = path().into_iter().find(|(_, command)| command.act().id() == act);
    let (party, command) = step.unwrap();
    let mut document = serde_json::to_value(&command).unwrap();
    let mut party = party.to_owned();
    for (name, value) in changes.as_object().unwrap() {
        match name.as_str() {
            "by" => party = value.as_str().unwrap().to_owned(),
            name => document["of"][name] = value.clone(),
        }
    }
    let command: Command = serde_json::from_value(document).unwrap();
    district.act(&party, &command).map_err(|refusal| refusal.rule)
}

fn on(district: &mut District, day: &str) {
    district.now = format!("{day}T02:00:00Z").parse().unwrap();
}

fn fee(district: &District) -> String {
    district.call(Usage::default()).unwrap().fee.to_string()
}

#[test]
fn a_withdrawn_product_is_not_sold_and_serves_its_subscribers_until_the_notice_is_over() {
    let mut district = District::serving();
    step(&mut district, "product.withdraw", &json!({})).unwrap();
    let another = step(
        &mut district,
        "subscription.open",
        &json!({"by": "pty_bank2", "id": "sub_2"}),
    );
    assert_eq!(another.unwrap_err(), "product.withdrawn");
    on(&mut district, "2026-05-01");
    assert!(district.call(Usage::default()).is_ok());
    on(&mut district, "2026-05-02");
    assert_eq!(district.call(Usage::default()).unwrap_err().rule, "product.withdrawn");
}

/// The operator's suspension bars nobody else's, and its resumption ends its own alone.
#[test]
fn each_party_lifts_its_own_suspension_of_a_product() {
    let mut district = District::serving();
    let by = |party: &str| json!({"by": party});
    for party in ["pty_operator", "pty_supervisor"] {
        step(&mut district, "product.suspend", &by(party)).unwrap();
        let twice = step(&mut district, "product.suspend", &by(party));
        assert_eq!(twice.unwrap_err(), "record.state");
    }
    step(&mut district, "product.resume", &by("pty_operator")).unwrap();
    assert_eq!(district.call(Usage::default()).unwrap_err().rule, "product.suspended");
    let again = step(&mut district, "product.resume", &by("pty_operator"));
    assert_eq!(again.unwrap_err(), "product.suspended", "the supervisor's is its own");
    step(&mut district, "product.resume", &by("pty_supervisor")).unwrap();
    assert!(district.call(Usage::default()).is_ok());
    // A record that does not say whose suspension ends had one alone.
    step(&mut district, "product.suspend", &by("pty_agency")).unwrap();
    let event = r#"{"event":"resumed","of":{"product":"prd_verify"}}"#;
    district.happened(Event::Offer(serde_json::from_str(event).unwrap()));
    assert!(district.call(Usage::default()).is_ok());
}

#[test]
fn whoever_suspended_a_product_resumes_it() {
    for suspends in ["pty_agency", "pty_operator", "pty_supervisor"] {
        let mut district = District::serving();
        step(&mut district, "product.suspend", &json!({"by": suspends})).unwrap();
        assert_eq!(district.call(Usage::default()).unwrap_err().rule, "product.suspended");
        for resumes in ["pty_agency", "pty_operator", "pty_supervisor"]
            .into_iter()
            .filter(|it| *it != suspends)
        {
            let refused = step(&mut district, "product.resume", &json!({"by": resumes}));
            assert_eq!(refused.unwrap_err(), "product.suspended");
        }
        step(&mut district, "product.resume", &json!({"by": suspends})).unwrap();
        assert!(district.call(Usage::default()).is_ok());
    }
}

#[test]
fn a_higher_price_is_paid_after_notice_by_who_subscribed_and_at_once_by_who_comes_later() {
    let mut district = District::serving();
    step(&mut district, "price.set", &json!({"price": "1.95"})).unwrap();
    let bank2 = json!({"by": "pty_bank2", "id": "sub_2"});
    on(&mut district, "2026-04-02");
    step(&mut district, "subscription.open", &bank2).unwrap();
    let product = district.state.products[&gongshu_governance::identifier::ProductId::new("prd_verify")].clone();
    let today: Date = "2026-04-02".parse().unwrap();
    let pays = |id: &str, day: Date| {
        let subscription = district.state.subscriptions.iter().find(|(it, _)| it.as_str() == id);
        product.price_for(subscription.unwrap().1, day).unwrap().to_string()
    };
    assert_eq!(
        (pays("sub_1", today).as_str(), pays("sub_2", today).as_str()),
        ("1.80", "1.95")
    );
    let last: Date = "2026-04-30".parse().unwrap();
    assert_eq!(pays("sub_1", last), "1.80");
    assert_eq!(pays("sub_1", last.tomorrow().unwrap()), "1.95");
    assert_eq!(fee(&district), "1.80");
    step(&mut district, "price.set", &json!({"price": "1.50"})).unwrap();
    assert_eq!(fee(&district), "1.50", "a lower price holds at once, for everybody");
}

/// The invoice of a month, after a product of this form of charging was subscribed to on 1 April.
fn invoiced(charging: &str, month: &str, calls: u64) -> Option<Invoice> {
    let mut district = District::empty();
    for (party, command) in path() {
        match command.act().id() {
            "price.ceiling" => {
                step(
                    &mut district,
                    "price.ceiling",
                    &json!({"charging": charging, "ceiling": "100.00"}),
                )
                .unwrap();
            }
            "price.set" => step(&mut district, "price.set", &json!({"price": "100.00"})).unwrap(),
            "price.ceilings" => break,
            _ => district.must(party, &command),
        }
    }
    assert_eq!(fee(&district), if charging == "call" { "100.00" } else { "0.00" });
    on(&mut district, "2026-12-01");
    let (_, operator, close) = District::before("books.close");
    let Command::ClosePeriod(close) = close else {
        unreachable!()
    };
    let metered = |sum: &MeteredUse| MeteredUse {
        calls,
        fee: "0.00".parse().unwrap(),
        shares: [].into(),
        ..sum.clone()
    };
    let close = Command::ClosePeriod(Box::new(ClosePeriod {
        month: month.parse().unwrap(),
        uses: close.uses.iter().map(metered).collect(),
        ..*close
    }));
    let events = district.decide(operator, &close).unwrap();
    let Event::Books(gongshu_governance::books::BooksEvent::Closed { invoices, .. }) = &events[0] else {
        unreachable!()
    };
    invoices.first().cloned()
}

#[test]
fn by_month_and_by_product_a_subscription_has_a_standing_charge() {
    let table = [
        ("month", "2026-03", None),
        ("month", "2026-04", Some("100.00")),
        ("month", "2026-06", Some("100.00")),
        ("once", "2026-04", Some("100.00")),
        ("once", "2026-05", None),
        ("year", "2026-03", None),
        ("year", "2026-04", Some("100.00")),
        ("year", "2026-05", None),
        ("row", "2026-04", None),
        ("megabyte", "2026-04", None),
        ("call", "2026-04", None),
    ];
    for (charging, month, amount) in table {
        let invoice = invoiced(charging, month, 7);
        let standing = invoice.as_ref().map(|invoice| invoice.standing.to_string());
        assert_eq!(standing.as_deref(), amount, "{charging} {month}");
        if let Some(invoice) = invoice {
            let shared: gongshu_governance::money::Money = invoice.shares.values().copied().sum();
            assert_eq!((invoice.calls, shared), (7, invoice.amount));
        }
    }
}

#[test]
fn a_form_of_charging_stays_and_a_new_version_has_its_own() {
    let mut district = District::serving();
    let other = step(&mut district, "price.ceiling", &json!({"charging": "month"}));
    assert_eq!(other.unwrap_err(), "price.form");
    let next = json!({"id": "prd_next", "replaces": "prd_verify", "name": "企业登记核验二版"});
    step(&mut district, "product.submit", &next).unwrap();
    let versions: Vec<u32> = district
        .state
        .products
        .values()
        .map(|product| product.version)
        .collect();
    assert_eq!(versions.iter().max(), Some(&2));
    let again = json!({"id": "prd_third", "replaces": "prd_verify"});
    assert_eq!(
        step(&mut district, "product.submit", &again).unwrap_err(),
        "product.version"
    );
    step(
        &mut district,
        "price.ceiling",
        &json!({"product": "prd_next", "charging": "month"}),
    )
    .unwrap();
}

/// What an answer of this volume costs at this price, and its shares.
fn metered(charging: &str, price: &str, volume: Volume) -> (String, Vec<String>) {
    let mut district = District::empty();
    for (party, command) in path() {
        match command.act().id() {
            "price.ceiling" => {
                let ceiling = json!({"charging": charging, "ceiling": "2.00"});
                step(&mut district, "price.ceiling", &ceiling).unwrap();
            }
            "price.set" => step(&mut district, "price.set", &json!({"price": price})).unwrap(),
            "price.ceilings" => break,
            _ => district.must(party, &command),
        }
    }
    let unmetered = district.call(Usage::default()).unwrap();
    assert_eq!(
        unmetered.fee.to_string(),
        if charging == "call" { price } else { "0.00" }
    );
    let permit = unmetered.clone().metered(volume).unwrap();
    assert!(unmetered.same_grounds(&district.call(Usage::default()).unwrap()));
    assert_eq!(permit.recorded(volume).is_some(), charging != "call");
    let shares = permit.split.iter().map(|(_, share)| share.to_string()).collect();
    (permit.fee.to_string(), shares)
}

#[test]
fn an_answer_is_charged_by_its_rows_or_its_bytes_to_the_fen() {
    let volume = |rows, bytes| Volume { bytes, rows };
    let table = [
        ("row", "0.01", volume(0, 40), "0.00", ["0.00", "0.00", "0.00"]),
        ("row", "0.01", volume(7, 40), "0.07", ["0.05", "0.01", "0.01"]),
        (
            "row",
            "1.99",
            volume(1_000, 40),
            "1990.00",
            ["1393.00", "398.00", "199.00"],
        ),
        (
            "megabyte",
            "0.99",
            volume(9, 1_000_000),
            "0.99",
            ["0.69", "0.20", "0.10"],
        ),
        ("megabyte", "0.99", volume(9, 10_101), "0.00", ["0.00", "0.00", "0.00"]),
        ("megabyte", "0.99", volume(9, 10_102), "0.01", ["0.01", "0.00", "0.00"]),
        (
            "megabyte",
            "2.00",
            volume(9, 2_504_999),
            "5.00",
            ["3.50", "1.00", "0.50"],
        ),
        ("call", "1.80", volume(9, 2_504_999), "1.80", ["1.26", "0.36", "0.18"]),
    ];
    for (charging, price, volume, fee, shares) in table {
        let shares = shares.map(str::to_owned).to_vec();
        assert_eq!(
            metered(charging, price, volume),
            (fee.to_owned(), shares),
            "{charging} {volume:?}"
        );
    }
}

#[test]
fn what_cannot_be_counted_is_not_charged() {
    let rate = |charging| Rate {
        charging,
        price: "1.00".parse().unwrap(),
        parts: Vec::new(),
    };
    let most = Volume {
        bytes: u64::MAX,
        rows: u64::MAX,
    };
    assert_eq!(rate(Charging::Row).fee(most), None);
    assert_eq!(
        rate(Charging::Megabyte).fee(most).unwrap().to_string(),
        "18446744073709.55"
    );
    assert_eq!(most.checked_add(Volume { bytes: 1, rows: 0 }), None);
}

#[test]
fn a_submission_that_came_to_nothing_is_not_listed_priced_or_sold() {
    for (ending, by) in [("product.refuse", "pty_operator"), ("product.retract", "pty_partner")] {
        let (mut district, operator, list) = District::before("product.list");
        let (_, _, end) = District::before(ending);
        let end = altered(&end, &[("/of/product", json!("prd_verify"))]);
        district.must(by, &end);
        assert_eq!(district.decide(operator, &list).unwrap_err().rule, "product.listed");
        let (_, agency, ceiling) = District::before("price.ceiling");
        assert_eq!(district.decide(agency, &ceiling).unwrap_err().rule, "product.listed");
        let (_, bank, order) = District::before("subscription.open");
        assert_eq!(district.decide(bank, &order).unwrap_err().rule, "product.listed");
        let (_, _, suspend) = District::before("product.suspend");
        assert_eq!(district.decide(operator, &suspend).unwrap_err().rule, "product.listed");
    }
}

#[test]
fn what_is_listed_is_neither_refused_nor_retracted() {
    let district = District::serving();
    for (ending, by) in [("product.refuse", "pty_operator"), ("product.retract", "pty_partner")] {
        let (_, _, end) = District::before(ending);
        let end = altered(&end, &[("/of/product", json!("prd_verify"))]);
        let refusal = district.decide(by, &end).unwrap_err();
        assert_eq!(refusal.rule, "record.state");
        assert!(refusal.remedy.en.contains("withdrawn"), "{refusal:?}");
    }
}

#[test]
fn a_version_that_was_refused_leaves_its_place_to_another() {
    let mut district = District::serving();
    let (_, partner, submission) = District::before("product.submit");
    let next = |id: &str| {
        with(
            &submission,
            &[("/of/id", json!(id)), ("/of/replaces", json!("prd_verify"))],
        )
    };
    district.must(partner, &next("prd_second"));
    assert_eq!(
        district.decide(partner, &next("prd_third")).unwrap_err().rule,
        "product.version"
    );
    let (_, operator, refuse) = District::before("product.refuse");
    district.must(operator, &altered(&refuse, &[("/of/product", json!("prd_second"))]));
    district.must(partner, &next("prd_third"));
    let of_refused = [("/of/id", json!("prd_fourth")), ("/of/replaces", json!("prd_second"))];
    let refusal = district.decide(partner, &with(&submission, &of_refused)).unwrap_err();
    assert_eq!(refusal.rule, "product.version");
}

/// Five is paid; ten is set, and eight on the same day: whoever has subscribed pays eight after its own notice.
#[test]
fn a_price_between_what_is_paid_and_what_was_announced_waits_for_a_notice_of_its_own() {
    let mut district = District::serving();
    let set = |district: &mut District, changes: Value| step(district, "price.set", &changes);
    set(&mut district, json!({"price": "0.50"})).unwrap();
    set(&mut district, json!({"price": "1.00"})).unwrap();
    let at_once = json!({"price": "0.80", "from": "2026-04-01"});
    assert_eq!(set(&mut district, at_once.clone()).unwrap_err(), "price.notice");
    // By packs of the time when the last price set was compared with, it is decided again as it was.
    let present = RuleBook::load(&[NATIONAL, CALENDAR]).unwrap();
    let earlier = NATIONAL.replace("\nof_least_paid = 1", "").replace(LEAST_PAID, "");
    let earlier = RuleBook::of_record(&[&earlier, CALENDAR], &present).unwrap();
    let (_, operator, price) = District::before("price.set");
    let command = with(&price, &[("price", json!("0.80")), ("from", json!("2026-04-01"))]);
    assert!(
        district
            .decide_under(earlier.at(district.now), operator, &command)
            .is_ok()
    );
    assert!(
        district
            .decide_under(present.at(district.now), operator, &command)
            .is_err()
    );
    set(&mut district, json!({"price": "0.80"})).unwrap();
    assert_eq!(fee(&district), "0.50");
    on(&mut district, "2026-04-30");
    assert_eq!(fee(&district), "0.50");
    on(&mut district, "2026-05-01");
    assert_eq!(fee(&district), "0.80");
    // What is announced below that is no rise for anybody.
    set(&mut district, json!({"price": "0.70"})).unwrap();
    assert_eq!(fee(&district), "0.70");
}

const LEAST_PAID: &str = "of_least_paid = { source = \"区县\", article = \"涨价的认定\", confidence = \"L\" }\n";

/// A price that somebody tries to set: on which day, how much in fen, and from how many days later, where it is said.
type Set = (i32, i64, Option<i32>);

fn sets() -> impl Strategy<Value = Vec<Set>> {
    let from = prop::option::of(0..50_i32);
    prop::collection::vec((0..90_i32, 0..200_i64, from), 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever prices are set on whatever days, nobody pays more on a day than on the one before, unless a price at least as
    /// high had been set thirty days ahead.
    #[test]
    fn nobody_pays_more_without_notice(sets in sets(), joins in 0..90_i32) {
        let mut sets = sets;
        sets.sort_by_key(|(day, ..)| *day);
        let first: Date = "2026-04-01".parse().unwrap();
        let day = |days: i32| first.saturating_add(jiff::Span::new().days(days));
        static FRESH: std::sync::OnceLock<(District, &str, Command)> = std::sync::OnceLock::new();
        let (fresh, operator, price) = FRESH.get_or_init(|| {
            let (_, operator, price) = District::before("price.set");
            (District::serving(), operator, price)
        });
        let mut district = fresh.clone();
        let mut joined = false;
        for (at, fen, from) in sets {
            if !joined && joins <= at {
                on(&mut district, &day(joins).to_string());
                step(&mut district, "subscription.open", &json!({"by": "pty_bank2", "id": "sub_2"})).unwrap();
                joined = true;
            }
            on(&mut district, &day(at).to_string());
            let amount = gongshu_governance::money::Money::from_fen(fen);
            let from = from.map(|after| day(at + after).to_string());
            let command = with(price, &[("price", json!(amount)), ("from", json!(from))]);
            if let Err(refusal) = district.act(operator, &command) {
                prop_assert_eq!(refusal.rule, "price.notice");
            }
        }
        let product = &district.state.products[&gongshu_governance::identifier::ProductId::new("prd_verify")];
        for subscription in district.state.subscriptions.values().filter(|it| it.order.product == product.submission.id) {
            let opened = gongshu_governance::calendar::day_of(subscription.opened);
            let days = (0..160).map(day).filter(|day| opened <= *day);
            let pays: Vec<_> = days.map(|day| (day, product.price_for(subscription, day).unwrap())).collect();
            let days = gongshu_governance::calendar::Term { from: first, until: day(160) };
            let told = product.prices_on(subscription, days);
            for (day, price) in &pays {
                let of_the_day = told.iter().rfind(|(from, _)| from <= day).map(|(_, price)| price);
                prop_assert_eq!(of_the_day, Some(price), "the price of {} among {:?}", day, &told);
            }
            prop_assert!(told.windows(2).all(|pair| pair[0].1 != pair[1].1), "{:?}", told);
            for pair in pays.windows(2) {
                let ((_, before), (today, now)) = (pair[0], pair[1]);
                let told = product.tariffs.iter().any(|tariff| {
                    let set = gongshu_governance::calendar::day_of(tariff.at);
                    now <= tariff.price && set.saturating_add(jiff::Span::new().days(30)) <= today
                });
                prop_assert!(now <= before || told, "{before} and then {now} on {today}: {:?}", product.tariffs);
            }
        }
    }
}
