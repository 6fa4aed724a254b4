//! Books of authorized operation (65号): metered calls become invoices, shares, payments and payouts, in double entry.
//!
//! ```text
//! calls of a month ─close─► invoices and shares ─payment─► cash ─payout─► parties
//!                                  └─credit note─► smaller invoice ─refund─► cash back to the consumer
//!                                                       └─return─► cash of a share that was paid out before
//! payment, refund, payout, return ─reverse─► the opposite entry, once
//! ```
//!
//! A period is a month of one agreement. Its numbers come in with the command that closes it, so that the decision
//! stays pure; replay adds the calls up again and compares.

mod close;
mod credit;
mod evolve;
mod invoice;
mod journal;
mod month;
mod pay;
mod reverse;
mod standing;
mod statement;
mod tally;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub(crate) use close::last_day;
pub use close::{ClosePeriod, closes_from, decide_close, open_month, unclosed_month};
pub use credit::{CreditInvoice, decide_credit};
pub(crate) use evolve::evolve;
pub use invoice::{Billed, Invoice};
pub use journal::{Account, Books, Entry, EntryKind, Place, Transfer};
pub use month::{Month, MonthError};
pub use pay::{
    PayOut, RecordPayment, RecordRefund, ReturnShare, decide_pay_out, decide_payment, decide_refund, decide_return,
};
pub use reverse::{ReverseEntry, Reversible, decide_reverse};
pub use statement::{Side, StatementLine, statement};
pub use tally::{MeteredUse, Tally, agreement_of};

use crate::Context;
use crate::calendar::Term;
use crate::identifier::{AgreementId, PartyId, PeriodId, SubscriptionId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// What happened to the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BooksEvent {
    /// A month is closed: its calls are invoiced and shared.
    Closed {
        /// What was closed, with the numbers it rests on.
        close: Box<ClosePeriod>,
        /// What follows from them.
        invoices: Vec<Invoice>,
        /// The day by which invoices are to be paid.
        due: Date,
    },
    /// A consumer has paid.
    Paid(RecordPayment),
    /// An invoice is credited.
    Credited {
        /// What was asked.
        credit: CreditInvoice,
        /// What each party gives back of its share; adds up to the credit.
        shares: BTreeMap<PartyId, Money>,
        /// Whether it is for days of a standing charge on which there was no service.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unserved: bool,
    },
    /// A consumer has its money back.
    Refunded(RecordRefund),
    /// A party has received its share.
    PaidOut(PayOut),
    /// A party has given back of its share.
    Returned(ReturnShare),
    /// An entry that was recorded by mistake is reversed.
    Reversed {
        /// What was asked.
        reverse: Box<ReverseEntry>,
        /// What the entry had moved.
        amount: Money,
    },
}

impl BooksEvent {
    /// The period it belongs to.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Closed { close, .. } => close.id.as_str(),
            Self::Paid(payment) => payment.period.as_str(),
            Self::Credited { credit, .. } => credit.period.as_str(),
            Self::Refunded(refund) => refund.period.as_str(),
            Self::PaidOut(payout) => payout.period.as_str(),
            Self::Returned(share) => share.period.as_str(),
            Self::Reversed { reverse, .. } => reverse.period.as_str(),
        }
    }
}

/// A closed month of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// What was closed.
    pub close: ClosePeriod,
    /// When.
    pub at: Timestamp,
    /// The day by which its invoices are to be paid.
    pub due: Date,
    /// Its invoices, one a subscription.
    pub invoices: BTreeMap<SubscriptionId, Billed>,
    /// How many events changed it.
    pub revision: u64,
}

impl Period {
    /// The invoice of a subscription.
    ///
    /// # Errors
    /// Refuses a subscription that was not charged in the period.
    fn invoice(&self, subscription: &SubscriptionId, context: &Context<'_>) -> Result<&Billed, Refusal> {
        let kind = Text::new("本期账单", "invoice of this period");
        let found = self.invoices.get(subscription);
        found.ok_or_else(|| context.rules.unknown(&kind, subscription.as_str()))
    }
}

/// What closed months of an agreement charged within these days, less credit notes; `None` where no such month is closed.
///
/// Of a month that lies in them in part, its part by days: of the days of the month that are in the agreement's term and before
/// its exit. Rounded so that periods which follow each other add up to the months.
#[must_use]
pub fn metered_revenue(state: &State, agreement: &AgreementId, from: Date, until: Date) -> Option<Money> {
    let signed = state.agreements.get(agreement)?;
    let of_agreement = Term {
        from: signed.terms.term.from,
        until: last_day(signed),
    };
    let mut sum = None;
    for period in state
        .periods
        .values()
        .filter(|period| period.close.agreement == *agreement)
    {
        let month = period.close.month;
        if month.last_day() < from || until < month.first_day() {
            continue;
        }
        let net: Money = period.invoices.values().map(Billed::net).sum();
        let (first, last) = (
            month.first_day().max(of_agreement.from),
            month.last_day().min(of_agreement.until),
        );
        let days = |last: Date| {
            Term {
                from: first,
                until: last,
            }
            .days()
        };
        let up_to = |day: Date| net.for_parts(days(day.min(last)), days(last)).unwrap_or(net);
        let before = from.saturating_sub(jiff::Span::new().days(1));
        let part = up_to(until) - if from <= first { Money::ZERO } else { up_to(before) };
        sum = Some(sum.unwrap_or(Money::ZERO) + part);
    }
    sum
}

/// Refuses an amount that is not above zero, or a voucher that is not named.
fn check_paper(amount: Money, evidence: &str, context: &Context<'_>) -> Result<(), Refusal> {
    if amount > Money::ZERO && !evidence.trim().is_empty() {
        return Ok(());
    }
    Err(context.rules.input(
        Text::new(
            "金额应大于零，并写明凭证或理由",
            "an amount is above zero and names its voucher or reason",
        ),
        Text::new(
            "请填写金额和凭证编号或理由",
            "give the amount and its voucher or reason",
        ),
    ))
}

/// Refuses to move more than there is.
fn check_within(amount: Money, most: Money, what: (&str, &str), context: &Context<'_>) -> Result<(), Refusal> {
    if amount <= most {
        return Ok(());
    }
    let most = most.max(Money::ZERO);
    Err(context.rules.refuse(
        Rule::BooksBalance,
        Text::new(
            format!("{} {most} 元，不足 {amount} 元", what.0),
            format!("{} {most} yuan, less than {amount} yuan", what.1),
        ),
        Text::new(format!("金额请不超过 {most} 元"), format!("move at most {most} yuan")),
    ))
}

/// The books that a period belongs to.
fn books_of<'s>(
    state: &'s State,
    period: &PeriodId,
    context: &Context<'_>,
) -> Result<(&'s Period, &'s Books), Refusal> {
    let period = state.period(period, context)?;
    Ok((period, state.book(&period.close.agreement, context)?))
}
