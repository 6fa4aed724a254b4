//! A loan that a product supported; the document by which information may go to the bank abroad, and its end.

use gongshu_governance::Command;
use gongshu_governance::border::*;
use gongshu_governance::calendar::Term;
use gongshu_governance::identifier::*;
use gongshu_governance::loan::ReportLoan;
use jiff::civil::date;

/// The steps, each by the party whose it is.
pub(crate) fn export() -> [(&'static str, Command); 2] {
    let record = RecordExport {
        id: ExportId::new("xpt_1"),
        agreement: AgreementId::new("agr_1"),
        consumer: PartyId::new("pty_bank"),
        path: ExportPath::StandardContract,
        document_number: "粤标备〔2026〕1号".to_owned(),
        document_sha256: "ab".repeat(32),
        term: Term {
            from: date(2026, 4, 1),
            until: date(2027, 3, 31),
        },
        passed_on: false,
    };
    let end = EndExport {
        export: ExportId::new("xpt_1"),
        reason: "合同解除".to_owned(),
    };
    [
        ("pty_operator", Command::RecordExport(Box::new(record))),
        ("pty_operator", Command::EndExport(end)),
    ]
}

/// The bank reports a loan.
pub(crate) fn loan() -> Command {
    Command::ReportLoan(Box::new(ReportLoan {
        id: LoanId::new("lon_1"),
        product: ProductId::new("prd_verify"),
        entry: Some(40),
        amount: "500000.00".parse().unwrap(),
        granted_on: date(2026, 4, 1),
        document_sha256: "cd".repeat(32),
    }))
}
