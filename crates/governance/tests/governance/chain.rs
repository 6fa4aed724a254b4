//! What lies between an agreement and a call: amendments, suspensions, deadlines of approvals, objections, measures.

use gongshu_governance::authorization::Usage;
use gongshu_governance::calendar::day_of;
use gongshu_governance::consent::Consent;
use gongshu_governance::identifier::{AgreementId, ConsentId, ScenarioId};
use gongshu_governance::rules::RuleBook;
use gongshu_governance::{Command, authorize};
use serde_json::json;

use crate::coverage::altered;
use crate::district::{
    CALENDAR, District, FIRM_CODE, NATIONAL, PARTIES, PURPOSE, actor, overlay, path, powers, rules, rules_of,
};

fn step(act: &str) -> (&'static str, Command) {
    path()
        .into_iter()
        .find(|(_, command)| command.act().id() == act)
        .unwrap()
}

fn call_rule(district: &District) -> String {
    district
        .call(Usage::default())
        .map_or_else(|refusal| refusal.rule, |_| "permitted".to_owned())
}

#[test]
fn an_amendment_that_takes_a_purpose_away_ends_the_use_for_it() {
    let mut district = District::serving();
    assert_eq!(call_rule(&district), "permitted");
    let (agency, amendment) = step("agreement.amend");
    let narrower = altered(&amendment, &[("/of/purposes", json!(["环境信息服务"]))]);
    district.must(agency, &narrower);
    assert_eq!(call_rule(&district), "permitted", "proposed is not accepted");
    let (operator, acceptance) = step("agreement.accept");
    let waiting = district.state.agreements[&AgreementId::new("agr_1")].waiting().unwrap();
    let accepted = altered(&acceptance, &[("/of/terms_sha256", json!(waiting.sha256()))]);
    district.must(operator, &accepted);
    assert_eq!(call_rule(&district), "chain.link-exceeds");
}

#[test]
fn a_suspension_stops_calls_and_applications_until_it_is_over() {
    let mut district = District::serving();
    let (agency, suspension) = step("agreement.suspend");
    district.must(agency, &suspension);
    assert_eq!(call_rule(&district), "chain.suspended");
    let (operator, application) = step("scenario.apply");
    let second = altered(&application, &[("/of/id", json!("scn_second"))]);
    assert_eq!(district.decide(operator, &second).unwrap_err().rule, "chain.suspended");
    let (agency, resumption) = step("agreement.resume");
    district.must(agency, &resumption);
    assert_eq!(call_rule(&district), "permitted");
}

#[test]
fn a_suspension_ends_by_whoever_decided_it() {
    let mut district = District::serving();
    let (agency, suspension) = step("agreement.suspend");
    let (_, resumption) = step("agreement.resume");
    let supervisor = "pty_supervisor";
    district.must(supervisor, &suspension);
    let refusal = district.decide(agency, &resumption).unwrap_err();
    assert_eq!(refusal.rule, "chain.suspended");
    assert!(refusal.message.en.contains("pty_supervisor"), "{refusal:?}");
    district.must(agency, &suspension);
    assert_eq!(district.decide(agency, &suspension).unwrap_err().rule, "record.state");
    district.must(agency, &resumption);
    assert_eq!(call_rule(&district), "chain.suspended", "the supervisor's stands");
    district.must(supervisor, &resumption);
    assert_eq!(call_rule(&district), "permitted");
}

#[test]
fn a_suspension_of_an_older_record_is_ended_by_whoever_may_resume() {
    let mut district = District::serving();
    let of = json!({"event": "suspended", "of": {"agreement": "agr_1", "reason": "复测"}});
    let event = serde_json::from_value(json!({"event": "agreement", "of": of})).unwrap();
    district.happened(event);
    assert_eq!(call_rule(&district), "chain.suspended");
    let (agency, resumption) = step("agreement.resume");
    district.must(agency, &resumption);
    assert_eq!(call_rule(&district), "permitted");
}

