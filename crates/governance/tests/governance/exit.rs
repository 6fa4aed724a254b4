//! The exit: each class of assets ends in its own way, steps have owners, and the last account is settled.

use std::sync::Arc;

use gongshu_governance::Command;
use gongshu_governance::agreement::AgreementStatus;
use gongshu_governance::exit::{AssetClass, ExitStatus, ExitStep, PlanExit, PlannedStep, RunOut, inventory};
use gongshu_governance::identifier::{AgreementId, ExitId, PartyId, RevenueId, SubscriptionId};
use gongshu_governance::rules::RuleBook;
use serde_json::json;

use crate::coverage::altered;
use crate::district::{CALENDAR, District, NATIONAL, path};

fn step(of: ExitStep) -> (&'static str, Command) {
    path()
        .into_iter()
        .find(|(_, command)| matches!(command, Command::ReportExitStep(report) if report.step == of))
        .unwrap()
}

/// The path until the report of a step, without some acts.
fn until(of: ExitStep, left_out: &[&str]) -> District {
    let mut district = District::empty();
    for (party, command) in path() {
        if matches!(&command, Command::ReportExitStep(report) if report.step == of) {
            break;
        }
        if !left_out.contains(&command.act().id()) {
            district.must(party, &command);
        }
    }
    district
}

fn refused(district: &District, (party, command): &(&str, Command), rule: &str, word: &str) {
    let refusal = district.decide(party, command).unwrap_err();
    assert_eq!(refusal.rule, rule, "{refusal:?}");
    assert!(refusal.message.en.contains(word), "{refusal:?}");
}

#[test]
fn each_class_of_assets_ends_in_its_own_way() {
    let raw = step(ExitStep::RawData);
    let district = until(ExitStep::RawData, &[]);
    assert!(district.decide(raw.0, &raw.1).is_ok());
    let handed_over = altered(&raw.1, &[("/of/report/0/outcome", json!("handed_over"))]);
    refused(&district, &(raw.0, handed_over), "exit.assets", "is raw data");
    let kept = until(ExitStep::RawData, &["version.destroyed"]);
    refused(&kept, &raw, "exit.assets", "is raw data");
    let product = step(ExitStep::Products);
    let refunded = altered(&product.1, &[("/of/report/0/outcome", json!("refunded"))]);
    refused(
        &until(ExitStep::Products, &[]),
        &(product.0, refunded),
        "exit.assets",
        "cannot be refunded",
    );
}

/// An order that is still open is an asset; its step is planned, and it is refunded.
#[test]
fn what_was_sold_is_refunded_in_a_step_of_its_own() {
    let mut district = District::empty();
    for (party, command) in path() {
        if matches!(command, Command::PlanExit(_)) {
            break;
        }
        if command.act().id() != "subscription.close" {
            district.must(party, &command);
        }
    }
    let (agency, plan) = path().into_iter().find(|(_, it)| it.act().id() == "exit.plan").unwrap();
    refused(
        &district,
        &(agency, plan.clone()),
        "exit.plan",
        "refund or continuation of what was sold",
    );
    let Command::PlanExit(mut plan) = plan else {
        panic!("a plan")
    };
    plan.steps.push(PlannedStep {
        step: ExitStep::Subscriptions,
        owner: PartyId::new("pty_operator"),
        due: plan.steps[0].due,
    });
    let unsaid = (agency, Command::PlanExit(plan.clone()));
    refused(
        &district,
        &unsaid,
        "exit.run-out",
        "does not say whether the order `sub_1`",
    );
    plan.run_outs.push(RunOut {
        subscription: SubscriptionId::new("sub_1"),
        continued_under: None,
    });
    district.must(agency, &Command::PlanExit(plan));
    let models = step(ExitStep::Models).1;
    let sold = |outcome: &str| {
        let report = json!([{"asset": "sub_1", "outcome": outcome, "evidence": "退款凭证"}]);
        let changes = [("/of/step", json!("subscriptions")), ("/of/report", report)];
        ("pty_operator", altered(&models, &changes))
    };
    refused(&district, &sold("destroyed"), "exit.assets", "open subscription");
    // A refund is what the books say: the month of the exit first.
    refused(&district, &sold("refunded"), "exit.assets", "account is not settled");
    let (operator, close) = last_close();
    district.must(operator, &close);
    district.must("pty_operator", &sold("refunded").1);
}

/// The close of the month of the exit.
fn last_close() -> (&'static str, Command) {
    let mut closes = path()
        .into_iter()
        .filter(|(_, command)| matches!(command, Command::ClosePeriod(_)));
    closes.next_back().unwrap()
}

