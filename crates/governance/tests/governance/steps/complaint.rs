//! A complaint about the operator: filed, answered, upheld, put right, closed.

use gongshu_governance::Command;
use gongshu_governance::complaint::{
    AnswerComplaint, CloseComplaint, DecideComplaint, FileComplaint, RectifyComplaint,
};
use gongshu_governance::identifier::{AgreementId, ComplaintId};
use jiff::civil::date;

pub(crate) fn complaint() -> [(&'static str, Command); 5] {
    let complaint = || ComplaintId::new("cmp_1");
    let file = FileComplaint {
        id: complaint(),
        agreement: AgreementId::new("agr_1"),
        conduct: "差别待遇".to_owned(),
        facts: "对同类银行给出不同的服务水平".to_owned(),
        evidence_sha256: Some("c1".repeat(32)),
    };
    let answer = AnswerComplaint {
        complaint: complaint(),
        how: "因接口版本不同所致".to_owned(),
    };
    let decide = DecideComplaint {
        complaint: complaint(),
        upheld: true,
        basis: "产品清单对所有使用方适用同一服务水平".to_owned(),
        demands: "对所有使用方适用同一服务水平".to_owned(),
        due: Some(date(2030, 12, 31)),
    };
    let rectify = RectifyComplaint {
        complaint: complaint(),
        how: "已统一接口版本".to_owned(),
        document_sha256: "c2".repeat(32),
    };
    let close = CloseComplaint {
        complaint: complaint(),
        accepted: true,
        reason: "核验一致".to_owned(),
    };
    [
        ("pty_bank2", Command::FileComplaint(Box::new(file))),
        ("pty_operator", Command::AnswerComplaint(answer)),
        ("pty_supervisor", Command::DecideComplaint(Box::new(decide))),
        ("pty_operator", Command::RectifyComplaint(rectify)),
        ("pty_supervisor", Command::CloseComplaint(close)),
    ]
}