#[test]
fn a_measure_freezes_and_only_its_end_thaws() {
    let mut district = District::serving();
    let (bank, claim) = step("dispute.open");
    district.must(bank, &altered(&claim, &[("/of/id", json!("dsp_2"))]));
    let (supervisor, measure) = step("dispute.measure");
    district.must(supervisor, &altered(&measure, &[("/of/dispute", json!("dsp_2"))]));
    assert_eq!(call_rule(&district), "chain.frozen");
    let (supervisor, thaw) = step("scenario.thaw");
    assert_eq!(district.decide(supervisor, &thaw).unwrap_err().rule, "dispute.measure");
    let (supervisor, lift) = step("dispute.lift");
    district.must(supervisor, &altered(&lift, &[("/of/dispute", json!("dsp_2"))]));
    assert_eq!(call_rule(&district), "permitted");
}

/// Another supervisor, beside the one on the path.
fn second_supervisor(district: &mut District) -> &'static str {
    let (agency, registered) = path().swap_remove(PARTIES.len() - 3);
    let second = [
        ("/of/party/id", json!("pty_supervisor2")),
        ("/of/party/name", json!("pty_supervisor2")),
        ("/of/party/code", json!("11440300MB2D00019X")),
    ];
    district.must(agency, &altered(&registered, &second));
    "pty_supervisor2"
}

#[test]
fn a_scenario_is_thawed_with_its_last_cause() {
    let mut district = District::serving();
    let second = second_supervisor(&mut district);
    let (first, freeze) = step("scenario.freeze");
    let (_, thaw) = step("scenario.thaw");
    district.must(first, &freeze);
    assert_eq!(district.decide(first, &freeze).unwrap_err().rule, "record.state");
    district.must(second, &freeze);
    let (reporter, incident) = step("incident.report");
    let grave = altered(
        &incident,
        &[("/of/id", json!("inc_grave")), ("/of/level", json!("major"))],
    );
    district.must(reporter, &grave);
    let (bank, claim) = step("dispute.open");
    district.must(bank, &altered(&claim, &[("/of/id", json!("dsp_2"))]));
    let of_case = [("/of/dispute", json!("dsp_2"))];
    let (_, measure) = step("dispute.measure");
    district.must("pty_agency", &altered(&measure, &of_case));
    let causes = |district: &District| district.state.scenarios[&ScenarioId::new("scn_credit")].freezes().len();
    assert_eq!(causes(&district), 4);

    // The agency's measure ends, and undoes nobody else's freeze.
    let (_, lift) = step("dispute.lift");
    district.must("pty_agency", &altered(&lift, &of_case));
    assert_eq!((causes(&district), call_rule(&district).as_str()), (3, "chain.frozen"));
    // A supervisor lifts its own order; the other's is not its to lift, nor the incident's while that is open.
    district.must(first, &thaw);
    assert_eq!(causes(&district), 2);
    let refusal = district.decide(first, &thaw).unwrap_err();
    assert_eq!(refusal.rule, "chain.frozen", "{refusal:?}");
    district.must(second, &thaw);
    assert_eq!(district.decide(second, &thaw).unwrap_err().rule, "incident.freeze");
    let (reporter, grade) = step("incident.grade");
    let lower = [("/of/incident", json!("inc_grave")), ("/of/level", json!("general"))];
    district.must(reporter, &altered(&grade, &lower));
    assert_eq!(call_rule(&district), "chain.frozen", "graded lower is not thawed");
    district.must(first, &thaw);
    assert_eq!(call_rule(&district), "permitted");
}

