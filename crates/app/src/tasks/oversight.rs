//! What waits around the operation: risks to assess, amendments to answer, assessments to make, disputes to answer.

use gongshu_governance::State;
use gongshu_governance::Text;
use gongshu_governance::agreement::AmendmentOffer;
use gongshu_governance::assessment::Assessment;
use gongshu_governance::dispute::Dispute;
use gongshu_governance::identifier::{AgreementId, PartyId};
use gongshu_governance::power::Act;
use gongshu_governance::scenario::ScenarioStatus;
use jiff::civil::Date;

use super::Task;

/// The tasks of a party.
pub(super) fn tasks(state: &State, party: &PartyId, today: Date) -> Vec<Task> {
    let mut tasks = risks(state, party);
    tasks.extend(amendments(state, party, today));
    tasks.extend(assessments(state, party, today));
    tasks.extend(disputes(state, party, today));
    tasks
}

/// Scenarios whose risks their operator has not assessed.
fn risks(state: &State, party: &PartyId) -> Vec<Task> {
    let waiting = state.scenarios.values().filter(|scenario| {
        let mine = operates(state, &scenario.application.agreement, party);
        mine && scenario.status == ScenarioStatus::Applied && scenario.risk.is_none()
    });
    let task = |scenario: &std::sync::Arc<gongshu_governance::scenario::Scenario>| {
        let (id, name) = (&scenario.application.id, &scenario.application.name);
        let text = Text::new(
            format!("评估场景“{name}”的风险"),
            format!("assess the risks of `{name}`"),
        );
        Task::of(Act::AssessRisk, "scenario", id.as_str(), name, scenario.revision, text)
    };
    waiting.map(task).collect()
}

/// Amendments that the other side of an agreement has proposed, and that can still be answered.
fn amendments(state: &State, party: &PartyId, today: Date) -> Vec<Task> {
    let waiting = state.agreements.values().filter(|agreement| {
        let side = agreement.terms.operator == *party || agreement.agency == *party;
        let theirs = |offer: &AmendmentOffer| offer.by != *party && offer.is_open(today);
        side && agreement.proposed.as_ref().is_some_and(theirs)
    });
    let task = |agreement: &std::sync::Arc<gongshu_governance::agreement::Agreement>| {
        let (id, title) = (&agreement.terms.id, &agreement.terms.title);
        let last = agreement.proposed.as_ref().and_then(|offer| offer.answer_until);
        let text = match last {
            None => Text::new(
                format!("答复“{title}”的变更：签署或不同意"),
                format!("answer the amendment of `{title}`: accept or decline it"),
            ),
            Some(last) => Text::new(
                format!("答复“{title}”的变更：签署或不同意，至迟 {last}"),
                format!("answer the amendment of `{title}`: accept or decline it, by {last}"),
            ),
        };
        let revision = agreement.revision;
        Task::of(Act::AcceptAmendment, "agreement", id.as_str(), title, revision, text)
    };
    waiting.map(task).collect()
}

/// Assessments: to be made by the assessor, whose appeals are answered by the agency.
fn assessments(state: &State, party: &PartyId, today: Date) -> Vec<Task> {
    state
        .assessments
        .values()
        .filter_map(|it| assessment(state, it, party, today))
        .collect()
}

fn assessment(state: &State, assessment: &Assessment, party: &PartyId, today: Date) -> Option<Task> {
    let opening = &assessment.opening;
    let agreement = state.agreements.get(&opening.agreement)?;
    let (title, year) = (&agreement.terms.title, opening.year);
    let appealed = assessment.appeal.is_some() && assessment.answer.is_none();
    let left = assessment.indicators.len() - assessment.findings.len();
    let (act, zh, en) = match &assessment.conclusion {
        None if opening.assessor != *party => return None,
        None => {
            let (due, late) = (opening.due, late(opening.due, today));
            let act = if left > 0 {
                Act::AssessIndicators
            } else {
                Act::ConcludeAssessment
            };
            let zh = format!("评估“{title}”{year} 年度运营，尚余 {left} 项指标，期限 {due}{}", late.0);
            (
                act,
                zh,
                format!(
                    "assess the year {year} of `{title}` by {due}{}: {left} indicators are left",
                    late.1
                ),
            )
        }
        Some(_) if appealed && agreement.agency == *party => {
            let zh = format!("答复对“{title}”{year} 年度评估的申诉");
            (
                Act::AnswerAppeal,
                zh,
                format!("answer the appeal against the assessment of `{title}` for {year}"),
            )
        }
        Some(_) if assessment.is_failed() && agreement.agency == *party => {
            let zh = format!("“{title}”{year} 年度评估不合格，督促整改并登记");
            (
                Act::RectifyAssessment,
                zh,
                format!("`{title}` failed for {year}: have it put right, and record it"),
            )
        }
        Some(_) => return None,
    };
    let text = Text::new(zh, en);
    Some(Task::of(
        act,
        "assessment",
        opening.id.as_str(),
        title,
        assessment.revision,
        text,
    ))
}

/// Disputes in which a step is due from the party: a respondent's answer, or what a step has asked it for.
fn disputes(state: &State, party: &PartyId, today: Date) -> Vec<Task> {
    let open = || state.disputes.values().filter(|dispute| dispute.closed.is_none());
    let answers = open().filter_map(|dispute| answer(dispute, party, today));
    answers
        .chain(open().filter_map(|dispute| confirm(state, dispute, party)))
        .collect()
}

/// An end that a respondent has put forward, for the claimant and the agency.
fn confirm(state: &State, dispute: &Dispute, party: &PartyId) -> Option<Task> {
    let proposed = dispute.end_proposed.as_ref()?;
    let handles = state.agreements.get(&dispute.claim.agreement).map(|it| &it.agency);
    let confirms = dispute.claimant == *party || handles == Some(party);
    if !confirms || dispute.claim.respondents.contains(party) {
        return None;
    }
    let (title, by) = (&dispute.claim.title, state.parties.get(&proposed.by));
    let by = by.map_or("", |by| by.name.as_str());
    let text = Text::new(
        format!("确认“{by}”就争议“{title}”提出的结案"),
        format!("confirm the end of the dispute `{title}` that `{by}` has put forward"),
    );
    let (id, revision) = (dispute.claim.id.as_str(), dispute.revision);
    Some(Task::of(Act::CloseDispute, "dispute", id, title, revision, text))
}

fn answer(dispute: &Dispute, party: &PartyId, today: Date) -> Option<Task> {
    let due = dispute.due_from(party)?;
    let (title, late) = (&dispute.claim.title, late(due, today));
    let text = Text::new(
        format!("就争议“{title}”在 {due} 前办理{}", late.0),
        format!("act in the dispute `{title}` by {due}{}", late.1),
    );
    let (id, revision) = (dispute.claim.id.as_str(), dispute.revision);
    Some(Task::of(Act::RecordStep, "dispute", id, title, revision, text))
}

fn operates(state: &State, agreement: &AgreementId, party: &PartyId) -> bool {
    let agreement = state.agreements.get(agreement);
    agreement.is_some_and(|agreement| agreement.terms.operator == *party)
}

pub(crate) fn late(due: Date, today: Date) -> (&'static str, &'static str) {
    if due < today {
        ("，已逾期", ", overdue")
    } else {
        ("", "")
    }
}
