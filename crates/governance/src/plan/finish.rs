//! Conclusion of the review, collective decision, publication.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Plan, PlanEvent, reviewed};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::PlanId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Concludes the expert review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConcludeReview {
    /// The plan.
    pub plan: PlanId,
    /// Experts who find it lawful and reasonable.
    pub in_favour: u32,
    /// Experts who do not.
    pub against: u32,
    /// What they conclude on legality and reasonableness.
    pub conclusion: String,
}

/// Decides on a plan collectively (三重一大).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecidePlan {
    /// The plan.
    pub plan: PlanId,
    /// The meeting that decided, by its minutes.
    pub meeting: String,
    /// SHA-256 of the minutes, lower-case hex.
    pub minutes_sha256: String,
    /// Whether the meeting adopts it; where not, it goes back and is revised.
    #[serde(default = "adopted", skip_serializing_if = "is_adopted")]
    pub adopted: bool,
}

/// What decisions on record mean that do not say.
fn adopted() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_adopted(adopted: &bool) -> bool {
    *adopted
}

/// Publishes a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublishPlan {
    /// The plan.
    pub plan: PlanId,
    /// Its document number.
    pub document_number: String,
}

/// Decides a conclusion.
///
/// # Errors
/// Refuses one while an opinion waits for its answer, without a panel, by other numbers than the panel has, or while the
/// public may still comment; and one of the very version that has failed before. Where too few experts are in favour, that is
/// on record, and the plan goes back to be revised.
pub fn decide_conclude(state: &State, command: &ConcludeReview, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let plan = reviewed(state, &command.plan, context)?;
    context.rules.said(&command.conclusion, ("论证结论", "conclusion"))?;
    let refuse = |rule, zh: String, en: String, remedy| Err(context.rules.refuse(rule, Text::new(zh, en), remedy));
    let seats = plan.panel.as_ref().map_or(0, |panel| panel.experts.len());
    if u64::from(command.in_favour) + u64::from(command.against) != seats as u64 || seats == 0 {
        let remedy = Text::new("每位专家须表明意见", "every expert says one or the other");
        return refuse(
            Rule::PlanPanel,
            format!("专家组有 {seats} 人"),
            format!("the panel has {seats} experts"),
            remedy,
        );
    }
    if plan.failed.last().is_some_and(|failed| failed.version == plan.newest()) {
        let remedy = Text::new(
            "请修订方案后再行论证",
            "revise the plan (`plan.revise`), and let them conclude again",
        );
        let (zh, en) = (
            "该版本论证或集体决策未通过",
            "this version has failed in the review or the meeting",
        );
        return refuse(Rule::PlanPanel, zh.to_owned(), en.to_owned(), remedy);
    }
    if let Some((number, _)) = plan.opinions.iter().find(|(_, opinion)| opinion.answer.is_none()) {
        let remedy = Text::new("请逐条答复", "answer them one by one");
        let (zh, en) = (
            format!("意见 {number} 尚未答复"),
            format!("opinion {number} waits for its answer"),
        );
        return refuse(Rule::PlanAnswers, zh, en, remedy);
    }
    let over = plan
        .comment
        .as_ref()
        .is_some_and(|comment| comment.term.until < day_of(context.at));
    if !over {
        let remedy = Text::new(
            "请先公开征求意见并待期满",
            "ask the public, and wait until the term is over",
        );
        let (zh, en) = ("公开征求意见尚未期满", "the public may still comment, or was not asked");
        return refuse(Rule::PlanComment, zh.to_owned(), en.to_owned(), remedy);
    }
    let most = command.in_favour > command.against;
    let enough = has_enough(command, context);
    Ok(vec![Event::Plan(PlanEvent::ReviewConcluded {
        conclusion: Box::new(command.clone()),
        passed: (most != enough).then_some(enough),
    })])
}

/// Whether as many experts are in favour as the pack asks for: more than so many of a hundred.
fn has_enough(conclusion: &ConcludeReview, context: &Context<'_>) -> bool {
    let (in_favour, against) = (u64::from(conclusion.in_favour), u64::from(conclusion.against));
    let above = context.rules.parameters().in_favour_percent_above;
    in_favour * 100 > above * (in_favour + against)
}

/// Decides that a plan was decided.
///
/// # Errors
/// Refuses a decision before the conclusion, a second one, and one without minutes.
pub fn decide_decision(state: &State, command: &DecidePlan, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let plan = state.plan(&command.plan, context)?;
    context.rules.said(&command.meeting, ("会议纪要", "meeting"))?;
    if plan.conclusion.is_none() || plan.decision.is_some() {
        return Err(wrong_step(plan, context));
    }
    if is_sha256(&command.minutes_sha256) {
        return Ok(vec![Event::Plan(PlanEvent::Decided(Box::new(command.clone())))]);
    }
    Err(context.rules.refuse(
        Rule::PlanDecision,
        Text::new(
            "集体决策须附会议纪要摘要",
            "a collective decision comes with the hash of its minutes",
        ),
        Text::new("请填写纪要文件的 SHA-256", "give the SHA-256 of the minutes"),
    ))
}

/// Decides a publication.
///
/// # Errors
/// Refuses one before the collective decision, and a second one.
pub fn decide_publish(state: &State, command: &PublishPlan, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let plan = state.plan(&command.plan, context)?;
    context
        .rules
        .said(&command.document_number, ("文号", "document number"))?;
    if plan.decision.is_none() {
        return Err(context.rules.refuse(
            Rule::PlanDecision,
            Text::new(
                "方案未经集体决策，不得公布",
                "a plan is decided collectively before it is published",
            ),
            Text::new("请先登记集体决策", "put the collective decision on record first"),
        ));
    }
    if plan.publication.is_some() {
        return Err(wrong_step(plan, context));
    }
    Ok(vec![Event::Plan(PlanEvent::Published(command.clone()))])
}

fn wrong_step(plan: &Plan, context: &Context<'_>) -> Refusal {
    let (zh, en) = match (&plan.conclusion, &plan.decision) {
        (None, _) => ("专家论证尚无结论", "the expert review is not concluded"),
        (Some(_), None) => ("方案尚未集体决策", "the plan is not decided"),
        (Some(_), Some(_)) => ("方案已经决策或公布", "the plan is decided or published"),
    };
    context.rules.wrong_state(
        Text::new(zh, en),
        Text::new(
            "请按论证、决策、公布的次序办理",
            "conclude, decide, publish, in this order",
        ),
    )
}
