//! Exits as the API shows them.

use gongshu_api as api;
use gongshu_api::Named;
use gongshu_app::governance::State;
use gongshu_app::governance::agreement::AgreementStatus;
use gongshu_app::governance::exit::{Exit, ExitStatus, ExitStep, Step};
use gongshu_app::governance::identifier::PartyId;
use gongshu_app::{AssetKind, ExitAsset, exit_assets, exit_steps};
use jiff::civil::Date;

use super::books::agreement_named;
use super::{party_named, word};

/// An exit; with the viewer's steps and assets alone where one is given, and nothing where it has none.
pub(crate) fn exit(state: &State, exit: &Exit, viewer: Option<&PartyId>, today: Date) -> Option<api::exit::Exit> {
    let (closed_at, conclusion) = match &exit.status {
        ExitStatus::Started { .. } => (None, None),
        ExitStatus::Closed { at, conclusion, .. } => (Some(at.to_string()), Some(conclusion.clone())),
    };
    let late = closed_at.is_none() && exit.start.due < today;
    let mut steps = exit_steps(state, exit);
    let mut assets = exit_assets(state, exit);
    if let Some(viewer) = viewer {
        steps.retain(|(_, planned)| planned.as_ref().is_some_and(|planned| planned.owner == *viewer));
        let answers = |asset: &ExitAsset| steps.iter().any(|(step, _)| *step == asset.kind.step());
        assets.retain(|asset| asset.owner.as_ref() == Some(viewer) || answers(asset));
        if assets.is_empty() && steps.is_empty() {
            return None;
        }
    }
    let assets = assets.into_iter().map(|it| asset(state, it, late)).collect();
    let steps = steps
        .into_iter()
        .map(|(of, planned)| step(state, of, planned, today))
        .collect();
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
        conclusion,
        whole: viewer.is_none(),
        steps,
        assets,
        settlement: None,
        revision: exit.revision,
    })
}

fn step(state: &State, step: ExitStep, planned: Option<Step>, today: Date) -> api::exit::ExitStep {
    let (owner, due, done) = planned.map_or((None, None, None), |it| (Some(it.owner), Some(it.due), it.done));
    api::exit::ExitStep {
        step: word(&step),
        owner: owner.map(|owner| party_named(state, &owner)),
        late: done.is_none() && due.is_some_and(|due| due < today),
        due: due.map(|due| due.to_string()),
        done_at: done.as_ref().map(|done| done.at.to_string()),
        evidence: done.map(|done| done.evidence),
    }
}

fn asset(state: &State, asset: ExitAsset, late: bool) -> api::exit::ExitAsset {
    let late = late && !asset.is_done();
    let step = word(&asset.kind.step());
    let (id, name) = asset.origin;
    let reported = asset.reported;
    let statement = reported.as_ref().and_then(|it| it.statement.clone());
    api::exit::ExitAsset {
        id: asset.id,
        step,
        class: class(asset.kind).to_owned(),
        name: asset.name,
        origin: Named { id, name },
        owner: asset.owner.map(|owner| party_named(state, &owner)),
        act: asset.act.map(|act| act.id().to_owned()),
        destroyed_at: asset.destroyed_at.map(|at| at.to_string()),
        outcomes: asset.outcomes.iter().map(word).collect(),
        continued_under: asset.continued_under.map(|it| agreement_named(state, &it)),
        outcome: reported.as_ref().map(|it| word(&it.outcome)),
        evidence: reported.as_ref().map(|it| it.evidence.clone()),
        successor: reported.and_then(|it| it.successor).map(|it| it.to_string()),
        assessment_sha256: statement.as_ref().map(|it| it.document_sha256.clone()),
        reveals_raw_data: statement.map(|it| it.reveals_raw_data),
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
