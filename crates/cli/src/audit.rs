//! Audits.

use std::path::Path;

use anyhow::{Result, bail};
use gongshu_app::store::Store;

use crate::site::{PACKS, say, store_url};

/// Derives every decision again.
pub(crate) async fn replay(data: &Path, store: Option<&str>, json: bool) -> Result<()> {
    let store = Store::open(&store_url(data, store)?).await?;
    let report = gongshu_app::replay(&store, &PACKS, &mut |_| {}).await?;
    if json {
        say(&serde_json::to_string_pretty(&report)?);
    } else {
        say(&format!(
            "重放 {} 条：{} 项治理行为、{} 次调用（{} 次未得结果），根 {}\nreplayed {} entries: {} acts, {} calls ({} without an answer), root {}",
            report.entries,
            report.acts,
            report.calls,
            report.failed,
            report.root,
            report.entries,
            report.acts,
            report.calls,
            report.failed,
            report.root
        ));
    }
    match report.difference {
        None => Ok(()),
        Some(found) => bail!(
            "第 {} 条的{}与记录不符 / entry {} differs in {}: recorded {}, derived {}",
            found.index,
            found.what,
            found.index,
            found.what,
            found.recorded,
            found.derived
        ),
    }
}
