//! The exit: every use ends, data is destroyed, products and subscriptions are accounted for.

use gongshu_governance::Command;
use gongshu_governance::authorization::{CallRequest, Usage};
use gongshu_governance::authorize;
use gongshu_governance::exit::{
    AssetClass, AssetReport, CloseExit, ExitStep, Outcome, PlanExit, PlannedStep, ReportExitStep, inventory,
};
use gongshu_governance::identifier::{ExitId, PartyId, ProductId};
use jiff::civil::date;
use serde_json::json;

use super::begin::{BANKS, bank, provider_of};
use super::months::agreement;
use super::{Life, PRODUCTS, RESOURCES, template};
use crate::district::{PURPOSE, actor, powers, rules};

pub(crate) fn exit(life: &mut Life) {
    life.on(date(2028, 3, 7));
    life.step(
        "exit.start",
        &[("/of/ground", json!("term_ends")), ("/of/due", json!("2028-06-30"))],
    );
    assert_eq!(call(life), "chain.exit");
    ["delegation.revoke", "post.dismiss", "post.close"]
        .iter()
        .for_each(|act| life.step(act, &[]));
    for number in 0..PRODUCTS {
        for bank_number in [number % BANKS, (number * 7 + 3) % BANKS] {
            let changes = [("/of/subscription", json!(format!("sub_{number}_{bank_number}")))];
            let command = crate::altered::altered(&template("subscription.close").1, &changes);
            if life.district.decide(&bank(bank_number), &command).is_ok() {
                life.must(&bank(bank_number), command);
            }
        }
    }
    for number in 0..RESOURCES {
        let provider = provider_of(number);
        let changes = [
            ("/of/resource", json!(format!("res_{number}"))),
            ("/of/version", json!(format!("ver_{number}"))),
        ];
        for act in ["version.destroy", "version.destroyed"] {
            let now = life.district.now.to_string();
            let mut changes = changes.to_vec();
            if act == "version.destroyed" {
                changes.push(("/of/at", json!(now)));
            }
            life.must(provider, crate::altered::altered(&template(act).1, &changes));
        }
    }
    super::months::settle(life, "rev_3");
    let steps = ExitStep::ALL.map(|step| PlannedStep {
        step,
        owner: PartyId::new("pty_operator"),
        due: date(2028, 6, 30),
    });
    let plan = PlanExit {
        exit: id(),
        steps: steps.into(),
        run_outs: Vec::new(),
    };
    life.must("pty_agency", Command::PlanExit(Box::new(plan)));
    let assets = inventory(&life.district.state, &life.district.state.agreements[&agreement()]);
    for step in ExitStep::ALL {
        let of_step = assets.iter().filter(|(_, class)| ExitStep::of(**class) == step);
        let report = of_step.map(|(asset, class)| AssetReport {
            asset: asset.clone(),
            outcome: match class {
                AssetClass::RawData { .. } | AssetClass::DerivedModel { .. } => Outcome::Destroyed,
                AssetClass::Product | AssetClass::SealedOutput { .. } => Outcome::HandedOver,
                AssetClass::OpenSubscription { .. } => Outcome::Refunded,
            },
            evidence: "移交清单".to_owned(),
            successor: None,
            statement: None,
        });
        let report = ReportExitStep {
            exit: id(),
            step,
            report: report.collect(),
            evidence: "移交清单".to_owned(),
            excess_returned: None,
        };
        life.must("pty_operator", Command::ReportExitStep(Box::new(report)));
    }
    let close = CloseExit {
        exit: id(),
        text: "资产处置完毕，账目结清".to_owned(),
    };
    life.must("pty_agency", Command::CloseExit(close));
}

fn id() -> ExitId {
    ExitId::new("ext_1")
}

/// What a bank's call meets.
fn call(life: &Life) -> String {
    let request = CallRequest {
        actor: &actor(&bank(0)),
        product: &ProductId::new("prd_0"),
        purpose: PURPOSE,
        subject: None,
        at: life.district.now,
    };
    authorize(&life.district.state, &request, Usage::default(), rules(), powers())
        .unwrap_err()
        .rule
}
