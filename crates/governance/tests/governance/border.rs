//! What goes abroad: which path a call needs, by whom it speaks of and how many were before, and what it takes with it.

use gongshu_governance::authorization::{CallRequest, Permit, Usage};
use gongshu_governance::border::Exported;
use gongshu_governance::identifier::ProductId;
use gongshu_governance::rules::RuleBook;
use gongshu_governance::{Command, Refusal, authorize};
use serde_json::{Value, json};

use crate::coverage::{altered, with};
use crate::district::{CALENDAR, District, FIRM_CODE, NATIONAL, PURPOSE, actor, path, powers, rules};
use crate::steps::export;

const PERSON: &str = "PERSON-0001";

/// The district before the bank's order, the bank in this region; a person is on record, and the resource as it is said.
fn before_order(region: &str, resource: &[(&str, Value)]) -> District {
    let mut district = District::empty();
    for (party, command) in path() {
        let command = match command.act().id() {
            "subscription.open" => break,
            "resource.register" => with(&command, resource),
            "party.register" if command.stream() == "pty_bank" => in_region(&command, region),
            _ => command,
        };
        district.must(party, &command);
        if command.act().id() == "resource.clear" {
            district.must(party, &crate::special::important(&command));
        }
    }
    let (_, _, register) = District::before("party.register");
    let mut person = serde_json::to_value(&register).unwrap();
    person["of"] = json!({"organization": false,
        "party": {"id": "pty_person", "role": "subject", "name": "某人", "code": PERSON}});
    district.must("pty_agency", &serde_json::from_value(person).unwrap());
    let (_, _, consent) = District::before("consent.give");
    district.must(
        "pty_person",
        &altered(
            &consent,
            &[("/of/id", json!("cns_person")), ("/of/term/until", json!("2027-03-31"))],
        ),
    );
    let (firm, consent) = path()
        .into_iter()
        .find(|(_, it)| it.act().id() == "consent.give")
        .unwrap();
    district.must(firm, &consent);
    district
}

fn in_region(register: &Command, region: &str) -> Command {
    let mut document = serde_json::to_value(register).unwrap();
    document["of"]["party"]["region"] = json!(region);
    serde_json::from_value(document).unwrap()
}

fn order(district: &mut District, changes: &[(&str, Value)]) -> Result<(), Refusal> {
    district.act("pty_bank", &with(&step("subscription.open"), changes))
}

fn step(act: &str) -> Command {
    let found = path().into_iter().find(|(_, command)| command.act().id() == act);
    found.unwrap().1
}

fn document(district: &mut District, id: &str, path: &str) {
    let [(operator, record), _] = export();
    district.must(
        operator,
        &altered(&record, &[("/of/id", json!(id)), ("/of/path", json!(path))]),
    );
}

/// Asks for a call about somebody, after so many persons.
fn call(district: &District, subject: &str, persons: u64, sensitive: u64) -> Result<Permit, Refusal> {
    let request = CallRequest {
        actor: &actor("pty_bank"),
        product: &ProductId::new("prd_verify"),
        purpose: PURPOSE,
        subject: Some(subject),
        at: district.now,
    };
    let usage = Usage {
        exported_by_operator: Exported { persons, sensitive },
        ..Usage::default()
    };
    authorize(&district.state, &request, usage, rules(), powers())
}

fn rule(district: &District, persons: u64, sensitive: u64) -> String {
    let refused = call(district, PERSON, persons, sensitive).err();
    refused.map_or_else(String::new, |refusal| refusal.rule)
}

#[test]
fn nothing_crosses_to_a_consumer_inside_and_organizations_are_no_persons() {
    let mut inside = before_order("mainland", &[]);
    order(&mut inside, &[]).unwrap();
    assert_eq!(call(&inside, PERSON, 5_000_000, 5_000_000).unwrap().crossing, None);
    let mut abroad = before_order("elsewhere", &[]);
    order(&mut abroad, &[]).unwrap();
    let crossing = call(&abroad, FIRM_CODE, 5_000_000, 0).unwrap().crossing.unwrap();
    assert!(crossing.persons.is_empty(), "{crossing:?}");
    assert_eq!(call(&abroad, PERSON, 0, 0).unwrap().crossing.unwrap().persons.len(), 1);
}

