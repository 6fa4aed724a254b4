//! Acts, ingestion, keys and tasks.

use std::io::Cursor;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use gongshu_api::List;
use gongshu_api::act::{ActRequest, ActResponse, IngestResponse, KeyRequest, KeyResponse, Task, TaskSubject};
use gongshu_app::District;
use gongshu_app::governance::agreement::{AcceptAmendment, SignAgreement};
use gongshu_app::governance::identifier::{EngagementId, PartyId, ResourceId};
use gongshu_app::governance::{Command, forms};
use serde_json::{Value, json};

use crate::auth::Identified;
use crate::body::Body;
use crate::problem::Failure;
use crate::view;

/// Does a governance act.
#[utoipa::path(
    post,
    path = "/acts", operation_id = "act",
    params(("If-Match" = Option<String>, Header, description = "revision that the actor saw")),
    request_body = ActRequest,
    responses((status = 201, body = ActResponse))
)]
pub(super) async fn act(
    State(district): State<District>,
    Identified(actor): Identified,
    headers: HeaderMap,
    Body(request): Body<ActRequest>,
) -> Result<(StatusCode, Json<ActResponse>), Failure> {
    let seen = seen_revision(&headers)?;
    let command = command_of(&district, &actor.party, request)?;
    let reader = actor.party.clone();
    let done = match command {
        Command::OrderDestruction(order) => district.destroy_version(actor, order, seen).await?,
        Command::RegisterModel(registration) => district.register_model(actor, *registration, seen).await?,
        Command::WithdrawModel(withdrawal) => district.withdraw_model(actor, withdrawal, seen).await?,
        Command::EraseCalls(order) => district.erase_calls(actor, *order, seen).await?,
        Command::ClosePeriod(close) => district.close_period(actor, *close, seen).await?,
        Command::ReviewOutput(review) => district.review_output(actor, review, seen).await?,
        Command::WithdrawOutput(withdrawal) => district.withdraw_output(actor, withdrawal, seen).await?,
        Command::RemoveFile(removal) => district.remove_file(actor, removal, seen).await?,
        // What the platform itself finds goes through its own requests.
        Command::RecordVersion(_)
        | Command::RecordDestruction(_)
        | Command::SubmitProduct(_)
        | Command::SaveQuery(_)
        | Command::RecordAttempt(_)
        | Command::RunQuery(_)
        | Command::TrainModel(_)
        | Command::SubmitOutput(_)
        | Command::CollectOutput(_)
        | Command::MakeEvidence(_)
        | Command::RecordFile(_)
        | Command::ReadFile(_)
        | Command::SealAgreement(_)
        | Command::SignAgreement(SignAgreement { document: Some(_), .. })
        | Command::AcceptAmendment(AcceptAmendment { document: Some(_), .. })
        | Command::IssueCredential(_) => {
            return Err(Failure::Malformed(
                "this command has a request of its own; see the API's description".to_owned(),
            ));
        }
        command => district.act(actor, command, seen).await?,
    };
    let mut shown = view::act(done);
    // What is done is done, whether or not its notice can be looked for now.
    let notice = district.notice(shown.receipt.index, &reader).await;
    shown.notice = notice.is_ok_and(|notice| notice.is_some());
    Ok((StatusCode::CREATED, Json(shown)))
}

/// The command, with ids made for new things and the actor's own party filled in.
fn command_of(district: &District, party: &PartyId, request: ActRequest) -> Result<Command, Failure> {
    let mut of = request.of;
    let form = forms().iter().find(|form| form.command == request.command);
    let Some(form) = form else {
        return Err(Failure::Malformed(format!(
            "there is no command `{}`; GET /api/v1/acts lists them",
            request.command
        )));
    };
    if let Some(prefix) = form.new_thing() {
        of.insert("id".to_owned(), Value::String(district.new_id(prefix)));
    }
    if request.command == "register_resource" {
        of.entry("provider").or_insert_with(|| json!(party));
    }
    if request.command == "create_post" {
        of.entry("party").or_insert_with(|| json!(party));
    }
    for (member, prefix) in [("party", PartyId::PREFIX), ("engagement", EngagementId::PREFIX)] {
        if let Some(Value::Object(thing)) = of.get_mut(member) {
            thing.insert("id".to_owned(), Value::String(district.new_id(prefix)));
        }
    }
    let command = json!({"command": request.command, "of": of});
    serde_json::from_value(command).map_err(|error| Failure::Malformed(format!("the command cannot be read: {error}")))
}

fn seen_revision(headers: &HeaderMap) -> Result<Option<u64>, Failure> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let number = value.to_str().ok().and_then(|text| text.trim_matches('"').parse().ok());
    number
        .map(Some)
        .ok_or_else(|| Failure::Malformed("If-Match takes a revision such as \"3\"".to_owned()))
}

/// Ingests a file as the next version of a resource.
#[utoipa::path(
    post,
    path = "/resources/{id}/versions", operation_id = "ingest_version",
    params(("id" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = IngestResponse))
)]
pub(super) async fn ingest(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<IngestResponse>), Failure> {
    let done = district.ingest(actor, ResourceId::new(&id), Cursor::new(body)).await?;
    Ok((StatusCode::CREATED, Json(view::ingested(done))))
}

/// Issues an API key to one's own party.
#[utoipa::path(post, path = "/keys", operation_id = "issue_key", request_body = KeyRequest, responses((status = 201, body = KeyResponse)))]
pub(super) async fn issue_key(
    State(district): State<District>,
    Identified(actor): Identified,
    Body(request): Body<KeyRequest>,
) -> Result<(StatusCode, Json<KeyResponse>), Failure> {
    let issued = district.issue_key(actor, &request.label).await?;
    let response = KeyResponse {
        id: issued.act.stream.clone(),
        key: issued.key,
        receipt: view::receipt(issued.act.receipt),
    };
    Ok((StatusCode::CREATED, Json(response)))
}

/// What waits for the signed-in party.
#[utoipa::path(get, path = "/tasks", operation_id = "list_tasks", responses((status = 200, body = List<Task>)))]
pub(super) async fn tasks(State(district): State<District>, Identified(actor): Identified) -> Json<List<Task>> {
    let shown = |task: gongshu_app::Task| Task {
        act: task.act.id().to_owned(),
        subject: TaskSubject {
            kind: task.kind.to_owned(),
            id: task.id,
            name: task.name,
            revision: task.revision,
            resource: task.resource,
        },
        text: task.text.into(),
    };
    Json(
        district
            .tasks(&actor.party)
            .into_iter()
            .map(shown)
            .collect::<Vec<_>>()
            .into(),
    )
}
