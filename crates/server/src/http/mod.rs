//! Routes of the API, a file a resource.

mod acts;
mod alerts;
mod assessments;
mod attempts;
mod books;
mod border;
mod calls;
mod catalogue;
mod certificates;
mod chain;
mod complaints;
mod disclosures;
mod disputes;
mod district;
mod documents;
mod erasures;
mod evidence;
mod exits;
mod feed;
mod files;
mod forms;
mod incidents;
mod models;
mod outputs;
mod plans;
mod posts;
mod products;
mod quality;
mod registrations;
mod reports;
mod rules;
mod selections;
mod session;
mod settlements;
mod sheets;
mod witnesses;
mod workbench;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Extension, Router};
use gongshu_app::District;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Settings;

/// The API's head.
#[derive(OpenApi)]
#[openapi(info(
    title = "Gongshu",
    description = "公共数据资源授权运营平台 / authorized operation of public data",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Head;

fn api(settings: &Settings) -> OpenApiRouter<District> {
    let uploads = OpenApiRouter::new()
        .routes(routes!(acts::ingest))
        .layer(DefaultBodyLimit::max(settings.upload_bytes_max));
    let others = OpenApiRouter::new()
        .routes(routes!(district::show))
        .routes(routes!(district::rules))
        .routes(routes!(session::open, session::show, session::close))
        .routes(routes!(catalogue::parties))
        .routes(routes!(posts::list))
        .routes(routes!(posts::people))
        .routes(routes!(catalogue::resources))
        .routes(routes!(catalogue::resource))
        .routes(routes!(quality::list))
        .routes(routes!(plans::list))
        .routes(routes!(plans::review))
        .routes(routes!(selections::list))
        .routes(routes!(assessments::list))
        .routes(routes!(disputes::list))
        .routes(routes!(chain::agreements))
        .routes(routes!(documents::agreement))
        .routes(routes!(documents::sign))
        .routes(routes!(documents::signature))
        .routes(routes!(documents::amendment))
        .routes(routes!(documents::sign_amendment))
        .routes(routes!(documents::registration))
        .routes(routes!(sheets::plan))
        .routes(routes!(sheets::selection))
        .routes(routes!(sheets::scenario))
        .routes(routes!(sheets::assessment))
        .routes(routes!(sheets::incident))
        .routes(routes!(sheets::exit))
        .routes(routes!(sheets::dispute))
        .routes(routes!(sheets::disclosure))
        .routes(routes!(sheets::report))
        .routes(routes!(sheets::period))
        .routes(routes!(sheets::statement))
        .routes(routes!(sheets::revenue))
        .routes(routes!(sheets::engagement))
        .routes(routes!(sheets::notice))
        .routes(routes!(sheets::notices))
        .routes(routes!(chain::engagements))
        .routes(routes!(chain::scenarios))
        .routes(routes!(chain::subscriptions))
        .routes(routes!(chain::consents))
        .routes(routes!(border::documents))
        .routes(routes!(border::counts))
        .routes(routes!(chain::revenue))
        .routes(routes!(erasures::list))
        .routes(routes!(evidence::make))
        .routes(routes!(files::list, files::put))
        .routes(routes!(files::read))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::show))
        .routes(routes!(incidents::list))
        .routes(routes!(incidents::report))
        .routes(routes!(models::list))
        .routes(routes!(models::show))
        .routes(routes!(exits::list))
        .routes(routes!(settlements::metering))
        .routes(routes!(settlements::list))
        .routes(routes!(settlements::permitted_revenue))
        .routes(routes!(books::periods))
        .routes(routes!(books::statement))
        .routes(routes!(books::statement_csv))
        .routes(routes!(products::list, products::submit))
        .routes(routes!(products::show))
        .routes(routes!(workbench::resources))
        .routes(routes!(workbench::sample))
        .routes(routes!(attempts::list, workbench::run))
        .routes(routes!(workbench::train))
        .routes(routes!(workbench::queries, workbench::save))
        .routes(routes!(outputs::list, outputs::submit))
        .routes(routes!(outputs::review))
        .routes(routes!(outputs::collect))
        .routes(routes!(disclosures::list))
        .routes(routes!(disclosures::drafts))
        .routes(routes!(disclosures::page))
        .routes(routes!(disclosures::statistics))
        .routes(routes!(reports::list))
        .routes(routes!(complaints::list))
        .routes(routes!(registrations::list))
        .routes(routes!(registrations::register))
        .routes(routes!(registrations::query))
        .routes(routes!(registrations::file))
        .routes(routes!(calls::call))
        .routes(routes!(calls::check))
        .routes(routes!(acts::act, forms::list))
        .routes(routes!(acts::issue_key))
        .routes(routes!(certificates::invite))
        .routes(routes!(certificates::list, certificates::enrol))
        .routes(routes!(certificates::renew))
        .routes(routes!(certificates::revoke))
        .routes(routes!(acts::tasks))
        .routes(routes!(feed::list))
        .routes(routes!(feed::receipt))
        .routes(routes!(witnesses::list))
        .routes(routes!(witnesses::time_stamps))
        .routes(routes!(witnesses::time_stamp))
        .layer(DefaultBodyLimit::max(settings.body_bytes_max));
    let proposals = OpenApiRouter::new()
        .routes(routes!(rules::try_rules))
        .layer(Extension(rules::Bounds::from(settings)));
    uploads.merge(others).merge(proposals)
}

/// The OpenAPI 3.1 document, made from the code.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    OpenApiRouter::with_openapi(Head::openapi())
        .nest("/api/v1", api(&Settings::default()))
        .split_for_parts()
        .1
}

/// The routes below `/api/v1`.
pub(crate) fn routes(settings: &Settings) -> Router<District> {
    let (routes, _) = api(settings).split_for_parts();
    routes
        .route("/openapi.json", get(district::openapi))
        .route("/feed/live", get(feed::live))
}
