//! What the platform's own record says of an indicator.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::day_of;
use crate::complaint::Complaint;
use crate::dispute::Dispute;
use crate::identifier::AgreementId;
use crate::incident::Incident;
use crate::money::Money;
use crate::product::{Product, ProductStatus};
use crate::scenario::{Scenario, ScenarioStatus};
use crate::state::State;

/// A figure that is computed from the record, for one agreement and one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Charged calls of the closed months.
    Calls,
    /// Products that were on the list at some time of the year.
    Products,
    /// Consumers with a subscription at some time of the year.
    Consumers,
    /// Scenarios of public governance and public welfare among all that were granted and ran in the year.
    FreeScenarios,
    /// Duties of the agreement's incidents that were done late or are overdue, among all.
    LateDuties,
    /// Disputes opened against the operator, and complaints about it that were upheld.
    Disputes,
    /// Revenue earned above the permitted maximum.
    Excess,
}

impl Figure {
    /// The figure of this id.
    #[must_use]
    pub fn read(id: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(id.to_owned())).ok()
    }
}

/// Computes a figure as people read it, as the record stands now.
#[must_use]
pub fn figure(state: &State, figure: Figure, agreement: &AgreementId, year: i16, now: Timestamp) -> String {
    match figure {
        Figure::Calls => calls(state, agreement, year).to_string(),
        Figure::Products => products(state, agreement, year).to_string(),
        Figure::Consumers => consumers(state, agreement, year).to_string(),
        Figure::FreeScenarios => free_scenarios(state, agreement, year),
        Figure::LateDuties => late_duties(state, agreement, year, now),
        Figure::Disputes => disputes(state, agreement, year).to_string(),
        Figure::Excess => excess(state, agreement, year).to_string(),
    }
}

/// Whether a span of days touches the year.
fn touches(year: i16, from: Date, until: Option<Date>) -> bool {
    from.year() <= year && until.is_none_or(|until| year <= until.year())
}

fn calls(state: &State, agreement: &AgreementId, year: i16) -> u64 {
    let months = state
        .periods
        .values()
        .filter(|it| it.close.agreement == *agreement && it.close.month.first_day().year() == year);
    months.flat_map(|it| &it.close.uses).map(|it| it.calls).sum()
}

/// Products that were on the list at some time of the year.
fn products(state: &State, agreement: &AgreementId, year: i16) -> usize {
    let on_list = |product: &&Arc<Product>| {
        let until = match product.status {
            ProductStatus::Withdrawn { until, .. } => Some(until),
            ProductStatus::Submitted
            | ProductStatus::Listed
            | ProductStatus::Refused { .. }
            | ProductStatus::Retracted { .. } => None,
        };
        let listed = product.listed.is_some_and(|at| touches(year, day_of(at), until));
        listed && state.is_under(&product.submission.scenario, agreement)
    };
    state.products.values().filter(on_list).count()
}

/// Consumers who subscribed to something at some time of the year.
fn consumers(state: &State, agreement: &AgreementId, year: i16) -> usize {
    let mine = state.subscriptions.values().filter(|it| {
        let product = state.products.get(&it.order.product);
        let runs = touches(year, day_of(it.opened), it.closed.map(day_of));
        runs && product.is_some_and(|product| state.is_under(&product.submission.scenario, agreement))
    });
    let consumers: BTreeSet<_> = mine.map(|it| &it.consumer).collect();
    consumers.len()
}

/// Of the scenarios that were granted and ran at some time of the year, those that are free.
fn free_scenarios(state: &State, agreement: &AgreementId, year: i16) -> String {
    let granted = |it: &&Arc<Scenario>| {
        let term = it.application.term.until;
        let until = match it.status {
            ScenarioStatus::Ended { at, .. } => term.min(day_of(at)),
            ScenarioStatus::Applied
            | ScenarioStatus::Granted { .. }
            | ScenarioStatus::Frozen { .. }
            | ScenarioStatus::Refused { .. }
            | ScenarioStatus::Withdrawn { .. } => term,
        };
        let until = Some(until);
        it.application.agreement == *agreement && it.granted().is_some_and(|at| touches(year, day_of(at), until))
    };
    let of_year: Vec<_> = state.scenarios.values().filter(granted).collect();
    let free = of_year.iter().filter(|it| it.application.price_class.is_free());
    format!("{} / {}", free.count(), of_year.len())
}

/// Of the duties of incidents that concern the agreement, those that were done late, or whose time is over undone.
fn late_duties(state: &State, agreement: &AgreementId, year: i16, now: Timestamp) -> String {
    let of_year = |it: &&Arc<Incident>| it.concerns(state, agreement) && day_of(it.at).year() == year;
    let incidents = state.incidents.values().filter(of_year);
    let duties: Vec<_> = incidents.flat_map(|it| it.duties.values()).collect();
    let late = duties.iter().filter(|duty| duty.is_late(now));
    format!("{} / {}", late.count(), duties.len())
}

fn disputes(state: &State, agreement: &AgreementId, year: i16) -> usize {
    let operator = state.agreements.get(agreement).map(|it| &it.terms.operator);
    let against = |it: &&Arc<Dispute>| {
        let responds = operator.is_some_and(|operator| it.claim.respondents.contains(operator));
        responds && day_of(it.at).year() == year
    };
    let upheld =
        |it: &&Arc<Complaint>| it.complaint.agreement == *agreement && it.is_upheld() && day_of(it.at).year() == year;
    state.disputes.values().filter(against).count() + state.complaints.values().filter(upheld).count()
}

fn excess(state: &State, agreement: &AgreementId, year: i16) -> Money {
    let mine = state.revenues.values();
    mine.filter(|it| it.permit.agreement == *agreement && it.permit.period.until.year() == year)
        .filter_map(|it| it.settled)
        .map(|it| it.excess)
        .sum()
}
