//! A provider is renamed, and an operator that never operated leaves.

use gongshu_governance::Command;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::party::{ChangeParty, DeregisterParty};
use jiff::civil::date;

pub(crate) fn parties() -> [(&'static str, Command); 2] {
    let change = ChangeParty {
        party: PartyId::new("pty_ecology"),
        name: Some("市生态环境局区管理局".to_owned()),
        code: None,
        organization: false,
        region: None,
        since: date(2026, 3, 31),
        evidence_sha256: "e2".repeat(32),
    };
    let leave = DeregisterParty {
        party: PartyId::new("pty_operator2"),
        reason: "公司注销".to_owned(),
        evidence_sha256: "e3".repeat(32),
    };
    [
        ("pty_agency", Command::ChangeParty(Box::new(change))),
        ("pty_agency", Command::DeregisterParty(leave)),
    ]
}
