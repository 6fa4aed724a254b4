//! Selections with several applicants: who is first, who is set aside, and when a tender fails.

use std::collections::BTreeMap;

use gongshu_governance::identifier::{AgreementId, SelectionId};
use gongshu_governance::rules::RuleBook;
use gongshu_governance::selection::ranking;
use gongshu_governance::{Command, Event};
use serde_json::{Value, json};

use crate::coverage::altered;
use crate::district::{CALENDAR, District, NATIONAL, path};
use crate::steps::selection;

fn step(act: &str, changes: &[(&str, Value)]) -> Command {
    let steps = selection();
    let (_, command) = steps.iter().find(|(_, command)| command.act().id() == act).unwrap();
    altered(command, changes)
}

/// The district once a selection is announced so.
fn announced(changes: &[(&str, Value)]) -> District {
    let (mut district, agency, _) = District::before("selection.announce");
    district.must(agency, &step("selection.announce", changes));
    district
}

fn applied(district: &mut District, applicant: &str) {
    district.must(applicant, &step("selection.apply", &[]));
    let whose = [("/of/applicant", json!(applicant))];
    district.must("pty_agency", &step("selection.qualify", &whose));
}

/// Five members give these points for technique and service.
fn scored(district: &mut District, applicant: &str, [technique, service]: [u32; 2]) {
    let points = json!({"技术能力": technique, "服务能力": service});
    let sheets: BTreeMap<String, &Value> = (1..=5).map(|number| (format!("评委{number}"), &points)).collect();
    let changes = [("/of/applicant", json!(applicant)), ("/of/scores", json!(sheets))];
    district.must("pty_agency", &step("selection.score", &changes));
}

fn publicize(applicant: &str) -> Command {
    step("selection.publicize", &[("/of/applicant", json!(applicant))])
}

fn contested(first: [u32; 2], second: [u32; 2]) -> District {
    let mut district = announced(&[]);
    applied(&mut district, "pty_operator");
    applied(&mut district, "pty_operator2");
    district.must("pty_agency", &step("selection.panel", &[]));
    scored(&mut district, "pty_operator", first);
    scored(&mut district, "pty_operator2", second);
    district
}

fn refused(district: &District, party: &str, command: &Command) -> String {
    district.decide(party, command).unwrap_err().rule
}

#[test]
fn only_the_first_is_publicized() {
    let district = contested([50, 30], [50, 31]);
    assert_eq!(
        refused(&district, "pty_agency", &publicize("pty_operator")),
        "selection.scores"
    );
    assert!(district.decide("pty_agency", &publicize("pty_operator2")).is_ok());
    let selection = &district.state.selections[&SelectionId::new("sel_1")];
    let totals: Vec<u32> = ranking(selection).iter().map(|place| place.total).collect();
    assert_eq!(totals, [405, 400]);
}

#[test]
fn equal_totals_are_told_apart_by_the_criteria_in_their_order() {
    let district = contested([50, 30], [49, 31]);
    assert_eq!(
        refused(&district, "pty_agency", &publicize("pty_operator2")),
        "selection.scores"
    );
    assert!(district.decide("pty_agency", &publicize("pty_operator")).is_ok());
    let alike = contested([50, 30], [50, 30]);
    assert!(alike.decide("pty_agency", &publicize("pty_operator")).is_ok());
    assert!(alike.decide("pty_agency", &publicize("pty_operator2")).is_ok());
}

#[test]
fn nobody_is_publicized_before_all_have_scored() {
    let mut district = announced(&[]);
    applied(&mut district, "pty_operator");
    applied(&mut district, "pty_operator2");
    district.must("pty_agency", &step("selection.panel", &[]));
    scored(&mut district, "pty_operator", [60, 40]);
    assert_eq!(
        refused(&district, "pty_agency", &publicize("pty_operator")),
        "selection.scores"
    );
}

