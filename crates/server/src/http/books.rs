//! The books: closed months, and statements of parties as JSON and CSV.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use gongshu_api::List;
use gongshu_api::books::{Period, StatementLine};
use gongshu_app::District;
use gongshu_app::governance::Text;
use gongshu_app::governance::books::statement as lines_of;
use gongshu_app::governance::identifier::PartyId;
use gongshu_app::governance::rules::Rule;
use serde::Deserialize;

use super::chain::oversees;
use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

/// Closed months with their invoices; those of others for agency, operator and supervisor only.
#[utoipa::path(get, path = "/periods", operation_id = "list_periods", responses((status = 200, body = List<Period>)))]
pub(super) async fn periods(State(district): State<District>, Identified(actor): Identified) -> Json<List<Period>> {
    let snapshot = district.snapshot();
    let viewer = (!oversees(&district, &actor.party)).then_some(&actor.party);
    let periods = snapshot.state.periods.values();
    let mut shown: Vec<Period> = periods
        .map(|period| view::period(&snapshot.state, period, viewer))
        .collect();
    shown.sort_by(|a, b| (&a.month, &a.id).cmp(&(&b.month, &b.id)));
    Json(shown.into())
}

/// A party's statement: its own; of every party for agency, operator and supervisor.
#[utoipa::path(get, path = "/parties/{id}/statement", operation_id = "show_statement", params(("id" = String, Path)), responses((status = 200, body = List<StatementLine>)))]
pub(super) async fn statement(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Json<List<StatementLine>>, Failure> {
    Ok(Json(lines(&district, &actor.party, &PartyId::new(&id))?.into()))
}

/// The language of a file's head.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// How a file is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FileOptions {
    /// Language of the head; Chinese where it is left out.
    #[serde(default)]
    #[param(inline)]
    language: Language,
}

/// The same statement as a CSV file.
#[utoipa::path(get, path = "/parties/{id}/statement.csv", operation_id = "download_statement", params(("id" = String, Path), FileOptions), responses((status = 200, content_type = "text/csv", body = String)))]
pub(super) async fn statement_csv(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
    Query(options): Query<FileOptions>,
) -> Result<Response, Failure> {
    let lines = lines(&district, &actor.party, &PartyId::new(&id))?;
    let text = view::statement_csv(&lines, matches!(options.language, Language::Zh))?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
}

fn lines(district: &District, viewer: &PartyId, party: &PartyId) -> Result<Vec<StatementLine>, Failure> {
    if viewer != party && !oversees(district, viewer) {
        let refusal = district.rules().refuse(
            Rule::Power,
            Text::new("只能查阅本单位的对账单", "this statement is another party's"),
            Text::new("请查阅本单位的对账单", "ask for your own"),
        );
        return Err(Failure::App(refusal.into()));
    }
    let snapshot = district.snapshot();
    if !snapshot.state.parties.contains_key(party) {
        return Err(view::unknown(district, &Text::new("主体", "party"), party.as_str()));
    }
    let lines = lines_of(&snapshot.state, party);
    Ok(lines
        .iter()
        .map(|line| view::statement_line(&snapshot.state, line))
        .collect())
}
