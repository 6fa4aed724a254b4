//! Offline verification.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use gongshu_ledger::{Policy, VerifierKey, verify_answer, verify_receipt};
use serde_json::json;

use crate::site::say;

/// Verifies a file; fails with what is wrong.
pub(crate) fn run(file: &Path, key: &str, json: bool) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let key = if Path::new(key).exists() {
        fs::read_to_string(key)?.trim().to_owned()
    } else {
        key.to_owned()
    };
    let key: VerifierKey = key
        .parse()
        .context("the key is no log key; it looks like `origin+1a2b3c4d+base64`")?;
    let policy = Policy::new(key)?;
    let verified = if text.trim_start().starts_with('{') {
        verify_answer(&text, &policy).map(|answer| answer.receipt)
    } else {
        verify_receipt(&text, &policy)
    };
    match verified {
        Ok(verified) if json => {
            let entry: serde_json::Value = serde_json::from_slice(&verified.entry).unwrap_or_default();
            let report = json!({"verified": true, "origin": verified.origin, "index": verified.index,
                "size": verified.size, "root": verified.root.to_string(), "entry": entry});
            say(&serde_json::to_string_pretty(&report)?);
            Ok(())
        }
        Ok(verified) => {
            say(&format!(
                "验证通过 verified: entry {} of {} in {}",
                verified.index, verified.size, verified.origin
            ));
            say(&String::from_utf8_lossy(&verified.entry));
            Ok(())
        }
        Err(error) => bail!("验证未通过 not verified [{}]: {error}\n{}", error.code(), error.help()),
    }
}