#[test]
fn an_objection_that_is_upheld_makes_way_for_the_next() {
    let mut district = contested([60, 40], [50, 30]);
    district.must("pty_agency", &publicize("pty_operator"));
    district.must("pty_operator2", &step("selection.object", &[]));
    let confirm = step("selection.confirm", &[]);
    assert_eq!(refused(&district, "pty_agency", &confirm), "selection.objections");
    district.must("pty_agency", &step("selection.resolve", &[("/of/upheld", json!(true))]));
    assert_eq!(refused(&district, "pty_agency", &confirm), "selection.publicity");
    assert_eq!(
        refused(&district, "pty_agency", &publicize("pty_operator")),
        "selection.scores"
    );
    district.must("pty_agency", &publicize("pty_operator2"));
    district.must("pty_agency", &confirm);
    let mut path = path()
        .into_iter()
        .skip_while(|(_, command)| command.act().id() != "resource.register");
    let (market, resource) = path.next().unwrap();
    district.must(market, &resource);
    let (market, clearance) = path
        .find(|(_, command)| command.act().id() == "resource.clear")
        .unwrap();
    district.must(market, &clearance);
    let (agency, agreement) = path
        .find(|(_, command)| command.act().id() == "agreement.propose")
        .unwrap();
    assert_eq!(refused(&district, agency, &agreement), "agreement.selected");
    let second = altered(&agreement, &[("/of/operator", json!("pty_operator2"))]);
    assert!(district.decide(agency, &second).is_ok());
}

#[test]
fn a_tender_waits_for_its_end_and_needs_three() {
    let tender = [
        ("/of/method", json!("open_tender")),
        ("/of/term/until", json!("2026-04-01")),
    ];
    let mut district = announced(&tender);
    applied(&mut district, "pty_operator");
    applied(&mut district, "pty_operator2");
    let panel = step("selection.panel", &[]);
    let early = district.decide("pty_agency", &panel).unwrap_err();
    assert_eq!(
        (early.rule.as_str(), early.message.en.as_str()),
        ("selection.applications", "applications are still taken")
    );
    district.now = "2026-04-02T02:00:00Z".parse().unwrap();
    let few = district.decide("pty_agency", &panel).unwrap_err();
    assert_eq!(few.rule, "selection.applications");
    assert!(few.message.en.contains("2 applicants"), "{}", few.message.en);
    assert_eq!(
        refused(&district, "pty_operator", &step("selection.apply", &[])),
        "record.duplicate"
    );
}

#[test]
fn applications_come_in_time_and_before_the_panel() {
    let mut district = announced(&[("/of/term/until", json!("2026-03-31"))]);
    let apply = step("selection.apply", &[]);
    assert_eq!(refused(&district, "pty_operator", &apply), "selection.applications");
    district = announced(&[]);
    applied(&mut district, "pty_operator");
    district.must("pty_agency", &step("selection.panel", &[]));
    assert_eq!(refused(&district, "pty_operator2", &apply), "selection.applications");
}

#[test]
fn who_does_not_hold_a_hard_condition_does_not_qualify() {
    let table = [
        ("/of/legal_person", json!(false), "legal person"),
        ("/of/protection_level", json!(2), "level 2"),
        ("/of/last_blemish", json!("2026-01-01"), "2026-01-01"),
    ];
    for (place, value, word) in table {
        let mut district = announced(&[]);
        district.must("pty_operator", &step("selection.apply", &[(place, value)]));
        let refusal = district
            .decide("pty_agency", &step("selection.qualify", &[]))
            .unwrap_err();
        assert_eq!(refusal.rule, "selection.qualification");
        assert!(refusal.message.en.contains(word), "{}", refusal.message.en);
        let out = step("selection.qualify", &[("/of/qualified", json!(false))]);
        district.must("pty_agency", &out);
        assert_eq!(
            refused(&district, "pty_agency", &step("selection.panel", &[])),
            "selection.applications"
        );
    }
}

/// What the agency fetched itself, as a check of what the applicant has stated.
fn checked(stated: &serde_json::Value, check: &serde_json::Value) -> Result<(), String> {
    let mut district = announced(&[]);
    district.must(
        "pty_operator",
        &step("selection.apply", &[("/of/last_blemish", stated.clone())]),
    );
    let qualify = crate::altered::with(&step("selection.qualify", &[]), &[("/of/check", check.clone())]);
    district.act("pty_agency", &qualify).map_err(|refusal| {
        assert_eq!(refusal.rule, "selection.qualification", "{refusal:?}");
        refusal.message.en
    })
}

