//! Outputs: submitted, reviewed (by an act), collected.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gongshu_api::List;
use gongshu_api::act::ActResponse;
use gongshu_api::output::{CollectResponse, Output, OutputForReview, OutputRequest};
use gongshu_app::District;
use gongshu_app::governance::Text;
use gongshu_app::governance::identifier::{ModelId, OutputId, QueryId};
use gongshu_app::governance::output::{OutputKind, OutputSource};
use gongshu_app::governance::party::Role;
use gongshu_app::workbench::NewOutput;
use serde_json::Value;

use crate::auth::Identified;
use crate::body::Body;
use crate::problem::Failure;
use crate::view;

/// Outputs: one's own, those one may review, and all of them for supervisors.
#[utoipa::path(get, path = "/workbench/outputs", operation_id = "list_outputs", responses((status = 200, body = List<Output>)))]
pub(super) async fn list(State(district): State<District>, Identified(actor): Identified) -> Json<List<Output>> {
    let snapshot = district.snapshot();
    let role = snapshot.state.parties.get(&actor.party).map(|party| party.role);
    let mut shown = Vec::new();
    for output in snapshot.state.outputs.values() {
        let reviewable = district.may_review(&actor, output);
        if reviewable || output.by.party == actor.party || role == Some(Role::Supervisor) {
            shown.push(view::output(&snapshot.state, output, reviewable));
        }
    }
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}

/// What a reviewer reads: content, derivation, what changed since the version before, disclosure-risk figures.
#[utoipa::path(get, path = "/workbench/outputs/{id}/review", operation_id = "show_output_for_review", params(("id" = String, Path)), responses((status = 200, body = OutputForReview)))]
pub(super) async fn review(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Json<OutputForReview>, Failure> {
    let id = OutputId::new(&id);
    let (content, media_type) = district.reviewed_content(&actor, &id).await?;
    let snapshot = district.snapshot();
    let output = snapshot.state.outputs.get(&id);
    let output =
        output.ok_or_else(|| view::unknown(&district, &Text::new("待审成果", "output to review"), id.as_str()))?;
    let derivation = district.output_derivation(output).await?;
    let sql = match &output.submission.made_from {
        OutputSource::Query(query) => snapshot.state.queries.get(query).map(|query| query.saved.sql.clone()),
        OutputSource::Model(_) => None,
    };
    let attempts = snapshot.state.runs_of(&output.by.party, &output.scenario);
    Ok(Json(OutputForReview {
        output: view::output(&snapshot.state, output, true),
        sql,
        values: output.submission.values.clone(),
        derivation: derivation.text.into(),
        derivation_as_recorded: derivation.as_recorded,
        changes: derivation.changes,
        figures: view::figures(&output.submission.figures),
        attempts: view::tally(&attempts.map(|runs| runs.tally.clone()).unwrap_or_default()),
        content: STANDARD.encode(content),
        media_type: media_type.to_owned(),
    }))
}

/// Submits an output for review: the platform makes its content, keeps it in the domain and measures it.
#[utoipa::path(post, path = "/workbench/outputs", operation_id = "submit_output", request_body = OutputRequest, responses((status = 201, body = ActResponse)))]
pub(super) async fn submit(
    State(district): State<District>,
    Identified(actor): Identified,
    Body(request): Body<OutputRequest>,
) -> Result<(StatusCode, Json<ActResponse>), Failure> {
    let kind = serde_json::from_value(Value::String(request.kind.clone()));
    let kind: OutputKind = kind.map_err(|_| {
        Failure::Malformed(format!(
            "`{}` is no kind of output; use report, data_set, product_query or model",
            request.kind
        ))
    })?;
    let made_from = match kind {
        OutputKind::Report | OutputKind::DataSet | OutputKind::ProductQuery => {
            OutputSource::Query(QueryId::new(&request.made_from))
        }
        OutputKind::Model => OutputSource::Model(ModelId::new(&request.made_from)),
    };
    let output = NewOutput {
        kind,
        made_from,
        title: request.title,
        justification: request.justification,
        previous: request.previous.map(OutputId::new),
        values: request.values,
    };
    let done = district.submit_output(actor, output).await?;
    Ok((StatusCode::CREATED, Json(view::act(done))))
}

/// Takes a released output out of the domain. Each time is on record.
#[utoipa::path(post, path = "/workbench/outputs/{id}/collection", operation_id = "collect_output", params(("id" = String, Path)), responses((status = 201, body = CollectResponse)))]
pub(super) async fn collect(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<CollectResponse>), Failure> {
    let collected = district.collect_output(actor, &OutputId::new(&id)).await?;
    let response = CollectResponse {
        file_name: collected.file_name,
        media_type: collected.media_type.to_owned(),
        content: STANDARD.encode(collected.content),
        recorded: view::act(collected.receipt),
    };
    Ok((StatusCode::CREATED, Json(response)))
}
