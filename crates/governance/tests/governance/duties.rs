//! The duty matrix for readers, `docs/duties.md`, is made from the policies; and what one party files, another decides.

use std::fmt::Write;
use std::fs;

use gongshu_governance::party::Role;
use gongshu_governance::power::{Act, Powers};

use crate::matrix::cell;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/duties.md");

const HEAD: &str = "# 职责矩阵 / Duty matrix

Made from the policies in `crates/governance/src/power/policies.cedar`; a test fails when this page is old.

● 可办理，不论属于哪一方 / may, whosever thing it is · ○ 仅限本方事项 / may, to its own things · 空白 / blank: 不得办理 / may not.
Rules of the chain narrow these powers further, act by act.
";

const SECOND: &str = "
## 申报与决定的分离 / Who files and who decides

| 申报 / filed | 决定 / decided | 兼有两项权限的角色 / roles with both powers | 分离方式 / kept apart by |
| --- | --- | --- | --- |
";

/// What keeps the one who files from deciding on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Apart {
    /// No role holds both powers.
    Roles,
    /// One role may hold both; a rule asks for another person.
    Persons,
}

/// What is filed, what decides on it, and what keeps the two apart.
const PAIRS: [(Act, Act, Apart); 24] = [
    (Act::RegradeResource, Act::DecideRegrading, Apart::Roles),
    (Act::DraftPlan, Act::DecidePlan, Apart::Persons),
    (Act::ScoreApplicant, Act::ConfirmSelection, Apart::Persons),
    (Act::ProposeAgreement, Act::SignAgreement, Apart::Roles),
    (Act::ApplyScenario, Act::GrantScenario, Apart::Roles),
    (Act::ApplyScenario, Act::ApproveResource, Apart::Roles),
    (Act::GrantScenario, Act::FreezeScenario, Apart::Roles),
    (Act::RegisterModel, Act::ReviewModel, Apart::Persons),
    (Act::TrainModel, Act::ReviewModel, Apart::Persons),
    (Act::PrepareDisclosure, Act::ReviewDisclosure, Apart::Persons),
    (Act::SubmitReport, Act::ReviewReport, Apart::Roles),
    (Act::FileComplaint, Act::DecideComplaint, Apart::Persons),
    (Act::ApplyRegistration, Act::ReviewRegistration, Apart::Roles),
    (Act::SubmitProduct, Act::ListProduct, Apart::Persons),
    (Act::SubmitOutput, Act::ReviewOutput, Apart::Persons),
    (Act::SetCeiling, Act::SetPrice, Apart::Roles),
    (Act::CreditInvoice, Act::RecordRefund, Apart::Persons),
    (Act::RecordPayment, Act::ReverseEntry, Apart::Persons),
    (Act::RecordRefund, Act::ReverseEntry, Apart::Persons),
    (Act::PayOut, Act::ReverseEntry, Apart::Persons),
    (Act::ReturnShare, Act::ReverseEntry, Apart::Persons),
    (Act::PermitRevenue, Act::SettleRevenue, Apart::Persons),
    (Act::PlanExit, Act::CloseExit, Apart::Persons),
    (Act::ReportIncident, Act::RetractIncident, Apart::Persons),
];

#[test]
fn the_duty_matrix_is_that_of_the_policies() {
    let page = page(&Powers::load().unwrap());
    if std::env::var_os("GONGSHU_UPDATE").is_some() {
        fs::write(PAGE, &page).unwrap();
    }
    let kept = fs::read_to_string(PAGE).unwrap_or_default();
    assert!(
        kept == page,
        "docs/duties.md is stale: run `GONGSHU_UPDATE=1 cargo test -p gongshu-governance duties`"
    );
}

#[test]
fn no_role_decides_on_what_it_files() {
    let powers = Powers::load().unwrap();
    for (filed, decided, apart) in PAIRS {
        let both = both(&powers, filed, decided);
        let names = (filed.id(), decided.id());
        assert_eq!(
            both.is_empty(),
            apart == Apart::Roles,
            "{names:?}: {both:?} may do both"
        );
    }
}

fn page(powers: &Powers) -> String {
    let mut page = format!("{HEAD}\n| 事项 / act |");
    for role in Role::ALL {
        write!(page, " {}<br>{} |", role.zh(), role.id()).unwrap();
    }
    write!(page, "\n| --- |{}", " :-: |".repeat(Role::ALL.len())).unwrap();
    for act in Act::ALL {
        write!(page, "\n| {}<br>{} `{}` |", act.zh(), act.en(), act.id()).unwrap();
        for role in Role::ALL {
            write!(page, " {} |", mark(cell(powers, role, *act))).unwrap();
        }
    }
    page.push('\n');
    page.push_str(SECOND);
    for (filed, decided, apart) in PAIRS {
        let roles: Vec<&str> = both(powers, filed, decided).into_iter().map(Role::zh).collect();
        let roles = if roles.is_empty() {
            "无 / none".to_owned()
        } else {
            roles.join("、")
        };
        let (filed, decided, way) = (filed.zh(), decided.zh(), way(apart));
        writeln!(page, "| {filed} | {decided} | {roles} | {way} |").unwrap();
    }
    page
}

/// The roles that hold both powers.
fn both(powers: &Powers, filed: Act, decided: Act) -> Vec<Role> {
    let may = |role: Role, act| !cell(powers, role, act).is_empty();
    let both = |role: &Role| may(*role, filed) && may(*role, decided);
    Role::ALL.into_iter().filter(both).collect()
}

fn mark(cell: &str) -> &'static str {
    match cell {
        "all" => "●",
        "own" => "○",
        "" => " ",
        other => panic!("the page has no mark for {other}"),
    }
}

fn way(apart: Apart) -> &'static str {
    match apart {
        Apart::Roles => "角色 / roles",
        Apart::Persons => "另一人办理 / another person",
    }
}
