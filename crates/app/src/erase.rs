//! Erasing what calls carried: the calls are looked up, the order goes on record, and the same transaction deletes.

use gongshu_governance::erasure::{EraseCalls, ErasedCall};
use gongshu_governance::identifier::ScenarioId;
use gongshu_governance::{Actor, Command, Text};
use gongshu_store::{CallRecord, Store};

use crate::act::ActReceipt;
use crate::district::District;
use crate::error::AppError;

impl District {
    /// Erases what calls carried; leaves and proofs stay.
    ///
    /// # Errors
    /// As [`District::act`]; an entry that is no call, and calls that the client brings, are refused.
    pub async fn erase_calls(
        &self,
        actor: Actor,
        mut order: EraseCalls,
        seen_revision: Option<u64>,
    ) -> Result<ActReceipt, AppError> {
        let input = |zh: String, en: String, remedy: Text| self.rules().input(Text::new(zh, en), remedy);
        if !order.calls.is_empty() {
            let (zh, en) = (
                "调用信息由平台按记录填写",
                "the platform fills in the calls from its record",
            );
            return Err(input(zh.to_owned(), en.to_owned(), Text::new("请留空", "leave them out")).into());
        }
        // More than this is refused by the rule; no need to look them all up.
        let most = self.rules().parameters().erasure_calls_max;
        for entry in order.entries.iter().take(most) {
            let Some(call) = self.0.store.call(*entry).await? else {
                let remedy = Text::new(
                    "请按回执核对账本序号；事项的内容不在可删除之列，状态由其推得",
                    "check the index on the receipt; what acts carried stays, the state follows from it",
                );
                let (zh, en) = (format!("第 {entry} 条不是调用"), format!("entry {entry} is no call"));
                return Err(input(zh, en, remedy).into());
            };
            order.calls.push(erased(&call));
        }
        let done = self
            .act(actor, Command::EraseCalls(Box::new(order)), seen_revision)
            .await?;
        // What is left of it in the database's own files goes now, or when the database next tidies up.
        if let Err(error) = self.0.store.tidy_up().await {
            tracing::warn!(%error, "the database keeps remains of erased calls until it tidies up by itself");
        }
        Ok(done)
    }
}

/// What the record says of a call that is to be erased.
fn erased(call: &CallRecord) -> ErasedCall {
    ErasedCall {
        entry: call.index,
        at: call.at,
        scenario: (!call.scenario.is_empty()).then(|| ScenarioId::new(&call.scenario)),
    }
}

/// The calls of an order as the record has them; fewer where an entry is no call.
pub(crate) async fn recorded_calls(store: &Store, order: &EraseCalls) -> Result<Vec<ErasedCall>, AppError> {
    let mut calls = Vec::with_capacity(order.entries.len());
    for entry in &order.entries {
        calls.extend(store.call(*entry).await?.as_ref().map(erased));
    }
    Ok(calls)
}
