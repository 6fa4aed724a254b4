//! Whose thing a command acts on.

use crate::Context;
use crate::erasure::ErasedCall;
use crate::exit::ExitStep;
use crate::identifier::{
    AgreementId, AlertId, AssessmentId, ComplaintId, ConsentId, CredentialId, DelegationId, DisclosureId, EngagementId,
    ExitId, ExportId, FileId, IncidentId, ModelId, OutputId, PartyId, PeriodId, PlanId, PostId, ProductId,
    RegistrationId, ResourceId, ScenarioId, SelectionId, SubscriptionId, WorkOrderId,
};
use crate::output::{OutputSource, source_owner};
use crate::party::Role;
use crate::product::Engagement;
use crate::refusal::Refusal;
use crate::registration::Registrable;
use crate::state::State;

/// A party, or nobody, or a refusal that the thing is not on record.
type Owner = Result<Option<PartyId>, Refusal>;

#[expect(clippy::unnecessary_wraps, reason = "all owners have one shape")]
pub(super) fn nobody(_: &State, _: &Context<'_>) -> Owner {
    Ok(None)
}

#[expect(clippy::unnecessary_wraps, reason = "all owners have one shape")]
pub(super) fn party(_: &State, _: &Context<'_>, id: &PartyId) -> Owner {
    Ok(Some(id.clone()))
}

pub(super) fn post(state: &State, context: &Context<'_>, id: &PostId) -> Owner {
    Ok(Some(state.post(id, context)?.of.party.clone()))
}

pub(super) fn delegation(state: &State, context: &Context<'_>, id: &DelegationId) -> Owner {
    post(state, context, &state.delegation(id, context)?.given.post)
}

pub(super) fn credential(state: &State, context: &Context<'_>, id: &CredentialId) -> Owner {
    Ok(Some(state.credential(id, context)?.party.clone()))
}

pub(super) fn provider(state: &State, context: &Context<'_>, id: &ResourceId) -> Owner {
    Ok(Some(state.resource(id, context)?.registration.provider.clone()))
}

/// The department that the work order goes to.
pub(super) fn work_order(state: &State, context: &Context<'_>, id: &WorkOrderId) -> Owner {
    provider(state, context, &state.work_order(id, context)?.order.resource)
}

pub(super) fn operator(state: &State, context: &Context<'_>, id: &AgreementId) -> Owner {
    Ok(Some(state.agreement(id, context)?.terms.operator.clone()))
}

/// The agency that proposed it.
pub(super) fn agency(state: &State, context: &Context<'_>, id: &AgreementId) -> Owner {
    Ok(Some(state.agreement(id, context)?.agency.clone()))
}

/// The actor's own party where it is one of the two sides of the agreement, and the agency for everybody else.
pub(super) fn side(state: &State, context: &Context<'_>, id: &AgreementId) -> Owner {
    let agreement = state.agreement(id, context)?;
    let own = &context.actor.party;
    Ok(Some(
        if agreement.terms.operator == *own {
            own
        } else {
            &agreement.agency
        }
        .clone(),
    ))
}

/// Who put it there.
pub(super) fn file(state: &State, context: &Context<'_>, id: &FileId) -> Owner {
    Ok(Some(state.file(id, context)?.by.clone()))
}

pub(super) fn disclosure(state: &State, context: &Context<'_>, id: &DisclosureId) -> Owner {
    Ok(Some(state.disclosure(id, context)?.by.clone()))
}

/// The operator that it is about.
pub(super) fn complained(state: &State, context: &Context<'_>, id: &ComplaintId) -> Owner {
    operator(state, context, &state.complaint(id, context)?.complaint.agreement)
}

/// The operator under whose agreement it was raised.
pub(super) fn alert(state: &State, context: &Context<'_>, id: &AlertId) -> Owner {
    scenario(state, context, &state.alert(id, context)?.raised.scenario)
}

/// Who reported it.
pub(super) fn incident(state: &State, context: &Context<'_>, id: &IncidentId) -> Owner {
    Ok(Some(state.incident(id, context)?.by.clone()))
}

pub(super) fn plan(state: &State, context: &Context<'_>, id: &PlanId) -> Owner {
    Ok(Some(state.plan(id, context)?.agency.clone()))
}

/// Who assesses.
pub(super) fn assessor(state: &State, context: &Context<'_>, id: &AssessmentId) -> Owner {
    Ok(Some(state.assessment(id, context)?.opening.assessor.clone()))
}

/// Who is assessed.
pub(super) fn assessed(state: &State, context: &Context<'_>, id: &AssessmentId) -> Owner {
    operator(state, context, &state.assessment(id, context)?.opening.agreement)
}

pub(super) fn selection(state: &State, context: &Context<'_>, id: &SelectionId) -> Owner {
    Ok(Some(state.selection(id, context)?.agency.clone()))
}

pub(super) fn period(state: &State, context: &Context<'_>, id: &PeriodId) -> Owner {
    operator(state, context, &state.period(id, context)?.close.agreement)
}

pub(super) fn scenario(state: &State, context: &Context<'_>, id: &ScenarioId) -> Owner {
    operator(state, context, &state.scenario(id, context)?.application.agreement)
}

