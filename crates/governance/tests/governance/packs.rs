//! The rule packs that come with the program, and what is said of broken ones.

use gongshu_governance::party::Role;
use gongshu_governance::power::{Act, Powers};
use gongshu_governance::rules::{Confidence, Difference, Pack, Rule, RuleBook, Rules, diff, explain, propose};
use jiff::civil::{Date, date};

const NATIONAL: &str = include_str!("../../../../rules/national.toml");
const PROVINCE: &str = include_str!("../../../../rules/guangdong.toml");
const CITY: &str = include_str!("../../../../rules/shenzhen.toml");
const DISTRICT: &str = include_str!("../../../../rules/longhua.toml");
const LAYERS: [&str; 4] = [NATIONAL, PROVINCE, CITY, DISTRICT];
const TODAY: Date = date(2026, 4, 1);

/// A value of a rule in a pack: dates and parameters as TOML.
fn value(id: &str, more: &str) -> String {
    format!("[[rules.\"{id}\"]]\nsource=\"27号\"\narticle=\"1\"\nconfidence=\"H\"\nzh=\"x\"\nen=\"x\"\n{more}\n")
}

/// A pack on top, with these values.
fn pack(head: &str, values: &[String]) -> String {
    format!("[pack]\nid=\"x\"\ntitle=\"x\"\n{head}\n{}", values.concat())
}

#[test]
fn the_packs_load_and_each_layer_overrides_those_above() {
    let national = RuleBook::load(&[NATIONAL]).unwrap();
    let all = RuleBook::load(&LAYERS).unwrap();
    let rules = all.on(TODAY);
    assert_eq!(rules.parameters().agreement_years_max, 5);
    let layer = |rule| rules.in_force(rule).unwrap().pack.id.as_str();
    assert_eq!(layer(Rule::AgreementTerm), "national");
    assert_eq!(layer(Rule::IncidentClock), "guangdong");
    assert_eq!(layer(Rule::Approval), "longhua");
    assert!(rules.source(Rule::Approval).contains("79号"));
    assert_ne!(national.hash(), all.hash());
    for text in LAYERS {
        let head = Pack::read(text).unwrap().pack;
        let file = format!("{}/../../rules/{}.toml", env!("CARGO_MANIFEST_DIR"), head.id);
        assert_eq!(
            std::fs::read_to_string(file).unwrap(),
            text,
            "a pack is named as its file"
        );
    }
}

#[test]
fn a_value_is_in_force_from_its_first_day_until_its_last() {
    let years = |dates: &str, years: u8| value("agreement.term", &format!("{dates}\nparameters={{years_max={years}}}"));
    let dated = pack(
        "from=\"2027-01-01\"\nuntil=\"2029-12-31\"",
        &[years("until=\"2027-12-31\"", 4), years("from=\"2028-07-01\"", 3)],
    );
    let book = RuleBook::load(&[NATIONAL, &dated]).unwrap();
    let on = |day| book.on(day).parameters().agreement_years_max;
    let cases = [
        (date(2026, 12, 31), 5),
        (date(2027, 1, 1), 4),
        (date(2027, 12, 31), 4),
        // Between its values, and after its end, a layer is silent: the one above holds.
        (date(2028, 1, 1), 5),
        (date(2028, 6, 30), 5),
        (date(2028, 7, 1), 3),
        (date(2029, 12, 31), 3),
        (date(2030, 1, 1), 5),
        (Date::MIN, 5),
        (Date::MAX, 5),
    ];
    for (day, years) in cases {
        assert_eq!(on(day), years, "{day}");
    }
    // The day begins at 16:00 UTC of the day before.
    let at = |instant: &str| book.at(instant.parse().unwrap()).parameters().agreement_years_max;
    assert_eq!((at("2026-12-31T15:59:59Z"), at("2026-12-31T16:00:00Z")), (5, 4));
    let spans: Vec<_> = book.editions().map(Rules::span).collect();
    assert!(
        spans
            .windows(2)
            .all(|pair| pair[0].until.unwrap().tomorrow().ok() == pair[1].from)
    );
    let held = book.on(date(2028, 7, 1)).in_force(Rule::AgreementTerm).unwrap();
    assert_eq!(
        (held.pack.id.as_str(), held.span.until),
        ("x", Some(date(2029, 12, 31)))
    );
}

