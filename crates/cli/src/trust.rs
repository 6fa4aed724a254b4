//! Whom a command trusts, as its arguments say.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use gongshu_ledger::{Policy, VerifierKey};

/// The log's key, and the witnesses that must have cosigned.
#[derive(Args)]
pub(crate) struct Trust {
    /// The log's key: `origin+hash+base64`, or a file that holds it.
    #[arg(long, required_unless_present = "policy")]
    key: Option<String>,
    /// A witness's key, or a file that holds it; may be given again.
    #[arg(long = "witness", value_name = "KEY")]
    witnesses: Vec<String>,
    /// How many of the witnesses must have cosigned; all, where it is left out.
    #[arg(long, requires = "witnesses", value_name = "M")]
    witnesses_min: Option<usize>,
    /// A C2SP tlog-policy file: logs, witnesses and their quorum. With --key, its logs are not looked at.
    #[arg(long, conflicts_with = "witnesses")]
    policy: Option<PathBuf>,
}

impl Trust {
    /// The policy that they state.
    pub(crate) fn policy(&self) -> Result<Policy> {
        let key = self.key.as_deref().map(key_of).transpose();
        let key = key.context("the key is no log key; it looks like `origin+1a2b3c4d+base64`")?;
        let policy = match (&self.policy, key) {
            (Some(file), key) => from_file(file, key)?,
            (None, Some(key)) => Policy::new(key)?,
            (None, None) => anyhow::bail!("give --key or --policy"),
        };
        if self.witnesses.is_empty() {
            return Ok(policy);
        }
        let keys = self.witnesses.iter().map(|text| key_of(text));
        let keys: Vec<VerifierKey> = keys.collect::<Result<_>>().context("a witness's key cannot be read")?;
        let min = self.witnesses_min.unwrap_or(keys.len());
        ensure!(
            (1..=keys.len()).contains(&min),
            "--witnesses-min must be from 1 to the number of witnesses"
        );
        Ok(policy.with_witnesses(keys, min)?)
    }
}

fn from_file(file: &Path, key: Option<VerifierKey>) -> Result<Policy> {
    let policy = read_policy(file)?;
    match key {
        Some(key) => Ok(policy.with_only_log(key)?),
        None => {
            ensure!(
                !policy.log_keys().is_empty(),
                "{} names no log; give the log's key with --key",
                file.display()
            );
            Ok(policy)
        }
    }
}

/// Reads a tlog-policy file.
pub(crate) fn read_policy(file: &Path) -> Result<Policy> {
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Policy::parse(&bytes).with_context(|| format!("{} is no policy", file.display()))
}

/// A key, or the one in the file of that name.
fn key_of(text: &str) -> Result<VerifierKey> {
    let text = if Path::new(text).exists() {
        fs::read_to_string(text)?
    } else {
        text.to_owned()
    };
    Ok(text.trim().parse()?)
}
