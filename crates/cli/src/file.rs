//! Files behind the hashes that acts name: put into a served district, fetched from it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::Subcommand;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::remote::{Remote, word};
use crate::site::say;

/// What to do with a file.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Put a file there, and print the SHA-256 by which acts name it.
    Put {
        /// The file.
        path: PathBuf,
        #[command(flatten)]
        remote: Remote,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Fetch a file by its SHA-256. That one reads another party's file is on record.
    Get {
        /// SHA-256 of the file, lower-case hex.
        sha256: String,
        /// Where it is saved; under its hash if not said. `-` is the standard output.
        #[arg(long)]
        out: Option<PathBuf>,
        #[command(flatten)]
        remote: Remote,
    },
    /// List the files that one may read.
    List {
        #[command(flatten)]
        remote: Remote,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub(crate) async fn run(command: &Command) -> Result<()> {
    match command {
        Command::Put { path, remote, json } => put(path, remote, *json).await,
        Command::Get { sha256, out, remote } => get(sha256, out.as_deref(), remote).await,
        Command::List { remote, json } => list(remote, *json).await,
    }
}

async fn put(path: &Path, remote: &Remote, json: bool) -> Result<()> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.with_context(|| format!("{} has no name in UTF-8", path.display()))?;
    let content = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let sha256 = hex::encode(Sha256::digest(&content));
    let request = remote.post("files")?.query(&[("name", name)]).body(content);
    let text = remote.send(request).await?;
    let kept: Value = serde_json::from_str(&text)?;
    ensure!(
        kept["sha256"] == sha256.as_str(),
        "what arrived is another file: {}",
        kept["sha256"]
    );
    if json {
        say(&serde_json::to_string_pretty(&kept)?);
        return Ok(());
    }
    say(&sha256);
    match kept["receipt"]["index"].as_u64() {
        Some(index) => remark(&format!(
            "已存入 kept: {name}, {}, 收据 receipt #{index}",
            word(&kept["media_type"])
        )),
        None => remark(&format!("此前已存入 kept before: {}", word(&kept["name"]))),
    }
}

async fn get(sha256: &str, out: Option<&Path>, remote: &Remote) -> Result<()> {
    let out = out.unwrap_or(Path::new(sha256));
    let is_output = out == Path::new("-");
    if !is_output && out.exists() {
        bail!("{} exists; choose another file with --out", out.display());
    }
    let content = remote.bytes(remote.open.get(&format!("files/{sha256}"))?).await?;
    let found = hex::encode(Sha256::digest(&content));
    ensure!(
        found == sha256,
        "收到的文件与所求摘要不符 / what came is another file: {found}"
    );
    if is_output {
        return Ok(std::io::stdout().write_all(&content)?);
    }
    fs::write(out, &content).with_context(|| format!("{} cannot be written", out.display()))?;
    remark(&format!("已保存 saved: {}, {} bytes", out.display(), content.len()))
}

async fn list(remote: &Remote, json: bool) -> Result<()> {
    let files = remote.list("files").await?;
    if json {
        say(&serde_json::to_string_pretty(&files)?);
        return Ok(());
    }
    for file in files {
        say(&format!(
            "{}  {:>12}  {}  {}",
            word(&file["sha256"]),
            word(&file["bytes"]),
            word(&file["by"]["name"]),
            word(&file["name"])
        ));
    }
    Ok(())
}

/// A remark beside the data.
fn remark(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stderr(), "{text}")?)
}
