//! Nobody is charged for days on which service could not be had, whatever ended or paused it.

use std::collections::BTreeMap;

use gongshu_governance::books::{Account, Billed, BooksEvent, EntryKind};
use gongshu_governance::identifier::{AgreementId, ModelId, PartyId, PeriodId, ResourceId, SubscriptionId};
use gongshu_governance::model::ModelStatus;
use gongshu_governance::money::Money;
use gongshu_governance::rules::{RuleBook, Rules};
use gongshu_governance::{Command, Event};
use jiff::civil::Date;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::altered::{altered, with};
use crate::district::{CALENDAR, District, NATIONAL, path};

/// The district in which the bank has subscribed, on 1 April, to a product of 100 yuan charged so.
fn sold(charging: &str, before: impl Fn(&Command) -> Command) -> District {
    let mut district = District::empty();
    for (party, command) in path() {
        let command = before(&command);
        match command.act().id() {
            "price.ceiling" => {
                let changes = [("charging", json!(charging)), ("ceiling", json!("100.00"))];
                district.must(party, &with(&command, &changes));
            }
            "price.set" => district.must(party, &with(&command, &[("price", json!("100.00"))])),
            "price.ceilings" => break,
            _ => district.must(party, &command),
        }
    }
    district
}

/// The step of the path, at ten in the morning of a day.
fn on(district: &mut District, day: &str, act: &str, changes: &[(&str, Value)]) {
    district.now = format!("{day}T02:00:00Z").parse().unwrap();
    let step = path().into_iter().find(|(_, command)| command.act().id() == act);
    let (mut party, command) = step.unwrap();
    // A model is in force again by the review of whoever has suspended it.
    let model = district.state.models.get(&ModelId::new("mdl_1"));
    if act == "model.review" && model.is_some_and(|model| matches!(model.status, ModelStatus::Suspended { .. })) {
        party = "pty_supervisor";
    }
    district.must(party, &altered(&command, changes));
}

fn close_of(month: &str) -> Command {
    let (_, _, close) = District::before("books.close");
    let changes = [
        ("/of/id", json!(format!("per_{month}"))),
        ("/of/month", json!(month)),
        ("/of/uses", json!([])),
    ];
    altered(&close, &changes)
}

/// What closing a month on a day charges beside calls, and gives back.
fn closed(district: &mut District, month: &str, day: &str) -> (String, String) {
    district.now = format!("{day}T02:00:00Z").parse().unwrap();
    let back = |district: &District| -> Money { bills(district).map(|billed| billed.unserved).sum() };
    let before = back(district);
    district.must("pty_operator", &close_of(month));
    let period = &district.state.periods[&PeriodId::new(format!("per_{month}"))];
    let billed = period.invoices.get(&SubscriptionId::new("sub_1"));
    let charged = billed.map_or(Money::ZERO, |billed| billed.invoice.standing);
    (charged.to_string(), (back(district) - before).to_string())
}

fn bills(district: &District) -> impl Iterator<Item = &Billed> {
    let periods = district.state.periods.values();
    periods.flat_map(|period| period.invoices.values())
}

fn charged(district: &mut District, month: &str, day: &str) -> String {
    let (charged, back) = closed(district, month, day);
    assert_eq!(back, "0.00");
    charged
}

#[test]
fn a_pause_inside_a_month_is_not_charged() {
    let pauses = [
        ("product.suspend", "product.resume"),
        ("scenario.freeze", "scenario.thaw"),
        ("agreement.suspend", "agreement.resume"),
        ("approval.decline", "approval.give"),
        ("clearance.withdraw", "resource.clear"),
        ("model.suspend", "model.review"),
    ];
    for (stops, goes_on) in pauses {
        let mut district = sold("month", Clone::clone);
        on(&mut district, "2026-04-10", stops, &[]);
        on(&mut district, "2026-04-20", goes_on, &[]);
        // On the tenth and the twentieth there was service for some hours.
        assert_eq!(charged(&mut district, "2026-04", "2026-05-05"), "70.00", "{stops}");
        assert_eq!(charged(&mut district, "2026-05", "2026-06-05"), "100.00", "{stops}");
    }
}

