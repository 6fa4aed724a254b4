//! Money that moves: payments of consumers, refunds to them, payouts to the parties that share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BooksEvent, books_of, check_paper, check_within};
use crate::Context;
use crate::event::Event;
use crate::identifier::{PartyId, PeriodId, SubscriptionId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Records what a consumer has paid on an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordPayment {
    /// The period.
    pub period: PeriodId,
    /// The subscription whose invoice is paid.
    pub subscription: SubscriptionId,
    /// How much.
    pub amount: Money,
    /// The bank's voucher.
    pub evidence: String,
}

/// Records what was paid back to a consumer after a credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordRefund {
    /// The period.
    pub period: PeriodId,
    /// The subscription whose invoice was paid too much.
    pub subscription: SubscriptionId,
    /// How much.
    pub amount: Money,
    /// The bank's voucher.
    pub evidence: String,
}

/// Records what a party was paid of its share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayOut {
    /// The period on the occasion of which it is paid; what earlier ones owe may be paid with it.
    pub period: PeriodId,
    /// Who receives it.
    pub party: PartyId,
    /// How much.
    pub amount: Money,
    /// The bank's voucher.
    pub evidence: String,
}

/// Records what a party has given back of its share, where a credit note took back what it had received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnShare {
    /// The period on the occasion of which it is given back.
    pub period: PeriodId,
    /// Who gives it back.
    pub party: PartyId,
    /// How much.
    pub amount: Money,
    /// The bank's voucher.
    pub evidence: String,
}

/// Decides a payment.
///
/// # Errors
/// Refuses more than is still to be paid, and a payment without a voucher.
pub fn decide_payment(state: &State, command: &RecordPayment, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let (period, _) = books_of(state, &command.period, context)?;
    let billed = period.invoice(&command.subscription, context)?;
    check_paper(command.amount, &command.evidence, context)?;
    let what = ("账单未付余额为", "what is still to be paid is");
    check_within(command.amount, billed.open(), what, context)?;
    Ok(vec![Event::Books(BooksEvent::Paid(command.clone()))])
}

/// Decides a refund.
///
/// # Errors
/// Refuses more than was paid too much or than is held, and a refund without a voucher.
pub fn decide_refund(state: &State, command: &RecordRefund, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let (period, books) = books_of(state, &command.period, context)?;
    let billed = period.invoice(&command.subscription, context)?;
    check_paper(command.amount, &command.evidence, context)?;
    let overpaid = Money::ZERO - billed.open();
    check_within(
        command.amount,
        overpaid,
        ("多付金额为", "what was paid too much is"),
        context,
    )?;
    check_within(command.amount, books.cash(), HELD, context)?;
    Ok(vec![Event::Books(BooksEvent::Refunded(command.clone()))])
}

/// Decides a payout.
///
/// # Errors
/// Refuses a party without a share that is owed nothing, more than it is owed or than is held, and a payout without a voucher.
pub fn decide_pay_out(state: &State, command: &PayOut, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let (period, books) = books_of(state, &command.period, context)?;
    let party = state.party(&command.party, context)?;
    check_paper(command.amount, &command.evidence, context)?;
    let agreement = state.agreement(&period.close.agreement, context)?;
    // Whoever is still owed is paid, though an amendment has given its share to others since.
    let shares = agreement.terms.shares.iter().any(|share| share.party == command.party);
    if !shares && books.owed(&command.party) <= Money::ZERO {
        return Err(context.rules.refuse(
            Rule::ChargeParty,
            Text::new(
                format!("`{}` 在该协议下无分成，也无应付款，不得收款", party.name),
                format!(
                    "`{}` has no share under the agreement, is owed nothing and may not be paid",
                    party.name
                ),
            ),
            Text::new("请核对协议的收入分配", "check the agreement's shares"),
        ));
    }
    check_within(
        command.amount,
        books.owed(&command.party),
        ("应付分成为", "what is owed is"),
        context,
    )?;
    check_within(command.amount, books.cash(), HELD, context)?;
    Ok(vec![Event::Books(BooksEvent::PaidOut(command.clone()))])
}

/// Decides the return of a share.
///
/// # Errors
/// Refuses more than a party was paid too much, and a return without a voucher.
pub fn decide_return(state: &State, command: &ReturnShare, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let (_, books) = books_of(state, &command.period, context)?;
    state.party(&command.party, context)?;
    check_paper(command.amount, &command.evidence, context)?;
    let received = Money::ZERO - books.owed(&command.party);
    let what = ("多得分成为", "what it received too much is");
    check_within(command.amount, received, what, context)?;
    Ok(vec![Event::Books(BooksEvent::Returned(command.clone()))])
}

/// Nothing is paid that has not come in.
const HELD: (&str, &str) = ("结算专户余额为", "the money held is");
