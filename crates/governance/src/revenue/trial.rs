//! Trial prices end with their period (65号: 试行价格).

use jiff::civil::Date;

use super::Revenue;
use crate::Context;
use crate::calendar::day_of;
use crate::identifier::ProductId;
use crate::product::Product;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// The last day of the trial price of a product, where that is over on this day and no later plan has the product: those who
/// have subscribed go on paying it, and nobody else subscribes at it.
#[must_use]
pub fn ended_trial(state: &State, product: &ProductId, day: Date) -> Option<Date> {
    let plans = |it: &&Revenue| it.replaced.is_none() && it.sales.iter().any(|sale| sale.product == *product);
    let planned = state.revenues.values().map(|revenue| &**revenue).filter(plans);
    let newest = planned.max_by_key(|it| it.permit.period.until)?;
    let until = newest.permit.period.until;
    (newest.trial && until < day).then_some(until)
}

/// Whether a product may still be sold at its price.
///
/// # Errors
/// [`Rule::RevenuePeriod`] where that was a trial price whose period is over.
pub(crate) fn check_trial(state: &State, product: &Product, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(until) = ended_trial(state, &product.submission.id, day_of(context.at)) else {
        return Ok(());
    };
    Err(context.rules.refuse(
        Rule::RevenuePeriod,
        Text::new(
            format!("该产品的试行价格已于 {until} 到期，不再接受新的订购"),
            format!("the trial price of the product ended on {until}; nobody else subscribes at it"),
        ),
        Text::new(
            "请待实施机构核定下一期间的准许收入和价格上限",
            "wait until the agency has permitted the next period's revenue and set the ceilings",
        ),
    ))
}
