//! Announcing a selection.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SelectionEvent;
use crate::Context;
use crate::calendar::Term;
use crate::event::Event;
use crate::identifier::{PartyId, PlanId, SelectionId};
use crate::notice::{NoticeEvidence, check_recorded};
use crate::party::Role;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// How the operator is chosen (27号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 公开招标.
    OpenTender,
    /// 邀请招标.
    InvitedTender,
    /// 谈判.
    Negotiation,
    /// Another way of fair competition.
    OtherCompetition,
}

impl Method {
    /// Whether the rules of tenders hold.
    #[must_use]
    pub fn is_tender(self) -> bool {
        match self {
            Self::OpenTender | Self::InvitedTender => true,
            Self::Negotiation | Self::OtherCompetition => false,
        }
    }
}

/// What is authorized as one (27号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// 整体授权.
    Overall,
    /// 分领域授权.
    ByField,
    /// 依场景授权.
    ByScenario,
}

/// Announces the selection of an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnnounceSelection {
    /// Its id.
    pub id: SelectionId,
    /// The published plan it carries out.
    pub plan: PlanId,
    /// Its title.
    pub title: String,
    /// How the operator is chosen.
    pub method: Method,
    /// What is authorized as one.
    pub mode: Mode,
    /// Conditions that are held or not, by their names: what each asks.
    pub conditions: BTreeMap<String, String>,
    /// Conditions that are scored.
    pub criteria: Vec<Criterion>,
    /// From and until when applications are taken.
    pub term: Term,
    /// Whom an invited tender invites; nobody else applies.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub invited: BTreeSet<PartyId>,
    /// Where it is published: an address or the number of a notice.
    pub notice: String,
    /// What shows it, where it began before it is put on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<NoticeEvidence>,
}

/// A condition that is scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Criterion {
    /// Its name.
    pub name: String,
    /// What is looked at, quantified where it can be.
    pub asks: String,
    /// The most points.
    pub points: u32,
}

/// Decides an announcement.
///
/// # Errors
/// Refuses one without a published plan, with a condition on equity or ownership, without a condition that the rules ask
/// for, whose points are not as many as the pack says, that leaves tenderers too little time, that invites too few or others than
/// operators, or is dated back.
pub fn decide_announce(
    state: &State,
    command: &AnnounceSelection,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if state.selections.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该遴选已公告", "this selection is announced"),
            Text::new("请继续办理，或另行公告", "go on with it, or announce another"),
        ));
    }
    let plan = state.plan(&command.plan, context)?;
    if plan.publication.is_none() {
        return Err(context.rules.refuse(
            Rule::SelectionPlan,
            Text::new("实施方案尚未公布", "the plan is not published"),
            Text::new(
                "请先完成方案的论证、决策与公布",
                "review, decide and publish the plan first",
            ),
        ));
    }
    context.rules.said(&command.title, ("标题", "title"))?;
    context.rules.said(&command.notice, ("公告载体", "notice"))?;
    check_fair(command, context)?;
    check_conditions(command, context)?;
    check_criteria(command, context)?;
    check_time(command, context)?;
    check_invited(state, command, context)?;
    let late_days = check_recorded(command.term.from, command.evidence.as_ref(), context)?;
    Ok(vec![Event::Selection(SelectionEvent::Announced {
        announcement: Box::new(command.clone()),
        agency: context.actor.party.clone(),
        late_days,
    })])
}

/// No condition speaks of shares in equity or of ownership, nor prefers local firms, in the words that the pack lists.
fn check_fair(command: &AnnounceSelection, context: &Context<'_>) -> Result<(), Refusal> {
    let words = &context.rules.parameters().unfair_words;
    let conditions = command.conditions.iter().flat_map(|(name, asks)| [name, asks]);
    let criteria = command.criteria.iter().flat_map(|it| [&it.name, &it.asks]);
    for text in conditions.chain(criteria) {
        if let Some(word) = words.iter().find(|word| text.contains(word.as_str())) {
            return Err(context.rules.refuse(
                Rule::SelectionFair,
                Text::new(
                    format!("条件“{text}”提到“{word}”，限制公平竞争"),
                    format!("the condition `{text}` speaks of `{word}`, which limits fair competition"),
                ),
                Text::new(
                    "请删除股比、所有制、地域等条件，改为可量化的能力要求",
                    "ask for ability that can be measured, not for shares, ownership or place",
                ),
            ));
        }
    }
    Ok(())
}

