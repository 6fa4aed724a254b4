//! Files behind the hashes that acts name: put there, listed, read.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gongshu_api::List;
use gongshu_api::file::{File, FileResponse};
use gongshu_app::District;
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::auth::Identified;
use crate::problem::Failure;
use crate::upload::Upload;
use crate::view;

/// Names the entry by which a reading is on record.
const ENTRY: HeaderName = HeaderName::from_static("gongshu-entry");
/// Pieces of a file that wait for a slow reader.
const PIECES_AHEAD: usize = 2;

/// What a file is called.
#[derive(Debug, Deserialize)]
pub(super) struct Called {
    name: String,
}

/// Files that one may read, the newest first.
#[utoipa::path(get, path = "/files", operation_id = "list_files", responses((status = 200, body = List<File>)))]
pub(super) async fn list(State(district): State<District>, Identified(actor): Identified) -> Json<List<File>> {
    let files = district.files_of(&actor.party);
    let snapshot = district.snapshot();
    let shown: Vec<File> = files
        .iter()
        .map(|file| view::kept_file(&snapshot.state, file))
        .collect();
    Json(shown.into())
}

/// Puts a file there. What it is, is found by its own bytes. The same content again is told by its first putting.
#[utoipa::path(
    post,
    path = "/files", operation_id = "put_file",
    params(("name" = String, Query, description = "what the file is called")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, body = FileResponse),
        (status = 200, description = "the party kept the same content before", body = FileResponse)
    )
)]
pub(super) async fn put(
    State(district): State<District>,
    Identified(actor): Identified,
    Query(called): Query<Called>,
    body: Body,
) -> Result<(StatusCode, Json<FileResponse>), Failure> {
    let kept = district.put_file(actor, called.name, Upload::of(body)).await?;
    let status = match kept.receipt {
        Some(_) => StatusCode::CREATED,
        None => StatusCode::OK,
    };
    let file = kept.file;
    let response = FileResponse {
        id: file.id.to_string(),
        sha256: file.sha256,
        bytes: file.bytes,
        media_type: file.media_type,
        name: file.name,
        receipt: kept.receipt.map(|act| view::receipt(act.receipt)),
    };
    Ok((status, Json(response)))
}

/// Reads a file. That a party reads what another put there is on record: `Gongshu-Entry` names the entry.
#[utoipa::path(get, path = "/files/{sha256}", operation_id = "read_file", params(("sha256" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn read(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(sha256): Path<String>,
) -> Result<Response, Failure> {
    let open = district.read_file(actor, &sha256).await?;
    let (pieces, body) = mpsc::channel(PIECES_AHEAD);
    tokio::task::spawn_blocking(move || {
        for piece in open.content {
            // The reader may have gone; what fails now breaks the answer off, which its length tells.
            if pieces.blocking_send(piece).is_err() {
                break;
            }
        }
    });
    let head = [
        (header::CONTENT_TYPE, open.file.media_type),
        (header::CONTENT_LENGTH, open.file.bytes.to_string()),
        (header::CONTENT_DISPOSITION, attachment(&open.file.name)),
    ];
    let mut response = (head, Body::from_stream(ReceiverStream::new(body))).into_response();
    if let Some(act) = open.receipt {
        response
            .headers_mut()
            .insert(ENTRY, HeaderValue::from(act.receipt.index));
    }
    Ok(response)
}

/// A file to save under its own name (RFC 6266, RFC 8187): never one to show, whatever it is.
fn attachment(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename*=UTF-8''{encoded}")
}
