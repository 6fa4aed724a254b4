//! Amending an agreement: the agency proposes, the operator accepts.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::propose::check_terms;
use super::{Agreement, AgreementEvent, ProposeAgreement, RevenueShare};
use crate::Context;
use crate::calendar::{Term, day_of};
use crate::event::Event;
use crate::identifier::{AgreementId, ResourceId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::scenario::check_in_force;
use crate::state::State;
use crate::text::Text;

/// Proposes other terms. What is none stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposeAmendment {
    /// The agreement.
    pub agreement: AgreementId,
    /// The new term; it begins when the agreement began.
    pub term: Option<Term>,
    /// The new catalogue of resources.
    pub resources: Option<BTreeSet<ResourceId>>,
    /// The new purposes.
    pub purposes: Option<BTreeSet<String>>,
    /// Clauses that change, with their new text.
    pub clauses: BTreeMap<String, String>,
    /// The new split of fees: of calls from the acceptance on.
    pub shares: Option<Vec<RevenueShare>>,
    /// Why.
    pub reason: String,
}

/// Accepts the amendment that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptAmendment {
    /// The agreement.
    pub agreement: AgreementId,
}

/// Decides a proposal. A later one takes the place of one that waits.
///
/// # Errors
/// Refuses one of an agreement that is not in force, without a reason, that changes nothing, moves the beginning, or whose
/// terms an agreement could not have.
pub fn decide_amend(state: &State, command: &ProposeAmendment, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    check_in_force(agreement, day_of(context.at), context)?;
    context.rules.said(&command.reason, ("变更理由", "reason"))?;
    let terms = amended(agreement, command);
    let refuse = |zh, en, remedy| {
        Err(context
            .rules
            .refuse(Rule::AgreementAmendment, Text::new(zh, en), remedy))
    };
    if terms == agreement.terms {
        let remedy = Text::new("请写明变更内容", "say what changes");
        return refuse("变更与现行条款相同", "the amendment changes nothing", remedy);
    }
    if terms.term.from != agreement.terms.term.from {
        let remedy = Text::new("请保留原起始日", "keep the day on which it began");
        return refuse(
            "变更不得改动协议起始日",
            "an amendment does not move the beginning",
            remedy,
        );
    }
    check_terms(state, &terms, context)?;
    Ok(vec![Event::Agreement(AgreementEvent::AmendmentProposed(Box::new(
        command.clone(),
    )))])
}

/// Decides an acceptance: the terms change at this moment, and so does what is authorized under them.
///
/// # Errors
/// Refuses it where nothing waits, and where the agreement is not in force any more.
pub fn decide_accept(state: &State, command: &AcceptAmendment, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    check_in_force(agreement, day_of(context.at), context)?;
    let Some(proposed) = &agreement.proposed else {
        return Err(context.rules.wrong_state(
            Text::new("没有待签署的变更", "no amendment waits"),
            Text::new("请待实施机构提出变更", "wait for the agency to propose one"),
        ));
    };
    Ok(vec![Event::Agreement(AgreementEvent::Amended {
        acceptance: command.clone(),
        terms: Box::new(amended(agreement, proposed)),
    })])
}

fn amended(agreement: &Agreement, change: &ProposeAmendment) -> ProposeAgreement {
    let mut terms = agreement.terms.clone();
    if let Some(term) = change.term {
        terms.term = term;
    }
    if let Some(resources) = &change.resources {
        terms.resources.clone_from(resources);
    }
    if let Some(purposes) = &change.purposes {
        terms.purposes.clone_from(purposes);
    }
    if let Some(shares) = &change.shares {
        terms.shares.clone_from(shares);
    }
    terms.clauses.extend(change.clauses.clone());
    terms
}
