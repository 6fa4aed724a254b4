//! Scale-out: the part of a checked plan that reads and aggregates raw rows, computed by an Apache Ballista cluster.
//!
//! Server, scheduler and executors are members of one security domain. What each of them does:
//!
//! | member | has | does |
//! | --- | --- | --- |
//! | server | rules, the vault's keys, the controls' secrets | checks, binds parameters and consents, cuts the plan, applies every control |
//! | scheduler | nothing of the data, no key | relays stages between server and executors |
//! | executor | the vault's keys | decrypts the columns that a sealed scan names, filters, joins, aggregates |
//!
//! Only a [`CheckedPlan`](crate::CheckedPlan) is ever cut (`cut`), and what is cut off never holds a release: guarded
//! groups come back whole, and the server's own release stands above them. What must not be read on the way (whose rows
//! a consent lets pass, the secret of record keys) is sealed under a key that only the vault's owner can derive
//! (`codec`). An executor runs the operators that `known` lists and refuses any other by name.

mod abandoned;
mod bind;
mod codec;
mod cut;
mod executor;
mod job;
mod known;
mod link;
mod remote;
mod scan;
mod scheduler;
mod stage;
mod threads;
mod tls;
mod work;

use gongshu_vault::VaultError;

pub use executor::{Executor, execute};
pub use link::ClusterSettings;
pub use scheduler::schedule;
pub use tls::ClusterTls;

pub(crate) use link::Link;
pub(crate) use remote::{Failure, Remote};

/// Largest message between members, in bytes: a plan with those who consent in it, or a batch of rows.
const MESSAGE_BYTES_MAX: u32 = 64 << 20;

/// Why a member of a cluster cannot begin, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// Neither encrypted nor authenticated, and not on this machine.
    #[error("members of a cluster on several machines need TLS: `{0}` is not a loopback address")]
    Plain(String),
    /// The address names no host and port.
    #[error("`{0}` is not a host and a port")]
    Address(String),
    /// The TLS files cannot be used.
    #[error("the cluster's TLS files cannot be used: {0}")]
    Tls(String),
    /// Intermediate results would be on a disk.
    #[error(
        "the work folder `{0}` is not in memory: intermediate results are decrypted, and may be on tmpfs or ramfs only"
    )]
    WorkFolder(String),
    /// Another executor works there.
    #[error("another executor works in `{0}`")]
    WorkFolderTaken(String),
    /// The work folder cannot be used.
    #[error("the work folder `{path}` cannot be used: {source}")]
    Io {
        /// The folder.
        path: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The vault cannot be opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// It stopped.
    #[error("the cluster's member stopped: {0}")]
    Stopped(String),
}

/// Splits an address, and refuses one that would carry rows in the clear to another machine.
fn host_and_port(address: &str, tls: Option<&ClusterTls>) -> Result<(String, u16), ClusterError> {
    let unknown = || ClusterError::Address(address.to_owned());
    let (host, port) = address.rsplit_once(':').ok_or_else(unknown)?;
    let port = port.parse().map_err(|_| unknown())?;
    let bare = host.trim_matches(['[', ']']);
    let loopback = bare
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback());
    match tls.is_some() || loopback {
        true => Ok((host.to_owned(), port)),
        false => Err(ClusterError::Plain(address.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_tls_only_this_machine_is_a_member() {
        assert!(host_and_port("127.0.0.1:50050", None).is_ok());
        assert!(host_and_port("[::1]:50050", None).is_ok());
        for far in ["10.0.0.7:50050", "0.0.0.0:50050", "scheduler.example:50050"] {
            assert!(matches!(host_and_port(far, None), Err(ClusterError::Plain(_))), "{far}");
        }
        for wrong in ["127.0.0.1", "127.0.0.1:port"] {
            assert!(
                matches!(host_and_port(wrong, None), Err(ClusterError::Address(_))),
                "{wrong}"
            );
        }
    }
}
