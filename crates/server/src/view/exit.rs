//! Exits as the API shows them.

use gongshu_api as api;
use gongshu_api::Named;
use gongshu_app::governance::State;
use gongshu_app::governance::agreement::AgreementStatus;
use gongshu_app::governance::exit::{Exit, ExitStatus};
use gongshu_app::governance::identifier::PartyId;
use gongshu_app::{AssetKind, ExitAsset, exit_assets};
use jiff::civil::Date;

use super::books::agreement_named;
use super::{party_named, word};

/// An exit; with the viewer's assets alone where one is given, and nothing where it has none.
pub(crate) fn exit(state: &State, exit: &Exit, viewer: Option<&PartyId>, today: Date) -> Option<api::exit::Exit> {
    let closed_at = match &exit.status {
        ExitStatus::Started { .. } => None,
        ExitStatus::Closed { at, .. } => Some(at.to_string()),
    };
    let late = closed_at.is_none() && exit.start.due < today;
    let all = exit_assets(state, exit).into_iter();
    let shown = all.filter(|asset| viewer.is_none_or(|viewer| asset.owner.as_ref() == Some(viewer)));
    let assets: Vec<_> = shown.map(|it| asset(state, it, late)).collect();
    if viewer.is_some() && assets.is_empty() {
        return None;
    }
    let agreement = state.agreements.get(&exit.start.agreement)?;
    let AgreementStatus::Ended { at: started_at, .. } = &agreement.status else {
        return None;
    };
    Some(api::exit::Exit {
        id: exit.start.id.to_string(),
        agreement: agreement_named(state, &exit.start.agreement),
        operator: party_named(state, &agreement.terms.operator),
        ground: word(&exit.start.ground),
        reason: exit.start.reason.clone(),
        started_at: started_at.to_string(),
        due: exit.start.due.to_string(),
        late,
        closed_at,
        whole: viewer.is_none(),
        assets,
        settlement: None,
        revision: exit.revision,
    })
}

fn asset(state: &State, asset: ExitAsset, late: bool) -> api::exit::ExitAsset {
    let late = late && !asset.is_done();
    let (id, name) = asset.origin;
    let (outcome, evidence) = asset.reported.unzip();
    api::exit::ExitAsset {
        id: asset.id,
        class: class(asset.kind).to_owned(),
        name: asset.name,
        origin: Named { id, name },
        owner: asset.owner.map(|owner| party_named(state, &owner)),
        act: asset.act.map(|act| act.id().to_owned()),
        destroyed_at: asset.destroyed_at.map(|at| at.to_string()),
        outcomes: asset.outcomes.iter().map(word).collect(),
        outcome: outcome.map(|it| word(&it)),
        evidence,
        late,
    }
}

fn class(kind: AssetKind) -> &'static str {
    match kind {
        AssetKind::RawData => "raw_data",
        AssetKind::Product => "product",
        AssetKind::DerivedModel { trained: false } => "derived_model",
        AssetKind::DerivedModel { trained: true } => "trained_model",
        AssetKind::SealedOutput => "sealed_output",
        AssetKind::OpenSubscription => "open_subscription",
    }
}
