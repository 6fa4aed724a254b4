//! What waits of plans and selections: the next step of each for its agency.

use gongshu_governance::identifier::PartyId;
use gongshu_governance::plan::Plan;
use gongshu_governance::power::Act;
use gongshu_governance::selection::{Selection, carried_by};
use gongshu_governance::{State, Text};
use jiff::civil::Date;

use super::Task;

/// A step: its act, and what it is in both languages.
type Step = (Act, String, String);

/// What waits for an agency of its plans and selections: the next step of each.
#[must_use]
pub fn preparation(state: &State, party: &PartyId, today: Date) -> Vec<Task> {
    let plans = state.plans.values().filter(|plan| plan.agency == *party);
    let plans = plans.filter_map(|plan| {
        let (act, zh, en) = of_plan(plan, today)?;
        let text = Text::new(format!("“{}”：{zh}", plan.title), format!("`{}`: {en}", plan.title));
        Some(Task::of(
            act,
            "plan",
            plan.id.as_str(),
            &plan.title,
            plan.revision,
            text,
        ))
    });
    let selections = state.selections.values().filter(|it| it.agency == *party);
    let selections = selections.filter_map(|selection| {
        let (act, zh, en) = of_selection(state, selection, today)?;
        let (id, title) = (selection.announcement.id.as_str(), &selection.announcement.title);
        let text = Text::new(format!("“{title}”：{zh}"), format!("`{title}`: {en}"));
        Some(Task::of(act, "selection", id, title, selection.revision, text))
    });
    plans.chain(selections).collect()
}

fn step(act: Act, zh: impl Into<String>, en: impl Into<String>) -> Option<Step> {
    Some((act, zh.into(), en.into()))
}

fn of_plan(plan: &Plan, today: Date) -> Option<Step> {
    if plan.publication.is_some() {
        return None;
    }
    if plan.decision.is_some() {
        return step(Act::PublishPlan, "公布实施方案", "publish the plan");
    }
    if plan.conclusion.is_some() {
        return step(Act::DecidePlan, "提请集体决策", "have it decided collectively");
    }
    if plan.panel.is_none() {
        return step(Act::FormPanel, "组建论证专家组", "form the panel of experts");
    }
    let open = plan
        .opinions
        .values()
        .filter(|opinion| opinion.answer.is_none())
        .count();
    if open > 0 {
        return step(
            Act::AnswerOpinion,
            format!("答复论证意见，尚有 {open} 条未答复"),
            format!("answer opinions of the review, {open} are open"),
        );
    }
    match &plan.comment {
        None => step(Act::OpenComment, "公开征求意见", "ask the public for comments"),
        Some(comment) if comment.term.until < today => step(
            Act::ConcludeReview,
            "登记论证结论",
            "record the conclusion of the review",
        ),
        Some(_) => None,
    }
}

fn of_selection(state: &State, selection: &Selection, today: Date) -> Option<Step> {
    let announced = &selection.announcement;
    if selection.failed.is_some() {
        return None;
    }
    if selection.selected.is_some() {
        return if carried_by(state, &announced.id).is_empty() {
            step(Act::ProposeAgreement, "拟订授权协议", "propose the agreement")
        } else {
            None
        };
    }
    let waiting = selection
        .applicants
        .values()
        .filter(|it| it.qualification.is_none())
        .count();
    if waiting > 0 {
        return step(
            Act::QualifyApplicant,
            format!("审查资格，尚有 {waiting} 家未审查"),
            format!("decide who qualifies, {waiting} applicants are open"),
        );
    }
    // Until the panel sits, whoever wants to applies within the term.
    if selection.panel.is_none() && today <= announced.term.until {
        return None;
    }
    let left = || {
        selection
            .qualified()
            .filter(|(id, _)| !selection.set_aside.contains(*id))
    };
    if left().next().is_none() {
        return step(
            Act::FailSelection,
            "没有合格的申请人，登记流标",
            "nobody is left who qualifies: record that it came to nothing",
        );
    }
    let Some(panel) = &selection.panel else {
        return step(Act::SeatPanel, "组建评审小组", "seat the panel");
    };
    if left().any(|(_, applicant)| applicant.scores.len() < panel.members.len()) {
        return step(Act::ScoreApplicant, "登记评分", "record the scores");
    }
    let objections = selection.objections.values().filter(|it| it.answer.is_none()).count();
    if objections > 0 {
        return step(
            Act::ResolveObjection,
            format!("处理异议，尚有 {objections} 件"),
            format!("decide on objections, {objections} are open"),
        );
    }
    let shown = selection.publicity.as_ref();
    match shown.filter(|shown| !selection.set_aside.contains(&shown.applicant)) {
        None => step(
            Act::PublicizeCandidate,
            "公示候选人",
            "show the candidate to the public",
        ),
        Some(shown) if shown.term.until < today => step(
            Act::ConfirmSelection,
            "公示期满，确定结果",
            "the publicity is over: confirm the result",
        ),
        Some(_) => None,
    }
}
