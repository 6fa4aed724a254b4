//! A cluster that computes for a district: `cluster.toml` in the folder of each member, and the members themselves.

use std::fs;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use gongshu_app::engine::{ClusterSettings, ClusterTls, Executor, execute, schedule};
use gongshu_app::ledger::NoteSigner;
use gongshu_app::vault::Vault;
use serde::Deserialize;
use tokio::net::TcpListener;

use crate::site::{cipher, say};
use crate::{limits, master_key, vault};

const FILE: &str = "cluster.toml";
const PARTITIONS: usize = 8;

/// Members of a cluster.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Pass work between servers and executors. Needs `cluster.toml` in its folder, and no key of the data.
    Scheduler {
        /// Folder with `cluster.toml`.
        #[arg(long, default_value = "gongshu-data")]
        data: PathBuf,
        /// Where members reach it; the address that `cluster.toml` names.
        #[arg(long, default_value = "127.0.0.1:50050")]
        listen: SocketAddr,
    },
    /// Read the vault and compute. Needs `cluster.toml`, `vault.toml`, `log.key` and `master.key` or `keys.toml` in its folder.
    Executor {
        /// Folder with the keys.
        #[arg(long, default_value = "gongshu-data")]
        data: PathBuf,
        /// Where members fetch intermediate results.
        #[arg(long, default_value = "127.0.0.1:50051")]
        listen: SocketAddr,
        /// Folder of intermediate results, which are decrypted: on tmpfs or ramfs, and for this executor alone.
        #[arg(long, value_name = "FOLDER")]
        work: PathBuf,
        /// How many tasks it runs at a time; as many as the machine has cores where it is left out.
        #[arg(long)]
        tasks: Option<usize>,
    },
}

/// What the file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClusterFile {
    /// Host and port of the scheduler.
    scheduler: String,
    partitions: Option<usize>,
    tls: Option<TlsFiles>,
}

/// PEM files, by paths from the folder.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsFiles {
    authority: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
}

/// The cluster of the district in this folder, where it has one.
pub(crate) fn settings(data: &Path) -> Result<Option<ClusterSettings>> {
    let path = data.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
    };
    let file: ClusterFile = toml::from_str(&text).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(Some(ClusterSettings {
        scheduler: file.scheduler,
        partitions: file.partitions.unwrap_or(PARTITIONS),
        tls: file.tls.map(|files| files.read(data)).transpose()?,
    }))
}

impl TlsFiles {
    fn read(&self, data: &Path) -> Result<ClusterTls> {
        let read = |path: &Path| {
            let path = data.join(path);
            fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))
        };
        Ok(ClusterTls {
            authority: read(&self.authority)?,
            certificate: read(&self.certificate)?,
            key: read(&self.key)?,
        })
    }
}

/// Runs a member until it is told to end.
pub(crate) async fn run(command: &Command) -> Result<()> {
    match command {
        Command::Scheduler { data, listen } => {
            let settings = needed(data)?;
            let listener = TcpListener::bind(listen).await;
            let listener = listener.with_context(|| format!("{listen} is in use; choose another with --listen"))?;
            say(&format!("调度地址 scheduling on {}", listener.local_addr()?));
            Ok(schedule(listener, settings.tls.as_ref()).await?)
        }
        Command::Executor {
            data,
            listen,
            work,
            tasks,
        } => {
            let executor = executor(data, *listen, *tasks).await?;
            say(&format!("执行节点 executing on {listen}"));
            Ok(execute(&executor, work).await?)
        }
    }
}

async fn executor(data: &Path, listen: SocketAddr, tasks: Option<usize>) -> Result<Executor> {
    let settings = needed(data)?;
    let engine = limits::read(data)?.engine();
    let secret =
        fs::read_to_string(data.join("log.key")).context("the folder has no `log.key`, which tells the suite")?;
    let suite = NoteSigner::from_secret_text(secret.trim())
        .context("`log.key` holds no signing key")?
        .suite();
    let master = data.join(master_key::KEY);
    // Another master key would open nothing; one is never made here.
    if master_key::token(data)?.is_none() && !master.exists() {
        bail!("{} is missing: an executor has the district's own", master.display());
    }
    let keys = master_key::service(data, cipher(suite))?;
    let vault = Vault::open(vault::place(data).await?, keys)?;
    Ok(Executor {
        listen,
        scheduler: settings.scheduler,
        tls: settings.tls,
        vault: Arc::new(vault),
        tasks: tasks.unwrap_or(engine.threads),
        memory_bytes: u64::try_from(engine.memory_bytes)?,
        time: engine.limits.time,
    })
}

fn needed(data: &Path) -> Result<ClusterSettings> {
    settings(data)?.with_context(|| format!("{} has no {FILE}, which names the scheduler", data.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_without_the_file_computes_alone_and_a_wrong_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let write = |text: &str| fs::write(folder.path().join(FILE), text).unwrap();
        assert!(settings(folder.path()).unwrap().is_none());
        write("scheduler = \"127.0.0.1:50050\"\n");
        let read = settings(folder.path()).unwrap().unwrap();
        assert_eq!(
            (read.scheduler.as_str(), read.partitions),
            ("127.0.0.1:50050", PARTITIONS)
        );
        write("schedular = \"127.0.0.1:50050\"\n");
        let error = format!("{:#}", settings(folder.path()).unwrap_err());
        assert!(error.contains(FILE) && error.contains("schedular"), "{error}");
    }
}