#[test]
fn what_stays_stopped_costs_nothing_from_then_on() {
    let ends = [
        "product.suspend",
        "scenario.freeze",
        "agreement.suspend",
        "approval.decline",
        "clearance.withdraw",
        "model.withdraw",
        "version.destroy",
    ];
    for stops in ends {
        let mut district = sold("month", Clone::clone);
        on(&mut district, "2026-04-10", stops, &[]);
        assert_eq!(charged(&mut district, "2026-04", "2026-05-05"), "33.33", "{stops}");
        assert_eq!(charged(&mut district, "2026-05", "2026-06-05"), "0.00", "{stops}");
        assert!(
            bills(&district).all(|billed| billed.invoice.amount > Money::ZERO),
            "{stops}"
        );
    }
}

/// The last day of an approval is served, and no later one.
#[test]
fn an_approval_that_runs_out_is_charged_no_more() {
    let mut district = sold("month", |command| match command.act().id() {
        "resource.clear" => with(command, &[("until", json!("2026-04-12"))]),
        _ => command.clone(),
    });
    assert_eq!(charged(&mut district, "2026-04", "2026-05-05"), "40.00");
    assert_eq!(charged(&mut district, "2026-05", "2026-06-05"), "0.00");
}

#[test]
fn data_that_is_there_again_is_charged_again() {
    let mut district = sold("month", Clone::clone);
    on(&mut district, "2026-04-10", "version.destroy", &[]);
    let next = [("/of/version/id", json!("ver_2"))];
    on(&mut district, "2026-04-20", "version.record", &next);
    assert_eq!(charged(&mut district, "2026-04", "2026-05-05"), "70.00");
}

#[test]
fn a_withdrawn_product_is_charged_until_its_notice_is_over() {
    let mut district = sold("month", Clone::clone);
    on(&mut district, "2026-04-06", "product.withdraw", &[]);
    assert_eq!(charged(&mut district, "2026-04", "2026-05-05"), "100.00");
    // The sixth of May is the last day: six days of thirty-one.
    assert_eq!(charged(&mut district, "2026-05", "2026-06-05"), "19.35");
    assert_eq!(charged(&mut district, "2026-06", "2026-07-05"), "0.00");
}

#[test]
fn a_scenario_or_an_agreement_that_runs_out_is_charged_no_more() {
    let mut district = sold("month", |command| match command.act().id() {
        "scenario.apply" => altered(command, &[("/of/term/until", json!("2027-01-10"))]),
        _ => command.clone(),
    });
    assert_eq!(charged(&mut district, "2026-12", "2027-01-05"), "100.00");
    assert_eq!(charged(&mut district, "2027-01", "2027-02-05"), "32.25");
    assert_eq!(charged(&mut district, "2027-02", "2027-03-05"), "0.00");
    let mut district = sold("month", |command| match command.act().id() {
        "scenario.apply" => altered(command, &[("/of/term/until", json!("2026-12-01"))]),
        "agreement.propose" => altered(command, &[("/of/term/until", json!("2026-12-10"))]),
        "revenue.permit" => altered(command, &[("/of/period/until", json!("2026-12-10"))]),
        "agreement.seal" | "agreement.sign" => {
            let proposed = path().into_iter().find(|(_, it)| it.act().id() == "agreement.propose");
            let proposed = altered(&proposed.unwrap().1, &[("/of/term/until", json!("2026-12-10"))]);
            let Command::ProposeAgreement(terms) = proposed else {
                unreachable!()
            };
            altered(command, &[("/of/document/terms_sha256", json!(terms.sha256()))])
        }
        _ => command.clone(),
    });
    assert_eq!(charged(&mut district, "2026-12", "2027-01-05"), "3.22");
    let refusal = district.decide("pty_operator", &close_of("2027-01")).unwrap_err();
    assert_eq!(refusal.rule, "books.period");
}

#[test]
fn an_exit_ends_what_is_charged_and_what_is_closed() {
    let mut district = sold("month", Clone::clone);
    on(&mut district, "2026-04-15", "exit.start", &[]);
    // The month of the exit is closed at once; nothing is used after it.
    assert_eq!(charged(&mut district, "2026-04", "2026-04-15"), "50.00");
    district.now = "2026-06-05T02:00:00Z".parse().unwrap();
    let refusal = district.decide("pty_operator", &close_of("2026-05")).unwrap_err();
    assert_eq!(refusal.rule, "books.period");
    assert!(refusal.message.en.contains("2026-04-15"), "{refusal:?}");
}

