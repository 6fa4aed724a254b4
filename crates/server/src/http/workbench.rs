//! The workbench.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use gongshu_api::List;
use gongshu_api::act::{ActResponse, Opening};
use gongshu_api::workbench::{
    RunRequest, RunResponse, SampleRequest, SampleResponse, SaveRequest, SavedQuery, TrainRequest, TrainResponse,
    WorkResource,
};
use gongshu_app::governance::identifier::{ResourceId, ScenarioId};
use gongshu_app::workbench::{NewQuery, NewRun, NewTraining};
use gongshu_app::{AppError, District};
use serde_json::value::RawValue;

use crate::auth::Identified;
use crate::body::Body;
use crate::problem::Failure;
use crate::view;

/// What a scenario grants, for those who work under it: schema, grades, release rules.
#[utoipa::path(get, path = "/workbench/scenarios/{id}/resources", operation_id = "list_work_resources", params(("id" = String, Path)), responses((status = 200, body = List<WorkResource>)))]
pub(super) async fn resources(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Json<List<WorkResource>>, Failure> {
    let id = ScenarioId::new(&id);
    let resources = district.work_resources(&actor, &id)?;
    let snapshot = district.snapshot();
    let scenario = snapshot.state.scenarios.get(&id);
    let shown = scenario.into_iter().flat_map(|scenario| {
        let show = |resource| view::work_resource(&snapshot.state, scenario, resource, district.rules());
        resources.iter().filter_map(show)
    });
    Ok(Json(shown.collect::<Vec<_>>().into()))
}

/// Draws a synthetic sample of a table. The run that computes its marginals is on record.
#[utoipa::path(post, path = "/workbench/scenarios/{id}/samples", operation_id = "draw_sample", params(("id" = String, Path)), request_body = SampleRequest, responses((status = 201, body = SampleResponse)))]
pub(super) async fn sample(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
    Body(request): Body<SampleRequest>,
) -> Result<(StatusCode, Json<SampleResponse>), Failure> {
    let (scenario, resource) = (ScenarioId::new(&id), ResourceId::new(&request.resource));
    let sample = district
        .sample(actor, &scenario, &resource, request.rows, request.seed)
        .await?;
    Ok((StatusCode::CREATED, Json(view::sample(sample))))
}

/// Runs a query under control. The run is on record, without a fee.
#[utoipa::path(post, path = "/workbench/scenarios/{id}/runs", operation_id = "run_query", params(("id" = String, Path)), request_body = RunRequest, responses((status = 201, body = RunResponse)))]
pub(super) async fn run(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
    Body(request): Body<RunRequest>,
) -> Result<(StatusCode, Json<RunResponse>), Failure> {
    let asked = NewRun {
        sql: request.sql,
        parameters: view::parameters(request.parameters)?,
        values: request.values,
    };
    let run = district.run_query(actor, &ScenarioId::new(&id), &asked).await?;
    let answer = RawValue::from_string(run.answer);
    let response = RunResponse {
        answer: answer.map_err(|error| Failure::App(AppError::Internal(error.to_string())))?,
        check: view::derivation(&run.derivation),
        sql_opening: Opening {
            salt: run.openings.sql.salt,
            value: run.openings.sql.value,
        },
        answer_salt: run.openings.answer_salt,
        recorded: view::act(run.receipt),
    };
    Ok((StatusCode::CREATED, Json(response)))
}

/// Trains a model inside the domain. It is on record with its lineage, and waits for its review; its weights stay inside.
#[utoipa::path(post, path = "/workbench/scenarios/{id}/models", operation_id = "train_model", params(("id" = String, Path)), request_body = TrainRequest, responses((status = 201, body = TrainResponse)))]
pub(super) async fn train(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
    Body(request): Body<TrainRequest>,
) -> Result<(StatusCode, Json<TrainResponse>), Failure> {
    let algorithm = view::asked_algorithm(&request.algorithm);
    let algorithm = algorithm.ok_or_else(|| {
        Failure::Malformed(
            "there is no such algorithm, or it has other parameters; see the API's description".to_owned(),
        )
    })?;
    let asked = NewTraining {
        scenario: ScenarioId::new(&id),
        algorithm,
        name: request.name,
        summary: request.summary,
        sql: request.sql,
    };
    let trained = district.train_model(actor, asked).await?;
    let response = TrainResponse {
        id: trained.id.to_string(),
        function: trained.function,
        module_sha256: trained.module_sha256,
        fit: view::fit(trained.fit),
        check: view::derivation(&trained.derivation),
        recorded: view::act(trained.receipt),
    };
    Ok((StatusCode::CREATED, Json(response)))
}

/// One's own saved queries, every version.
#[utoipa::path(get, path = "/workbench/queries", operation_id = "list_queries", responses((status = 200, body = List<SavedQuery>)))]
pub(super) async fn queries(State(district): State<District>, Identified(actor): Identified) -> Json<List<SavedQuery>> {
    let snapshot = district.snapshot();
    let own = snapshot
        .state
        .queries
        .values()
        .filter(|query| query.by.party == actor.party);
    let mut shown: Vec<SavedQuery> = own.map(|query| view::saved_query(&snapshot.state, query)).collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}

/// Saves a query that passes the check.
#[utoipa::path(post, path = "/workbench/queries", operation_id = "save_query", request_body = SaveRequest, responses((status = 201, body = ActResponse)))]
pub(super) async fn save(
    State(district): State<District>,
    Identified(actor): Identified,
    Body(request): Body<SaveRequest>,
) -> Result<(StatusCode, Json<ActResponse>), Failure> {
    let query = NewQuery {
        scenario: ScenarioId::new(&request.scenario),
        name: request.name,
        sql: request.sql,
        parameters: view::parameters(request.parameters)?,
    };
    let done = district.save_query(actor, query).await?;
    Ok((StatusCode::CREATED, Json(view::act(done))))
}
