//! Running a witness.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use gongshu_app::SystemClock;
use gongshu_app::ledger::{Cosigner, Suite, VerifierKey, WatchList};
use gongshu_server::{Witness, witness_service};
use serde::Deserialize;

use crate::site::{key_name, say, write_secret};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve a witness by C2SP tlog-witness.
    Serve(Options),
    /// Make a witness's signing key, and print its public key.
    Keygen {
        /// Name of the witness, such as `witness.supervisor.example/longhua`.
        name: String,
        /// File for the secret key.
        #[arg(long)]
        out: PathBuf,
        /// Crypto suite of the key: `international` or `shangmi` (国密).
        #[arg(long, default_value_t)]
        suite: Suite,
    },
}

/// How a witness is served.
#[derive(Args)]
pub(crate) struct Options {
    /// Folder of the witness: its key, what it has cosigned, and evidence. It must not be lost nor rolled back.
    #[arg(long, default_value = "gongshu-witness")]
    data: PathBuf,
    /// Where to serve.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// Name of the witness; needed where the folder holds no `witness.key` yet.
    #[arg(long)]
    name: Option<String>,
    /// Crypto suite of a new key: `international` or `shangmi` (国密). It may watch logs of either.
    #[arg(long, default_value_t)]
    suite: Suite,
    /// The logs to watch; `logs.toml` in the folder where it is left out.
    #[arg(long)]
    logs: Option<PathBuf>,
    /// A log to watch besides, by its key.
    #[arg(long = "log")]
    keys: Vec<VerifierKey>,
}

/// The file of watched logs.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Logs {
    #[serde(default)]
    logs: Vec<Log>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Log {
    /// Origin of its checkpoints; the key's name where it is left out.
    origin: Option<String>,
    key: String,
}

pub(crate) async fn run(command: &Command) -> Result<()> {
    match command {
        Command::Serve(options) => serve(options).await,
        Command::Keygen { name, out, suite } => {
            say(&new_key(name, out, *suite)?.verifier_key().to_string());
            Ok(())
        }
    }
}

async fn serve(options: &Options) -> Result<()> {
    fs::create_dir_all(&options.data)
        .with_context(|| format!("the folder {} cannot be made", options.data.display()))?;
    let watched = watched(options)?;
    let cosigner = key_of(&options.data, options.name.as_deref(), options.suite)?;
    let listener = tokio::net::TcpListener::bind(options.listen).await;
    let listener = listener.with_context(|| format!("{} is in use; choose another with --listen", options.listen))?;
    let witness = Witness::open(&options.data, watched, cosigner, Arc::new(SystemClock))?;
    say(&format!("见证公钥 witness key {}", witness.key()));
    say(&format!("见证地址 witnessing on http://{}", listener.local_addr()?));
    gongshu_server::run(listener, witness_service(Arc::new(witness)))
        .await
        .context("the witness stopped")
}

/// The signing key of a folder; made where there is none and a name is given, of this suite.
pub(crate) fn key_of(data: &Path, name: Option<&str>, suite: Suite) -> Result<Cosigner> {
    let path = data.join("witness.key");
    if !path.exists() {
        let name = name.context("the folder holds no witness.key yet; name the witness with --name")?;
        return new_key(name, &path, suite);
    }
    let secret = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let cosigner = Cosigner::from_secret_text(secret.trim())
        .with_context(|| format!("{} holds no witness's signing key", path.display()))?;
    let key = cosigner.verifier_key();
    let own = key.name().as_str();
    ensure!(
        name.is_none_or(|name| name == own),
        "the folder's witness is called `{own}`; leave --name out"
    );
    Ok(cosigner)
}

fn new_key(name: &str, out: &Path, suite: Suite) -> Result<Cosigner> {
    ensure!(
        !out.exists(),
        "{} exists; a signing key is never overwritten",
        out.display()
    );
    let cosigner = Cosigner::from_seed(suite, key_name(name)?, &rand::random())?;
    write_secret(out, &cosigner.to_secret_text())?;
    Ok(cosigner)
}

fn watched(options: &Options) -> Result<WatchList> {
    let mut list = WatchList::default();
    for key in &options.keys {
        list.watch(key.name().as_str(), key.clone())?;
    }
    let file = options.logs.clone().unwrap_or_else(|| options.data.join("logs.toml"));
    if options.logs.is_some() || file.exists() {
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        watch_all(&mut list, &text).with_context(|| format!("{} cannot be used", file.display()))?;
    }
    ensure!(
        list.origins().next().is_some(),
        "no log to watch; give --log KEY or write {}",
        file.display()
    );
    Ok(list)
}

fn watch_all(list: &mut WatchList, text: &str) -> Result<()> {
    let logs: Logs = toml::from_str(text)?;
    for log in logs.logs {
        let key: VerifierKey = log.key.parse().with_context(|| format!("`{}` is no key", log.key))?;
        let origin = log.origin.unwrap_or_else(|| key.name().to_string());
        list.watch(&origin, key)?;
    }
    Ok(())
}
