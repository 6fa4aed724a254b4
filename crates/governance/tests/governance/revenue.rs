//! Permitted revenue, ceilings within it, and excess deducted from the next period, through commands.

use gongshu_governance::books::metered_revenue;
use gongshu_governance::identifier::{AgreementId, ProductId, RevenueId};
use gongshu_governance::revenue::{Revenue, pending_excess};
use gongshu_governance::{Command, Refusal};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use crate::district::District;

fn changed(command: &Command, members: &[(&str, Value)]) -> Command {
    let mut document = serde_json::to_value(command).unwrap();
    for (place, value) in members {
        *document.pointer_mut(place).unwrap() = value.clone();
    }
    serde_json::from_value(document).unwrap()
}

/// A district whose revenue is permitted, with the products A (`prd_verify`) and B (`prd_report`), neither priced.
fn district() -> District {
    let (mut district, developer, submission) = District::before("product.submit");
    district.must(developer, &submission);
    let report = [("/of/id", json!("prd_report"))];
    district.must(developer, &changed(&submission, &report));
    let (_, agency, permit) = District::before("revenue.permit");
    let quarter = [("/of/period/until", json!("2026-03-31"))];
    district.must(agency, &changed(&permit, &quarter));
    district
}

fn ceilings(verify: &str, report: &str) -> Command {
    let (_, _, command) = District::before("price.ceilings");
    let sales = json!([
        {"product": "prd_verify", "ceiling": verify, "expected": 500_000},
        {"product": "prd_report", "ceiling": report, "expected": 2_000},
    ]);
    changed(&command, &[("/of/sales", sales)])
}

fn revenue<'a>(district: &'a District, id: &str) -> &'a Revenue {
    district.state.revenues.get(&RevenueId::new(id)).unwrap()
}

fn settle(district: &mut District, earned: &str) {
    let (_, agency, command) = District::before("revenue.settle");
    district.must(agency, &changed(&command, &[("/of/earned", json!(earned))]));
}

fn permit_next(district: &mut District, members: &[(&str, Value)]) -> Result<(), Refusal> {
    let (_, agency, command) = District::before("revenue.permit");
    let next = [
        ("/of/id", json!("rev_2")),
        ("/of/period", json!({"from": "2026-04-01", "until": "2027-03-31"})),
    ];
    let command = changed(&changed(&command, &next), members);
    district.act(agency, &command)
}

#[test]
fn the_worked_example_comes_out_to_the_fen() {
    let mut district = district();
    assert_eq!(revenue(&district, "rev_1").maximum.to_string(), "1367400.00");
    let refusal = district.act("pty_agency", &ceilings("2.00", "200.00")).unwrap_err();
    assert_eq!(refusal.rule, "revenue.permitted");
    assert!(refusal.message.en.contains("1400000.00"), "{refusal:?}");
    district.must("pty_agency", &ceilings("1.80", "200.00"));
    let product = |id: &str| district.state.products.get(&ProductId::new(id)).unwrap();
    assert_eq!(product("prd_verify").ceiling, Some("1.80".parse().unwrap()));
    // Submitted, then given a ceiling: a view from before is stale.
    assert_eq!(product("prd_verify").revision, 2);
    assert_eq!(district.state.revision("prd_verify"), 2);
    assert_eq!(product("prd_report").ceiling, Some("200.00".parse().unwrap()));
    settle(&mut district, "1420000.00");
    permit_next(&mut district, &[]).unwrap();
    assert_eq!(revenue(&district, "rev_2").deducted.to_string(), "52600.00");
    assert_eq!(revenue(&district, "rev_2").maximum.to_string(), "1314800.00");
    assert_eq!(pending_excess(&district.state, &AgreementId::new("agr_1")).fen(), 0);
}

