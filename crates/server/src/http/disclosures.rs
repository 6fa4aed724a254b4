//! Yearly disclosures, and statistics of use. Both are public.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use gongshu_api::List;
use gongshu_api::disclosure::Disclosure;
use gongshu_api::statistics::Statistics;
use gongshu_app::District;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::disclosure::{Owed, owed};
use gongshu_app::governance::party::Role;
use gongshu_app::governance::{State as Governance, Text};
use serde::Deserialize;

use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

/// What a viewer sees of a disclosure.
enum Sight {
    Nothing,
    Public,
    Draft,
}

/// Every disclosure that is owed, made or public; late ones as late. What is public carries its content.
#[utoipa::path(get, path = "/disclosures", operation_id = "list_disclosures", responses((status = 200, body = List<Disclosure>)))]
pub(super) async fn list(State(district): State<District>) -> Json<List<Disclosure>> {
    Json(shown(&district, |_, _| Sight::Public).into())
}

/// One's own disclosures with their content, and for agency and supervisor everybody's, to be reviewed.
#[utoipa::path(get, path = "/disclosures/drafts", operation_id = "list_disclosure_drafts", responses((status = 200, body = List<Disclosure>)))]
pub(super) async fn drafts(State(district): State<District>, Identified(actor): Identified) -> Json<List<Disclosure>> {
    let sight = |state: &Governance, owed: &Owed<'_>| {
        let role = state.parties.get(&actor.party).map(|party| party.role);
        if owed.party == actor.party || role.is_some_and(Role::is_authority) {
            Sight::Draft
        } else {
            Sight::Nothing
        }
    };
    Json(shown(&district, sight).into())
}

/// The page of a published disclosure, in Markdown.
#[utoipa::path(get, path = "/disclosures/{id}/page", operation_id = "show_disclosure_page", params(("id" = String, Path)), responses((status = 200, body = String, content_type = "text/markdown")))]
pub(super) async fn page(State(district): State<District>, Path(id): Path<String>) -> Result<Response, Failure> {
    let all = shown(&district, |_, _| Sight::Public);
    let found = all.iter().find(|it| it.id.as_deref() == Some(&id));
    let text = found.and_then(view::disclosure_page);
    let text = text.ok_or_else(|| view::unknown(&district, &Text::new("已公布的披露", "public disclosure"), &id))?;
    Ok(([(header::CONTENT_TYPE, "text/markdown; charset=utf-8")], text).into_response())
}

fn shown(district: &District, sight: impl Fn(&Governance, &Owed<'_>) -> Sight) -> Vec<Disclosure> {
    let snapshot = district.snapshot();
    let today = day_of(district.now());
    let all = owed(&snapshot.state, district.rules(), today);
    let shown = all.iter().flat_map(|it| {
        let drafts = match sight(&snapshot.state, it) {
            Sight::Nothing => return Vec::new(),
            Sight::Public => false,
            Sight::Draft => true,
        };
        view::disclosures(&snapshot.state, it, today, drafts)
    });
    shown.collect()
}

/// Which year is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Year {
    /// The year; the present one where it is left out.
    year: Option<i16>,
}

/// Use in a year: calls by scenario and month, firms served, enterprises that benefited; after output control.
#[utoipa::path(get, path = "/statistics", operation_id = "show_statistics", params(Year), responses((status = 200, body = Statistics)))]
pub(super) async fn statistics(
    State(district): State<District>,
    Query(asked): Query<Year>,
) -> Result<Json<Statistics>, Failure> {
    let year = asked.year.unwrap_or_else(|| day_of(district.now()).year());
    let statistics = district.statistics(year).await?;
    let snapshot = district.snapshot();
    Ok(Json(view::statistics(
        &snapshot.state,
        &statistics,
        year,
        district.rules(),
    )))
}
