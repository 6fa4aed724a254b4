//! Registrations along a clock: deadlines in working days, objections, certificates, renewal.

use gongshu_governance::Command;
use gongshu_governance::identifier::{RegistrationId, ResourceId};
use gongshu_governance::registration::{Certificate, Registrable, Registration, RegistrationStatus, StepKind};
use gongshu_governance::rules::Rules;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use crate::district::{CALENDAR, District, NATIONAL, path, rules_of};

/// The district with a resource on record, living by the national numbers of days.
struct Register {
    district: District,
    rules: Rules,
}

impl Register {
    fn new() -> Self {
        Self {
            district: District::before("registration.apply").0,
            rules: rules_of(&[NATIONAL, CALENDAR]),
        }
    }

    fn on(&mut self, day: Date) -> &mut Self {
        self.district.now = format!("{day}T02:00:00Z").parse().unwrap();
        self
    }

    /// Takes the path's step, with some members of its document changed; gives the rule that refuses it.
    fn step(&mut self, act: &str, changes: &Value) -> Result<(), String> {
        let step = path().into_iter().find(|(_, command)| command.act().id() == act);
        let (party, command) = step.unwrap();
        let mut document = serde_json::to_value(&command).unwrap();
        for (name, value) in changes.as_object().unwrap() {
            document["of"][name] = value.clone();
        }
        let command: Command = serde_json::from_value(document).unwrap();
        let decided = self.district.decide_under(&self.rules, party, &command);
        for event in decided.map_err(|refusal| refusal.rule)? {
            self.district.happened(event);
        }
        Ok(())
    }

    fn must(&mut self, act: &str) -> &mut Self {
        self.step(act, &json!({}))
            .unwrap_or_else(|rule| panic!("{act}: {rule}"));
        self
    }

    fn shown(&self) -> &Registration {
        let id = RegistrationId::new("reg_1");
        self.district.state.registrations.get(&id).unwrap()
    }

    fn due(&self, kind: StepKind) -> Date {
        self.shown().steps[&kind].deadline.due
    }

    fn is_late(&self, kind: StepKind) -> bool {
        self.shown().is_late(kind, self.district.now, self.rules.working_days())
    }

    /// Shown to the public from Friday, 24 April 2026 on; the labour-day holiday and a make-up day lie in it.
    fn publicized() -> Self {
        let mut register = Self::new();
        register.on(date(2026, 4, 1)).must("registration.apply");
        register.on(date(2026, 4, 3)).must("registration.accept");
        register.on(date(2026, 4, 24)).must("registration.review");
        register
    }
}

#[test]
fn steps_count_working_days_and_late_ones_are_recorded_as_late() {
    let mut register = Register::publicized();
    // Tomb-sweeping day is on the Monday in between.
    assert_eq!(register.due(StepKind::Acceptance), date(2026, 4, 7));
    assert_eq!(register.due(StepKind::Review), date(2026, 5, 7));
    assert_eq!(register.due(StepKind::Publicity), date(2026, 5, 12));
    assert!(!register.is_late(StepKind::Acceptance) && !register.is_late(StepKind::Review));
    let refused = register.on(date(2026, 5, 12)).step("registration.assign", &json!({}));
    assert_eq!(refused.unwrap_err(), "registration.steps");
    register.on(date(2026, 5, 13)).must("registration.assign");
    assert!(!register.is_late(StepKind::Publicity));

    let mut late = Register::new();
    late.on(date(2026, 4, 1)).must("registration.apply");
    late.on(date(2026, 4, 7));
    assert!(!late.is_late(StepKind::Acceptance), "the last day is in time");
    late.on(date(2026, 4, 8));
    assert!(late.is_late(StepKind::Acceptance));
    late.must("registration.accept").on(date(2026, 4, 9));
    assert!(late.is_late(StepKind::Acceptance), "it was done late");
}

#[test]
fn an_objection_stops_the_clock_until_it_is_dismissed() {
    let mut register = Register::publicized();
    // Three working days are left after the 8th: the make-up Saturday, the Monday and the Tuesday.
    register.on(date(2026, 5, 8)).must("registration.object");
    let refused = register.on(date(2026, 5, 13)).step("registration.assign", &json!({}));
    assert_eq!(refused.unwrap_err(), "registration.objection");
    register.on(date(2026, 5, 20)).must("registration.decide");
    assert_eq!(register.due(StepKind::Publicity), date(2026, 5, 25));
    let refused = register.on(date(2026, 5, 25)).step("registration.assign", &json!({}));
    assert_eq!(refused.unwrap_err(), "registration.steps");
    register.on(date(2026, 5, 26)).must("registration.assign");
}

