//! A resource that was shared is cleared, its entry changes, and it is withdrawn.

use gongshu_governance::Command;
use gongshu_governance::identifier::ResourceId;
use gongshu_governance::resource::{
    AmendResource, ClearanceKind, DataSpan, DecideRegrading, Entry, Grade, RecordClearance, RegradeResource,
    ReleaseRule, Terms, WithdrawClearance, WithdrawResource,
};
use jiff::civil::date;

fn firms() -> ResourceId {
    ResourceId::new("res_firms")
}

/// The department that shared it agrees.
pub(crate) fn clearance() -> Command {
    Command::RecordClearance(Box::new(RecordClearance {
        resource: firms(),
        clearance: ClearanceKind::SharedSource,
        approval: "同意用于授权运营的复函".to_owned(),
        authority: "省市场监督管理局".to_owned(),
        document_sha256: "c1".repeat(32),
        until: None,
    }))
}

/// It takes that back.
pub(crate) fn withdrawn_clearance() -> Command {
    Command::WithdrawClearance(Box::new(WithdrawClearance {
        resource: firms(),
        clearance: ClearanceKind::SharedSource,
        reason: "来源单位不再同意用于授权运营".to_owned(),
        document_sha256: "c3".repeat(32),
    }))
}

/// It is described anew.
pub(crate) fn changed_resource() -> Command {
    Command::AmendResource(Box::new(AmendResource {
        resource: firms(),
        name: None,
        summary: None,
        field_of_application: None,
        frequency: None,
        boundary: None,
        legal_basis: None,
        contact: None,
        entry: Some(Entry {
            volume: "约 12 万条".to_owned(),
            span: Some(DataSpan {
                from: date(2015, 1, 1),
                until: None,
            }),
            sharing: Some(Terms::Conditional),
            opening: Some(Terms::Withheld),
            quality_standard: "完整率不低于 99%".to_owned(),
            low_sensitive: None,
        }),
        meanings: std::collections::BTreeMap::new(),
        reason: "补充目录信息".to_owned(),
    }))
}

/// Of two columns one becomes tighter, and one looser, which the agency agrees to.
pub(crate) fn regraded() -> [(&'static str, Command); 2] {
    let grade = |name: &str, level, release| (name.to_owned(), Grade { level, release });
    let regrade = RegradeResource {
        resource: firms(),
        grades: [
            grade("street", 3, ReleaseRule::Group),
            grade("grade", 2, ReleaseRule::Scored),
        ]
        .into(),
        reason: "年度分级复核".to_owned(),
        basis: "数据分类分级目录（2026 年版）".to_owned(),
        document_sha256: "c2".repeat(32),
    };
    let decision = DecideRegrading {
        resource: firms(),
        approved: true,
        reason: "评级已依法公示".to_owned(),
    };
    [
        ("pty_market", Command::RegradeResource(Box::new(regrade))),
        ("pty_agency", Command::DecideRegrading(decision)),
    ]
}

pub(crate) fn withdrawn_resource() -> Command {
    Command::WithdrawResource(WithdrawResource {
        resource: firms(),
        reason: "职能划转".to_owned(),
    })
}
