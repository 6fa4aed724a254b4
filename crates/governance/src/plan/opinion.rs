//! Opinions of experts and of the public.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PlanEvent, reviewed};
use crate::Context;
use crate::calendar::{Term, day_of};
use crate::event::Event;
use crate::identifier::PlanId;
use crate::notice::{NoticeEvidence, check_recorded};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::selection::Received;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Says when and where the public is asked for comments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenComment {
    /// The plan.
    pub plan: PlanId,
    /// From and until when.
    pub term: Term,
    /// Where the draft is published: an address or the number of a notice.
    pub notice: String,
    /// What shows it, where it began before it is put on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<NoticeEvidence>,
}

/// Puts an opinion on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordOpinion {
    /// The plan.
    pub plan: PlanId,
    /// Its number; opinions are numbered one by one from 1.
    pub opinion: u32,
    /// The expert whose opinion it is; nobody where it came from the public.
    pub expert: Option<String>,
    /// The section it is about; none where it is about the whole.
    pub section: Option<String>,
    /// What was said.
    pub text: String,
    /// When it reached the agency in writing, of one of the public that is put on record after the comment's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Received>,
}

/// Decides a public comment.
///
/// # Errors
/// Refuses a second one, one that was published nowhere, one that is shorter than the rule asks, and one that is dated back.
pub fn decide_comment(state: &State, command: &OpenComment, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let plan = reviewed(state, &command.plan, context)?;
    if plan.comment.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("已公开征求意见", "the public was asked"),
            Text::new("意见请按序号登记", "record what came in as opinions"),
        ));
    }
    context.rules.said(&command.notice, ("公开征求意见的载体", "notice"))?;
    let days = context.rules.parameters().comment_days_min;
    let until = command.term.from.saturating_add(jiff::Span::new().days(days - 1));
    if command.term.until < until {
        return Err(context.rules.refuse_by(
            Rule::PlanComment,
            "days_min",
            Text::new(
                format!("公开征求意见不少于 {days} 日"),
                format!("the public is asked for {days} days or more"),
            ),
            Text::new(
                format!("请将截止日定在 {until} 或以后"),
                format!("let it end on {until} or later"),
            ),
        ));
    }
    let late_days = check_recorded(command.term.from, command.evidence.as_ref(), context)?;
    Ok(vec![Event::Plan(PlanEvent::CommentOpened {
        comment: command.clone(),
        late_days,
    })])
}

/// Decides an opinion.
///
/// # Errors
/// Refuses an opinion out of turn, of nobody on the panel, of the public while it is not asked, neither before nor after
/// that, or on a section that there is none of.
pub fn decide_opinion(state: &State, command: &RecordOpinion, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let plan = reviewed(state, &command.plan, context)?;
    context.rules.said(&command.text, ("意见", "opinion"))?;
    let next = plan.opinions.keys().next_back().map_or(1, |last| last + 1);
    let input = |zh: String, en: String, remedy| Err(context.rules.input(Text::new(zh, en), remedy));
    if command.opinion != next {
        let remedy = Text::new("请按序号逐条登记", "number them one by one");
        return input(
            format!("下一条意见的序号是 {next}"),
            format!("the next opinion is number {next}"),
            remedy,
        );
    }
    let sections = &context.rules.parameters().plan_sections;
    if let Some(other) = command.section.as_ref().filter(|section| !sections.contains(section)) {
        let remedy = Text::new("请填写方案的章名，或留空", "name a section of the plan, or none");
        return input(
            format!("方案没有“{other}”一章"),
            format!("plans have no section `{other}`"),
            remedy,
        );
    }
    let seated = |name: &String| {
        plan.panel
            .iter()
            .flat_map(|panel| &panel.experts)
            .any(|expert| expert.name == *name)
    };
    let refusal = match (&command.expert, &plan.comment) {
        (Some(expert), _) if !seated(expert) => (
            Rule::PlanPanel,
            format!("{expert} 不在专家组中"),
            format!("{expert} is not on the panel"),
        ),
        (None, None) => (
            Rule::PlanComment,
            "尚未公开征求意见".to_owned(),
            "the public has not been asked".to_owned(),
        ),
        (None, Some(comment)) if !in_time(comment, command, context) => (
            Rule::PlanComment,
            format!(
                "公开征求意见自 {} 至 {}，该意见不在其内或没有凭证",
                comment.term.from, comment.term.until
            ),
            format!(
                "the public is asked from {} to {}; nothing shows an opinion within it",
                comment.term.from, comment.term.until
            ),
        ),
        _ => return Ok(vec![Event::Plan(PlanEvent::OpinionRecorded(Box::new(command.clone())))]),
    };
    let (rule, zh, en) = refusal;
    let remedy = Text::new(
        "请核对意见来自何人；期内书面提出的，附收件凭证",
        "check whose opinion it is; of one that came in time, give the letter (`received`)",
    );
    Err(context.rules.refuse(rule, Text::new(zh, en), remedy))
}

/// Whether an opinion of the public came while it was asked: today, or by a letter that shows its day.
fn in_time(comment: &OpenComment, command: &RecordOpinion, context: &Context<'_>) -> bool {
    let today = day_of(context.at);
    let (day, shown) = command.received.as_ref().map_or((today, true), |received| {
        (received.day, is_sha256(&received.document_sha256))
    });
    // Records of packs that did not ask are decided as they were.
    !context.rules.parameters().opinions_in_time || (comment.term.covers(day) && day <= today && shown)
}