#[test]
fn the_record_of_whoever_qualifies_is_checked_by_the_agency() {
    let report = |day: &str, found: serde_json::Value| json!({"document_sha256": "cc".repeat(32), "day": day, "last_blemish": found});
    let none = json!(null);
    assert_eq!(checked(&none, &report("2026-03-02", none.clone())), Ok(()));
    assert_eq!(
        checked(&json!("2023-01-05"), &report("2026-04-01", json!("2023-01-05"))),
        Ok(())
    );
    assert_eq!(
        checked(&json!("2023-01-05"), &report("2026-04-01", json!("2022-06-01"))),
        Ok(()),
        "what it has stated itself is worse"
    );
    for (stated, check, word) in [
        (none.clone(), none.clone(), "not checked"),
        (
            none.clone(),
            report("2026-04-01", json!("2021-05-05")),
            "stated that there was none",
        ),
        (
            json!("2022-06-01"),
            report("2026-04-01", json!("2025-06-01")),
            "the last was on 2022-06-01",
        ),
        (none.clone(), report("2026-03-01", none.clone()), "of the last 30 days"),
        (none.clone(), report("2026-04-02", none.clone()), "of the last 30 days"),
        (
            json!("2023-01-05"),
            report("2026-03-20", json!("2026-03-21")),
            "of a later day",
        ),
        (
            none.clone(),
            json!({"document_sha256": "无", "day": "2026-04-01"}),
            "no report",
        ),
    ] {
        let said = checked(&stated, &check).unwrap_err();
        assert!(said.contains(word), "{said}");
    }
}

/// Whoever has stated what is untrue is turned down, with the check on record.
#[test]
fn an_untrue_statement_ends_in_a_decision_against_the_applicant() {
    let mut district = announced(&[]);
    district.must(
        "pty_operator",
        &step("selection.apply", &[("/of/last_blemish", json!(null))]),
    );
    let out = step(
        "selection.qualify",
        &[
            ("/of/qualified", json!(false)),
            ("/of/check/last_blemish", json!("2025-11-11")),
        ],
    );
    district.must("pty_agency", &out);
    let selection = &district.state.selections[&SelectionId::new("sel_1")];
    let applicant = selection.applicants.values().next().unwrap();
    let check = applicant.qualification.as_ref().unwrap().check.as_ref().unwrap();
    assert!(check.contradicts(applicant) && selection.qualified().count() == 0);
}

/// A district may go by statements alone, as all did before packs said it.
#[test]
fn the_pack_says_whether_a_check_is_needed() {
    use crate::district::{CALENDAR, NATIONAL, overlay, rules_of};
    let (district, agency, qualify) = District::before("selection.qualify");
    let unchecked = crate::altered::with(&qualify, &[("/of/check", json!(null))]);
    let off = rules_of(&[NATIONAL, CALENDAR, &overlay("\ncheck = 1", "\ncheck = 0")]);
    let before = crate::earlier::packs_of_before(NATIONAL, "check = 1\n");
    for rules in [&off, &before] {
        assert!(district.decide_under(rules, agency, &unchecked).is_ok());
        let untrue = crate::altered::altered(&qualify, &[("/of/check/last_blemish", json!("2026-03-03"))]);
        assert!(
            district.decide_under(rules, agency, &untrue).is_err(),
            "what is found counts all the same"
        );
    }
    assert_eq!(
        district.decide(agency, &unchecked).unwrap_err().rule,
        "selection.qualification"
    );
}

/// A selection with this method and these invited, decided on its announcement.
fn announced_so(changes: &[(&str, serde_json::Value)]) -> (District, Result<(), gongshu_governance::Refusal>) {
    let (mut district, agency, announce) = District::before("selection.announce");
    let outcome = district.act(agency, &crate::altered::with(&announce, changes));
    (district, outcome)
}

