//! The rules of the check, each with a query that passes and its neighbour that is refused in the rule's name. The match
//! names every rule, so that a new one is not forgotten.

use std::borrow::Cow;
use std::collections::BTreeMap;

use gongshu_engine::{Access, Config, Engine, FieldType, FlowRefusal, FlowRule, Param, SQL_CHARACTERS_MAX, Table};
use gongshu_governance::resource::{AggregateFunction as F, Contribution, NoiseDistribution, ReleaseRule};

use super::DAY;
use crate::world::{self, table, texts, whole};

/// A query that passes, and one that is refused.
enum Pair {
    Queries(Cow<'static, str>, Cow<'static, str>),
    /// Queries for a model to be trained on.
    Training(&'static str, &'static str),
    /// The same query under a grant that closes a column, and under one that opens it.
    Grants(&'static str, &'static str),
}

fn queries(passes: &'static str, refused: &'static str) -> Pair {
    Pair::Queries(passes.into(), refused.into())
}

fn made(passes: String, refused: String) -> Pair {
    Pair::Queries(passes.into(), refused.into())
}

/// A text that is twice as long with each level.
fn doubled(levels: usize) -> String {
    (0..levels).fold("SELECT name AS c FROM stations".to_owned(), |inner, _| {
        format!("SELECT c || c AS c FROM ({inner}) t")
    })
}

fn nested(levels: usize) -> String {
    format!("SELECT {}1{}", "(".repeat(levels), ")".repeat(levels))
}

fn added(operators: usize) -> String {
    format!("SELECT 1{}", " + 1".repeat(operators))
}

fn padded(characters: usize) -> String {
    let select = "SELECT 1";
    format!("{select}{}", " ".repeat(characters - select.len()))
}

