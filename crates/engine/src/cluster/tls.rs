//! TLS between members: each shows a certificate of the cluster's own authority, and asks for one.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ballista_core::extension::EndpointOverrideFn;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity, Server, ServerTlsConfig};

use super::ClusterError;

/// The DNS name in every member's certificate, whatever address it has.
const MEMBER: &str = "cluster.gongshu";
const CONNECT: Duration = Duration::from_secs(5);
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// A member's certificate and key, and the authority whose certificates members have (PEM). The authority is of the
/// cluster alone: whoever has a certificate of it is a member.
#[derive(Clone)]
pub struct ClusterTls {
    /// The authority's certificate.
    pub authority: Vec<u8>,
    /// The member's certificate, for the DNS name `cluster.gongshu`.
    pub certificate: Vec<u8>,
    /// The member's key.
    pub key: Vec<u8>,
}

impl ClusterTls {
    fn server(&self) -> ServerTlsConfig {
        ServerTlsConfig::new()
            .identity(self.identity())
            .client_ca_root(Certificate::from_pem(&self.authority))
    }

    fn client(&self) -> ClientTlsConfig {
        ClientTlsConfig::new()
            .domain_name(MEMBER)
            .identity(self.identity())
            .ca_certificate(Certificate::from_pem(&self.authority))
    }

    fn identity(&self) -> Identity {
        Identity::from_pem(&self.certificate, &self.key)
    }
}

impl fmt::Debug for ClusterTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClusterTls(secret)")
    }
}

/// A server that speaks to members only.
pub(super) fn server(tls: Option<&ClusterTls>) -> Result<Server, ClusterError> {
    let server = Server::builder().http2_keepalive_interval(Some(KEEP_ALIVE));
    match tls {
        None => Ok(server),
        Some(tls) => server.tls_config(tls.server()).map_err(|error| unusable(&error)),
    }
}

/// How members reach each other. Ballista makes plain endpoints; each is changed before it is used.
pub(super) fn endpoints(tls: Option<&ClusterTls>) -> Result<EndpointOverrideFn, ClusterError> {
    let tls = tls.map(ClusterTls::client);
    let endpoints: EndpointOverrideFn = Arc::new(move |endpoint: Endpoint| {
        let endpoint = match &tls {
            None => endpoint,
            Some(tls) => {
                let address = endpoint.uri().to_string().replacen("http://", "https://", 1);
                Endpoint::from_shared(address)?.tls_config(tls.clone())?
            }
        };
        Ok(endpoint
            .connect_timeout(CONNECT)
            .tcp_nodelay(true)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .keep_alive_while_idle(true))
    });
    // Files that cannot be used are told now, not at the first call.
    endpoints(Endpoint::from_static("http://127.0.0.1:1")).map_err(|error| ClusterError::Tls(error.to_string()))?;
    Ok(endpoints)
}

fn unusable(error: &tonic::transport::Error) -> ClusterError {
    let mut text = error.to_string();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    ClusterError::Tls(text)
}
