//! The operator is assessed by the second assessor, fails, appeals in vain, and puts right what failed.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::Command;
use gongshu_governance::assessment::*;
use gongshu_governance::identifier::*;
use jiff::civil::date;

use crate::district::rules;

/// The steps, each by the party whose it is.
pub(crate) fn assessment() -> [(&'static str, Command); 7] {
    let id = || AssessmentId::new("asm_1");
    let opening = OpenAssessment {
        id: id(),
        agreement: AgreementId::new("agr_1"),
        year: 2026,
        assessor: PartyId::new("pty_assessor2"),
        due: date(2026, 6, 30),
    };
    let reassigned = ReassignAssessment {
        assessment: id(),
        assessor: PartyId::new("pty_assessor"),
        due: date(2026, 7, 31),
        reason: "原评估机构未按约定开展".to_owned(),
    };
    // Half of each weight, rounded down: 47 of 100.
    let finding = |indicator: &Indicator| IndicatorFinding {
        points: indicator.weight / 2,
        finding: format!("{}一般", indicator.name),
        document_sha256: indicator.figure.is_none().then(|| "c3".repeat(32)),
    };
    let indicators = rules().parameters().indicators.iter();
    let findings = AssessIndicators {
        assessment: id(),
        findings: indicators.map(|it| (it.name.clone(), finding(it))).collect(),
    };
    let conclusion = ConcludeAssessment {
        assessment: id(),
        experts: BTreeSet::from(["评估甲", "评估乙", "评估丙"].map(str::to_owned)),
        conclusion: "数据使用不足".to_owned(),
    };
    let appeal = AppealAssessment {
        assessment: id(),
        reason: "首年运营，用量仍在增长".to_owned(),
    };
    let answer = AnswerAppeal {
        assessment: id(),
        points: BTreeMap::from([("数据使用".to_owned(), 12)]),
        reason: "部分采纳".to_owned(),
    };
    let rectified = RectifyAssessment {
        assessment: id(),
        how: "新增使用方三家，经复核".to_owned(),
        document_sha256: "d4".repeat(32),
    };
    [
        ("pty_agency", Command::OpenAssessment(opening)),
        ("pty_agency", Command::ReassignAssessment(reassigned)),
        ("pty_assessor", Command::AssessIndicators(Box::new(findings))),
        ("pty_assessor", Command::ConcludeAssessment(Box::new(conclusion))),
        ("pty_operator", Command::AppealAssessment(appeal)),
        ("pty_agency", Command::AnswerAppeal(answer)),
        ("pty_agency", Command::RectifyAssessment(rectified)),
    ]
}