#[test]
fn an_objection_after_the_publicity_is_too_late_and_one_that_is_upheld_sends_it_back() {
    let mut register = Register::publicized();
    let late = register.on(date(2026, 5, 13)).step("registration.object", &json!({}));
    assert_eq!(late.unwrap_err(), "registration.objection");
    register.on(date(2026, 5, 8)).must("registration.object");
    register.step("registration.decide", &json!({"upheld": true})).unwrap();
    assert!(matches!(register.shown().status, RegistrationStatus::Returned { .. }));
    let again = register.step("registration.apply", &json!({"id": "reg_2"}));
    assert!(again.is_ok(), "what went back is applied for again: {again:?}");
}

/// One registration after another of the same thing.
fn follow_up(
    register: &mut Register,
    thing: &Registrable,
    id: &str,
    kind: &str,
    day: Date,
) -> Result<Option<Certificate>, String> {
    register.on(day);
    if kind == "modification" {
        let early = register.step("registration.apply", &json!({"id": id, "registration_type": kind}));
        assert_eq!(early.unwrap_err(), "registration.type", "nothing has changed");
        register.step("resource.amend", &json!({"summary": "企业登记与变更信息"}))?;
        let resource = &register.district.state.resources[&ResourceId::new("res_firms")];
        assert!(resource.pending.is_some() && resource.registration.summary == "企业登记信息");
    }
    register.step("registration.apply", &json!({"id": id, "registration_type": kind}))?;
    for act in ["registration.accept", "registration.review"] {
        register.step(act, &json!({"registration": id}))?;
    }
    register.step("registration.assign", &json!({"registration": id, "code": ""}))?;
    Ok(register.district.state.certificate_of(thing).cloned())
}

/// What the entry says, and whether a change waits.
fn summary_of(register: &Register) -> (String, bool) {
    let resource = &register.district.state.resources[&ResourceId::new("res_firms")];
    (resource.registration.summary.clone(), resource.pending.is_some())
}

#[test]
fn what_follows_a_registration_keeps_its_code() {
    let mut register = Register::publicized();
    register.on(date(2026, 5, 13)).must("registration.assign");
    let thing = Registrable::Resource {
        resource: ResourceId::new("res_firms"),
    };
    let first = register.district.state.certificate_of(&thing).unwrap().clone();
    assert_eq!(first.valid.until, date(2029, 5, 12));
    assert_eq!(first.query_code.len(), 16);
    let second = register.step("registration.apply", &json!({"id": "reg_2"}));
    assert_eq!(second.unwrap_err(), "registration.type");

    register.rules = rules_of(&[
        NATIONAL,
        CALENDAR,
        &crate::district::overlay("publicity_days = 10", "publicity_days = 0"),
    ]);
    let mut follow = |id: &str, kind: &str, day: Date| follow_up(&mut register, &thing, id, kind, day);
    let changed = follow("reg_2", "modification", date(2026, 9, 1)).unwrap();
    assert_eq!(changed.as_ref(), Some(&first), "a change moves neither code nor end");
    let summary = summary_of(&register);
    assert_eq!(
        summary,
        ("企业登记与变更信息".to_owned(), false),
        "it is in force with its registration"
    );
    let mut follow = |id: &str, kind: &str, day: Date| follow_up(&mut register, &thing, id, kind, day);
    let early = follow("reg_3", "renewal", date(2029, 3, 12)).unwrap_err();
    assert_eq!(early, "registration.validity");
    let renewed = follow("reg_4", "renewal", date(2029, 3, 13)).unwrap().unwrap();
    assert_eq!((&renewed.code, renewed.valid.until), (&first.code, date(2032, 5, 12)));
}

