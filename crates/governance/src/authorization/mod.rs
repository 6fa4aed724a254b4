//! Authorization of a call: the chain must hold link by link, now, for this purpose.
//!
//! agreement → scenario grant → approval of each resource by its provider → consent of the subject
//! where the data asks for it (of a set query: whoever consents) → subscription → quota → failures of the day → price. A missing link is a refusal that
//! names the rule.

mod failure;
pub(crate) mod link;
mod permit;

pub use failure::CallFailure;
pub use permit::{Chain, DataVersion, Permit, Usage};

use jiff::Timestamp;

use crate::Context;
use crate::calendar::day_of;
use crate::event::Actor;
use crate::identifier::ProductId;
use crate::power::{Act, Powers};
use crate::product::{Product, Rate};
use crate::refusal::Refusal;
use crate::rules::{Rule, Rules};
use crate::state::State;
use crate::text::Text;

/// A call that asks to be permitted.
#[derive(Debug, Clone, Copy)]
pub struct CallRequest<'a> {
    /// Who calls.
    pub actor: &'a Actor,
    /// What.
    pub product: &'a ProductId,
    /// For what.
    pub purpose: &'a str,
    /// The code of the data subject whose information is used, where the product speaks of one.
    pub subject: Option<&'a str>,
    /// When.
    pub at: Timestamp,
}

/// Permits or refuses a call. Pure, and cheap: a handful of look-ups.
///
/// # Errors
/// With the refusal of the first link that does not hold.
pub fn authorize(
    state: &State,
    request: &CallRequest<'_>,
    usage: Usage,
    rules: &Rules,
    powers: &Powers,
) -> Result<Permit, Refusal> {
    let context = &Context {
        at: request.at,
        actor: request.actor,
        rules,
        powers,
        seen_revision: None,
    };
    check_caller(state, request.product, context)?;
    let product = state.product(request.product, context)?;
    let day = day_of(request.at);
    product.check_served(day, context)?;
    let (agreement, scenario) = link::above(state, product, day, context)?;
    link::purpose(scenario, request.purpose, context)?;
    let versions = link::versions(state, &product.submission.checked, context)?;
    let consent = link::consent(state, product, request, day, context)?;
    let consents = link::consents(state, product, request, day);
    let subscription = link::subscription(state, request, context)?;
    link::quota(scenario, subscription, usage, context)?;
    link::failures(usage, context)?;
    let fee = link::fee(product, scenario, subscription, day, context)?;
    let free = scenario.application.price_class.is_free();
    let volume_price = product.volume_price(subscription, day).filter(|_| !free);
    let parts: Vec<_> = agreement.terms.shares.iter().map(|share| share.share).collect();
    let parties = agreement.terms.shares.iter().map(|share| share.party.clone());
    let chain = Chain {
        agreement: agreement.terms.id.clone(),
        scenario: scenario.application.id.clone(),
        approvals: scenario.application.resources.keys().cloned().collect(),
        consent,
        consents,
        subscription: subscription.order.id.clone(),
    };
    let crossing = crate::border::crossing(state, request, (product, subscription), (&chain, usage), context)?;
    Ok(Permit {
        sequence: state.sequence,
        chain,
        product_revision: product.revision,
        narrowings: scenario.narrowings.len(),
        derivation_sha256: product.submission.checked.derivation_sha256.clone(),
        versions,
        fee,
        split: parties.zip(fee.split(&parts)).collect(),
        rate: volume_price.map(|price| Rate {
            charging: product.charging,
            price,
            parts,
        }),
        crossing,
    })
}

/// Whether the links above a product and its data hold now, whoever calls it: what a catalogue tells before anybody does.
///
/// # Errors
/// With the refusal of the first link that does not hold.
pub fn check_serves(state: &State, product: &Product, context: &Context<'_>) -> Result<(), Refusal> {
    let day = day_of(context.at);
    product.check_served(day, context)?;
    link::above(state, product, day, context)?;
    link::versions(state, &product.submission.checked, context).map(|_| ())
}

fn check_caller(state: &State, product: &ProductId, context: &Context<'_>) -> Result<(), Refusal> {
    let party = state.present_party(&context.actor.party, context)?;
    if context.powers.may_call(party.role) {
        return crate::post::check_post_of_call(state, product.as_str(), context);
    }
    Err(context.rules.refuse(
        Rule::Power,
        Text::new(
            format!("`{}`（{}）无权{}", party.name, party.role.zh(), Act::CallProduct.zh()),
            format!("`{}` ({}) may not call products", party.name, party.role.id()),
        ),
        Text::new("请以数据使用方身份调用", "call as a registered consumer"),
    ))
}
