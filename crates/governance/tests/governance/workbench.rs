//! The workbench: who may run what, under which scenario, how often; versions of saved queries.

use std::collections::BTreeMap;

use gongshu_governance::identifier::PartyId;
use gongshu_governance::identifier::{QueryId, ResourceId, RunId, ScenarioId};
use gongshu_governance::product::Parameter;
use gongshu_governance::resource::FieldType;
use gongshu_governance::workbench::{
    ATTEMPTS_KEPT, AttemptEnd, AttemptKind, AttemptStep, Control, RecordAttempt, RefusedAttempt, RunKind, RunQuery,
    Runs, SaveQuery,
};
use gongshu_governance::{Command, Event, Refusal};

use crate::district::{District, path, ran, refused_attempt, rules, submitted_output, trained_model};

fn run(number: u64) -> Command {
    Command::RunQuery(Box::new(RunQuery {
        id: RunId::new(format!("run_{number}")),
        scenario: ScenarioId::new("scn_credit"),
        kind: RunKind::Query,
        sql_commitment: format!("sha256:{}", "a0".repeat(32)),
        answer_commitment: format!("sha256:{}", "a2".repeat(32)),
        ran: ran(),
    }))
}

fn attempt(number: u64, step: AttemptStep) -> Command {
    let attempt = RecordAttempt {
        step,
        ..refused_attempt(&format!("run_{number}"))
    };
    Command::RecordAttempt(Box::new(attempt))
}

fn begin(number: u64) -> Command {
    attempt(number, AttemptStep::Began)
}

fn refuse(number: u64, control: Control) -> Command {
    let refused = RefusedAttempt {
        control,
        rule: "query.limit".to_owned(),
        column: None,
        location: None,
    };
    attempt(number, AttemptStep::Refused(refused))
}

fn runs(district: &District) -> &Runs {
    let partner = PartyId::new("pty_partner");
    let runs = district.state.runs_of(&partner, &ScenarioId::new("scn_credit"));
    runs.unwrap()
}

fn save(id: &str, name: &str, number: u32) -> Command {
    Command::SaveQuery(Box::new(SaveQuery {
        id: QueryId::new(id),
        scenario: ScenarioId::new("scn_credit"),
        name: name.to_owned(),
        number,
        sql: "SELECT grade FROM firms".to_owned(),
        parameters: Vec::new(),
        checked: ran().checked,
    }))
}

/// The refusal of a partner's run in a serving district after one more step of the path, or at another time.
fn refused(step: &str, year: Option<&str>) -> Refusal {
    let mut district = District::serving();
    assert!(district.decide("pty_partner", &run(9)).is_ok());
    if let Some((party, command)) = path().into_iter().find(|(_, command)| command.act().id() == step) {
        district.must(party, &command);
    }
    if let Some(year) = year {
        district.now = format!("{year}-04-02T00:00:00Z").parse().unwrap();
    }
    district.decide("pty_partner", &run(9)).unwrap_err()
}

#[test]
fn a_run_stands_on_the_chain_of_a_call() {
    let table = [
        ("scenario.freeze", None, "chain.frozen"),
        ("approval.decline", None, "chain.approval"),
        ("version.destroy", None, "version.available"),
        ("exit.start", None, "chain.exit"),
        ("", Some("2028"), "chain.scenario"),
        ("", Some("2031"), "chain.agreement"),
    ];
    for (step, year, rule) in table {
        assert_eq!(refused(step, year).rule, rule, "{step} {year:?}");
    }
}

#[test]
fn a_day_has_so_many_runs_for_each_party_and_the_next_day_has_them_again() {
    let mut district = District::serving();
    let most = rules().parameters().workbench_runs_max;
    // The path has run one, and trained a model.
    for number in 3..=most {
        district.must("pty_partner", &run(number));
    }
    let refusal = district.decide("pty_partner", &run(most + 1)).unwrap_err();
    assert_eq!(refusal.rule, "workbench.run");
    assert!(district.decide("pty_operator", &run(most + 1)).is_ok());
    // Days are those of Shanghai.
    district.now = "2026-04-01T15:59:59Z".parse().unwrap();
    assert!(district.decide("pty_partner", &run(most + 1)).is_err());
    district.now = "2026-04-01T16:00:00Z".parse().unwrap();
    assert!(district.decide("pty_partner", &run(most + 1)).is_ok());
}

#[test]
fn what_began_counts_however_it_ends() {
    let mut district = District::serving();
    let most = rules().parameters().workbench_runs_max;
    let before = runs(&district).tally.clone();
    let probes = most - 2;
    for number in 10..10 + probes {
        district.must("pty_partner", &begin(number));
        match number % 3 {
            0 => district.must("pty_partner", &refuse(number, Control::Execution)),
            1 => district.must("pty_partner", &run(number)),
            // The platform stopped in between.
            _ => {}
        }
    }
    let tally = runs(&district).tally.clone();
    assert_eq!(tally.attempts, before.attempts + probes);
    assert_eq!(tally.refused_on_data(), probes.div_ceil(3));
    assert_eq!(
        tally.answered + tally.open(),
        before.answered + probes - probes.div_ceil(3)
    );
    for more in [begin(9_000), run(9_000)] {
        assert_eq!(district.decide("pty_partner", &more).unwrap_err().rule, "workbench.run");
    }
    // Of what waits to end nothing is held up, and the operator has runs of its own.
    district.must("pty_partner", &run(11));
    assert!(district.decide("pty_operator", &begin(9_001)).is_ok());
    // A refusal that read nothing has a number of its own.
    district.must("pty_partner", &refuse(9_002, Control::Record));
}

