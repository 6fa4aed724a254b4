//! Repeats: a client that does not know whether its call went through asks again with the same
//! idempotency key, and gets the same answer under the same receipt, charged once.

use std::collections::BTreeMap;

use gongshu_governance::Actor;
use gongshu_governance::authorization::{CallFailure, CallRequest, authorize};
use gongshu_governance::money::Money;
use gongshu_ledger::{Commitment, OpeningText};
use gongshu_store::CallRecord;
use sha2::{Digest, Sha256};

use super::{Answered, Call};
use crate::district::District;
use crate::domain::text_of;
use crate::error::AppError;
use crate::leaf::{CallLeaf, consents_of};
use crate::private::Private;

/// The consumer's key as the store knows it.
pub(super) fn dedupe_of(actor: &Actor, key: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(actor.party.as_str().as_bytes());
    hasher.update([0]);
    hasher.update(key.as_bytes());
    hex::encode(hasher.finalize())
}

/// The request as its leaf commits to it.
pub(super) fn request_of(call: &Call) -> Result<String, AppError> {
    let request = serde_json::json!({
        "parameters": call.parameters,
        "product": call.product.as_str(),
        "purpose": call.purpose,
    });
    serde_json::to_string(&request).map_err(AppError::internal)
}

impl District {
    pub(super) async fn repeated(&self, call: &Call, dedupe: Option<&str>) -> Result<Option<Answered>, AppError> {
        let Some(dedupe) = dedupe else { return Ok(None) };
        match self.0.store.call_by_dedupe(dedupe).await? {
            Some(record) => self.answer_again(call, record).await.map(Some),
            None => Ok(None),
        }
    }

    pub(super) async fn repeat_of(&self, call: &Call, index: u64) -> Result<Answered, AppError> {
        // A repeat within the same commit becomes durable with it, before this is reached.
        let record = self.0.store.call(index).await?.ok_or(AppError::AnswerGone(index))?;
        self.answer_again(call, record).await
    }

    /// Computes the answer again and gives it out only where it is the one that was recorded.
    async fn answer_again(&self, call: &Call, record: CallRecord) -> Result<Answered, AppError> {
        let private = Private::decode(&record.private)?.ok_or(AppError::Erased(record.index))?;
        if private.openings.get("request").map(|opening| opening.value.as_str()) != Some(request_of(call)?.as_str()) {
            return Err(AppError::KeyReused(record.index));
        }
        let mut openings = private.openings.clone();
        let entry = self
            .0
            .store
            .entries(record.index, 1)
            .await?
            .pop()
            .ok_or(AppError::AnswerGone(record.index))?;
        let Some(salt) = private.answer_salt.clone() else {
            return Err(self.error_again(&record, openings).await?);
        };
        let value = match &private.noisy_answer {
            Some(kept) => Some(kept.clone()),
            None => self.compute_again(call, &private, &entry).await?,
        };
        let value = value.ok_or(AppError::AnswerGone(record.index))?;
        let mut bytes = [0; 16];
        hex::decode_to_slice(&salt, &mut bytes).map_err(AppError::internal)?;
        let leaf = gongshu_ledger::Leaf::parse(&entry).map_err(AppError::internal)?;
        if leaf.commitment("answer") != Some(Commitment::new(self.suite(), &bytes, value.as_bytes())) {
            return Err(AppError::AnswerGone(record.index));
        }
        openings.insert(
            "answer".to_owned(),
            OpeningText {
                salt,
                value: value.clone(),
            },
        );
        let receipt = self.receipt_with(record.index, openings).await?;
        Ok(Answered {
            id: record.id,
            answer: value,
            fee: Money::from_fen(record.fee_fen),
            receipt,
        })
    }

    /// Nothing where the answer would rest on other data or other consents: a repeat is no further question.
    async fn compute_again(&self, call: &Call, private: &Private, entry: &[u8]) -> Result<Option<String>, AppError> {
        let snapshot = self.snapshot();
        let subject = private.openings.get("subject").map(|opening| opening.value.as_str());
        let at = self.now();
        let request = CallRequest {
            actor: &call.actor,
            product: &call.product,
            purpose: &call.purpose,
            subject,
            at,
        };
        // The quota was spent by the first call; a repeat spends none.
        let permit = authorize(
            &snapshot.state,
            &request,
            gongshu_governance::authorization::Usage::default(),
            self.rules_at(at),
            self.powers(),
        );
        let Ok(permit) = permit else { return Ok(None) };
        let leaf: CallLeaf = serde_json::from_slice(entry).map_err(AppError::internal)?;
        let consents = private.openings.get("consents").map(|opening| opening.value.clone());
        if leaf.data != permit.versions || consents != consents_of(&permit)? {
            return Ok(None);
        }
        let domain = &self.0.domain;
        let ready = domain.ready(&snapshot, &permit, call, at, self.rules_at(at)).await?;
        match ready.run().await {
            Ok(answer) => text_of(&answer).map(|(text, _)| Some(text)),
            Err(error) if error.passes() => Err(AppError::not_computed(&error)),
            Err(_) => Ok(None),
        }
    }

    /// What a call without an answer came to.
    async fn error_again(
        &self,
        record: &CallRecord,
        openings: BTreeMap<String, OpeningText>,
    ) -> Result<AppError, AppError> {
        let Some(failure) = CallFailure::of(&record.failure) else {
            return self.refusal_again(record, openings).await;
        };
        Ok(AppError::Recorded {
            error: Box::new(AppError::Limit(failure.text())),
            receipt: Box::new(self.receipt_with(record.index, openings).await?),
            sql: None,
        })
    }

    async fn refusal_again(
        &self,
        record: &CallRecord,
        openings: BTreeMap<String, OpeningText>,
    ) -> Result<AppError, AppError> {
        let rule = gongshu_governance::rules::Rule::ALL
            .iter()
            .find(|rule| rule.id() == record.refused_by);
        let rule = rule.ok_or(AppError::AnswerGone(record.index))?;
        let text = gongshu_governance::Text::new("该次调用已被拒绝并记录", "this call was refused and recorded");
        let remedy = gongshu_governance::Text::new("请以新的幂等键重新调用", "call again with a new idempotency key");
        let receipt = Some(Box::new(self.receipt_with(record.index, openings).await?));
        Ok(AppError::Refused {
            refusal: Box::new(self.rules().refuse(*rule, text, remedy)),
            column: None,
            location: None,
            receipt,
        })
    }
}
