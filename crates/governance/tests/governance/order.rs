//! Acts out of order, by the wrong party, twice, about unknown things, on a stale view.

use std::collections::BTreeSet;

use gongshu_governance::Command;
use gongshu_governance::power::Act;
use serde_json::Value;

use crate::district::{District, PARTIES, path};

#[test]
fn the_path_does_every_act_once_it_is_possible() {
    let mut district = District::empty();
    for (party, command) in path() {
        district.must(party, &command);
    }
    let done: BTreeSet<Act> = path().iter().map(|(_, command)| command.act()).collect();
    // These are asked, not recorded as events.
    let asked = BTreeSet::from([Act::CallProduct, Act::CheckQuery, Act::Watch, Act::TryRules]);
    let all: BTreeSet<Act> = Act::ALL.iter().copied().collect();
    assert_eq!(&all - &done, asked);
}

/// What doing the same again meets; an empty text where it is as good as the first time.
fn twice(command: &Command) -> &'static str {
    match command {
        Command::RegisterParty(_)
        | Command::CreatePost(_)
        | Command::RecordExport(_)
        | Command::ReportLoan(_)
        | Command::AppointPerson(_)
        | Command::Delegate(_)
        | Command::IssueCredential(_)
        | Command::RegisterResource(_)
        | Command::RecordVersion(_)
        | Command::RecordClearance(_)
        | Command::OpenWorkOrder(_)
        | Command::ProposeAgreement(_)
        | Command::ApplyScenario(_)
        | Command::EngagePartner(_)
        | Command::RegisterModel(_)
        | Command::TrainModel(_)
        | Command::SubmitProduct(_)
        | Command::PermitRevenue(_)
        | Command::ClosePeriod(_)
        | Command::StartExit(_)
        | Command::Subscribe(_)
        | Command::GiveConsent(_)
        | Command::ApplyRegistration(_)
        | Command::PrepareDisclosure(_)
        | Command::ObjectToRegistration(_)
        | Command::DraftPlan(_)
        | Command::AnnounceSelection(_)
        | Command::OpenAssessment(_)
        | Command::OpenDispute(_)
        | Command::RecordConsents(_)
        | Command::ApplySelection(_)
        | Command::ReportIncident(_)
        | Command::SaveQuery(_)
        | Command::RecordAttempt(_)
        | Command::RunQuery(_)
        | Command::SubmitOutput(_)
        | Command::MakeEvidence(_)
        | Command::RecordFile(_)
        | Command::EraseCalls(_) => "record.duplicate",
        Command::SignAgreement(_)
        | Command::SealAgreement(_)
        | Command::ClosePost(_)
        | Command::EndExport(_)
        | Command::DismissPerson(_)
        | Command::RevokeDelegation(_)
        | Command::GrantScenario(_)
        | Command::ApproveResource(_)
        | Command::DeclineResource(_)
        | Command::FreezeScenario(_)
        | Command::ThawScenario(_)
        | Command::ReviewModel(_)
        | Command::SuspendModel(_)
        | Command::WithdrawModel(_)
        | Command::ListProduct(_)
        | Command::RefuseProduct(_)
        | Command::RetractProduct(_)
        | Command::OrderDestruction(_)
        | Command::WithdrawResource(_)
        | Command::WithdrawClearance(_)
        | Command::AnswerWorkOrder(_)
        | Command::CloseWorkOrder(_)
        | Command::DeregisterParty(_)
        | Command::RecordDestruction(_)
        | Command::SettleRevenue(_)
        | Command::ReportExitStep(_)
        | Command::CloseExit(_)
        | Command::AcceptRegistration(_)
        | Command::WithdrawRegistration(_)
        | Command::ReviewRegistration(_)
        | Command::ResolveRegistrationObjection(_)
        | Command::AssignCode(_)
        | Command::ReviewDisclosure(_)
        | Command::PublishDisclosure(_)
        | Command::SuspendProduct(_)
        | Command::ResumeProduct(_)
        | Command::WithdrawProduct(_)
        | Command::Unsubscribe(_)
        | Command::AgreeQuota(_)
        | Command::EndEngagement(_)
        | Command::RecordWithdrawal(_)
        | Command::WithdrawConsent(_) => "record.state",
        Command::FormPanel(_)
        | Command::OpenComment(_)
        | Command::ConcludeReview(_)
        | Command::DecidePlan(_)
        | Command::PublishPlan(_)
        | Command::QualifyApplicant(_)
        | Command::SeatPanel(_)
        | Command::ScoreApplicant(_)
        | Command::PublicizeCandidate(_)
        | Command::ResolveObjection(_)
        | Command::ConfirmSelection(_)
        | Command::FailSelection(_)
        | Command::CancelSelection(_)
        | Command::AcceptAmendment(_)
        | Command::DeclineAmendment(_)
        | Command::WithdrawAmendment(_)
        | Command::SuspendAgreement(_)
        | Command::ResumeAgreement(_)
        | Command::ObjectScenario(_)
        | Command::LiftObjection(_)
        | Command::ConcludeAssessment(_)
        | Command::AppealAssessment(_)
        | Command::RectifyAssessment(_)
        | Command::OrderMeasure(_)
        | Command::LiftMeasure(_)
        | Command::MoveDispute(_)
        | Command::CloseDispute(_)
        | Command::FulfilDuty(_)
        | Command::ReviewOutput(_)
        | Command::WithdrawOutput(_)
        | Command::HandleAlert(_)
        | Command::DecideRegrading(_)
        | Command::RetractIncident(_)
        | Command::CloseIncident(_) => "record.state",
        Command::RevisePlan(_)
        | Command::RecordOpinion(_)
        | Command::ObjectSelection(_)
        | Command::NarrowScenario(_)
        | Command::GradeIncident(_) => "record.input",
        Command::RefuseScenario(_) | Command::WithdrawScenario(_) | Command::EndScenario(_) => "chain.scenario",
        Command::AmendResource(_) => "resource.change",
        Command::RegradeResource(_) => "resource.regrade",
        Command::ChangeParty(_) => "party.change",
        Command::AnswerAppeal(_) => "assessment.appeal",
        Command::RevokeCredential(_) | Command::RemoveFile(_) => "record.unknown",
        Command::RecordPayment(_)
        | Command::CreditInvoice(_)
        | Command::RecordRefund(_)
        | Command::PayOut(_)
        | Command::ReturnShare(_) => "books.balance",
        Command::ReverseEntry(_) => "books.reversal",
        Command::PlanExit(_)
        | Command::SetCeiling(_)
        | Command::SetCeilings(_)
        | Command::SetPrice(_)
        | Command::AnswerOpinion(_)
        | Command::CollectOutput(_) => "",
        Command::WithdrawApplication(_) => "record.unknown",
        Command::ReassignAssessment(_) => "assessment.year",
        Command::ProposeAmendment(_)
        | Command::ReformPanel(_)
        | Command::ReseatPanel(_)
        | Command::AssessRisk(_)
        | Command::RecordQualityCheck(_)
        | Command::AssessIndicators(_)
        | Command::ReadFile(_)
        | Command::RecordStep(_) => "",
    }
}