#[test]
fn a_broken_pack_says_what_to_mend() {
    let check = |text: &str, expected: &str| {
        let error = RuleBook::load(&[NATIONAL, text]).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    let one = |id: &str, more: &str| pack("", &[value(id, more)]);
    let years = |dates: &str| value("agreement.term", &format!("{dates}\nparameters={{years_max=4}}"));
    check("not toml", "rule pack 2 cannot be read");
    check(&one("agreement.trm", ""), "pack `x` has the rule `agreement.trm`");
    check(&one("agreement.trm", ""), "check its spelling");
    check(
        &one("agreement.term", "").replace("27号", "99号"),
        "not under [sources]",
    );
    check(
        &one("agreement.term", ""),
        "pack `x`, in force on all days: rule `agreement.term` needs",
    );
    check(&one("agreement.term", ""), "`years_max` as a whole number");
    check(
        &one("agreement.term", "parameters={years_max=[\"five\"]}"),
        "`years_max` as a whole number",
    );
    check(
        &one("agreement.term", "parameters={years_max=\"five\"}"),
        "expected a whole number or a list of names",
    );
    check(
        &one("agreement.term", "parameters={year_max=5}"),
        "has no parameter `year_max`; check its spelling: years_max",
    );
    check(
        &one("agreement.term", "from=\"2027-13-01\""),
        "rule pack 2 cannot be read",
    );
    check(
        &one("price.set", "from=\"2027-02-01\"\nuntil=\"2027-01-31\""),
        "rule `price.set` is in force from 2027-02-01",
    );
    check(
        &pack("from=\"2027-02-01\"\nuntil=\"2027-01-31\"", &[]),
        "the pack is in force from 2027-02-01",
    );
    check(
        &pack("until=\"2027-12-31\"", &[years("from=\"2028-01-01\"")]),
        "dated from 2028-01-01, but the pack is in force until 2027-12-31",
    );
    check(
        &pack("", &[years("until=\"2027-06-30\""), years("from=\"2027-06-30\"")]),
        "two values from 2027-06-30 until 2027-06-30",
    );
    check(
        &pack("", &[]).replace("\"x\"", "\"national\""),
        "two rule packs `national`",
    );
    let alone = RuleBook::load(&[DISTRICT]).unwrap_err();
    assert!(alone.to_string().contains("no rule pack has the rule"), "{alone}");
    assert!(alone.text().zh.starts_with("没有规则包载有规则“"), "{alone}");
}

#[test]
fn what_to_mend_is_said_in_chinese_too() {
    let check = |text: &str, expected: &str| {
        let error = RuleBook::load(&[NATIONAL, text]).unwrap_err().text();
        assert!(error.zh.contains(expected) && error.en.is_ascii(), "{error:?}");
    };
    let one = |more: &str| pack("", &[value("agreement.term", more)]);
    check("[pack", "第 2 个规则包无法读取");
    check(&pack("", &[value("agreement.trm", "")]), "规则“agreement.trm”平台没有");
    check(
        &one("parameters={year_max=5}"),
        "没有参数“year_max”，请核对拼写；可用的参数：years_max",
    );
    check(&one(""), "（任何一日施行）：规则“agreement.term”的参数“years_max”缺少");
    check(
        &one("parameters={years_max=6}"),
        "只能从严；参数“years_max”应当不大于 5",
    );
}

/// Numbers that no source gives, under rules whose wording is sure.
#[test]
fn a_number_of_the_districts_is_not_said_to_be_a_laws() {
    let book = RuleBook::load(&LAYERS).unwrap();
    let rules = book.on(TODAY);
    let cited = |rule, parameter| rules.in_force(rule).unwrap().basis_of(parameter);
    for (rule, parameter) in [
        (Rule::IncidentClock, "hours_remedy"),
        (Rule::IncidentPersons, "hours"),
        (Rule::Consent, "days_max"),
        (Rule::Purpose, "list"),
        (Rule::ConsentBatch, "subjects_max"),
        (Rule::Quota, "calls_max"),
        (Rule::EvidencePackage, "entries_max"),
        (Rule::FileStore, "party_bytes_max"),
        (Rule::ErasureGround, "calls_max"),
        (Rule::ScenarioRisk, "residual_max"),
        (Rule::Approval, "working_days_max"),
        (Rule::RevenuePeriod, "trial_years_max"),
        (Rule::FourEyes, "pairs"),
    ] {
        let cited = cited(rule, parameter);
        assert_eq!(cited.confidence, Confidence::L, "{} {parameter}", rule.id());
        assert!(cited.source.contains("区县自定"), "{} {parameter}", rule.id());
    }
    let hours = cited(Rule::IncidentClock, "hours_operator");
    assert!(hours.source.contains("网络安全事件报告"), "{hours:?}");
    for rule in Rule::ALL {
        let held = rules.in_force(*rule).unwrap();
        for (parameter, basis) in &held.text.basis {
            let own = basis.source == "区县";
            assert!(!own || basis.confidence == Confidence::L, "{} {parameter}", rule.id());
            assert!(
                held.text.parameters.contains_key(parameter),
                "{} {parameter}",
                rule.id()
            );
        }
    }
}

#[test]
fn what_binds_is_the_rule_and_not_the_districts_number_under_it() {
    let clock = |hours: &str| {
        let values = format!("from=\"2025-11-01\"\nparameters={{{hours}}}");
        let pack = pack("", &[value("incident.clock", &values)]);
        RuleBook::load(&[NATIONAL, &pack]).map(|book| book.on(TODAY).parameters().remedy_hours)
    };
    let of = |operator: u8, remedy: u8| {
        format!("hours_operator={operator}, hours_department=2, hours_critical=1, hours_remedy={remedy}")
    };
    assert_eq!(clock(&of(4, 12)).unwrap(), 12);
    let error = clock(&of(5, 4)).unwrap_err().to_string();
    assert!(error.contains("hours_operator"), "{error}");
}

#[test]
fn the_basis_of_a_parameter_is_checked_and_compared() {
    let days = |basis: &str| {
        pack(
            "",
            &[value("chain.consent", &format!("parameters={{days_max=30}}\n{basis}"))],
        )
    };
    let basis = |parameter: &str, source: &str| {
        format!("basis={{{parameter}={{source=\"{source}\",article=\"决定\",confidence=\"L\"}}}}")
    };
    let load = |text: &str| RuleBook::load(&[NATIONAL, text]).map_err(|error| error.to_string());
    let own = days(&basis("days_max", "区县"));
    let book = load(&own).unwrap();
    let cited = book.on(TODAY).in_force(Rule::Consent).unwrap().basis_of("days_max");
    assert_eq!((cited.article, cited.confidence), ("决定", Confidence::L));
    assert!(
        load(&days(&basis("days", "区县")))
            .unwrap_err()
            .contains("no parameter `days`")
    );
    assert!(
        load(&days(&basis("days_max", "99号")))
            .unwrap_err()
            .contains("not under [sources]")
    );
    let (plain, own) = (Pack::read(&days("")).unwrap(), Pack::read(&own).unwrap());
    let told = Difference::Changed("chain.consent".to_owned(), vec!["basis.days_max".to_owned()]);
    assert_eq!(diff(&plain, &own), [told]);
}

#[test]
fn a_consent_that_is_too_long_cites_the_district() {
    let (district, firm, consent) = crate::district::District::before("consent.give");
    let long = crate::altered::altered(&consent, &[("/of/term/until", serde_json::json!("2028-06-30"))]);
    let refusal = district.decide(firm, &long).unwrap_err();
    assert_eq!(refusal.rule, "chain.consent");
    assert!(
        refusal.source.contains("区县自定") && !refusal.source.contains("个人信息保护法"),
        "{refusal:?}"
    );
}

#[test]
fn a_day_without_a_value_is_told() {
    let check = |before: &str, after: &str, expected: &str| {
        assert_eq!(NATIONAL.matches(before).count(), 1, "{before}");
        let error = RuleBook::load(&[&NATIONAL.replace(before, after)])
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{error}");
    };
    let earlier = "until = \"2025-10-31\"";
    check(
        earlier,
        "until = \"2025-09-30\"",
        "rule `incident.clock` has no value from 2025-10-01 until 2025-10-31",
    );
    check(
        earlier,
        "from = \"2017-06-01\"\nuntil = \"2025-10-31\"",
        "no value until 2017-05-31",
    );
    let head = "title = \"国家规则\"";
    check(
        head,
        "title = \"国家规则\"\nuntil = \"2035-12-31\"",
        "no value from 2036-01-01",
    );
}

#[test]
fn a_lower_layer_tightens_a_binding_rule_and_never_loosens_it() {
    let load = |id: &str, parameters: &str| {
        let text = pack("", &[value(id, &format!("parameters={{{parameters}}}"))]);
        RuleBook::load(&[NATIONAL, &text])
            .map(drop)
            .map_err(|error| error.to_string())
    };
    assert_eq!(load("agreement.term", "years_max=4"), Ok(()));
    let error = load("agreement.term", "years_max=6").unwrap_err();
    assert!(
        error.contains("`x`: rule `agreement.term` may only be tightened, since `national` binds it"),
        "{error}"
    );
    assert!(error.contains("`years_max` has to be at most 5"), "{error}");
    assert_eq!(load("erasure.retention", "days=2000"), Ok(()));
    assert!(
        load("erasure.retention", "days=365")
            .unwrap_err()
            .contains("at least 1096")
    );
    assert!(
        load("agreement.clauses", "list=[\"期限\"]")
            .unwrap_err()
            .contains("a list with")
    );
    // What does not bind is the district's to set either way.
    assert_eq!(load("plan.comment", "days_min=3,in_time=1"), Ok(()));
}

#[test]
fn packs_of_an_earlier_release_are_filled_in_by_the_present_ones() {
    let present = RuleBook::load(&LAYERS).unwrap();
    // An earlier release knew neither incidents nor how many experts a panel has, and knew a rule that is gone.
    let (before, after) = NATIONAL.split_once("[[rules.\"incident.clock\"]]").unwrap();
    let rest = &after[after.find("[rules.\"evidence.package\"]").unwrap()..];
    let earlier = format!("{before}{rest}")
        .replace("experts_min = 5", "")
        .replace("years_max = 5\n", "years_max = 4\n");
    let gone = "[pack]\nid=\"x\"\ntitle=\"x\"\n[rules.\"plan.colour\"]\nsource=\"x\"\narticle=\"1\"\nconfidence=\"L\"\nzh=\"x\"\nen=\"x\"\n";
    let packs = [earlier.as_str(), gone];
    assert!(RuleBook::load(&packs).is_err());
    let recorded = RuleBook::of_record(&packs, &present).unwrap();
    assert_eq!(recorded.hash(), Rules::hash_of(&packs));
    let (then, now) = (recorded.on(TODAY), present.on(TODAY));
    assert_eq!(then.parameters().plan_experts_min, now.parameters().plan_experts_min);
    assert_eq!(then.parameters().report_hours_operator, 4);
    // What is filled in is that of the day.
    let layer = |day| recorded.on(day).in_force(Rule::IncidentClock).unwrap().pack.id.clone();
    assert_eq!(
        (layer(date(2025, 10, 31)), layer(date(2025, 11, 1))),
        ("national".to_owned(), "guangdong".to_owned())
    );
    // What it did say stands.
    assert_eq!(
        (
            then.parameters().agreement_years_max,
            now.parameters().agreement_years_max
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
    let book = RuleBook::load(&LAYERS).unwrap();
    let rules = book.on(TODAY);
    for rule in Rule::ALL {
        let explanation = explain(rules, rule.id()).unwrap();
        assert_eq!(explanation.id, rule.id());
        assert_eq!(explanation.held.source, rules.source(*rule));
        assert!(!explanation.held.text.zh.is_empty() && explanation.held.span.covers(TODAY));
    }
    assert_eq!(explain(rules, "agreement.trm"), None);
}

#[test]
fn two_packs_differ_where_they_say_so() {
    let before = Pack::read(NATIONAL).unwrap();
    assert_eq!(diff(&before, &before), []);
    let mut after = before.clone();
    let shorter = NATIONAL.replace("years_max = 5", "years_max = 3");
    after.rules = Pack::read(&shorter).unwrap().rules;
    after.rules.remove("price.free");
    after.rules.get_mut("price.set").unwrap()[0].article = "另条".to_owned();
    let clock = after.rules.get_mut("incident.clock").unwrap();
    (clock[0].until, clock[1].article) = (None, "另条".to_owned());
    let expected = [
        Difference::Changed("agreement.term".to_owned(), vec!["parameters.years_max".to_owned()]),
        Difference::Changed(
            "incident.clock".to_owned(),
            [
                "until 2025-10-31: removed",
                "from 2025-11-01: article",
                "on all days: added",
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
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
