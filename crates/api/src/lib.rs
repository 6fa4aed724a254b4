//! Wire types, problem codes and OpenAPI schemas of the HTTP API (`docs/api-design.md`).
#![doc = include_str!("../README.md")]

pub mod act;
pub mod alert;
pub mod assessment;
pub mod attempt;
pub mod books;
pub mod border;
pub mod call;
pub mod catalogue;
pub mod certificate;
pub mod chain;
pub mod complaint;
pub mod disclosure;
pub mod dispute;
pub mod document;
pub mod erasure;
pub mod exit;
pub mod feed;
pub mod file;
pub mod incident;
pub mod model;
pub mod output;
pub mod plan;
pub mod post;
pub mod problem;
pub mod product;
pub mod quality;
pub mod registration;
pub mod report;
pub mod revenue;
pub mod rules;
pub mod selection;
pub mod session;
pub mod statistics;
pub mod witness;
pub mod workbench;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Id and name of a thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A list. `next` goes back as `after` where there is more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

impl From<gongshu_governance::Text> for Text {
    fn from(text: gongshu_governance::Text) -> Self {
        Self {
            zh: text.zh,
            en: text.en,
        }
    }
}

/// The district and its log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct District {
    /// Name, such as `深圳市龙华区`.
    pub name: String,
    /// Origin of the log.
    pub origin: String,
    /// Key that verifies its checkpoints, in C2SP form.
    pub log_key: String,
    /// Crypto suite of the log: `international` or `shangmi` (国密).
    pub suite: String,
    /// Entries in the log.
    pub size: u64,
    /// Hash of the rule packs in force.
    pub rules_hash: String,
}

/// A rule of the packs in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RuleText {
    /// Stable id.
    pub id: String,
    /// Title of the layer that says so.
    pub layer: String,
    /// First day on which the layer says so; open where it is left out.
    pub from: Option<String>,
    /// Last day on which the layer says so; open where it is left out.
    pub until: Option<String>,
    /// Whether lower layers may only tighten it.
    pub binding: bool,
    /// Source document.
    pub source: String,
    /// Article.
    pub article: String,
    /// `H`, `M` or `L`.
    pub confidence: String,
    /// The rule in Chinese.
    pub zh: String,
    /// The rule in English.
    pub en: String,
    /// Its parameters.
    pub parameters: serde_json::Value,
    /// Where parameters come from that have another source than the rule, by parameter.
    pub basis: std::collections::BTreeMap<String, ParameterBasis>,
}

/// Where a parameter comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ParameterBasis {
    /// Source document, or that it is the district's own.
    pub source: String,
    /// Article.
    pub article: String,
    /// `H`, `M` or `L`.
    pub confidence: String,
}
