//! Loans that products supported (论证, opinion 10): a consumer reports each with its evidence, and the statistics count
//! them.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::calendar::day_of;
use crate::event::{Event, Moment};
use crate::identifier::{LoanId, PartyId, ProductId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Reports a loan that a product supported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportLoan {
    /// Its id.
    pub id: LoanId,
    /// The product whose answers it rests on.
    pub product: ProductId,
    /// Entry of the ledger of the call it rests on, where it is one.
    pub entry: Option<u64>,
    /// What was lent.
    pub amount: Money,
    /// When.
    #[schemars(with = "crate::schema::Day")]
    pub granted_on: Date,
    /// SHA-256 of the loan contract or its record, lower-case hex.
    pub document_sha256: String,
}

/// A loan on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loan {
    /// What was reported.
    pub of: ReportLoan,
    /// By whom.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
}

/// Decides a report.
///
/// # Errors
/// Refuses a loan of nothing, of a day to come or before the consumer's first subscription to the product, without
/// evidence, or reported before: the same evidence supports one loan.
pub fn decide_report(state: &State, command: &ReportLoan, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    state.product(&command.product, context)?;
    let again = state
        .loans
        .values()
        .any(|loan| loan.of.document_sha256 == command.document_sha256);
    if again || state.loans.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该笔贷款已登记", "this loan is on record"),
            Text::new("无需重复登记", "there is nothing to do"),
        ));
    }
    if command.amount <= Money::ZERO || !is_sha256(&command.document_sha256) {
        return Err(context.rules.input(
            Text::new(
                "贷款金额须大于零，并附凭证的 SHA-256",
                "a loan has an amount, and the SHA-256 of its evidence",
            ),
            Text::new("请核对金额和凭证摘要", "check the amount and the digest"),
        ));
    }
    let subscriptions = state.subscriptions.values();
    let own = subscriptions.filter(|it| it.consumer == context.actor.party && it.order.product == command.product);
    let since = own.map(|it| day_of(it.opened)).min();
    if since.is_some_and(|since| since <= command.granted_on) && command.granted_on <= day_of(context.at) {
        return Ok(vec![Event::LoanReported {
            loan: Box::new(command.clone()),
            by: context.actor.party.clone(),
        }]);
    }
    Err(context.rules.refuse(
        Rule::Loan,
        Text::new(
            "本单位放款时未订购该产品，或放款日期晚于今日",
            "the product was not subscribed to when it was lent, or the day is yet to come",
        ),
        Text::new("请核对产品和放款日期", "check the product and the day"),
    ))
}

pub(crate) fn evolve(state: &mut State, of: &ReportLoan, by: &PartyId, moment: Moment) {
    let loan = Loan {
        of: of.clone(),
        by: by.clone(),
        at: moment.at,
    };
    state.loans.insert_mut(of.id.clone(), Arc::new(loan));
}