#[test]
fn an_amendment_that_takes_the_data_away_ends_the_charge() {
    let mut district = sold("month", Clone::clone);
    let other = [("/of/purposes", json!(["商贸撮合"]))];
    on(&mut district, "2026-04-12", "agreement.amend", &other);
    let waiting = district.state.agreements[&AgreementId::new("agr_1")].waiting().unwrap();
    let accepted = [("/of/terms_sha256", json!(waiting.sha256()))];
    on(&mut district, "2026-04-12", "agreement.accept", &accepted);
    assert_eq!(charged(&mut district, "2026-04", "2026-05-05"), "40.00");
    assert_eq!(charged(&mut district, "2026-05", "2026-06-05"), "0.00");
}

/// The district of [`sold`], charged by the month, in whose scenario `res_air` of another provider is used as well.
fn with_air() -> District {
    let mut district = District::empty();
    let first = |act: &str| path().into_iter().find(|(_, it)| it.act().id() == act).unwrap().1;
    for (party, command) in path() {
        match command.act().id() {
            "scenario.apply" if !district.state.resources.contains_key(&ResourceId::new("res_air")) => {
                let air = [
                    ("id", json!("res_air")),
                    ("provider", json!("pty_ecology")),
                    ("table", json!("air")),
                    ("shared_from", json!(null)),
                ];
                district.must("pty_ecology", &with(&first("resource.register"), &air));
                let version = altered(&first("version.record"), &[("/of/version/id", json!("ver_air"))]);
                district.must("pty_ecology", &with(&version, &[("resource", json!("res_air"))]));
                district.register_earlier("pty_ecology", "res_air");
                amend(&mut district, &["res_firms", "res_air"]);
                let used = json!({"res_firms": ["code", "name", "grade"], "res_air": ["code"]});
                district.must(party, &with(&command, &[("resources", used)]));
            }
            "approval.give" => {
                district.must(party, &command);
                district.must("pty_ecology", &with(&command, &[("resource", json!("res_air"))]));
            }
            "price.ceiling" => {
                let changes = [("charging", json!("month")), ("ceiling", json!("100.00"))];
                district.must(party, &with(&command, &changes));
            }
            "price.set" => district.must(party, &with(&command, &[("price", json!("100.00"))])),
            "price.ceilings" => break,
            _ => district.must(party, &command),
        }
    }
    district
}

/// The agreement covers these resources from now on.
fn amend(district: &mut District, resources: &[&str]) {
    let first = |act: &str| path().into_iter().find(|(_, it)| it.act().id() == act).unwrap().1;
    let terms = [("resources", json!(resources)), ("purposes", json!(null))];
    district.must("pty_agency", &with(&first("agreement.amend"), &terms));
    let waiting = district.state.agreements[&AgreementId::new("agr_1")].waiting().unwrap();
    let accepted = [("terms_sha256", json!(waiting.sha256()))];
    district.must("pty_operator", &with(&first("agreement.accept"), &accepted));
}

#[test]
fn what_a_narrowing_leaves_behind_stops_nothing_more_and_gives_no_day_back() {
    let declined = |district: &mut District| {
        let (_, _, decline) = District::before("approval.decline");
        district.must("pty_ecology", &with(&decline, &[("resource", json!("res_air"))]));
    };
    let amended = |district: &mut District| amend(district, &["res_firms"]);
    let stops = [("declined", &declined as &dyn Fn(&mut District)), ("amended", &amended)];
    let fresh = with_air();
    for (name, stop) in stops {
        let mut district = fresh.clone();
        district.now = "2026-04-10T02:00:00Z".parse().unwrap();
        stop(&mut district);
        district.now = "2026-04-20T02:00:00Z".parse().unwrap();
        let (_, _, narrow) = District::before("scenario.narrow");
        let fewer = [
            ("resources", json!({"res_firms": ["code", "name", "grade"]})),
            ("quota_calls_max", json!(null)),
            ("until", json!(null)),
        ];
        district.must("pty_agency", &with(&narrow, &fewer));
        assert_eq!(charged(&mut district, "2026-04", "2026-05-05"), "70.00", "{name}");
        assert_eq!(charged(&mut district, "2026-05", "2026-06-05"), "100.00", "{name}");
    }
}

