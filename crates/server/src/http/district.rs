//! The district, its rules, and the API's own description.

use axum::Json;
use axum::extract::State;
use gongshu_api::{District as Shown, List, RuleText};
use gongshu_app::District;
use gongshu_app::governance::rules::Rule;

use crate::view;

/// The district and its log.
#[utoipa::path(get, path = "/district", operation_id = "show_district", responses((status = 200, body = Shown)))]
pub(super) async fn show(State(district): State<District>) -> Json<Shown> {
    Json(Shown {
        name: district.name().to_owned(),
        origin: district.log_key().name().as_str().to_owned(),
        log_key: district.log_key().to_string(),
        suite: district.suite().name().to_owned(),
        size: district.head().edge.size(),
        rules_hash: district.rules().hash().to_owned(),
    })
}

/// The rules in force, with sources.
#[utoipa::path(get, path = "/rules", operation_id = "list_rules", responses((status = 200, body = List<RuleText>)))]
pub(super) async fn rules(State(district): State<District>) -> Json<List<RuleText>> {
    let rules = Rule::ALL.iter().filter_map(|rule| view::rule(district.rules(), *rule));
    Json(rules.collect::<Vec<_>>().into())
}

/// This API, OpenAPI 3.1.
pub(super) async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(super::openapi())
}