#[test]
fn an_invited_tender_names_whom_it_invites_and_nobody_else_applies() {
    let method = ("/of/method", json!("invited_tender"));
    let third = |invited: serde_json::Value| announced_so(&[method.clone(), ("/of/invited", invited)]).1;
    let rule = |outcome: Result<(), gongshu_governance::Refusal>| outcome.unwrap_err().rule;
    assert_eq!(rule(third(json!([]))), "selection.applications", "nobody is invited");
    assert_eq!(
        rule(third(json!(["pty_operator", "pty_operator2"]))),
        "selection.applications",
        "too few"
    );
    assert_eq!(
        rule(third(json!(["pty_operator", "pty_operator2", "pty_bank"]))),
        "record.input",
        "a bank"
    );
    let (_, open) = announced_so(&[("/of/invited", json!(["pty_operator"]))]);
    assert_eq!(
        rule(open),
        "selection.applications",
        "a negotiation invites nobody by name"
    );

    let (mut district, agency, announce) = District::before("selection.announce");
    let (_, founder, register) = District::before("party.register");
    for id in ["pty_operator3", "pty_operator4"] {
        let party = json!({"id": id, "role": "operator", "name": id, "code": "11440300MB2D00099X"});
        let mut document = serde_json::to_value(&register).unwrap();
        document["of"] = json!({"organization": false, "party": party});
        document["of"]["party"]["code"] = json!(format!(
            "11440300MB2D000{}X",
            90 + id.len() + id.as_bytes()[12] as usize - 48
        ));
        district.must(founder, &serde_json::from_value(document).unwrap());
    }
    let invited = json!(["pty_operator", "pty_operator3", "pty_operator4"]);
    district.must(
        agency,
        &crate::altered::with(&announce, &[method, ("/of/invited", invited)]),
    );
    let (_, operator, apply) = District::before("selection.apply");
    assert_eq!(
        district.decide("pty_operator2", &apply).unwrap_err().rule,
        "selection.applications"
    );
    assert!(district.decide(operator, &apply).is_ok());
}

#[test]
fn a_selection_comes_to_nothing_when_too_few_are_left_and_not_before() {
    let (_, agency, fail) = District::before("selection.fail");
    let of_first = crate::altered::altered(&fail, &[("/of/selection", json!("sel_1"))]);
    let (mut district, ..) = District::before("selection.qualify");
    assert_eq!(
        refused(&district, agency, &of_first),
        "selection.applications",
        "applications are taken"
    );
    district.now = "2026-04-02T02:00:00Z".parse().unwrap();
    assert_eq!(
        refused(&district, agency, &of_first),
        "selection.applications",
        "one waits"
    );
    let (_, _, qualify) = District::before("selection.qualify");
    let mut enough = district.clone();
    enough.must(agency, &qualify);
    assert_eq!(
        refused(&enough, agency, &of_first),
        "selection.applications",
        "one is enough for a negotiation"
    );
    let unfit = [("/of/qualified", json!(false)), ("/of/reason", json!("材料不实"))];
    district.must(agency, &crate::altered::altered(&qualify, &unfit));
    district.must(agency, &of_first);
    assert_eq!(
        district.state.selections[&SelectionId::new("sel_1")]
            .failed
            .as_ref()
            .unwrap()
            .reason,
        "无人报名"
    );
    for act in ["selection.panel", "selection.publicize", "selection.confirm"] {
        let (_, party, command) = District::before(act);
        assert_eq!(refused(&district, party, &command), "record.state", "{act}");
    }
}

#[test]
fn an_objection_comes_during_the_publicity_or_with_the_letter_that_did() {
    let (district, agency, object) = District::before("selection.object");
    let with = |received: serde_json::Value| {
        let command = crate::altered::altered(&object, &[("/of/received", received)]);
        district
            .decide(agency, &command)
            .err()
            .map_or_else(String::new, |refusal| refusal.rule)
    };
    let letter = |day: &str, hash: &str| json!({"day": day, "document_sha256": hash});
    assert_eq!(with(json!(null)), "selection.objections", "it ended yesterday");
    assert_eq!(with(letter("2026-03-28", &"d2".repeat(32))), "");
    assert_eq!(
        with(letter("2026-03-27", &"d2".repeat(32))),
        "selection.objections",
        "before it"
    );
    assert_eq!(
        with(letter("2026-04-01", &"d2".repeat(32))),
        "selection.objections",
        "after it"
    );
    assert_eq!(
        with(letter("2026-03-31", "信")),
        "selection.objections",
        "nothing shows it"
    );
}