/// What was applied for in time is done as it was asked, though the certificate has run out meanwhile (26号).
#[test]
fn a_certificate_that_ends_under_way_is_still_renewed_or_cancelled() {
    for (kind, until, cancelled) in [
        ("renewal", date(2032, 5, 12), false),
        ("cancellation", date(2029, 5, 12), true),
        ("correction", date(2029, 5, 12), false),
    ] {
        let mut register = Register::publicized();
        register.on(date(2026, 5, 13)).must("registration.assign");
        let first = register.shown().certificate().unwrap().clone();
        register.rules = rules_of(&[
            NATIONAL,
            CALENDAR,
            &crate::district::overlay("publicity_days = 10", "publicity_days = 0"),
        ]);
        register.on(date(2029, 5, 10));
        if kind == "correction" {
            register.step("resource.amend", &json!({"summary": "更正后"})).unwrap();
        }
        let apply = json!({"id": "reg_2", "registration_type": kind});
        register.step("registration.apply", &apply).unwrap();
        for act in ["registration.accept", "registration.review"] {
            register.step(act, &json!({"registration": "reg_2"})).unwrap();
        }
        register.on(date(2029, 6, 1));
        let other = register.step("registration.assign", &json!({"registration": "reg_2", "code": "new"}));
        assert_eq!(other.unwrap_err(), "record.input", "{kind}: no other code");
        let same = json!({"registration": "reg_2", "code": first.code});
        register.step("registration.assign", &same).unwrap();
        let state = &register.district.state;
        let second = state.registrations[&RegistrationId::new("reg_2")]
            .certificate()
            .unwrap();
        assert_eq!(
            (&second.code, second.valid.until, second.cancelled),
            (&first.code, until, cancelled),
            "{kind}"
        );
    }
}

/// Earlier packs passed over a certificate that had ended: whatever was asked for was given its own, as if it were the first.
#[test]
fn by_earlier_packs_what_ended_under_way_was_given_another_certificate() {
    let mut register = Register::publicized();
    register.on(date(2026, 5, 13)).must("registration.assign");
    let at_once = NATIONAL.replace("publicity_days = 10", "publicity_days = 0");
    register.rules = crate::earlier::packs_of_before(&at_once, "ended_under_way = 1\n");
    register.on(date(2029, 5, 10));
    let apply = json!({"id": "reg_2", "registration_type": "cancellation"});
    register.step("registration.apply", &apply).unwrap();
    for act in ["registration.accept", "registration.review"] {
        register.step(act, &json!({"registration": "reg_2"})).unwrap();
    }
    register.on(date(2029, 6, 1));
    let assign = json!({"registration": "reg_2", "code": "new"});
    register.step("registration.assign", &assign).unwrap();
    let state = &register.district.state;
    let second = state.registrations[&RegistrationId::new("reg_2")]
        .certificate()
        .unwrap();
    assert_eq!(
        (second.code.as_str(), second.valid.until, second.cancelled),
        ("new", date(2032, 5, 31), false)
    );
}

#[test]
fn the_agency_records_the_objections_of_others_by_name_each_once() {
    let mut register = Register::publicized();
    register.on(date(2026, 5, 8));
    let of = |objector: &str| json!({"objector": objector});
    let others = register.step("registration.object", &of("某公司"));
    assert_eq!(
        others.unwrap_err(),
        "registration.objection",
        "a bank speaks for itself"
    );
    let object = path()
        .into_iter()
        .find(|(_, command)| command.act().id() == "registration.object");
    let (_, object) = object.unwrap();
    let named = |objector: &str| crate::altered::with(&object, &[("/of/objector", json!(objector))]);
    let mut record = |command: &Command| {
        let decided = register.district.decide_under(&register.rules, "pty_agency", command);
        let events = decided.map_err(|refusal| refusal.rule)?;
        events.into_iter().for_each(|event| register.district.happened(event));
        Ok::<_, String>(())
    };
    record(&named("某公司")).unwrap();
    record(&named("某市民")).unwrap();
    assert_eq!(record(&named("某市民")).unwrap_err(), "record.duplicate");
    assert_eq!(record(&named(" ")).unwrap_err(), "record.input");
    assert_eq!(register.shown().objections.len(), 2);
}

