//! A permit: under what a call was allowed, what it reads, what it costs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::border::{Crossing, Exported};
use crate::identifier::{AgreementId, ConsentId, PartyId, ResourceId, ScenarioId, SubscriptionId, VersionId};
use crate::money::Money;
use crate::product::{Rate, Volume};

/// Calls so far that had an answer or failed on the way to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Under the scenario.
    pub scenario_calls: u64,
    /// Under the subscription.
    pub subscription_calls: u64,
    /// Of those under the subscription, the ones that failed on this day in a way that may tell of the data.
    pub failed_today: u64,
    /// What has gone abroad this year under the agreement.
    pub exported: Exported,
    /// What the operator has provided abroad this year, under all of its agreements.
    pub exported_by_operator: Exported,
}

/// The links that held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// The agreement.
    pub agreement: AgreementId,
    /// The scenario grant.
    pub scenario: ScenarioId,
    /// The resources whose providers approved.
    pub approvals: Vec<ResourceId>,
    /// The subject's consent, where one was needed.
    pub consent: Option<ConsentId>,
    /// The consents by which a set query may see rows, by resource. None of them missing and none too many: one
    /// that is given or withdrawn makes other grounds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub consents: BTreeMap<ResourceId, Vec<ConsentId>>,
    /// The subscription.
    pub subscription: SubscriptionId,
}

/// The version of a resource that a call reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataVersion {
    /// The resource.
    pub resource: ResourceId,
    /// Its version.
    pub version: VersionId,
}

/// A permitted call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permit {
    /// The governance sequence it was decided under.
    pub sequence: u64,
    /// The links that held.
    pub chain: Chain,
    /// Revision of the product.
    pub product_revision: u64,
    /// How often its scenario was narrowed.
    #[serde(default, skip_serializing_if = "is_none")]
    pub narrowings: usize,
    /// SHA-256 of the derivation under which its query was let through.
    pub derivation_sha256: String,
    /// What it reads.
    pub versions: Vec<DataVersion>,
    /// What it costs by the volume of its answer, where it is charged by that; the fee is nothing until it is metered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// What it costs.
    pub fee: Money,
    /// Who receives what of it; adds up to the fee.
    pub split: Vec<(PartyId, Money)>,
    /// What it takes abroad, to be counted.
    pub crossing: Option<Crossing>,
}

impl Permit {
    /// The permit with what an answer of this volume costs; `None` where that cannot be counted. One that is not charged by
    /// volume stays as it is.
    #[must_use]
    pub fn metered(mut self, volume: Volume) -> Option<Self> {
        if let Some(rate) = &self.rate {
            self.fee = rate.fee(volume)?;
            let shares = self.fee.split(&rate.parts);
            self.split
                .iter_mut()
                .zip(shares)
                .for_each(|(part, share)| part.1 = share);
        }
        Some(self)
    }

    /// The permit of a call that failed: money is for answers alone, and nothing went abroad.
    #[must_use]
    pub fn unanswered(self) -> Self {
        Self {
            fee: Money::ZERO,
            split: Vec::new(),
            rate: None,
            crossing: None,
            ..self
        }
    }

    /// The volume that belongs on record: none where it is not charged by that.
    #[must_use]
    pub fn recorded(&self, volume: Volume) -> Option<Volume> {
        self.rate.as_ref().map(|_| volume)
    }

    /// Whether both permits rest on the same links, data and price: an answer computed under the
    /// one may leave under the other.
    #[must_use]
    pub fn same_grounds(&self, other: &Self) -> bool {
        self.chain == other.chain
            && self.product_revision == other.product_revision
            && self.narrowings == other.narrowings
            && self.versions == other.versions
            && self.rate == other.rate
            && self.fee == other.fee
            && self.split == other.split
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_none(count: &usize) -> bool {
    *count == 0
}