#[test]
fn a_single_ceiling_keeps_the_plan_within_the_maximum() {
    let mut district = district();
    district.now = "2026-03-31T02:00:00Z".parse().unwrap();
    district.must("pty_agency", &ceilings("1.80", "200.00"));
    let (_, agency, command) = District::before("price.ceiling");
    let command = changed(&command, &[("/of/expected", json!(null))]);
    // 400,000 are planned for the reports: 967,400 are left for 500,000 calls.
    for (ceiling, accepted) in [("1.93", true), ("1.94", false), ("1.80", true)] {
        let command = changed(&command, &[("/of/ceiling", json!(ceiling))]);
        let outcome = district.act(agency, &command);
        assert_eq!(outcome.is_ok(), accepted, "{ceiling}: {outcome:?}");
        if let Err(refusal) = outcome {
            assert_eq!(refusal.rule, "revenue.permitted");
        }
    }
    let sales = &revenue(&district, "rev_1").sales;
    assert_eq!(sales[0].ceiling.to_string(), "1.80");
}

#[test]
fn revenue_within_the_maximum_deducts_nothing() {
    let mut district = district();
    settle(&mut district, "1367400.00");
    permit_next(&mut district, &[]).unwrap();
    assert_eq!(revenue(&district, "rev_2").deducted.fen(), 0);
}

#[test]
fn excess_over_the_next_maximum_is_carried_on() {
    let mut district = district();
    settle(&mut district, "3000000.00");
    permit_next(&mut district, &[]).unwrap();
    assert_eq!(revenue(&district, "rev_2").maximum.fen(), 0);
    let left = pending_excess(&district.state, &AgreementId::new("agr_1"));
    assert_eq!(left.to_string(), "265200.00");
}

#[test]
fn prices_are_on_trial_until_a_full_year_of_operation() {
    // The agreement was signed on 2026-04-01.
    let table = [
        ("2027-03-31", "2028-03-30", Ok(true)),
        ("2027-03-31", "2028-03-31", Err("revenue.period")),
        ("2027-04-01", "2030-03-31", Ok(false)),
        ("2027-04-01", "2030-04-01", Err("revenue.period")),
        ("2026-03-31", "2026-06-30", Err("revenue.period")),
    ];
    for (from, until, expected) in table {
        let mut district = district();
        let period = ("/of/period", json!({"from": from, "until": until}));
        let outcome = permit_next(&mut district, &[period]);
        let outcome = outcome.map(|()| revenue(&district, "rev_2").trial);
        let outcome = outcome.map_err(|refusal| refusal.rule);
        assert_eq!(outcome, expected.map_err(str::to_owned), "{from} {until}");
    }
}

#[test]
fn a_period_is_settled_after_its_end() {
    let mut district = district();
    district.now = "2026-03-31T15:59:59Z".parse().unwrap();
    let (_, agency, command) = District::before("revenue.settle");
    assert_eq!(district.decide(agency, &command).unwrap_err().rule, "record.state");
    district.now = "2026-03-31T16:00:00Z".parse().unwrap();
    district.must(agency, &command);
    let refusal = district.decide(agency, &ceilings("1.80", "200.00")).unwrap_err();
    assert_eq!(refusal.rule, "record.state");
}

/// The revenue of April is permitted, and the bank has used nothing.
fn april() -> District {
    let mut district = district();
    let period = json!({"from": "2026-04-01", "until": "2026-04-30"});
    permit_next(&mut district, &[("/of/period", period)]).unwrap();
    district.now = "2026-05-03T02:00:00Z".parse().unwrap();
    district
}

fn settle_april(earned: &str) -> Command {
    let (_, _, command) = District::before("revenue.settle");
    let members = [("/of/revenue", json!("rev_2")), ("/of/earned", json!(earned))];
    changed(&command, &members)
}

fn close(month: &str) -> Command {
    let (_, _, close) = District::before("books.close");
    let members = [
        ("/of/id", json!(format!("per_{month}"))),
        ("/of/month", json!(month)),
        ("/of/uses", json!([])),
    ];
    changed(&close, &members)
}

#[test]
fn a_period_is_settled_once_its_months_are_closed() {
    let mut district = april();
    let refusal = district.decide("pty_agency", &settle_april("0.00")).unwrap_err();
    assert_eq!(refusal.rule, "revenue.metered");
    assert!(
        refusal.message.en.contains("2026-04 of the period is not closed"),
        "{refusal:?}"
    );
    district.must("pty_operator", &close("2026-04"));
    district.must("pty_agency", &settle_april("0.00"));
}

