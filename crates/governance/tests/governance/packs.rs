//! The rule packs that come with the program, and what is said of broken ones.

use gongshu_governance::party::Role;
use gongshu_governance::power::{Act, Powers};
use gongshu_governance::rules::{Difference, Pack, Rule, Rules, diff, explain, propose};

const NATIONAL: &str = include_str!("../../../../rules/national.toml");
const DISTRICT: &str = include_str!("../../../../rules/longhua.toml");

#[test]
fn the_packs_load_and_the_district_overrides() {
    let national = Rules::load(&[NATIONAL]).unwrap();
    let both = Rules::load(&[NATIONAL, DISTRICT]).unwrap();
    assert_eq!(both.parameters().agreement_years_max, 5);
    assert!(
        both.source(Rule::Approval).contains("79号"),
        "{}",
        both.source(Rule::Approval)
    );
    assert_ne!(national.hash(), both.hash());
}

#[test]
fn a_broken_pack_says_what_to_mend() {
    let check = |text: &str, expected: &str| {
        let error = Rules::load(&[NATIONAL, text]).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    let rule = |id: &str, source: &str, parameters: &str| {
        format!(
            "[pack]\nid=\"x\"\ntitle=\"x\"\n[rules.\"{id}\"]\nsource=\"{source}\"\narticle=\"1\"\nconfidence=\"H\"\nzh=\"x\"\nen=\"x\"\n{parameters}"
        )
    };
    check("not toml", "rule pack 2 cannot be read");
    check(&rule("agreement.trm", "27号", ""), "check its spelling");
    check(&rule("agreement.term", "99号", ""), "not under [sources]");
    check(&rule("agreement.term", "27号", ""), "`years_max` as a whole number");
    check(
        &rule("agreement.term", "27号", "parameters={years_max=[\"five\"]}"),
        "`years_max` as a whole number",
    );
    assert!(
        Rules::load(&[DISTRICT])
            .unwrap_err()
            .to_string()
            .contains("no rule pack has the rule")
    );
}

#[test]
fn packs_of_an_earlier_release_are_filled_in_by_the_present_ones() {
    let present = Rules::load(&[NATIONAL, DISTRICT]).unwrap();
    // An earlier release knew neither incidents nor how many experts a panel has, and knew a rule that is gone.
    let (before, after) = NATIONAL.split_once("[rules.\"incident.clock\"]").unwrap();
    let rest = &after[after.find("[rules.\"evidence.package\"]").unwrap()..];
    let earlier = format!("{before}{rest}")
        .replace("experts_min = 5", "")
        .replace("years_max = 5\n", "years_max = 4\n");
    let gone = "[pack]\nid=\"x\"\ntitle=\"x\"\n[rules.\"plan.colour\"]\nsource=\"x\"\narticle=\"1\"\nconfidence=\"L\"\nzh=\"x\"\nen=\"x\"\n";
    let packs = [earlier.as_str(), gone];
    assert!(Rules::load(&packs).is_err());
    let recorded = Rules::of_record(&packs, &present).unwrap();
    assert_eq!(recorded.hash(), Rules::hash_of(&packs));
    assert_eq!(
        recorded.parameters().plan_experts_min,
        present.parameters().plan_experts_min
    );
    assert_eq!(recorded.parameters().report_hours_operator, 4);
    // What it did say stands.
    assert_eq!(
        (
            recorded.parameters().agreement_years_max,
            present.parameters().agreement_years_max
        ),
        (4, 5)
    );
}

#[test]
fn every_act_is_somebodys_and_no_role_does_all() {
    let powers = Powers::load().unwrap();
    let party = gongshu_governance::identifier::PartyId::new("pty_1");
    for act in Act::ALL {
        let roles: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|role| powers.allows(&party, *role, *act, Some(&party)))
            .collect();
        assert!(!roles.is_empty(), "nobody may {}", act.id());
    }
    assert!(!powers.allows(&party, Role::Consumer, Act::GrantScenario, Some(&party)));
    let other = gongshu_governance::identifier::PartyId::new("pty_2");
    assert!(powers.allows(&party, Role::Provider, Act::ApproveResource, Some(&party)));
    assert!(!powers.allows(&party, Role::Provider, Act::ApproveResource, Some(&other)));
}

#[test]
fn every_rule_is_explained_and_no_other() {
    let rules = Rules::load(&[NATIONAL, DISTRICT]).unwrap();
    for rule in Rule::ALL {
        let explanation = explain(&rules, rule.id()).unwrap();
        assert_eq!(explanation.id, rule.id());
        assert_eq!(explanation.source, rules.source(*rule));
        assert!(!explanation.text.zh.is_empty());
    }
    assert_eq!(explain(&rules, "agreement.trm"), None);
}

#[test]
fn two_packs_differ_where_they_say_so() {
    let before = Pack::read(NATIONAL).unwrap();
    assert_eq!(diff(&before, &before), []);
    let mut after = before.clone();
    let shorter = NATIONAL.replace("years_max = 5", "years_max = 3");
    after.rules = Pack::read(&shorter).unwrap().rules;
    after.rules.remove("price.free");
    let moved = after.rules.get_mut("price.set").unwrap();
    moved.article = "另条".to_owned();
    let expected = [
        Difference::Changed("agreement.term".to_owned(), vec!["parameters.years_max".to_owned()]),
        Difference::Removed("price.free".to_owned()),
        Difference::Changed("price.set".to_owned(), vec!["article".to_owned()]),
    ];
    assert_eq!(diff(&before, &after), expected);
    let back = diff(&after, &before);
    assert!(back.contains(&Difference::Added("price.free".to_owned())), "{back:?}");
    assert!(Pack::read("not toml").is_err());
}

#[test]
fn a_proposed_pack_takes_the_place_of_its_like_or_comes_on_top() {
    let shorter = NATIONAL.replace("years_max = 5", "years_max = 3");
    assert_eq!(propose(&[NATIONAL, DISTRICT], &shorter).unwrap(), [&shorter, DISTRICT]);
    let street = DISTRICT.replace("id = \"longhua\"", "id = \"street\"");
    let layers = propose(&[NATIONAL, DISTRICT], &street).unwrap();
    assert_eq!(layers, [NATIONAL, DISTRICT, &street]);
    assert!(propose(&[NATIONAL], "not toml").is_err());
}