/// The actor's own party where it provides one of the scenario's resources, and its operator for everybody else.
pub(super) fn narrower(state: &State, context: &Context<'_>, id: &ScenarioId) -> Owner {
    let actor = &context.actor.party;
    let mut resources = state.scenario(id, context)?.application.resources.keys();
    let provides = resources.any(|id| {
        let resource = state.resources.get(id);
        resource.is_some_and(|resource| resource.registration.provider == *actor)
    });
    if provides {
        return Ok(Some(actor.clone()));
    }
    scenario(state, context, id)
}

pub(super) fn product(state: &State, context: &Context<'_>, id: &ProductId) -> Owner {
    scenario(state, context, &state.product(id, context)?.submission.scenario)
}

/// Who submitted it.
pub(super) fn developer(state: &State, context: &Context<'_>, id: &ProductId) -> Owner {
    Ok(Some(state.product(id, context)?.developer.clone()))
}

/// The provider of a resource, the operator of a product.
pub(super) fn registrable(state: &State, context: &Context<'_>, thing: &Registrable) -> Owner {
    match thing {
        Registrable::Resource { resource } => provider(state, context, resource),
        Registrable::Product { product: id } => product(state, context, id),
    }
}

/// Whose thing is to be registered.
pub(super) fn registration(state: &State, context: &Context<'_>, id: &RegistrationId) -> Owner {
    registrable(state, context, &state.registration(id, context)?.application.thing)
}

/// The operator under whose scenario a model is used.
pub(super) fn model(state: &State, context: &Context<'_>, id: &ModelId) -> Owner {
    scenario(state, context, &state.model(id, context)?.registration.scenario)
}

/// Who saved the query or registered the model that an output is made from.
pub(super) fn source(state: &State, context: &Context<'_>, source: &OutputSource) -> Owner {
    source_owner(state, source, context).map(Some)
}

/// The operator under whose scenario an output was made: it reviews what partners submit.
pub(super) fn output(state: &State, context: &Context<'_>, id: &OutputId) -> Owner {
    scenario(state, context, &state.output(id, context)?.scenario)
}

pub(super) fn submitter(state: &State, context: &Context<'_>, id: &OutputId) -> Owner {
    Ok(Some(state.output(id, context)?.by.party.clone()))
}

/// The operator that engaged the partner.
pub(super) fn engaged(state: &State, context: &Context<'_>, id: &EngagementId) -> Owner {
    engagement(state, context, &state.engagement(id, context)?.engagement)
}

/// An engagement for no scenario is refused for that, not for want of power.
pub(super) fn engagement(state: &State, context: &Context<'_>, engagement: &Engagement) -> Owner {
    match engagement.scenarios.first() {
        Some(id) => scenario(state, context, id),
        None => Ok(Some(context.actor.party.clone())),
    }
}

/// The operator under whose agreement the first call was made; that the others are its own too is a rule of erasure.
/// Calls that belong nowhere, or are still to be filled in, are refused for that, not for want of power.
pub(super) fn calls(state: &State, context: &Context<'_>, calls: &[ErasedCall]) -> Owner {
    match calls.first().and_then(|call| call.scenario.as_ref()) {
        Some(id) => scenario(state, context, id),
        None => Ok(Some(context.actor.party.clone())),
    }
}

/// The operator that provides abroad.
pub(super) fn export(state: &State, context: &Context<'_>, id: &ExportId) -> Owner {
    operator(state, context, &state.export(id, context)?.of.agreement)
}

/// Who answers for the step.
pub(super) fn exit_step(state: &State, context: &Context<'_>, (exit, step): (&ExitId, ExitStep)) -> Owner {
    let exit = state.exit(exit, context)?;
    Ok(Some(exit.planned(step, context)?.owner.clone()))
}

pub(super) fn subscription(state: &State, context: &Context<'_>, id: &SubscriptionId) -> Owner {
    Ok(Some(state.subscription(id, context)?.consumer.clone()))
}

/// The actor's own party where it is one of the two sides of a subscription, and the consumer for everybody else.
pub(super) fn seller_or_buyer(state: &State, context: &Context<'_>, id: &SubscriptionId) -> Owner {
    let subscription = state.subscription(id, context)?;
    let operator = product(state, context, &subscription.order.product)?;
    let own = operator.filter(|operator| *operator == context.actor.party);
    Ok(own.or_else(|| Some(subscription.consumer.clone())))
}

pub(super) fn consent(state: &State, context: &Context<'_>, id: &ConsentId) -> Owner {
    let consent = state.consent(id, context)?;
    let by_code = || state.party_by_code.get(&(Role::Subject, consent.code.clone())).cloned();
    Ok(consent.subject.clone().or_else(by_code))
}

/// The consumer that put the consent on record; nobody where the subject gave it here.
pub(super) fn gathered(state: &State, context: &Context<'_>, id: &ConsentId) -> Owner {
    let consent = state.consent(id, context)?;
    let by_consumer = consent.proof_sha256.is_some();
    Ok(by_consumer.then(|| consent.given.consumer.clone()))
}
