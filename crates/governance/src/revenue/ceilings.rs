//! Ceilings that together, with expected sales, stay within the permitted maximum.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Revenue, bad_amount, check_stands, check_stated};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{ProductId, RevenueId};
use crate::money::Money;
use crate::product::{Charging, check_ceiling};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Sets the ceilings of products of one period together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetCeilings {
    /// The period's permitted revenue.
    pub revenue: RevenueId,
    /// Each product with its ceiling and expected sales.
    pub sales: Vec<PlannedSales>,
    /// What the ceilings rest on: data, computing, storage, staff, expected sales.
    pub basis: String,
}

/// What one product may cost, and how often it is expected to be sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedSales {
    /// The product.
    pub product: ProductId,
    /// Most that one unit, a call or a report, may cost.
    pub ceiling: Money,
    /// Units expected to be sold in the period.
    pub expected: u64,
}

/// Decides ceilings.
///
/// # Errors
/// Refuses ceilings that exceed the permitted maximum, a list without a product that is priced and sold, and whatever [`check_ceiling`] refuses.
pub fn decide_ceilings(state: &State, command: &SetCeilings, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let revenue = state.revenue(&command.revenue, context)?;
    check_stated(&command.basis, context)?;
    check_list(state, revenue, command, context)?;
    if revenue.settled.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("该期间已结算", "the period is settled"),
            Text::new("请为下一期间核定准许收入", "permit the next period's revenue"),
        ));
    }
    check_stands(revenue, context)?;
    check_kept(state, revenue, &command.sales, context)?;
    check_sum(revenue.maximum, &command.sales, context)?;
    check_other_plans(state, command, context)?;
    let plan = Event::CeilingsSet {
        revenue: command.revenue.clone(),
        sales: command.sales.clone(),
        basis: command.basis.clone(),
    };
    // Each product changes too, on its own stream: who saw it before sees that it is another now.
    let ceilings = command.sales.iter().map(|planned| Event::CeilingSet {
        charging: charging(state, &planned.product),
        product: planned.product.clone(),
        ceiling: planned.ceiling,
        basis: command.basis.clone(),
    });
    Ok(std::iter::once(plan).chain(ceilings).collect())
}

/// By what the product is charged: a ceiling of the plan leaves that as it is.
fn charging(state: &State, product: &ProductId) -> Charging {
    state
        .products
        .get(product)
        .map_or_else(Charging::default, |product| product.charging)
}

fn check_list(state: &State, revenue: &Revenue, command: &SetCeilings, context: &Context<'_>) -> Result<(), Refusal> {
    let mut own = true;
    for planned in &command.sales {
        check_ceiling(state, &planned.product, planned.ceiling, context)?;
        let product = state.product(&planned.product, context)?;
        let scenario = state.scenario(&product.submission.scenario, context)?;
        own &= scenario.application.agreement == revenue.permit.agreement;
    }
    let products: BTreeSet<&ProductId> = command.sales.iter().map(|it| &it.product).collect();
    if own && products.len() == command.sales.len() && !products.is_empty() {
        return Ok(());
    }
    Err(context.rules.input(
        Text::new(
            "产品清单为空、有重复，或列有其他协议的产品",
            "the list is empty, names a product twice, or one of another agreement",
        ),
        Text::new("请逐项列明本协议的产品", "list each product of this agreement once"),
    ))
}

/// A single product's new ceiling.
#[derive(Clone, Copy)]
pub(crate) struct PlannedCeiling<'a> {
    /// The product.
    pub(crate) product: &'a ProductId,
    /// Most that one unit may cost.
    pub(crate) ceiling: Money,
    /// Units expected to be sold, where they are said anew.
    pub(crate) expected: Option<u64>,
}

/// The plan of the period in force with one product's new ceiling in it.
///
/// # Errors
/// Refuses it without permitted revenue for today, without expected sales of a product that no plan has, and where any
/// unsettled period would go over its maximum.
pub(crate) fn plan_one(
    state: &State,
    planned: PlannedCeiling<'_>,
    context: &Context<'_>,
) -> Result<(RevenueId, Vec<PlannedSales>), Refusal> {
    let revenue = in_force(state, planned.product, context)?;
    let mut sales = expected(state, revenue);
    match (
        sales.iter_mut().find(|it| it.product == *planned.product),
        planned.expected,
    ) {
        (Some(sale), expected) => {
            sale.ceiling = planned.ceiling;
            sale.expected = expected.unwrap_or(sale.expected);
        }
        (None, Some(expected)) => sales.push(PlannedSales {
            product: planned.product.clone(),
            ceiling: planned.ceiling,
            expected,
        }),
        (None, None) => return Err(unplanned(revenue, context)),
    }
    check_sum(revenue.maximum, &sales, context)?;
    let ceiling = [(planned.product, planned.ceiling)];
    let mut others = state.revenues.values().filter(|it| it.is_open());
    others.try_for_each(|other| match other.permit.id == revenue.permit.id {
        true => Ok(()),
        false => check_replanned(state, other, &ceiling, context),
    })?;
    Ok((revenue.permit.id.clone(), sales))
}

