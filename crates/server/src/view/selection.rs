//! Selections as the API shows them.

use gongshu_api as api;
use gongshu_api::Named;
use gongshu_app::governance::State;
use gongshu_app::governance::agreement::Agreement;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::identifier::PartyId;
use gongshu_app::governance::party::Role;
use gongshu_app::governance::rules::Rules;
use gongshu_app::governance::selection::{Applicant, Objection, Selection, carried_by, ranking};
use jiff::civil::Date;

use super::chain::term;
use super::{party_named, word};

pub(crate) fn selection(
    state: &State,
    rules: &Rules,
    selection: &Selection,
    (viewer, today): (&PartyId, Date),
) -> api::selection::Selection {
    let announced = &selection.announcement;
    let plan = state.plans.get(&announced.plan);
    let objections = selection.objections.iter();
    let agreements = carried_by(state, &announced.id);
    let named = |agreement: &Agreement| Named {
        id: agreement.terms.id.to_string(),
        name: agreement.terms.title.clone(),
    };
    api::selection::Selection {
        id: announced.id.to_string(),
        title: announced.title.clone(),
        plan: Named {
            id: announced.plan.to_string(),
            name: plan.map_or_else(String::new, |plan| plan.title.clone()),
        },
        agency: party_named(state, &selection.agency),
        method: word(&announced.method),
        conditions: announced.conditions.clone(),
        criteria: announced
            .criteria
            .iter()
            .map(|it| api::selection::SelectionCriterion {
                name: it.name.clone(),
                asks: it.asks.clone(),
                points: it.points,
            })
            .collect(),
        term: term(&announced.term),
        notice: announced.notice.clone(),
        late_days: selection.announced_late_days,
        invited: announced.invited.iter().map(|id| party_named(state, id)).collect(),
        applicants: applicants(state, selection, viewer),
        panel: panel(selection),
        candidate: selection
            .publicity
            .as_ref()
            .map(|publicity| api::selection::SelectionCandidate {
                party: party_named(state, &publicity.applicant),
                term: term(&publicity.term),
                notice: publicity.notice.clone(),
                late_days: selection.publicity_late_days,
                evidence_sha256: publicity.evidence.as_ref().map(|it| it.document_sha256.clone()),
            }),
        objections: objections
            .map(|(number, it)| objection(rules, *number, it, today))
            .collect(),
        selected: selection.selected.as_ref().map(|operator| party_named(state, operator)),
        agreements: agreements.iter().map(|it| named(it)).collect(),
        cancellable: selection.failed.is_none() && (agreements.is_empty() || !rules.parameters().selected_once),
        failed: selection.failed.as_ref().map(|failed| failed.reason.clone()),
        revision: selection.revision,
    }
}

/// Applicants: those who are ranked in their order, then the others.
fn applicants(state: &State, selection: &Selection, viewer: &PartyId) -> Vec<api::selection::SelectionApplicant> {
    let ranked = ranking(selection);
    let place = |id: &PartyId| ranked.iter().position(|place| place.applicant == id);
    let mut applicants: Vec<(&PartyId, &Applicant)> = selection.applicants.iter().collect();
    applicants.sort_by_key(|(id, _)| place(id).unwrap_or(usize::MAX));
    let viewing = state.parties.get(viewer).map(|party| party.role);
    let sees = |id: &PartyId| id == viewer || viewing.is_some_and(Role::is_authority);
    let shown = |(id, applicant): (&PartyId, &Applicant)| {
        let scored = ranked.iter().find(|place| place.applicant == id && place.complete);
        api::selection::SelectionApplicant {
            party: party_named(state, id),
            at: applicant.at.to_string(),
            qualified: applicant.qualification.as_ref().map(|it| it.qualified),
            reason: applicant.qualification.as_ref().map(|it| it.reason.clone()),
            check: checked(applicant).filter(|_| sees(id)),
            total: scored.map(|place| place.total),
            set_aside: selection.set_aside.contains(id),
            evidence: if sees(id) {
                applicant.application.evidence.clone()
            } else {
                [].into()
            },
        }
    };
    applicants.into_iter().map(shown).collect()
}

fn checked(applicant: &Applicant) -> Option<api::selection::RecordCheck> {
    let check = applicant.qualification.as_ref()?.check.as_ref()?;
    Some(api::selection::RecordCheck {
        document_sha256: check.document_sha256.clone(),
        day: check.day.to_string(),
        last_blemish: check.last_blemish.map(|day| day.to_string()),
        contradicts: check.contradicts(applicant),
    })
}

fn panel(selection: &Selection) -> Vec<String> {
    let Some(panel) = &selection.panel else {
        return Vec::new();
    };
    let others = panel.members.iter().map(|member| &member.name);
    let others = others.filter(|name| **name != panel.leader);
    std::iter::once(&panel.leader).chain(others).cloned().collect()
}

fn objection(rules: &Rules, number: u32, objection: &Objection, today: Date) -> api::selection::SelectionObjection {
    let days = rules.parameters().objection_days_max;
    let due = day_of(objection.at).saturating_add(jiff::Span::new().days(days));
    let answered = objection.answer.as_ref();
    api::selection::SelectionObjection {
        number,
        objector: objection.raised.objector.clone(),
        reason: objection.raised.reason.clone(),
        due: due.to_string(),
        late: objection.answered.map_or(today, day_of) > due,
        upheld: answered.map(|it| it.upheld),
        answer: answered.map(|it| it.reason.clone()),
    }
}
