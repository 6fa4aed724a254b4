//! Calls of products, and checks of queries.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use gongshu_api::call::{CallRequest, CallResponse, CheckRequest, CheckResponse};
use gongshu_app::governance::identifier::ProductId;
use gongshu_app::{Call, District};
use serde_json::value::RawValue;

use crate::auth::Identified;
use crate::body::Body;
use crate::problem::Failure;
use crate::view;

/// Longest idempotency key.
const IDEMPOTENCY_KEY_CHARACTERS_MAX: usize = 128;

/// Calls a product.
#[utoipa::path(
    post,
    path = "/products/{id}/calls", operation_id = "call_product",
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = CallRequest,
    responses((status = 200, body = CallResponse))
)]
pub(super) async fn call(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
    headers: HeaderMap,
    Body(request): Body<CallRequest>,
) -> Result<Json<CallResponse>, Failure> {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
    if key.is_some_and(|key| key.is_empty() || key.len() > IDEMPOTENCY_KEY_CHARACTERS_MAX) {
        return Err(Failure::Malformed(format!(
            "an idempotency key has 1 to {IDEMPOTENCY_KEY_CHARACTERS_MAX} characters"
        )));
    }
    let call = Call {
        actor,
        product: ProductId::new(&id),
        purpose: request.purpose,
        parameters: request.parameters,
        idempotency_key: key.map(str::to_owned),
    };
    let answered = district.call(call).await?;
    let answer = RawValue::from_string(answered.answer);
    let answer = answer.map_err(|error| Failure::App(gongshu_app::AppError::Internal(error.to_string())))?;
    Ok(Json(CallResponse {
        id: answered.id,
        answer,
        fee: answered.fee.to_string(),
        receipt: view::receipt(answered.receipt),
    }))
}

/// Checks whether a query may run under a scenario.
#[utoipa::path(post, path = "/queries/check", operation_id = "check_query", request_body = CheckRequest, responses((status = 200, body = CheckResponse)))]
pub(super) async fn check(
    State(district): State<District>,
    Identified(actor): Identified,
    Body(request): Body<CheckRequest>,
) -> Result<Json<CheckResponse>, Failure> {
    let derivation = district.check_query(&actor, &view::query(request)?).await?;
    Ok(Json(view::derivation(&derivation)))
}
