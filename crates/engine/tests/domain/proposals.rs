//! Proposals: what a refusal proposes passes the check, over the whole attack suite, and common mistakes get one.

use gongshu_engine::{Access, Config, Engine, FieldType, FlowRefusal};

use crate::{attacks, world};

/// Fewest refused attacks that get a proposal. Most want what no rewrite gives.
const PROPOSALS_MIN: usize = 80;

async fn refusal(engine: &Engine, sql: &str, access: &Access) -> Option<FlowRefusal> {
    let checked = engine.check(sql, access, world::tables(), &[FieldType::Text]).await;
    checked.err()
}

#[tokio::test]
async fn every_proposal_passes() {
    let engine = Engine::new(Config::default()).unwrap();
    let (mut refused, mut proposed) = (0, 0);
    for (_, family) in attacks::families() {
        for attack in &family.attack {
            let access = world::access(&world::tables(), attack.gated);
            let Some(first) = refusal(&engine, &attack.sql, &access).await else {
                continue;
            };
            refused += 1;
            let Some(proposal) = first.proposal else { continue };
            proposed += 1;
            let again = refusal(&engine, &proposal, &access).await;
            assert_eq!(again, None, "{} was proposed for {}", proposal, attack.sql);
        }
    }
    println!("{refused} refused, {proposed} with a proposal");
    assert!(
        proposed >= PROPOSALS_MIN,
        "only {proposed} of {refused} have a proposal"
    );
}

#[tokio::test]
async fn common_mistakes_get_the_evident_rewrite() {
    let cases = [
        "SELECT age FROM patients",
        "SELECT illness, age FROM patients",
        "SELECT illness, count(*) FROM patients",
        "SELECT illness FROM patients",
        "SELECT DISTINCT illness FROM patients",
        "SELECT illness, max(age) FROM patients GROUP BY illness",
        "SELECT min(cost) FROM patients GROUP BY illness",
        "SELECT sum(DISTINCT age) FROM patients",
        "SELECT phone FROM patients",
        "SELECT name, mask_partial(phone, 7, 4) FROM patients",
        "SELECT level FROM badges ORDER BY hint LIMIT 1",
        "SELECT level, hint FROM badges",
        "SELECT * FROM badges",
        "SELECT * FROM locks",
        "SELECT p.* FROM patients p LIMIT 10",
        "SELECT id FROM patients",
        "SELECT illness, age FROM patients WHERE age > 30",
    ];
    let engine = Engine::new(Config::default()).unwrap();
    let access = world::access(&world::tables(), false);
    let mut told = String::new();
    for asked in cases {
        let refusal = refusal(&engine, asked, &access)
            .await
            .unwrap_or_else(|| panic!("{asked} passed"));
        let proposal = refusal.proposal.as_deref().unwrap_or("-");
        told += &format!("{asked}\n  {} → {proposal}\n", refusal.rule);
    }
    insta::assert_snapshot!(told);
}