/// Whoever applied takes it back at each step until the code; the same is applied for again.
#[test]
fn an_application_is_taken_back_until_it_has_its_code() {
    let withdraw = json!({"registration": "reg_1"});
    let begun = |until: usize| {
        let mut register = Register::new();
        register.on(date(2026, 4, 1));
        for act in ["registration.apply", "registration.accept", "registration.review"]
            .iter()
            .take(until)
        {
            register.must(act);
        }
        register
    };
    for until in 1..=3 {
        let mut register = begun(until);
        let silent = register.step(
            "registration.withdraw",
            &json!({"registration": "reg_1", "reason": " "}),
        );
        assert_eq!(silent.unwrap_err(), "record.input");
        register.step("registration.withdraw", &withdraw).unwrap();
        assert!(matches!(register.shown().status, RegistrationStatus::Withdrawn { .. }));
        assert!(!register.is_late(StepKind::Acceptance) && !register.shown().is_pending());
        for act in ["registration.accept", "registration.review", "registration.assign"] {
            assert_eq!(register.step(act, &json!({})).unwrap_err(), "record.state", "{act}");
        }
        register.step("registration.apply", &json!({"id": "reg_2"})).unwrap();
    }
    let mut register = Register::publicized();
    register.on(date(2026, 5, 13)).must("registration.assign");
    let late = register.step("registration.withdraw", &withdraw);
    assert_eq!(late.unwrap_err(), "record.state");
}

#[test]
fn one_thing_has_one_application_at_a_time() {
    let mut register = Register::publicized();
    let second = register.step("registration.apply", &json!({"id": "reg_2"}));
    assert_eq!(second.unwrap_err(), "registration.type");
}

#[test]
fn no_code_is_given_by_a_guess_at_a_year_that_is_not_arranged() {
    let mut register = Register::new();
    register.on(date(2026, 12, 21)).must("registration.apply");
    register.must("registration.accept").must("registration.review");
    let guessed = register.shown().steps[&StepKind::Publicity].deadline;
    assert_eq!((guessed.due, guessed.provisional), (date(2027, 1, 4), true));
    let refused = register.on(date(2027, 2, 1)).step("registration.assign", &json!({}));
    assert_eq!(refused.unwrap_err(), "registration.steps");
    let arranged = "[pack]\nid=\"x\"\ntitle=\"x\"\n[[years]]\nyear=2027\nsource=\"x\"\nconfidence=\"H\"\nmake_up=[]\n\
                    holidays=[{name=\"x\",from=\"2027-01-01\",until=\"2027-01-29\"}]\n";
    register.rules = rules_of(&[NATIONAL, CALENDAR, arranged]);
    let refused = register.on(date(2027, 2, 2)).step("registration.assign", &json!({}));
    assert_eq!(
        refused.unwrap_err(),
        "registration.steps",
        "the holidays of the year count"
    );
    register.on(date(2027, 2, 3)).must("registration.assign");
}

#[test]
fn a_cancelled_registration_is_found_by_its_code_and_no_longer_in_force() {
    let mut register = Register::publicized();
    register.on(date(2026, 5, 13)).must("registration.assign");
    let query = register.shown().certificate().unwrap().query_code.clone();
    register.on(date(2026, 6, 1));
    let of = json!({"id": "reg_2", "registration_type": "cancellation"});
    register.step("registration.apply", &of).unwrap();
    for act in ["registration.accept", "registration.review"] {
        register.step(act, &json!({"registration": "reg_2"})).unwrap();
    }
    register.on(date(2026, 6, 30));
    let other = register.step("registration.assign", &json!({"registration": "reg_2", "code": "x"}));
    assert_eq!(other.unwrap_err(), "record.input");
    register
        .step("registration.assign", &json!({"registration": "reg_2", "code": ""}))
        .unwrap();
    let state = &register.district.state;
    let found = state.registration_by_query(&query).unwrap().certificate().unwrap();
    assert!(found.cancelled);
    assert_eq!(found.valid.until, date(2026, 6, 30));
    assert_eq!(state.certificate_of(&register.shown().application.thing), None);
    assert!(register.step("registration.apply", &json!({"id": "reg_3"})).is_ok());
}

