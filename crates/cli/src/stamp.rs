//! Time-stamps, as `gongshu verify` judges them and tells of them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use gongshu_app::EvidenceStamp;
use gongshu_ledger::stamp::{CheckedStamp, StampError, StampTrust, check_stamp};
use gongshu_ledger::{Policy, SignedCheckpoint, verify_checkpoint};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::site::say;

/// Which time-stamp authority is trusted, and the stamp of a checkpoint.
#[derive(Args)]
pub(crate) struct Options {
    /// The certificate (PEM) of the time-stamp authority, or of who issued it: time-stamps must be by it.
    #[arg(long, value_name = "PEM")]
    authority: Option<PathBuf>,
    /// The time-stamp (RFC 3161 reply) over the file, which then is a checkpoint.
    #[arg(long, value_name = "TSR", requires = "authority")]
    pub(crate) stamp: Option<PathBuf>,
}

impl Options {
    fn trusted(&self) -> Result<Option<StampTrust>> {
        let Some(file) = &self.authority else {
            return Ok(None);
        };
        let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let trust = StampTrust::from_pem(&text);
        let trust = trust.with_context(|| format!("{} is no certificate in PEM", file.display()))?;
        Ok(Some(trust))
    }

    /// Judges a checkpoint and its time-stamp.
    pub(crate) fn checkpoint(&self, checkpoint: &[u8], reply: &Path, policy: &Policy, json: bool) -> Result<()> {
        let reply = fs::read(reply).with_context(|| format!("{} cannot be read", reply.display()))?;
        let signed = SignedCheckpoint::parse(std::str::from_utf8(checkpoint)?).context("the file is no checkpoint")?;
        if let Err(error) = verify_checkpoint(&signed, policy) {
            bail!("验证未通过 not verified [{}]: {error}\n{}", error.code(), error.help());
        }
        let size = signed.unverified().size();
        let stamp = check_stamp(checkpoint, &reply);
        let (line, shown) = self.judged(&EvidenceStamp { size, stamp })?;
        if json {
            let report =
                json!({"verified": true, "origin": signed.unverified().origin(), "size": size, "stamp": shown});
            say(&serde_json::to_string_pretty(&report)?);
        } else {
            say(&format!(
                "验证通过 verified: {} entries of {}",
                size,
                signed.unverified().origin()
            ));
            say(&line);
        }
        Ok(())
    }

    /// What is told of a time-stamp, for people and for programs; fails where a trusted authority does not vouch for it.
    pub(crate) fn judged(&self, of: &EvidenceStamp) -> Result<(String, Value)> {
        let trusted = self.trusted()?;
        match (&of.stamp, trusted) {
            (Ok(stamp), Some(trusted)) => match stamp.is_by(&trusted) {
                Ok(()) => told(of.size, stamp, true),
                Err(error) => bail!("{}", not_verified(&error)),
            },
            (Ok(stamp), None) => told(of.size, stamp, false),
            (Err(error @ StampError::Unsupported(_)), None) => Ok((
                format!("时间戳未在此核验 time-stamp: {error}"),
                json!({"size": of.size, "judged": false}),
            )),
            (Err(error), _) => bail!("{}", not_verified(error)),
        }
    }
}

fn not_verified(error: &StampError) -> String {
    format!("验证未通过 not verified [{}]: {error}", error.code())
}

fn told(size: u64, stamp: &CheckedStamp, trusted: bool) -> Result<(String, Value)> {
    let at = Timestamp::from_second(i64::try_from(stamp.seconds)?)?;
    let authority = &stamp.authority;
    let trust = if trusted {
        "机构受信 its authority is trusted"
    } else {
        "签名有效，机构未指定为受信（用 --authority 指定）its signature holds; name the authority with --authority"
    };
    Ok((
        format!("时间戳 time-stamp: {at}, {authority}, over {size} entries（{trust}）"),
        json!({"size": size, "at": at, "authority": authority, "trusted": trusted, "judged": true}),
    ))
}