/// What an amendment has taken out of the agreement left data behind: it is in the inventory until its key is destroyed.
#[test]
fn data_that_was_amended_away_is_dealt_with() {
    let (mut district, agency, amend) = District::before("agreement.amend");
    let (_, market, register) = District::before("resource.register");
    let other = [
        ("/of/id", json!("res_other")),
        ("/of/table", json!("others")),
        ("/of/shared_from", json!(null)),
    ];
    district.must(market, &altered(&register, &other));
    district.must(agency, &altered(&amend, &[("/of/resources", json!(["res_other"]))]));
    let id = AgreementId::new("agr_1");
    let terms = district.state.agreements[&id].waiting().unwrap().sha256();
    let (_, operator, accept) = District::before("agreement.accept");
    district.must(operator, &altered(&accept, &[("/of/terms_sha256", json!(terms))]));
    let assets = inventory(&district.state, &district.state.agreements[&id]);
    assert_eq!(assets.get("ver_1"), Some(&AssetClass::RawData { destroyed: false }));
}

#[test]
fn only_its_owner_reports_a_step_and_the_plan_may_change_until_then() {
    let products = step(ExitStep::Products);
    let mut district = until(ExitStep::Products, &[]);
    refused(&district, &("pty_operator", products.1.clone()), "power.act", "");
    let exit = district.state.exits[&ExitId::new("ext_1")].clone();
    let planned = exit.steps.iter().map(|(step, of)| PlannedStep {
        step: *step,
        owner: PartyId::new("pty_operator"),
        due: of.due,
    });
    let plan = PlanExit {
        exit: ExitId::new("ext_1"),
        steps: planned.collect(),
        run_outs: Vec::new(),
    };
    district.must("pty_agency", &Command::PlanExit(Box::new(plan)));
    refused(&district, &products, "power.act", "");
    district.must("pty_operator", &products.1);
    // What is done stays with whoever did it.
    let steps = &district.state.exits[&ExitId::new("ext_1")].steps;
    assert_eq!(steps[&ExitStep::RawData].owner, PartyId::new("pty_market"));
    assert_eq!(steps[&ExitStep::Products].owner, PartyId::new("pty_operator"));
}

#[test]
fn the_last_account_is_settled_to_the_fen() {
    let settlement = step(ExitStep::Settlement);
    for (left_out, word) in [
        (&["books.payout", "books.reverse", "books.return"][..], "still owed"),
        (&["books.refund"], "-2.00 yuan are open"),
        (
            &[
                "books.payment",
                "books.payout",
                "books.reverse",
                "books.return",
                "books.credit",
                "books.refund",
            ],
            "3.60 yuan are open",
        ),
    ] {
        refused(
            &until(ExitStep::Settlement, left_out),
            &settlement,
            "exit.settlement",
            word,
        );
    }
    // Until the return, in the order of the path.
    let mut district = District::before("books.return").0;
    let of = |act| {
        path()
            .into_iter()
            .rev()
            .find(|(_, command)| command.act().id() == act)
            .unwrap()
    };
    let (operator, pay) = of("books.payout");
    for (party, amount) in [("pty_operator", "1.12"), ("pty_agency", "0.08")] {
        let changes = [("/of/party", json!(party)), ("/of/amount", json!(amount))];
        district.must(operator, &altered(&pay, &changes));
    }
    refused(&district, &settlement, "exit.settlement", "0.08");
    let mut district = District::empty();
    for (party, command) in path() {
        let last = matches!(&command, Command::ClosePeriod(close) if close.id.as_str() == "per_2");
        if matches!(&command, Command::ReportExitStep(report) if report.step == ExitStep::Settlement) {
            break;
        }
        // What follows from it is left out as well.
        if !last && command.act().id() != "revenue.settle" {
            district.must(party, &command);
        }
    }
    refused(&district, &settlement, "exit.settlement", "2026-04 is not closed");
}

/// The settlement was reported; a bill is credited since, and the bank has paid too much.
#[test]
fn an_exit_stays_open_while_money_is_owed_again() {
    let (mut district, agency, close) = District::before("exit.close");
    let (operator, credit) = path()
        .into_iter()
        .find(|(_, it)| it.act().id() == "books.credit")
        .unwrap();
    district.must(operator, &altered(&credit, &[("/of/amount", json!("0.60"))]));
    refused(&district, &(agency, close), "exit.settlement", "-0.60 yuan are open");
}

/// The day of the exit is over: what is left is planned for a day that is still to come, and reported late.
#[test]
fn a_late_exit_can_still_be_planned_and_reported() {
    let (mut district, agency, plan) = District::before("exit.plan");
    district.now = "2026-07-02T02:00:00Z".parse().unwrap();
    refused(&district, &(agency, plan.clone()), "exit.plan", "before today");
    let Command::PlanExit(mut plan) = plan else {
        panic!("a plan")
    };
    for step in &mut plan.steps {
        step.due = jiff::civil::date(2026, 7, 10);
    }
    district.must(agency, &Command::PlanExit(plan));
    let (owner, report) = step(ExitStep::HandOver);
    district.now = "2026-07-20T02:00:00Z".parse().unwrap();
    district.must(owner, &report);
    let step = &district.state.exits[&ExitId::new("ext_1")].steps[&ExitStep::HandOver];
    assert!(step.done.as_ref().is_some_and(|done| done.at == district.now));
}

