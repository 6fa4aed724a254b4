//! Prices: a ceiling by the agency, a price at or under it by the operator (65号).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::review::check_not_dropped;
use super::{Charging, Product};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::ProductId;
use crate::money::Money;
use crate::refusal::Refusal;
use crate::revenue::{self, PlannedCeiling};
use crate::rules::Rule;
use crate::state::State;
use crate::subscription::Subscription;
use crate::text::Text;

/// Sets the ceiling of a product's price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetCeiling {
    /// Which product.
    pub product: ProductId,
    /// Most that it may cost.
    pub ceiling: Money,
    /// By what it is charged: set with the first ceiling, by call where nothing is said, and kept from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charging: Option<Charging>,
    /// Units expected to be sold in the period of the permitted revenue; may be left out where its plan has the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
    /// What the ceiling rests on: data, computing, storage, staff, expected sales.
    pub basis: String,
}

/// Sets a product's price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetPrice {
    /// Which product.
    pub product: ProductId,
    /// What it costs.
    pub price: Money,
    /// From which day those pay a higher price who have subscribed; as soon as the notice is over where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<crate::schema::Day>")]
    pub from: Option<Date>,
}

/// Decides a ceiling.
///
/// # Errors
/// Refuses a ceiling for a free product, one by a form of charging that is not permitted, one under the price in force, one
/// without a basis, one without permitted revenue that it could be planned in, and one that takes a period over it.
pub fn decide_ceiling(state: &State, command: &SetCeiling, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    check_ceiling(state, &command.product, command.ceiling, context)?;
    if command.basis.trim().is_empty() {
        return Err(not_a_ceiling(context));
    }
    let charging = charging(state, command, context)?;
    let planned = PlannedCeiling {
        product: &command.product,
        ceiling: command.ceiling,
        expected: command.expected,
    };
    let (revenue, sales) = revenue::plan_one(state, planned, context)?;
    let plan = Event::CeilingsSet {
        revenue,
        sales,
        basis: command.basis.clone(),
    };
    let ceiling = Event::CeilingSet {
        product: command.product.clone(),
        charging,
        ceiling: command.ceiling,
        basis: command.basis.clone(),
    };
    Ok(vec![ceiling, plan])
}

/// The packs say by what may be charged; a product that is charged otherwise than before is another version.
fn charging(state: &State, command: &SetCeiling, context: &Context<'_>) -> Result<Charging, Refusal> {
    let product = state.product(&command.product, context)?;
    let permitted = &context.rules.parameters().charging_forms;
    let asked = command.charging.unwrap_or(product.charging);
    let kept = product.ceiling.is_none() || product.charging == asked;
    if kept && permitted.contains(asked.word()) {
        return Ok(asked);
    }
    let all: Vec<&str> = permitted.iter().map(String::as_str).collect();
    let all = all.join(", ");
    Err(context.rules.refuse(
        Rule::PriceForm,
        Text::new(
            format!("计费方式不在允许范围内（{all}），或与已核定的不同"),
            format!("charging is by one of: {all}; and it stays as it was set"),
        ),
        Text::new("更改计费方式请另上新版本", "list a new version to charge it otherwise"),
    ))
}

/// Whether a product may have this ceiling by itself.
pub(crate) fn check_ceiling(
    state: &State,
    product: &ProductId,
    ceiling: Money,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    check_charged(state, product, context)?;
    if ceiling <= Money::ZERO {
        return Err(not_a_ceiling(context));
    }
    let product = state.product(product, context)?;
    let Some(price) = product.price.filter(|price| *price > ceiling) else {
        return Ok(());
    };
    Err(context.rules.refuse(
        Rule::PriceCeiling,
        Text::new(
            format!("上限 {ceiling} 元低于现行价格 {price} 元"),
            format!("the ceiling of {ceiling} yuan is under the price in force, {price} yuan"),
        ),
        Text::new("请运营机构先下调价格", "let the operator lower the price first"),
    ))
}

fn not_a_ceiling(context: &Context<'_>) -> Refusal {
    context.rules.input(
        Text::new(
            "价格上限应大于零，并说明依据",
            "a ceiling is above zero and states its basis",
        ),
        Text::new("请填写上限金额和测算依据", "give the amount and what it rests on"),
    )
}

