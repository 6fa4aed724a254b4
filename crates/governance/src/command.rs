//! Commands: what parties ask for.

use serde::{Deserialize, Serialize};

use crate::Context;
use crate::agreement::{ProposeAgreement, SignAgreement};
use crate::consent::{GiveConsent, WithdrawConsent};
use crate::identifier::{AgreementId, PartyId, ProductId, ResourceId, ScenarioId};
use crate::party::{IssueCredential, RegisterParty, RevokeCredential};
use crate::power::Act;
use crate::product::{EngagePartner, ListProduct, SetCeiling, SetPrice, SubmitProduct};
use crate::refusal::Refusal;
use crate::resource::{OrderDestruction, RecordDestruction, RecordVersion, RegisterResource};
use crate::revenue::{PermitRevenue, SetCeilings, SettleRevenue};
use crate::scenario::{ApplyScenario, ApproveResource, DeclineResource, FreezeScenario, GrantScenario, ThawScenario};
use crate::state::State;
use crate::subscription::{Subscribe, Unsubscribe};

/// Something a party asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command", content = "of")]
#[expect(missing_docs, reason = "each variant is documented by its struct")]
pub enum Command {
    RegisterParty(RegisterParty),
    IssueCredential(IssueCredential),
    RevokeCredential(RevokeCredential),
    RegisterResource(Box<RegisterResource>),
    RecordVersion(RecordVersion),
    OrderDestruction(OrderDestruction),
    RecordDestruction(RecordDestruction),
    ProposeAgreement(Box<ProposeAgreement>),
    SignAgreement(SignAgreement),
    ApplyScenario(Box<ApplyScenario>),
    GrantScenario(GrantScenario),
    ApproveResource(ApproveResource),
    DeclineResource(DeclineResource),
    FreezeScenario(FreezeScenario),
    ThawScenario(ThawScenario),
    EngagePartner(EngagePartner),
    SubmitProduct(Box<SubmitProduct>),
    ListProduct(ListProduct),
    SetCeiling(SetCeiling),
    SetPrice(SetPrice),
    PermitRevenue(Box<PermitRevenue>),
    SetCeilings(SetCeilings),
    SettleRevenue(SettleRevenue),
    Subscribe(Subscribe),
    Unsubscribe(Unsubscribe),
    GiveConsent(Box<GiveConsent>),
    WithdrawConsent(WithdrawConsent),
}

impl Command {
    /// The act that the command asks for.
    #[must_use]
    pub fn act(&self) -> Act {
        match self {
            Self::RegisterParty(_) => Act::RegisterParty,
            Self::IssueCredential(_) => Act::IssueCredential,
            Self::RevokeCredential(_) => Act::RevokeCredential,
            Self::RegisterResource(_) => Act::RegisterResource,
            Self::RecordVersion(_) => Act::RecordVersion,
            Self::OrderDestruction(_) => Act::OrderDestruction,
            Self::RecordDestruction(_) => Act::RecordDestruction,
            Self::ProposeAgreement(_) => Act::ProposeAgreement,
            Self::SignAgreement(_) => Act::SignAgreement,
            Self::ApplyScenario(_) => Act::ApplyScenario,
            Self::GrantScenario(_) => Act::GrantScenario,
            Self::ApproveResource(_) => Act::ApproveResource,
            Self::DeclineResource(_) => Act::DeclineResource,
            Self::FreezeScenario(_) => Act::FreezeScenario,
            Self::ThawScenario(_) => Act::ThawScenario,
            Self::EngagePartner(_) => Act::EngagePartner,
            Self::SubmitProduct(_) => Act::SubmitProduct,
            Self::ListProduct(_) => Act::ListProduct,
            Self::SetCeiling(_) => Act::SetCeiling,
            Self::SetPrice(_) => Act::SetPrice,
            Self::PermitRevenue(_) => Act::PermitRevenue,
            Self::SetCeilings(_) => Act::SetCeilings,
            Self::SettleRevenue(_) => Act::SettleRevenue,
            Self::Subscribe(_) => Act::Subscribe,
            Self::Unsubscribe(_) => Act::Unsubscribe,
            Self::GiveConsent(_) => Act::GiveConsent,
            Self::WithdrawConsent(_) => Act::WithdrawConsent,
        }
    }