#[test]
fn the_number_of_persons_asks_for_a_contract_then_for_an_assessment() {
    let mut district = before_order("elsewhere", &[]);
    order(&mut district, &[]).unwrap();
    let needs = |district: &District| [99_998, 99_999, 999_998, 999_999].map(|persons| rule(district, persons, 0));
    assert_eq!(needs(&district), ["", "border.path", "border.path", "border.path"]);
    document(&mut district, "xpt_1", "standard_contract");
    assert_eq!(needs(&district), ["", "", "", "border.path"]);
    document(&mut district, "xpt_2", "assessment");
    assert_eq!(needs(&district), [""; 4]);
}

#[test]
fn an_answer_passed_on_goes_abroad_as_one_to_a_consumer_there() {
    let mut district = before_order("mainland", &[]);
    order(&mut district, &[("/of/onward", json!(true))]).unwrap();
    assert_eq!(
        [rule(&district, 99_998, 0), rule(&district, 99_999, 0)],
        ["", "border.path"]
    );
}

#[test]
fn sensitive_information_is_counted_by_itself_and_never_exempt() {
    let sensitive = [("/of/sensitive", json!(["name"]))];
    let mut district = before_order("elsewhere", &sensitive);
    assert_eq!(order(&mut district, &[]).unwrap_err().rule, "border.path");
    document(&mut district, "xpt_1", "certification");
    order(&mut district, &[]).unwrap();
    assert!(call(&district, PERSON, 0, 0).unwrap().crossing.unwrap().sensitive);
    assert_eq!(
        [rule(&district, 5_000_000, 9_998), rule(&district, 0, 9_999)],
        ["border.path", "border.path"]
    );
    assert_eq!(rule(&district, 0, 9_998), "");
}

#[test]
fn important_data_always_needs_an_assessment_that_is_valid() {
    let mut district = before_order("hong_kong", &[("/of/important", json!(true))]);
    document(&mut district, "xpt_1", "bay_area_contract");
    let refusal = order(&mut district, &[]).unwrap_err();
    assert!(refusal.message.zh.contains("重要数据"), "{refusal:?}");
    document(&mut district, "xpt_2", "assessment");
    order(&mut district, &[]).unwrap();
    assert!(call(&district, FIRM_CODE, 0, 0).is_ok());
    let mut ended = district.clone();
    let [_, (operator, end)] = export();
    ended.must(operator, &altered(&end, &[("/of/export", json!("xpt_2"))]));
    assert_eq!(rule(&ended, 0, 0), "border.path", "it ended at once");
}

#[test]
fn inside_the_bay_area_its_contract_stands_for_any_number() {
    let mut district = before_order("macao", &[]);
    order(&mut district, &[]).unwrap();
    let [(operator, record), _] = export();
    let passed_on = [("/of/path", json!("bay_area_contract")), ("/of/passed_on", json!(true))];
    let refusal = district.decide(operator, &altered(&record, &passed_on)).unwrap_err();
    assert_eq!(refusal.rule, "border.document");
    document(&mut district, "xpt_1", "bay_area_contract");
    assert_eq!(rule(&district, 5_000_000, 50_000), "");
}