fn check_conditions(command: &AnnounceSelection, context: &Context<'_>) -> Result<(), Refusal> {
    for (name, asks) in &command.conditions {
        context.rules.said(name, ("条件名称", "name of a condition"))?;
        context.rules.said(asks, (name, name))?;
    }
    let needed = &context.rules.parameters().hard_conditions;
    let missing = needed.iter().find(|name| !command.conditions.contains_key(*name));
    match missing {
        None => Ok(()),
        Some(missing) => Err(context.rules.refuse(
            Rule::SelectionConditions,
            Text::new(
                format!("资格条件缺少“{missing}”"),
                format!("the condition `{missing}` is missing"),
            ),
            Text::new(
                format!("资格条件须有：{}", needed.join("、")),
                format!("the conditions include: {}", needed.join(", ")),
            ),
        )),
    }
}

fn check_criteria(command: &AnnounceSelection, context: &Context<'_>) -> Result<(), Refusal> {
    for criterion in &command.criteria {
        context.rules.said(&criterion.name, ("评分项", "name of a criterion"))?;
        context
            .rules
            .said(&criterion.asks, (&criterion.name, &criterion.name))?;
    }
    let names: BTreeSet<&String> = command.criteria.iter().map(|it| &it.name).collect();
    let whole = context.rules.parameters().selection_points;
    let points: u64 = command.criteria.iter().map(|it| u64::from(it.points)).sum();
    let scored = command.criteria.iter().all(|it| it.points > 0);
    if points == u64::from(whole) && scored && names.len() == command.criteria.len() {
        return Ok(());
    }
    Err(context.rules.refuse_by(
        Rule::SelectionConditions,
        "points",
        Text::new(
            format!("评分项合计 {points} 分，应为 {whole} 分，各项不重名且分值大于零"),
            format!("the criteria carry {points} points; they carry {whole}, each some, each named once"),
        ),
        Text::new("请调整评分项", "adjust the criteria"),
    ))
}

fn check_time(command: &AnnounceSelection, context: &Context<'_>) -> Result<(), Refusal> {
    if command.term.until < command.term.from {
        return Err(context.rules.input(
            Text::new("报名截止日早于起始日", "applications end before they begin"),
            Text::new("请更正起止日期", "correct the dates"),
        ));
    }
    let days = context.rules.parameters().tender_days_min;
    let until = command.term.from.saturating_add(jiff::Span::new().days(days));
    if !command.method.is_tender() || until <= command.term.until {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::SelectionApplications,
        Text::new(
            format!("招标自公告至截止不少于 {days} 日"),
            format!("a tender is open for {days} days or more"),
        ),
        Text::new(
            format!("请将截止日定在 {until} 或以后"),
            format!("let it end on {until} or later"),
        ),
    ))
}

/// An invited tender invites as many operators as a tender needs, by name; the other methods invite nobody (招标投标法,
/// 第十七条).
fn check_invited(state: &State, command: &AnnounceSelection, context: &Context<'_>) -> Result<(), Refusal> {
    for invited in &command.invited {
        let party = state.present_party(invited, context)?;
        if party.role != Role::Operator {
            return Err(context.rules.input(
                Text::new(
                    format!("`{}` 不是运营机构", party.name),
                    format!("`{}` is not an operator", party.name),
                ),
                Text::new("请邀请已登记的运营机构", "invite registered operators"),
            ));
        }
    }
    let least = context.rules.parameters().tenderers_min;
    let there = command.invited.len();
    let sound = match command.method {
        Method::InvitedTender => there >= least,
        Method::OpenTender | Method::Negotiation | Method::OtherCompetition => there == 0,
    };
    if sound {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::SelectionApplications,
        Text::new(
            format!("邀请招标须列明不少于 {least} 家受邀人，其他方式不列；现为 {there} 家"),
            format!("an invited tender invites at least {least} by name, other methods nobody; here are {there}"),
        ),
        Text::new(
            "请调整遴选方式或受邀名单",
            "change the method, or whom it invites (`invited`)",
        ),
    ))
}
