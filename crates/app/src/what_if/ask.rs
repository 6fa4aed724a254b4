//! What if, asked of a running district: one question at a time, beside the requests of others, for so long and no longer.

use std::time::Duration;

use gongshu_governance::power::Act;
use gongshu_governance::rules::{Rule, RuleBook, propose};
use gongshu_governance::{Actor, Text};
use gongshu_ledger::Edge;
use gongshu_store::Store;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;

use super::{Changed, Outcome, WhatIf};
use crate::AppError;
use crate::District;
use crate::feed::{self, FeedItem};
use crate::replay::ReplayReport;

/// Most decisions that are listed; all are counted.
const LISTED_MAX: usize = 500;

/// What a proposal would have changed, in the lines of the feed.
#[derive(Debug, Clone)]
pub struct Tried {
    /// Hash of the packs in force with the proposed one.
    pub rules: String,
    /// The history as it was replayed.
    pub history: ReplayReport,
    /// How many decisions would differ.
    pub changed: usize,
    /// The first of them.
    pub listed: Vec<TriedDecision>,
    /// What the answer cannot tell.
    pub unseen: Text,
}

/// A decision that would differ.
#[derive(Debug, Clone)]
pub struct TriedDecision {
    /// What was decided.
    pub item: FeedItem,
    /// How it came out.
    pub recorded: Outcome,
    /// How it would.
    pub proposed: Outcome,
}

impl District {
    /// Asks a proposed pack about every decision on record when it is asked: it takes the place of the pack of its id,
    /// or lies on top. It is answered on a thread of its own, and one such question at a time.
    ///
    /// # Errors
    /// Refuses who may not ask, a pack that does not load, a second question meanwhile, and one that takes longer.
    pub async fn try_rules(&self, actor: &Actor, pack: String, time_max: Duration) -> Result<Tried, AppError> {
        self.may_try(actor)?;
        let own = self.0.store.rule_pack(self.0.book.hash()).await?.unwrap_or_default();
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let packs = propose(&own, &pack).map_err(|error| AppError::Proposal(error.text()))?;
        let book = RuleBook::load(&packs).map_err(|error| AppError::Proposal(error.text()))?;
        let turn = self.0.tries.clone().try_acquire_owned();
        let turn = turn.map_err(|_| AppError::TryBusy)?;
        let edge = self.head().edge.clone();
        let work = answer(self.0.store.clone(), book, edge, turn);
        let runtime = Handle::current();
        let working = move || runtime.block_on(tokio::time::timeout(time_max, work));
        let answered = tokio::task::spawn_blocking(working).await.map_err(AppError::internal)?;
        answered.map_err(|_| AppError::TryTime(time_max.as_secs()))?
    }

    fn may_try(&self, actor: &Actor) -> Result<(), AppError> {
        let snapshot = self.snapshot();
        let party = snapshot.state.present_party(&actor.party, &self.context(actor))?;
        if self.powers().allows(&party.id, party.role, Act::TryRules, None) {
            return Ok(());
        }
        let refusal = self.rules().refuse(
            Rule::Power,
            Text::new(
                "只有实施机构和监管部门可以试算拟议规则",
                "only agency and supervisor try proposed rules",
            ),
            Text::new("请以上述身份登录", "sign in as one of them"),
        );
        Err(refusal.into())
    }
}

async fn answer(store: Store, book: RuleBook, edge: Edge, _turn: OwnedSemaphorePermit) -> Result<Tried, AppError> {
    let WhatIf {
        rules,
        history,
        changed,
        unseen,
    } = super::asked(&store, book, Some(&edge)).await?;
    let mut listed = Vec::new();
    for Changed {
        index,
        recorded,
        proposed,
        ..
    } in changed.iter().take(LISTED_MAX).cloned()
    {
        let lines = feed::between(&store, index, index + 1).await?;
        listed.extend(lines.into_iter().map(|item| TriedDecision {
            item,
            recorded: recorded.clone(),
            proposed: proposed.clone(),
        }));
    }
    Ok(Tried {
        rules,
        history,
        changed: changed.len(),
        listed,
        unseen,
    })
}
