//! An agreement is signed by both sides: each commits to the same document of the terms in force.

use gongshu_governance::Command;
use gongshu_governance::agreement::{AcceptAmendment, AgreementStatus};
use gongshu_governance::identifier::AgreementId;
use gongshu_governance::rules::{RuleBook, Rules};
use serde_json::json;

use crate::coverage::altered;
use crate::district::{District, NATIONAL, path};

fn step(act: &str) -> (&'static str, Command) {
    path()
        .into_iter()
        .find(|(_, command)| command.act().id() == act)
        .unwrap()
}

/// The national rules, with documents asked for.
fn demanding(district: &District) -> Rules {
    let text = NATIONAL.replace("documents = 0", "documents = 1");
    assert_ne!(text, NATIONAL);
    (**RuleBook::load(&[&text]).unwrap().at(district.now)).clone()
}

#[test]
fn where_documents_are_asked_for_both_sides_sign_the_same_one() {
    let (mut district, agency, seal) = District::before("agreement.seal");
    let (operator, signature) = step("agreement.sign");
    let rules = demanding(&district);
    let refused = |district: &District, command: &Command| {
        let refusal = district.decide_under(&rules, operator, command).unwrap_err();
        assert_eq!(refusal.rule, "agreement.signatures");
        refusal.message.en
    };
    let act_alone = altered(&signature, &[("/of/document", json!(null))]);
    assert!(refused(&district, &act_alone).contains("takes an electronic signature"));
    assert!(refused(&district, &signature).contains("has not signed the text yet"));
    district.must(agency, &seal);
    let other = altered(&signature, &[("/of/document/document_sha256", json!("e1".repeat(32)))]);
    assert!(refused(&district, &other).contains("not the document that the side that proposed it has signed"));
    assert!(district.decide_under(&rules, operator, &signature).is_ok());
    let status = |district: &District| district.state.agreements[&AgreementId::new("agr_1")].status.clone();
    assert_eq!(
        status(&district),
        AgreementStatus::Proposed,
        "one signature is not enough"
    );
    district.must(operator, &signature);
    assert!(matches!(status(&district), AgreementStatus::Signed { .. }));
}

#[test]
fn where_documents_are_not_asked_for_the_act_alone_signs() {
    let (mut district, ..) = District::before("agreement.seal");
    let (operator, signature) = step("agreement.sign");
    district.must(operator, &altered(&signature, &[("/of/document", json!(null))]));
    let agreement = &district.state.agreements[&AgreementId::new("agr_1")];
    assert!(matches!(agreement.status, AgreementStatus::Signed { .. }));
    assert!(agreement.signatures.is_empty());
    // The text can be signed afterwards, by each side once.
    let (agency, seal) = step("agreement.seal");
    district.must(agency, &seal);
    district.must(operator, &signature);
    assert_eq!(district.decide(operator, &signature).unwrap_err().rule, "record.state");
    assert_eq!(
        district.state.agreements[&AgreementId::new("agr_1")].signatures.len(),
        2
    );
}

#[test]
fn an_amended_text_is_signed_anew_and_the_old_signatures_stay() {
    // On the path the agreement is amended after it was signed.
    let mut district = District::serving();
    let (agency, seal) = step("agreement.seal");
    assert_eq!(
        district.decide(agency, &seal).unwrap_err().rule,
        "agreement.signatures",
        "the old terms"
    );
    let agreement = |district: &District| (*district.state.agreements[&AgreementId::new("agr_1")]).clone();
    assert_eq!(agreement(&district).signatures.len(), 2);
    assert_eq!(agreement(&district).signatures_in_force().count(), 0);
    let terms = agreement(&district).terms.sha256();
    for act in ["agreement.seal", "agreement.sign"] {
        let (party, command) = step(act);
        let (terms, document) = (json!(terms), json!("f1".repeat(32)));
        let anew = altered(
            &command,
            &[
                ("/of/document/terms_sha256", terms),
                ("/of/document/document_sha256", document),
            ],
        );
        district.must(party, &anew);
    }
    assert_eq!(agreement(&district).signatures.len(), 4);
    assert_eq!(agreement(&district).signatures_in_force().count(), 2);
}

/// The signature of a step over these terms, of a document of its own.
fn over(act: &str, terms: &str, document: &str) -> (&'static str, Command) {
    let (party, command) = step(act);
    let changes = [
        ("/of/document/terms_sha256", json!(terms)),
        ("/of/document/document_sha256", json!(document.repeat(32))),
    ];
    (party, altered(&command, &changes))
}

/// The operator's signature on the text that an amendment makes.
fn acceptance_of(terms: &str, document: &str) -> Command {
    let (_, Command::SignAgreement(signature)) = over("agreement.sign", terms, document) else {
        panic!("the step signs");
    };
    Command::AcceptAmendment(AcceptAmendment {
        agreement: signature.agreement,
        terms_sha256: terms.to_owned(),
        document: signature.document,
    })
}

