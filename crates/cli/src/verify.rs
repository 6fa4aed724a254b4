//! Offline verification.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use gongshu_ledger::{Verified, verify_answer, verify_receipt};
use serde_json::json;

use crate::site::say;
use crate::trust::Trust;

/// Verifies a file; fails with what is wrong.
pub(crate) fn run(file: &Path, trust: &Trust, json: bool) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let policy = trust.policy()?;
    let verified = if text.trim_start().starts_with('{') {
        verify_answer(&text, &policy).map(|answer| answer.receipt)
    } else {
        verify_receipt(&text, &policy)
    };
    match verified {
        Ok(verified) if json => {
            let entry: serde_json::Value = serde_json::from_slice(&verified.entry).unwrap_or_default();
            let report = json!({"verified": true, "origin": verified.origin, "index": verified.index,
                "size": verified.size, "root": verified.root.to_string(), "witnesses": witnesses(&verified),
                "entry": entry});
            say(&serde_json::to_string_pretty(&report)?);
            Ok(())
        }
        Ok(verified) => {
            say(&format!(
                "验证通过 verified: entry {} of {} in {}",
                verified.index, verified.size, verified.origin
            ));
            let witnesses = witnesses(&verified);
            if !witnesses.is_empty() {
                say(&format!("见证方 witnesses: {}", witnesses.join(", ")));
            }
            say(&String::from_utf8_lossy(&verified.entry));
            Ok(())
        }
        Err(error) => bail!("验证未通过 not verified [{}]: {error}\n{}", error.code(), error.help()),
    }
}

/// The trusted witnesses that have cosigned. Only they sign with a time.
fn witnesses(verified: &Verified) -> Vec<&str> {
    let cosigned = verified.signatures.iter();
    cosigned
        .filter(|signature| signature.time_seconds.is_some())
        .map(|signature| signature.name.as_str())
        .collect()
}
