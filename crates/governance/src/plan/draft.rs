//! Drafting and revising a plan.

use std::collections::{BTreeMap, BTreeSet};

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

/// Drafts a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DraftPlan {
    /// Its id.
    pub id: PlanId,
    /// Its title.
    pub title: String,
    /// Its sections by their names: exactly those that the rule pack lists.
    pub sections: BTreeMap<String, String>,
}

/// Revises a plan: the sections that change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RevisePlan {
    /// The plan.
    pub plan: PlanId,
    /// The new texts, by section.
    pub sections: BTreeMap<String, String>,
    /// Why.
    pub reason: String,
}

/// Decides a draft.
///
/// # Errors
/// Refuses a draft without a title, that lacks a section, or has one that plans do not have.
pub fn decide_draft(state: &State, command: &DraftPlan, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    context.rules.said(&command.title, ("标题", "title"))?;
    check_sections(&command.sections, context)?;
    let listed = &context.rules.parameters().plan_sections;
    let there: BTreeSet<&String> = command.sections.keys().collect();
    if let Some(missing) = listed.iter().find(|section| !there.contains(section)) {
        return Err(context.rules.refuse(
            Rule::PlanSections,
            Text::new(
                format!("方案缺少“{missing}”一章"),
                format!("the plan lacks the section `{missing}`"),
            ),
            Text::new(
                format!("方案须有：{}", listed.join("、")),
                format!("a plan has: {}", listed.join(", ")),
            ),
        ));
    }
    if state.plans.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该方案已起草", "this plan is drafted"),
            Text::new("请修订该方案", "revise it"),
        ));
    }
    Ok(vec![Event::Plan(PlanEvent::Drafted {
        draft: Box::new(command.clone()),
        agency: context.actor.party.clone(),
    })])
}

/// Decides a revision.
///
/// # Errors
/// Refuses one after the conclusion, without a reason, or that changes nothing.
pub fn decide_revise(state: &State, command: &RevisePlan, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let plan = reviewed(state, &command.plan, context)?;
    context.rules.said(&command.reason, ("修订理由", "reason"))?;
    check_sections(&command.sections, context)?;
    let newest = plan.versions.last().map(|version| &version.sections);
    let changes = |(name, text): (&String, &String)| newest.and_then(|sections| sections.get(name)) != Some(text);
    if !command.sections.iter().any(changes) {
        return Err(context.rules.input(
            Text::new("修订与现行版本相同", "the revision changes nothing"),
            Text::new("请只列出有改动的章节", "give the sections that change"),
        ));
    }
    Ok(vec![Event::Plan(PlanEvent::Revised(Box::new(command.clone())))])
}

fn check_sections(sections: &BTreeMap<String, String>, context: &Context<'_>) -> Result<(), Refusal> {
    let listed = &context.rules.parameters().plan_sections;
    if let Some(other) = sections.keys().find(|section| !listed.contains(section)) {
        return Err(context.rules.refuse(
            Rule::PlanSections,
            Text::new(
                format!("方案没有“{other}”一章"),
                format!("plans have no section `{other}`"),
            ),
            Text::new(
                format!("方案各章为：{}", listed.join("、")),
                format!("the sections are: {}", listed.join(", ")),
            ),
        ));
    }
    sections
        .iter()
        .try_for_each(|(name, text)| context.rules.said(text, (name, name)))
}