#[test]
fn a_freeze_of_an_older_record_is_thawed_as_a_whole() {
    let mut district = District::serving();
    let event = |text: serde_json::Value| serde_json::from_value(text).unwrap();
    let scenario = json!({"scenario": "scn_credit", "reason": "核查"});
    district.happened(event(json!({"event": "scenario_frozen", "of": scenario})));
    assert_eq!(call_rule(&district), "chain.frozen");
    let mut replayed = district.clone();
    replayed.happened(event(
        json!({"event": "scenario_thawed", "of": {"scenario": "scn_credit"}}),
    ));
    assert_eq!(call_rule(&replayed), "permitted");
    let (supervisor, thaw) = step("scenario.thaw");
    district.must(supervisor, &thaw);
    assert_eq!(call_rule(&district), "permitted");
}

#[test]
fn what_a_grave_incident_names_is_not_granted() {
    let (mut district, agency, grant) = District::before("scenario.grant");
    let (reporter, incident) = step("incident.report");
    district.must(reporter, &altered(&incident, &[("/of/level", json!("major"))]));
    assert_eq!(district.decide(agency, &grant).unwrap_err().rule, "incident.freeze");
    let (_, grade) = step("incident.grade");
    district.must(reporter, &altered(&grade, &[("/of/level", json!("general"))]));
    assert!(district.decide(agency, &grant).is_ok());
}

#[test]
fn each_supervisor_objects_and_takes_its_own_back() {
    let (mut district, first, objection) = District::before("scenario.object");
    let second = second_supervisor(&mut district);
    let (_, lift) = step("scenario.lift");
    district.must(first, &objection);
    assert_eq!(district.decide(first, &objection).unwrap_err().rule, "record.state");
    let refusal = district.decide(second, &lift).unwrap_err();
    assert_eq!(refusal.rule, "scenario.objection");
    assert!(refusal.message.en.contains("pty_supervisor"), "{refusal:?}");
    district.must(second, &objection);
    district.must(first, &lift);
    let (operator, risk) = step("scenario.risk");
    district.must(operator, &risk);
    let (agency, grant) = step("scenario.grant");
    let refusal = district.decide(agency, &grant).unwrap_err();
    assert_eq!(refusal.rule, "scenario.objection");
    assert!(refusal.message.en.contains("pty_supervisor2"), "{refusal:?}");
    district.must(second, &lift);
    district.must(agency, &grant);
    let refusal = district.decide(second, &objection).unwrap_err();
    assert!(refusal.remedy.en.contains("frozen"), "{refusal:?}");
}

#[test]
fn an_objection_of_an_older_record_is_taken_back_by_a_supervisor() {
    let (mut district, supervisor, _) = District::before("scenario.object");
    let of = json!({"event": "objected", "of": {"scenario": "scn_credit", "reason": "过宽"}});
    let event = serde_json::from_value(json!({"event": "scenario", "of": of})).unwrap();
    district.happened(event);
    let (_, lift) = step("scenario.lift");
    district.must(supervisor, &lift);
    assert!(
        district.state.scenarios[&ScenarioId::new("scn_credit")]
            .objections
            .is_empty()
    );
}

#[test]
fn a_late_step_of_a_dispute_is_recorded_as_late() {
    let (mut district, operator, answer) = District::before("dispute.step");
    district.now = "2026-04-17T02:00:00Z".parse().unwrap();
    district.must(operator, &answer);
    district.must(operator, &answer);
    let dispute = district.state.disputes.values().next().unwrap();
    let late: Vec<bool> = dispute.steps.iter().map(|step| step.late).collect();
    assert_eq!(late, [true, false]);
}

#[test]
fn a_failed_assessment_stops_further_scenarios_until_it_is_put_right() {
    let (mut district, agency, rectified) = District::before("assessment.rectify");
    let (operator, application) = step("scenario.apply");
    let second = altered(&application, &[("/of/id", json!("scn_second"))]);
    let refusal = district.decide(operator, &second).unwrap_err();
    assert_eq!(refusal.rule, "assessment.consequence");
    assert_eq!(call_rule(&district), "permitted", "what is granted goes on");
    district.must(agency, &rectified);
    assert!(district.decide(operator, &second).is_ok());
}

