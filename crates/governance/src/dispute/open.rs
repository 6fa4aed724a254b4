//! Opening a case.

use std::collections::BTreeSet;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DisputeEvent, today};
use crate::Context;
use crate::agreement::Agreement;
use crate::event::Event;
use crate::identifier::{AgreementId, DisputeId, PartyId, ScenarioId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Where a dispute is dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Forum {
    /// 协商.
    Consultation,
    /// 调解.
    Mediation,
    /// 仲裁.
    Arbitration,
    /// 诉讼.
    Court,
}

impl Forum {
    /// The forum in Chinese and English.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Consultation => ("协商", "consultation"),
            Self::Mediation => ("调解", "mediation"),
            Self::Arbitration => ("仲裁", "arbitration"),
            Self::Court => ("诉讼", "court"),
        }
    }
}

/// Opens a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenDispute {
    /// Its id.
    pub id: DisputeId,
    /// The agreement under which the dispute arose.
    pub agreement: AgreementId,
    /// Its title.
    pub title: String,
    /// Against whom.
    pub respondents: BTreeSet<PartyId>,
    /// The scenarios it is about.
    pub scenarios: BTreeSet<ScenarioId>,
    /// What is claimed.
    pub claims: String,
    /// What it rests on.
    pub facts: String,
    /// Where it is dealt with at first.
    pub forum: Forum,
}

/// Decides that a case is opened.
///
/// # Errors
/// Refuses one against nobody or oneself, about a scenario of another agreement, without claims or facts, and before a
/// forum that the agreement does not name.
pub fn decide_open(state: &State, command: &OpenDispute, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if state.disputes.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该争议已立案", "this case is open"),
            Text::new("请在该案中办理", "go on with it"),
        ));
    }
    let agreement = state.agreement(&command.agreement, context)?;
    context.rules.said(&command.title, ("标题", "title"))?;
    context.rules.said(&command.claims, ("请求", "claims"))?;
    context.rules.said(&command.facts, ("事实与理由", "facts"))?;
    check_parties(state, command, context)?;
    check_scenarios(state, command, context)?;
    check_forum(agreement, command.forum, context)?;
    Ok(vec![Event::Dispute(DisputeEvent::Opened {
        claim: Box::new(command.clone()),
        claimant: context.actor.party.clone(),
        due: answer_due(context),
    })])
}

fn answer_due(context: &Context<'_>) -> Date {
    let days = context.rules.parameters().answer_days;
    today(context).saturating_add(jiff::Span::new().days(days))
}

fn check_parties(state: &State, command: &OpenDispute, context: &Context<'_>) -> Result<(), Refusal> {
    for respondent in &command.respondents {
        state.present_party(respondent, context)?;
    }
    if !command.respondents.is_empty() && !command.respondents.contains(&context.actor.party) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::DisputeParty,
        Text::new(
            "争议须有相对方，且不得为申请人自己",
            "a dispute is against somebody else than the claimant",
        ),
        Text::new("请列明被申请人", "name the respondents"),
    ))
}

fn check_scenarios(state: &State, command: &OpenDispute, context: &Context<'_>) -> Result<(), Refusal> {
    for id in &command.scenarios {
        let scenario = state.scenario(id, context)?;
        if scenario.application.agreement != command.agreement {
            return Err(context.rules.input(
                Text::new(
                    format!("场景 `{id}` 不在该协议之下"),
                    format!("the scenario `{id}` is not under that agreement"),
                ),
                Text::new("请核对协议与场景", "check the agreement and the scenarios"),
            ));
        }
    }
    Ok(())
}

/// Only what the agreement's clause on disputes names, in the words that the pack lists for each forum.
pub(super) fn check_forum(agreement: &Agreement, forum: Forum, context: &Context<'_>) -> Result<(), Refusal> {
    let parameters = context.rules.parameters();
    let clause = agreement
        .terms
        .clauses
        .get(&parameters.dispute_clause)
        .map_or("", String::as_str);
    let words = &parameters.forum_words[&forum];
    if words.iter().any(|word| clause.contains(word.as_str())) {
        return Ok(());
    }
    let (zh, en) = forum.words();
    Err(context.rules.refuse(
        Rule::DisputeForum,
        Text::new(
            format!("协议的争议条款未约定{zh}：“{clause}”"),
            format!("the agreement's clause does not speak of {en}: {clause}"),
        ),
        Text::new("请按协议约定的方式办理", "choose a way that the agreement names"),
    ))
}