#[rustfmt::skip]
fn pair(rule: FlowRule) -> Pair {
    match rule {
        FlowRule::AggregateArgument => queries("SELECT illness, avg(age) FROM patients GROUP BY illness", "SELECT illness, max(age) FROM patients GROUP BY illness"),
        FlowRule::AggregateOnly => queries("SELECT sum(cost) FROM patients", "SELECT cost FROM patients"),
        FlowRule::Closed => queries("SELECT level FROM badges", "SELECT level FROM badges WHERE secret = 'secret 1'"),
        FlowRule::Consent => queries("SELECT title FROM clients", "SELECT line FROM letters"),
        FlowRule::ConsentMixed => queries("SELECT title FROM clients", "SELECT title FROM clients WHERE trade = 'mining'"),
        FlowRule::ErrorChannel => queries("SELECT 10 / (number + 1) FROM borrowers", "SELECT 10 / debt FROM borrowers"),
        FlowRule::GrantWidens => Pair::Grants("patients", "age"),
        FlowRule::GroupOnly => queries("SELECT illness, count(*) FROM patients GROUP BY illness", "SELECT illness FROM patients"),
        FlowRule::GuardedRows => queries("SELECT team, sum(pay) FROM staff GROUP BY team", "SELECT sum(pay) OVER () FROM staff"),
        FlowRule::JoinKeys => queries("SELECT bank, count(*) FROM loans JOIN claims ON card = insured GROUP BY bank", "SELECT bank, count(*) FROM loans JOIN claims ON bank = kind GROUP BY bank"),
        FlowRule::JoinOnly => queries("SELECT kind, count(*) FROM loans JOIN claims ON card = insured GROUP BY kind", "SELECT card FROM loans"),
        FlowRule::MaskWidth => queries("SELECT mask_partial(hint, 1, 0) FROM badges", "SELECT mask_partial(hint, level, 0) FROM badges"),
        FlowRule::MaskedOnly => queries("SELECT mask_partial(hint, 1, 0) FROM badges", "SELECT hint FROM badges"),
        FlowRule::MixedCondition => queries("SELECT count(*) FROM patients WHERE name <> 'person 1' AND illness = 'flu'", "SELECT count(*) FROM patients WHERE name <> 'person 1' OR illness = 'flu'"),
        FlowRule::ModelInput => queries("SELECT score_ratio_v1(debt, income) FROM borrowers", "SELECT score_ratio_v1(income, debt) FROM borrowers"),
        FlowRule::ModelPin => queries("SELECT score_ratio_v1(debt, income) FROM borrowers", "SELECT score_other_v1(debt, income) FROM borrowers"),
        FlowRule::ModelStopped => queries("SELECT score_ratio_v1(debt, income) FROM borrowers", "SELECT score_old_v1(debt, income) FROM borrowers"),
        FlowRule::ModelUnreviewed => queries("SELECT score_ratio_v1(debt, income) FROM borrowers", "SELECT score_level_v1(level) FROM badges"),
        FlowRule::NotAQuery => queries("SELECT 1", "SELECT 1 FORM stations"),
        FlowRule::NotGranted => queries("SELECT number FROM locks", "SELECT ungranted FROM locks"),
        FlowRule::OtherMask => queries("SELECT mask_partial(hint, 1, 0) FROM badges", "SELECT mask_partial(hint, 2, 0) FROM badges"),
        FlowRule::ParameterChoice => queries("SELECT illness, count(*) FROM patients WHERE name = $1 GROUP BY illness", "SELECT illness, count(*) FROM patients WHERE name <> $1 GROUP BY illness"),
        FlowRule::PartialGroup => queries("SELECT sum(pay) FROM staff WHERE name = 'worker 7'", "SELECT sum(pay) FILTER (WHERE name = 'worker 7') FROM staff"),
        FlowRule::PrivateJoined => queries("SELECT sum(pay) FROM salaries", "SELECT kind, sum(pay) FROM salaries JOIN claims ON holder = insured GROUP BY kind"),
        FlowRule::PrivateParameters => queries("SELECT sum(pay) FROM staff", "SELECT sum(owed) FROM upside_down"),
        FlowRule::PrivateRows => queries("SELECT sum(pay) FROM staff", "SELECT sum(fine) FROM rides"),
        FlowRule::ReleasedTwice => queries("SELECT illness, count(*) FROM patients GROUP BY ROLLUP (illness)", "SELECT count(*) FROM patients UNION ALL SELECT count(*) FROM patients WHERE year > 2005"),
        FlowRule::ScoredOnly => queries("SELECT number FROM borrowers WHERE score_ratio_v1(debt, income) > 1", "SELECT number FROM borrowers WHERE debt > 1"),
        FlowRule::SubjectLost => queries("SELECT clinic, count(*) FROM visits GROUP BY clinic", "SELECT clinic, count(*) FROM (SELECT clinic FROM visits) v GROUP BY clinic"),
        FlowRule::TextGrowth => made(doubled(3), doubled(12)),
        FlowRule::TooComplex => made(added(10), added(2_000)),
        FlowRule::TooDeep => made(nested(5), nested(200)),
        FlowRule::TooLong => made(padded(SQL_CHARACTERS_MAX), padded(SQL_CHARACTERS_MAX + 1)),
        FlowRule::TotalsPrivate => queries("SELECT team, sum(pay) FROM staff GROUP BY team", "SELECT team, sum(pay) FROM staff GROUP BY ROLLUP (team)"),
        FlowRule::TotalsShape => queries("SELECT illness, ward, count(*) FROM patients GROUP BY CUBE (illness, ward)", "SELECT illness, ward, count(*) FROM patients GROUP BY GROUPING SETS ((illness), (ward))"),
        FlowRule::TrainIdentifier => Pair::Training("SELECT income, debt, late FROM applicants", "SELECT number, late FROM cases"),
        FlowRule::TrainInput => Pair::Training("SELECT income, debt, late FROM applicants", "SELECT income, region, late FROM applicants"),
        FlowRule::TrainLabel => Pair::Training("SELECT income, number > 150 FROM applicants", "SELECT income, number % 2 FROM applicants"),
        FlowRule::TrainRule => Pair::Training("SELECT income, debt, late FROM applicants", "SELECT income, salary, late FROM applicants"),
        FlowRule::TrainShape => Pair::Training("SELECT income, debt, late FROM applicants WHERE number > 3", "SELECT income, debt, late FROM applicants ORDER BY number"),
        FlowRule::TrainSubject => Pair::Training("SELECT income, debt, late FROM applicants", "SELECT debt, income FROM borrowers"),
        FlowRule::UnknownFunction => queries("SELECT abs(level % 7) FROM stations", "SELECT nanvl(value, level) FROM stations"),
        FlowRule::Unsupported => queries("SELECT illness, count(*) FROM patients GROUP BY ROLLUP (illness)", "SELECT grouping(illness), count(*) FROM patients GROUP BY ROLLUP (illness)"),
    }
}

