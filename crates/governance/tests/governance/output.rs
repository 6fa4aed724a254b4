//! Output review: who reviews, what bars a release, which versions follow.

use gongshu_governance::identifier::{ModelId, OutputId, PersonId};
use gongshu_governance::output::{
    CheckKind, CollectOutput, Decision, Figures, OutputKind, OutputSource, OutputStatus, ReviewOutput, SubmitOutput,
};
use gongshu_governance::{Actor, Command, Context, Event, Moment, Refusal, decide, evolve};

use crate::district::{District, actor, path, powers, rules, submitted_output};

fn submission(id: &str, edit: impl FnOnce(&mut SubmitOutput)) -> Command {
    let mut submission = SubmitOutput {
        id: OutputId::new(id),
        ..submitted_output()
    };
    edit(&mut submission);
    Command::SubmitOutput(Box::new(submission))
}

fn review(id: &str, decision: Decision) -> Command {
    Command::ReviewOutput(ReviewOutput {
        output: OutputId::new(id),
        content_sha256: "c0".repeat(32),
        decision,
        reason: "已阅推导与指标".to_owned(),
    })
}

fn collect(id: &str) -> Command {
    Command::CollectOutput(CollectOutput {
        output: OutputId::new(id),
    })
}

/// Another person of a party, or a machine of it.
fn asked_by(district: &mut District, party: &str, person: Option<&str>, command: &Command) -> Result<(), Refusal> {
    let actor = Actor {
        person: person.map(PersonId::new),
        ..actor(party)
    };
    let context = Context {
        at: district.now,
        actor: &actor,
        rules: rules(),
        powers: powers(),
        seen_revision: None,
    };
    let events: Vec<Event> = decide(&district.state, command, &context)?;
    for event in events {
        let sequence = district.state.sequence + 1;
        evolve(
            &mut district.state,
            &event,
            Moment {
                sequence,
                at: district.now,
            },
        );
    }
    Ok(())
}

fn status(district: &District, id: &str) -> OutputStatus {
    district.state.outputs.get(&OutputId::new(id)).unwrap().status.clone()
}

#[test]
fn a_data_set_is_reviewed_by_two_persons_a_report_by_one() {
    let mut district = District::serving();
    district.must("pty_partner", &submission("out_2", |it| it.kind = OutputKind::DataSet));
    district.must("pty_partner", &submission("out_3", |it| it.kind = OutputKind::Report));
    let release = |id| review(id, Decision::Release);
    district.must("pty_agency", &release("out_3"));
    assert!(matches!(status(&district, "out_3"), OutputStatus::Released { .. }));
    district.must("pty_agency", &release("out_2"));
    assert_eq!(status(&district, "out_2"), OutputStatus::Submitted);
    assert_eq!(
        district.decide("pty_partner", &collect("out_2")).unwrap_err().rule,
        "record.state"
    );
    let again = district.decide("pty_agency", &release("out_2")).unwrap_err();
    assert_eq!(again.rule, "output.review");
    // Another person of the agency would do; so does one of the operator.
    assert!(
        asked_by(
            &mut district.clone(),
            "pty_agency",
            Some("psn_other"),
            &release("out_2")
        )
        .is_ok()
    );
    district.must("pty_operator", &release("out_2"));
    assert!(matches!(status(&district, "out_2"), OutputStatus::Released { .. }));
    district.must("pty_partner", &collect("out_2"));
}

#[test]
fn neither_the_submitters_party_nor_a_machine_reviews() {
    let mut district = District::serving();
    let (_, save) = path()
        .into_iter()
        .find(|(_, command)| command.act().id() == "query.save")
        .unwrap();
    let Command::SaveQuery(mut own) = save else {
        unreachable!()
    };
    own.id = gongshu_governance::identifier::QueryId::new("qry_9");
    district.must("pty_operator", &Command::SaveQuery(own));
    let made_from = || OutputSource::Query(gongshu_governance::identifier::QueryId::new("qry_9"));
    district.must("pty_operator", &submission("out_2", |it| it.made_from = made_from()));
    for decision in [Decision::Release, Decision::Refuse, Decision::Change] {
        let verdict = review("out_2", decision);
        for person in [Some("psn_other"), None] {
            let refusal = asked_by(&mut district, "pty_operator", person, &verdict).unwrap_err();
            assert_eq!(refusal.rule, "output.review");
        }
        assert_eq!(
            asked_by(&mut district, "pty_agency", None, &verdict).unwrap_err().rule,
            "output.review"
        );
    }
    district.must("pty_agency", &review("out_2", Decision::Refuse));
}

