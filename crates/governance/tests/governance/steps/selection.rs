//! The operator is selected by negotiation: two apply, both qualify, five score, one objects in vain.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::Command;
use gongshu_governance::calendar::Term;
use gongshu_governance::identifier::*;
use gongshu_governance::notice::NoticeEvidence;
use gongshu_governance::selection::*;
use jiff::civil::date;

use crate::district::rules;

fn id() -> SelectionId {
    SelectionId::new("sel_1")
}

fn member(number: usize) -> String {
    format!("评委{number}")
}

fn announced() -> Command {
    let criterion = |name: &str, points| Criterion {
        name: name.to_owned(),
        asks: format!("{name}，逐项量化"),
        points,
    };
    let conditions = &rules().parameters().hard_conditions;
    Command::AnnounceSelection(Box::new(AnnounceSelection {
        id: id(),
        plan: PlanId::new("pln_1"),
        title: "运营机构遴选".to_owned(),
        method: Method::Negotiation,
        mode: Mode::Overall,
        conditions: conditions
            .iter()
            .map(|name| (name.clone(), format!("{name}证明")))
            .collect(),
        criteria: vec![criterion("技术能力", 60), criterion("服务能力", 40)],
        term: Term {
            from: date(2026, 3, 10),
            until: date(2026, 4, 1),
        },
        invited: [].into(),
        notice: "区政府门户网站".to_owned(),
        evidence: Some(NoticeEvidence {
            document_sha256: "d1".repeat(32),
            published: date(2026, 3, 10),
        }),
    }))
}

/// Another selection, to which nobody applied.
fn failed() -> [Command; 2] {
    let id = SelectionId::new("sel_2");
    let Command::AnnounceSelection(mut other) = announced() else {
        panic!("it is an announcement");
    };
    other.id = id.clone();
    other.term.until = date(2026, 3, 31);
    let fail = FailSelection {
        selection: id,
        reason: "无人报名".to_owned(),
    };
    [Command::AnnounceSelection(other), Command::FailSelection(fail)]
}

fn applied() -> Command {
    let conditions = &rules().parameters().hard_conditions;
    Command::ApplySelection(Box::new(ApplySelection {
        selection: id(),
        legal_person: true,
        protection_level: 3,
        last_blemish: Some(date(2023, 3, 31)),
        evidence: conditions.iter().map(|name| (name.clone(), "ef".repeat(32))).collect(),
    }))
}

fn scored() -> Command {
    let points = BTreeMap::from([("技术能力".to_owned(), 50), ("服务能力".to_owned(), 30)]);
    Command::ScoreApplicant(Box::new(ScoreApplicant {
        selection: id(),
        applicant: PartyId::new("pty_operator"),
        scores: (1..=5).map(|number| (member(number), points.clone())).collect(),
    }))
}

fn seated() -> Command {
    Command::SeatPanel(Box::new(SeatPanel {
        selection: id(),
        members: (1..=5)
            .map(|number| PanelMember {
                name: member(number),
                works_for: "某大学".to_owned(),
                interests: BTreeSet::new(),
            })
            .collect(),
        leader: member(1),
    }))
}

/// The panel is seated anew: one member works elsewhere now.
fn reseated() -> Command {
    let Command::SeatPanel(panel) = seated() else {
        panic!("it is a panel");
    };
    let mut members = panel.members.clone();
    members[4].works_for = "某研究院".to_owned();
    Command::ReseatPanel(Box::new(ReseatPanel {
        selection: id(),
        members,
        leader: panel.leader.clone(),
        reason: "原专家因病不能履职".to_owned(),
    }))
}

/// A third selection, to which somebody applied and withdrew, and which the agency cancels.
fn cancelled() -> [(&'static str, Command); 4] {
    let id = SelectionId::new("sel_3");
    let (Command::AnnounceSelection(mut third), Command::ApplySelection(mut application)) = (announced(), applied())
    else {
        panic!("they are an announcement and an application");
    };
    third.id = id.clone();
    application.selection = id.clone();
    let withdrawal = WithdrawApplication {
        selection: id.clone(),
        reason: "人员安排变化".to_owned(),
    };
    let cancellation = CancelSelection {
        selection: id,
        reason: "实施方案调整".to_owned(),
        notice: "区政府门户网站".to_owned(),
        next_candidate: false,
    };
    [
        ("pty_agency", Command::AnnounceSelection(third)),
        ("pty_operator2", Command::ApplySelection(application)),
        ("pty_operator2", Command::WithdrawApplication(withdrawal)),
        ("pty_agency", Command::CancelSelection(Box::new(cancellation))),
    ]
}

/// The steps, each by the party whose it is.
pub(crate) fn selection() -> [(&'static str, Command); 16] {
    let check = RecordCheck {
        document_sha256: "cc".repeat(32),
        day: date(2026, 4, 1),
        last_blemish: None,
    };
    let qualified = QualifyApplicant {
        check: Some(check),
        selection: id(),
        applicant: PartyId::new("pty_operator"),
        qualified: true,
        reason: "逐项核对，符合条件".to_owned(),
    };
    let publicity = PublicizeCandidate {
        selection: id(),
        applicant: PartyId::new("pty_operator"),
        term: Term {
            from: date(2026, 3, 28),
            until: date(2026, 3, 31),
        },
        notice: "区政府门户网站".to_owned(),
        evidence: Some(NoticeEvidence {
            document_sha256: "d1".repeat(32),
            published: date(2026, 3, 28),
        }),
    };
    let objection = ObjectSelection {
        selection: id(),
        objection: 1,
        objector: "某公司".to_owned(),
        reason: "评分畸高".to_owned(),
        received: Some(Received {
            day: date(2026, 3, 31),
            document_sha256: "d2".repeat(32),
        }),
    };
    let answer = ResolveObjection {
        selection: id(),
        objection: 1,
        upheld: false,
        reason: "复核无误".to_owned(),
    };
    let result = ConfirmSelection {
        selection: id(),
        document_number: "深龙华数公〔2026〕2号".to_owned(),
    };
    let agency = |command| ("pty_agency", command);
    let [other, failure] = failed();
    let [third, application, withdrawal, cancellation] = cancelled();
    [
        agency(announced()),
        ("pty_operator", applied()),
        agency(Command::QualifyApplicant(qualified)),
        agency(seated()),
        agency(reseated()),
        agency(scored()),
        agency(Command::PublicizeCandidate(publicity)),
        agency(Command::ObjectSelection(Box::new(objection))),
        agency(Command::ResolveObjection(Box::new(answer))),
        agency(Command::ConfirmSelection(result)),
        agency(other),
        agency(failure),
        third,
        application,
        withdrawal,
        cancellation,
    ]
}