pub(super) async fn every_rule_passes_and_refuses() {
    let tables = tables();
    let access = world::access(&tables, false);
    for rule in FlowRule::ALL {
        let told = match pair(*rule) {
            Pair::Queries(passes, refused) => {
                assert_eq!(
                    verdict(&passes, &access, &tables).await,
                    Ok(()),
                    "{}: {passes}",
                    rule.id()
                );
                verdict(&refused, &access, &tables).await
            }
            Pair::Training(passes, refused) => {
                let passed = crate::training::checked(passes).map(|_| ());
                assert_eq!(passed, Ok(()), "{}: {passes}", rule.id());
                crate::training::checked(refused).map(|_| ())
            }
            Pair::Grants(of, column) => {
                let sql = format!("SELECT count(*) FROM {of}");
                let granting = |release| Access {
                    tightened: BTreeMap::from([(of.to_owned(), BTreeMap::from([(column.to_owned(), release)]))]),
                    ..access.clone()
                };
                let closed = verdict(&sql, &granting(ReleaseRule::Closed), &tables).await;
                assert_eq!(closed, Ok(()), "{}", rule.id());
                verdict(&sql, &granting(ReleaseRule::Open), &tables).await
            }
        };
        let Err(refusal) = told else {
            panic!("nothing is refused in the name of {}", rule.id());
        };
        assert_eq!(refusal.rule, rule.id(), "{refusal}");
        let texts = [&refusal.message, &refusal.remedy];
        assert!(
            texts.iter().all(|text| !text.zh.is_ascii() && !text.en.is_empty()),
            "{refusal:?}"
        );
    }
}

/// Of what passes an answer leaves.
async fn verdict(sql: &str, access: &Access, tables: &[Table]) -> Result<(), FlowRefusal> {
    let engine = Engine::new(Config::default()).unwrap();
    let types = if sql.contains("$1") {
        &[FieldType::Text][..]
    } else {
        &[]
    };
    let checked = engine.check(sql, access, tables.to_vec(), types).await?;
    let prepared = engine.prepare(checked).await.unwrap();
    let values = types.iter().map(|_| Param::Text("person 1".to_owned()));
    let answer = prepared.execute(&values.collect::<Vec<_>>(), DAY).await;
    answer.unwrap_or_else(|error| panic!("{sql}: {error}"));
    Ok(())
}

/// Those of the world, and such as rules are about that none of them breaks.
fn tables() -> Vec<Table> {
    let text = |name, rule, of: &str| {
        let of = of.to_owned();
        (
            name,
            FieldType::Text,
            rule,
            texts((0..9).map(move |number| format!("{of} {number}"))),
        )
    };
    let private = |low, high| ReleaseRule::Private {
        functions: [F::Sum].into(),
        rho_micro: 1_000,
        low,
        high,
        noise: NoiseDistribution::default(),
        contribution: Contribution::default(),
    };
    let number = |name, rule| (name, FieldType::Integer, rule, whole(0..9));
    let consented = || ReleaseRule::Consented;
    let clients = vec![
        text("code", consented(), "c"),
        text("title", consented(), "firm"),
        text("trade", ReleaseRule::Group, "trade"),
    ];
    let letters = vec![text("line", consented(), "line"), number("day", ReleaseRule::Open)];
    let salaries = vec![
        text("holder", ReleaseRule::Join, "card"),
        number("pay", private(0, 100)),
    ];
    let upside_down = vec![number("id", ReleaseRule::Closed), number("owed", private(100, 0))];
    let mut tables = world::tables();
    tables.extend([
        table("clients", Some("code"), true, clients),
        table("letters", None, false, letters),
        table("salaries", Some("holder"), true, salaries),
        table("upside_down", Some("id"), true, upside_down),
    ]);
    tables
}