#[test]
fn nothing_fails_while_an_objection_waits() {
    let mut district = announced(&[]);
    applied(&mut district, "pty_operator");
    district.must("pty_agency", &step("selection.panel", &[]));
    scored(&mut district, "pty_operator", [60, 40]);
    district.must("pty_agency", &publicize("pty_operator"));
    for number in [1, 2] {
        let numbered = [("/of/objection", json!(number))];
        district.must("pty_operator2", &step("selection.object", &numbered));
    }
    let upheld = |number: u32| {
        let changes = [("/of/objection", json!(number)), ("/of/upheld", json!(true))];
        step("selection.resolve", &changes)
    };
    district.must("pty_agency", &upheld(1));
    district.now = "2026-04-02T02:00:00Z".parse().unwrap();
    let fail = altered(
        &District::before("selection.fail").2,
        &[("/of/selection", json!("sel_1"))],
    );
    let refusal = district.decide("pty_agency", &fail).unwrap_err();
    assert!(refusal.message.en.contains("objection"), "{refusal:?}");
    district.must("pty_agency", &upheld(2));
    district.must("pty_agency", &fail);
}

/// A second agreement on the same selection would run past the longest term without competition.
#[test]
fn a_selection_carries_one_agreement_and_none_after_its_end() {
    let (_, agency, propose) = District::before("agreement.propose");
    let second = altered(&propose, &[("/of/id", json!("agr_2"))]);
    let (mut district, operator, sign) = District::before("agreement.sign");
    let refusal = district.decide(agency, &second).unwrap_err();
    assert_eq!(refusal.rule, "agreement.selected");
    assert!(refusal.remedy.en.contains("agreement.withdraw"), "{refusal:?}");
    district.must(operator, &sign);
    let refusal = district.decide(agency, &second).unwrap_err();
    assert_eq!(refusal.rule, "agreement.selected");
    let (_, agency, start) = District::before("exit.start");
    let breach = [
        ("/of/ground", json!("serious_breach")),
        ("/of/document_sha256", json!("e1".repeat(32))),
    ];
    district.must(agency, &altered(&start, &breach));
    let refusal = district.decide(agency, &second).unwrap_err();
    assert_eq!(refusal.rule, "agreement.selected");
    assert!(refusal.remedy.en.contains("selection.announce"), "{refusal:?}");
    // Decisions by packs that did not say so are decided as they were.
    let present = RuleBook::load(&[NATIONAL, CALENDAR]).unwrap();
    let earlier = NATIONAL.replace("once = 1\n", "");
    assert_ne!(earlier, NATIONAL);
    let earlier = RuleBook::of_record(&[&earlier, CALENDAR], &present).unwrap();
    assert!(district.decide_under(earlier.at(district.now), agency, &second).is_ok());
}

/// Two that were proposed before that was a rule: only one of them is signed.
#[test]
fn of_two_agreements_on_one_selection_one_is_signed() {
    let (mut district, operator, sign) = District::before("agreement.sign");
    let mut twin = None;
    for event in &district.events {
        if let Event::AgreementProposed { terms, agency } = event {
            let mut terms = terms.clone();
            terms.id = AgreementId::new("agr_2");
            let agency = agency.clone();
            twin = Some(Event::AgreementProposed { terms, agency });
        }
    }
    district.happened(twin.unwrap());
    assert_eq!(refused(&district, operator, &sign), "agreement.selected");
    let (_, _, withdraw) = District::before("agreement.withdraw");
    district.must("pty_agency", &altered(&withdraw, &[("/of/agreement", json!("agr_2"))]));
    assert!(district.decide(operator, &sign).is_ok());
}

