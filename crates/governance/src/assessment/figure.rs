//! What the platform's own record says of an indicator.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::calendar::day_of;
use crate::identifier::{AgreementId, ScenarioId};
use crate::product::ProductStatus;
use crate::scenario::PriceClass;
use crate::state::State;

/// A figure that is computed from the record, for one agreement and one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Charged calls of the closed months.
    Calls,
    /// Products that are listed.
    Products,
    /// Consumers with a subscription.
    Consumers,
    /// Scenarios of public governance and public welfare among all that were granted.
    FreeScenarios,
    /// Duties of incidents that were done late, among all.
    LateDuties,
    /// Disputes opened against the operator.
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

/// Computes a figure as people read it.
#[must_use]
pub fn figure(state: &State, figure: Figure, agreement: &AgreementId, year: i16) -> String {
    let of_year = |at: Timestamp| day_of(at).year() == year;
    match figure {
        Figure::Calls => calls(state, agreement, year).to_string(),
        Figure::Products => {
            let products = state.products.values();
            let listed = products
                .filter(|it| it.status == ProductStatus::Listed && under(state, &it.submission.scenario, agreement));
            listed.count().to_string()
        }
        Figure::Consumers => consumers(state, agreement).to_string(),
        Figure::FreeScenarios => {
            let scenarios = state.scenarios.values();
            let mine = scenarios.filter(|it| it.application.agreement == *agreement);
            let (free, charged): (Vec<_>, Vec<_>) = mine.partition(|it| match it.application.price_class {
                PriceClass::PublicGovernance | PriceClass::PublicWelfare => true,
                PriceClass::Industry => false,
            });
            format!("{} / {}", free.len(), free.len() + charged.len())
        }
        Figure::LateDuties => {
            let incidents = state.incidents.values().filter(|it| !it.report.drill && of_year(it.at));
            let duties: Vec<_> = incidents.flat_map(|it| it.duties.values()).collect();
            let late = duties
                .iter()
                .filter(|duty| duty.done.as_ref().is_some_and(|done| done.at > duty.due));
            format!("{} / {}", late.count(), duties.len())
        }
        Figure::Disputes => {
            let operator = state.agreements.get(agreement).map(|it| &it.terms.operator);
            let against = |it: &&std::sync::Arc<crate::dispute::Dispute>| {
                of_year(it.at) && operator.is_some_and(|operator| it.claim.respondents.contains(operator))
            };
            state.disputes.values().filter(against).count().to_string()
        }
        Figure::Excess => {
            let mine = state
                .revenues
                .values()
                .filter(|it| it.permit.agreement == *agreement && it.permit.period.until.year() == year);
            let excess: crate::money::Money = mine.filter_map(|it| it.settled).map(|it| it.excess).sum();
            excess.to_string()
        }
    }
}

fn calls(state: &State, agreement: &AgreementId, year: i16) -> u64 {
    let months = state
        .periods
        .values()
        .filter(|it| it.close.agreement == *agreement && it.close.month.first_day().year() == year);
    months.flat_map(|it| &it.close.uses).map(|it| it.calls).sum()
}

fn consumers(state: &State, agreement: &AgreementId) -> usize {
    let mine = state.subscriptions.values().filter(|it| {
        let product = state.products.get(&it.order.product);
        product.is_some_and(|product| under(state, &product.submission.scenario, agreement))
    });
    let consumers: std::collections::BTreeSet<_> = mine.map(|it| &it.consumer).collect();
    consumers.len()
}

fn under(state: &State, scenario: &ScenarioId, agreement: &AgreementId) -> bool {
    let scenario = state.scenarios.get(scenario);
    scenario.is_some_and(|scenario| scenario.application.agreement == *agreement)
}
