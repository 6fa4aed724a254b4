//! Models trained in the domain: what their lineage leads to.

use gongshu_governance::exit::{AssetClass, inventory};
use gongshu_governance::identifier::{AgreementId, ModelId, PartyId, PersonId, ResourceId, ScenarioId, VersionId};
use gongshu_governance::model::{ModelStatus, ReviewModel, WithdrawModel};
use gongshu_governance::output::{OutputKind, OutputSource};
use gongshu_governance::resource::OrderDestruction;
use gongshu_governance::{Actor, Command, Context, Moment, decide, evolve};

use crate::district::{District, powers, rules, submitted_output};

/// A district with a trained model that waits for its review.
fn trained() -> District {
    let (mut district, party, train) = District::before("model.train");
    district.act(party, &train).unwrap();
    district
}

fn model() -> ModelId {
    ModelId::new("mdl_2")
}

fn review() -> Command {
    Command::ReviewModel(ReviewModel {
        model: model(),
        module_sha256: "e0".repeat(32),
        report: "主体数与影响均在限内".to_owned(),
    })
}

fn reviewed() -> District {
    let mut district = trained();
    act_as(&mut district, "pty_operator", &review());
    district
}

/// Another person than the one who had it trained.
fn act_as(district: &mut District, party: &str, command: &Command) {
    let actor = Actor {
        party: PartyId::new(party),
        person: Some(PersonId::new("psn_other")),
    };
    let at = district.now;
    for event in decide(&district.state, command, &context(district, &actor)).unwrap() {
        let sequence = district.state.sequence + 1;
        evolve(&mut district.state, &event, Moment { sequence, at });
    }
}

fn context<'a>(district: &District, actor: &'a Actor) -> Context<'a> {
    Context {
        at: district.now,
        actor,
        rules: rules(),
        powers: powers(),
        seen_revision: None,
    }
}

fn destroy() -> Command {
    Command::OrderDestruction(OrderDestruction {
        resource: ResourceId::new("res_firms"),
        version: VersionId::new("ver_1"),
        reason: "保存期限届满".to_owned(),
    })
}

fn withdraw() -> Command {
    Command::WithdrawModel(WithdrawModel {
        model: model(),
        reason: "已有新版本".to_owned(),
    })
}

#[test]
fn whoever_trains_does_not_review() {
    let district = trained();
    // The one who had it trained, whichever party it acts for, and whoever is no person.
    for person in [None, district.state.models[&model()].registrar.person.clone()] {
        let actor = Actor {
            party: PartyId::new("pty_operator"),
            person,
        };
        let refusal = decide(&district.state, &review(), &context(&district, &actor)).unwrap_err();
        assert_eq!(refusal.rule, "model.review");
    }
    assert_eq!(district.decide("pty_partner", &review()).unwrap_err().rule, "power.act");
    assert!(reviewed().state.models[&model()].is_in_force());
}

#[test]
fn the_end_of_its_source_suspends_a_model_until_another_review() {
    let mut district = reviewed();
    act_as(&mut district, "pty_market", &destroy());
    let ModelStatus::Suspended { reason, .. } = &district.state.models[&model()].status else {
        panic!("a model whose source is destroyed is in force");
    };
    assert!(reason.contains("ver_1"), "{reason}");
    // One that was brought in was trained elsewhere.
    assert!(!matches!(
        district.state.models[&ModelId::new("mdl_1")].status,
        ModelStatus::Suspended { ref reason, .. } if reason.contains("ver_1")
    ));
    act_as(&mut district, "pty_operator", &review());
    assert!(district.state.models[&model()].is_in_force());
}

#[test]
fn its_weights_do_not_leave_through_output_review() {
    let mut output = submitted_output();
    output.kind = OutputKind::Model;
    output.made_from = OutputSource::Model(model());
    let command = Command::SubmitOutput(Box::new(output));
    let refusal = reviewed().decide("pty_partner", &command).unwrap_err();
    assert_eq!(refusal.rule, "model.training");
}

#[test]
fn an_exit_counts_it_with_what_is_sealed_of_it() {
    let class = |district: &District| {
        let agreement = &district.state.agreements[&AgreementId::new("agr_1")];
        inventory(&district.state, agreement)["mdl_2"]
    };
    let mut district = reviewed();
    assert_eq!(class(&district), AssetClass::DerivedModel { sealed: true });
    act_as(&mut district, "pty_operator", &withdraw());
    assert_eq!(class(&district), AssetClass::DerivedModel { sealed: false });
}

#[test]
fn a_training_is_a_run_of_its_day() {
    let (district, ..) = District::before("model.train");
    let runs = |district: &District| {
        let (party, scenario) = (PartyId::new("pty_partner"), ScenarioId::new("scn_credit"));
        district
            .state
            .runs_on(&party, &scenario, gongshu_governance::calendar::day_of(district.now))
    };
    assert_eq!(runs(&trained()), runs(&district) + 1);
}

#[test]
fn an_exit_counts_what_is_sealed_to_leave() {
    let class = |district: &District| {
        let agreement = &district.state.agreements[&AgreementId::new("agr_1")];
        inventory(&district.state, agreement).get("out_1").copied()
    };
    let (waiting, ..) = District::before("output.review");
    assert_eq!(class(&waiting), Some(AssetClass::SealedOutput { released: false }));
    let (released, ..) = District::before("output.withdraw");
    assert_eq!(class(&released), Some(AssetClass::SealedOutput { released: true }));
    let (withdrawn, ..) = District::before("model.train");
    assert_eq!(class(&withdrawn), None);
}