#[test]
fn twice_is_refused() {
    let mut district = District::empty();
    for (party, command) in path() {
        district.must(party, &command);
        let again = district.decide(party, &command);
        let met = again.as_ref().err().map_or("", |refusal| refusal.rule.as_str());
        assert_eq!(met, twice(&command), "{}: {again:?}", command.act().id());
    }
}

/// Others than the one on the path who may do the step as well.
fn also_may(act: Act) -> &'static [&'static str] {
    match act {
        Act::SubmitProduct
        | Act::SaveQuery
        | Act::RecordAttempt
        | Act::RunQuery
        | Act::TrainModel
        | Act::ReviewOutput => &["pty_operator"],
        Act::ApplySelection => &["pty_operator", "pty_operator2"],
        Act::RecordQualityCheck => &["pty_agency", "pty_assessor", "pty_assessor2"],
        Act::ProposeAmendment => &["pty_operator"],
        Act::SuspendAgreement | Act::EndExport => &["pty_supervisor"],
        Act::OrderMeasure | Act::LiftMeasure => &["pty_agency"],
        Act::RecordConsents => &["pty_bank"],
        Act::RecordWithdrawal | Act::EndEngagement => &["pty_agency"],
        Act::OpenDispute => &[
            "pty_agency",
            "pty_market",
            "pty_ecology",
            "pty_operator2",
            "pty_partner",
            "pty_partner2",
            "pty_bank2",
            "pty_firm",
            "pty_firm2",
        ],
        Act::RecordStep => &["pty_agency", "pty_bank"],
        Act::MoveDispute | Act::CloseDispute => &["pty_agency", "pty_operator"],
        Act::ObjectSelection => &["pty_operator", "pty_operator2"],
        Act::RegisterModel => &["pty_partner"],
        Act::NarrowScenario | Act::EndScenario | Act::AgreeQuota => &["pty_operator"],
        Act::HandleAlert => &["pty_agency"],
        Act::SuspendModel => &["pty_agency"],
        Act::SuspendProduct => &["pty_agency", "pty_operator"],
        Act::ReportIncident => &[
            "pty_agency",
            "pty_market",
            "pty_ecology",
            "pty_operator2",
            "pty_supervisor",
        ],
        Act::PrepareDisclosure => &["pty_agency", "pty_operator2"],
        Act::ReviewDisclosure => &["pty_supervisor"],
        Act::RevokeCredential => &["pty_operator", "pty_operator2", "pty_supervisor"],
        Act::Subscribe => &["pty_bank2"],
        Act::GiveConsent => &["pty_firm2"],
        Act::ReadFile => &["pty_bank", "pty_supervisor"],
        Act::RemoveFile => &["pty_agency"],
        _ => &[],
    }
}

