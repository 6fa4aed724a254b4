//! Reviewing a model: four eyes.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Model, ModelEvent, ModelStatus};
use crate::Context;
use crate::event::{Actor, Event};
use crate::identifier::{ModelId, PartyId};
use crate::party::Role;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Puts a model in force, or in force again, after a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewModel {
    /// Which.
    pub model: ModelId,
    /// SHA-256 of the module that was read.
    pub module_sha256: String,
    /// What the review found.
    pub report: String,
}

/// Decides a review.
///
/// # Errors
/// Refuses the registrar itself, a machine, whoever has not suspended what others have, a review without a report or of another module, and a model that is in
/// force or withdrawn.
pub fn decide_review(state: &State, command: &ReviewModel, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let model = state.model(&command.model, context)?;
    if !is_second(&model.registrar, context.actor) {
        return Err(context.rules.refuse(
            Rule::ModelReview,
            Text::new(
                "模型须由登记人以外的人员审查，不得由接口密钥代为审查",
                "a model is reviewed by a person other than the one who registered it, and not by a machine",
            ),
            Text::new("请由另一人登录后审查", "let another person sign in and review it"),
        ));
    }
    if command.report.trim().is_empty() || command.module_sha256 != model.registration.module_sha256 {
        return Err(context.rules.input(
            Text::new(
                "未填审查意见，或所审模块的 SHA-256 与登记不符",
                "the review has no report, or the module that was read is not the one on record",
            ),
            Text::new("请核对模块摘要并填写审查意见", "check the digest and write a report"),
        ));
    }
    check_lifts(state, model, context)?;
    match &model.status {
        ModelStatus::Registered | ModelStatus::Suspended { .. } => Ok(vec![Event::Model(ModelEvent::Reviewed {
            review: Box::new(command.clone()),
            reviewer: context.actor.clone(),
        })]),
        ModelStatus::InForce { .. } => Err(context.rules.wrong_state(
            Text::new("该模型已经审查", "the model is already reviewed"),
            Text::new("无需重复审查", "there is nothing to do"),
        )),
        ModelStatus::Withdrawn { .. } => Err(context.rules.wrong_state(
            Text::new("该模型已撤回", "the model is withdrawn"),
            Text::new("请登记新版本", "register a new version"),
        )),
    }
}

/// What parties have suspended is put in force again by their own reviews; and a supervisor reviews nothing else.
fn check_lifts(state: &State, model: &Model, context: &Context<'_>) -> Result<(), Refusal> {
    let none = BTreeSet::new();
    let suspended = match &model.status {
        ModelStatus::Suspended { by, .. } => by,
        ModelStatus::Registered | ModelStatus::InForce { .. } | ModelStatus::Withdrawn { .. } => &none,
    };
    let supervises = state.party(&context.actor.party, context)?.role == Role::Supervisor;
    if suspended.contains(&context.actor.party) || (suspended.is_empty() && !supervises) {
        return Ok(());
    }
    let name = |id: &PartyId| {
        state
            .parties
            .get(id)
            .map_or_else(|| id.to_string(), |party| party.name.clone())
    };
    let names: Vec<String> = suspended.iter().map(name).collect();
    let (message, remedy) = if names.is_empty() {
        (
            Text::new(
                "监管部门只复核由其暂停的模型",
                "a supervisor reviews what it has suspended, and nothing else",
            ),
            Text::new("请由运营机构或实施机构审查", "let the operator or the agency review it"),
        )
    } else {
        let list = names.join("、");
        (
            Text::new(
                format!("该模型由“{list}”暂停"),
                format!("the model was suspended by `{list}`"),
            ),
            Text::new(
                "请由决定暂停的单位复核",
                "let whoever suspended it review it (`model.review`)",
            ),
        )
    };
    Err(context.rules.refuse(Rule::ModelReview, message, remedy))
}

/// Whether the reviewer is a person, and not the one who registered. Of a machine's registration nobody knows the
/// person, so the reviewer is of another party.
fn is_second(registrar: &Actor, reviewer: &Actor) -> bool {
    match (&registrar.person, &reviewer.person) {
        (_, None) => false,
        (Some(first), Some(second)) => first != second,
        (None, Some(_)) => registrar.party != reviewer.party,
    }
}
