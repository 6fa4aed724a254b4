//! The catalogue: parties and resources.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::quality::QualityMeasure;

/// A party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Party {
    /// Its id.
    pub id: String,
    /// Its role.
    pub role: String,
    /// Its name.
    pub name: String,
    /// Its code; of a data subject, shown to itself only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `mainland`, `hong_kong`, `macao` or `elsewhere`.
    pub region: String,
    /// Since when and why it is off the register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Left>,
}

/// How a party left the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Left {
    /// Since when, RFC 3339, UTC.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// A catalogue entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Resource {
    /// Its id.
    pub id: String,
    /// Who holds it.
    pub provider: Named,
    /// Its name.
    pub name: String,
    /// Its table in SQL.
    pub table: String,
    /// What it is.
    pub summary: String,
    /// Field of application.
    pub field_of_application: String,
    /// Columns.
    pub fields: Vec<Field>,
    /// Column that identifies the data subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_key: Option<String>,
    /// Columns that are sensitive personal information.
    pub sensitive: Vec<String>,
    /// Whether it is important data.
    pub important: bool,
    /// Whether it is core data, which is never authorized.
    pub core: bool,
    /// The department that shared it, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_from: Option<String>,
    /// Volume, time span, sharing and opening, promised quality, whether it is low-sensitive.
    pub entry: serde_json::Value,
    /// The change that waits for its registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<serde_json::Value>,
    /// The change that its holder is to apply for the registration of; none while that is under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_due: Option<ChangeDue>,
    /// Levels and release rules that wait to become looser, one of each document; each column stands in one of them.
    pub regrading: Vec<serde_json::Value>,
    /// Approvals on record.
    pub clearances: serde_json::Value,
    /// Why and since when it is withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<serde_json::Value>,
    /// How often it is updated.
    pub frequency: String,
    /// When its newest version came on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// The last measure of each dimension of quality.
    pub quality: Vec<QualityMeasure>,
    /// Limits of its use.
    pub boundary: String,
    /// Legal basis of collection.
    pub legal_basis: String,
    /// Whom to ask.
    pub contact: String,
    /// Revision, for `If-Match`.
    pub revision: u64,
    /// Versions, oldest first.
    pub versions: Vec<Version>,
    /// Output controls that its guarded answers pass beside the threshold.
    pub controls: Vec<String>,
    /// Its privacy budget, where a column is private.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privacy: Option<PrivacyBudget>,
}

/// A change of a registered resource that is to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangeDue {
    /// `entry` or `grades`.
    pub changed: String,
    /// Since when, RFC 3339, UTC.
    pub at: String,
    /// The last day for its application.
    pub due: String,
    /// Whether that day rests on a year whose holidays are not arranged yet.
    pub provisional: bool,
    /// Whether that day is over.
    pub late: bool,
}

/// A privacy budget, shared by all products, in millionths of ρ (zero-concentrated differential privacy).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PrivacyBudget {
    /// The whole.
    pub rho_micro_max: u64,
    /// What is gone.
    pub rho_micro_spent: u64,
    /// What is left.
    pub rho_micro_left: u64,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub field_type: String,
    /// What it means.
    pub meaning: String,
    /// Security level, 1 to 4.
    pub level: u8,
    /// Its release rule.
    pub release: serde_json::Value,
    /// Whether a value may be missing.
    pub nullable: bool,
}

/// A version of a resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Version {
    /// Its id.
    pub id: String,
    /// Rows in operation.
    pub rows: u64,
    /// Rows set aside.
    pub quarantined: u64,
    /// SHA-256 of the file as it came.
    pub source_sha256: String,
    /// What was measured of its quality, each as so many of so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<serde_json::Value>,
    /// `{state, at?, reason?, certificate?}`.
    pub status: serde_json::Value,
}
