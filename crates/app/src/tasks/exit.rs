//! What exits ask of the agency, and of those who answer for a step.

use gongshu_governance::agreement::AgreementStatus;
use gongshu_governance::exit::{Exit, ExitStatus};
use gongshu_governance::identifier::PartyId;
use gongshu_governance::power::Act;
use gongshu_governance::{State, Text};
use jiff::civil::Date;

use super::{Task, oversight};
use crate::exit::exit_steps;

fn open(state: &State) -> impl Iterator<Item = &Exit> {
    let open = |exit: &&Exit| matches!(exit.status, ExitStatus::Started { .. });
    state.exits.values().map(|exit| &**exit).filter(open)
}

/// An exit is planned, and closed once every step is done.
pub(super) fn agency(state: &State) -> impl Iterator<Item = Task> {
    open(state).filter_map(|exit| {
        let steps = exit_steps(state, exit);
        let unplanned = steps.iter().any(|(_, planned)| planned.is_none());
        let waits = steps
            .iter()
            .any(|(_, planned)| planned.as_ref().is_some_and(|it| it.done.is_none()));
        let (act, zh, en) = match (unplanned, waits) {
            (true, _) => (
                Act::PlanExit,
                "为退出各步骤确定责任单位和期限",
                "give each step of the exit an owner and a day",
            ),
            (false, true) => return None,
            (false, false) => (
                Act::CloseExit,
                "各步骤均已办结，办结退出",
                "every step is done: close the exit",
            ),
        };
        let due = exit.start.due;
        let text = |title: &str| {
            Text::new(
                format!("“{title}”：{zh}，期限 {due}"),
                format!("`{title}`: {en}, by {due}"),
            )
        };
        task(state, exit, act, text)
    })
}

/// Agreements of an agency whose term is over: nothing is used under them any more, and what they leave behind is dealt with
/// by an exit.
pub(super) fn ended(state: &State, party: &PartyId, today: Date) -> Vec<Task> {
    let ended = state.agreements.values().filter(|agreement| {
        let signed = matches!(agreement.status, AgreementStatus::Signed { .. });
        signed && agreement.agency == *party && agreement.terms.term.until < today
    });
    let task = |agreement: &std::sync::Arc<gongshu_governance::agreement::Agreement>| {
        let (id, title, until) = (&agreement.terms.id, &agreement.terms.title, agreement.terms.term.until);
        let text = Text::new(
            format!("“{title}”的期限已于 {until} 届满：启动退出"),
            format!("the term of `{title}` ended on {until}: start the exit"),
        );
        Task::of(
            Act::StartExit,
            "agreement",
            id.as_str(),
            title,
            agreement.revision,
            text,
        )
    };
    ended.map(task).collect()
}

/// The steps that a party answers for and has not reported.
pub(super) fn steps(state: &State, party: &PartyId, today: Date) -> Vec<Task> {
    let of = |exit| {
        let steps = exit_steps(state, exit).into_iter();
        let own = steps.filter_map(|(step, planned)| Some((step, planned?)));
        let own = own.filter(|(_, planned)| planned.owner == *party && planned.done.is_none());
        own.filter_map(|(step, planned)| {
            let (name, due, late) = (step.name(), planned.due, oversight::late(planned.due, today));
            let text = |title: &str| {
                Text::new(
                    format!("“{title}”退出：办理“{}”并报告，期限 {due}{}", name.zh, late.0),
                    format!("exit from `{title}`: do and report the {}, by {due}{}", name.en, late.1),
                )
            };
            task(state, exit, Act::ReportExitStep, text)
        })
        .collect::<Vec<_>>()
    };
    open(state).flat_map(of).collect()
}

fn task(state: &State, exit: &Exit, act: Act, text: impl Fn(&str) -> Text) -> Option<Task> {
    let title = &state.agreements.get(&exit.start.agreement)?.terms.title;
    Some(Task {
        act,
        kind: "exit",
        id: exit.start.id.to_string(),
        name: title.clone(),
        resource: None,
        revision: exit.revision,
        text: text(title),
    })
}
