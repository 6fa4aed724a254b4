//! Credit notes: part or all of an invoice is taken back, and with it the shares.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BooksEvent, books_of, check_paper, check_within};
use crate::Context;
use crate::event::Event;
use crate::identifier::{PeriodId, SubscriptionId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::state::State;

/// Takes back part or all of an invoice by a credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreditInvoice {
    /// The period.
    pub period: PeriodId,
    /// The subscription whose invoice it is.
    pub subscription: SubscriptionId,
    /// How much is taken back.
    pub amount: Money,
    /// Why.
    pub reason: String,
}

/// Decides a credit note.
///
/// # Errors
/// Refuses more than the invoice still charges, and a note without a reason.
pub fn decide_credit(state: &State, command: &CreditInvoice, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let (period, _) = books_of(state, &command.period, context)?;
    let billed = period.invoice(&command.subscription, context)?;
    check_paper(command.amount, &command.reason, context)?;
    let what = ("账单冲销后余额为", "what the invoice still charges is");
    check_within(command.amount, billed.net(), what, context)?;
    Ok(vec![Event::Books(BooksEvent::Credited {
        credit: command.clone(),
        shares: billed.give_back(command.amount),
        unserved: false,
    })])
}
