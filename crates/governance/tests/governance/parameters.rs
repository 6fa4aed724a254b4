//! Numbers and words of the field that a district corrects in its pack: the points of a selection and of an assessment, the
//! scale of risks, the experts that a plan needs, the words for how often data is updated.

use gongshu_governance::identifier::PlanId;
use gongshu_governance::rules::{RuleBook, Rules};
use gongshu_governance::{Command, Event};
use serde_json::{Value, json};

use crate::altered::altered;
use crate::district::{CALENDAR, District, NATIONAL, overlay, rules_of};

fn under(before: &str, after: &str) -> Rules {
    rules_of(&[NATIONAL, CALENDAR, &overlay(before, after)])
}

/// The rule that refuses a step of the path, with these changes, by these rules.
fn refused(rules: &Rules, act: &str, changes: &[(&str, Value)]) -> Option<String> {
    let (district, party, command) = District::before(act);
    let command = altered(&command, changes);
    district.decide_under(rules, party, &command).err().map(|it| it.rule)
}

#[test]
fn the_points_of_a_selection_are_those_of_the_pack() {
    let rules = rules_of(&[NATIONAL, CALENDAR, &selection_of(100)]);
    assert_eq!(refused(&rules, "selection.announce", &[]), None);
    let rules = rules_of(&[NATIONAL, CALENDAR, &selection_of(150)]);
    let refusal = {
        let (district, party, command) = District::before("selection.announce");
        district.decide_under(&rules, party, &command).unwrap_err()
    };
    assert_eq!(refusal.rule, "selection.conditions");
    assert!(refusal.message.en.contains("they carry 150"), "{refusal:?}");
    assert!(
        refusal.source.contains("区县"),
        "the number is the district's: {refusal:?}"
    );
    let more = [("/of/criteria/0/points", json!(110))];
    assert_eq!(refused(&rules, "selection.announce", &more), None);
}

fn selection_of(points: u32) -> String {
    overlay(
        "年无安全事件与处罚\", \"存储与算力\"]",
        "年无安全事件与处罚\", \"存储与算力\"]",
    )
    .replace("points = 100", &format!("points = {points}"))
}

#[test]
fn the_scale_of_risks_is_that_of_the_pack() {
    let six = [("/of/risks/异常访问/likelihood", json!(6))];
    assert_eq!(refused(&under("scale = 5", "scale = 10"), "scenario.risk", &six), None);
    let three = under("scale = 5", "scale = 3");
    let four = [("/of/risks/异常访问/likelihood", json!(4))];
    assert_eq!(
        refused(&three, "scenario.risk", &four).as_deref(),
        Some("scenario.risk")
    );
}

/// Where two thirds are asked for, three of five are not enough. The record says so where it is not what most say, and only
/// there: what is on record from before means what it meant.
#[test]
fn a_plan_passes_with_as_many_experts_as_the_pack_asks_for() {
    let conclude = |rules: &Rules, in_favour: u32| {
        let (mut district, agency, conclude) = District::before("plan.conclude");
        let of = [
            ("/of/in_favour", json!(in_favour)),
            ("/of/against", json!(5 - in_favour)),
        ];
        let events = district.decide_under(rules, agency, &altered(&conclude, &of)).unwrap();
        let said = serde_json::to_value(&events[0])
            .unwrap()
            .pointer("/of/of/passed")
            .cloned();
        for event in events {
            district.happened(event);
        }
        (said, district.state.plans[&PlanId::new("pln_1")].conclusion.is_some())
    };
    let most = under("in_favour_percent_above = 50", "in_favour_percent_above = 50");
    assert_eq!([2, 3].map(|it| conclude(&most, it)), [(None, false), (None, true)]);
    let two_thirds = under("in_favour_percent_above = 50", "in_favour_percent_above = 66");
    assert_eq!(
        [2, 3, 4].map(|it| conclude(&two_thirds, it)),
        [(None, false), (Some(json!(false)), false), (None, true)]
    );
}

#[test]
fn a_conclusion_of_before_is_read_as_it_was() {
    let conclusion = json!({"plan": "pln_1", "in_favour": 3, "against": 2, "conclusion": "合法合理"});
    let event: Event =
        serde_json::from_value(json!({"event": "plan", "of": {"event": "review_concluded", "of": conclusion}}))
            .expect("it is read");
    let (mut district, ..) = District::before("plan.conclude");
    district.happened(event);
    assert!(district.state.plans[&PlanId::new("pln_1")].conclusion.is_some());
}

