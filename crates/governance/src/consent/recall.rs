//! A withdrawal that reached somebody else than the platform: a subject that is no party withdraws from the consumer to
//! which it consented, or from the agency, and whoever received that records it (PIPL 15, 47).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{ConsentId, PartyId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Records that a subject has withdrawn its consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordWithdrawal {
    /// Which consent.
    pub consent: ConsentId,
    /// When the withdrawal was received.
    #[schemars(with = "crate::schema::Day")]
    pub received_on: Date,
    /// SHA-256 of what the subject sent, lower-case hex.
    pub document_sha256: String,
}

/// How a withdrawal came to be on record where the subject did not record it itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// By whom it was received.
    pub by: PartyId,
    /// When.
    pub on: Date,
    /// SHA-256 of what the subject sent.
    pub document_sha256: String,
}

/// Decides it: the use ends at once.
///
/// # Errors
/// Refuses it of a consent that is withdrawn, without what the subject sent, and of a day yet to come.
pub fn decide_recall(state: &State, command: &RecordWithdrawal, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    super::check_live(state, &command.consent, context)?;
    if !is_sha256(&command.document_sha256) {
        return Err(context.rules.refuse(
            Rule::ConsentBatch,
            Text::new("登记撤回须附主体的撤回凭证", "there is no proof of the withdrawal"),
            Text::new(
                "请填写主体撤回文件的 SHA-256",
                "give the SHA-256 of what the subject sent",
            ),
        ));
    }
    let today = day_of(context.at);
    if command.received_on > today {
        return Err(context.rules.input(
            Text::new(
                format!("收到日期 {} 晚于今日 {today}", command.received_on),
                format!("it was received on {}, later than today, {today}", command.received_on),
            ),
            Text::new("请填写实际收到的日期", "give the day on which it was received"),
        ));
    }
    Ok(vec![Event::ConsentWithdrawn {
        consent: command.consent.clone(),
        received: Some(Received {
            by: context.actor.party.clone(),
            on: command.received_on,
            document_sha256: command.document_sha256.clone(),
        }),
    }])
}
