//! The feed: what happened, and what is happening.

use std::convert::Infallible;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt};
use gongshu_api::List;
use gongshu_api::act::Receipt;
use gongshu_api::feed::FeedItem;
use gongshu_app::District;
use gongshu_app::governance::power::Act;
use gongshu_app::governance::rules::Rule;
use gongshu_app::governance::{Actor, Text};
use serde::Deserialize;
use tokio_stream::wrappers::BroadcastStream;

use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

/// Most lines of one page.
const PAGE_ITEMS_MAX: u32 = 200;

/// Where a page begins.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    after: Option<u64>,
}

/// The newest lines, newest first; `after` pages back.
#[utoipa::path(get, path = "/feed", operation_id = "list_feed", params(("after" = Option<u64>, Query)), responses((status = 200, body = List<FeedItem>)))]
pub(super) async fn list(
    State(district): State<District>,
    Identified(actor): Identified,
    Query(page): Query<Page>,
) -> Result<Json<List<FeedItem>>, Failure> {
    check_power(&district, &actor)?;
    let end = page.after.unwrap_or_else(|| district.head().edge.size());
    let from = end.saturating_sub(u64::from(PAGE_ITEMS_MAX));
    let items = district.history(from, end).await?;
    let items: Vec<FeedItem> = items
        .iter()
        .rev()
        .map(|item| view::feed_item(&district, item))
        .collect();
    Ok(Json(List {
        items,
        next: (from > 0).then(|| from.to_string()),
    }))
}

/// The same lines as they happen, as server-sent events named `entry`.
pub(super) async fn live(
    State(district): State<District>,
    Identified(actor): Identified,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    check_power(&district, &actor)?;
    let watch = BroadcastStream::new(district.feed().watch());
    let events = watch.map(move |item| {
        let event = match item {
            Ok(item) => Event::default()
                .event("entry")
                .json_data(view::feed_item(&district, &item))
                .ok(),
            // A watcher that lagged is told, and reads the list again.
            Err(_) => None,
        };
        Ok(event.unwrap_or_else(|| Event::default().event("lagged").data("{}")))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// The receipt of any entry, opening nothing.
#[utoipa::path(get, path = "/entries/{index}/receipt", operation_id = "show_receipt", params(("index" = u64, Path)), responses((status = 200, body = Receipt)))]
pub(super) async fn receipt(
    State(district): State<District>,
    Path(index): Path<u64>,
) -> Result<Json<Receipt>, Failure> {
    Ok(Json(view::receipt(district.receipt(index).await?)))
}

pub(super) fn check_power(district: &District, actor: &Actor) -> Result<(), Failure> {
    let snapshot = district.snapshot();
    let role = snapshot.state.parties.get(&actor.party).map(|party| party.role);
    if role.is_some_and(|role| district.powers().allows(&actor.party, role, Act::Watch, None)) {
        return Ok(());
    }
    let refusal = district.rules().refuse(
        Rule::Power,
        Text::new(
            "只有实施机构、运营机构和监管部门可以查看动态",
            "only agency, operator and supervisor watch the feed",
        ),
        Text::new("请以上述身份登录", "sign in as one of them"),
    );
    Err(Failure::App(refusal.into()))
}