#[test]
fn refusals_before_anything_is_read_have_their_own_number() {
    let mut district = District::serving();
    let most = rules().parameters().workbench_refusals_max;
    // The path has one.
    for number in 1..most {
        district.must("pty_partner", &refuse(10_000 + number, Control::Check));
    }
    let one_more = district.decide("pty_partner", &refuse(9_000, Control::Check));
    assert_eq!(one_more.unwrap_err().rule, "workbench.run");
    assert_eq!(runs(&district).newest.len(), ATTEMPTS_KEPT);
    district.must("pty_partner", &begin(9_001));
    district.must("pty_partner", &refuse(9_001, Control::Time));
    district.now = "2026-04-01T16:00:00Z".parse().unwrap();
    district.must("pty_partner", &refuse(9_002, Control::Check));
}

#[test]
fn a_refusal_on_data_has_begun_and_an_attempt_ends_once_as_what_it_began() {
    let mut district = District::serving();
    let rule_of = |district: &District, command: &Command| district.decide("pty_partner", command).unwrap_err().rule;
    assert_eq!(rule_of(&district, &refuse(9, Control::Memory)), "workbench.run");
    district.must("pty_partner", &begin(9));
    assert_eq!(rule_of(&district, &begin(9)), "record.duplicate");
    let Command::RunQuery(mut sample) = run(9) else {
        unreachable!()
    };
    sample.kind = RunKind::Sample;
    assert_eq!(rule_of(&district, &Command::RunQuery(sample)), "workbench.run");
    let Command::RunQuery(mut other) = run(9) else {
        unreachable!()
    };
    other.sql_commitment = format!("sha256:{}", "a3".repeat(32));
    assert_eq!(rule_of(&district, &Command::RunQuery(other)), "workbench.run");
    // Of another party nothing is open under this id.
    assert_eq!(
        district.decide("pty_operator", &run(9)).unwrap_err().rule,
        "record.duplicate"
    );
    district.must("pty_partner", &run(9));
    assert_eq!(rule_of(&district, &refuse(9, Control::Memory)), "record.duplicate");
    assert_eq!(rule_of(&district, &run(9)), "record.duplicate");
    let newest = runs(&district).newest.last().unwrap();
    assert_eq!((newest.id.as_str(), &newest.end), ("run_9", &AttemptEnd::Answered));
}

#[test]
fn a_refusal_is_on_record_also_where_standing_ended_meanwhile() {
    let mut district = District::serving();
    district.must("pty_partner", &begin(9));
    let (party, freeze) = path()
        .into_iter()
        .find(|(_, command)| command.act().id() == "scenario.freeze")
        .unwrap();
    district.must(party, &freeze);
    assert_eq!(
        district.decide("pty_partner", &run(9)).unwrap_err().rule,
        "chain.frozen"
    );
    let new = district.decide("pty_partner", &refuse(10, Control::Record));
    assert_eq!(new.unwrap_err().rule, "chain.frozen");
    district.must("pty_partner", &refuse(9, Control::Record));
}

#[test]
fn trainings_and_outputs_end_what_they_began() {
    let mut district = District::serving();
    let began = |number: u64, kind| {
        let Command::RecordAttempt(attempt) = begin(number) else {
            unreachable!()
        };
        Command::RecordAttempt(Box::new(RecordAttempt { kind, ..*attempt }))
    };
    let open = runs(&district).tally.open();
    district.must("pty_partner", &began(8, AttemptKind::Training));
    district.must("pty_partner", &began(9, AttemptKind::Output));
    let Command::TrainModel(mut model) = trained_model() else {
        unreachable!()
    };
    model.id = gongshu_governance::identifier::ModelId::new("mdl_other");
    model.name = "other".to_owned();
    model.number = 1;
    let mut output = submitted_output();
    output.id = gongshu_governance::identifier::OutputId::new("out_other");
    for attempt in ["run_9", "run_8"] {
        let attempt = Some(RunId::new(attempt));
        (model.attempt, output.attempt) = (attempt.clone(), attempt);
        let trained = district.decide("pty_partner", &Command::TrainModel(model.clone()));
        let submitted = district.decide("pty_partner", &Command::SubmitOutput(Box::new(output.clone())));
        let (good, bad) = if trained.is_ok() {
            (trained, submitted)
        } else {
            (submitted, trained)
        };
        assert!(good.is_ok(), "{good:?}");
        assert_eq!(bad.unwrap_err().rule, "workbench.run");
    }
    district.must("pty_partner", &Command::TrainModel(model));
    output.attempt = Some(RunId::new("run_9"));
    district.must("pty_partner", &Command::SubmitOutput(Box::new(output)));
    assert_eq!(runs(&district).tally.open(), open);
}