#[test]
fn who_leaves_pays_the_month_unless_it_was_stopped_for_good_before() {
    let mut district = sold("month", Clone::clone);
    on(&mut district, "2026-04-05", "subscription.close", &[]);
    assert_eq!(charged(&mut district, "2026-04", "2026-05-05"), "100.00");
    assert_eq!(charged(&mut district, "2026-05", "2026-06-05"), "0.00");
    let mut district = sold("month", Clone::clone);
    on(&mut district, "2026-04-03", "scenario.freeze", &[]);
    on(&mut district, "2026-04-08", "subscription.close", &[]);
    on(&mut district, "2026-04-20", "scenario.thaw", &[]);
    assert_eq!(charged(&mut district, "2026-04", "2026-05-05"), "10.00");
}

#[test]
fn what_is_charged_once_waits_for_the_first_day_of_service() {
    let mut district = sold("once", Clone::clone);
    on(&mut district, "2026-04-01", "product.suspend", &[]);
    on(&mut district, "2026-06-01", "product.resume", &[]);
    // On the first of April it was served for some hours.
    assert_eq!(charged(&mut district, "2026-04", "2026-06-05"), "100.00");
    assert_eq!(charged(&mut district, "2026-05", "2026-06-05"), "0.00");
    assert_eq!(charged(&mut district, "2026-06", "2026-07-05"), "0.00");
}

#[test]
fn a_year_is_charged_when_it_begins_and_its_days_without_service_are_given_back() {
    let mut district = sold("year", Clone::clone);
    assert_eq!(charged(&mut district, "2026-04", "2026-05-05"), "100.00");
    let paid = [("/of/period", json!("per_2026-04")), ("/of/amount", json!("100.00"))];
    on(&mut district, "2026-05-06", "books.payment", &paid);
    for (month, day) in [("2026-05", "2026-06-05"), ("2026-06", "2026-07-05")] {
        assert_eq!(charged(&mut district, month, day), "0.00");
    }
    // Frozen for July, as far as July knows for good: 101 days of 365 with service.
    on(&mut district, "2026-07-10", "scenario.freeze", &[]);
    assert_eq!(
        closed(&mut district, "2026-07", "2026-08-05"),
        ("0.00".to_owned(), "72.33".to_owned())
    );
    // Thawed: 41 days were lost, and the rest is charged again.
    on(&mut district, "2026-08-21", "scenario.thaw", &[]);
    assert_eq!(charged(&mut district, "2026-08", "2026-09-05"), "61.09");
    // The exit: 30 + 31 + 30 + 10 days, 11 of August, 15 of September.
    on(
        &mut district,
        "2026-09-15",
        "exit.start",
        &[("/of/due", json!("2026-12-31"))],
    );
    assert_eq!(
        closed(&mut district, "2026-09", "2026-09-15"),
        ("0.00".to_owned(), "53.97".to_owned())
    );
    let kept: Money = bills(&district).map(Billed::net).sum();
    assert_eq!(kept.to_string(), "34.79", "127 days of 365");
    let books = &district.state.books[&AgreementId::new("agr_1")];
    let notes = books.entries().filter(|entry| entry.kind == EntryKind::CreditNote);
    assert_eq!(notes.count(), 2);
    // What was paid too much is refunded before the exit is settled.
    let open: Money = bills(&district).map(Billed::open).sum();
    assert_eq!(open, kept - "100.00".parse().unwrap());
    let owes = Account::Receivable(PartyId::new("pty_bank"));
    assert_eq!(books.balances().get(&owes), Some(&open));
}