#[test]
fn what_is_too_risky_is_not_granted() {
    let (mut district, operator, risk) = District::before("scenario.risk");
    let larger = altered(
        &risk,
        &[
            ("/of/risks/异常访问/impact", json!(5)),
            ("/of/risks/异常访问/likelihood", json!(3)),
        ],
    );
    district.must(operator, &larger);
    let (agency, grant) = step("scenario.grant");
    let refusal = district.decide(agency, &grant).unwrap_err();
    assert_eq!(refusal.rule, "scenario.risk");
    assert!(refusal.message.en.contains("stays at 15"), "{}", refusal.message.en);
    district.must(operator, &risk);
    assert!(district.decide(agency, &grant).is_ok());
}

/// Whether the provider that has said nothing counts as having approved, `days` after the application.
fn after_silence(silence_approves: u8, days: i64) -> bool {
    let text = NATIONAL.replace(
        "silence_approves = 0",
        &format!("silence_approves = {silence_approves}"),
    );
    let book = RuleBook::load(&[&text, CALENDAR]).unwrap();
    let (district, ..) = District::before("approval.give");
    let scenario = &district.state.scenarios[&ScenarioId::new("scn_credit")];
    let rules = book.at(district.now);
    assert_eq!(scenario.approvals_due(rules).to_string(), "2026-04-16");
    let day = day_of(district.now).saturating_add(jiff::Span::new().days(days));
    scenario.unapproved(rules, day).next().is_none()
}

#[test]
fn silence_is_approval_only_where_the_pack_says_so_and_once_the_time_is_over() {
    // Ten working days from the first of April: Qingming (4 to 6 April) and two weekends do not count.
    assert!(!after_silence(0, 16));
    assert!(!after_silence(1, 15));
    assert!(after_silence(1, 16));
}

#[test]
fn a_subject_withdraws_what_a_consumer_put_on_record() {
    let mut district = District::serving();
    let (bank, batch) = step("consent.record");
    let proofs = json!({FIRM_CODE: "b2".repeat(32)});
    let own = altered(&batch, &[("/of/id", json!("cns_own")), ("/of/proofs", proofs)]);
    district.must(bank, &own);
    let consent = |district: &District| -> Consent { (*district.state.consents[&ConsentId::new("cns_own")]).clone() };
    assert_eq!(consent(&district).subject.unwrap().as_str(), "pty_firm");
    let (_, withdrawal) = step("consent.withdraw");
    let withdrawal = altered(&withdrawal, &[("/of/consent", json!("cns_own"))]);
    assert_eq!(district.decide(bank, &withdrawal).unwrap_err().rule, "power.act");
    district.must("pty_firm", &withdrawal);
    assert!(consent(&district).withdrawn.is_some());
}

#[test]
fn a_batch_serves_calls_about_firms_that_are_no_parties() {
    let mut district = District::serving();
    let (_, batch) = step("consent.record");
    district.must("pty_bank", &altered(&batch, &[("/of/id", json!("cns_bank"))]));
    let request = |subject| {
        let request = gongshu_governance::authorization::CallRequest {
            actor: &actor("pty_bank"),
            product: &gongshu_governance::identifier::ProductId::new("prd_verify"),
            purpose: PURPOSE,
            subject: Some(subject),
            at: district.now,
        };
        authorize(&district.state, &request, Usage::default(), rules(), powers())
    };
    assert!(request("914403001922038216").is_ok());
    assert_eq!(request("91110000802100433B").unwrap_err().rule, "chain.consent");
}

/// What ends a link above the product, and what a listing and a subscription then meet.
const ENDINGS: [(&str, &str); 4] = [
    ("scenario.freeze", "chain.frozen"),
    ("approval.decline", "chain.approval"),
    ("model.suspend", "chain.model"),
    ("agreement.suspend", "chain.suspended"),
];

