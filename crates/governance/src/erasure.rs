//! Erasure: what calls carried (request, subject, consents, kept answers) is deleted; their leaves and proofs stay.
//!
//! PIPL 47: a handler deletes personal information whose retention is over or whose handling was unlawful. Records of
//! having provided it are kept for three years before (Network Data Security Management Regulations, article 12).
//! Acts are not erased: the state follows from them, and they hold no more of a person than a code.

use jiff::{Span, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::calendar::day_of;
use crate::event::{Event, Moment};
use crate::identifier::{ErasureId, PartyId, ScenarioId};
use crate::party::Role;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Why what calls carried is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErasureGround {
    /// 保存期届满: it has been kept as long as the law asks.
    RetentionOver,
    /// 违法处理: it should never have been handled (PIPL 47, item 4).
    Unlawful,
    /// 依法责令: a court or an authority ordered it.
    Ordered,
}

/// Deletes what calls carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EraseCalls {
    /// Its id.
    pub id: ErasureId,
    /// Indices of the calls' entries in the ledger.
    pub entries: Vec<u64>,
    /// Why.
    pub ground: ErasureGround,
    /// The document or finding that it rests on.
    pub basis: String,
    /// The calls. The platform fills them in from its record.
    #[serde(default)]
    #[schemars(skip)]
    pub calls: Vec<ErasedCall>,
}

/// A call that is erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedCall {
    /// Index of its entry in the ledger.
    pub entry: u64,
    /// When it was made.
    pub at: Timestamp,
    /// The scenario of its product; none where a call named an unknown product.
    pub scenario: Option<ScenarioId>,
}

/// An erasure on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// What was ordered.
    pub order: EraseCalls,
    /// By whom.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
    /// How many events changed it.
    pub revision: u64,
}

/// Decides an erasure.
///
/// # Errors
/// Refuses entries that are none, too many, stated twice or erased before; a ground that is not the actor's to state;
/// calls whose retention is not over; calls under another operator's agreement.
pub fn decide_erase(state: &State, command: &EraseCalls, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    check_entries(state, command, context)?;
    let actor = state.party(&context.actor.party, context)?;
    match command.ground {
        ErasureGround::RetentionOver => check_retention(command, context)?,
        ErasureGround::Unlawful | ErasureGround::Ordered if actor.role == Role::Supervisor => {}
        ErasureGround::Unlawful | ErasureGround::Ordered => {
            return Err(context.rules.refuse(
                Rule::ErasureGround,
                Text::new(
                    "违法处理、依法责令的删除由监管部门决定",
                    "that handling was unlawful, or that deletion was ordered, is for a supervisor to find",
                ),
                Text::new(
                    "请报监管部门办理，或待保存期届满后删除",
                    "let a supervisor do it, or wait until the retention is over",
                ),
            ));
        }
    }
    if actor.role == Role::Operator {
        for call in &command.calls {
            check_own(state, call, context)?;
        }
    }
    Ok(vec![Event::CallsErased {
        order: Box::new(command.clone()),
        by: actor.id.clone(),
    }])
}

fn check_entries(state: &State, command: &EraseCalls, context: &Context<'_>) -> Result<(), Refusal> {
    let input = |zh: String, en: String, remedy| Err(context.rules.input(Text::new(zh, en), remedy));
    let most = context.rules.parameters().erasure_calls_max;
    if command.basis.trim().is_empty() {
        let remedy = Text::new("请写明文号或认定依据", "name the document or the finding it rests on");
        return input("删除依据为空".to_owned(), "the basis is empty".to_owned(), remedy);
    }
    if command.entries.is_empty() || command.entries.len() > most {
        let (zh, en) = (
            format!("一次须列明 1 至 {most} 个条目"),
            format!("1 to {most} entries are erased at once"),
        );
        return input(zh, en, Text::new("请分批办理", "split them into several orders"));
    }
    let stated = |call: &ErasedCall| call.entry;
    if !command.entries.iter().copied().eq(command.calls.iter().map(stated))
        || !command.entries.is_sorted_by(|a, b| a < b)
    {
        let remedy = Text::new(
            "请按账本序号从小到大列明，每个一次",
            "list their indices in the ledger in ascending order, each once",
        );
        let (zh, en) = ("条目须为调用，且不重复", "the entries are calls, each named once");
        return input(zh.to_owned(), en.to_owned(), remedy);
    }
    match command.entries.iter().find(|entry| state.erased.contains_key(entry)) {
        None => Ok(()),
        Some(entry) => Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new(
                format!("第 {entry} 条调用的内容已删除"),
                format!("what entry {entry} carried is erased"),
            ),
            Text::new("请从清单中去掉该条", "leave this entry out"),
        )),
    }
}

fn check_retention(command: &EraseCalls, context: &Context<'_>) -> Result<(), Refusal> {
    let kept = Span::new().days(context.rules.parameters().retention_days);
    let over = |call: &&ErasedCall| day_of(call.at).saturating_add(kept) > day_of(context.at);
    let Some(early) = command.calls.iter().find(over) else {
        return Ok(());
    };
    let (entry, from) = (early.entry, day_of(early.at).saturating_add(kept));
    Err(context.rules.refuse(
        Rule::ErasureRetention,
        Text::new(
            format!("第 {entry} 条调用的记录须保存至 {from}"),
            format!("the record of entry {entry} is kept until {from}"),
        ),
        Text::new(format!("请于 {from} 起删除"), format!("erase it from {from} on")),
    ))
}

fn check_own(state: &State, call: &ErasedCall, context: &Context<'_>) -> Result<(), Refusal> {
    let operator = match &call.scenario {
        Some(scenario) => {
            let agreement = &state.scenario(scenario, context)?.application.agreement;
            Some(&state.agreement(agreement, context)?.terms.operator)
        }
        None => None,
    };
    if operator == Some(&context.actor.party) {
        return Ok(());
    }
    let entry = call.entry;
    Err(context.rules.refuse(
        Rule::Power,
        Text::new(
            format!("第 {entry} 条调用不在本单位的授权协议之下"),
            format!("entry {entry} is no call under an agreement of yours"),
        ),
        Text::new(
            "请由该协议的运营机构或监管部门办理",
            "let that agreement's operator or a supervisor do it",
        ),
    ))
}

/// Applies an erasure.
pub(crate) fn evolve(state: &mut State, order: &EraseCalls, by: &PartyId, moment: Moment, revision: u64) {
    for entry in &order.entries {
        state.erased.insert_mut(*entry, order.id.clone());
    }
    let erasure = Erasure {
        order: order.clone(),
        by: by.clone(),
        at: moment.at,
        revision,
    };
    state
        .erasures
        .insert_mut(order.id.clone(), std::sync::Arc::new(erasure));
}