#[test]
fn a_month_in_part_counts_by_days_and_nothing_is_counted_twice() {
    let (mut district, operator, command) = District::before("books.close");
    district.must(operator, &command);
    let metered = |from: Date, until: Date| {
        let sum = metered_revenue(&district.state, &AgreementId::new("agr_1"), from, until);
        sum.map_or(0, gongshu_governance::money::Money::fen)
    };
    let february = |day| date(2026, 2, day);
    assert_eq!(metered(february(1), february(28)), 360);
    assert_eq!(metered(february(1), february(14)), 180);
    assert_eq!(metered(date(2026, 1, 20), february(1)), 12, "rounded down: 12.857 fen");
    assert_eq!(metered(date(2026, 3, 1), date(2026, 3, 31)), 0);
    for last in 1..28 {
        let (first, second) = (
            metered(date(2026, 1, 1), february(last)),
            metered(february(last + 1), date(2026, 3, 31)),
        );
        assert_eq!(first + second, 360, "{last}");
    }
    let most = metered_revenue(
        &district.state,
        &AgreementId::new("agr_1"),
        date(2027, 1, 1),
        date(2027, 1, 31),
    );
    assert_eq!(most, None);
}

/// The permit of the path, corrected under another id.
fn corrected(members: &[(&str, Value)]) -> Command {
    let (_, _, command) = District::before("revenue.permit");
    let mut document = serde_json::to_value(&command).unwrap();
    document["of"]["period"]["until"] = json!("2026-03-31");
    document["of"]["id"] = json!("rev_9");
    document["of"]["replaces"] = json!("rev_1");
    for (place, value) in members {
        *document.pointer_mut(place).unwrap() = value.clone();
    }
    serde_json::from_value(document).unwrap()
}

#[test]
fn a_mistyped_permit_is_corrected_and_stays_on_record() {
    let mut district = district();
    district.must("pty_agency", &ceilings("1.80", "200.00"));
    // Its ceilings come to 1,300,000: the corrected figures have to carry them.
    let low = corrected(&[("/of/cost", json!("1000000.00"))]);
    assert_eq!(
        district.decide("pty_agency", &low).unwrap_err().rule,
        "revenue.permitted"
    );
    let unknown = corrected(&[("/of/replaces", json!("rev_none"))]);
    assert_eq!(
        district.decide("pty_agency", &unknown).unwrap_err().rule,
        "record.unknown"
    );
    let command = corrected(&[("/of/cost", json!("1250000.00"))]);
    district.must("pty_agency", &command);
    let (old, new) = (revenue(&district, "rev_1"), revenue(&district, "rev_9"));
    assert_eq!(old.replaced, Some(RevenueId::new("rev_9")));
    assert_eq!(
        (old.maximum.to_string().as_str(), new.maximum.to_string().as_str()),
        ("1367400.00", "1417400.00")
    );
    assert_eq!(new.sales, old.sales);
    // What is corrected is neither settled nor planned nor corrected again.
    let again = corrected(&[("/of/id", json!("rev_10"))]);
    let (_, _, settles) = District::before("revenue.settle");
    for command in [again, settles.clone(), ceilings("1.80", "200.00")] {
        assert_eq!(
            district.decide("pty_agency", &command).unwrap_err().rule,
            "record.state"
        );
    }
    district.must("pty_agency", &changed(&settles, &[("/of/revenue", json!("rev_9"))]));
    let settled = corrected(&[("/of/id", json!("rev_11")), ("/of/replaces", json!("rev_9"))]);
    assert_eq!(
        district.decide("pty_agency", &settled).unwrap_err().rule,
        "record.state"
    );
}