#[test]
fn nothing_is_listed_or_sold_whose_chain_is_broken() {
    for act in ["product.list", "subscription.open"] {
        for (ending, rule) in ENDINGS {
            let (mut district, party, command) = District::before(act);
            assert!(district.decide(party, &command).is_ok(), "{act}");
            let (by, end) = step(ending);
            district.must(by, &end);
            let refusal = district.decide(party, &command).unwrap_err();
            assert_eq!(refusal.rule, rule, "{act} after {ending}");
        }
        let (mut district, party, command) = District::before(act);
        district.now = "2027-04-02T02:00:00Z".parse().unwrap();
        let refusal = district.decide(party, &command).unwrap_err();
        assert_eq!(refusal.rule, "chain.scenario", "{act} after the scenario's term");
    }
}

#[test]
fn nothing_is_submitted_under_a_scenario_that_is_frozen_or_over() {
    let (mut district, partner, submission) = District::before("product.submit");
    let (supervisor, freeze) = step("scenario.freeze");
    district.must(supervisor, &freeze);
    assert_eq!(district.decide(partner, &submission).unwrap_err().rule, "chain.frozen");
    let (mut district, ..) = District::before("product.submit");
    district.now = "2027-04-02T02:00:00Z".parse().unwrap();
    assert_eq!(
        district.decide(partner, &submission).unwrap_err().rule,
        "chain.scenario"
    );
}

#[test]
fn a_subject_that_is_no_party_withdraws_by_a_letter_to_consumer_or_agency() {
    let asks = |district: &District, code: &str| {
        let request = gongshu_governance::authorization::CallRequest {
            actor: &actor("pty_bank"),
            product: &gongshu_governance::identifier::ProductId::new("prd_verify"),
            purpose: PURPOSE,
            subject: Some(code),
            at: district.now,
        };
        authorize(&district.state, &request, Usage::default(), rules(), powers())
    };
    for (by, consent, code) in [
        ("pty_bank", "cns_bank", "914403001922038216"),
        ("pty_agency", "cns_bank.2", "91440300279544513D"),
    ] {
        let mut district = District::serving();
        let (_, batch) = step("consent.record");
        district.must("pty_bank", &altered(&batch, &[("/of/id", json!("cns_bank"))]));
        assert!(asks(&district, code).is_ok());
        let (_, recall) = step("consent.recall");
        let recall = altered(&recall, &[("/of/consent", json!(consent))]);
        assert_eq!(district.decide("pty_bank2", &recall).unwrap_err().rule, "power.act");
        assert_eq!(district.decide("pty_operator", &recall).unwrap_err().rule, "power.act");
        district.must(by, &recall);
        assert_eq!(asks(&district, code).unwrap_err().rule, "chain.consent");
        assert_eq!(district.decide(by, &recall).unwrap_err().rule, "record.state");
    }
    // What a subject gave here is the subject's to withdraw, or the agency's to record; not the consumer's.
    let district = District::serving();
    let (_, recall) = step("consent.recall");
    let own = altered(&recall, &[("/of/consent", json!("cns_1"))]);
    assert_eq!(district.decide("pty_bank", &own).unwrap_err().rule, "power.act");
    assert!(district.decide("pty_agency", &own).is_ok());
}

/// A district may keep a time in which supervisors object before a scenario is granted; by default none is kept.
#[test]
fn a_scenario_is_granted_once_supervisors_have_had_their_time() {
    let kept = overlay("working_days_min = 0", "working_days_min = 3");
    let rules = rules_of(&[NATIONAL, CALENDAR, &kept]);
    let (mut district, agency, grant) = District::before("scenario.grant");
    assert!(district.decide(agency, &grant).is_ok(), "none is kept");
    // Applied for on Wednesday, the first of April; the sixth is a holiday.
    for (day, met) in [("01", "scenario.objection"), ("07", "scenario.objection"), ("08", "")] {
        district.now = format!("2026-04-{day}T02:00:00Z").parse().unwrap();
        let decided = district.decide_under(&rules, agency, &grant);
        assert_eq!(
            decided.err().map_or_else(String::new, |refusal| refusal.rule),
            met,
            "{day}"
        );
    }
}
