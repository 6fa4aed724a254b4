//! The plan of an exit: each asset with where it comes from, whose it is to deal with, and how it ends.
//!
//! The inventory is derived from the record. What is dealt with leaves it; the report of its step goes on naming it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gongshu_governance::State;
use gongshu_governance::exit::{
    AssetClass, AssetReport, Exit, ExitStatus, ExitStep, Outcome, Step, inventory, needed_steps,
};
use gongshu_governance::identifier::{AgreementId, ModelId, OutputId, PartyId, ProductId, ScenarioId, SubscriptionId};
use gongshu_governance::model::Model;
use gongshu_governance::power::Act;
use gongshu_governance::resource::{Resource, Version, VersionStatus};
use jiff::Timestamp;

/// What an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssetKind {
    /// 原始数据: a version of a resource.
    RawData,
    /// 数据产品.
    Product,
    /// 衍生模型.
    DerivedModel {
        /// Whether it was trained inside the domain.
        trained: bool,
    },
    /// 出域成果.
    SealedOutput,
    /// 存续订购.
    OpenSubscription,
}

/// An asset of an exit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExitAsset {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: AssetKind,
    /// Its name.
    pub name: String,
    /// What it comes from: id and name of its resource, scenario or product.
    pub origin: (String, String),
    /// Whose it is to deal with.
    pub owner: Option<PartyId>,
    /// The act by which the owner has to deal with it before it can be reported.
    pub act: Option<Act>,
    /// When its key was destroyed; of raw data only.
    pub destroyed_at: Option<Timestamp>,
    /// The ways in which it may be reported now.
    pub outcomes: Vec<Outcome>,
    /// The agreement under which a successor continues it, as planned; of an order only.
    pub continued_under: Option<AgreementId>,
    /// What was reported to have become of it.
    pub reported: Option<AssetReport>,
}

impl ExitAsset {
    /// Whether nothing is left to be done with it before its step is reported, or it was reported.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.reported.is_some() || self.destroyed_at.is_some()
    }
}

impl AssetKind {
    /// The step that deals with it.
    #[must_use]
    pub fn step(self) -> ExitStep {
        match self {
            Self::RawData => ExitStep::RawData,
            Self::DerivedModel { .. } => ExitStep::Models,
            Self::Product | Self::SealedOutput => ExitStep::Products,
            Self::OpenSubscription => ExitStep::Subscriptions,
        }
    }
}

/// The assets of an exit: those reported, and while it goes on those of the inventory that are not.
#[must_use]
pub fn exit_assets(state: &State, exit: &Exit) -> Vec<ExitAsset> {
    let mut assets: BTreeMap<&str, ExitAsset> = BTreeMap::new();
    for line in exit.reported() {
        let reported = Some(line.clone());
        assets.insert(
            &line.asset,
            ExitAsset {
                reported,
                ..on_record(state, &line.asset)
            },
        );
    }
    let agreement = state.agreements.get(&exit.start.agreement);
    let open = match exit.status {
        ExitStatus::Started { .. } => agreement.map(|it| inventory(state, it)).unwrap_or_default(),
        ExitStatus::Closed { .. } => BTreeMap::new(),
    };
    for (id, class) in &open {
        assets.entry(id).or_insert_with(|| ExitAsset {
            act: waiting_act(*class),
            outcomes: Outcome::ALL
                .into_iter()
                .filter(|it| exit.allows(id, *class, *it))
                .collect(),
            ..on_record(state, id)
        });
    }
    let mut assets: Vec<ExitAsset> = assets.into_values().collect();
    for asset in &mut assets {
        asset.continued_under = exit.continued_under(&asset.id).cloned();
    }
    assets
}

/// The steps of an exit: those planned, and while it goes on those that a plan is to name.
#[must_use]
pub fn exit_steps(state: &State, exit: &Exit) -> Vec<(ExitStep, Option<Step>)> {
    let agreement = state.agreements.get(&exit.start.agreement);
    let open = agreement.filter(|_| matches!(exit.status, ExitStatus::Started { .. }));
    let needed = open.map_or_else(BTreeSet::new, |agreement| needed_steps(state, agreement));
    let steps = ExitStep::ALL.into_iter();
    let steps = steps.filter(|step| exit.steps.contains_key(step) || needed.contains(step));
    steps.map(|step| (step, exit.steps.get(&step).cloned())).collect()
}

