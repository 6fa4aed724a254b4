//! The one path, for a call of a product:
//!
//! identify ─ authorize ─ plan ─ compute ─ control output ─ meter & price ─ record ─ answer + receipt
//!
//! The caller is identified by the face that received the call. The plan was made and checked when
//! the product was submitted, and is prepared once for a version of its data; output control is
//! part of it. Metering, pricing and recording happen together in the sequencer.

mod input;
mod repeat;

pub use input::TEXT_CHARACTERS_MAX;
pub(crate) use input::check as check_input;

use std::collections::BTreeMap;

use gongshu_governance::authorization::{CallRequest, authorize};
use gongshu_governance::identifier::{ProductId, ResourceId};
use gongshu_governance::money::Money;
use gongshu_governance::{Actor, Refusal};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::district::District;
use crate::error::AppError;
use crate::receipt::{ReceiptFile, Sealed};
use crate::sequencer::{CallDone, CallItem, Computed, Item};
use crate::snapshot::Snapshot;

/// How often a call is computed again because its authorization changed under way.
pub const ATTEMPTS_MAX: usize = 5;

/// A call as a client makes it.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who calls.
    pub actor: Actor,
    /// What.
    pub product: ProductId,
    /// For what.
    pub purpose: String,
    /// Parameters by name.
    pub parameters: BTreeMap<String, Value>,
    /// The client's own key for this call: a repeat is answered and charged once.
    pub idempotency_key: Option<String>,
}

/// An answered call.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Id of the call.
    pub id: String,
    /// The answer, as the exact JSON text that the receipt commits to.
    pub answer: String,
    /// What it cost.
    pub fee: Money,
    /// Its receipt.
    pub receipt: ReceiptFile,
}

impl District {
    /// Calls a product.
    ///
    /// # Errors
    /// A refusal, with its receipt, where a link of the chain does not hold; an input error where
    /// parameters are missing or malformed.
    pub async fn call(&self, call: Call) -> Result<Answered, AppError> {
        let dedupe = call
            .idempotency_key
            .as_ref()
            .map(|key| repeat::dedupe_of(&call.actor, key));
        if let Some(answered) = self.repeated(&call, dedupe.as_deref()).await? {
            return Ok(answered);
        }
        for _ in 0..ATTEMPTS_MAX {
            let snapshot = self.snapshot();
            let prepared = self.prepare(&snapshot, &call, dedupe.clone())?;
            let computed = self.compute(&snapshot, &call, prepared).await?;
            match self.record(computed).await? {
                CallDone::Answered {
                    committed,
                    item,
                    permit,
                } => {
                    let openings = openings_of(&item);
                    let receipt = committed.receipt(openings)?;
                    let answer = item.computed.map_or_else(String::new, |computed| computed.answer.value);
                    return Ok(Answered {
                        id: item.id,
                        answer,
                        fee: permit.fee,
                        receipt,
                    });
                }
                CallDone::Refused {
                    committed,
                    item,
                    refusal,
                } => {
                    let receipt = Some(Box::new(committed.receipt(openings_of(&item))?));
                    return Err(AppError::Refused {
                        refusal,
                        column: None,
                        location: None,
                        receipt,
                    });
                }
                CallDone::Repeat(index) => return self.repeat_of(&call, index).await,
                CallDone::Stale => {}
            }
        }
        Err(AppError::Unsettled)
    }

    /// Reads the parameters and seals what the leaf will commit to.
    fn prepare(&self, snapshot: &Snapshot, call: &Call, dedupe: Option<String>) -> Result<CallItem, AppError> {
        let product = snapshot.state.products.get(&call.product);
        let product = product.ok_or_else(|| self.unknown_product(&call.product))?;
        let values = input::check(&product.submission.parameters, &call.parameters, self.rules())?;
        let subject = product.submission.subject.as_ref().and_then(|subject| {
            let code = values.get(subject.parameter)?.as_text()?;
            Some((subject.resource.clone(), self.seal(code.to_owned())))
        });
        Ok(CallItem {
            id: self.new_id("cal"),
            actor: call.actor.clone(),
            product: call.product.clone(),
            purpose: call.purpose.clone(),
            subject,
            request: self.seal(repeat::request_of(call)?),
            computed: None,
            losses: BTreeMap::new(),
            dedupe,
        })
    }

    /// Authorizes, and computes the answer where that is permitted.
    async fn compute(&self, snapshot: &Snapshot, call: &Call, mut item: CallItem) -> Result<CallItem, AppError> {
        let request = CallRequest {
            actor: &item.actor,
            product: &item.product,
            purpose: &item.purpose,
            subject: item
                .subject
                .as_ref()
                .map(|(_, code): &(ResourceId, Sealed)| code.value.as_str()),
            at: self.now(),
        };
        let usage = snapshot.usage(&item.actor.party, &item.product, request.at);
        let rules = self.rules_at(request.at);
        let decision: Result<_, Refusal> = authorize(&snapshot.state, &request, usage, rules, self.powers());
        if let Ok(permit) = decision {
            let (answer, volume, losses) = self.0.domain.answer(snapshot, &permit, call, request.at, rules).await?;
            item.losses = losses;
            let consents = crate::leaf::consents_of(&permit)?;
            item.computed = Some(Computed {
                permit,
                volume,
                consents: consents.map(|consents| self.seal(consents)),
                answer: self.seal(answer),
            });
        }
        Ok(item)
    }

    async fn record(&self, item: CallItem) -> Result<CallDone, AppError> {
        let (reply, done) = oneshot::channel();
        self.0
            .queue
            .send(Item::Call(Box::new(item), reply))
            .await
            .map_err(AppError::internal)?;
        done.await.map_err(AppError::internal)?
    }

    pub(crate) fn seal(&self, value: String) -> Sealed {
        Sealed {
            suite: self.suite(),
            salt: self.0.entropy.bytes(),
            value,
        }
    }

    fn unknown_product(&self, id: &ProductId) -> AppError {
        let what = gongshu_governance::Text::new("数据产品", "product");
        self.rules().unknown(&what, id.as_str()).into()
    }
}

fn openings_of(item: &CallItem) -> BTreeMap<String, gongshu_ledger::OpeningText> {
    let mut openings = BTreeMap::from([("request".to_owned(), item.request.opening())]);
    if let Some(computed) = &item.computed {
        openings.insert("answer".to_owned(), computed.answer.opening());
        let consents = computed.consents.as_ref();
        openings.extend(consents.map(|consents| ("consents".to_owned(), consents.opening())));
    }
    openings.extend(
        item.subject
            .as_ref()
            .map(|(_, code)| ("subject".to_owned(), code.opening())),
    );
    openings
}
