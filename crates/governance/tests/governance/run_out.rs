//! Orders that are open when operation ends: refunded, or continued by a successor under an agreement of its own.

use std::collections::BTreeSet;

use gongshu_governance::Command;
use gongshu_governance::exit::{ExitStep, PlanExit, PlannedStep, RunOut};
use gongshu_governance::identifier::{AgreementId, ExitId, PartyId, ProductId, SubscriptionId};
use gongshu_governance::product::SuspendProduct;
use gongshu_governance::subscription::{Subscribe, Unsubscribe};
use jiff::civil::date;
use serde_json::json;

use crate::coverage::altered;
use crate::district::{District, PURPOSE, path};

/// What the path does up to an order, done once more by another operator, with a selection, an agreement and a product of
/// its own.
const ACTS: [&str; 22] = [
    "selection.announce",
    "selection.apply",
    "selection.qualify",
    "selection.panel",
    "selection.score",
    "selection.publicize",
    "selection.confirm",
    "agreement.propose",
    "agreement.seal",
    "agreement.sign",
    "scenario.apply",
    "scenario.risk",
    "scenario.grant",
    "approval.give",
    "partner.engage",
    "model.register",
    "model.review",
    "product.submit",
    "product.list",
    "revenue.permit",
    "price.ceiling",
    "price.set",
];

const RENAMED: [(&str, &str); 9] = [
    ("sel_1", "sel_9"),
    ("agr_1", "agr_9"),
    ("scn_credit", "scn_next"),
    ("prd_verify", "prd_next"),
    ("eng_1", "eng_9"),
    ("mdl_1", "mdl_9"),
    ("rev_1", "rev_9"),
    ("\"pty_operator\"", "\"pty_operator2\""),
    ("\"risk\"", "\"risk_next\""),
];

fn of_path(act: &str) -> (&'static str, Command) {
    let mut path = path().into_iter();
    path.find(|(_, command)| command.act().id() == act).unwrap()
}

fn succeed(district: &mut District) {
    for act in ACTS {
        let (party, command) = of_path(act);
        let mut text = serde_json::to_string(&command).unwrap();
        for (before, after) in RENAMED {
            text = text.replace(before, after);
        }
        let mut command: Command = serde_json::from_str(&text).unwrap();
        let agreement = AgreementId::new("agr_9");
        if matches!(act, "agreement.seal" | "agreement.sign") {
            let terms = json!(district.state.agreements[&agreement].terms.sha256());
            command = altered(&command, &[("/of/document/terms_sha256", terms)]);
        }
        let party = if party == "pty_operator" {
            "pty_operator2"
        } else {
            party
        };
        district.must(party, &command);
    }
}

/// The bank is served when the exit begins.
fn leaving() -> District {
    let mut district = District::serving();
    let (agency, start) = of_path("exit.start");
    district.must(agency, &start);
    district
}

fn plan(run_outs: Vec<(&str, Option<&str>)>) -> (&'static str, Command) {
    let steps = ExitStep::ALL.map(|step| PlannedStep {
        step,
        owner: PartyId::new("pty_operator"),
        due: date(2026, 6, 30),
    });
    let run_out = |(order, under): (&str, Option<&str>)| RunOut {
        subscription: SubscriptionId::new(order),
        continued_under: under.map(AgreementId::new),
    };
    let plan = PlanExit {
        exit: ExitId::new("ext_1"),
        steps: steps.into(),
        run_outs: run_outs.into_iter().map(run_out).collect(),
    };
    ("pty_agency", Command::PlanExit(Box::new(plan)))
}

/// The report of the order of the path.
fn report(outcome: &str, successor: Option<&str>) -> (&'static str, Command) {
    let (_, models) = of_path("exit.step");
    let line = json!([{"asset": "sub_1", "outcome": outcome, "evidence": "承接协议", "successor": successor}]);
    let changes = [("/of/step", json!("subscriptions")), ("/of/report", line)];
    ("pty_operator", altered(&models, &changes))
}

fn order(id: &str) -> Command {
    Command::Subscribe(Subscribe {
        id: SubscriptionId::new(id),
        product: ProductId::new("prd_next"),
        purpose: PURPOSE.to_owned(),
        quota_calls_max: 100,
        onward: false,
        onward_to: BTreeSet::new(),
    })
}

