//! Identify: people by session, machines by API key or client certificate.

use std::convert::Infallible;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Method, header};
use gongshu_app::District;
use gongshu_app::governance::Actor;
use gongshu_app::governance::identifier::{PartyId, PersonId};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use crate::problem::Failure;
use crate::tls::PeerCertificate;

/// Where a session keeps who is signed in.
pub(crate) const WHO: &str = "who";
/// Header that a page of another site cannot send.
const OWN_PAGE: &str = "x-gongshu";

/// Who is signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Who {
    pub(crate) person: String,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) party: String,
}

/// The identified actor of a request; a request without one is refused.
#[derive(Debug, Clone)]
pub(crate) struct Identified(pub(crate) Actor);

impl FromRequestParts<District> for Identified {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, district: &District) -> Result<Self, Failure> {
        if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
            let key = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
            let key = key.ok_or(Failure::Unauthorized)?.trim();
            let mut party = district.party_of_key(key);
            if party.is_none() {
                // Another server may have issued it a moment ago.
                district.catch_up().await?;
                party = district.party_of_key(key);
            }
            return party
                .map(|party| Self(Actor { party, person: None }))
                .ok_or(Failure::Unauthorized);
        }
        if let Some(actor) = by_certificate(parts, district).await? {
            // A browser shows a person's certificate unasked, as it does a cookie.
            if actor.person.is_some() {
                refuse_foreign_page(parts)?;
            }
            return Ok(Self(actor));
        }
        let who = Who::from_request_parts(parts, district).await?;
        refuse_foreign_page(parts)?;
        Ok(Self(Actor {
            party: PartyId::new(&who.party),
            person: Some(PersonId::new(&who.person)),
        }))
    }
}

/// Who looks at what anybody may look at: the identified actor, or nobody.
#[derive(Debug, Clone)]
pub(crate) struct Viewer(pub(crate) Option<Actor>);

impl FromRequestParts<District> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, district: &District) -> Result<Self, Infallible> {
        let identified = Identified::from_request_parts(parts, district).await;
        Ok(Self(identified.ok().map(|Identified(actor)| actor)))
    }
}

/// Whom the certificate identifies that the connection was made with. One that is no longer good identifies nobody.
async fn by_certificate(parts: &Parts, district: &District) -> Result<Option<Actor>, Failure> {
    let shown = parts.extensions.get::<ConnectInfo<PeerCertificate>>();
    let Some(certificate) = shown.and_then(|ConnectInfo(peer)| peer.0.as_deref()) else {
        return Ok(None);
    };
    let actor = district.actor_of_certificate(certificate).await?;
    actor.map(Some).ok_or(Failure::Unauthorized)
}

fn refuse_foreign_page(parts: &Parts) -> Result<(), Failure> {
    let changes = !matches!(parts.method, Method::GET | Method::HEAD);
    if changes && !parts.headers.contains_key(OWN_PAGE) {
        return Err(Failure::ForeignPage);
    }
    Ok(())
}

impl FromRequestParts<District> for Who {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, district: &District) -> Result<Self, Failure> {
        let session = Session::from_request_parts(parts, district)
            .await
            .map_err(|_| Failure::Unauthorized)?;
        let who = session.get::<Self>(WHO).await?.ok_or(Failure::Unauthorized)?;
        // A session ends with the party, as its keys do.
        let left = district.snapshot().state.left(&PartyId::new(&who.party)).is_some();
        if left { Err(Failure::Unauthorized) } else { Ok(who) }
    }
}
