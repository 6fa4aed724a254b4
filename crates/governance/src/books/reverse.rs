//! Reversals (冲正): what was recorded by mistake is taken back by an entry of its own, and what is right is recorded anew
//! (会计基础工作规范, 第五十一条（五）: 用红字填写一张与原内容相同的记账凭证，同时再用蓝字重新填制一张正确的). Nothing in the journal
//! is changed or taken out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Account, Books, BooksEvent, Entry, Period, Place, books_of, check_paper};
use crate::Context;
use crate::event::Event;
use crate::exit::ExitStatus;
use crate::identifier::{AgreementId, PartyId, PeriodId};
use crate::money::Money;
use crate::power::Act;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// An entry that can be reversed: one that says that money has moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reversible {
    /// 收款.
    Payment,
    /// 退款.
    Refund,
    /// 分成支付.
    Payout,
    /// 分成退回.
    Return,
}

impl Reversible {
    /// The act by which such an entry is recorded.
    #[must_use]
    pub fn act(self) -> Act {
        match self {
            Self::Payment => Act::RecordPayment,
            Self::Refund => Act::RecordRefund,
            Self::Payout => Act::PayOut,
            Self::Return => Act::ReturnShare,
        }
    }

    /// Its name in Chinese and in English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Payment => ("收款", "payment"),
            Self::Refund => ("退款", "refund"),
            Self::Payout => ("分成支付", "payout"),
            Self::Return => ("分成退回", "return"),
        }
    }
}

/// Reverses a payment, a refund, a payout or a return that was recorded by mistake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReverseEntry {
    /// The period in which it was recorded.
    pub period: PeriodId,
    /// What it is.
    pub kind: Reversible,
    /// Which of this kind in the period, from 1 in the order in which they were recorded, as the statement numbers them.
    pub which: u32,
    /// What was wrong.
    pub reason: String,
    /// The voucher of the reversal.
    pub evidence: String,
}

impl ReverseEntry {
    /// What names the entry in its period.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            kind: self.kind,
            which: self.which,
        }
    }
}

/// Decides a reversal.
///
/// # Errors
/// Refuses an entry that is not on record or has been reversed, a reversal without reason or voucher, and one that would
/// leave what cannot be: money held below nothing, more refunded than paid, more given back than received.
pub fn decide_reverse(state: &State, command: &ReverseEntry, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let (period, books) = books_of(state, &command.period, context)?;
    let Some(entry) = books.at(&command.period, command.place()) else {
        let (zh, en) = command.kind.name();
        let kind = Text::new(format!("本期{zh}"), format!("{en} of this period"));
        return Err(context.rules.unknown(&kind, &command.which.to_string()));
    };
    let amount = entry.amount();
    context.rules.said(&command.reason, ("冲正原因", "reason"))?;
    check_paper(amount, &command.evidence, context)?;
    check_once(books, command, context)?;
    check_exit(state, &period.close.agreement, context)?;
    match command.kind {
        Reversible::Payment => {
            check_refunds(period, entry, context)?;
            check_held(books, amount, context)?;
        }
        Reversible::Payout => check_returns(state, books, entry, context)?,
        Reversible::Return => check_held(books, amount, context)?,
        // The money is there again, and the consumer has paid too much again.
        Reversible::Refund => {}
    }
    let reverse = Box::new(command.clone());
    Ok(vec![Event::Books(BooksEvent::Reversed { reverse, amount })])
}

fn check_once(books: &Books, command: &ReverseEntry, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(reversal) = books.reversal_of(&command.period, command.place()) else {
        return Ok(());
    };
    let ((zh, en), which, at) = (command.kind.name(), command.which, reversal.at);
    Err(refuse(
        (
            format!("本期第 {which} 笔{zh}已经冲正"),
            format!("the {en} number {which} of this period was reversed at {at}"),
        ),
        (
            "每笔只冲正一次；冲正有误的，请重新登记该笔",
            "an entry is reversed once; where the reversal was wrong, record the entry anew",
        ),
        context,
    ))
}