#[test]
fn the_contract_of_the_bay_area_stands_while_the_receiver_is_there() {
    let mut district = before_order("hong_kong", &[]);
    order(&mut district, &[]).unwrap();
    document(&mut district, "xpt_1", "bay_area_contract");
    assert_eq!(rule(&district, 999_999, 0), "");
    let (_, agency, change) = District::before("party.change");
    let moved = |region: &str| {
        let changes = [
            ("party", json!("pty_bank")),
            ("name", json!(null)),
            ("region", json!(region)),
        ];
        with(&change, &changes)
    };
    district.must(agency, &moved("elsewhere"));
    assert_eq!(
        [rule(&district, 99_998, 0), rule(&district, 99_999, 0)],
        ["", "border.path"]
    );
    district.must(agency, &moved("macao"));
    assert_eq!(rule(&district, 999_999, 0), "");
}

/// The contract is for what stays in the area: whoever orders says where to it passes on.
#[test]
fn the_contract_of_the_bay_area_is_not_for_what_is_passed_on_outside_it() {
    let onward = ("/of/onward", json!(true));
    let to = |regions: Value| [onward.clone(), ("/of/onward_to", regions)];
    let needed = |changes: &[(&str, Value)]| {
        let mut district = before_order("hong_kong", &[("/of/sensitive", json!(["name"]))]);
        document(&mut district, "xpt_1", "bay_area_contract");
        order(&mut district, changes)
            .err()
            .map_or_else(|| rule(&district, 0, 50_000), |refusal| refusal.rule)
    };
    assert_eq!(needed(&[]), "");
    assert_eq!(needed(std::slice::from_ref(&onward)), "border.path", "anywhere");
    assert_eq!(needed(&to(json!(["macao", "hong_kong"]))), "");
    assert_eq!(needed(&to(json!(["macao", "elsewhere"]))), "border.path");
    assert_eq!(needed(&to(json!(["mainland"]))), "record.input");
    assert_eq!(
        needed(&[("/of/onward_to", json!(["macao"]))]),
        "record.input",
        "nothing is passed on"
    );
    // Calls of a record whose packs did not ask are decided as they were.
    let mut district = before_order("hong_kong", &[]);
    order(&mut district, &[onward]).unwrap();
    document(&mut district, "xpt_1", "bay_area_contract");
    assert_eq!(rule(&district, 999_999, 0), "border.path");
    let present = RuleBook::load(&[NATIONAL, CALENDAR]).unwrap();
    let earlier = NATIONAL.replace("every_receiver = 1\n", "");
    assert_ne!(earlier, NATIONAL);
    let earlier = RuleBook::of_record(&[&earlier, CALENDAR], &present).unwrap();
    let request = CallRequest {
        actor: &actor("pty_bank"),
        product: &ProductId::new("prd_verify"),
        purpose: PURPOSE,
        subject: Some(PERSON),
        at: district.now,
    };
    let exported_by_operator = Exported {
        persons: 999_999,
        sensitive: 0,
    };
    let usage = Usage {
        exported_by_operator,
        ..Usage::default()
    };
    assert!(authorize(&district.state, &request, usage, earlier.at(district.now), powers()).is_ok());
}

/// What a partner abroad sees at the workbench, or collects, goes abroad.
#[test]
fn a_partner_abroad_sees_and_collects_what_a_path_allows() {
    let developed = |until: &str, sensitive: Value| {
        let mut district = District::empty();
        for (party, command) in path() {
            let command = match command.act().id() {
                act if act == until => break,
                "resource.register" => with(&command, &[("/of/sensitive", sensitive.clone())]),
                "party.register" if command.stream() == "pty_partner" => in_region(&command, "macao"),
                _ => command,
            };
            district.must(party, &command);
        }
        district
    };
    let run = |district: &District| district.decide("pty_partner", &step("query.run"));
    assert!(run(&developed("query.run", json!([]))).is_ok());
    let mut district = developed("query.run", json!(["grade"]));
    assert_eq!(run(&district).unwrap_err().rule, "border.path");
    let [(operator, record), (_, end)] = export();
    let contract = [
        ("/of/id", json!("xpt_2")),
        ("/of/consumer", json!("pty_partner")),
        ("/of/path", json!("bay_area_contract")),
    ];
    district.must(operator, &altered(&record, &contract));
    for act in ["query.run", "output.submit"] {
        district.must("pty_partner", &step(act));
    }
    district.must("pty_agency", &step("output.review"));
    let collect = step("output.collect");
    assert!(district.decide("pty_partner", &collect).is_ok());
    district.must(operator, &altered(&end, &[("/of/export", json!("xpt_2"))]));
    assert_eq!(
        district.decide("pty_partner", &collect).unwrap_err().rule,
        "border.path"
    );
}

