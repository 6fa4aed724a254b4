//! Products of the sample district.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_app::governance::money::Money;
use gongshu_app::governance::product::{Parameter, ProductForm};
use gongshu_app::governance::resource::ReleaseRule;
use gongshu_app::governance::scenario::PriceClass;
use serde::Deserialize;

/// A product: its query, and the scenario it is built under.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Product {
    /// Table of its resource.
    pub(in crate::demo) resource: String,
    /// Fields that the scenario grants.
    pub(in crate::demo) fields: BTreeSet<String>,
    pub(in crate::demo) name: String,
    pub(in crate::demo) summary: String,
    #[serde(default)]
    pub(in crate::demo) form: ProductForm,
    pub(in crate::demo) service_level: String,
    /// Login of who builds it.
    pub(in crate::demo) developer: String,
    /// Name of the parameter that names a data subject.
    pub(in crate::demo) subject: Option<String>,
    pub(in crate::demo) sql: String,
    pub(in crate::demo) scenario: Scenario,
    pub(in crate::demo) price: Option<Price>,
    /// The model that the query calls.
    pub(in crate::demo) model: Option<Model>,
    #[serde(default)]
    pub(in crate::demo) parameter: Vec<Parameter>,
}

/// The scenario of a product.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Scenario {
    pub(in crate::demo) purpose: String,
    pub(in crate::demo) price_class: PriceClass,
    pub(in crate::demo) consumer_class: String,
    /// Fields that leave under a tighter rule than their resource's.
    #[serde(default)]
    pub(in crate::demo) tightened: BTreeMap<String, ReleaseRule>,
}

/// An ONNX model that scores the records of the product's resource.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Model {
    pub(in crate::demo) name: String,
    pub(in crate::demo) summary: String,
    /// What it takes, in order.
    pub(in crate::demo) fields: Vec<String>,
    /// What its review found.
    pub(in crate::demo) report: String,
}

/// Ceiling and price of a product that is charged for.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Price {
    pub(in crate::demo) ceiling: Money,
    pub(in crate::demo) price: Money,
    /// What the ceiling rests on.
    pub(in crate::demo) basis: String,
}

impl Product {
    /// Index of the parameter that names a data subject.
    pub(in crate::demo) fn subject_parameter(&self) -> Option<usize> {
        let subject = self.subject.as_ref()?;
        self.parameter.iter().position(|parameter| parameter.name == *subject)
    }
}