#[test]
fn a_correction_deducts_the_same_excess_once() {
    let mut district = district();
    settle(&mut district, "1420000.00");
    permit_next(&mut district, &[]).unwrap();
    let next = corrected(&[
        ("/of/replaces", json!("rev_2")),
        ("/of/period", json!({"from": "2026-04-01", "until": "2027-03-31"})),
    ]);
    district.must("pty_agency", &next);
    assert_eq!(revenue(&district, "rev_9").deducted.to_string(), "52600.00");
    assert_eq!(pending_excess(&district.state, &AgreementId::new("agr_1")).fen(), 0);
}

#[test]
fn a_ceiling_needs_permitted_revenue_of_its_day_and_joins_its_plan() {
    let (district, developer, submission) = District::before("product.submit");
    let mut unpermitted = district.clone();
    unpermitted.must(developer, &submission);
    let (mut district, agency, ceiling) = District::before("price.ceiling");
    let refused = |district: &District, command: &Command| {
        let refusal = district.decide(agency, command).unwrap_err();
        assert_eq!(refusal.rule, "revenue.permitted", "{refusal:?}");
        refusal.message.en
    };
    assert!(refused(&unpermitted, &ceiling).contains("permitted for 2026-04-01"));
    let unplanned = changed(&ceiling, &[("/of/expected", json!(null))]);
    assert!(refused(&district, &unplanned).contains("not in the plan"));
    let much = changed(&ceiling, &[("/of/expected", json!(683_701))]);
    assert!(refused(&district, &much).contains("1367402.00"));
    let mut late = district.clone();
    late.now = "2027-01-01T02:00:00Z".parse().unwrap();
    assert!(refused(&late, &ceiling).contains("permitted for 2027-01-01"));
    district.must(agency, &ceiling);
    let sales = &revenue(&district, "rev_1").sales;
    let planned = (sales.len(), sales[0].expected, sales[0].ceiling.to_string());
    assert_eq!(planned, (1, 1_000, "2.00".to_owned()));
    // Another product takes its place in the same plan, and none is dropped from it while it is sold.
    let report = [("/of/id", json!("prd_report"))];
    district.must(developer, &changed(&submission, &report));
    let other = [("/of/product", json!("prd_report")), ("/of/expected", json!(683_000))];
    assert!(refused(&district, &changed(&ceiling, &other)).contains("1368000.00"));
    let other = [("/of/product", json!("prd_report")), ("/of/expected", json!(2_000))];
    district.must(agency, &changed(&ceiling, &other));
    let (_, _, plan) = District::before("price.ceilings");
    assert!(refused(&district, &plan).contains("leaves out `prd_report`"));
    district.must(agency, &ceilings("1.80", "100.00"));
}

#[test]
fn a_planned_product_that_comes_to_nothing_is_left_out_and_counts_no_more() {
    for (act, party) in [("product.refuse", "pty_operator"), ("product.retract", "pty_partner")] {
        let mut district = district();
        district.now = "2026-03-31T02:00:00Z".parse().unwrap();
        permit_next(&mut district, &[]).unwrap();
        district.must("pty_agency", &ceilings("1.80", "200.00"));
        let next = changed(&ceilings("1.80", "200.00"), &[("/of/revenue", json!("rev_2"))]);
        district.must("pty_agency", &next);
        let (_, _, drop) = District::before(act);
        district.must(party, &changed(&drop, &[("/of/product", json!("prd_report"))]));
        // A correction has to carry what is left of the plan alone: 900,000.
        let lower = corrected(&[("/of/cost", json!("1000000.00"))]);
        assert!(district.decide("pty_agency", &lower).is_ok());
        // 1,367,400 for 500,000 calls: the 400,000 of the reports are free again, in both periods.
        let (_, agency, one) = District::before("price.ceiling");
        let most = [("/of/expected", json!(null)), ("/of/ceiling", json!("2.73"))];
        district.must(agency, &changed(&one, &most));
        let verify = |ceiling: &str| json!([{"product": "prd_verify", "ceiling": ceiling, "expected": 500_000}]);
        let plan = |ceiling: &str| changed(&next, &[("/of/sales", verify(ceiling))]);
        assert_eq!(
            district.decide(agency, &plan("2.74")).unwrap_err().rule,
            "revenue.permitted"
        );
        district.must(agency, &plan("2.70"));
    }
}