/// What a partner may do where the scenario's operator has engaged it.
fn develops(act: Act) -> bool {
    [
        Act::SubmitProduct,
        Act::RegisterModel,
        Act::TrainModel,
        Act::SaveQuery,
        Act::RecordAttempt,
        Act::RunQuery,
    ]
    .contains(&act)
}

/// Everybody may prove what is on record, object to what is shown to the public, and keep a file.
const EVERYBODY: [Act; 3] = [Act::MakeEvidence, Act::ObjectToRegistration, Act::RecordFile];

#[test]
fn the_wrong_party_is_refused() {
    for (step, (rightful, command)) in path().into_iter().enumerate().skip(PARTIES.len()) {
        let district = District::after(step);
        for (party, ..) in PARTIES.iter().filter(|(party, ..)| *party != rightful) {
            let outcome = district.decide(party, &command);
            let act = command.act();
            if also_may(act).contains(party) || EVERYBODY.contains(&act) {
                assert!(outcome.is_ok(), "{party} {act:?}: {outcome:?}");
                continue;
            }
            // A partner that the scenario's operator has not engaged has the power, not the place.
            // Both sides of an agreement may answer an amendment; which of them does is a rule.
            // The operator may review what others register, and erase what has been kept long enough.
            // So have agency and operator; but the supervisor has suspended it.
            let may_resume = ["pty_agency", "pty_operator"].contains(party);
            let rule = if (act, *party) == (Act::NarrowScenario, "pty_market") {
                // A provider narrows the use of its own resource; this is about quota and term.
                "chain.approval"
            } else if (act, *party) == (Act::AgreeQuota, "pty_bank") {
                "record.state"
            } else if (act, *party) == (Act::ResumeAgreement, "pty_supervisor") {
                "chain.suspended"
            } else if act == Act::ResumeProduct && may_resume {
                "product.suspended"
            } else if act == Act::ReviewModel && ["pty_operator", "pty_supervisor"].contains(party) {
                "model.review"
            } else if [Act::AcceptAmendment, Act::DeclineAmendment].contains(&act) && *party == "pty_agency"
                || (act, *party) == (Act::WithdrawAmendment, "pty_operator")
            {
                "agreement.amendment"
            } else if (act, *party) == (Act::ReportLoan, "pty_bank2") {
                "statistics.loan"
            } else if (act, *party) == (Act::WithdrawApplication, "pty_operator") {
                // It has not applied to this one.
                "record.unknown"
            } else if act == Act::ReadFile {
                // What one may not read is not there.
                "record.unknown"
            } else if (act, *party) == (Act::EraseCalls, "pty_operator") {
                "erasure.ground"
            } else if develops(act) && *party == "pty_partner2" {
                "partner.joint-liability"
            } else if act == Act::OpenDispute && *party == "pty_operator" || is_stranger(act, party) {
                "dispute.party"
            } else if act.charges() {
                "charge.party"
            } else {
                "power.act"
            };
            assert_eq!(outcome.unwrap_err().rule, rule, "{party} {act:?}");
        }
    }
}

/// A party that may act in disputes, but not in this one.
fn is_stranger(act: Act, party: &str) -> bool {
    let others = [
        "pty_market",
        "pty_ecology",
        "pty_operator2",
        "pty_partner",
        "pty_partner2",
    ];
    let more = ["pty_bank2", "pty_firm", "pty_firm2"];
    [Act::RecordStep, Act::MoveDispute, Act::CloseDispute].contains(&act)
        && (others.contains(&party) || more.contains(&party))
}

#[test]
fn a_stranger_is_unknown() {
    for (step, (_, command)) in path().into_iter().enumerate().skip(1) {
        let refusal = District::after(step).decide("pty_stranger", &command).unwrap_err();
        assert_eq!(refusal.rule, "record.unknown", "{}", command.act().id());
    }
}

