//! The HTTP face: routes, sessions, live events, the log's tiles and the portal's files.
#![doc = include_str!("../README.md")]

mod auth;
mod body;
mod ca;
mod http;
mod log;
mod metrics;
mod portal;
mod problem;
mod session;
mod stamper;
mod tls;
mod tsa;
mod upload;
mod view;
mod witness;

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use axum::routing::get;
use gongshu_app::District;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

pub use http::openapi;
pub use stamper::HttpStamper;
pub use tls::{Tls, TlsError};
pub use witness::{HttpLink, REQUEST_BYTES_MAX, Witness, WitnessError, witness_service};

use session::SessionStore;

/// How the server presents itself, and what it takes.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Whether cookies are sent over TLS only; off for plain HTTP on loopback.
    pub secure_cookies: bool,
    /// Longest body of a request that is not a file, in bytes.
    pub body_bytes_max: usize,
    /// Longest file that is uploaded for ingestion, in bytes.
    pub upload_bytes_max: usize,
    /// Longest rule pack that is tried on the record, in bytes.
    pub proposed_pack_bytes_max: usize,
    /// How long trying a rule pack may take.
    pub proposed_pack_time_max: Duration,
    /// How long a session lives without being used.
    pub session_idle: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            secure_cookies: false,
            body_bytes_max: 1 << 20,
            upload_bytes_max: 1 << 30,
            proposed_pack_bytes_max: 1 << 18,
            proposed_pack_time_max: Duration::from_mins(2),
            session_idle: Duration::from_secs(8 * 3_600),
        }
    }
}

/// The whole service over an open district.
pub fn service(district: District, settings: Settings) -> Router {
    let store = SessionStore::new(district.clone(), settings.session_idle);
    let idle = i64::try_from(settings.session_idle.as_secs()).unwrap_or(i64::MAX);
    let idle = tower_sessions::cookie::time::Duration::seconds(idle);
    let sessions = SessionManagerLayer::new(store)
        .with_name("gongshu")
        .with_same_site(SameSite::Strict)
        .with_http_only(true)
        .with_secure(settings.secure_cookies)
        .with_expiry(Expiry::OnInactivity(idle));
    let header = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    let registry = metrics::registry(&district);
    Router::new()
        .route("/metrics", get(move || async move { metrics::show(&registry) }))
        .nest("/api/v1", http::routes(&settings).layer(sessions))
        .nest("/log", log::routes())
        .merge(tsa::routes())
        .merge(ca::routes())
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
    axum::serve(listener, service).with_graceful_shutdown(stop()).await
}

/// The same over TLS: who shows a certificate of the platform's authority is identified by it.
///
/// # Errors
/// When the listener fails.
pub async fn run_tls(listener: tokio::net::TcpListener, tls: &Tls, service: Router) -> std::io::Result<()> {
    let listener = tls::TlsListener::new(listener, tls)?;
    let service = service.into_make_service_with_connect_info::<tls::PeerCertificate>();
    axum::serve(listener, service).with_graceful_shutdown(stop()).await
}

async fn stop() {
    // A failure to listen for the signal must not stop the server.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