#[test]
fn nobody_subscribes_at_a_trial_price_that_has_ended() {
    let (mut district, bank, subscribe) = District::before("subscription.open");
    district.now = "2027-01-01T02:00:00Z".parse().unwrap();
    let refusal = district.decide(bank, &subscribe).unwrap_err();
    assert_eq!(refusal.rule, "revenue.period");
    assert!(refusal.message.en.contains("2026-12-31"), "{refusal:?}");
    // The next period's revenue and its ceilings end the trial.
    let period = json!({"from": "2027-01-01", "until": "2027-12-31"});
    permit_next(&mut district, &[("/of/period", period)]).unwrap();
    assert!(
        district.decide(bank, &subscribe).is_err(),
        "permitted, but not planned with"
    );
    let (_, agency, ceiling) = District::before("price.ceiling");
    district.must(agency, &ceiling);
    district.must(bank, &subscribe);
    let mut district = District::serving();
    district.now = "2027-01-02T02:00:00Z".parse().unwrap();
    let (_, firm, consent) = District::before("consent.give");
    let again = [
        ("/of/id", json!("cns_2")),
        ("/of/term", json!({"from": "2027-01-01", "until": "2027-03-31"})),
    ];
    district.must(firm, &changed(&consent, &again));
    let permit = district
        .call(gongshu_governance::authorization::Usage::default())
        .unwrap();
    assert_eq!(permit.fee.to_string(), "1.80", "who has subscribed goes on paying it");
}

/// The settlement stands; the difference is dealt with in the next period, once, and a document finds it.
#[test]
fn the_difference_of_a_settled_period_is_dealt_with_in_the_next() {
    let adjustment = |amount: &str| {
        let document = "8b".repeat(32);
        json!({"revenue": "rev_1", "amount": amount, "reason": "税金多计", "document_sha256": document})
    };
    let permit = |district: &mut District, id: &str, period: [&str; 2], adjustment: Value| {
        let (_, agency, command) = District::before("revenue.permit");
        let mut document = serde_json::to_value(&command).unwrap();
        document["of"]["id"] = json!(id);
        document["of"]["period"] = json!({"from": period[0], "until": period[1]});
        document["of"]["adjustment"] = adjustment;
        let command: Command = serde_json::from_value(document).unwrap();
        district.act(agency, &command).map_err(|refusal| refusal.rule)
    };
    let next = ["2026-04-01", "2027-03-31"];
    let mut district = district();
    let refused = permit(&mut district, "rev_2", next, adjustment("-77400.00"));
    assert_eq!(refused.unwrap_err(), "record.state", "it is not settled");
    settle(&mut district, "1420000.00");
    for (wrong, rule) in [
        (adjustment("0.00"), "record.input"),
        (adjustment("-1367400.01"), "record.input"),
        (
            json!({"revenue": "rev_1", "amount": "1.00", "reason": " ", "document_sha256": "8b".repeat(32)}),
            "record.input",
        ),
        (
            json!({"revenue": "rev_1", "amount": "1.00", "reason": "多计", "document_sha256": "8b"}),
            "record.input",
        ),
        (
            json!({"revenue": "rev_9", "amount": "1.00", "reason": "多计", "document_sha256": "8b".repeat(32)}),
            "record.unknown",
        ),
    ] {
        assert_eq!(
            permit(&mut district, "rev_2", next, wrong.clone()).unwrap_err(),
            rule,
            "{wrong}"
        );
    }
    permit(&mut district, "rev_2", next, adjustment("-77400.00")).unwrap();
    let permitted = revenue(&district, "rev_2");
    // 1,367,400.00 less the difference, less what was earned over the maximum.
    assert_eq!(permitted.maximum.to_string(), "1237400.00");
    assert_eq!(permitted.deducted.to_string(), "52600.00");
    let again = permit(
        &mut district,
        "rev_3",
        ["2027-04-01", "2028-03-31"],
        adjustment("-77400.00"),
    );
    assert_eq!(again.unwrap_err(), "record.state", "it is dealt with once");
}
