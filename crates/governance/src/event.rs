//! Events: what happened. They are the record; state is what follows from them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::agreement::{AgreementEvent, ProposeAgreement, SignedDocument};
use crate::alert::AlertEvent;
use crate::assessment::AssessmentEvent;
use crate::books::BooksEvent;
use crate::border::BorderEvent;
use crate::complaint::ComplaintEvent;
use crate::consent::{GiveConsent, Received};
use crate::disclosure::DisclosureEvent;
use crate::dispute::DisputeEvent;
use crate::erasure::EraseCalls;
use crate::evidence::MakeEvidence;
use crate::exit::ExitEvent;
use crate::file::FileEvent;
use crate::identifier::{
    AgreementId, ConsentId, CredentialId, EngagementId, PartyId, PersonId, ProductId, ResourceId, RevenueId,
    ScenarioId, SubscriptionId, VersionId,
};
use crate::incident::IncidentEvent;
use crate::loan::ReportLoan;
use crate::model::ModelEvent;
use crate::money::Money;
use crate::output::OutputEvent;
use crate::party::{Credential, Party, PartyEvent};
use crate::plan::PlanEvent;
use crate::post::PostEvent;
use crate::product::{Charging, Engagement, OfferEvent, SubmitProduct};
use crate::quality::QualityEvent;
use crate::registration::RegistrationEvent;
use crate::report::ReportEvent;
use crate::resource::{RegisterResource, ResourceEvent, Version};
use crate::revenue::{PermitRevenue, PlannedSales};
use crate::scenario::{ApplyScenario, FreezeCause, ScenarioEvent};
use crate::selection::SelectionEvent;
use crate::subscription::Subscribe;
use crate::workbench::WorkbenchEvent;

/// Who acts: a party, and the person who acts for it where a person does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The party.
    pub party: PartyId,
    /// The person, where one acts.
    pub person: Option<PersonId>,
}

/// When an event happened, and its place in the order of all events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Place in the order of all events, from 1.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
#[expect(missing_docs, reason = "the fields of an event are the fields of its command")]
pub enum Event {
    /// A party is on record.
    PartyRegistered(Party),
    /// A party on record changes or leaves.
    Party(PartyEvent),
    /// A credential works.
    CredentialIssued(Credential),
    /// A credential no longer works.
    CredentialRevoked { credential: CredentialId },
    /// Of posts and delegations, and of who filed what.
    Post(PostEvent),
    /// A resource is on record.
    ResourceRegistered(Box<RegisterResource>),
    /// A resource's entry, its approvals, its withdrawal.
    Resource(ResourceEvent),
    /// A version is in operation.
    VersionRecorded { resource: ResourceId, version: Version },
    /// A version's end is decided.
    DestructionOrdered {
        resource: ResourceId,
        version: VersionId,
        reason: String,
    },
    /// A version's key is gone.
    VersionDestroyed {
        resource: ResourceId,
        version: VersionId,
        at: Timestamp,
        certificate: serde_json::Value,
    },
    /// The agency proposes an agreement.
    AgreementProposed {
        terms: Box<ProposeAgreement>,
        agency: PartyId,
    },
    /// The operator has signed.
    AgreementSigned {
        /// Which.
        agreement: AgreementId,
        /// The document that it signed; none where the act alone signs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<SignedDocument>,
    },
    /// The operator applies for a scenario.
    ScenarioApplied(Box<ApplyScenario>),
    /// The agency grants it.
    ScenarioGranted { scenario: ScenarioId },
    /// A provider approves its resource's use.
    ResourceApproved { scenario: ScenarioId, resource: ResourceId },
    /// A provider declines its resource's use.
    ResourceDeclined {
        scenario: ScenarioId,
        resource: ResourceId,
        reason: String,
    },
    /// A scenario is frozen for a cause.
    ScenarioFrozen {
        scenario: ScenarioId,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<FreezeCause>,
    },
    /// A cause is lifted; all are where none is named.
    ScenarioThawed {
        scenario: ScenarioId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<FreezeCause>,
    },
    /// The operator engages a partner.
    PartnerEngaged(Engagement),
    /// An engagement has ended.
    EngagementEnded { engagement: EngagementId, reason: String },
    /// A product waits for listing.
    ProductSubmitted {
        submission: Box<SubmitProduct>,
        developer: PartyId,
    },
    /// A product is listed.
    ProductListed { product: ProductId },
    /// A ceiling is set.
    CeilingSet {
        product: ProductId,
        #[serde(default, skip_serializing_if = "Charging::is_usual")]
        charging: Charging,
        ceiling: Money,
        basis: String,
    },
    /// A price is set.
    PriceSet {
        product: ProductId,
        price: Money,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Date>,
    },
    /// A product is suspended, resumed or withdrawn.
    Offer(OfferEvent),
    /// The revenue of a period is permitted.
    RevenuePermitted {
        permit: Box<PermitRevenue>,
        maximum: Money,
        deducted: Money,
        trial: bool,
    },
    /// Ceilings of a period are set together.
    CeilingsSet {
        revenue: RevenueId,
        sales: Vec<PlannedSales>,
        basis: String,
    },
    /// A period is settled.
    RevenueSettled {
        revenue: RevenueId,
        earned: Money,
        excess: Money,
    },
    /// A consumer subscribes.
    Subscribed { order: Subscribe, consumer: PartyId },
    /// A subscription has ended.
    Unsubscribed { subscription: SubscriptionId },
    /// One side of a subscription proposes another quota, or agrees to the other's.
    QuotaAgreed {
        subscription: SubscriptionId,
        quota_calls_max: u64,
        by: PartyId,
        agreed: bool,
    },
    /// A consumer reports a loan.
    LoanReported { loan: Box<ReportLoan>, by: PartyId },
    /// Of what goes abroad.
    Border(BorderEvent),
    /// A subject consents.
    ConsentGiven {
        given: Box<GiveConsent>,
        subject: Option<PartyId>,
        code: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof_sha256: Option<String>,
    },
    /// A subject withdraws.
    ConsentWithdrawn {
        consent: ConsentId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        received: Option<Received>,
    },
    /// Of alerts.
    Alert(AlertEvent),
    /// Of incidents.
    Incident(IncidentEvent),
    /// Of plans.
    Plan(PlanEvent),
    /// Of signed agreements.
    Agreement(AgreementEvent),
    /// Of scenarios before their grant.
    Scenario(ScenarioEvent),
    /// Of disputes.
    Dispute(DisputeEvent),
    /// Of assessments.
    Assessment(AssessmentEvent),
    /// Of selections of the operator.
    Selection(SelectionEvent),
    /// An evidence package is made.
    EvidenceMade { made: Box<MakeEvidence>, by: PartyId },
    /// What calls carried is deleted.
    CallsErased { order: Box<EraseCalls>, by: PartyId },
    /// A step of a registration.
    Registration(RegistrationEvent),
    /// Of the quality of data.
    Quality(QualityEvent),
    /// A step of a disclosure.
    Disclosure(DisclosureEvent),
    /// A step of a complaint about an operator.
    Complaint(ComplaintEvent),
    /// A step of an operating report.
    Report(ReportEvent),
    /// Something in the books.
    Books(BooksEvent),
    /// A step of a model.
    Model(ModelEvent),
    /// Something at the workbench.
    Workbench(WorkbenchEvent),
    /// A step of an output.
    Output(OutputEvent),
    /// A step of an exit.
    Exit(ExitEvent),
    /// Of a file.
    File(FileEvent),
}