#[test]
fn a_run_commits_by_either_crypto_suite_and_by_no_other() {
    let district = District::serving();
    let digits = "a1".repeat(32);
    let committing = |sql: &str| {
        let Command::RunQuery(mut run) = run(9) else {
            unreachable!()
        };
        sql.clone_into(&mut run.sql_commitment);
        district.decide("pty_partner", &Command::RunQuery(run))
    };
    for suite in ["sha256", "sm3"] {
        assert!(committing(&format!("{suite}:{digits}")).is_ok(), "{suite}");
    }
    for sql in [digits.as_str(), "md5:a1", "sm3:", "SELECT 1"] {
        assert_eq!(committing(sql).unwrap_err().rule, "workbench.run", "{sql}");
    }
}

#[test]
fn versions_of_a_query_are_counted_by_party_and_name() {
    let mut district = District::serving();
    let gap = district
        .decide("pty_partner", &save("qry_2", "评级分布", 3))
        .unwrap_err();
    assert_eq!(gap.rule, "record.duplicate");
    district.must("pty_partner", &save("qry_2", "评级分布", 2));
    district.must("pty_partner", &save("qry_3", "另一查询", 1));
    district.must("pty_operator", &save("qry_4", "评级分布", 1));
    let partner = PartyId::new("pty_partner");
    let versions = district
        .state
        .versions_of(&partner, &ScenarioId::new("scn_credit"), "评级分布");
    let ids: Vec<&str> = versions.iter().map(|version| version.saved.id.as_str()).collect();
    assert_eq!(ids, ["qry_1", "qry_2"]);
}

#[test]
fn parameters_of_a_saved_query_are_told_apart_by_name() {
    let district = District::serving();
    let named = |names: &[&str]| {
        let Command::SaveQuery(mut save) = save("qry_2", "按年龄", 1) else {
            unreachable!()
        };
        let parameter = |name: &&str| Parameter {
            name: (*name).to_owned(),
            parameter_type: FieldType::Integer,
            meaning: String::new(),
            example: String::new(),
        };
        save.parameters = names.iter().map(parameter).collect();
        district.decide("pty_partner", &Command::SaveQuery(save))
    };
    assert!(named(&["from", "until"]).is_ok());
    assert_eq!(named(&["from", "from"]).unwrap_err().rule, "record.input");
    assert_eq!(named(&[""]).unwrap_err().rule, "record.input");
}

#[test]
fn what_a_run_read_is_what_is_in_operation() {
    let district = District::serving();
    let mut reads_nothing = ran();
    reads_nothing.checked.fields.clear();
    reads_nothing.versions.clear();
    let mut other = ran();
    other.versions[0].resource = ResourceId::new("res_other");
    let with = |ran| {
        let Command::RunQuery(run) = run(9) else { unreachable!() };
        district.decide("pty_partner", &Command::RunQuery(Box::new(RunQuery { ran, ..*run })))
    };
    assert!(with(reads_nothing).is_ok());
    assert_eq!(with(other).unwrap_err().rule, "version.available");
}

#[test]
fn what_loses_privacy_is_charged_when_it_begins() {
    let rule_of = |district: &District, command: &Command| {
        let refused = district.decide("pty_partner", command);
        refused.expect_err("it is no honest end").rule
    };
    let mut district = District::serving();
    let losses = BTreeMap::from([(ResourceId::new("res_firms"), 7_u64)]);
    let Command::RecordAttempt(mut attempt) = begin(9) else {
        panic!("an attempt is one");
    };
    attempt.losses.clone_from(&losses);
    district.must("pty_partner", &Command::RecordAttempt(attempt));
    let charged = |district: &District| {
        district
            .events
            .last()
            .and_then(Event::losses)
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(charged(&district), losses);
    let ended = |charged: bool, losses: &BTreeMap<ResourceId, u64>| {
        let Command::RunQuery(mut run) = run(9) else {
            panic!("a run is one");
        };
        (run.ran.charged, run.ran.losses) = (charged, losses.clone());
        Command::RunQuery(run)
    };
    // Neither charged again, nor less than it lost.
    for wrong in [
        ended(false, &losses),
        ended(true, &BTreeMap::new()),
        ended(false, &BTreeMap::new()),
    ] {
        assert_eq!(rule_of(&district, &wrong), "workbench.run");
    }
    district.must("pty_partner", &ended(true, &losses));
    assert!(charged(&district).is_empty(), "it was charged when it began");
    // Nothing is charged by a run that says that its beginning was.
    let Command::RunQuery(mut other) = run(10) else {
        panic!("a run is one");
    };
    other.ran.charged = true;
    assert_eq!(rule_of(&district, &Command::RunQuery(other)), "workbench.run");
}
