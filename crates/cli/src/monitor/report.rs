//! What a look has shown, for people, programs and webhooks.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use gongshu_ledger::{Follower, SignedCheckpoint, VerifiedSignature};
use reqwest::Client;
use serde::Serialize;

use super::party::Sighting;
use crate::site::say;

/// Longest wait for a webhook to take an alarm.
const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(10);
/// How often an alarm is sent.
const WEBHOOK_TRIES_MAX: u32 = 3;

/// How the log misbehaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    pub(crate) code: String,
    pub(crate) message: String,
    /// The checkpoint as the log shows it.
    pub(crate) shown: String,
}

/// One look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Report {
    pub(crate) ok: bool,
    pub(crate) origin: String,
    /// Entries that were followed before.
    pub(crate) size_before: u64,
    /// Entries that are followed now.
    pub(crate) size: u64,
    pub(crate) root: String,
    /// Trusted witnesses that have cosigned.
    pub(crate) witnesses: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<Problem>,
    /// Entries of the watched party that it does not know of.
    pub(crate) sightings: Vec<Sighting>,
}

impl Problem {
    pub(crate) fn new(code: &str, message: String, shown: &str) -> Self {
        Self {
            code: code.to_owned(),
            message,
            shown: shown.to_owned(),
        }
    }
}

impl Report {
    pub(crate) fn of_step(
        before: &Follower,
        after: &Follower,
        signatures: &[VerifiedSignature],
        sightings: Vec<Sighting>,
    ) -> Self {
        let cosigned = signatures.iter().filter(|signature| signature.time_seconds.is_some());
        Self {
            size_before: before.size(),
            witnesses: cosigned.map(|signature| signature.name.to_string()).collect(),
            sightings,
            ..Self::of_state(after)
        }
    }

    pub(crate) fn of_problem(follower: &Follower, problem: Problem) -> Self {
        Self {
            ok: false,
            problem: Some(problem),
            ..Self::of_state(follower)
        }
    }

    fn of_state(follower: &Follower) -> Self {
        let last = follower.last().map(SignedCheckpoint::unverified);
        Self {
            ok: true,
            origin: last.map_or_else(String::new, |last| last.origin().to_owned()),
            size_before: follower.size(),
            size: follower.size(),
            root: last.map_or_else(String::new, |last| last.root().to_string()),
            witnesses: Vec::new(),
            problem: None,
            sightings: Vec::new(),
        }
    }

    /// Whether someone ought to be called.
    pub(crate) fn is_alarm(&self) -> bool {
        !self.ok || !self.sightings.is_empty()
    }
}

/// Tells of looks.
pub(crate) struct Teller {
    json: bool,
    webhook: Option<String>,
    client: Client,
}

impl Teller {
    pub(crate) fn new(json: bool, webhook: Option<String>) -> Result<Self> {
        let plain = webhook.as_ref().is_none_or(|url| url.starts_with("http://"));
        ensure!(
            plain,
            "the webhook is no plain HTTP address; put a TLS proxy in front of it"
        );
        let client = Client::builder().timeout(WEBHOOK_TIMEOUT).build()?;
        Ok(Self { json, webhook, client })
    }

    /// Prints, and posts an alarm.
    pub(crate) async fn tell(&self, report: &Report) -> Result<()> {
        if self.json {
            say(&serde_json::to_string(report)?);
        } else {
            print(report);
        }
        match &self.webhook {
            Some(url) if report.is_alarm() => self.post(url, report).await,
            _ => Ok(()),
        }
    }

    async fn post(&self, url: &str, report: &Report) -> Result<()> {
        let mut tried = 1;
        loop {
            let sent = self.client.post(url).json(report).send().await;
            match sent.and_then(reqwest::Response::error_for_status) {
                Ok(_) => return Ok(()),
                Err(error) if tried == WEBHOOK_TRIES_MAX => {
                    return Err(error).context("the webhook does not take the alarm");
                }
                Err(_) => tried += 1,
            }
        }
    }
}

fn print(report: &Report) {
    if let Some(problem) = &report.problem {
        say(&format!(
            "账本异常 the log misbehaves [{}]: {}",
            problem.code, problem.message
        ));
        say("证据在状态文件旁的 .evidence 文件 the evidence is beside the state, in `.evidence`");
        return;
    }
    say(&format!(
        "账本一致 the log is consistent: {} → {} 条 entries, {} 个见证 witnesses, {}",
        report.size_before,
        report.size,
        report.witnesses.len(),
        report.origin
    ));
    for sighting in &report.sightings {
        let Sighting {
            index,
            at,
            kind,
            what,
            outcome,
        } = sighting;
        let outcome = outcome.as_deref().unwrap_or_default();
        say(&format!(
            "本方名下条目 entry of the party: #{index} {at} {kind} {what} {outcome}"
        ));
    }
}