#[test]
fn an_exit_is_closed_once_every_step_is_done() {
    let (agency, close) = path()
        .into_iter()
        .find(|(_, it)| it.act().id() == "exit.close")
        .unwrap();
    let district = until(ExitStep::Settlement, &[]);
    refused(&district, &(agency, close.clone()), "exit.plan", "final settlement");
    let mut district = District::after(path().len());
    let exit = district.state.exits[&ExitId::new("ext_1")].clone();
    assert!(matches!(&exit.status, ExitStatus::Closed { conclusion, .. } if !conclusion.is_empty()));
    assert_eq!(exit.reported().count(), 4);
    let step = step(ExitStep::HandOver);
    assert_eq!(district.act(step.0, &step.1).unwrap_err().rule, "record.state");
}

/// An exit leaves no yearly check undone: each period is settled, and what was earned too much is given back.
#[test]
fn the_permitted_revenue_is_settled_before_the_exit() {
    let (owner, settlement) = step(ExitStep::Settlement);
    let unsettled = until(ExitStep::Settlement, &["revenue.settle"]);
    refused(
        &unsettled,
        &(owner, settlement.clone()),
        "exit.settlement",
        "`rev_1` from 2026-01-01",
    );
    let mut district = until(ExitStep::Settlement, &[]);
    for returned in [json!(null), json!("52599.99")] {
        let wrong = altered(&settlement, &[("/of/excess_returned", returned)]);
        refused(&district, &(owner, wrong), "exit.settlement", "52600.00 yuan");
    }
    district.must(owner, &settlement);
    // A period that is permitted late may come to an excess again: the settlement is reported once more.
    let (_, agency, permit) = District::before("revenue.permit");
    let late = json!({"from": "2027-01-01", "until": "2027-01-01"});
    district.must(
        agency,
        &altered(&permit, &[("/of/id", json!("rev_2")), ("/of/period", late)]),
    );
    let late = &district.state.revenues[&RevenueId::new("rev_2")];
    assert_eq!(
        late.deducted.to_string(),
        "0.00",
        "what the exit gave back is not deducted as well"
    );
    let close = path()
        .into_iter()
        .find(|(_, it)| it.act().id() == "exit.close")
        .unwrap();
    let more = settlement.clone();
    refused(&district, &close, "exit.settlement", "`rev_2`");
    let (_, _, settles) = District::before("revenue.settle");
    district.must(agency, &altered(&settles, &[("/of/revenue", json!("rev_2"))]));
    refused(&district, &close, "exit.settlement", "52600.00 yuan");
    district.must(owner, &more);
    district.must(close.0, &close.1);
}

/// Another agreement has the data too: while it is in force that data stays, and once its term was over it is destroyed, though
/// nobody has begun that exit.
#[test]
fn an_agreement_whose_term_was_over_keeps_no_data_out_of_an_exit() {
    let raw = step(ExitStep::RawData);
    let with_another = |until: &str| {
        let mut district = self::until(ExitStep::RawData, &[]);
        let mut other = (*district.state.agreements[&AgreementId::new("agr_1")]).clone();
        other.terms.id = AgreementId::new("agr_2");
        other.terms.term.until = until.parse().unwrap();
        other.status = AgreementStatus::Signed { at: district.now };
        district
            .state
            .agreements
            .insert_mut(other.terms.id.clone(), Arc::new(other));
        district
    };
    let present = RuleBook::load(&[NATIONAL, CALENDAR]).unwrap();
    let rule = "[rules.\"exit.inventory\".parameters]\nother_terms_end = 1\n";
    let earlier = RuleBook::of_record(&[&NATIONAL.replace(rule, ""), CALENDAR], &present).unwrap();
    for (until, listed) in [("2026-04-01", false), ("2026-03-31", true)] {
        let district = with_another(until);
        let assets = inventory(&district.state, &district.state.agreements[&AgreementId::new("agr_1")]);
        assert_eq!(assets.contains_key("ver_1"), listed, "{until}");
        assert_eq!(district.decide(raw.0, &raw.1).is_ok(), listed, "{until}");
        // What was decided before is decided again as it was.
        let refused = district
            .decide_under(earlier.at(district.now), raw.0, &raw.1)
            .unwrap_err();
        assert_eq!(refused.rule, "record.unknown", "{until}");
    }
}
