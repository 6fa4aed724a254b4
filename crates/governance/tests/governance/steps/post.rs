//! A provider names a post, fills it, has a deputy stand in for its holder, and ends it all again.

use gongshu_governance::Command;
use gongshu_governance::identifier::*;
use gongshu_governance::post::*;
use gongshu_governance::power::Act;
use jiff::civil::date;

/// The steps, each by the party whose it is.
pub(crate) fn posts() -> [(&'static str, Command); 6] {
    let (post, person) = (|| PostId::new("pst_1"), || PersonId::new("psn_pty_ecology"));
    let create = CreatePost {
        id: post(),
        party: PartyId::new("pty_ecology"),
        name: "数据管理岗".to_owned(),
        acts: [
            Act::CreatePost,
            Act::ClosePost,
            Act::AppointPerson,
            Act::DismissPerson,
            Act::ApproveResource,
            Act::DeclineResource,
            Act::RegisterResource,
        ]
        .into(),
    };
    let appoint = AppointPerson {
        post: post(),
        person: person(),
        name: "王敏".to_owned(),
        from: date(2026, 4, 1),
        until: None,
    };
    let delegate = Delegate {
        id: DelegationId::new("dlg_1"),
        post: post(),
        to: PersonId::new("psn_deputy"),
        name: "陈立".to_owned(),
        acts: [Act::ApproveResource].into(),
        things: [].into(),
        from: date(2026, 4, 1),
        until: date(2026, 4, 14),
        reason: "出差".to_owned(),
    };
    let revoke = RevokeDelegation {
        delegation: DelegationId::new("dlg_1"),
        reason: "已返岗".to_owned(),
    };
    let dismiss = DismissPerson {
        post: post(),
        person: person(),
        reason: "轮岗".to_owned(),
    };
    let close = ClosePost {
        post: post(),
        reason: "职责并入其他岗位".to_owned(),
    };
    [
        ("pty_ecology", Command::CreatePost(create)),
        ("pty_ecology", Command::AppointPerson(appoint)),
        ("pty_ecology", Command::Delegate(Box::new(delegate))),
        ("pty_ecology", Command::RevokeDelegation(revoke)),
        ("pty_ecology", Command::DismissPerson(dismiss)),
        ("pty_ecology", Command::ClosePost(close)),
    ]
}