#[test]
fn a_credit_of_the_operator_is_not_given_back_twice() {
    let mut district = sold("year", Clone::clone);
    assert_eq!(charged(&mut district, "2026-04", "2026-05-05"), "100.00");
    let credit = [("/of/period", json!("per_2026-04")), ("/of/amount", json!("95.00"))];
    on(&mut district, "2026-05-06", "books.credit", &credit);
    on(&mut district, "2026-05-07", "scenario.freeze", &[]);
    assert_eq!(
        closed(&mut district, "2026-05", "2026-06-05"),
        ("0.00".to_owned(), "5.00".to_owned())
    );
    assert_eq!(bills(&district).map(Billed::net).sum::<Money>(), Money::ZERO);
}

const SWITCHES: [(&str, &str); 3] = [
    ("product.suspend", "product.resume"),
    ("scenario.freeze", "scenario.thaw"),
    ("agreement.suspend", "agreement.resume"),
];

/// Days of a month on which not all hours are stopped, counted hour by hour.
fn hours_served(turns: &[(i64, usize)], month: Date) -> i64 {
    let begin = i64::from((month - "2026-04-01".parse::<Date>().unwrap()).get_days());
    (begin..begin + i64::from(month.days_in_month()))
        .filter(|day| {
            (day * 24..day * 24 + 24).any(|hour| {
                (0..SWITCHES.len()).all(|of| {
                    let turned = turns.iter().filter(|(at, switch)| *switch == of && *at <= hour);
                    turned.count() % 2 == 0
                })
            })
        })
        .count()
        .try_into()
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever stops and goes on at whatever hours, a month costs its days with service, and a year no more than them.
    #[test]
    fn a_month_costs_its_days_with_service(turns in prop::collection::vec((11_i64..122 * 24, 0..SWITCHES.len()), 0..14)) {
        let mut turns = turns;
        turns.sort_unstable();
        let begin: jiff::Timestamp = "2026-03-31T16:00:00Z".parse().unwrap();
        static FRESH: std::sync::OnceLock<BTreeMap<&str, District>> = std::sync::OnceLock::new();
        let fresh = FRESH.get_or_init(|| ["month", "year"].map(|it| (it, sold(it, Clone::clone))).into());
        for charging in ["month", "year"] {
            let mut district = fresh[charging].clone();
            let mut on = [false; SWITCHES.len()];
            for (hour, of) in &turns {
                let (stops, goes_on) = SWITCHES[*of];
                let act = if on[*of] { goes_on } else { stops };
                on[*of] = !on[*of];
                district.now = begin + jiff::SignedDuration::from_hours(*hour);
                let (party, command) = path().into_iter().find(|(_, it)| it.act().id() == act).unwrap();
                district.must(party, &command);
            }
            let mut served = 0;
            for (month, days) in [("2026-04", 30), ("2026-05", 31), ("2026-06", 30), ("2026-07", 31)] {
                let of_month = hours_served(&turns, format!("{month}-01").parse().unwrap());
                served += of_month;
                let (charged, _) = closed(&mut district, month, "2026-08-05");
                if charging == "month" {
                    prop_assert_eq!(charged, Money::from_fen(10_000 * of_month / days).to_string());
                }
            }
            if charging == "year" {
                let rest = if on.contains(&true) { 0 } else { 365 - 122 };
                let net: Money = bills(&district).map(Billed::net).sum();
                prop_assert_eq!(net, Money::from_fen(10_000 * (served + rest) / 365));
            }
            let shares = bills(&district).all(|billed| billed.shares.values().copied().sum::<Money>() == billed.net());
            prop_assert!(shares);
        }
    }
}

/// What closing this month charges the second bank, which subscribed on that day.
fn joined(charging: &str, day: &str, month: &str, rules: &Rules) -> String {
    let mut district = sold(charging, |command| match command.act().id() {
        "scenario.apply" => altered(command, &[("/of/term/until", json!("2028-12-31"))]),
        _ => command.clone(),
    });
    district.now = format!("{day}T02:00:00Z").parse().unwrap();
    let subscribe = path().into_iter().find(|(_, it)| it.act().id() == "subscription.open");
    let second = altered(&subscribe.unwrap().1, &[("/of/id", json!("sub_2"))]);
    district.must("pty_bank2", &second);
    let until = "2027-12-05T02:00:00Z".parse().unwrap();
    district.now = until;
    let of = |month: jiff::civil::Date| format!("{:04}-{:02}", month.year(), month.month());
    let mut begin: Date = "2026-04-01".parse().unwrap();
    loop {
        let events = district
            .decide_under(rules, "pty_operator", &close_of(&of(begin)))
            .unwrap();
        for event in events {
            district.happened(event);
        }
        if of(begin) == month {
            break;
        }
        begin = begin.saturating_add(jiff::Span::new().months(1));
    }
    let period = &district.state.periods[&PeriodId::new(format!("per_{month}"))];
    let billed = period.invoices.get(&SubscriptionId::new("sub_2"));
    billed.map_or_else(|| "0.00".to_owned(), |billed| billed.invoice.standing.to_string())
}