/// What is reviewed is what was applied for; what went back may change, and be taken back.
#[test]
fn nothing_changes_while_an_application_is_under_way() {
    let mut register = Register::publicized();
    let amend = |register: &mut Register, summary: &str| register.step("resource.amend", &json!({"summary": summary}));
    let changed = "企业登记与变更信息";
    assert_eq!(amend(&mut register, changed).unwrap_err(), "resource.change");
    register.on(date(2026, 5, 13)).must("registration.assign");
    amend(&mut register, changed).unwrap();
    let modification = json!({"id": "reg_2", "registration_type": "modification"});
    register.step("registration.apply", &modification).unwrap();
    assert_eq!(amend(&mut register, "另一说明").unwrap_err(), "resource.change");
    let back = json!({"registration": "reg_2", "passed": false, "reason": "材料不全"});
    register.step("registration.accept", &back).unwrap();
    register
        .step("resource.amend", &json!({"summary": "企业登记信息", "entry": null}))
        .unwrap();
    let pending = &register.district.state.resources[&ResourceId::new("res_firms")].pending;
    assert!(
        pending.as_ref().is_some_and(|waiting| waiting.entry.is_some()),
        "the entry still waits"
    );
}

/// What the papers of a registration from before the platform say.
fn earlier() -> Value {
    json!({"registrar": "市公共数据登记机构", "code": "440300-R-7", "registered_sha256": "e1".repeat(32),
        "publicized_sha256": "e2".repeat(32), "publicity": {"from": "2025-03-03", "until": "2025-03-14"},
        "valid": {"from": "2025-03-17", "until": "2028-03-16"}})
}

/// It keeps code and days, is not shown again, and what follows it is applied for here.
#[test]
fn what_was_registered_before_the_platform_comes_on_record_by_its_papers() {
    let mut register = Register::new();
    register.on(date(2026, 4, 1));
    register
        .step("registration.apply", &json!({"earlier": earlier()}))
        .unwrap();
    let own = register.step("registration.review", &json!({}));
    assert_eq!(own.unwrap_err(), "record.state", "it is accepted first");
    register.must("registration.accept");
    let filer = crate::district::actor("pty_market");
    let (_, review) = path()
        .into_iter()
        .find(|(_, command)| command.act().id() == "registration.review")
        .unwrap();
    assert!(
        register.district.decide_as(&filer, &review).is_err(),
        "not by its holder"
    );
    register.step("registration.review", &json!({"notice": ""})).unwrap();
    let thing = register.shown().application.thing.clone();
    let certificate = register.district.state.certificate_of(&thing).unwrap().clone();
    assert_eq!(
        (
            certificate.code.as_str(),
            certificate.valid.from,
            certificate.valid.until
        ),
        ("440300-R-7", date(2025, 3, 17), date(2028, 3, 16))
    );
    let found = register.district.state.registration_by_query(&certificate.query_code);
    assert_eq!(found.map(|it| it.application.id.as_str()), Some("reg_1"));
    assert!(!register.shown().is_pending() && !register.shown().steps.contains_key(&StepKind::Publicity));
    for act in ["registration.object", "registration.assign"] {
        assert_eq!(register.step(act, &json!({})).unwrap_err(), "record.state", "{act}");
    }
    register.on(date(2028, 1, 20));
    let renewal = json!({"id": "reg_2", "registration_type": "renewal"});
    register.step("registration.apply", &renewal).unwrap();
}

#[test]
fn an_earlier_registration_has_papers_days_that_follow_each_other_and_a_code_of_its_own() {
    let refused = |place: &str, value: Value| {
        let mut register = Register::new();
        register.on(date(2026, 4, 1));
        let mut of = earlier();
        *of.pointer_mut(place).unwrap() = value;
        register
            .step("registration.apply", &json!({"earlier": of}))
            .unwrap_err()
    };
    for (place, value) in [
        ("/registered_sha256", json!("")),
        ("/publicized_sha256", json!("无")),
        ("/publicity/until", json!("2025-03-18")),
        ("/publicity/from", json!("2025-03-15")),
        ("/valid/from", json!("2026-04-01")),
        ("/valid/until", json!("2026-03-31")),
        ("/valid/until", json!("2029-04-02")),
    ] {
        assert_eq!(refused(place, value.clone()), "registration.earlier", "{place} {value}");
    }
    assert_eq!(refused("/registrar", json!(" ")), "record.input");
    assert_eq!(refused("/code", json!("")), "record.input");

    let mut register = Register::publicized();
    register.on(date(2026, 5, 13)).must("registration.assign");
    let correction = json!({"id": "reg_2", "registration_type": "cancellation", "earlier": earlier()});
    let wrong = register.step("registration.apply", &correction);
    assert_eq!(wrong.unwrap_err(), "registration.earlier", "only a first one");
}

