//! The one path, for a call of a product:
//!
//! identify ─ authorize ─ plan ─ compute ─ control output ─ meter & price ─ record ─ answer + receipt
//!
//! The caller is identified by the face that received the call. The plan was made and checked when
//! the product was submitted, and is prepared once for a version of its data; output control is
//! part of it. Metering, pricing and recording happen together in the sequencer.

mod input;
mod reading;
mod repeat;

pub use input::TEXT_CHARACTERS_MAX;
pub(crate) use input::check as check_input;

use std::collections::BTreeMap;

use gongshu_governance::authorization::{CallRequest, authorize};
use gongshu_governance::identifier::{ProductId, ResourceId};
use gongshu_governance::money::Money;
use gongshu_governance::{Actor, Refusal};
use serde_json::Value;

use crate::district::District;
use crate::error::AppError;
use crate::receipt::{ReceiptFile, Sealed};
use crate::sequencer::{CallDone, CallItem, Given};
use crate::snapshot::Snapshot;
use reading::{Attempted, Came};

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
    /// A refusal, with its receipt, where a link of the chain does not hold; what kept it from an answer, with its
    /// receipt, where it failed while it read; an input error where parameters are missing or malformed.
    pub async fn call(&self, call: Call) -> Result<Answered, AppError> {
        let dedupe = call
            .idempotency_key
            .as_ref()
            .map(|key| repeat::dedupe_of(&call.actor, key));
        if let Some(answered) = self.repeated(&call, dedupe.as_deref()).await? {
            return Ok(answered);
        }
        // Until something is on record, what was read in vain is held: it goes on record where this ends early.
        let mut before = None;
        for _ in 0..ATTEMPTS_MAX {
            let snapshot = self.snapshot();
            let prepared = self.prepare(&snapshot, &call, dedupe.clone())?;
            let attempted = Attempted::unread(self, prepared, before.take());
            let (done, error) = match self.compute(&snapshot, &call, attempted).await?.record().await? {
                Came::Settled(done, error) => (done, error),
                Came::Stale(attempted) => {
                    before = Some(attempted);
                    continue;
                }
            };
            match done {
                CallDone::Permitted {
                    committed,
                    item,
                    permit,
                } => {
                    let receipt = committed.receipt(openings_of(&item))?;
                    return answered(*item, permit.fee, receipt, error);
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
                CallDone::Stale(_) => return Err(AppError::internal("a stale call is settled")),
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
    async fn compute<'a>(
        &self,
        snapshot: &Snapshot,
        call: &Call,
        mut attempted: Attempted<'a>,
    ) -> Result<Attempted<'a>, AppError> {
        let at = self.now();
        let Some(item) = attempted.item() else {
            return Ok(attempted);
        };
        let request = CallRequest {
            actor: &item.actor,
            product: &item.product,
            purpose: &item.purpose,
            subject: item
                .subject
                .as_ref()
                .map(|(_, code): &(ResourceId, Sealed)| code.value.as_str()),
            at,
        };
        let usage = snapshot.usage(&item.actor.party, &item.product, at);
        let rules = self.rules_at(at);
        let decision: Result<_, Refusal> = authorize(&snapshot.state, &request, usage, rules, self.powers());
        let Ok(permit) = decision else {
            return Ok(attempted);
        };
        let ready = self.0.domain.ready(snapshot, &permit, call, at, rules).await?;
        let consents = crate::leaf::consents_of(&permit)?.map(|consents| self.seal(consents));
        attempted.read(ready, (permit, consents)).await?;
        Ok(attempted)
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

/// What a permitted call gave, now that it is on record.
fn answered(item: CallItem, fee: Money, receipt: ReceiptFile, error: Option<AppError>) -> Result<Answered, AppError> {
    match (item.computed.map(|computed| computed.given), error) {
        (Some(Given::Answer(answer, _)), _) => Ok(Answered {
            id: item.id,
            answer: answer.value,
            fee,
            receipt,
        }),
        (_, Some(error)) => Err(AppError::Recorded {
            error: Box::new(error),
            receipt: Box::new(receipt),
            sql: None,
        }),
        (_, None) => Err(AppError::internal("a permitted call has neither answer nor error")),
    }
}

fn openings_of(item: &CallItem) -> BTreeMap<String, gongshu_ledger::OpeningText> {
    let mut openings = BTreeMap::from([("request".to_owned(), item.request.opening())]);
    openings.extend(item.answer().map(|answer| ("answer".to_owned(), answer.opening())));
    if let Some(computed) = &item.computed {
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
