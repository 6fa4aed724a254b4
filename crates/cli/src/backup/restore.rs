//! Restoring a district from a backup.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use gongshu_app::ledger::{NoteSigner, Suite};
use gongshu_app::store::Store;
use gongshu_app::{Restored, Until};
use jiff::Timestamp;

use super::manifest::Manifest;
use super::{DATABASE, KEYS, SETTINGS, copy_if_there, copy_packs, folder};
use crate::master_key;
use crate::site::{PACKS, keygen, say, store_url};
use crate::vault::FOLDER as VAULT;

/// From where, to where, and up to when.
#[derive(Args)]
pub(crate) struct RestoreOptions {
    /// Folder of the backup.
    backup: PathBuf,
    /// Folder of the district; it must not exist.
    #[arg(long, default_value = "gongshu-data")]
    data: PathBuf,
    /// Where state and ledger are to be, if not in the folder: `postgres://…`, an empty database.
    #[arg(long)]
    store: Option<String>,
    /// Folder with the keys, where the backup has none.
    #[arg(long)]
    keys: Option<PathBuf>,
    /// Restore the ledger's first entries only.
    #[arg(long, value_name = "ENTRIES", conflicts_with = "until")]
    size: Option<u64>,
    /// Restore what was made at or before this instant, such as `2026-11-25T02:00:00Z`.
    #[arg(long, value_name = "INSTANT")]
    until: Option<Timestamp>,
    /// Go on as a new log of this origin, under a new key: where entries were lost that witnesses have seen.
    #[arg(long, value_name = "ORIGIN")]
    new_log: Option<String>,
}

/// Restores a district and replays it.
pub(crate) async fn restore(options: &RestoreOptions) -> Result<()> {
    let (backup, data) = (&options.backup, &options.data);
    if data.exists() {
        bail!(
            "{} 已存在，恢复从不覆盖；请另选目录 / exists; a restore overwrites nothing: choose another folder",
            data.display()
        );
    }
    Manifest::check(backup)?;
    fs::create_dir_all(data).with_context(|| format!("{} cannot be made", data.display()))?;
    // Opening a database may touch its file; the backup stays as it is.
    let copy = data.join("backup.db");
    copy_if_there(&backup.join(DATABASE), &copy)?;
    let from = Store::open(&format!("sqlite://{}", copy.canonicalize()?.display())).await?;
    for name in SETTINGS {
        copy_if_there(&backup.join(name), &data.join(name))?;
    }
    copy_packs(backup, data)?;
    let signer = keys(options, from.suite().await?)?;
    folder::sync(&backup.join(VAULT), &data.join(VAULT))?;
    let to = Store::open(&store_url(data, options.store.as_deref())?).await?;
    let until = match (options.size, options.until) {
        (Some(size), _) => Until::Size(size),
        (None, Some(instant)) => Until::Instant(instant),
        (None, None) => Until::Newest,
    };
    let restored = gongshu_app::restore(&from, &to, until, &signer, &PACKS).await?;
    from.close().await;
    to.close().await;
    for left in ["backup.db", "backup.db-wal", "backup.db-shm"] {
        if data.join(left).exists() {
            fs::remove_file(data.join(left))?;
        }
    }
    tell(&restored, data)
}

/// The keys, copied or made; the log's is given.
fn keys(options: &RestoreOptions, suite: Suite) -> Result<NoteSigner> {
    let from = options.keys.as_deref().unwrap_or(&options.backup);
    for name in KEYS {
        copy_if_there(&from.join(name), &options.data.join(name))?;
    }
    if master_key::token(&options.data)?.is_none() && !options.data.join(master_key::KEY).exists() {
        bail!(
            "{} 中没有 master.key：请用 --keys 指明密钥目录 / has no master.key: name the folder of the keys with --keys",
            from.display()
        );
    }
    let log_key = options.data.join("log.key");
    if let Some(origin) = &options.new_log {
        if log_key.exists() {
            fs::rename(&log_key, options.data.join("log.key.before"))?;
        }
        keygen(origin, &log_key, suite)?;
    }
    let secret = fs::read_to_string(&log_key).with_context(|| {
        format!(
            "{} 中没有 log.key：请用 --keys 指明密钥目录 / has no log.key: name the folder of the keys with --keys",
            from.display()
        )
    })?;
    Ok(NoteSigner::from_secret_text(secret.trim())?)
}

fn tell(restored: &Restored, data: &Path) -> Result<()> {
    let report = &restored.report;
    if let Some(found) = &report.difference {
        bail!(
            "备份与其账本不符：第 {} 条，{} / the backup does not follow from its ledger: entry {}, {}: recorded {}, derived {}",
            found.index,
            found.what,
            found.index,
            found.what,
            found.recorded,
            found.derived
        );
    }
    say(&format!(
        "已恢复至 {}：{} 条账本条目，已逐条重放，根 {}\nrestored to {}: {} entries, each replayed, root {}",
        data.display(),
        report.entries,
        report.root,
        data.display(),
        report.entries,
        report.root
    ));
    if !restored.whole {
        say(
            "较新的条目未恢复：若见证方已见过它们，同一账本不能由此续写\nnewer entries were left out: where witnesses have seen them, this log cannot go on from here",
        );
    }
    Ok(())
}