impl Event {
    /// What privacy the event costs by resource, in millionths of ρ; charged in the transaction that records it.
    #[must_use]
    pub fn losses(&self) -> Option<&BTreeMap<ResourceId, u64>> {
        match self {
            Self::Workbench(WorkbenchEvent::Attempted { attempt, .. }) => Some(&attempt.losses),
            Self::Workbench(WorkbenchEvent::Ran { run, .. }) => run.ran.due(),
            Self::Output(OutputEvent::Submitted { submission, .. }) => submission.ran.due(),
            _ => None,
        }
    }

    /// The stream the event belongs to: the id of the one thing it changes.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::PartyRegistered(party) => party.id.as_str(),
            Self::CredentialIssued(credential) => credential.id.as_str(),
            Self::CredentialRevoked { credential } => credential.as_str(),
            Self::Post(event) => event.stream(),
            Self::Party(event) => event.stream(),
            Self::ResourceRegistered(registration) => registration.id.as_str(),
            Self::Resource(event) => event.stream(),
            Self::VersionRecorded { resource, .. }
            | Self::DestructionOrdered { resource, .. }
            | Self::VersionDestroyed { resource, .. } => resource.as_str(),
            Self::AgreementProposed { terms, .. } => terms.id.as_str(),
            Self::AgreementSigned { agreement, .. } => agreement.as_str(),
            Self::ScenarioApplied(application) => application.id.as_str(),
            Self::ScenarioGranted { scenario }
            | Self::ResourceApproved { scenario, .. }
            | Self::ResourceDeclined { scenario, .. }
            | Self::ScenarioFrozen { scenario, .. }
            | Self::ScenarioThawed { scenario, .. } => scenario.as_str(),
            Self::PartnerEngaged(engagement) => engagement.id.as_str(),
            Self::EngagementEnded { engagement, .. } => engagement.as_str(),
            Self::ProductSubmitted { submission, .. } => submission.id.as_str(),
            Self::ProductListed { product } | Self::CeilingSet { product, .. } | Self::PriceSet { product, .. } => {
                product.as_str()
            }
            Self::Offer(event) => event.product().as_str(),
            Self::RevenuePermitted { permit, .. } => permit.id.as_str(),
            Self::CeilingsSet { revenue, .. } | Self::RevenueSettled { revenue, .. } => revenue.as_str(),
            Self::Subscribed { order, .. } => order.id.as_str(),
            Self::Unsubscribed { subscription } | Self::QuotaAgreed { subscription, .. } => subscription.as_str(),
            Self::LoanReported { loan, .. } => loan.id.as_str(),
            Self::Border(event) => event.stream(),
            Self::ConsentGiven { given, .. } => given.id.as_str(),
            Self::ConsentWithdrawn { consent, .. } => consent.as_str(),
            Self::EvidenceMade { made, .. } => made.id.as_str(),
            Self::CallsErased { order, .. } => order.id.as_str(),
            Self::Alert(event) => event.stream(),
            Self::Incident(event) => event.stream(),
            Self::Plan(event) => event.stream(),
            Self::Selection(event) => event.stream(),
            Self::Agreement(event) => event.stream(),
            Self::Scenario(event) => event.stream(),
            Self::Dispute(event) => event.stream(),
            Self::Assessment(event) => event.stream(),
            Self::Registration(event) => event.stream(),
            Self::Disclosure(event) => event.stream(),
            Self::Complaint(event) => event.stream(),
            Self::Report(event) => event.stream(),
            Self::Quality(event) => event.stream(),
            Self::Books(event) => event.stream(),
            Self::Model(event) => event.stream(),
            Self::Workbench(event) => event.stream(),
            Self::Output(event) => event.stream(),
            Self::Exit(event) => event.stream(),
            Self::File(event) => event.stream(),
        }
    }
}