/// Decides a price.
///
/// # Errors
/// Refuses a price over the ceiling, without a ceiling, for a free product, or without notice.
pub fn decide_price(state: &State, command: &SetPrice, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    check_charged(state, &command.product, context)?;
    let product = state.product(&command.product, context)?;
    let Some(ceiling) = product.ceiling else {
        return Err(context.rules.refuse(
            Rule::PriceCeiling,
            Text::new("该产品尚未核定价格上限", "no ceiling is set for this product"),
            Text::new("请实施机构先核定上限", "let the agency set the ceiling first"),
        ));
    };
    if command.price < Money::ZERO || command.price > ceiling {
        return Err(context.rules.refuse(
            Rule::PriceCeiling,
            Text::new(
                format!("价格 {} 元超出上限 {ceiling} 元", command.price),
                format!(
                    "the price of {} yuan is over the ceiling of {ceiling} yuan",
                    command.price
                ),
            ),
            Text::new(
                format!("请定价在 0 至 {ceiling} 元之间"),
                format!("set a price from 0 to {ceiling} yuan"),
            ),
        ));
    }
    Ok(vec![Event::PriceSet {
        product: command.product.clone(),
        price: command.price,
        from: effective(state, product, command, context)?,
    }])
}

/// From when those pay a price who have subscribed, where that is not at once: a higher one after notice.
fn effective(
    state: &State,
    product: &Product,
    command: &SetPrice,
    context: &Context<'_>,
) -> Result<Option<Date>, Refusal> {
    let today = day_of(context.at);
    let days = context.rules.parameters().price_notice_days;
    let after_notice = today.saturating_add(jiff::Span::new().days(days));
    let paid = if context.rules.parameters().charges.notice_of_least {
        least_paid(state, product, today, after_notice)
    } else {
        last_set(state, product)
    };
    let raised = paid.is_some_and(|paid| paid < command.price);
    let earliest = if raised { after_notice } else { today };
    let from = command.from.unwrap_or(earliest);
    if from >= earliest {
        return Ok((from > today).then_some(from));
    }
    Err(context.rules.refuse_by(
        Rule::PriceNotice,
        "days",
        Text::new(
            format!("涨价须提前 {days} 日公布，对已订购者最早自 {earliest} 起执行"),
            format!(
                "a higher price is announced {days} days before; those who have subscribed pay it from {earliest} on"
            ),
        ),
        Text::new(format!("请改为 {earliest} 或以后"), format!("name {earliest} or later")),
    ))
}

/// The least that anybody who has subscribed pays today, or would pay until a notice that is given today is over. Whoever pays
/// an older price than the last that was set waits for a notice of its own: a price set after it, and lower, is none.
fn least_paid(state: &State, product: &Product, today: Date, until: Date) -> Option<Money> {
    let turns = product.tariffs.iter().map(|tariff| tariff.from);
    let turns = turns.filter(|day| today < *day && *day <= until);
    let days: Vec<Date> = std::iter::once(today).chain(turns).collect();
    let served = |it: &&Subscription| it.open || it.closed.is_some_and(|at| today <= day_of(at));
    let subscriptions = state.subscriptions.values().map(|subscription| &**subscription);
    subscriptions
        .filter(|it| it.order.product == product.submission.id)
        .filter(served)
        .flat_map(|it| days.iter().filter_map(|day| product.price_for(it, *day)))
        .min()
}

/// The last price that was set, where somebody has subscribed: what packs before compared with.
fn last_set(state: &State, product: &Product) -> Option<Money> {
    let mut subscriptions = state.subscriptions.values();
    let sold = subscriptions.any(|it| it.open && it.order.product == product.submission.id);
    product.price.filter(|_| sold)
}

fn check_charged(state: &State, product: &ProductId, context: &Context<'_>) -> Result<(), Refusal> {
    let product = state.product(product, context)?;
    check_not_dropped(product, context)?;
    let scenario = state.scenario(&product.submission.scenario, context)?;
    if !scenario.application.price_class.is_free() {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::PriceFree,
        Text::new(
            "用于公共治理、公益事业的产品免费，不得定价",
            "a product for public governance or welfare is free and has no price",
        ),
        Text::new("无需定价", "there is nothing to do"),
    ))
}
