//! Models, and their modules for those who review them.

use axum::Json;
use axum::extract::{Path, State};
use gongshu_api::List;
use gongshu_api::model::{Model, ModelWithModule};
use gongshu_app::District;
use gongshu_app::governance::Text;
use gongshu_app::governance::identifier::ModelId;

use super::chain::oversees;
use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

/// Models, every version.
#[utoipa::path(get, path = "/models", operation_id = "list_models", responses((status = 200, body = List<Model>)))]
pub(super) async fn list(State(district): State<District>, _: Identified) -> Json<List<Model>> {
    let snapshot = district.snapshot();
    let models = snapshot.state.models.values();
    let mut models: Vec<Model> = models.map(|model| view::model(&snapshot.state, model)).collect();
    models.sort_by(|a, b| a.id.cmp(&b.id));
    Json(models.into())
}

/// A model with its module, or with its lineage; for agency, operators, supervisors and whoever registered it.
#[utoipa::path(get, path = "/models/{id}", operation_id = "show_model", params(("id" = String, Path)), responses((status = 200, body = ModelWithModule)))]
pub(super) async fn show(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Json<ModelWithModule>, Failure> {
    let snapshot = district.snapshot();
    let model = snapshot.state.models.get(&ModelId::new(&id));
    let seen = model.filter(|model| model.registrar.party == actor.party || oversees(&district, &actor.party));
    match seen {
        Some(model) => {
            let mut shown = view::model(&snapshot.state, model);
            if let (Some(lineage), Some(training)) = (&mut shown.lineage, &model.training) {
                lineage.sql = Some(training.sql.clone());
            }
            Ok(Json(ModelWithModule {
                model: shown,
                module: model.registration.module.clone(),
            }))
        }
        None => Err(view::unknown(&district, &Text::new("模型", "model"), &id)),
    }
}