#[test]
fn a_failed_check_is_recorded_and_bars_the_release_alone() {
    let failing = [
        (
            CheckKind::SmallestCell,
            Figures {
                smallest: Some(9),
                ..submitted_output().figures
            },
        ),
        (
            CheckKind::UniqueShare,
            Figures {
                unique: 3,
                ..submitted_output().figures
            },
        ),
        (
            CheckKind::Rows,
            Figures {
                rows: 100_001,
                ..submitted_output().figures
            },
        ),
    ];
    for (kind, figures) in failing {
        let mut district = District::serving();
        district.must("pty_partner", &submission("out_2", |it| it.figures = figures));
        let output = district.state.outputs.get(&OutputId::new("out_2")).unwrap();
        let failed: Vec<CheckKind> = output
            .checks
            .iter()
            .filter(|check| !check.passed)
            .map(|check| check.kind)
            .collect();
        assert_eq!(failed, [kind]);
        let refusal = district
            .decide("pty_agency", &review("out_2", Decision::Release))
            .unwrap_err();
        assert_eq!(refusal.rule, "output.checks");
        assert!(
            district
                .decide("pty_agency", &review("out_2", Decision::Refuse))
                .is_ok()
        );
        district.must("pty_agency", &review("out_2", Decision::Change));
        assert!(!status(&district, "out_2").keeps_content());
    }
}

#[test]
fn a_version_follows_one_that_no_longer_waits_and_is_counted() {
    let mut district = District::serving();
    let next = |id| submission(id, |it| it.previous = Some(OutputId::new("out_2")));
    district.must("pty_partner", &submission("out_2", |_| ()));
    assert_eq!(
        district.decide("pty_partner", &next("out_3")).unwrap_err().rule,
        "record.state"
    );
    district.must("pty_agency", &review("out_2", Decision::Change));
    district.must("pty_partner", &next("out_3"));
    assert_eq!(district.state.outputs.get(&OutputId::new("out_3")).unwrap().number, 2);
    let gone = district
        .decide("pty_agency", &review("out_2", Decision::Release))
        .unwrap_err();
    assert_eq!(gone.rule, "record.state");
}

#[test]
fn nothing_is_released_or_collected_under_a_frozen_scenario() {
    let mut district = District::serving();
    for id in ["out_2", "out_3"] {
        district.must("pty_partner", &submission(id, |_| ()));
    }
    district.must("pty_agency", &review("out_2", Decision::Release));
    let (party, freeze) = path()
        .into_iter()
        .find(|(_, command)| command.act().id() == "scenario.freeze")
        .unwrap();
    district.must(party, &freeze);
    let refused = |party, command: &Command| district.decide(party, command).unwrap_err().rule;
    assert_eq!(refused("pty_partner", &collect("out_2")), "chain.frozen");
    assert_eq!(
        refused("pty_agency", &review("out_3", Decision::Release)),
        "chain.frozen"
    );
    assert!(
        district
            .decide("pty_agency", &review("out_3", Decision::Refuse))
            .is_ok()
    );
}

#[test]
fn a_model_leaves_by_its_registrar_and_is_measured_by_its_size() {
    let mut district = District::serving();
    let model = |it: &mut SubmitOutput| {
        it.kind = OutputKind::Model;
        it.made_from = OutputSource::Model(ModelId::new("mdl_1"));
        it.figures = Figures::default();
    };
    assert_eq!(
        district
            .decide("pty_partner", &submission("out_2", model))
            .unwrap_err()
            .rule,
        "power.act"
    );
    district.must("pty_operator", &submission("out_2", model));
    let output = district.state.outputs.get(&OutputId::new("out_2")).unwrap();
    let kinds: Vec<CheckKind> = output.checks.iter().map(|check| check.kind).collect();
    assert_eq!(kinds, [CheckKind::Bytes]);
}
