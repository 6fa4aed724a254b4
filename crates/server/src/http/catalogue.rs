//! Parties and resources.

use axum::Json;
use axum::extract::{Path, State};
use gongshu_api::List;
use gongshu_api::catalogue::{Party, Resource};
use gongshu_app::District;
use gongshu_app::governance::Text;
use gongshu_app::governance::identifier::ResourceId;

use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

/// Parties on record.
#[utoipa::path(get, path = "/parties", operation_id = "list_parties", responses((status = 200, body = List<Party>)))]
pub(super) async fn parties(State(district): State<District>, Identified(actor): Identified) -> Json<List<Party>> {
    let snapshot = district.snapshot();
    let mut parties: Vec<Party> = snapshot
        .state
        .parties
        .values()
        .map(|party| view::party(&snapshot.state, party, Some(&actor.party)))
        .collect();
    parties.sort_by(|a, b| a.id.cmp(&b.id));
    Json(parties.into())
}

/// The catalogue.
#[utoipa::path(get, path = "/resources", operation_id = "list_resources", responses((status = 200, body = List<Resource>)))]
pub(super) async fn resources(State(district): State<District>) -> Json<List<Resource>> {
    let snapshot = district.snapshot();
    let resources = snapshot.state.resources.values();
    let mut resources: Vec<Resource> = resources
        .map(|resource| view::resource(&snapshot, resource, district.rules(), district.now()))
        .collect();
    resources.sort_by(|a, b| a.id.cmp(&b.id));
    Json(resources.into())
}

/// A catalogue entry.
#[utoipa::path(get, path = "/resources/{id}", operation_id = "show_resource", params(("id" = String, Path)), responses((status = 200, body = Resource)))]
pub(super) async fn resource(
    State(district): State<District>,
    Path(id): Path<String>,
) -> Result<Json<Resource>, Failure> {
    let snapshot = district.snapshot();
    match snapshot.state.resources.get(&ResourceId::new(&id)) {
        Some(resource) => Ok(Json(view::resource(
            &snapshot,
            resource,
            district.rules(),
            district.now(),
        ))),
        None => Err(view::unknown(&district, &Text::new("数据资源", "resource"), &id)),
    }
}
