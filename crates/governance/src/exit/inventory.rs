//! What an exit has to deal with, derived from the record by lineage: agreement → resources → versions; agreement →
//! scenarios → products → subscriptions, scenarios → models, and scenarios → outputs that are sealed.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::Outcome;
use crate::agreement::{Agreement, AgreementStatus};
use crate::books::{Period, open_month};
use crate::calendar::day_of;
use crate::identifier::{AgreementId, ResourceId, SubscriptionId};
use crate::money::Money;
use crate::output::OutputStatus;
use crate::rules::Rules;
use crate::state::State;

/// The class of an asset; each has ways of its own to end (论证, opinion 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssetClass {
    /// 原始数据: a version of a resource.
    RawData {
        /// Whether its key is destroyed, with the certificate on record.
        destroyed: bool,
    },
    /// 数据产品: what was made from the data.
    Product,
    /// 衍生模型: a model made under its scenarios; the resource it takes, or was trained on, is its lineage.
    DerivedModel {
        /// Whether its weights are sealed in the vault: it was trained there, and is not withdrawn.
        sealed: bool,
    },
    /// 出域成果: a content that is sealed in the vault until it leaves or is destroyed.
    SealedOutput {
        /// Whether its review released it.
        released: bool,
    },
    /// 已交易产品: an order that is still open.
    OpenSubscription {
        /// Whether its months are closed, its bills paid, and what was paid beyond them given back.
        settled: bool,
    },
}

impl AssetClass {
    /// Whether an asset that stands so may end in this way.
    #[must_use]
    pub fn allows(self, outcome: Outcome) -> bool {
        match (self, outcome) {
            (Self::RawData { destroyed }, Outcome::Destroyed) => destroyed,
            (Self::Product, Outcome::Destroyed | Outcome::HandedOver | Outcome::Licensed)
            | (Self::DerivedModel { .. }, Outcome::HandedOver | Outcome::Licensed)
            | (Self::OpenSubscription { settled: true }, Outcome::Refunded | Outcome::Continued) => true,
            (Self::DerivedModel { sealed }, Outcome::Destroyed) => !sealed,
            (Self::SealedOutput { released }, Outcome::HandedOver | Outcome::Licensed) => released,
            (Self::RawData { .. } | Self::OpenSubscription { .. } | Self::SealedOutput { .. }, _)
            | (Self::Product | Self::DerivedModel { .. }, Outcome::Refunded | Outcome::Continued) => false,
        }
    }
}

/// Every asset under an agreement by its id, with its class.
#[must_use]
pub fn inventory(state: &State, agreement: &Agreement) -> BTreeMap<String, AssetClass> {
    let ended = match agreement.status {
        AgreementStatus::Ended { at, .. } => Some(day_of(at)),
        AgreementStatus::Proposed | AgreementStatus::Dropped { .. } | AgreementStatus::Signed { .. } => None,
    };
    listed(state, agreement, ended)
}

/// The inventory that a decision under these rules rests on: packs before took an agreement for in force whose term was over.
pub(super) fn inventory_under(state: &State, agreement: &Agreement, rules: &Rules) -> BTreeMap<String, AssetClass> {
    if rules.parameters().other_terms_end {
        return inventory(state, agreement);
    }
    listed(state, agreement, None)
}

fn listed(state: &State, agreement: &Agreement, ended: Option<Date>) -> BTreeMap<String, AssetClass> {
    let mut assets = BTreeMap::new();
    for id in &agreement.covered {
        if serves_another(state, id, &agreement.terms.id, ended) {
            continue;
        }
        for version in state.resources.get(id).iter().flat_map(|resource| &resource.versions) {
            let destroyed = version.status.is_destroyed();
            assets.insert(version.id.to_string(), AssetClass::RawData { destroyed });
        }
    }
    let under = |scenario| {
        let scenario = state.scenarios.get(scenario);
        scenario.is_some_and(|scenario| scenario.application.agreement == agreement.terms.id)
    };
    let products = state.products.iter();
    for (id, _) in products.filter(|(_, product)| product.status.may_serve() && under(&product.submission.scenario)) {
        assets.insert(id.to_string(), AssetClass::Product);
    }
    let models = state.models.iter();
    for (id, model) in models.filter(|(_, model)| under(&model.registration.scenario)) {
        let sealed = model.is_sealed();
        assets.insert(id.to_string(), AssetClass::DerivedModel { sealed });
    }
    for (id, output) in state.outputs.iter().filter(|(_, output)| under(&output.scenario)) {
        if output.status.keeps_content() {
            let released = matches!(output.status, OutputStatus::Released { .. });
            assets.insert(id.to_string(), AssetClass::SealedOutput { released });
        }
    }
    for (id, subscription) in state.subscriptions.iter().filter(|(_, subscription)| subscription.open) {
        if assets.contains_key(subscription.order.product.as_str()) {
            let settled = is_settled(state, agreement, id);
            assets.insert(id.to_string(), AssetClass::OpenSubscription { settled });
        }
    }
    assets
}

/// Whether nothing is open between the operator and who subscribed: every month is closed, which gives back the days that a
/// year was charged for in vain, and each bill is paid or refunded to the fen.
fn is_settled(state: &State, agreement: &Agreement, subscription: &SubscriptionId) -> bool {
    let own = |period: &&Arc<Period>| period.close.agreement == agreement.terms.id;
    let mut bills = state
        .periods
        .values()
        .filter(own)
        .filter_map(|period| period.invoices.get(subscription));
    open_month(state, agreement).is_none() && bills.all(|billed| billed.open() == Money::ZERO)
}

/// Whether another agreement in force covers the resource: its data then stays for that one. An agreement whose term was over
/// when this one ended uses nothing more, whether or not its own exit has begun.
fn serves_another(state: &State, resource: &ResourceId, ending: &AgreementId, ended: Option<Date>) -> bool {
    let mut others = state.agreements.values().filter(|other| other.terms.id != *ending);
    others.any(|other| {
        let signed = matches!(other.status, AgreementStatus::Signed { .. });
        let over = ended.is_some_and(|day| other.terms.term.until < day);
        signed && !over && other.terms.resources.contains(resource)
    })
}
