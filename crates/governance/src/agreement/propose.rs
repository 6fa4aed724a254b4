//! Proposing an agreement.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::capacity::{Amount, check_capacity};
use crate::Context;
use crate::calendar::Term;
use crate::event::Event;
use crate::identifier::{AgreementId, PartyId, ResourceId, SelectionId};
use crate::money::BasisPoints;
use crate::party::Role;
use crate::refusal::Refusal;
use crate::resource::check_authorizable;
use crate::rules::Rule;
use crate::selection::{check_selected, check_unused};
use crate::state::State;
use crate::text::Text;

/// A party's part of every fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RevenueShare {
    /// Who receives it.
    pub party: PartyId,
    /// How much of the fee.
    pub share: BasisPoints,
}

/// Proposes an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposeAgreement {
    /// Its id.
    pub id: AgreementId,
    /// Its title.
    pub title: String,
    /// The operator that is to be authorized.
    pub operator: PartyId,
    /// The selection that chose it (27号).
    #[serde(default)]
    pub selection: Option<SelectionId>,
    /// First and last day (27号, article 14: at most five years).
    pub term: Term,
    /// The resource catalogue in scope.
    pub resources: BTreeSet<ResourceId>,
    /// The purposes in scope.
    pub purposes: BTreeSet<String>,
    /// Clauses by their id in the rule pack, with their text.
    pub clauses: std::collections::BTreeMap<String, String>,
    /// How fees are split; adds up to the whole.
    pub shares: Vec<RevenueShare>,
    /// The scale: of what is authorized, and of what the operator provides for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capacity: Vec<Amount>,
}

/// Decides a proposal.
///
/// # Errors
/// Refuses an operator that no selection chose, a selection that carries another agreement, a term over the maximum, missing clauses, shares that do not add up, unknown parties,
/// resources or purposes.
pub fn decide_propose(state: &State, command: &ProposeAgreement, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if state.agreements.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该协议编号已存在", "an agreement with this id exists"),
            Text::new("请重新拟定", "propose it again"),
        ));
    }
    check_operator(state, command, context)?;
    check_selected(state, command.selection.as_ref(), &command.operator, context)?;
    check_terms(state, command, context)?;
    check_unused(state, command.selection.as_ref(), &command.id, context)?;
    Ok(vec![Event::AgreementProposed {
        terms: Box::new(command.clone()),
        agency: context.actor.party.clone(),
    }])
}

/// Terms as the rules ask for, of a proposal or after an amendment.
pub(super) fn check_terms(state: &State, terms: &ProposeAgreement, context: &Context<'_>) -> Result<(), Refusal> {
    check_term(&terms.term, context)?;
    check_scope(state, terms, context)?;
    check_clauses(terms, context)?;
    check_capacity(&terms.capacity, context)?;
    check_shares(state, &terms.shares, context)
}

fn check_operator(state: &State, command: &ProposeAgreement, context: &Context<'_>) -> Result<(), Refusal> {
    let operator = state.present_party(&command.operator, context)?;
    if operator.role == Role::Operator {
        return Ok(());
    }
    Err(context.rules.input(
        Text::new(
            format!("`{}` 不是运营机构", operator.name),
            format!("`{}` is not an operator", operator.name),
        ),
        Text::new("请选择已登记的运营机构", "choose a registered operator"),
    ))
}

pub(super) fn check_term(term: &Term, context: &Context<'_>) -> Result<(), Refusal> {
    let most = context.rules.parameters().agreement_years_max;
    if term.until < term.from {
        return Err(context.rules.input(
            Text::new("协议终止日早于起始日", "the agreement ends before it begins"),
            Text::new("请更正起止日期", "correct the dates"),
        ));
    }
    if term.exceeds_years(most) {
        return Err(context.rules.refuse(
            Rule::AgreementTerm,
            Text::new(
                format!("协议期限自 {} 至 {}，超过 {most} 年", term.from, term.until),
                format!(
                    "the term from {} to {} is longer than {most} years",
                    term.from, term.until
                ),
            ),
            Text::new(
                format!("请将期限缩短至 {most} 年以内"),
                format!("shorten the term to at most {most} years"),
            ),
        ));
    }
    Ok(())
}

fn check_scope(state: &State, command: &ProposeAgreement, context: &Context<'_>) -> Result<(), Refusal> {
    for resource in &command.resources {
        check_authorizable(state.resource(resource, context)?, context)?;
    }
    let known = &context.rules.parameters().purposes;
    for purpose in &command.purposes {
        if !known.contains(purpose) {
            let list = known.iter().cloned().collect::<Vec<_>>().join("、");
            return Err(context.rules.refuse_by(
                Rule::Purpose,
                "list",
                Text::new(
                    format!("用途 `{purpose}` 不在统一目录中"),
                    format!("`{purpose}` is not a known purpose"),
                ),
                Text::new(format!("请从以下选择：{list}"), format!("choose among: {list}")),
            ));
        }
    }
    if command.resources.is_empty() || command.purposes.is_empty() {
        return Err(context.rules.input(
            Text::new("协议未列明资源或用途", "the agreement names no resource or no purpose"),
            Text::new(
                "请至少列明一项资源和一项用途",
                "name at least one resource and one purpose",
            ),
        ));
    }
    Ok(())
}

fn check_clauses(command: &ProposeAgreement, context: &Context<'_>) -> Result<(), Refusal> {
    let given = |clause: &&String| command.clauses.get(*clause).is_some_and(|text| !text.trim().is_empty());
    let needed = &context.rules.parameters().agreement_clauses;
    let missing: Vec<&str> = needed
        .iter()
        .filter(|clause| !given(clause))
        .map(String::as_str)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join("、");
    Err(context.rules.refuse(
        Rule::AgreementClauses,
        Text::new(
            format!("协议缺少必备条款：{list}"),
            format!("the agreement lacks mandatory clauses: {list}"),
        ),
        Text::new("请补充上述条款", "add these clauses"),
    ))
}

fn check_shares(state: &State, shares: &[RevenueShare], context: &Context<'_>) -> Result<(), Refusal> {
    let total: u64 = shares.iter().map(|share| u64::from(share.share.0)).sum();
    let parties: BTreeSet<&PartyId> = shares.iter().map(|share| &share.party).collect();
    if total != u64::from(BasisPoints::WHOLE) || parties.len() != shares.len() {
        return Err(context.rules.refuse(
            Rule::RevenueShares,
            Text::new(
                format!("分配比例合计为 {}%，应为 100%，且每个主体只列一次", percent(total)),
                format!(
                    "the shares add up to {}%, not 100%, or name a party twice",
                    percent(total)
                ),
            ),
            Text::new("请调整各方比例", "adjust the shares"),
        ));
    }
    let roles = &context.rules.parameters().revenue_roles;
    for share in shares {
        let party = state.present_party(&share.party, context)?;
        if !roles.contains(party.role.id()) {
            return Err(context.rules.refuse(
                Rule::RevenueShares,
                Text::new(
                    format!("`{}`（{}）不得参与收益分配", party.name, party.role.zh()),
                    format!("`{}` ({}) may not receive a share", party.name, party.role.id()),
                ),
                Text::new("请从分配方案中移除该主体", "remove this party from the split"),
            ));
        }
    }
    Ok(())
}

fn percent(basis_points: u64) -> String {
    format!("{}.{:02}", basis_points / 100, basis_points % 100)
}
