//! Products.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use gongshu_api::List;
use gongshu_api::act::ActResponse;
use gongshu_api::call::SubmitRequest;
use gongshu_api::product::Product;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::identifier::ProductId;
use gongshu_app::governance::party::Role;
use gongshu_app::governance::product::{Product as Recorded, ProductStatus};
use gongshu_app::governance::{Actor, State as Known, Text};
use gongshu_app::{District, NewProduct};

use crate::auth::{Identified, Viewer};
use crate::body::Body;
use crate::problem::Failure;
use crate::view;

/// Products. Who is not signed in sees those that are or were on the list; a submission is for its developer, the
/// operator, the agency and supervisors.
#[utoipa::path(get, path = "/products", operation_id = "list_products", responses((status = 200, body = List<Product>)))]
pub(super) async fn list(State(district): State<District>, Viewer(actor): Viewer) -> Json<List<Product>> {
    let snapshot = district.snapshot();
    let today = day_of(district.now());
    let shown = |product: &&Arc<Recorded>| may_see(&snapshot.state, product, actor.as_ref());
    let products = snapshot.state.products.values().filter(shown).map(|product| {
        view::product(
            &snapshot.state,
            product,
            district.held_up(&snapshot.state, product),
            today,
        )
    });
    let mut products: Vec<Product> = products.collect();
    products.sort_by(|a, b| a.id.cmp(&b.id));
    Json(products.into())
}

/// Whether the product was on the list, or the viewer has to do with what is not.
fn may_see(state: &Known, product: &Recorded, viewer: Option<&Actor>) -> bool {
    match product.status {
        ProductStatus::Listed | ProductStatus::Withdrawn { .. } => return true,
        ProductStatus::Submitted | ProductStatus::Refused { .. } | ProductStatus::Retracted { .. } => {}
    }
    let Some(viewer) = viewer else { return false };
    let role = state.parties.get(&viewer.party).map(|party| party.role);
    let oversees = matches!(role, Some(Role::Agency | Role::Operator | Role::Supervisor));
    oversees || product.developer == viewer.party
}

/// A product.
#[utoipa::path(get, path = "/products/{id}", operation_id = "show_product", params(("id" = String, Path)), responses((status = 200, body = Product)))]
pub(super) async fn show(
    State(district): State<District>,
    Viewer(actor): Viewer,
    Path(id): Path<String>,
) -> Result<Json<Product>, Failure> {
    let snapshot = district.snapshot();
    match snapshot.state.products.get(&ProductId::new(&id)) {
        Some(product) if may_see(&snapshot.state, product, actor.as_ref()) => {
            let chain = district.held_up(&snapshot.state, product);
            Ok(Json(view::product(
                &snapshot.state,
                product,
                chain,
                day_of(district.now()),
            )))
        }
        _ => Err(view::unknown(&district, &Text::new("数据产品", "product"), &id)),
    }
}

/// Submits a product for listing; its query is checked first.
#[utoipa::path(post, path = "/products", operation_id = "submit_product", request_body = SubmitRequest, responses((status = 201, body = ActResponse)))]
pub(super) async fn submit(
    State(district): State<District>,
    Identified(actor): Identified,
    Body(request): Body<SubmitRequest>,
) -> Result<(StatusCode, Json<ActResponse>), Failure> {
    let product = NewProduct {
        query: view::query(request.query)?,
        name: request.name,
        summary: request.summary,
        form: view::form(request.form.as_deref())?,
        service_level: request.service_level,
        replaces: request.replaces.map(ProductId::new),
    };
    let done = district.submit_product(actor, product).await?;
    Ok((StatusCode::CREATED, Json(view::act(done))))
}
