//! Partners: engaged by the operator for named scenarios, with joint liability (论证 7, 21).

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OfferEvent, Product, ProductStatus, RefuseProduct};
use crate::Context;
use crate::calendar::{Term, day_of, start_of};
use crate::event::Event;
use crate::identifier::{EngagementId, PartyId, ProductId, ScenarioId};
use crate::party::{Role, check_not_operator};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::service::Stops;
use crate::state::State;
use crate::text::Text;

/// An engagement on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Engagement {
    /// Its id.
    pub id: EngagementId,
    /// The partner.
    pub partner: PartyId,
    /// The scenarios it works in; all under the operator's own agreement.
    pub scenarios: BTreeSet<ScenarioId>,
    /// SHA-256 of the signed joint-liability data-security agreement, lower-case hex.
    pub joint_liability_sha256: String,
    /// From and until when; as long as the operator's agreement where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
}

/// An engagement, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngagedPartner {
    /// What was agreed.
    pub engagement: Engagement,
    /// Since when it is on record.
    pub at: Timestamp,
    /// When it was ended, and why.
    pub ended: Option<EngagementEnd>,
    /// How many events changed it.
    pub revision: u64,
}

/// Where an engagement stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EngagementStatus {
    /// Its term is to come.
    ToCome,
    /// The partner works under it.
    InForce,
    /// Its term is over.
    Over,
    /// It was ended.
    Ended,
}

/// The end of an engagement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngagementEnd {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// Ends an engagement: from then on the partner does nothing under it, and its products serve nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndEngagement {
    /// Which.
    pub engagement: EngagementId,
    /// Why.
    pub reason: String,
}

impl EngagedPartner {
    /// Where it stands on this day.
    #[must_use]
    pub fn status(&self, day: Date) -> EngagementStatus {
        match self.engagement.term {
            _ if self.ended.is_some() => EngagementStatus::Ended,
            Some(term) if day < term.from => EngagementStatus::ToCome,
            Some(term) if term.until < day => EngagementStatus::Over,
            _ => EngagementStatus::InForce,
        }
    }

    /// Whether it lets this partner work in the scenario on this day.
    fn covers(&self, partner: &PartyId, scenario: &ScenarioId, day: Date) -> bool {
        self.is_of(partner, scenario) && self.status(day) == EngagementStatus::InForce
    }

    /// Whether this partner is engaged by it for the scenario, now or at another time.
    #[must_use]
    pub fn is_of(&self, partner: &PartyId, scenario: &ScenarioId) -> bool {
        self.engagement.partner == *partner && self.engagement.scenarios.contains(scenario)
    }

    /// From when until when it lets the partner work; until none where that is open.
    fn span(&self) -> (Timestamp, Option<Timestamp>) {
        let term = self.engagement.term;
        let from = term.map_or(self.at, |term| self.at.max(start_of(term.from)));
        let over = term.map(|term| start_of(term.until.saturating_add(jiff::Span::new().days(1))));
        let ended = self.ended.as_ref().map(|end| end.at);
        (from, over.into_iter().chain(ended).min())
    }
}

/// Whether the partner is engaged for the scenario on this day.
pub(crate) fn is_engaged(state: &State, partner: &PartyId, scenario: &ScenarioId, day: Date) -> bool {
    let mut all = state.engagements.values();
    all.any(|engaged| engaged.covers(partner, scenario, day))
}

/// When nobody was engaged for a partner's product: it serves nobody then.
pub(crate) fn disengaged(state: &State, product: &Product) -> Stops {
    let mut stops = Stops::default();
    let scenario = &product.submission.scenario;
    let of_product = state
        .engagements
        .values()
        .filter(|it| it.is_of(&product.developer, scenario));
    let mut spans: Vec<_> = of_product.map(|engaged| engaged.span()).collect();
    spans.sort_unstable();
    let mut reach: Option<Timestamp> = None;
    for (index, (from, until)) in spans.into_iter().enumerate() {
        match reach {
            None if index > 0 => break,
            Some(last) if last < from => {
                stops.begin(last);
                stops.end(from);
            }
            _ => {}
        }
        reach = until.map(|until| reach.map_or(until, |last| last.max(until)));
    }
    if let Some(last) = reach {
        stops.begin(last);
    }
    stops
}

/// A partner's product is served, sold and listed while the partner is engaged for its scenario.
pub(crate) fn check_engaged(state: &State, product: &Product, day: Date, context: &Context<'_>) -> Result<(), Refusal> {
    let developer = state.party(&product.developer, context)?;
    if developer.role != Role::Partner || is_engaged(state, &developer.id, &product.submission.scenario, day) {
        return Ok(());
    }
    let name = &developer.name;
    Err(context.rules.refuse(
        Rule::Partner,
        Text::new(
            format!("合作方“{name}”在该产品所属场景的合作已终止或到期"),
            format!("the engagement of `{name}` for the product's scenario has ended"),
        ),
        Text::new(
            "请运营机构重新引入合作方，或以自行开发的新版本替代",
            "let the operator engage the partner anew (`partner.engage`), or list a version of its own (`product.list`)",
        ),
    ))
}