#[test]
fn the_panel_is_seated_anew_until_somebody_is_scored() {
    let mut district = announced(&[]);
    applied(&mut district, "pty_operator");
    let reseat = |changes: &[(&str, Value)]| step("selection.reseat", changes);
    assert_eq!(
        refused(&district, "pty_agency", &reseat(&[])),
        "selection.panel",
        "none is seated"
    );
    district.must("pty_agency", &step("selection.panel", &[]));
    for (changes, rule) in [
        (("/of/reason", json!(" ")), "record.input"),
        (("/of/leader", json!("评委9")), "selection.panel"),
        (("/of/members/4/works_for", json!("pty_operator")), "selection.panel"),
        (("/of/members/4/interests", json!(["pty_operator"])), "selection.panel"),
    ] {
        assert_eq!(
            refused(&district, "pty_agency", &reseat(std::slice::from_ref(&changes))),
            rule,
            "{changes:?}"
        );
    }
    let other = reseat(&[("/of/members/4/name", json!("评委6"))]);
    district.must("pty_agency", &other);
    let score = step("selection.score", &[]);
    assert_eq!(
        refused(&district, "pty_agency", &score),
        "selection.scores",
        "the sheets are of those who sit there now"
    );
    district.must("pty_agency", &reseat(&[]));
    district.must("pty_agency", &score);
    assert_eq!(
        refused(&district, "pty_agency", &other),
        "selection.panel",
        "it has begun to score"
    );
}

#[test]
fn an_application_is_taken_back_while_applications_are_taken() {
    let withdraw = altered(
        &District::before("selection.withdraw").2,
        &[("/of/selection", json!("sel_1"))],
    );
    let mut district = announced(&[]);
    assert_eq!(refused(&district, "pty_operator", &withdraw), "record.unknown");
    applied(&mut district, "pty_operator");
    district.must("pty_operator", &withdraw);
    let selection = &district.state.selections[&SelectionId::new("sel_1")];
    assert!(selection.applicants.is_empty() && selection.withdrawn.len() == 1);
    applied(&mut district, "pty_operator");
    let mut seated = district.clone();
    seated.must("pty_agency", &step("selection.panel", &[]));
    assert_eq!(refused(&seated, "pty_operator", &withdraw), "selection.applications");
    district.now = "2026-04-02T02:00:00Z".parse().unwrap();
    assert_eq!(refused(&district, "pty_operator", &withdraw), "selection.applications");
}

/// A winner who does not sign makes way for the next (招标投标法实施条例 55), or for another selection.
#[test]
fn a_winner_who_does_not_sign_makes_way_for_the_next() {
    let cancel = |next: bool| {
        let changes = [("/of/selection", json!("sel_1")), ("/of/next_candidate", json!(next))];
        crate::altered::with(&District::before("selection.cancel").2, &changes)
    };
    let confirm = step("selection.confirm", &[]);
    let mut district = contested([60, 40], [50, 30]);
    assert_eq!(
        refused(&district, "pty_agency", &cancel(true)),
        "selection.scores",
        "nobody is selected"
    );
    district.must("pty_agency", &publicize("pty_operator"));
    district.must("pty_agency", &confirm);
    let mut given_up = district.clone();
    district.must("pty_agency", &cancel(true));
    assert_eq!(
        refused(&district, "pty_agency", &publicize("pty_operator")),
        "selection.scores"
    );
    district.must("pty_agency", &publicize("pty_operator2"));
    district.must("pty_agency", &confirm);
    assert_eq!(
        refused(&district, "pty_agency", &cancel(true)),
        "selection.scores",
        "nobody is left"
    );
    given_up.must("pty_agency", &cancel(false));
    for command in [cancel(false), publicize("pty_operator2")] {
        assert_eq!(refused(&given_up, "pty_agency", &command), "record.state");
    }
    let (_, agency, propose) = District::before("agreement.propose");
    assert_eq!(refused(&given_up, agency, &propose), "agreement.selected");
    // What carries an agreement is not cancelled.
    let signed = District::before("scenario.apply").0;
    assert_eq!(refused(&signed, "pty_agency", &cancel(false)), "agreement.selected");
}
