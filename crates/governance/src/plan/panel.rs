//! The panel of experts.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PlanEvent, reviewed};
use crate::Context;
use crate::event::Event;
use crate::identifier::PlanId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Forms the panel that reviews a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FormPanel {
    /// The plan.
    pub plan: PlanId,
    /// Its experts.
    pub experts: Vec<Expert>,
    /// The expert who leads it.
    pub leader: String,
}

/// Forms another panel in its place, before the review is concluded: an expert has fallen ill, or has to stand aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReformPanel {
    /// The plan.
    pub plan: PlanId,
    /// Its experts.
    pub experts: Vec<Expert>,
    /// The expert who leads it.
    pub leader: String,
    /// Why.
    pub reason: String,
}

impl ReformPanel {
    /// The panel.
    pub(super) fn panel(&self) -> FormPanel {
        FormPanel {
            plan: self.plan.clone(),
            experts: self.experts.clone(),
            leader: self.leader.clone(),
        }
    }
}

/// An expert of a panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Expert {
    /// Name.
    pub name: String,
    /// Where the expert works.
    pub works_for: String,
    /// What the expert knows.
    pub speciality: String,
}

/// Decides a panel.
///
/// # Errors
/// Refuses a second panel; one that is too small, even in number, led by none of its experts, names one twice, or seats
/// somebody of the agency itself or of an operator.
pub fn decide_panel(state: &State, command: &FormPanel, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let plan = reviewed(state, &command.plan, context)?;
    if plan.panel.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("专家组已组成", "the panel is formed"),
            Text::new(
                "由现有专家组继续论证；需更换专家的，办理“更换专家组”",
                "the panel that is there goes on, or another is formed in its place (`plan.reseat`)",
            ),
        ));
    }
    check_panel(state, command, context)?;
    Ok(vec![Event::Plan(PlanEvent::PanelFormed(Box::new(command.clone())))])
}

/// Decides another panel. What its experts have said stays on record.
///
/// # Errors
/// Refuses it where none is formed, once the review is concluded, without a reason, and as the first panel is refused.
pub fn decide_reform(state: &State, command: &ReformPanel, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let plan = reviewed(state, &command.plan, context)?;
    context.rules.said(&command.reason, ("更换理由", "reason"))?;
    if plan.panel.is_none() {
        return Err(context.rules.refuse(
            Rule::PlanPanel,
            Text::new("专家组尚未组成", "no panel is formed"),
            Text::new("请先组成专家组", "form it first (`plan.panel`)"),
        ));
    }
    check_panel(state, &command.panel(), context)?;
    Ok(vec![Event::Plan(PlanEvent::PanelReformed(Box::new(command.clone())))])
}

fn check_panel(state: &State, command: &FormPanel, context: &Context<'_>) -> Result<(), Refusal> {
    for expert in &command.experts {
        context.rules.said(&expert.name, ("专家姓名", "expert's name"))?;
        context
            .rules
            .said(&expert.works_for, ("专家单位", "expert's organization"))?;
    }
    let refuse_by = |parameter: &str, zh: String, en: String, remedy| {
        let message = Text::new(zh, en);
        Err(context.rules.refuse_by(Rule::PlanPanel, parameter, message, remedy))
    };
    let refuse = |zh, en, remedy| refuse_by("", zh, en, remedy);
    let (least, seats) = (context.rules.parameters().plan_experts_min, command.experts.len());
    if seats < least || seats % 2 == 0 {
        let remedy = Text::new("请调整专家人数", "change the number of experts");
        let zh = format!("专家组须为不少于 {least} 人的单数，现为 {seats} 人");
        return refuse_by(
            "experts_min",
            zh,
            format!("a panel has an odd number of at least {least} experts, not {seats}"),
            remedy,
        );
    }
    let names: BTreeSet<&String> = command.experts.iter().map(|expert| &expert.name).collect();
    if names.len() < seats || !names.contains(&command.leader) {
        let remedy = Text::new("请核对名单", "check the list");
        let zh = "专家不得重复，组长须为其中一人".to_owned();
        return refuse(
            zh,
            "each expert is named once, and one of them leads".to_owned(),
            remedy,
        );
    }
    let parties: BTreeSet<&str> = state
        .parties
        .values()
        .filter(|party| party.role.takes_part())
        .map(|party| party.name.as_str())
        .collect();
    match command
        .experts
        .iter()
        .find(|expert| parties.contains(expert.works_for.as_str()))
    {
        None => Ok(()),
        Some(expert) => refuse(
            format!(
                "{} 所在的 {} 是授权运营的参与方，应当回避",
                expert.name, expert.works_for
            ),
            format!(
                "{} works for {}, which takes part in the operation",
                expert.name, expert.works_for
            ),
            Text::new("请另选专家", "choose another expert"),
        ),
    }
}