/// The report of a closed exit says that nobody owes or is owed; that is not undone behind its back.
fn check_exit(state: &State, agreement: &AgreementId, context: &Context<'_>) -> Result<(), Refusal> {
    let mut exits = state.exits.values();
    if !exits.any(|exit| exit.start.agreement == *agreement && matches!(exit.status, ExitStatus::Closed { .. })) {
        return Ok(());
    }
    Err(refuse(
        (
            "该协议的退出已办结，最终结算后的账簿不再冲正".to_owned(),
            "the exit from the agreement is closed, and its books were settled for good".to_owned(),
        ),
        (
            "确有差错的，请按协议的争议解决条款办理",
            "what is still wrong is dealt with as a dispute (`dispute.open`)",
        ),
        context,
    ))
}

/// A consumer is not left with more money back than it has paid.
fn check_refunds(period: &Period, payment: &Entry, context: &Context<'_>) -> Result<(), Refusal> {
    let billed = payment.subscription.as_ref().and_then(|id| period.invoices.get(id));
    let Some(billed) = billed.filter(|billed| billed.paid - payment.amount() < billed.refunded) else {
        return Ok(());
    };
    let (refunded, paid) = (billed.refunded, billed.paid - payment.amount());
    Err(refuse(
        (
            format!("该账单已退款 {refunded} 元，冲正后收款只有 {paid} 元"),
            format!("{refunded} yuan of the invoice were refunded, and {paid} yuan would be left of its payments"),
        ),
        (
            "请先冲正该账单的退款，再冲正收款",
            "reverse the refund of this invoice first",
        ),
        context,
    ))
}

/// A party is not left with more given back than it has received.
fn check_returns(state: &State, books: &Books, payout: &Entry, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(party) = receiver(payout) else {
        return Ok(());
    };
    let received = books.received().get(party).copied().unwrap_or_default();
    if received >= payout.amount() {
        return Ok(());
    }
    let short = payout.amount() - received;
    let name = state.parties.get(party).map_or(party.as_str(), |party| &party.name);
    Err(refuse(
        (
            format!("`{name}` 已退回分成，冲正后其退回将比所得多 {short} 元"),
            format!("`{name}` has given back of its share, which would be {short} yuan more than it received"),
        ),
        (
            "请先冲正该单位的分成退回，再冲正分成支付",
            "reverse the return of this party first",
        ),
        context,
    ))
}

/// Whose share an entry paid out or gave back.
fn receiver(entry: &Entry) -> Option<&PartyId> {
    let mut accounts = entry.transfers.iter().flat_map(|it| [&it.debit, &it.credit]);
    accounts.find_map(|account| match account {
        Account::Share(party) => Some(party),
        Account::Receivable(_) | Account::Cash => None,
    })
}

/// What is reversed is not money that has gone on.
fn check_held(books: &Books, amount: Money, context: &Context<'_>) -> Result<(), Refusal> {
    let held = books.cash();
    if amount <= held {
        return Ok(());
    }
    Err(refuse(
        (
            format!("结算专户余额为 {held} 元，不足冲回 {amount} 元"),
            format!("the money held is {held} yuan, less than the {amount} yuan to be taken out again"),
        ),
        (
            "该款已用于支付：请先冲正有误的分成支付或退款，或登记分成退回",
            "it has been paid on: reverse the payouts or refunds that are wrong, or record shares given back, first",
        ),
        context,
    ))
}

fn refuse(what: (String, String), remedy: (&str, &str), context: &Context<'_>) -> Refusal {
    let (message, remedy) = (Text::new(what.0, what.1), Text::new(remedy.0, remedy.1));
    context.rules.refuse(Rule::BooksReversal, message, remedy)
}

impl ReverseEntry {
    /// The line that the entry is about, as the acts that record it name it: the subscription of an invoice, or the party.
    pub(crate) fn line<'s>(&self, state: &'s State) -> Option<&'s str> {
        let period = state.periods.get(&self.period)?;
        let entry = state
            .books
            .get(&period.close.agreement)?
            .at(&self.period, self.place())?;
        match &entry.subscription {
            Some(subscription) => Some(subscription.as_str()),
            None => receiver(entry).map(PartyId::as_str),
        }
    }
}