/// The permitted revenue of a product's agreement for today.
fn in_force<'s>(state: &'s State, product: &ProductId, context: &Context<'_>) -> Result<&'s Revenue, Refusal> {
    let product = state.product(product, context)?;
    let agreement = &state
        .scenario(&product.submission.scenario, context)?
        .application
        .agreement;
    let today = day_of(context.at);
    let mut open = state.revenues.values().filter(|it| it.is_open());
    let covers = open.find(|it| it.permit.agreement == *agreement && it.permit.period.covers(today));
    covers.map(|revenue| &**revenue).ok_or_else(|| {
        context.rules.refuse(
            Rule::PermittedRevenue,
            Text::new(
                format!("该协议在 {today} 没有已核定的最高准许收入，不得核定价格上限"),
                format!("no revenue of the agreement is permitted for {today}, and so no ceiling"),
            ),
            Text::new("请先核定本期间的最高准许收入", "permit the revenue of the period first"),
        )
    })
}

fn unplanned(revenue: &Revenue, context: &Context<'_>) -> Refusal {
    let id = &revenue.permit.id;
    context.rules.refuse(
        Rule::PermittedRevenue,
        Text::new(
            format!("该产品尚未列入准许收入 `{id}` 的测算"),
            format!("the product is not in the plan of the permitted revenue `{id}`"),
        ),
        Text::new(
            "请填写本期间的预计销量，以一并测算",
            "state the sales expected in the period, so that it joins the plan",
        ),
    )
}

/// Refuses a plan that leaves out what an earlier one priced and is still sold.
fn check_kept(state: &State, revenue: &Revenue, sales: &[PlannedSales], context: &Context<'_>) -> Result<(), Refusal> {
    let sold = |id: &ProductId| state.products.get(id).is_some_and(|product| product.status.is_sold());
    let kept = |id: &ProductId| sales.iter().any(|sale| sale.product == *id);
    let Some(left_out) = revenue
        .sales
        .iter()
        .find(|sale| sold(&sale.product) && !kept(&sale.product))
    else {
        return Ok(());
    };
    let id = &left_out.product;
    Err(context.rules.refuse(
        Rule::PermittedRevenue,
        Text::new(
            format!("清单遗漏已核定上限的产品 `{id}`"),
            format!("the list leaves out `{id}`, which has a ceiling"),
        ),
        Text::new("请一并列入，或先撤回该产品", "list it as well, or withdraw it first"),
    ))
}

/// A product's ceiling is the same in every unsettled period that plans with it: the others hold as well.
fn check_other_plans(state: &State, command: &SetCeilings, context: &Context<'_>) -> Result<(), Refusal> {
    let ceilings: Vec<_> = command.sales.iter().map(|it| (&it.product, it.ceiling)).collect();
    let mut others = state
        .revenues
        .values()
        .filter(|it| it.is_open() && it.permit.id != command.revenue);
    others.try_for_each(|revenue| check_replanned(state, revenue, &ceilings, context))
}

/// The plan of a period without products that came to nothing: nobody buys those.
pub(super) fn expected(state: &State, revenue: &Revenue) -> Vec<PlannedSales> {
    let mut sales = revenue.sales.clone();
    sales.retain(|sale| {
        let product = state.products.get(&sale.product);
        product.is_some_and(|product| product.status.may_serve())
    });
    sales
}

fn check_replanned(
    state: &State,
    revenue: &Revenue,
    ceilings: &[(&ProductId, Money)],
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let mut sales = expected(state, revenue);
    for planned in &mut sales {
        if let Some((_, ceiling)) = ceilings.iter().find(|(product, _)| **product == planned.product) {
            planned.ceiling = *ceiling;
        }
    }
    check_sum(revenue.maximum, &sales, context)
}

/// Refuses ceilings that come to more than the maximum.
pub(super) fn check_sum(most: Money, sales: &[PlannedSales], context: &Context<'_>) -> Result<(), Refusal> {
    let total = (sales.iter())
        .map(|it| it.ceiling.times(it.expected))
        .try_fold(Money::ZERO, |sum, amount| sum.checked_add(amount?))
        .ok_or_else(|| bad_amount(context))?;
    if total <= most {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::PermittedRevenue,
        Text::new(
            format!("按上限与预计销量合计 {total} 元，超过最高准许收入 {most} 元"),
            format!("ceilings and expected sales come to {total} yuan, over the permitted {most} yuan"),
        ),
        Text::new("请降低上限", "lower the ceilings"),
    ))
}
