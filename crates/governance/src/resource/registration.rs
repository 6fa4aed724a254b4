//! Registration of a resource: its catalogue entry.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AmendResource, ChangeDue, Clearance, Entry, Field, OutputControl, PendingRegrading, Version, VersionStatus,
    Withdrawn,
};
use crate::calendar::day_of;
use crate::identifier::{PartyId, ResourceId, VersionId};
use crate::quality::Check;
use crate::refusal::Refusal;
use crate::rules::{Rule, Rules};
use crate::service::Stops;
use crate::text::Text;

/// What a data provider states when it registers a resource (26号; catalogue entry of the field).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegisterResource {
    /// Its id.
    pub id: ResourceId,
    /// Who holds it. Holding is never moved by an authorization.
    pub provider: PartyId,
    /// Name in Chinese.
    pub name: String,
    /// Name of its table in SQL.
    pub table: String,
    /// What it is.
    pub summary: String,
    /// One of the fields of application of the rule pack.
    pub field_of_application: String,
    /// Its columns.
    pub fields: Vec<Field>,
    /// The column that identifies the data subject of a row, where rows speak of subjects.
    pub subject_key: Option<String>,
    /// The columns that are sensitive personal information (PIPL 28).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sensitive: BTreeSet<String>,
    /// Whether it is important data (DSL 21; GB/T 43697-2024).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub important: bool,
    /// Whether it is core data (GB/T 43697-2024): it is on record, and never authorized.
    #[serde(default)]
    pub core: bool,
    /// The department or region that it was shared by, where it was.
    #[serde(default)]
    pub shared_from: Option<String>,
    /// What else the entry says.
    #[serde(default)]
    pub entry: Entry,
    /// What its guarded answers pass beside the threshold and what the rule pack asks of every resource.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub controls: BTreeSet<OutputControl>,
    /// How often it is updated.
    pub frequency: String,
    /// Limits of its use.
    pub boundary: String,
    /// Legal basis of its collection.
    pub legal_basis: String,
    /// Whom to ask.
    pub contact: String,
    /// How its files are read: an opaque document that the vault understands.
    pub source: serde_json::Value,
}

/// A resource on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resource {
    /// What the provider stated.
    pub registration: RegisterResource,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
    /// In which year each version came on record.
    #[serde(default)]
    pub came: BTreeMap<VersionId, i16>,
    /// When its data was destroyed, until the next version was there.
    #[serde(default, skip_serializing_if = "Stops::is_empty")]
    #[schemars(skip)]
    pub stops: Stops,
    /// The change that waits for its registration.
    #[serde(default)]
    pub pending: Option<AmendResource>,
    /// What waits to become looser, in the order in which it was asked for; each column once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regrading: Vec<PendingRegrading>,
    /// What of it has changed and is to be registered, the first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(skip)]
    pub dues: Vec<ChangeDue>,
    /// How often levels or release rules changed.
    #[serde(default)]
    pub regraded: u64,
    /// Approvals on record.
    #[serde(default)]
    pub clearances: Vec<Clearance>,
    /// Checks of its quality.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// When its newest version came on record.
    #[serde(default)]
    #[schemars(with = "Option<crate::schema::Instant>")]
    pub updated: Option<Timestamp>,
    /// Why and since when it is withdrawn.
    #[serde(default)]
    pub withdrawn: Option<Withdrawn>,
    /// How many events changed it.
    pub revision: u64,
}

impl Resource {
    /// The version in operation: the newest one that is not held back, destroyed or not. An older version stands in for one
    /// that falls short, and never for a destroyed one.
    #[must_use]
    pub fn current(&self) -> Option<&Version> {
        self.versions
            .iter()
            .rev()
            .find(|version| !version.status.is_held_back())
    }

    /// The version that answers.
    ///
    /// # Errors
    /// When there is none: nothing was taken in, what was is held back, or it was destroyed.
    pub fn answering(&self, rules: &Rules) -> Result<&Version, Refusal> {
        let name = &self.registration.name;
        let (text, remedy) = match (self.current(), self.versions.last()) {
            (Some(version), _) => match &version.status {
                VersionStatus::InOperation | VersionStatus::HeldBack { .. } => return Ok(version),
                VersionStatus::DestructionOrdered { at, .. } | VersionStatus::Destroyed { at, .. } => {
                    let day = day_of(*at);
                    let text = Text::new(
                        format!("资源“{name}”的数据已于 {day} 销毁，密钥不复存在"),
                        format!("the data of the resource `{name}` was destroyed on {day}; its key is gone"),
                    );
                    (
                        text,
                        Text::new("请待数源单位更新数据", "wait for a new version from the provider"),
                    )
                }
            },
            (None, Some(held)) => (
                Text::new(
                    format!("资源“{name}”的版本 `{}` 质量低于下限，暂不投入使用", held.id),
                    format!(
                        "version `{}` of the resource `{name}` falls short in quality and is held back",
                        held.id
                    ),
                ),
                Text::new(
                    "请待数源单位更新数据，或待实施机构核验质量工单后放行",
                    "wait for a new version from the provider, or for the agency to let it go with its work order (`quality.close`)",
                ),
            ),
            (None, None) => (
                Text::new(
                    format!("资源“{name}”没有在用版本"),
                    format!("the resource `{name}` has no version in operation"),
                ),
                Text::new("请待数源单位入库", "wait for the provider to ingest one"),
            ),
        };
        Err(rules.refuse(Rule::VersionAvailable, text, remedy))
    }

    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.registration.fields.iter().find(|field| field.name == name)
    }

    /// Names of the fields.
    pub fn field_names(&self) -> BTreeSet<String> {
        self.registration
            .fields
            .iter()
            .map(|field| field.name.clone())
            .collect()
    }
}
