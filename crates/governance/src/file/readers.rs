//! Who may read a file: who put it there, agency and supervisor, and those whom a thing concerns that names it.

use super::Naming;
use crate::identifier::{
    AgreementId, AssessmentId, DisputeId, EngagementId, ExitId, ExportId, FileId, IncidentId, LoanId, PartyId, PlanId,
    RegistrationId, ResourceId, ScenarioId, SelectionId, WorkOrderId,
};
use crate::power::Act;
use crate::state::State;

/// Whether a party may read the file of this hash.
///
/// To name a hash opens nothing to who names it: a naming counts where it is by a party that put the file there, or by
/// one that may read all.
#[must_use]
pub fn may_read(state: &State, party: &PartyId, sha256: &str) -> bool {
    let Some(document) = state.documents.get(sha256) else {
        return false;
    };
    let holds = |party: &PartyId| {
        let own = |id: &FileId| state.files.get(id).is_some_and(|file| file.by == *party);
        reads_all(state, party) || document.files.iter().any(own)
    };
    if holds(party) {
        return true;
    }
    let mut namings = document.named.iter();
    namings.any(|naming| holds(&naming.by) && concerns(state, naming, party))
}

/// Whether a thing concerns a party, or the party reads all.
pub(super) fn concerns_by_itself(state: &State, thing: &str, party: &PartyId) -> bool {
    reads_all(state, party) || concerns(state, &Naming::of(thing, None, party), party)
}

fn reads_all(state: &State, party: &PartyId) -> bool {
    let party = state.parties.get(party);
    party.is_some_and(|party| party.role.is_authority())
}

/// Whether the thing that names a file is one that this party deals with, or one that is shown to everybody.
fn concerns(state: &State, naming: &Naming, party: &PartyId) -> bool {
    let thing = naming.thing();
    if state.plans.contains_key(&PlanId::new(thing)) {
        return true;
    }
    if state.selections.contains_key(&SelectionId::new(thing)) {
        // What an applicant shows is not for the others; a notice is for everybody.
        return matches!(naming.act, Some(Act::AnnounceSelection | Act::PublicizeCandidate));
    }
    if let Some(dispute) = state.disputes.get(&DisputeId::new(thing)) {
        return dispute.parties().any(|it| it == party);
    }
    deals_with(state, thing, party)
}

/// Whether a thing is a party's own, or one of its sides.
fn deals_with(state: &State, thing: &str, party: &PartyId) -> bool {
    let operates = |id: &AgreementId| state.agreements.get(id).is_some_and(|it| it.terms.operator == *party);
    let provides = |id: &ResourceId| {
        state
            .resources
            .get(id)
            .is_some_and(|it| it.registration.provider == *party)
    };
    let scenario = |id: &ScenarioId| {
        let scenario = state.scenarios.get(id)?;
        let application = &scenario.application;
        Some(operates(&application.agreement) || application.resources.keys().any(provides))
    };
    if thing == party.as_str() || operates(&AgreementId::new(thing)) || provides(&ResourceId::new(thing)) {
        return true;
    }
    let of_chain = scenario(&ScenarioId::new(thing)).or_else(|| {
        let engagement = &state.engagements.get(&EngagementId::new(thing))?.engagement;
        let operated = engagement.scenarios.iter().filter_map(|id| state.scenarios.get(id));
        let operated = operated.map(|scenario| &scenario.application.agreement);
        Some(engagement.partner == *party || operated.into_iter().any(operates))
    });
    let of_ends = || {
        let exit = state.exits.get(&ExitId::new(thing))?;
        Some(operates(&exit.start.agreement) || exit.steps.values().any(|step| step.owner == *party))
    };
    let of_exports = || {
        let export = state.exports.get(&ExportId::new(thing))?;
        Some(operates(&export.of.agreement) || export.of.consumer == *party)
    };
    let of_assessments = || {
        let assessment = state.assessments.get(&AssessmentId::new(thing))?;
        Some(operates(&assessment.opening.agreement) || assessment.opening.assessor == *party)
    };
    of_chain
        .or_else(of_ends)
        .or_else(of_exports)
        .or_else(of_assessments)
        .unwrap_or_else(|| is_by(state, thing, party))
}

/// Whether a thing was filed by a party, or put to it.
fn is_by(state: &State, thing: &str, party: &PartyId) -> bool {
    let incident = state.incidents.get(&IncidentId::new(thing)).map(|it| &it.by);
    let loan = || state.loans.get(&LoanId::new(thing)).map(|it| &it.by);
    let registration = || {
        state
            .registrations
            .get(&RegistrationId::new(thing))
            .map(|it| &it.applicant)
    };
    let order = || {
        let order = state.work_orders.get(&WorkOrderId::new(thing))?;
        Some(&state.resources.get(&order.order.resource)?.registration.provider)
    };
    incident.or_else(loan).or_else(registration).or_else(order) == Some(party)
}