#[test]
fn how_often_data_comes_is_said_by_the_words_of_the_pack() {
    let rules = under("\"每日=1\", \"每天=1\"", "\"隔日=2\", \"每天=1\"");
    let periods = &rules.parameters().update_periods;
    assert_eq!((periods.get("隔日"), periods.get("每日")), (Some(&2), None));
    assert_eq!(
        crate::district::rules().parameters().update_periods.get("每季"),
        Some(&92)
    );
    let (mut district, provider, version) = District::before("version.record");
    district.must(provider, &version);
    district.now = "2026-04-08T02:00:00Z".parse().unwrap();
    let mut next = serde_json::to_value(&version).unwrap();
    let whole = json!({"held": 1, "of": 1});
    next["of"]["version"]["id"] = json!("ver_2");
    next["of"]["version"]["quality"] = json!({"complete": whole, "conforming": whole});
    let next: Command = serde_json::from_value(next).unwrap();
    let orders = |rules: &Rules| district.decide_under(rules, provider, &next).unwrap().len() - 1;
    // The resource is updated each day, by a word that the second pack does not have: it promises nothing there.
    assert_eq!([orders(crate::district::rules()), orders(&rules)], [1, 0]);
}

#[test]
fn a_number_or_word_that_makes_no_sense_is_told() {
    let check = |before: &str, after: &str, expected: &str| {
        let pack = overlay(before, after);
        let error = RuleBook::load(&[NATIONAL, CALENDAR, &pack]).unwrap_err();
        let said = error.to_string();
        assert!(said.contains(expected), "{said}");
        assert!(!error.text().zh.is_ascii());
    };
    check("scale = 5", "scale = 1", "the end of a scale from 1");
    check("scale = 5", "scale = 101", "the end of a scale from 1");
    for percent in ["49", "100"] {
        let after = format!("in_favour_percent_above = {percent}");
        check("in_favour_percent_above = 50", &after, "a percentage from 50 to 99");
    }
    check(
        "\"服务水平=10\"",
        "\"服务水平=11\"",
        "whose weights are `points` together",
    );
    for word in ["每日=0", "每日=4000", "每日=很多", "=1", "每日", "每天=1"] {
        check("\"每日=1\"", &format!("\"{word}\""), "a list of `word=days`");
    }
    let none = RuleBook::load(&[NATIONAL, CALENDAR, &selection_of(0)])
        .unwrap_err()
        .to_string();
    assert!(none.contains("a number of points"), "{none}");
}

/// Packs of before that do not say it were decided by what stood in the program, whatever packs say today.
#[test]
fn what_packs_of_before_do_not_say_is_what_stood_in_the_program() {
    let lines = ["\nscale = 5", "\nin_favour_percent_above = 50", "\npoints = 100"];
    let mut before = lines
        .iter()
        .fold(NATIONAL.to_owned(), |pack, line| pack.replace(line, ""));
    let (from, to) = (
        before.find("\nperiods = [").unwrap(),
        before.find("按年=366\", \"年度=366\",\n]").unwrap(),
    );
    before.replace_range(from..to + "按年=366\", \"年度=366\",\n]".len(), "");
    let today = [
        overlay("scale = 5", "scale = 9"),
        overlay("in_favour_percent_above = 50", "in_favour_percent_above = 66"),
        selection_of(150),
        overlay("\"每日=1\"", "\"隔日=2\""),
        overlay("\"服务水平=10\"", "\"服务水平=60\"").replace("points = 100", "points = 150"),
    ];
    let mut packs = vec![NATIONAL, CALENDAR];
    packs.extend(today.iter().map(String::as_str));
    let present = RuleBook::load(&packs).unwrap();
    let then = RuleBook::of_record(&[&before, CALENDAR], &present).unwrap();
    let now = District::empty().now;
    let of = |book: &RuleBook| {
        let parameters = book.at(now).parameters().clone();
        (
            parameters.risk_scale,
            parameters.in_favour_percent_above,
            parameters.selection_points,
            parameters.indicators.iter().map(|it| it.weight).sum::<u32>(),
            parameters.update_periods.get("每日").copied(),
        )
    };
    assert_eq!(of(&present), (9, 66, 150, 150, None));
    assert_eq!(of(&then), (5, 50, 100, 100, Some(1)));
}

/// The step is the path's, and everybody who asks for it is told the same.
#[test]
fn a_command_that_is_refused_says_by_which_number() {
    let (district, party, command) = District::before("scenario.risk");
    let command: Command = altered(&command, &[("/of/risks/异常访问/impact", json!(4))]);
    let refusal = district
        .decide_under(&under("scale = 5", "scale = 3"), party, &command)
        .unwrap_err();
    assert!(
        refusal.message.zh.contains("1 至 3") && refusal.remedy.en.contains("1 to 3"),
        "{refusal:?}"
    );
}
