//! Offline verification.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use gongshu_app::check_evidence;
use gongshu_ledger::{Policy, Suite, Verified, verify_answer, verify_receipt};
use serde_json::json;

use crate::site::say;
use crate::stamp;
use crate::trust::Trust;

/// What a zip file begins with.
const ZIP: &[u8] = b"PK";

/// Verifies a file; fails with what is wrong.
pub(crate) fn run(file: &Path, trust: &Trust, stamps: &stamp::Options, json: bool) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let policy = trust.policy()?;
    if let Some(reply) = &stamps.stamp {
        return stamps.checkpoint(&bytes, reply, &policy, json);
    }
    if bytes.starts_with(ZIP) {
        return package(&bytes, &policy, stamps, json);
    }
    let text = String::from_utf8(bytes).with_context(|| format!("{} is no text", file.display()))?;
    let verified = if text.trim_start().starts_with('{') {
        verify_answer(&text, &policy).map(|answer| answer.receipt)
    } else {
        verify_receipt(&text, &policy)
    };
    match verified {
        Ok(verified) if json => {
            let entry: serde_json::Value = serde_json::from_slice(&verified.entry).unwrap_or_default();
            let report = json!({"verified": true, "origin": verified.origin, "index": verified.index,
                "suite": verified.suite.name(), "size": verified.size, "root": verified.root.to_string(), "witnesses": witnesses(&verified),
                "entry": entry});
            say(&serde_json::to_string_pretty(&report)?);
            Ok(())
        }
        Ok(verified) => {
            say(&format!(
                "验证通过 verified: entry {} of {} in {} ({})",
                verified.index,
                verified.size,
                verified.origin,
                algorithms(verified.suite)
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

/// What a suite hashes and signs with.
const fn algorithms(suite: Suite) -> &'static str {
    match suite {
        Suite::International => "SHA-256, Ed25519",
        Suite::ShangMi => "国密 SM3, SM2",
    }
}

/// Verifies an evidence package; tells what each entry is.
fn package(bytes: &[u8], policy: &Policy, stamps: &stamp::Options, json: bool) -> Result<()> {
    let checked = match check_evidence(bytes, policy) {
        Ok(checked) => checked,
        Err(error) => bail!("验证未通过 not verified [{}]: {error}", error.code()),
    };
    let stamp = checked.stamp.as_ref().map(|stamp| stamps.judged(stamp)).transpose()?;
    let (line, stamp) = stamp.unzip();
    let entries = checked.entries.iter().map(|entry| &entry.receipt);
    if json {
        let shown = entries.map(|entry| {
            let leaf: serde_json::Value = serde_json::from_slice(&entry.entry).unwrap_or_default();
            json!({"index": entry.index, "size": entry.size, "witnesses": witnesses(entry), "entry": leaf})
        });
        let report = json!({"verified": true, "origin": checked.making.receipt.origin,
            "making": checked.making.receipt.index, "entries": shown.collect::<Vec<_>>(), "stamp": stamp,
            "files": checked.files});
        say(&serde_json::to_string_pretty(&report)?);
        return Ok(());
    }
    say(&format!(
        "验证通过 verified: {} entries of {}, package made as entry {}",
        checked.entries.len(),
        checked.making.receipt.origin,
        checked.making.receipt.index
    ));
    if let Some(line) = line {
        say(&line);
    }
    for entry in entries {
        say(&format!("{} {}", entry.index, String::from_utf8_lossy(&entry.entry)));
    }
    for file in &checked.files {
        let name = file.name.as_deref().unwrap_or("不在包内 not in the package");
        say(&format!("{} {name}", file.sha256));
    }
    say(&checked.report);
    Ok(())
}

/// The trusted witnesses that have cosigned. Only they sign with a time.
fn witnesses(verified: &Verified) -> Vec<&str> {
    let cosigned = verified.signatures.iter();
    cosigned
        .filter(|signature| signature.time_seconds.is_some())
        .map(|signature| signature.name.as_str())
        .collect()
}
