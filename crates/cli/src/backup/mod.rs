//! `gongshu backup` and `gongshu restore`.
//!
//! A backup is a folder: the store as one SQLite file, the vault's encrypted files, and a manifest with the SHA-256 of
//! each. Keys are left out unless asked for: whoever holds the backup alone reads nothing.

mod folder;
mod manifest;
mod restore;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use gongshu_app::ledger::SignedCheckpoint;
use gongshu_app::store::Store;

pub(crate) use restore::{RestoreOptions, restore};

use crate::site::{OWN_PACKS, say, store_url};
use crate::vault::{self, FOLDER as VAULT};
use crate::{certificates, master_key};
use manifest::Manifest;

/// The store of a backup.
const DATABASE: &str = "district.db";
/// What opens the backup; left out unless asked for.
const KEYS: [&str; 4] = ["log.key", master_key::KEY, "tsa.key", "tsa.pem"];
/// What else belongs to a district's folder.
const SETTINGS: [&str; 5] = [
    "limits.toml",
    "witnesses.policy",
    vault::FILE,
    master_key::FILE,
    certificates::FILE,
];

/// Where to, and what of.
#[derive(Args)]
pub(crate) struct BackupOptions {
    /// Folder of the backup; it must not exist.
    out: PathBuf,
    /// Folder of the district.
    #[arg(long, default_value = "gongshu-data")]
    data: PathBuf,
    /// Where state and ledger are, if not in the folder.
    #[arg(long)]
    store: Option<String>,
    /// Put the keys into the backup too. Without them keep `log.key` and `master.key` elsewhere: nothing opens without.
    #[arg(long)]
    with_keys: bool,
    /// Leave out the vault, which is in a bucket: the store keeps its copies.
    #[arg(long)]
    without_vault: bool,
}

/// Backs a district up while it is served.
pub(crate) async fn backup(options: &BackupOptions) -> Result<()> {
    let out = &options.out;
    if out.exists() {
        bail!(
            "{} 已存在，备份从不覆盖 / exists; a backup overwrites nothing",
            out.display()
        );
    }
    refuse_bucket(options)?;
    let from = Store::open(&store_url(&options.data, options.store.as_deref())?).await?;
    // It bears its own name once it is whole.
    let draft = out.with_added_extension("part");
    fs::create_dir_all(&draft).with_context(|| format!("{} cannot be made", draft.display()))?;
    let vault = options.data.join(VAULT);
    // The vault before and after the store: a version that the store knows is there, one destroyed meanwhile is not.
    folder::sync(&vault, &draft.join(VAULT))?;
    let to = Store::open(&store_url(&draft, None)?).await?;
    let copied = gongshu_app::back_up(&from, &to).await?;
    to.tidy_up().await?;
    to.close().await;
    folder::sync(&vault, &draft.join(VAULT))?;
    let keys = KEYS.iter().filter(|_| options.with_keys);
    for name in SETTINGS.iter().chain(keys) {
        copy_if_there(&options.data.join(name), &draft.join(name))?;
    }
    copy_packs(&options.data, &draft)?;
    let root = SignedCheckpoint::parse(&copied.checkpoint).map(|signed| signed.unverified().root().to_string());
    let manifest = Manifest::of(&draft, copied.size, root.unwrap_or_default(), copied.checkpoint)?;
    manifest.write(&draft)?;
    fs::rename(&draft, out).with_context(|| format!("{} cannot be given its name", draft.display()))?;
    say(&format!(
        "已备份至 {}：{} 条账本条目，{} 个文件\nbacked up to {}: {} entries, {} files",
        out.display(),
        copied.size,
        manifest.files.len(),
        out.display(),
        copied.size,
        manifest.files.len()
    ));
    if !options.with_keys {
        say(
            "密钥未随备份：请另行保管 log.key 与 master.key\nthe keys are not in it: keep log.key and master.key elsewhere",
        );
    }
    Ok(())
}

/// A backup holds files; what a bucket holds is left out only where that is meant.
fn refuse_bucket(options: &BackupOptions) -> Result<()> {
    match (vault::bucket(&options.data)?, options.without_vault) {
        (Some(url), false) => bail!(
            "数据在存储桶 {url} 中，不随本备份：请用对象存储自己的复制功能另行备份，并加 --without-vault 备份其余部分\nthe \
             vault is in the bucket {url}, which this backup does not copy: have the object store replicate it, and back \
             up the rest with --without-vault"
        ),
        (None, true) => bail!(
            "本辖区数据在其目录中，--without-vault 只用于存储桶 / the vault is in the district's folder; \
             --without-vault is for buckets"
        ),
        (Some(_), true) | (None, false) => Ok(()),
    }
}

/// The rules that a district decides by are its own where it has any.
fn copy_packs(from: &Path, to: &Path) -> Result<()> {
    match from.join(OWN_PACKS) {
        packs if packs.exists() => folder::sync(&packs, &to.join(OWN_PACKS)),
        _ => Ok(()),
    }
}

fn copy_if_there(from: &Path, to: &Path) -> Result<()> {
    if from.exists() {
        fs::copy(from, to).with_context(|| format!("{} cannot be copied", from.display()))?;
    }
    Ok(())
}
