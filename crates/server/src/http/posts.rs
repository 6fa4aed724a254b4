//! Posts and people.

use axum::Json;
use axum::extract::State;
use gongshu_api::List;
use gongshu_api::post::{Person, Post};
use gongshu_app::District;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::party::Role;

use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

/// Posts of one's own party with their holders and delegations; of all parties for agency and supervisor.
#[utoipa::path(get, path = "/posts", operation_id = "list_posts", responses((status = 200, body = List<Post>)))]
pub(super) async fn list(State(district): State<District>, Identified(actor): Identified) -> Json<List<Post>> {
    let snapshot = district.snapshot();
    let role = snapshot.state.parties.get(&actor.party).map(|party| party.role);
    let all = role.is_some_and(Role::is_authority);
    let today = day_of(district.now());
    let posts = snapshot.state.posts.values();
    let mut shown: Vec<Post> = posts
        .filter(|post| all || post.of.party == actor.party)
        .map(|post| view::post(&snapshot.state, post, today))
        .collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}

/// The people of one's own party.
#[utoipa::path(get, path = "/people", operation_id = "list_people", responses((status = 200, body = List<Person>)))]
pub(super) async fn people(
    State(district): State<District>,
    Identified(actor): Identified,
) -> Result<Json<List<Person>>, Failure> {
    let accounts = district.people_of(&actor.party).await?;
    let person = |account: gongshu_app::store::AccountRecord| Person {
        id: account.person,
        name: account.name,
        login: account.login,
    };
    Ok(Json(accounts.into_iter().map(person).collect::<Vec<_>>().into()))
}