#[test]
fn only_an_agency_founds_and_only_itself() {
    let (_, founding) = path().swap_remove(0);
    let (_, provider) = path().swap_remove(1);
    let empty = District::empty();
    assert_eq!(
        empty.decide("pty_market", &founding).unwrap_err().rule,
        "record.unknown"
    );
    assert_eq!(
        empty.decide("pty_market", &provider).unwrap_err().rule,
        "record.unknown"
    );
    assert!(empty.decide("pty_agency", &founding).is_ok());
}

/// Steps that need nothing but the parties.
fn needs_parties_only(command: &Command) -> bool {
    matches!(
        command,
        Command::RegisterParty(_)
            | Command::ChangeParty(_)
            | Command::DeregisterParty(_)
            | Command::RegisterResource(_)
            | Command::DraftPlan(_)
            | Command::PrepareDisclosure(_)
            | Command::IssueCredential(_)
            | Command::CreatePost(_)
            | Command::MakeEvidence(_)
            | Command::RecordFile(_)
    )
}

#[test]
fn nothing_is_done_before_what_it_rests_on() {
    let bare = District::after(PARTIES.len());
    for (party, command) in path().into_iter().skip(PARTIES.len()) {
        if !needs_parties_only(&command) {
            let refusal = bare.decide(party, &command).unwrap_err();
            assert_eq!(refusal.rule, "record.unknown", "{}", command.act().id());
        }
    }
}

#[test]
fn a_step_left_out_stops_the_ones_that_rest_on_it() {
    // The step that is left out, the first later step that feels it, the rule it meets.
    let table = [
        ("resource.register", "version.record", "record.unknown"),
        ("resource.clear", "agreement.propose", "resource.shared"),
        ("approval.decline", "resource.withdraw", "resource.change"),
        ("plan.panel", "plan.reseat", "plan.panel"),
        ("plan.comment", "plan.conclude", "plan.comment"),
        ("plan.answer", "plan.conclude", "plan.answers"),
        ("plan.conclude", "plan.decide", "record.state"),
        ("plan.decide", "plan.publish", "plan.decision"),
        ("selection.apply", "selection.qualify", "record.unknown"),
        ("selection.qualify", "selection.panel", "selection.applications"),
        ("selection.panel", "selection.reseat", "selection.panel"),
        ("selection.score", "selection.publicize", "selection.scores"),
        ("selection.publicize", "selection.object", "selection.objections"),
        ("selection.confirm", "agreement.propose", "agreement.selected"),
        ("incident.fulfil", "incident.close", "incident.duties"),
        ("incident.grade", "incident.close", "incident.duties"),
        ("version.record", "query.run", "version.available"),
        ("query.save", "output.submit", "record.unknown"),
        ("output.review", "output.collect", "record.state"),
        ("disclosure.review", "disclosure.publish", "disclosure.review"),
        ("registration.accept", "registration.review", "record.state"),
        ("registration.review", "registration.object", "record.state"),
        ("registration.decide", "registration.assign", "registration.objection"),
        ("agreement.sign", "scenario.apply", "chain.agreement"),
        ("scenario.apply", "scenario.object", "record.unknown"),
        ("scenario.risk", "scenario.grant", "scenario.risk"),
        ("scenario.lift", "scenario.grant", "scenario.objection"),
        ("agreement.amend", "agreement.decline", "record.state"),
        ("agreement.suspend", "agreement.resume", "record.state"),
        ("assessment.indicate", "assessment.conclude", "assessment.indicators"),
        ("assessment.conclude", "assessment.appeal", "record.state"),
        ("assessment.appeal", "assessment.answer", "assessment.appeal"),
        ("dispute.lift", "dispute.close", "dispute.measure"),
        ("dispute.measure", "dispute.lift", "record.state"),
        ("scenario.grant", "product.submit", "chain.scenario"),
        ("approval.give", "product.list", "chain.approval"),
        ("partner.engage", "product.submit", "partner.joint-liability"),
        ("product.list", "subscription.open", "product.listed"),
        ("product.suspend", "product.resume", "record.state"),
        ("price.ceiling", "price.set", "price.ceiling"),
        ("price.set", "subscription.open", "price.set"),
        ("revenue.permit", "price.ceiling", "revenue.permitted"),
        ("books.close", "books.payment", "record.unknown"),
        ("books.payment", "books.payout", "books.balance"),
        ("books.credit", "books.refund", "books.balance"),
        ("books.payout", "books.reverse", "record.unknown"),
        ("post.create", "post.appoint", "record.unknown"),
        ("post.appoint", "delegation.give", "power.delegation"),
        ("delegation.give", "delegation.revoke", "record.unknown"),
        ("subscription.open", "loan.report", "statistics.loan"),
        ("export.record", "export.end", "record.unknown"),
        ("credential.issue", "credential.revoke", "record.unknown"),
        ("scenario.freeze", "scenario.thaw", "record.state"),
        ("version.destroy", "version.destroyed", "record.state"),
        ("resource.regrade", "regrading.decide", "record.state"),
        ("exit.start", "exit.plan", "record.unknown"),
        ("subscription.close", "exit.plan", "exit.plan"),
        ("exit.plan", "exit.step", "exit.plan"),
        ("exit.step", "exit.close", "exit.plan"),
    ];
    for (left_out, later, rule) in table {
        let mut district = District::empty();
        for (party, command) in path() {
            let act = command.act().id();
            if act == later {
                let refusal = district.decide(party, &command).unwrap_err();
                assert_eq!(refusal.rule, rule, "{later} without {left_out}");
                break;
            }
            if act != left_out {
                district.must(party, &command);
            }
        }
    }
}

