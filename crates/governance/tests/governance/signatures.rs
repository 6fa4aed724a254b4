//! An agreement is signed by both sides: each commits to the same document of the terms in force.

use gongshu_governance::Command;
use gongshu_governance::agreement::AgreementStatus;
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
    assert!(refused(&district, &signature).contains("the agency has not signed"));
    district.must(agency, &seal);
    let other = altered(&signature, &[("/of/document/document_sha256", json!("e1".repeat(32)))]);
    assert!(refused(&district, &other).contains("not the document that the agency has signed"));
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

#[test]
fn another_agency_does_not_sign() {
    let (district, _, seal) = District::before("agreement.seal");
    assert_eq!(district.decide("pty_operator", &seal).unwrap_err().rule, "power.act");
    assert_eq!(district.decide("pty_market", &seal).unwrap_err().rule, "power.act");
}