    /// The stream the command acts on: the thing whose revision an editor saw.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::RegisterParty(c) => c.party.id.as_str(),
            Self::IssueCredential(c) => c.credential.id.as_str(),
            Self::RevokeCredential(c) => c.credential.as_str(),
            Self::RegisterResource(c) => c.id.as_str(),
            Self::RecordVersion(c) => c.resource.as_str(),
            Self::OrderDestruction(c) => c.resource.as_str(),
            Self::RecordDestruction(c) => c.resource.as_str(),
            Self::ProposeAgreement(c) => c.id.as_str(),
            Self::SignAgreement(c) => c.agreement.as_str(),
            Self::ApplyScenario(c) => c.id.as_str(),
            Self::GrantScenario(c) => c.scenario.as_str(),
            Self::ApproveResource(c) => c.scenario.as_str(),
            Self::DeclineResource(c) => c.scenario.as_str(),
            Self::FreezeScenario(c) => c.scenario.as_str(),
            Self::ThawScenario(c) => c.scenario.as_str(),
            Self::EngagePartner(c) => c.engagement.id.as_str(),
            Self::SubmitProduct(c) => c.id.as_str(),
            Self::ListProduct(c) => c.product.as_str(),
            Self::SetCeiling(c) => c.product.as_str(),
            Self::SetPrice(c) => c.product.as_str(),
            Self::PermitRevenue(c) => c.id.as_str(),
            Self::SetCeilings(c) => c.revenue.as_str(),
            Self::SettleRevenue(c) => c.revenue.as_str(),
            Self::Subscribe(c) => c.id.as_str(),
            Self::Unsubscribe(c) => c.subscription.as_str(),
            Self::GiveConsent(c) => c.id.as_str(),
            Self::WithdrawConsent(c) => c.consent.as_str(),
        }
    }

    /// Whose thing the command acts on: the provider of a resource, the operator of an agreement, the
    /// subscriber, the consenting subject, the credential's party. `None` where it is nobody's.
    ///
    /// # Errors
    /// Refuses a thing that is not on record.
    pub fn owner(&self, state: &State, context: &Context<'_>) -> Result<Option<PartyId>, Refusal> {
        let provider = |id: &ResourceId| Ok(Some(state.resource(id, context)?.registration.provider.clone()));
        let operator = |id: &AgreementId| Ok(Some(state.agreement(id, context)?.terms.operator.clone()));
        let of_scenario = |id: &ScenarioId| operator(&state.scenario(id, context)?.application.agreement);
        let of_product = |id: &ProductId| of_scenario(&state.product(id, context)?.submission.scenario);
        match self {
            Self::IssueCredential(c) => Ok(Some(c.credential.party.clone())),
            Self::RevokeCredential(c) => Ok(Some(state.credential(&c.credential, context)?.party.clone())),
            Self::RegisterResource(c) => Ok(Some(c.provider.clone())),
            Self::RecordVersion(c) => provider(&c.resource),
            Self::OrderDestruction(c) => provider(&c.resource),
            Self::RecordDestruction(c) => provider(&c.resource),
            Self::ApproveResource(c) => provider(&c.resource),
            Self::DeclineResource(c) => provider(&c.resource),
            Self::SignAgreement(c) => operator(&c.agreement),
            Self::ApplyScenario(c) => operator(&c.agreement),
            // An engagement for no scenario is refused for that, not for want of power.
            Self::EngagePartner(c) => match c.engagement.scenarios.first() {
                Some(scenario) => of_scenario(scenario),
                None => Ok(Some(context.actor.party.clone())),
            },
            Self::SubmitProduct(c) => of_scenario(&c.scenario),
            Self::ListProduct(c) => of_product(&c.product),
            Self::SetPrice(c) => of_product(&c.product),
            Self::Unsubscribe(c) => Ok(Some(state.subscription(&c.subscription, context)?.consumer.clone())),
            Self::WithdrawConsent(c) => Ok(Some(state.consent(&c.consent, context)?.subject.clone())),
            Self::RegisterParty(_)
            | Self::ProposeAgreement(_)
            | Self::GrantScenario(_)
            | Self::FreezeScenario(_)
            | Self::ThawScenario(_)
            | Self::SetCeiling(_)
            | Self::PermitRevenue(_)
            | Self::SetCeilings(_)
            | Self::SettleRevenue(_)
            | Self::Subscribe(_)
            | Self::GiveConsent(_) => Ok(None),
        }
    }
}
