//! Closing a month of the books with what the calls on record add up to, and what waits to be done in the books.

mod settlement;

use std::collections::BTreeMap;

use gongshu_governance::agreement::Agreement;
use gongshu_governance::books::{ClosePeriod, Month, Period, Tally, closes_from, open_month};
use gongshu_governance::identifier::{PartyId, SubscriptionId};
use gongshu_governance::money::Money;
use gongshu_governance::power::Act;
use gongshu_governance::{Actor, Command, Context, State, Text, decide};
use gongshu_store::MeteredRecord;
use jiff::civil::Date;

pub use settlement::{PartyBalance, Settlement, Unbilled};

use crate::act::ActReceipt;
use crate::district::District;
use crate::error::AppError;
use crate::snapshot::Snapshot;
use crate::tasks::Task;

impl District {
    /// Where the settlement of an agreement stands.
    #[must_use]
    pub fn settlement(&self, snapshot: &Snapshot, agreement: &Agreement) -> Settlement {
        settlement::settlement(snapshot, agreement, self.rules().parameters().close_days_min)
    }

    /// What calls have charged that no invoice counts yet.
    #[must_use]
    pub fn unbilled(&self, snapshot: &Snapshot) -> Vec<Unbilled> {
        settlement::unbilled(snapshot)
    }

    /// Closes a month: the numbers are added up from the calls on record.
    ///
    /// # Errors
    /// As [`District::act`]; numbers that the client brings are refused.
    pub async fn close_period(
        &self,
        actor: Actor,
        mut close: ClosePeriod,
        seen_revision: Option<u64>,
    ) -> Result<ActReceipt, AppError> {
        if !close.uses.is_empty() {
            let refusal = self.rules().input(
                Text::new(
                    "计量由平台按调用记录填写",
                    "the platform fills in the numbers from its record",
                ),
                Text::new("请留空", "leave them out"),
            );
            return Err(refusal.into());
        }
        // Whoever may not close it, or not yet, is told so before the calls are added up.
        let at = self.now();
        let context = Context {
            at,
            actor: &actor,
            rules: self.rules_at(at),
            powers: self.powers(),
            seen_revision,
        };
        let snapshot = self.snapshot();
        decide(
            &snapshot.state,
            &Command::ClosePeriod(Box::new(close.clone())),
            &context,
        )?;
        // The month is over for a day or more, so that no call of it is still to come.
        let tally = tally(
            &self
                .0
                .store
                .metered(utc_months(close.month).each_ref().map(String::as_str))
                .await?,
        )?;
        close.uses = tally.uses(&snapshot.state, &close.agreement, close.month);
        self.act(actor, Command::ClosePeriod(Box::new(close)), seen_revision)
            .await
    }
}

/// The UTC months that a month of the district touches.
fn utc_months(month: Month) -> [String; 2] {
    let before = Month::of(month.first_day().saturating_sub(jiff::Span::new().days(1)));
    [before.to_string(), month.to_string()]
}

fn tally(records: &[MeteredRecord]) -> Result<Tally, AppError> {
    let mut tally = Tally::default();
    for record in records {
        let split: BTreeMap<PartyId, Money> = serde_json::from_str(&record.split).map_err(AppError::internal)?;
        let (month, fee) = (Month::at(record.hour), Money::from_fen(record.fee_fen));
        let split = split.iter().map(|(party, share)| (party, *share));
        tally
            .add(
                month,
                &SubscriptionId::new(&record.subscription),
                (record.calls, record.volume),
                fee,
                split,
            )
            .ok_or_else(|| AppError::Internal("the fees of a month are beyond counting".to_owned()))?;
    }
    Ok(tally)
}

/// What waits for an operator in its books: months to close, money to come in, shares to pay.
pub(crate) fn tasks(state: &State, operator: &PartyId, today: Date, wait_days: i64) -> Vec<Task> {
    let own = |id| {
        state
            .agreements
            .get(id)
            .is_some_and(|agreement| agreement.terms.operator == *operator)
    };
    let closed = state.periods.values().filter(|period| own(&period.close.agreement));
    let due = closed.flat_map(|period| due_of(state, period)).collect::<Vec<_>>();
    to_close(state, operator, today, wait_days).chain(due).collect()
}

/// The oldest month of each agreement that is over and not closed.
fn to_close<'s>(
    state: &'s State,
    operator: &'s PartyId,
    today: Date,
    wait_days: i64,
) -> impl Iterator<Item = Task> + 's {
    let agreements = state
        .agreements
        .values()
        .filter(|agreement| agreement.terms.operator == *operator);
    agreements.filter_map(move |agreement| {
        let (month, from) = next_close(state, agreement, wait_days)?;
        (from <= today).then(|| Task {
            act: Act::ClosePeriod,
            kind: "agreement",
            id: agreement.terms.id.to_string(),
            name: agreement.terms.title.clone(),
            resource: None,
            revision: agreement.revision,
            text: Text::new(
                format!("对“{}”的 {month} 月结账", agreement.terms.title),
                format!("close the month {month} of `{}`", agreement.terms.title),
            ),
        })
    })
}

/// The oldest month of an agreement that is not closed, and the day from which it may be; none where all are.
fn next_close(state: &State, agreement: &Agreement, wait_days: i64) -> Option<(Month, Date)> {
    let month = open_month(state, agreement)?;
    Some((month, closes_from(agreement, month, wait_days)))
}

/// Invoices of a period that are not settled.
fn due_of(state: &State, period: &Period) -> Vec<Task> {
    let unsettled = period.invoices.values().filter(|billed| billed.open() != Money::ZERO);
    let task = |billed: &gongshu_governance::books::Billed| {
        let consumer = state.parties.get(&billed.invoice.consumer);
        let name = consumer.map_or_else(String::new, |party| party.name.clone());
        let (month, open) = (period.close.month, billed.open());
        let (act, text) = if open > Money::ZERO {
            let due = period.due;
            let zh = format!("登记“{name}” {month} 月账单收款 {open} 元，{due} 前应付");
            let en = format!("record the payment of {open} yuan by `{name}` for {month}, due by {due}");
            (Act::RecordPayment, Text::new(zh, en))
        } else {
            let back = Money::ZERO - open;
            let zh = format!("向“{name}”退还 {month} 月多付的 {back} 元");
            let en = format!("refund {back} yuan to `{name}` for {month}");
            (Act::RecordRefund, Text::new(zh, en))
        };
        Task {
            act,
            kind: "period",
            id: period.close.id.to_string(),
            name,
            resource: Some(billed.invoice.subscription.to_string()),
            revision: period.revision,
            text,
        }
    };
    unsettled.map(task).collect()
}