fn refused(district: &District, (party, command): &(&str, Command), rule: &str, word: &str) {
    let refusal = district.decide(party, command).unwrap_err();
    assert_eq!(refusal.rule, rule, "{refusal:?}");
    assert!(refusal.message.en.contains(word), "{refusal:?}");
}

/// Every month up to the exit is closed.
fn close_months(district: &mut District) {
    let closes = path().into_iter().filter(|(_, it)| it.act().id() == "books.close");
    let (operator, close) = closes.last().unwrap();
    district.must(operator, &close);
}

#[test]
fn a_plan_says_how_each_order_runs_out() {
    let district = leaving();
    refused(
        &district,
        &plan(vec![]),
        "exit.run-out",
        "does not say whether the order `sub_1`",
    );
    let twice = plan(vec![("sub_1", None), ("sub_1", None)]);
    refused(&district, &twice, "exit.run-out", "stands there twice");
    let another = plan(vec![("sub_1", None), ("sub_none", None)]);
    refused(&district, &another, "exit.run-out", "`sub_none` is no open order");
    let same = plan(vec![("sub_1", Some("agr_1"))]);
    refused(&district, &same, "exit.run-out", "`agr_1`, which ends");
    refused(
        &district,
        &plan(vec![("sub_1", Some("agr_none"))]),
        "record.unknown",
        "agr_none",
    );
    assert!(district.decide("pty_agency", &plan(vec![("sub_1", None)]).1).is_ok());
}

/// Access has ended with the first step: who serves on is another, by an authorization and an order of its own.
#[test]
fn an_order_is_continued_by_a_subscription_at_the_successor() {
    let mut district = leaving();
    succeed(&mut district);
    let (agency, planned) = plan(vec![("sub_1", Some("agr_9"))]);
    district.must(agency, &planned);
    close_months(&mut district);
    refused(&district, &report("refunded", None), "exit.run-out", "not refunded");
    refused(&district, &report("continued", None), "exit.run-out", "is not named");
    refused(
        &district,
        &report("continued", Some("sub_9")),
        "record.unknown",
        "sub_9",
    );
    district.must("pty_bank2", &order("sub_8"));
    refused(
        &district,
        &report("continued", Some("sub_8")),
        "exit.run-out",
        "of another consumer",
    );
    refused(
        &district,
        &report("continued", Some("sub_1")),
        "exit.run-out",
        "not under the agreement",
    );
    district.must("pty_bank", &order("sub_9"));
    let (operator, done) = report("continued", Some("sub_9"));
    district.must(operator, &done);
    // Whoever is told that it is continued is served, or the exit has not dealt with it.
    let stop = SuspendProduct {
        product: ProductId::new("prd_next"),
        reason: "系统升级".to_owned(),
    };
    let mut stopped = district.clone();
    stopped.must("pty_operator2", &Command::SuspendProduct(stop));
    let mut left = district.clone();
    let leave = Unsubscribe {
        subscription: SubscriptionId::new("sub_9"),
    };
    left.must("pty_bank", &Command::Unsubscribe(leave));
    let settlement = settled(&mut district);
    settled(&mut stopped);
    settled(&mut left);
    assert!(district.decide(settlement.0, &settlement.1).is_ok());
    refused(&stopped, &settlement, "exit.run-out", "系统升级");
    refused(&left, &settlement, "exit.run-out", "which has ended");
    // Planned anew as refunded, it is to be reported once more.
    let (agency, refunded) = plan(vec![("sub_1", None)]);
    left.must(agency, &refunded);
    refused(
        &left,
        &report("continued", Some("sub_9")),
        "exit.run-out",
        "refunded by the plan",
    );
    left.must(operator, &report("refunded", None).1);
    left.must(settlement.0, &settlement.1);
}

/// Money is even; gives the report of the settlement.
fn settled(district: &mut District) -> (&'static str, Command) {
    let steps = path().into_iter().skip_while(|(_, it)| it.act().id() != "exit.step");
    let acts = ["books.payout", "books.return", "revenue.settle"];
    for (party, command) in steps.clone().filter(|(_, it)| acts.contains(&it.act().id())) {
        district.must(party, &command);
    }
    let mut reports =
        steps.filter(|(_, it)| matches!(it, Command::ReportExitStep(of) if of.step == ExitStep::Settlement));
    reports.next().unwrap()
}
