//! A permit: under what a call was allowed, what it reads, what it costs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::border::{Crossing, Exported};
use crate::identifier::{AgreementId, ConsentId, PartyId, ResourceId, ScenarioId, SubscriptionId, VersionId};
use crate::money::Money;

/// Calls answered so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Under the scenario.
    pub scenario_calls: u64,
    /// Under the subscription.
    pub subscription_calls: u64,
    /// What has gone abroad this year under the agreement.
    pub exported: Exported,
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
    /// SHA-256 of the derivation under which its query was let through.
    pub derivation_sha256: String,
    /// What it reads.
    pub versions: Vec<DataVersion>,
    /// What it costs.
    pub fee: Money,
    /// Who receives what of it; adds up to the fee.
    pub split: Vec<(PartyId, Money)>,
    /// What it takes abroad, to be counted.
    pub crossing: Option<Crossing>,
}

impl Permit {
    /// Whether both permits rest on the same links, data and price: an answer computed under the
    /// one may leave under the other.
    #[must_use]
    pub fn same_grounds(&self, other: &Self) -> bool {
        self.chain == other.chain
            && self.product_revision == other.product_revision
            && self.versions == other.versions
            && self.fee == other.fee
            && self.split == other.split
    }
}
