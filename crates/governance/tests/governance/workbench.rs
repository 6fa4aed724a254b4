//! The workbench: who may run what, under which scenario, how often; versions of saved queries.

use gongshu_governance::identifier::{QueryId, ResourceId, RunId, ScenarioId};
use gongshu_governance::workbench::{RunKind, RunQuery, SaveQuery};
use gongshu_governance::{Command, Refusal};

use crate::district::{District, path, ran, rules};

fn run(number: u64) -> Command {
    Command::RunQuery(Box::new(RunQuery {
        id: RunId::new(format!("run_{number}")),
        scenario: ScenarioId::new("scn_credit"),
        kind: RunKind::Query,
        sql_commitment: format!("sha256:{}", "a1".repeat(32)),
        answer_commitment: format!("sha256:{}", "a2".repeat(32)),
        ran: ran(),
    }))
}

fn save(id: &str, name: &str, number: u32) -> Command {
    Command::SaveQuery(Box::new(SaveQuery {
        id: QueryId::new(id),
        scenario: ScenarioId::new("scn_credit"),
        name: name.to_owned(),
        number,
        sql: "SELECT grade FROM firms".to_owned(),
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
    let partner = gongshu_governance::identifier::PartyId::new("pty_partner");
    let versions = district
        .state
        .versions_of(&partner, &ScenarioId::new("scn_credit"), "评级分布");
    let ids: Vec<&str> = versions.iter().map(|version| version.saved.id.as_str()).collect();
    assert_eq!(ids, ["qry_1", "qry_2"]);
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
