//! Who may do what: every role meets every act. A new act or role changes this table, and has to be looked at.

use std::fmt::Write;

use gongshu_governance::identifier::PartyId;
use gongshu_governance::party::Role;
use gongshu_governance::power::{Act, Powers};

/// `all`: whosever thing it is; `own`: the party's own things; empty: never.
pub(crate) fn cell(powers: &Powers, role: Role, act: Act) -> &'static str {
    let (party, other) = (PartyId::new("pty_one"), PartyId::new("pty_other"));
    let own = powers.allows(&party, role, act, Some(&party));
    let others = powers.allows(&party, role, act, Some(&other));
    let nobodys = powers.allows(&party, role, act, None);
    match (own, others, nobodys) {
        (true, true, true) => "all",
        (true, false, _) => "own",
        (false, false, true) => "unowned",
        (false, false, false) => "",
        (own, others, nobodys) => {
            panic!("{role:?} {act:?}: {own} {others} {nobodys}: a power over others' things only")
        }
    }
}

#[test]
fn every_role_meets_every_act() {
    let powers = Powers::load().unwrap();
    let mut table = format!("{:<20}", "");
    for role in Role::ALL {
        write!(table, "{:<11}", role.id()).unwrap();
    }
    for act in Act::ALL {
        write!(table, "\n{:<20}", act.id()).unwrap();
        for role in Role::ALL {
            write!(table, "{:<11}", cell(&powers, role, *act)).unwrap();
        }
    }
    let table: Vec<&str> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn every_act_can_be_done_by_someone() {
    let powers = Powers::load().unwrap();
    for act in Act::ALL {
        let someone = Role::ALL.iter().any(|role| !cell(&powers, *role, *act).is_empty());
        assert!(someone, "nobody may do {}", act.id());
    }
}
