//! What the record says of a year's operation.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::agreement::Agreement;
use crate::books::{Billed, Period};
use crate::calendar::{Term, day_of};
use crate::complaint::ComplaintStatus;
use crate::identifier::{AgreementId, PartyId, ProductId, RevenueId};
use crate::money::Money;
use crate::state::State;

/// What the closed months of a year charged, and what else of the agreement is on record about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatingFigures {
    /// First and last day that it is about: those of the year on which the agreement was in force.
    pub days: Term,
    /// Products that were charged for, free ones with no amount; in the order of their ids.
    pub products: Vec<ProductFigures>,
    /// Consumers that were charged.
    pub consumers: u64,
    /// Answered calls that were charged.
    pub calls: u64,
    /// What the months charged in all, less credit notes.
    pub charged: Money,
    /// Who receives what of that; in the order of ids.
    pub received: Vec<Received>,
    /// What could be earned at most, of each period that touches the year; in the order of ids.
    pub permitted: Vec<PermittedIn>,
    /// Incidents that were put on record in the year about its scenarios, or that its operator had; no drills, no false alarms.
    pub incidents: u64,
    /// Alerts that were raised in the year about its scenarios.
    pub alerts: u64,
    /// Disputes that were opened under it in the year.
    pub disputes: u64,
    /// Complaints about the operator that were filed under it in the year, and not dismissed.
    pub complaints: u64,
}

/// What was charged for a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductFigures {
    /// The product.
    pub product: ProductId,
    /// Answered calls.
    pub calls: u64,
    /// What they charged, less credit notes.
    pub charged: Money,
}

/// What a party receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Who.
    pub party: PartyId,
    /// How much.
    pub amount: Money,
}

/// The most that may be earned in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermittedIn {
    /// The permitted revenue.
    pub revenue: RevenueId,
    /// Its period.
    pub period: Term,
    /// The maximum.
    pub maximum: Money,
}

/// Adds it all up for the days of an agreement.
pub(super) fn figures(state: &State, agreement: &Agreement, days: Term) -> OperatingFigures {
    let id = &agreement.terms.id;
    let touches = |period: &&Period| {
        let month = period.close.month;
        period.close.agreement == *id && days.from <= month.last_day() && month.first_day() <= days.until
    };
    let periods = state.periods.values().map(|period| &**period).filter(touches);
    let bills: Vec<&Billed> = periods.flat_map(|period| period.invoices.values()).collect();
    let mut shares: BTreeMap<PartyId, Money> = BTreeMap::new();
    for (party, amount) in bills.iter().flat_map(|bill| &bill.shares) {
        let sum = shares.entry(party.clone()).or_default();
        *sum = *sum + *amount;
    }
    let consumers: BTreeSet<&PartyId> = bills.iter().map(|bill| &bill.invoice.consumer).collect();
    OperatingFigures {
        days,
        products: products(state, &bills),
        consumers: consumers.len() as u64,
        calls: bills.iter().map(|bill| bill.invoice.calls).sum(),
        charged: bills.iter().map(|bill| bill.net()).sum(),
        received: shares
            .into_iter()
            .map(|(party, amount)| Received { party, amount })
            .collect(),
        permitted: permitted(state, id, days),
        incidents: incidents(state, id, days),
        alerts: alerts(state, id, days),
        disputes: disputes(state, id, days),
        complaints: complaints(state, id, days),
    }
}

fn products(state: &State, bills: &[&Billed]) -> Vec<ProductFigures> {
    let mut sums: BTreeMap<ProductId, (u64, Money)> = BTreeMap::new();
    for bill in bills {
        let Some(subscription) = state.subscriptions.get(&bill.invoice.subscription) else {
            continue;
        };
        let (calls, charged) = sums.entry(subscription.order.product.clone()).or_default();
        *calls += bill.invoice.calls;
        *charged = *charged + bill.net();
    }
    let figures = |(product, (calls, charged))| ProductFigures {
        product,
        calls,
        charged,
    };
    sums.into_iter().map(figures).collect()
}

fn permitted(state: &State, agreement: &AgreementId, days: Term) -> Vec<PermittedIn> {
    let stands = state.revenues.values().filter(|revenue| {
        let period = revenue.permit.period;
        let touches = period.from <= days.until && days.from <= period.until;
        revenue.permit.agreement == *agreement && revenue.replaced.is_none() && touches
    });
    let mut found: Vec<PermittedIn> = stands
        .map(|revenue| PermittedIn {
            revenue: revenue.permit.id.clone(),
            period: revenue.permit.period,
            maximum: revenue.maximum,
        })
        .collect();
    found.sort_by(|one, other| one.revenue.cmp(&other.revenue));
    found
}

fn incidents(state: &State, agreement: &AgreementId, days: Term) -> u64 {
    let of_it = state.incidents.values();
    let of_it = of_it.filter(|incident| days.covers(day_of(incident.at)) && incident.concerns(state, agreement));
    of_it.count() as u64
}

fn alerts(state: &State, agreement: &AgreementId, days: Term) -> u64 {
    let about = state
        .alerts
        .values()
        .filter(|alert| days.covers(day_of(alert.at)) && state.is_under(&alert.raised.scenario, agreement));
    about.count() as u64
}

fn disputes(state: &State, agreement: &AgreementId, days: Term) -> u64 {
    let under = state
        .disputes
        .values()
        .filter(|dispute| dispute.claim.agreement == *agreement && days.covers(day_of(dispute.at)));
    under.count() as u64
}

fn complaints(state: &State, agreement: &AgreementId, days: Term) -> u64 {
    let under = state.complaints.values().filter(|complaint| {
        let counts = complaint.status != ComplaintStatus::Dismissed && days.covers(day_of(complaint.at));
        counts && complaint.complaint.agreement == *agreement
    });
    under.count() as u64
}
