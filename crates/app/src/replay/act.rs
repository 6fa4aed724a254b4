//! An act, decided again.

use std::collections::HashMap;

use gongshu_governance::{Command, Context, Event, Moment, decide, evolve};
use gongshu_ledger::Commitment;
use gongshu_store::{ActRecord, Store};

use super::{Auditor, Difference, difference, leaf_differs, salt_of};
use crate::erase::recorded_calls;
use crate::error::AppError;
use crate::leaf::{ActLeaf, encode};
use crate::privacy;
use crate::sequencer::encode_events;

impl Auditor {
    pub(super) async fn act(
        &mut self,
        store: &Store,
        act: &ActRecord,
        entry: &[u8],
    ) -> Result<Option<Difference>, AppError> {
        let rules = self.rules(store, &act.rules_hash, act.at).await?;
        let command: Command = serde_json::from_str(&act.command).map_err(AppError::internal)?;
        let context = Context {
            at: act.at,
            actor: &act.actor,
            rules: &rules,
            powers: &self.powers,
            seen_revision: None,
        };
        if let Some(found) = self.uses_differ(act.index, &command) {
            return Ok(Some(found));
        }
        if let Command::EraseCalls(order) = &command {
            let calls = recorded_calls(store, order).await?;
            if calls != order.calls {
                let (recorded, derived) = (format!("{:?}", order.calls), format!("{calls:?}"));
                return Ok(difference(act.index, "erased calls", &recorded, &derived));
            }
        }
        let recorded: Vec<Event> = act.events.iter().map(|record| record.event.clone()).collect();
        let decision = decide(&self.snapshot.state, &command, &context);
        let losses = privacy::losses_of(&recorded);
        let decision = decision.and_then(|events| privacy::afford(&self.snapshot, &losses, &rules).map(|()| events));
        let derived = match decision {
            Ok(events) => events,
            Err(refusal) => {
                return Ok(difference(
                    act.index,
                    "decision",
                    "accepted",
                    &format!("refused by {}", refusal.rule),
                ));
            }
        };
        let (recorded_text, derived_text) = (encode_events(&recorded)?, encode_events(&derived)?);
        if recorded_text != derived_text {
            return Ok(difference(act.index, "events", &recorded_text, &derived_text));
        }
        let commitment = Commitment::new(self.edge.suite(), &salt_of(&act.salt)?, derived_text.as_bytes()).to_string();
        let first = self.snapshot.state.sequence + 1;
        let leaf = encode(&ActLeaf::new(&command, &context, &derived, commitment, first))?;
        if leaf != entry {
            return Ok(leaf_differs(act.index, entry, &leaf));
        }
        if let Some(proposal) = &mut self.proposal {
            proposal.act(act, &self.snapshot.state, &command, &derived, &context);
        }
        for record in &act.events {
            let sequence = self.snapshot.state.sequence + 1;
            if record.sequence != sequence {
                return Ok(difference(
                    act.index,
                    "sequence",
                    &record.sequence.to_string(),
                    &sequence.to_string(),
                ));
            }
            evolve(&mut self.snapshot.state, &record.event, Moment { sequence, at: act.at });
        }
        privacy::charge(&mut self.snapshot, &losses, &mut HashMap::new());
        self.report.acts += 1;
        Ok(None)
    }

    /// The numbers with which a month was closed are those that its calls on record add up to.
    fn uses_differ(&self, index: u64, command: &Command) -> Option<Difference> {
        let Command::ClosePeriod(close) = command else {
            return None;
        };
        let derived = self.tally.uses(&self.snapshot.state, &close.agreement, close.month);
        if derived == close.uses {
            return None;
        }
        difference(index, "metering", &format!("{:?}", close.uses), &format!("{derived:?}"))
    }
}
