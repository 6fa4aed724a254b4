//! An agreement is signed by both sides, amended, suspended and resumed.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::Command;
use gongshu_governance::agreement::{
    AcceptAmendment, DeclineAmendment, ProposeAmendment, ResumeAgreement, SealAgreement, SignAgreement, SignedDocument,
    SuspendAgreement, WithdrawAmendment,
};
use gongshu_governance::identifier::AgreementId;

use crate::district::PURPOSE;

/// The signatures of both sides on the text of a proposed agreement.
pub(crate) fn signatures(proposed: &Command) -> [(&'static str, Command); 2] {
    let Command::ProposeAgreement(terms) = proposed else {
        panic!("{proposed:?} proposes no agreement");
    };
    let document = |signature: &str| SignedDocument {
        terms_sha256: terms.sha256(),
        document_sha256: "d0".repeat(32),
        signature_sha256: signature.repeat(32),
        certificate_sha256: "ce".repeat(32),
    };
    let seal = SealAgreement {
        agreement: terms.id.clone(),
        document: document("a1"),
    };
    let signature = SignAgreement {
        agreement: terms.id.clone(),
        document: Some(document("b2")),
    };
    [
        ("pty_agency", Command::SealAgreement(seal)),
        ("pty_operator", Command::SignAgreement(signature)),
    ]
}

/// The steps, each by the party whose it is: proposed, declined, proposed again and withdrawn, and proposed and accepted.
pub(crate) fn amendment(proposed: &Command) -> [(&'static str, Command); 8] {
    let agreement = || AgreementId::new("agr_1");
    let amendment = ProposeAmendment {
        agreement: agreement(),
        term: None,
        resources: None,
        purposes: Some(BTreeSet::from([PURPOSE.to_owned(), "环境信息服务".to_owned()])),
        clauses: BTreeMap::new(),
        shares: None,
        capacity: None,
        reason: "增加用途".to_owned(),
    };
    let Command::ProposeAgreement(terms) = proposed else {
        panic!("{proposed:?} proposes no agreement");
    };
    let mut terms = terms.clone();
    terms.purposes.clone_from(amendment.purposes.as_ref().unwrap());
    let acceptance = AcceptAmendment {
        agreement: agreement(),
        terms_sha256: terms.sha256(),
        document: None,
    };
    let refusal = DeclineAmendment {
        agreement: agreement(),
        terms_sha256: terms.sha256(),
        reason: "服务能力尚未具备".to_owned(),
    };
    let withdrawal = WithdrawAmendment {
        agreement: agreement(),
        reason: "文字待核".to_owned(),
    };
    let amend = || ("pty_agency", Command::ProposeAmendment(Box::new(amendment.clone())));
    let suspension = SuspendAgreement {
        agreement: agreement(),
        reason: "平台等级保护复测".to_owned(),
    };
    let resumption = ResumeAgreement {
        agreement: agreement(),
        reason: "复测通过".to_owned(),
    };
    [
        amend(),
        ("pty_operator", Command::DeclineAmendment(refusal)),
        amend(),
        ("pty_agency", Command::WithdrawAmendment(withdrawal)),
        amend(),
        ("pty_operator", Command::AcceptAmendment(acceptance)),
        ("pty_agency", Command::SuspendAgreement(suspension)),
        ("pty_agency", Command::ResumeAgreement(resumption)),
    ]
}
