//! Papers of what is on record, as PDF. Who may read a thing may read its paper.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use gongshu_api::List;
use gongshu_api::act::ThingNotice;
use gongshu_app::governance::Text;
use gongshu_app::governance::identifier::{
    AssessmentId, DisclosureId, DisputeId, EngagementId, ExitId, IncidentId, PartyId, PeriodId, PlanId, ReportId,
    RevenueId, ScenarioId, SelectionId,
};
use gongshu_app::governance::party::Role;
use gongshu_app::governance::power::Act;
use gongshu_app::governance::rules::Rule;
use gongshu_app::{District, ListedNotice, SheetOf};
use serde::Deserialize;

use super::chain::oversees;
use super::documents::file;
use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

async fn sheet(district: &District, of: &SheetOf, id: &str) -> Result<Response, Failure> {
    let pdf = district.sheet_document(of).await?;
    Ok(file("application/pdf", &format!("{id}.pdf"), pdf))
}

/// A plan with its versions, the expert review's opinions and their answers, as PDF.
#[utoipa::path(get, path = "/plans/{id}/document", operation_id = "show_plan_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn plan(
    State(district): State<District>,
    _: Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    sheet(&district, &SheetOf::Plan(PlanId::new(&id)), &id).await
}

/// The result of a selection as PDF.
#[utoipa::path(get, path = "/selections/{id}/document", operation_id = "show_selection_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn selection(
    State(district): State<District>,
    _: Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    sheet(&district, &SheetOf::Selection(SelectionId::new(&id)), &id).await
}

/// The decision on a scenario, with the resources that are granted for it, as PDF.
#[utoipa::path(get, path = "/scenarios/{id}/document", operation_id = "show_scenario_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn scenario(
    State(district): State<District>,
    _: Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    sheet(&district, &SheetOf::Scenario(ScenarioId::new(&id)), &id).await
}

/// The report of an assessment as PDF: for its assessor, agency, operator and supervisor.
#[utoipa::path(get, path = "/assessments/{id}/document", operation_id = "show_assessment_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn assessment(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let of = AssessmentId::new(&id);
    let snapshot = district.snapshot();
    let found = snapshot.state.assessments.get(&of);
    let own = found.is_some_and(|it| it.opening.assessor == actor.party);
    seen(&district, own, &actor.party, ("评估", "assessment"), &id)?;
    sheet(&district, &SheetOf::Assessment(of), &id).await
}

/// The draft of an incident's report to an authority as PDF: for who reported it, agency, operator and supervisor.
#[utoipa::path(get, path = "/incidents/{id}/document", operation_id = "show_incident_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn incident(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let of = IncidentId::new(&id);
    let snapshot = district.snapshot();
    let own = snapshot.state.incidents.get(&of).is_some_and(|it| it.by == actor.party);
    seen(&district, own, &actor.party, ("安全事件", "incident"), &id)?;
    sheet(&district, &SheetOf::Incident(of), &id).await
}

/// The inventory of an exit, and once it is closed its report, as PDF: for agency, operator and supervisor.
#[utoipa::path(get, path = "/exits/{id}/document", operation_id = "show_exit_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn exit(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    seen(&district, false, &actor.party, ("退出", "exit"), &id)?;
    sheet(&district, &SheetOf::Exit(ExitId::new(&id)), &id).await
}

/// A dispute with its outcome as PDF: for its parties, agency, operator and supervisor.
#[utoipa::path(get, path = "/disputes/{id}/document", operation_id = "show_dispute_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn dispute(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let of = DisputeId::new(&id);
    let snapshot = district.snapshot();
    let found = snapshot.state.disputes.get(&of);
    let own = found.is_some_and(|it| it.parties().any(|party| *party == actor.party));
    seen(&district, own, &actor.party, ("争议", "dispute"), &id)?;
    sheet(&district, &SheetOf::Dispute(of), &id).await
}

/// A published disclosure as PDF. Anybody may ask.
#[utoipa::path(get, path = "/disclosures/{id}/document", operation_id = "show_disclosure_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn disclosure(State(district): State<District>, Path(id): Path<String>) -> Result<Response, Failure> {
    sheet(&district, &SheetOf::Disclosure(DisclosureId::new(&id)), &id).await
}

/// An operating report as PDF: for its operator, agency and supervisor.
#[utoipa::path(get, path = "/reports/{id}/document", operation_id = "show_report_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn report(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let of = ReportId::new(&id);
    let snapshot = district.snapshot();
    let own = snapshot.state.reports.get(&of).is_some_and(|it| it.by == actor.party);
    let role = snapshot.state.parties.get(&actor.party).map(|party| party.role);
    if !own && !role.is_some_and(Role::is_authority) {
        return Err(view::unknown(
            &district,
            &Text::new("运营报告", "operating report"),
            &id,
        ));
    }
    sheet(&district, &SheetOf::Report(of), &id).await
}