/// Ids of things on record when the command comes, by where its document names them.
fn known_ids(document: &Value, own: &str, at: &str, found: &mut Vec<String>) {
    match document {
        Value::String(text) if is_id(text) && text != own => found.push(at.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                known_ids(item, own, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                known_ids(member, own, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

fn is_id(text: &str) -> bool {
    [
        "pty_", "res_", "ver_", "agr_", "scn_", "prd_", "sub_", "cns_", "key_", "eng_", "rev_", "ext_", "per_", "qry_",
        "out_", "sel_", "pln_", "asm_", "dsp_", "reg_", "dsc_", "pst_", "dlg_", "xpt_", "lon_", "wko_",
    ]
    .iter()
    .any(|prefix| text.starts_with(prefix))
}

#[test]
fn an_unknown_id_anywhere_is_named_in_the_refusal() {
    let mut tried = 0;
    for (step, (party, command)) in path().into_iter().enumerate().skip(PARTIES.len()) {
        let district = District::after(step);
        let document = serde_json::to_value(&command).unwrap();
        let creates = district.state.revision(command.stream()) == 0;
        let own = if creates { command.stream() } else { "" };
        let mut places = Vec::new();
        known_ids(&document, own, "", &mut places);
        for place in places {
            let mut altered = document.clone();
            *altered.pointer_mut(&place).unwrap() = Value::from("xxx_nobody_knows");
            let altered: Command = serde_json::from_value(altered).unwrap();
            let outcome = district.decide(party, &altered);
            let expected = match (command.act(), place.as_str()) {
                // Somebody else's, whether on record or not.
                (Act::RegisterResource, "/of/provider")
                | (Act::CreatePost, "/of/party")
                | (Act::IssueCredential, "/of/credential/party") => "power.act",
                // The query's own resources are right; the parameter then speaks of none of them.
                (Act::SubmitProduct, "/of/subject/resource") => "chain.consent",
                // A version is new, and its own certificate is the vault's.
                (Act::RecordVersion, "/of/version/id") | (Act::RecordDestruction, "/of/certificate/key_id") => {
                    assert!(outcome.is_ok(), "{place}: {outcome:?}");
                    continue;
                }
                // What was read is not what is in operation.
                (Act::RunQuery | Act::TrainModel | Act::SubmitOutput, place)
                    if place.starts_with("/of/ran/versions") =>
                {
                    "version.available"
                }
                _ => "record.unknown",
            };
            let refusal = outcome.unwrap_err();
            assert_eq!(refusal.rule, expected, "{} {place}", command.act().id());
            if expected == "record.unknown" {
                assert!(refusal.message.en.contains("xxx_nobody_knows"), "{refusal:?}");
            }
            tried += 1;
        }
    }
    assert!(tried > 30, "only {tried} ids were tried");
}

#[test]
fn a_stale_view_is_refused_and_the_present_one_accepted() {
    for (step, (party, command)) in path().into_iter().enumerate().skip(PARTIES.len()) {
        let district = District::after(step);
        let revision = district.state.revision(command.stream());
        assert!(district.decide_seen(party, &command, Some(revision)).is_ok());
        let refusal = district.decide_seen(party, &command, Some(revision + 1)).unwrap_err();
        assert_eq!(refusal.rule, "record.conflict");
    }
}
