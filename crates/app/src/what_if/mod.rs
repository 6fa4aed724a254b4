//! What if: a proposed set of rule packs asked about every decision on record.
//!
//! Each decision is taken again under the proposed rules, against the state as it really was at that moment. What
//! would have followed from another decision is not played on, so each line of the answer stands by itself.
//! Refused calls are on record and are asked again. Acts that were refused are not, so the answer can't list which of
//! them would now be accepted, and says so.

mod ask;

use std::sync::Arc;

use gongshu_governance::authorization::Permit;
use gongshu_governance::rules::{RuleBook, Rules};
use gongshu_governance::{Command, Context, Event, Refusal, State, Text, decide};
use gongshu_ledger::Edge;
use gongshu_store::{ActRecord, CallRecord, Store};
use jiff::Timestamp;

pub use ask::{Tried, TriedDecision};

use crate::error::AppError;
use crate::replay::{Auditor, ReplayReport};

/// What a proposal would have changed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct WhatIf {
    /// Hash of the proposed packs.
    pub rules: String,
    /// The history as it was replayed under the rules of the day. Where it names a difference, the answer ends there.
    pub history: ReplayReport,
    /// The decisions that would differ, in the order of the ledger.
    pub changed: Vec<Changed>,
    /// What the answer cannot tell.
    pub unseen: Text,
}

/// What no record tells.
fn unseen() -> Text {
    Text::new(
        "被拒绝的调用均已入账本并逐次复核；被拒绝的办理事项不入账本，其中哪些按拟议规则将获准，无从列出",
        "refused calls are on record and were asked again; refused acts are not on record, so which of them would be accepted \
         cannot be listed",
    )
}

/// A decision that would differ.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Changed {
    /// Index of its entry.
    pub index: u64,
    /// Id of the act, such as `agreement.sign`; `product.call` for a call.
    pub act: String,
    /// When it was decided.
    #[serde(serialize_with = "text_of")]
    pub at: Timestamp,
    /// What was decided.
    pub recorded: Outcome,
    /// What the proposed rules decide.
    pub proposed: Outcome,
}

/// How a decision comes out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Yes. Two yeses differ where their events, fees or shares do.
    Accepted,
    /// No.
    Refused(Box<Refusal>),
}

/// Asks a proposed set of packs, national first, about the history of a store.
///
/// # Errors
/// When the packs are invalid or the store cannot be read.
pub async fn what_if(store: &Store, packs: &[&str]) -> Result<WhatIf, AppError> {
    asked(store, RuleBook::load(packs).map_err(AppError::internal)?, None).await
}

/// The same of packs that are read; up to this edge of the ledger where others write to it meanwhile.
async fn asked(store: &Store, book: RuleBook, until: Option<&Edge>) -> Result<WhatIf, AppError> {
    let book = Arc::new(book);
    let proposal = Proposal {
        book: book.clone(),
        changed: Vec::new(),
    };
    let mut auditor = Auditor::new(store.suite().await?, book.clone(), Some(proposal))?;
    match until {
        Some(edge) => auditor.derive_until(store, edge).await?,
        None => auditor.run(store, &mut |_| {}).await?,
    }
    Ok(WhatIf {
        rules: book.hash().to_owned(),
        history: auditor.report,
        changed: auditor.proposal.map(|proposal| proposal.changed).unwrap_or_default(),
        unseen: unseen(),
    })
}

/// The proposed rules, and what they have changed so far.
pub(crate) struct Proposal {
    book: Arc<RuleBook>,
    changed: Vec<Changed>,
}

impl Proposal {
    /// The proposed rules of the day on which something was decided.
    pub(crate) fn rules_at(&self, at: Timestamp) -> &Rules {
        self.book.at(at)
    }

    /// Decides an accepted act again.
    pub(crate) fn act(&mut self, act: &ActRecord, state: &State, command: &Command, recorded: &[Event], day: &Context) {
        let context = Context {
            rules: self.book.at(act.at),
            ..*day
        };
        let proposed = decide(state, command, &context);
        if proposed.as_deref().ok() != Some(recorded) {
            self.changed.push(Changed {
                index: act.index,
                act: act.act.clone(),
                at: act.at,
                recorded: Outcome::Accepted,
                proposed: outcome(&proposed),
            });
        }
    }

    /// Compares a call's decisions.
    pub(crate) fn call(
        &mut self,
        call: &CallRecord,
        recorded: &Result<Permit, Refusal>,
        proposed: &Result<Permit, Refusal>,
    ) {
        if !same(recorded, proposed) {
            self.changed.push(Changed {
                index: call.index,
                act: "product.call".to_owned(),
                at: call.at,
                recorded: outcome(recorded),
                proposed: outcome(proposed),
            });
        }
    }
}

/// Whether two decisions are the same. A refusal by the same rule is, whatever its wording.
fn same(recorded: &Result<Permit, Refusal>, proposed: &Result<Permit, Refusal>) -> bool {
    match (recorded, proposed) {
        (Ok(before), Ok(after)) => before == after,
        (Err(before), Err(after)) => before.rule == after.rule,
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
    }
}

fn outcome<T>(decision: &Result<T, Refusal>) -> Outcome {
    match decision {
        Ok(_) => Outcome::Accepted,
        Err(refusal) => Outcome::Refused(Box::new(refusal.clone())),
    }
}

fn text_of<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use gongshu_governance::Text;
    use gongshu_governance::authorization::{Chain, Permit};
    use gongshu_governance::identifier::{AgreementId, ScenarioId, SubscriptionId};
    use gongshu_governance::money::Money;
    use gongshu_governance::{Refusal, rules::Rule};

    use super::same;

    fn permit(fen: i64) -> Permit {
        let chain = Chain {
            agreement: AgreementId::new("agr_1"),
            scenario: ScenarioId::new("scn_1"),
            approvals: vec![],
            consent: None,
            consents: BTreeMap::new(),
            subscription: SubscriptionId::new("sub_1"),
        };
        Permit {
            sequence: 1,
            chain,
            product_revision: 1,
            narrowings: 0,
            derivation_sha256: String::new(),
            versions: vec![],
            rate: None,
            fee: Money::from_fen(fen),
            split: vec![],
            crossing: None,
        }
    }

    fn refusal(rule: Rule, source: &str) -> Refusal {
        Refusal {
            rule: rule.id().to_owned(),
            source: source.to_owned(),
            article: String::new(),
            message: Text::new("", ""),
            remedy: Text::new("", ""),
        }
    }

    #[test]
    fn a_call_differs_in_its_answer_fee_or_rule_and_not_in_a_citation() {
        let old = Err(refusal(Rule::PrivacyBudget, "an old source"));
        assert!(same(&old, &Err(refusal(Rule::PrivacyBudget, "a new source"))));
        assert!(!same(&old, &Err(refusal(Rule::Quota, "an old source"))));
        assert!(same(&Ok(permit(180)), &Ok(permit(180))));
        assert!(!same(&Ok(permit(180)), &Ok(permit(0))));
        assert!(!same(&Ok(permit(180)), &old));
        assert!(!same(&old, &Ok(permit(180))));
    }
}