/// The settlement of a closed month as PDF: for agency, operator and supervisor; for a consumer its own bill.
#[utoipa::path(get, path = "/periods/{id}/document", operation_id = "show_period_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn period(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let consumer = (!oversees(&district, &actor.party)).then_some(actor.party);
    sheet(&district, &SheetOf::Period(PeriodId::new(&id), consumer), &id).await
}

/// How the maximum of a period's revenue comes about, and once it is settled what was earned, as PDF: for agency, operator
/// and supervisor.
#[utoipa::path(get, path = "/permitted-revenue/{id}/document", operation_id = "show_permitted_revenue_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn revenue(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    seen(&district, false, &actor.party, ("准许收入", "permitted revenue"), &id)?;
    sheet(&district, &SheetOf::Revenue(RevenueId::new(&id)), &id).await
}

/// The filing of a partner's engagement as PDF: for the partner, agency, operator and supervisor.
#[utoipa::path(get, path = "/engagements/{id}/document", operation_id = "show_engagement_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn engagement(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let of = EngagementId::new(&id);
    let snapshot = district.snapshot();
    let found = snapshot.state.engagements.get(&of);
    let own = found.is_some_and(|it| it.engagement.partner == actor.party);
    seen(&district, own, &actor.party, ("合作约定", "engagement"), &id)?;
    sheet(&district, &SheetOf::Engagement(of), &id).await
}

/// A party's statement as PDF: its own; of every party for agency, operator and supervisor.
#[utoipa::path(get, path = "/parties/{id}/statement/document", operation_id = "show_statement_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn statement(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let of = PartyId::new(&id);
    if actor.party != of && !oversees(&district, &actor.party) {
        let refusal = district.rules().refuse(
            Rule::Power,
            Text::new("只能查阅本单位的对账单", "this statement is another party's"),
            Text::new("请查阅本单位的对账单", "ask for your own"),
        );
        return Err(Failure::App(refusal.into()));
    }
    sheet(&district, &SheetOf::Statement(of), &id).await
}

/// The notice of an act as PDF, such as of a suspension, a price, a credit note, a consent, a delegation or a destruction: for those to
/// whom it goes and who may read of its thing.
#[utoipa::path(get, path = "/acts/{index}/document", operation_id = "show_notice_document", params(("index" = u64, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn notice(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(index): Path<u64>,
) -> Result<Response, Failure> {
    let pdf = district.notice_document(index, &actor.party).await?;
    Ok(file("application/pdf", &format!("notice-{index}.pdf"), pdf))
}

/// The thing whose notices are asked for, and where the page begins.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct NoticesOf {
    /// Id of the thing, such as an agreement, a scenario, a product, a subscription, a resource, a work order, a
    /// selection, an assessment, a dispute, an incident or an exit.
    thing: String,
    /// Only acts before this index.
    after: Option<u64>,
}

/// The notices of acts on a thing that the signed-in party may read, the newest first.
#[utoipa::path(get, path = "/notices", operation_id = "list_notices", params(NoticesOf), responses((status = 200, body = List<ThingNotice>)))]
pub(super) async fn notices(
    State(district): State<District>,
    Identified(actor): Identified,
    Query(asked): Query<NoticesOf>,
) -> Result<Json<List<ThingNotice>>, Failure> {
    let (notices, next) = district.notices(&asked.thing, asked.after, &actor.party).await?;
    Ok(Json(List {
        items: notices.into_iter().map(listed).collect(),
        next: next.map(|index| index.to_string()),
    }))
}

fn listed(listed: ListedNotice) -> ThingNotice {
    let act = Act::named(&listed.act).map(Act::en);
    ThingNotice {
        index: listed.index,
        at: listed.at.to_string(),
        title: gongshu_api::Text {
            zh: listed.notice.paper.title,
            en: act.unwrap_or(&listed.act).to_owned(),
        },
        subject: listed.notice.paper.subject,
        act: listed.act,
    }
}

/// To whom a thing is not shown, it is not there.
fn seen(district: &District, own: bool, party: &PartyId, what: (&str, &str), id: &str) -> Result<(), Failure> {
    if own || oversees(district, party) {
        return Ok(());
    }
    Err(view::unknown(district, &Text::new(what.0, what.1), id))
}
