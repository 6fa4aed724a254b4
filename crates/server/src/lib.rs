//! The HTTP face: routes, sessions, live events, the log's tiles and the portal's files.
#![doc = include_str!("../README.md")]

mod auth;
mod body;
mod http;
mod log;
mod portal;
mod problem;
mod session;
mod stamper;
mod tsa;
mod view;
mod witness;

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use gongshu_app::District;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

pub use http::openapi;
pub use stamper::HttpStamper;
pub use witness::{HttpLink, REQUEST_BYTES_MAX, Witness, WitnessError, witness_service};

use session::SessionStore;

/// How long a session lives without being used.
pub const SESSION_IDLE: Duration = Duration::from_secs(8 * 3_600);
/// Longest body of a request that is not a file.
pub const BODY_BYTES_MAX: usize = 1 << 20;
/// Longest file that is uploaded for ingestion.
pub const UPLOAD_BYTES_MAX: usize = 1 << 30;

/// How the server presents itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Whether cookies are sent over TLS only; off for plain HTTP on loopback.
    pub secure_cookies: bool,
}

/// The whole service over an open district.
pub fn service(district: District, settings: Settings) -> Router {
    let store = SessionStore::new(district.clone());
    let idle =
        tower_sessions::cookie::time::Duration::seconds(i64::try_from(SESSION_IDLE.as_secs()).unwrap_or(i64::MAX));
    let sessions = SessionManagerLayer::new(store)
        .with_name("gongshu")
        .with_same_site(SameSite::Strict)
        .with_http_only(true)
        .with_secure(settings.secure_cookies)
        .with_expiry(Expiry::OnInactivity(idle));
    let header = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    Router::new()
        .nest("/api/v1", http::routes().layer(sessions))
        .nest("/log", log::routes())
        .merge(tsa::routes())
        .fallback(portal::file)
        .with_state(district)
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "same-origin"))
        .layer(header(
            "content-security-policy",
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
        ))
        .layer(CatchPanicLayer::new())
}

/// Serves on a bound listener until Ctrl-C.
///
/// # Errors
/// When the listener fails.
pub async fn run(listener: tokio::net::TcpListener, service: Router) -> std::io::Result<()> {
    let stop = async {
        // A failure to listen for the signal must not stop the server.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
