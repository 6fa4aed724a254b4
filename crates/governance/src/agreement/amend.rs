//! Amending an agreement: the agency proposes, the operator accepts.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::propose::check_terms;
use super::signature::{SignedDocument, check_acceptance};
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

/// Accepts the amendment that waits, by the text as it stands after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptAmendment {
    /// The agreement.
    pub agreement: AgreementId,
    /// SHA-256 of the amended terms: what is accepted is what was read, and not what took its place since.
    #[serde(default)]
    pub terms_sha256: String,
    /// What was signed; the act alone accepts where it is left out and the rules do not ask for more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<SignedDocument>,
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
/// Refuses it where nothing waits or something else does, where the agreement is not in force any more, where the rules
/// of this day do not allow the terms, and where the text is not signed as an agreement's is.
pub fn decide_accept(state: &State, command: &AcceptAmendment, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    check_in_force(agreement, day_of(context.at), context)?;
    let Some(terms) = agreement.waiting() else {
        return Err(context.rules.wrong_state(
            Text::new("没有待签署的变更", "no amendment waits"),
            Text::new("请待实施机构提出变更", "wait for the agency to propose one"),
        ));
    };
    if command.terms_sha256 != terms.sha256() {
        return Err(context.rules.refuse(
            Rule::AgreementAmendment,
            Text::new(
                "所接受的不是现在待签署的变更文本",
                "what is accepted is not the amendment that waits now",
            ),
            Text::new(
                "请重新查阅变更后的协议文本，以其条款摘要签署",
                "read the amended text again, and accept it by the hash of its terms",
            ),
        ));
    }
    check_terms(state, &terms, context)?;
    check_acceptance(agreement, &terms, command.document.as_ref(), context)?;
    Ok(vec![Event::Agreement(AgreementEvent::Amended {
        acceptance: command.clone(),
        terms: Box::new(terms),
    })])
}

impl Agreement {
    /// The terms as they will stand once the amendment that waits is accepted.
    #[must_use]
    pub fn waiting(&self) -> Option<ProposeAgreement> {
        self.proposed.as_ref().map(|change| amended(self, change))
    }
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