/// Engages a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EngagePartner {
    /// The engagement.
    pub engagement: Engagement,
}

/// Decides an engagement.
///
/// # Errors
/// Refuses a party that is not a partner, the operator itself under that role, an engagement without its joint-liability agreement,
/// scenarios that are not the operator's.
pub fn decide_engage(state: &State, command: &EngagePartner, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let engagement = &command.engagement;
    let partner = state.present_party(&engagement.partner, context)?;
    let digest = &engagement.joint_liability_sha256;
    let signed = digest.len() == 64 && digest.chars().all(|c| c.is_ascii_hexdigit());
    if partner.role != Role::Partner || !signed {
        return Err(context.rules.refuse(
            Rule::Partner,
            Text::new(
                format!("引入 `{}` 需其为合作方，并附已签署的数据安全连带责任协议", partner.name),
                format!(
                    "`{}` must be a partner with a signed joint-liability agreement on record",
                    partner.name
                ),
            ),
            Text::new(
                "请上传协议并填写其 SHA-256 摘要",
                "sign the agreement and give its SHA-256",
            ),
        ));
    }
    check_not_operator(state, &engagement.partner, &context.actor.party, context)?;
    if state.engagements.contains_key(&engagement.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该编号的引入已登记", "an engagement with this id is on record"),
            Text::new("无需重复登记", "there is nothing to do"),
        ));
    }
    if engagement.scenarios.is_empty() {
        return Err(context.rules.input(
            Text::new("未列明场景", "no scenario is named"),
            Text::new("请列明合作方参与的场景", "name the scenarios the partner works in"),
        ));
    }
    for scenario in &engagement.scenarios {
        check_own(state, scenario, context)?;
        check_term(state, scenario, engagement.term, context)?;
    }
    Ok(vec![Event::PartnerEngaged(engagement.clone())])
}

/// Decides an end: by the operator that engaged the partner, or by the agency.
///
/// # Errors
/// Refuses an engagement that has ended, and no reason.
pub fn decide_end(state: &State, command: &EndEngagement, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let engaged = state.engagement(&command.engagement, context)?;
    context.rules.said(&command.reason, ("终止理由", "reason"))?;
    if engaged.ended.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("该合作已经终止", "the engagement has ended"),
            Text::new("无需重复终止", "there is nothing to do"),
        ));
    }
    let mut events = vec![Event::EngagementEnded {
        engagement: command.engagement.clone(),
        reason: command.reason.clone(),
    }];
    // What waits to be listed does so in vain, unless the partner is engaged by another as well.
    let day = day_of(context.at);
    let others = |product: &Product| {
        let mut others = state.engagements.iter().filter(|(id, _)| **id != command.engagement);
        others.any(|(_, it)| it.covers(&product.developer, &product.submission.scenario, day))
    };
    let waiting = state.products.values().map(|product| &**product).filter(|product| {
        let theirs = engaged.is_of(&product.developer, &product.submission.scenario);
        theirs && product.status == ProductStatus::Submitted && !others(product)
    });
    let mut waiting: Vec<ProductId> = waiting.map(|product| product.submission.id.clone()).collect();
    waiting.sort();
    let reason = format!("合作 {} 终止：{}", command.engagement, command.reason);
    events.extend(waiting.into_iter().map(|product| {
        let reason = reason.clone();
        Event::Offer(OfferEvent::Refused(RefuseProduct { product, reason }))
    }));
    Ok(events)
}

/// A term is not over, and within that of the agreement.
fn check_term(state: &State, scenario: &ScenarioId, term: Option<Term>, context: &Context<'_>) -> Result<(), Refusal> {
    let agreement = state.agreement(&state.scenario(scenario, context)?.application.agreement, context)?;
    let whole = &agreement.terms.term;
    let fits = |term: &Term| term.from <= term.until && whole.contains(term) && day_of(context.at) <= term.until;
    let Some(term) = term.filter(|term| !fits(term)) else {
        return Ok(());
    };
    Err(context.rules.refuse(
        Rule::Partner,
        Text::new(
            format!("合作期限 {} 至 {} 已届满，或超出授权协议期限", term.from, term.until),
            format!(
                "the term {} to {} is over, or exceeds the agreement's",
                term.from, term.until
            ),
        ),
        Text::new(
            format!("期限应在 {} 至 {} 之内", whole.from, whole.until),
            format!("name a term within {} to {}", whole.from, whole.until),
        ),
    ))
}

fn check_own(state: &State, scenario: &ScenarioId, context: &Context<'_>) -> Result<(), Refusal> {
    let of_agreement = state.scenario(scenario, context)?;
    of_agreement.check_open(context)?;
    let agreement = state.agreement(&of_agreement.application.agreement, context)?;
    if agreement.terms.operator == context.actor.party {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Partner,
        Text::new(
            format!("场景 `{scenario}` 不在本运营机构的授权之下"),
            format!("the scenario `{scenario}` is not under this operator's agreement"),
        ),
        Text::new(
            "只能就本机构的场景引入合作方",
            "engage partners for your own scenarios only",
        ),
    ))
}
