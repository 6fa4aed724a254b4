//! Commands: what parties ask for.

use serde::{Deserialize, Serialize};

use crate::agreement::{ProposeAgreement, SignAgreement};
use crate::consent::{GiveConsent, WithdrawConsent};
use crate::identifier::{PartyId, ResourceId, ScenarioId};
use crate::party::{IssueCredential, RegisterParty, RevokeCredential};
use crate::power::Act;
use crate::product::{EngagePartner, ListProduct, SetCeiling, SetPrice, SubmitProduct};
use crate::resource::{OrderDestruction, RecordDestruction, RecordVersion, RegisterResource};
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
            Self::Subscribe(c) => c.id.as_str(),
            Self::Unsubscribe(c) => c.subscription.as_str(),
            Self::GiveConsent(c) => c.id.as_str(),
            Self::WithdrawConsent(c) => c.consent.as_str(),
        }
    }

    /// Whose thing the command acts on, where it is on record: the provider of a resource, the
    /// operator of an agreement, the subscriber, the consenting subject, the credential's party.
    #[must_use]
    pub fn owner(&self, state: &State) -> Option<PartyId> {
        let provider = |id: &ResourceId| {
            state
                .resources
                .get(id)
                .map(|resource| resource.registration.provider.clone())
        };
        let operator_of = |id: &ScenarioId| {
            let agreement = &state.scenarios.get(id)?.application.agreement;
            Some(state.agreements.get(agreement)?.terms.operator.clone())
        };
        let operator = |product| operator_of(&state.products.get(product)?.submission.scenario);
        match self {
            Self::IssueCredential(c) => Some(c.credential.party.clone()),
            Self::RevokeCredential(c) => Some(state.credentials.get(&c.credential)?.party.clone()),
            Self::RegisterResource(c) => Some(c.provider.clone()),
            Self::RecordVersion(c) => provider(&c.resource),
            Self::OrderDestruction(c) => provider(&c.resource),
            Self::RecordDestruction(c) => provider(&c.resource),
            Self::ApproveResource(c) => provider(&c.resource),
            Self::DeclineResource(c) => provider(&c.resource),
            Self::SignAgreement(c) => Some(state.agreements.get(&c.agreement)?.terms.operator.clone()),
            Self::ApplyScenario(c) => Some(state.agreements.get(&c.agreement)?.terms.operator.clone()),
            Self::EngagePartner(c) => operator_of(c.engagement.scenarios.first()?),
            Self::SubmitProduct(c) => operator_of(&c.scenario),
            Self::ListProduct(c) => operator(&c.product),
            Self::SetPrice(c) => operator(&c.product),
            Self::Unsubscribe(c) => Some(state.subscriptions.get(&c.subscription)?.consumer.clone()),
            Self::WithdrawConsent(c) => Some(state.consents.get(&c.consent)?.subject.clone()),
            Self::RegisterParty(_)
            | Self::ProposeAgreement(_)
            | Self::GrantScenario(_)
            | Self::FreezeScenario(_)
            | Self::ThawScenario(_)
            | Self::SetCeiling(_)
            | Self::Subscribe(_)
            | Self::GiveConsent(_) => None,
        }
    }
}
