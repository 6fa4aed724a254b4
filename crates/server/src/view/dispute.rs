//! Disputes as the API shows them.

use gongshu_api as api;
use gongshu_api::Named;
use gongshu_app::governance::State;
use gongshu_app::governance::dispute::{Dispute, StepTaken};
use gongshu_app::governance::identifier::{PartyId, ScenarioId};
use jiff::civil::Date;

use super::{party_named, word};

pub(crate) fn dispute(state: &State, dispute: &Dispute, today: Date) -> api::dispute::Dispute {
    let claim = &dispute.claim;
    let agreement = state.agreements.get(&claim.agreement);
    let scenario = |id: &ScenarioId| scenario_named(state, id);
    let closed = dispute.closed.as_ref();
    api::dispute::Dispute {
        id: claim.id.to_string(),
        title: claim.title.clone(),
        agreement: Named {
            id: claim.agreement.to_string(),
            name: agreement.map_or_else(String::new, |it| it.terms.title.clone()),
        },
        claimant: party_named(state, &dispute.claimant),
        respondents: claim.respondents.iter().map(|id| party_named(state, id)).collect(),
        scenarios: claim.scenarios.iter().map(scenario).collect(),
        claims: claim.claims.clone(),
        facts: claim.facts.clone(),
        forum: word(&dispute.forum),
        due: dispute.due().map(|due| due.to_string()),
        due_from: whose_turn(dispute).map(|id| party_named(state, id)).collect(),
        late: dispute.is_late(today),
        steps: dispute.steps.iter().map(|taken| step(state, taken)).collect(),
        frozen: dispute.measures.keys().map(scenario).collect(),
        ending: closed.map(|close| word(&close.ending)),
        conclusion: closed.map(|close| close.conclusion.clone()),
        document_sha256: closed.and_then(|close| close.document_sha256.clone()),
        revision: dispute.revision,
    }
}

/// From whom the first thing is that is due.
fn whose_turn(dispute: &Dispute) -> impl Iterator<Item = &PartyId> {
    let due = dispute.due();
    dispute
        .parties()
        .filter(move |party| due.is_some() && dispute.due_from(party) == due)
}

fn step(state: &State, taken: &StepTaken) -> api::dispute::DisputeStep {
    api::dispute::DisputeStep {
        step: word(&taken.step.step),
        by: party_named(state, &taken.by),
        at: taken.at.to_string(),
        facts: taken.step.facts.clone(),
        evidence: taken.step.evidence.as_ref().map(ToString::to_string),
        document_sha256: taken.step.document_sha256.clone(),
        late: taken.late,
    }
}

pub(super) fn scenario_named(state: &State, id: &ScenarioId) -> Named {
    let scenario = state.scenarios.get(id);
    Named {
        id: id.to_string(),
        name: scenario.map_or_else(String::new, |scenario| scenario.application.name.clone()),
    }
}
