//! Forms: what each command asks for, and who may ask it.

use axum::Json;
use axum::extract::State;
use gongshu_api::List;
use gongshu_api::act::ActForm;
use gongshu_app::District;
use gongshu_app::governance::identifier::PartyId;
use gongshu_app::governance::party::Role;
use gongshu_app::governance::power::Act;
use gongshu_app::governance::{Form, forms};

/// Every command with its form.
#[utoipa::path(get, path = "/acts", operation_id = "list_acts", responses((status = 200, body = List<ActForm>)))]
pub(super) async fn list(State(district): State<District>) -> Json<List<ActForm>> {
    let shown = forms().iter().map(|form| shown(&district, form));
    Json(shown.collect::<Vec<_>>().into())
}

fn shown(district: &District, form: &Form) -> ActForm {
    ActForm {
        name: form.act.name().into(),
        roles: roles(district, form.act),
        request: own_request(form.act).map(str::to_owned),
        act: form.act.id().to_owned(),
        command: form.command.clone(),
        schema: form.schema.clone(),
    }
}

/// The roles that may do it to something, if only to what is their own.
fn roles(district: &District, act: Act) -> Vec<String> {
    let party = PartyId::new("pty_anyone");
    let may = |role: &&Role| district.powers().allows(&party, **role, act, Some(&party));
    Role::ALL.iter().filter(may).map(|role| role.id().to_owned()).collect()
}

/// What the platform itself finds goes through a request of its own.
fn own_request(act: Act) -> Option<&'static str> {
    match act {
        Act::RecordVersion => Some("POST /resources/{id}/versions"),
        Act::RecordDestruction => Some("POST /acts: order_destruction"),
        Act::SubmitProduct => Some("POST /products"),
        Act::SaveQuery => Some("POST /workbench/queries"),
        Act::RecordAttempt | Act::RunQuery => Some("POST /workbench/scenarios/{id}/runs"),
        Act::TrainModel => Some("POST /workbench/scenarios/{id}/models"),
        Act::SubmitOutput => Some("POST /workbench/outputs"),
        Act::CollectOutput => Some("POST /workbench/outputs/{id}/collection"),
        Act::MakeEvidence => Some("POST /evidence"),
        Act::RecordFile => Some("POST /files"),
        Act::ReadFile => Some("GET /files/{sha256}"),
        Act::SealAgreement => Some("POST /agreements/{id}/signatures"),
        Act::IssueCredential => Some("POST /keys"),
        _ => None,
    }
}