/// A day costs its part of the whole month or year, on whatever day the subscription began.
#[test]
fn who_joins_within_a_month_pays_its_days_from_then_on() {
    let present = RuleBook::load(&[NATIONAL, CALENDAR]).unwrap();
    let earlier = RuleBook::of_record(&[&NATIONAL.replace("whole_periods = 1\n", ""), CALENDAR], &present).unwrap();
    let day = "2026-12-01".parse().unwrap();
    let table = [
        ("month", "2026-11-30", "2026-11", "3.33", "100.00"),
        ("month", "2026-11-16", "2026-11", "50.00", "100.00"),
        ("month", "2026-11-30", "2026-12", "100.00", "100.00"),
        ("month", "2026-11-01", "2026-11", "100.00", "100.00"),
        // The year from November on has 365 days, of which 336 are left on the thirtieth; the next is a whole one.
        ("year", "2026-11-30", "2026-11", "92.05", "100.00"),
        ("year", "2026-11-30", "2027-10", "0.00", "0.00"),
        ("year", "2026-11-30", "2027-11", "100.00", "100.00"),
    ];
    for (charging, joins, month, now, before) in table {
        let charged = |book: &RuleBook| joined(charging, joins, month, book.on(day));
        assert_eq!(charged(&present), now, "{charging} {joins} {month}");
        assert_eq!(
            charged(&earlier),
            before,
            "{charging} {joins} {month}, by earlier packs"
        );
    }
}

/// The resource has no data when the second bank subscribes; a bill of that month has charged the fee all the same.
#[test]
fn what_is_charged_once_is_not_charged_again_where_a_bill_has_charged_it_before_there_was_service() {
    let mut district = sold("once", Clone::clone);
    on(&mut district, "2026-04-05", "version.destroy", &[]);
    district.now = "2026-04-07T02:00:00Z".parse().unwrap();
    let subscribe = path().into_iter().find(|(_, it)| it.act().id() == "subscription.open");
    let second = altered(&subscribe.unwrap().1, &[("/of/id", json!("sub_2"))]);
    district.must("pty_bank2", &second);
    let billed_before = |billed: bool| {
        let mut district = district.clone();
        district.now = "2026-05-05T02:00:00Z".parse().unwrap();
        for event in district.decide("pty_operator", &close_of("2026-04")).unwrap() {
            let mut event = event;
            if let Event::Books(BooksEvent::Closed { invoices, .. }) = &mut event {
                assert!(invoices.iter().all(|invoice| invoice.subscription.as_str() == "sub_1"));
                let mut invoice = invoices[0].clone();
                invoice.subscription = SubscriptionId::new("sub_2");
                invoices.extend(billed.then_some(invoice));
            }
            district.happened(event);
        }
        on(
            &mut district,
            "2026-06-10",
            "version.record",
            &[("/of/version/id", json!("ver_2"))],
        );
        let mut charged = Money::ZERO;
        for (month, day) in [("2026-05", "2026-06-11"), ("2026-06", "2026-07-05")] {
            closed(&mut district, month, day);
            let period = &district.state.periods[&PeriodId::new(format!("per_{month}"))];
            let bill = period.invoices.get(&SubscriptionId::new("sub_2"));
            charged = charged + bill.map_or(Money::ZERO, |bill| bill.invoice.standing);
        }
        charged.to_string()
    };
    assert_eq!(billed_before(false), "100.00", "from the month in which there is data");
    assert_eq!(billed_before(true), "0.00");
}
