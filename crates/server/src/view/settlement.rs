//! Settlements, what is metered, and permitted revenue as the API shows them.

use gongshu_api as api;
use gongshu_app::governance::State;
use gongshu_app::governance::books::metered_revenue;
use gongshu_app::governance::revenue::{Adjustment, PlannedSales, Revenue};
use gongshu_app::{PartyBalance, Settlement, Unbilled};
use jiff::civil::Date;

use super::books::{agreement_named, product_named};
use super::party_named;

pub(crate) fn unbilled(state: &State, unbilled: &Unbilled) -> api::books::UnbilledUse {
    api::books::UnbilledUse {
        agreement: agreement_named(state, &unbilled.agreement),
        subscription: unbilled.subscription.to_string(),
        product: product_named(state, &unbilled.subscription),
        consumer: party_named(state, &unbilled.consumer),
        calls: unbilled.calls,
        fee: unbilled.fee.to_string(),
    }
}

pub(crate) fn settlement(state: &State, of: &Settlement, today: Date) -> api::books::Settlement {
    api::books::Settlement {
        agreement: agreement_named(state, &of.agreement),
        operator: party_named(state, &of.operator),
        metered: of.metered.to_string(),
        invoiced: of.invoiced.to_string(),
        credited: of.credited.to_string(),
        paid: of.paid.to_string(),
        refunded: of.refunded.to_string(),
        open: of.open.to_string(),
        paid_out: of.paid_out.to_string(),
        held: of.held.to_string(),
        parties: of.parties.iter().map(|it| balance(state, it)).collect(),
        next_close: of.next_close.map(|(month, from)| api::books::NextClose {
            month: month.to_string(),
            from: from.to_string(),
            ready: from <= today,
        }),
        unsettled: of.unsettled.iter().map(ToString::to_string).collect(),
        excess: of.excess.to_string(),
        is_final: of.is_final(),
    }
}

fn balance(state: &State, of: &PartyBalance) -> api::books::PartyBalance {
    api::books::PartyBalance {
        party: party_named(state, &of.party),
        share: of.share.0,
        due: of.due.to_string(),
        paid_out: of.paid_out.to_string(),
        owed: of.owed.to_string(),
    }
}

pub(crate) fn permitted_revenue(state: &State, revenue: &Revenue) -> api::revenue::PermittedRevenue {
    let permit = &revenue.permit;
    let (from, until) = (permit.period.from, permit.period.until);
    api::revenue::PermittedRevenue {
        id: permit.id.to_string(),
        agreement: agreement_named(state, &permit.agreement),
        from: from.to_string(),
        until: until.to_string(),
        cost: permit.cost.to_string(),
        base: permit.base.to_string(),
        rate: permit.rate.0,
        taxes: permit.taxes.to_string(),
        basis: permit.basis.clone(),
        document_number: permit.document_number.clone(),
        document_sha256: permit.document_sha256.clone(),
        adjustment: permit.adjustment.as_ref().map(|it| adjustment(state, it)),
        deducted: revenue.deducted.to_string(),
        maximum: revenue.maximum.to_string(),
        trial: revenue.trial,
        sales: revenue.sales.iter().map(|it| sale(state, it)).collect(),
        metered: metered_revenue(state, &permit.agreement, from, until).map(|it| it.to_string()),
        settled: revenue.settled.map(|it| api::revenue::SettledRevenue {
            earned: it.earned.to_string(),
            excess: it.excess.to_string(),
        }),
        replaced_by: revenue.replaced.as_ref().map(ToString::to_string),
        revision: revenue.revision,
    }
}

fn adjustment(state: &State, adjustment: &Adjustment) -> api::revenue::RevenueAdjustment {
    let of = state.revenues.get(&adjustment.revenue).map(|it| it.permit.period);
    api::revenue::RevenueAdjustment {
        revenue: adjustment.revenue.to_string(),
        from: of.map_or_else(String::new, |period| period.from.to_string()),
        until: of.map_or_else(String::new, |period| period.until.to_string()),
        amount: adjustment.amount.to_string(),
        reason: adjustment.reason.clone(),
        document_sha256: adjustment.document_sha256.clone(),
    }
}

fn sale(state: &State, sale: &PlannedSales) -> api::revenue::PlannedSale {
    api::revenue::PlannedSale {
        product: super::product::product_named(state, &sale.product),
        ceiling: sale.ceiling.to_string(),
        expected: sale.expected,
    }
}
