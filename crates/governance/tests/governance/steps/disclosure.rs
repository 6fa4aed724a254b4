//! What agency and operator say of a year: the operator's report to the agency, and what it discloses to the public.

use gongshu_governance::Command;
use gongshu_governance::disclosure::{PrepareDisclosure, PublishDisclosure, ReviewDisclosure};
use gongshu_governance::identifier::{AgreementId, DisclosureId, ReportId};
use gongshu_governance::report::{ReviewReport, SubmitReport};

/// The operator's report of the year in which its agreement has ended: submitted, accepted by the agency.
pub(crate) fn operating_report() -> [(&'static str, Command); 2] {
    let report = || ReportId::new("rpt_1");
    let submit = SubmitReport {
        id: report(),
        agreement: AgreementId::new("agr_1"),
        year: 2026,
        summary: "全年运营平稳".to_owned(),
        cost: "1200000.00".parse().unwrap(),
        taxes: "77400.00".parse().unwrap(),
        document_sha256: "9c".repeat(32),
    };
    let review = ReviewReport {
        operating_report: report(),
        accepted: true,
        reason: "与账簿一致".to_owned(),
    };
    [
        ("pty_operator", Command::SubmitReport(Box::new(submit))),
        ("pty_agency", Command::ReviewReport(review)),
    ]
}

/// The operator's disclosure about the year before: made, reviewed by the agency, public.
pub(crate) fn disclosure() -> [(&'static str, Command); 3] {
    let disclosure = || DisclosureId::new("dsc_1");
    let prepare = PrepareDisclosure {
        id: disclosure(),
        year: 2025,
        about: "龙华区数据运营公司".to_owned(),
        corrects: None,
        reason: String::new(),
    };
    let review = ReviewDisclosure {
        disclosure: disclosure(),
        passed: true,
        report: "与记录一致".to_owned(),
    };
    let publish = PublishDisclosure {
        disclosure: disclosure(),
        place: "公司网站".to_owned(),
    };
    [
        ("pty_operator", Command::PrepareDisclosure(Box::new(prepare))),
        ("pty_agency", Command::ReviewDisclosure(review)),
        ("pty_operator", Command::PublishDisclosure(publish)),
    ]
}