/// What its owner has to do first: the key of raw data, or content that is sealed, is destroyed by an act of its own.
fn waiting_act(class: AssetClass) -> Option<Act> {
    match class {
        AssetClass::RawData { destroyed: false } => Some(Act::OrderDestruction),
        AssetClass::SealedOutput { released: false } => Some(Act::WithdrawOutput),
        AssetClass::DerivedModel { sealed: true } => Some(Act::WithdrawModel),
        AssetClass::RawData { destroyed: true }
        | AssetClass::SealedOutput { released: true }
        | AssetClass::DerivedModel { sealed: false }
        | AssetClass::Product
        | AssetClass::OpenSubscription { .. } => None,
    }
}

/// What stays on record of an asset when it is dealt with.
fn on_record(state: &State, id: &str) -> ExitAsset {
    product(state, id)
        .or_else(|| model(state, id))
        .or_else(|| output(state, id))
        .or_else(|| subscription(state, id))
        .unwrap_or_else(|| version(state, id))
}

fn asset(id: &str, kind: AssetKind, name: String, origin: (String, String), owner: Option<PartyId>) -> ExitAsset {
    ExitAsset {
        id: id.to_owned(),
        kind,
        name,
        origin,
        owner,
        act: None,
        destroyed_at: None,
        outcomes: Vec::new(),
        continued_under: None,
        reported: None,
    }
}

fn product(state: &State, id: &str) -> Option<ExitAsset> {
    let product = state.products.get(&ProductId::new(id))?;
    let (name, from) = (&product.submission.name, scenario(state, &product.submission.scenario));
    let owner = Some(product.developer.clone());
    Some(asset(id, AssetKind::Product, name.clone(), from, owner))
}

fn model(state: &State, id: &str) -> Option<ExitAsset> {
    let model: &Model = state.models.get(&ModelId::new(id))?;
    let kind = AssetKind::DerivedModel {
        trained: model.training.is_some(),
    };
    let resource = &model.registration.input.resource;
    let name = state.resources.get(resource).map(|it| it.registration.name.clone());
    let from = (resource.to_string(), name.unwrap_or_default());
    let owner = Some(model.registrar.party.clone());
    Some(asset(id, kind, model.registration.summary.clone(), from, owner))
}

fn output(state: &State, id: &str) -> Option<ExitAsset> {
    let output = state.outputs.get(&OutputId::new(id))?;
    let (title, from) = (&output.submission.title, scenario(state, &output.scenario));
    let owner = Some(output.by.party.clone());
    Some(asset(id, AssetKind::SealedOutput, title.clone(), from, owner))
}

/// Who refunds is the operator, who holds the money.
fn subscription(state: &State, id: &str) -> Option<ExitAsset> {
    let subscription = state.subscriptions.get(&SubscriptionId::new(id))?;
    let product = state.products.get(&subscription.order.product);
    let consumer = state.parties.get(&subscription.consumer).map(|it| it.name.clone());
    let sold = product.map_or_else(String::new, |it| it.submission.name.clone());
    let name = format!("{sold}（{}）", consumer.unwrap_or_default());
    let scenario = product.and_then(|it| state.scenarios.get(&it.submission.scenario));
    let agreement = scenario.and_then(|it| state.agreements.get(&it.application.agreement));
    let owner = agreement.map(|it| it.terms.operator.clone());
    let from = (subscription.order.product.to_string(), sold);
    Some(asset(id, AssetKind::OpenSubscription, name, from, owner))
}

fn version(state: &State, id: &str) -> ExitAsset {
    let found = |resource: &Arc<Resource>| {
        let version = resource.versions.iter().find(|version| version.id.as_str() == id);
        version.map(|version| (resource.clone(), version.clone()))
    };
    let found = state.resources.values().find_map(found);
    let Some((resource, version)): Option<(Arc<Resource>, Version)> = found else {
        return asset(id, AssetKind::RawData, String::new(), Default::default(), None);
    };
    let registration = &resource.registration;
    let from = (registration.id.to_string(), registration.name.clone());
    let owner = Some(registration.provider.clone());
    ExitAsset {
        destroyed_at: match version.status {
            VersionStatus::Destroyed { at, .. } => Some(at),
            VersionStatus::InOperation | VersionStatus::HeldBack { .. } | VersionStatus::DestructionOrdered { .. } => {
                None
            }
        },
        ..asset(id, AssetKind::RawData, registration.name.clone(), from, owner)
    }
}

fn scenario(state: &State, id: &ScenarioId) -> (String, String) {
    let name = state.scenarios.get(id).map(|it| it.application.name.clone());
    (id.to_string(), name.unwrap_or_default())
}