#[test]
fn an_amendment_is_signed_by_both_sides_before_it_is_in_force() {
    let (mut district, operator, act_alone) = District::before("agreement.accept");
    let rules = demanding(&district);
    let id = AgreementId::new("agr_1");
    let before = district.state.agreements[&id].terms.clone();
    let waiting = district.state.agreements[&id].waiting().unwrap().sha256();
    let refused = |district: &District, command: &Command| {
        let refusal = district.decide_under(&rules, operator, command).unwrap_err();
        assert_eq!(refusal.rule, "agreement.signatures");
        refusal.message.en
    };
    assert!(refused(&district, &act_alone).contains("takes an electronic signature"));
    let acceptance = acceptance_of(&waiting, "f1");
    assert!(refused(&district, &acceptance).contains("has not signed the text yet"));
    let (agency, seal) = over("agreement.seal", &waiting, "f1");
    district.must(agency, &seal);
    assert_eq!(
        district.decide(agency, &seal).unwrap_err().rule,
        "record.state",
        "signed once"
    );
    let other = acceptance_of(&waiting, "e1");
    assert!(refused(&district, &other).contains("not the document that the side that proposed it has signed"));
    assert_eq!(
        district.state.agreements[&id].terms, before,
        "one signature is not enough"
    );
    assert_eq!(
        district.state.agreements[&id].signatures_in_force().count(),
        2,
        "on the text before it"
    );

    let events = district.decide_under(&rules, operator, &acceptance).unwrap();
    assert_eq!(events.len(), 1);
    district.must(operator, &acceptance);
    let agreement = &district.state.agreements[&id];
    assert_eq!((agreement.text(), agreement.terms.sha256()), (2, waiting));
    assert_eq!(agreement.signatures_in_force().count(), 2, "nothing is left to sign");
}

#[test]
fn what_took_the_place_of_an_amendment_is_not_accepted_with_it() {
    let (mut district, operator, acceptance) = District::before("agreement.accept");
    let (agency, amendment) = step("agreement.amend");
    let later = altered(&amendment, &[("/of/purposes", json!(["环境信息服务"]))]);
    district.must(agency, &later);
    let refusal = district.decide(operator, &acceptance).unwrap_err();
    assert_eq!(refusal.rule, "agreement.amendment");
    assert!(refusal.message.en.contains("not the amendment that waits"));
}

#[test]
fn terms_that_return_to_what_they_were_are_signed_anew() {
    let mut district = District::serving();
    let id = AgreementId::new("agr_1");
    let (agency, amendment) = step("agreement.amend");
    let back = altered(&amendment, &[("/of/purposes", json!([crate::district::PURPOSE]))]);
    district.must(agency, &back);
    let waiting = district.state.agreements[&id].waiting().unwrap().sha256();
    let first = &district.state.agreements[&id].signatures[0];
    assert_eq!(
        first.document.terms_sha256, waiting,
        "they were signed as the first text"
    );
    assert_eq!(district.state.agreements[&id].signatures_waiting().count(), 0);
    let acceptance = acceptance_of(&waiting, "d0");
    let refusal = district
        .decide_under(&demanding(&district), "pty_operator", &acceptance)
        .unwrap_err();
    assert!(
        refusal.message.en.contains("has not signed the text yet"),
        "{refusal:?}"
    );
}

#[test]
fn an_amendment_waits_while_the_agreement_is_suspended_and_ends_with_it() {
    let (mut district, operator, acceptance) = District::before("agreement.accept");
    let (agency, suspension) = step("agreement.suspend");
    district.must(agency, &suspension);
    assert_eq!(
        district.decide(operator, &acceptance).unwrap_err().rule,
        "chain.suspended"
    );
    let (agency, resumption) = step("agreement.resume");
    district.must(agency, &resumption);
    assert!(district.decide(operator, &acceptance).is_ok());
    let (agency, exit) = step("exit.start");
    district.must(agency, &exit);
    assert_eq!(district.decide(operator, &acceptance).unwrap_err().rule, "chain.exit");
}

#[test]
fn the_rules_of_the_day_hold_for_what_is_accepted() {
    let (district, operator, acceptance) = District::before("agreement.accept");
    let text = NATIONAL.replace("years_max = 5", "years_max = 1");
    let rules = (**RuleBook::load(&[&text]).unwrap().at(district.now)).clone();
    let refusal = district.decide_under(&rules, operator, &acceptance).unwrap_err();
    assert_eq!(refusal.rule, "agreement.term");
}

#[test]
fn another_agency_does_not_sign() {
    let (district, _, seal) = District::before("agreement.seal");
    assert_eq!(district.decide("pty_operator", &seal).unwrap_err().rule, "power.act");
    assert_eq!(district.decide("pty_market", &seal).unwrap_err().rule, "power.act");
}
