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

/// The operator is put on record under another role as well, by its own code.
pub(crate) fn operator_as(role: &str) -> Command {
    let party = serde_json::json!({"id": "pty_own", "role": role, "name": "运营机构", "code": "11440300MB2D00004X"});
    let document = serde_json::json!({"command": "register_party", "of": {"party": party, "organization": false}});
    serde_json::from_value(document).unwrap()
}
