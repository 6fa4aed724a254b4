//! Whether all money under an agreement that ends has found its way.

use std::sync::Arc;

use super::Exit;
use crate::Context;
use crate::books::{Account, open_month};
use crate::identifier::AgreementId;
use crate::money::Money;
use crate::refusal::Refusal;
use crate::revenue::Revenue;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Refuses a final settlement while a month of use is not closed, an invoice is not settled, or a share not paid out.
///
/// # Errors
/// [`Rule::ExitSettlement`].
pub(super) fn check_settled(state: &State, exit: &Exit, context: &Context<'_>) -> Result<(), Refusal> {
    let agreement = &exit.start.agreement;
    if let Some(month) = open_month(state, state.agreement(agreement, context)?) {
        return Err(refuse(
            (
                format!("{month} 月尚未结账"),
                format!("the month {month} is not closed"),
            ),
            ("请运营机构先结账该月", "let the operator close it first"),
            context,
        ));
    }
    let periods = state
        .periods
        .values()
        .filter(|period| period.close.agreement == *agreement);
    let mut invoices = periods.flat_map(|period| {
        period
            .invoices
            .iter()
            .map(|(id, billed)| (period.close.month, id, billed))
    });
    if let Some((month, subscription, billed)) = invoices.find(|(_, _, billed)| billed.open() != Money::ZERO) {
        let open = billed.open();
        return Err(refuse(
            (
                format!("{month} 月订购 `{subscription}` 的账单未结清，余额 {open} 元"),
                format!("the invoice of `{subscription}` for {month} is not settled: {open} yuan are open"),
            ),
            (
                "请登记付款或退款，或开具红字账单",
                "record the payment or the refund, or credit the invoice",
            ),
            context,
        ));
    }
    check_shares(state, agreement, context)?;
    check_revenues(state, agreement, context)
}

/// Every permitted revenue is settled.
fn check_revenues(state: &State, agreement: &AgreementId, context: &Context<'_>) -> Result<(), Refusal> {
    let open = |it: &&Arc<Revenue>| it.permit.agreement == *agreement && it.is_open();
    let Some(revenue) = state.revenues.values().find(open) else {
        return Ok(());
    };
    let (id, period) = (&revenue.permit.id, revenue.permit.period);
    Err(refuse(
        (
            format!("准许收入 `{id}`（{} 至 {}）尚未结算", period.from, period.until),
            format!(
                "the permitted revenue `{id}` from {} to {} is not settled",
                period.from, period.until
            ),
        ),
        ("请实施机构先结算该期间", "let the agency settle it first"),
        context,
    ))
}

/// Refuses a settlement that gives back another excess than there is.
///
/// # Errors
/// [`Rule::ExitSettlement`].
pub(super) fn check_excess(owed: Money, returned: Option<Money>, context: &Context<'_>) -> Result<(), Refusal> {
    if returned.unwrap_or_default() == owed {
        return Ok(());
    }
    Err(refuse(
        (
            format!("超过准许收入的 {owed} 元已无下一期间可扣减，须退还"),
            format!(
                "{owed} yuan earned above the permitted revenue have no next period to be deducted from, and are given back"
            ),
        ),
        (
            "请在最终结算报告中写明已退还的金额，附退还凭证",
            "state in the report of the settlement what was given back, with its voucher",
        ),
        context,
    ))
}

/// Nobody is owed a share, and nobody has received too much of one.
fn check_shares(state: &State, agreement: &AgreementId, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(books) = state.books.get(agreement) else {
        return Ok(());
    };
    let parties = books.balances().keys().filter_map(|account| match account {
        Account::Share(party) => Some(party),
        Account::Receivable(_) | Account::Cash => None,
    });
    let mut owed = parties.map(|party| (party, books.owed(party)));
    let Some((party, amount)) = owed.find(|(_, owed)| *owed != Money::ZERO) else {
        return Ok(());
    };
    let name = state.parties.get(party).map_or(party.as_str(), |party| &party.name);
    if amount > Money::ZERO {
        return Err(refuse(
            (
                format!("应付 `{name}` 的分成尚余 {amount} 元"),
                format!("`{name}` is still owed {amount} yuan of its share"),
            ),
            ("请运营机构先支付分成", "let the operator pay it out first"),
            context,
        ));
    }
    let much = Money::ZERO - amount;
    Err(refuse(
        (
            format!("`{name}` 多得分成 {much} 元尚未退回"),
            format!("`{name}` has received {much} yuan too much of its share"),
        ),
        ("请其退回后登记分成退回", "let it give them back, and record the return"),
        context,
    ))
}

fn refuse(what: (String, String), remedy: (&str, &str), context: &Context<'_>) -> Refusal {
    context.rules.refuse(
        Rule::ExitSettlement,
        Text::new(what.0, what.1),
        Text::new(remedy.0, remedy.1),
    )
}
