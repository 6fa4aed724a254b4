//! A resource that was shared is cleared, its entry changes, and it is withdrawn.

use gongshu_governance::Command;
use gongshu_governance::identifier::ResourceId;
use gongshu_governance::resource::{
    AmendResource, ClearanceKind, DataSpan, Entry, RecordClearance, Terms, WithdrawResource,
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

pub(crate) fn withdrawn_resource() -> Command {
    Command::WithdrawResource(WithdrawResource {
        resource: firms(),
        reason: "职能划转".to_owned(),
    })
}
