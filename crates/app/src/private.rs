//! The private side of a call: what its leaf only commits to. It can be erased; the proof stays.

use std::collections::BTreeMap;

use gongshu_ledger::OpeningText;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::receipt::Sealed;
use crate::sequencer::CallItem;

/// What is kept of a call beside its leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Private {
    /// Openings by name: `request`, `subject` and `consents`, each whole.
    pub(crate) openings: BTreeMap<String, OpeningText>,
    /// Salt of the answer's commitment, lower-case hex; the answer itself is not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) answer_salt: Option<String>,
    /// The answer itself, where noise was drawn for it: it cannot be computed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) noisy_answer: Option<String>,
    /// The person who called, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) person: Option<String>,
}

impl Private {
    pub(crate) fn of(item: &CallItem, answer: Option<&Sealed>) -> Self {
        let mut openings = BTreeMap::from([("request".to_owned(), item.request.opening())]);
        openings.extend(
            item.subject
                .as_ref()
                .map(|(_, code)| ("subject".to_owned(), code.opening())),
        );
        let consents = item.computed.as_ref().and_then(|computed| computed.consents.as_ref());
        openings.extend(consents.map(|consents| ("consents".to_owned(), consents.opening())));
        let noisy = !item.losses.is_empty();
        Self {
            openings,
            answer_salt: answer.map(|answer| hex::encode(answer.salt)),
            noisy_answer: answer.filter(|_| noisy).map(|answer| answer.value.clone()),
            person: item.actor.person.as_ref().map(ToString::to_string),
        }
    }

    pub(crate) fn encode(&self) -> Result<String, AppError> {
        serde_json::to_string(self).map_err(AppError::internal)
    }

    /// None once it is erased.
    pub(crate) fn decode(text: &str) -> Result<Option<Self>, AppError> {
        if text.is_empty() {
            return Ok(None);
        }
        serde_json::from_str(text).map(Some).map_err(AppError::internal)
    }
}
