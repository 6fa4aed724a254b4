//! Sessions of people.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use gongshu_api::session::{Session as Shown, SessionParty, SignIn};
use gongshu_app::District;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::identifier::{PartyId, PersonId};
use gongshu_app::governance::post::acts_of_person;
use tower_sessions::Session;

use crate::auth::{WHO, Who};
use crate::body::Body;
use crate::problem::Failure;

/// Signs in.
#[utoipa::path(post, path = "/session", operation_id = "sign_in", request_body = SignIn, responses((status = 200, body = Shown)))]
pub(super) async fn open(
    State(district): State<District>,
    session: Session,
    Body(request): Body<SignIn>,
) -> Result<Json<Shown>, Failure> {
    let account = district.sign_in(&request.login, request.password).await?;
    let who = Who {
        person: account.person,
        login: account.login,
        name: account.name,
        party: account.party,
    };
    // A new id, so that a session fixed before the sign-in is worth nothing.
    session.cycle_id().await?;
    session.insert(WHO, &who).await?;
    Ok(Json(shown(&district, who)))
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", operation_id = "show_session", responses((status = 200, body = Shown)))]
pub(super) async fn show(State(district): State<District>, who: Who) -> Json<Shown> {
    Json(shown(&district, who))
}

/// Signs out.
#[utoipa::path(delete, path = "/session", operation_id = "sign_out", responses((status = 204)))]
pub(super) async fn close(session: Session) -> StatusCode {
    // A session that cannot be deleted expires by itself.
    let _ = session.flush().await;
    StatusCode::NO_CONTENT
}

fn shown(district: &District, who: Who) -> Shown {
    let snapshot = district.snapshot();
    let id = PartyId::new(&who.party);
    let party = snapshot.state.parties.get(&id);
    let mut acts = party
        .map(|party| district.powers().acts_of(&id, party.role))
        .unwrap_or_default();
    let today = day_of(district.now());
    if let Some(own) = acts_of_person(&snapshot.state, &id, &PersonId::new(&who.person), today) {
        acts.retain(|act| own.contains(act));
    }
    Shown {
        person: who.person,
        login: who.login,
        name: who.name,
        party: SessionParty {
            id: who.party,
            name: party.map_or_else(String::new, |party| party.name.clone()),
            role: party.map_or_else(String::new, |party| party.role.id().to_owned()),
            code: party.and_then(|party| party.code.clone()),
        },
        acts: acts.iter().map(|act| act.id().to_owned()).collect(),
    }
}
