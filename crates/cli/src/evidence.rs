//! Asking a served district for an evidence package.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;

use crate::remote::Remote;
use crate::site::say;

/// Of which entries, and what for.
#[derive(Args)]
pub(crate) struct Options {
    /// Indices of the entries, as receipts give them.
    #[arg(required = true)]
    entries: Vec<u64>,
    /// What it is made for, such as the number of a case.
    #[arg(long)]
    purpose: String,
    /// File of the package.
    #[arg(long, default_value = "evidence.zip")]
    out: PathBuf,
    #[command(flatten)]
    remote: Remote,
}

/// Asks for the package and saves it.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let out = &options.out;
    if out.exists() {
        bail!("{} exists; choose another file with --out", out.display());
    }
    let mut entries = options.entries.clone();
    entries.sort_unstable();
    entries.dedup();
    let asked = json!({"entries": entries, "purpose": options.purpose});
    let package = options
        .remote
        .bytes(options.remote.post("evidence")?.json(&asked))
        .await?;
    fs::write(out, &package).with_context(|| format!("{} cannot be written", out.display()))?;
    say(&format!(
        "证据包已制作：{}；核验用 gongshu verify\nevidence package made: {}; check it with gongshu verify",
        out.display(),
        out.display()
    ));
    Ok(())
}