#[test]
fn a_person_is_known_again_within_the_year_and_not_beyond() {
    let mut district = before_order("elsewhere", &[]);
    order(&mut district, &[]).unwrap();
    let persons = |district: &District| call(district, PERSON, 0, 0).unwrap().crossing.unwrap().persons;
    let this_year = persons(&district);
    district.now = "2026-12-31T15:59:59Z".parse().unwrap();
    assert_eq!(persons(&district), this_year);
    district.now = "2026-12-31T16:00:00Z".parse().unwrap();
    let next = persons(&district);
    assert!(next.len() == 1 && next.is_disjoint(&this_year));
    assert!(!next.iter().any(|digest| digest.contains(PERSON)));
}

#[test]
fn a_document_is_valid_and_an_assessment_for_three_years() {
    let (district, operator, record) = District::before("export.record");
    let refused = |changes: &[(&str, Value)]| district.decide(operator, &altered(&record, changes)).err();
    let rule = |changes: &[(&str, Value)]| refused(changes).map_or_else(String::new, |refusal| refusal.rule);
    let assessment = ("/of/path", json!("assessment"));
    assert_eq!(rule(&[("/of/term/until", json!("2026-03-31"))]), "border.document");
    assert_eq!(
        rule(&[assessment.clone(), ("/of/term/until", json!("2029-04-01"))]),
        "border.document"
    );
    assert_eq!(rule(&[assessment, ("/of/term/until", json!("2029-03-31"))]), "");
    assert_eq!(rule(&[("/of/consumer", json!("pty_market"))]), "record.input");
    assert_eq!(rule(&[("/of/document_sha256", json!("ab"))]), "record.input");
}

/// The threshold is a data handler's. A record whose packs did not say so is decided as it was: by what was counted under
/// its agreement.
#[test]
fn persons_are_counted_for_the_operator_unless_the_packs_of_the_record_say_otherwise() {
    let mut district = before_order("elsewhere", &[]);
    order(&mut district, &[]).unwrap();
    let present = RuleBook::load(&[NATIONAL, CALENDAR]).unwrap();
    let earlier = NATIONAL.replace("per_operator = 1\n", "");
    assert_ne!(earlier, NATIONAL);
    let earlier = RuleBook::of_record(&[&earlier, CALENDAR], &present).unwrap();
    let many = Exported {
        persons: 99_999,
        sensitive: 0,
    };
    let asked = |book: &RuleBook, usage: Usage| {
        let request = CallRequest {
            actor: &actor("pty_bank"),
            product: &ProductId::new("prd_verify"),
            purpose: PURPOSE,
            subject: Some(PERSON),
            at: district.now,
        };
        authorize(&district.state, &request, usage, book.at(district.now), powers())
    };
    let under_agreement = Usage {
        exported: many,
        ..Usage::default()
    };
    let by_operator = Usage {
        exported_by_operator: many,
        ..Usage::default()
    };
    let rule = |outcome: Result<Permit, Refusal>| outcome.unwrap_err().rule;
    assert_eq!(rule(asked(&present, by_operator)), "border.path");
    assert_eq!(rule(asked(&earlier, under_agreement)), "border.path");
    let now = asked(&present, under_agreement).unwrap().crossing.unwrap();
    let then = asked(&earlier, by_operator).unwrap().crossing.unwrap();
    assert_eq!((now.scope(), then.scope()), ("pty_operator", "agr_1"));
    assert!(now.persons.is_disjoint(&then.persons));
}
