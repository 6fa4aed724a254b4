//! A signed agreement is amended, suspended and resumed.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::Command;
use gongshu_governance::agreement::{AcceptAmendment, ProposeAmendment, ResumeAgreement, SuspendAgreement};
use gongshu_governance::identifier::AgreementId;

use crate::district::PURPOSE;

/// The steps, each by the party whose it is.
pub(crate) fn amendment() -> [(&'static str, Command); 4] {
    let agreement = || AgreementId::new("agr_1");
    let amendment = ProposeAmendment {
        agreement: agreement(),
        term: None,
        resources: None,
        purposes: Some(BTreeSet::from([PURPOSE.to_owned(), "环境信息服务".to_owned()])),
        clauses: BTreeMap::new(),
        shares: None,
        reason: "增加用途".to_owned(),
    };
    let suspension = SuspendAgreement {
        agreement: agreement(),
        reason: "平台等级保护复测".to_owned(),
    };
    let resumption = ResumeAgreement {
        agreement: agreement(),
        reason: "复测通过".to_owned(),
    };
    [
        ("pty_agency", Command::ProposeAmendment(Box::new(amendment))),
        (
            "pty_operator",
            Command::AcceptAmendment(AcceptAmendment { agreement: agreement() }),
        ),
        ("pty_agency", Command::SuspendAgreement(suspension)),
        ("pty_agency", Command::ResumeAgreement(resumption)),
    ]
}
