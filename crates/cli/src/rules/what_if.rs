//! A proposed rule pack asked about the recorded history.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use gongshu_app::governance::rules::propose;
use gongshu_app::store::Store;
use gongshu_app::{Changed, Outcome, WhatIf};

use crate::site::{packs, say, store_url};

/// Lists the decisions that would change; whether none would.
pub(super) async fn run(pack: &Path, data: &Path, store: Option<&str>, json: bool) -> Result<bool> {
    let text = fs::read_to_string(pack).with_context(|| format!("{} cannot be read", pack.display()))?;
    let own = packs(data)?;
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let packs = propose(&own, &text).with_context(|| format!("{} is no rule pack", pack.display()))?;
    let store = Store::open(&store_url(data, store)?).await?;
    let found = gongshu_app::what_if(&store, &packs).await?;
    if json {
        say(&serde_json::to_string_pretty(&found)?);
    } else {
        show(&found);
    }
    match found.history.difference {
        None => Ok(found.changed.is_empty()),
        Some(at) => bail!(
            "the history differs from its rules at entry {}, so nothing after it was asked; see `gongshu audit replay`",
            at.index
        ),
    }
}

fn show(found: &WhatIf) {
    for changed in &found.changed {
        say(&line(changed));
    }
    say(&format!(
        "{} 项治理行为、{} 次调用中，{} 项决定将改变\nof {} acts and {} calls, {} decisions would change",
        found.history.acts,
        found.history.calls,
        found.changed.len(),
        found.history.acts,
        found.history.calls,
        found.changed.len()
    ));
    say(&format!("{}\n{}", found.unseen.zh, found.unseen.en));
}

fn line(changed: &Changed) -> String {
    let head = format!("#{} {} {}", changed.index, changed.at, changed.act);
    match (&changed.recorded, &changed.proposed) {
        (Outcome::Accepted, Outcome::Accepted) => {
            format!("~ {head}\n  仍准许，但内容不同 still accepted, with another outcome")
        }
        (Outcome::Refused(refusal), Outcome::Accepted) => {
            format!(
                "+ {head}\n  将准许，原依 {} 拒绝 accepted, was refused by it",
                refusal.rule
            )
        }
        (Outcome::Accepted | Outcome::Refused(_), Outcome::Refused(refusal)) => format!(
            "- {head}\n  将依 {} 拒绝 refused by it: {}\n  {}\n  依据 source: {} {}",
            refusal.rule, refusal.message.zh, refusal.message.en, refusal.source, refusal.article
        ),
    }
}