/// Papers that were in order when it was applied for are asked for again when they are reviewed; what is not passed goes back.
#[test]
fn an_earlier_registration_that_ends_under_way_is_returned() {
    let mut register = Register::new();
    register.on(date(2028, 3, 16));
    register
        .step("registration.apply", &json!({"earlier": earlier()}))
        .unwrap();
    register.must("registration.accept").on(date(2028, 3, 17));
    let late = register.step("registration.review", &json!({}));
    assert_eq!(late.unwrap_err(), "registration.earlier");
    let back = json!({"passed": false, "reason": "原登记已届满"});
    register.step("registration.review", &back).unwrap();
    assert!(matches!(register.shown().status, RegistrationStatus::Returned { .. }));
}

#[test]
fn a_scenario_is_granted_on_resources_with_a_registration_in_force() {
    let (mut district, agency, grant) = District::before("scenario.grant");
    assert!(district.decide(agency, &grant).is_ok());
    district.now = "2029-04-01T02:00:00Z".parse().unwrap();
    let over = district.decide(agency, &grant).unwrap_err();
    assert_eq!(over.rule, "registration.required", "three years are over");

    let register = Register::new();
    let required = &register.rules.parameters().registration.required;
    assert_eq!(required.iter().collect::<Vec<_>>(), ["resource"]);
    let rules = crate::earlier::packs_of_before(NATIONAL, "kinds = [\"resource\"]\n");
    assert!(
        rules.parameters().registration.required.is_empty(),
        "before, nothing was asked"
    );
}

/// Packs of before the rule was there asked nothing either.
#[test]
fn packs_without_the_rule_ask_for_no_registration() {
    let rule = NATIONAL
        .split("\n[rules.\"")
        .filter(|text| text.starts_with("registration.required\""));
    let mut without = NATIONAL.to_owned();
    for table in rule {
        without = without.replace(&format!("\n[rules.\"{table}"), "\n");
    }
    let rules = crate::earlier::packs_of_before(&without, "ended_under_way = 1\n");
    assert!(rules.parameters().registration.required.is_empty());
}

/// A province may ask for products too; nobody below turns resources off.
#[test]
fn products_are_required_by_a_pack_and_resources_by_the_nation() {
    use crate::district::overlay;
    use gongshu_governance::rules::RuleBook;
    let both = overlay("kinds = [\"resource\"]", "kinds = [\"resource\", \"product\"]");
    let rules = rules_of(&[NATIONAL, CALENDAR, &both]);
    let (district, operator, list) = District::before("product.list");
    assert!(district.decide(operator, &list).is_ok());
    let refusal = district.decide_under(&rules, operator, &list).unwrap_err();
    assert_eq!(refusal.rule, "registration.required");
    let products = overlay("kinds = [\"resource\"]", "kinds = [\"product\"]");
    let loosened = RuleBook::load(&[NATIONAL, CALENDAR, &products])
        .unwrap_err()
        .to_string();
    assert!(loosened.contains("registration.required"), "{loosened}");
}

#[test]
fn what_a_scenario_uses_keeps_its_registration() {
    let (mut district, provider, cancel) = {
        let (_, provider, apply) = District::before("registration.apply");
        let cancel = [
            ("/of/id", json!("reg_9")),
            ("/of/registration_type", json!("cancellation")),
        ];
        (
            District::before("product.list").0,
            provider,
            crate::altered::altered(&apply, &cancel),
        )
    };
    district.must(provider, &cancel);
    let of = |act: &str| {
        let (_, agency, command) = District::before(act);
        (
            agency,
            crate::altered::altered(&command, &[("/of/registration", json!("reg_9"))]),
        )
    };
    for act in ["registration.accept", "registration.review"] {
        let (agency, command) = of(act);
        district.must(agency, &command);
    }
    let (agency, assign) = of("registration.assign");
    let assign = crate::altered::altered(&assign, &[("/of/code", json!(""))]);
    assert_eq!(
        district.decide(agency, &assign).unwrap_err().rule,
        "registration.required"
    );
    let (_, by, end) = District::before("scenario.end");
    district.must(by, &end);
    assert!(district.decide(agency, &assign).is_ok(), "once nothing uses it");
}
