//! The witness over HTTP: `POST /add-checkpoint` by the specification, and `GET /` for people.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use gongshu_app::ledger::witness::SIZE_CONTENT_TYPE;
use gongshu_app::ledger::{AddCheckpoint, WitnessRefusal};
use serde_json::{Value, json};
use tower_http::catch_panic::CatchPanicLayer;

use super::{Outcome, Witness};

/// Longest request: 63 lines of proof and a checkpoint with room for many signatures.
pub const REQUEST_BYTES_MAX: usize = 128 << 10;

/// The service of a witness.
pub fn witness_service(witness: Arc<Witness>) -> Router {
    Router::new()
        .route("/", get(show))
        .route("/add-checkpoint", post(add_checkpoint))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .layer(CatchPanicLayer::new())
        .with_state(witness)
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: Bytes) -> Response {
    let request = match std::str::from_utf8(&body) {
        Ok(text) => AddCheckpoint::parse(text).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let request = match request {
        Ok(request) => request,
        Err(reason) => return plain(StatusCode::BAD_REQUEST, &reason),
    };
    // Signatures, locks and syncs to disk are no work for the tasks that serve connections.
    let decided = tokio::task::spawn_blocking(move || witness.add_checkpoint(request)).await;
    match decided {
        Ok(Ok(Outcome::Cosigned(signature))) => plain(StatusCode::OK, &signature.to_string()),
        Ok(Ok(Outcome::Refused(refusal))) => refused(&refusal),
        Ok(Err(error)) => failed(&error),
        Err(error) => failed(&error),
    }
}

fn refused(refusal: &WitnessRefusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    tracing::warn!(code = refusal.code(), %refusal, "a checkpoint was refused");
    match refusal {
        WitnessRefusal::OtherSize { seen, .. } => {
            let headers = [(header::CONTENT_TYPE, SIZE_CONTENT_TYPE)];
            (status, headers, format!("{seen}\n")).into_response()
        }
        other => plain(status, &other.to_string()),
    }
}

fn failed(error: &dyn std::error::Error) -> Response {
    tracing::error!(%error, "a checkpoint could not be kept; it is not cosigned");
    plain(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the witness failed; nothing was cosigned",
    )
}

fn plain(status: StatusCode, line: &str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, headers, format!("{line}\n")).into_response()
}

/// Its key, the logs that it watches, how far, and how many contradictions it has kept.
async fn show(State(witness): State<Arc<Witness>>) -> Json<Value> {
    let logs: Vec<Value> = witness
        .watched
        .origins()
        .map(|origin| {
            let last = witness.last(origin);
            let root = last.as_ref().map(|last| last.root().to_base64());
            json!({"origin": origin, "size": last.map_or(0, |last| last.size()), "root": root})
        })
        .collect();
    let key = witness.key();
    Json(json!({
        "name": key.name().as_str(),
        "key": key.to_string(),
        "logs": logs,
        "evidence": witness.evidence.counts(),
    }))
}
