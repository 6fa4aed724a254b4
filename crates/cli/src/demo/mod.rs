//! The demo: the sample district lives one lifecycle, step by step, each with its receipt.

mod abroad;
mod clock;
mod disclosure;
mod model;
mod month;
mod output;
mod oversight;
mod pilot;
mod plan;
mod posts;
mod registration;
mod sample;
mod selection;
mod signing;
mod steps;
mod uses;
mod watched;
mod witnesses;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use gongshu_app::governance::rules::RuleBook;
use gongshu_app::ledger::Suite;
use gongshu_app::{Clock, SystemClock};

use crate::{certificates, master_key, site, vault};
use clock::StoryClock;
use steps::Story;

/// What the demo is run with.
pub(crate) struct Options {
    pub(crate) data: PathBuf,
    pub(crate) listen: SocketAddr,
    pub(crate) once: bool,
    pub(crate) fresh: bool,
    pub(crate) store: Option<String>,
    pub(crate) vault: Option<String>,
    pub(crate) master_key: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) firms: Option<u64>,
    pub(crate) one_day: bool,
    pub(crate) suite: Option<Suite>,
}

/// Runs the demo: lives the lifecycle where the folder is new, then serves unless `once`.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let done = options.data.join("demo.done");
    if options.fresh && options.data.exists() {
        // Only a folder that a demo has made is ever removed.
        if !options.data.join("demo.folder").exists() {
            bail!("{} was not made by a demo; it is not replaced", options.data.display());
        }
        fs::remove_dir_all(&options.data).context("the earlier demo cannot be removed")?;
    }
    if options.data.exists() && !done.exists() {
        bail!(
            "{} holds an unfinished or other district; use --fresh or another --data",
            options.data.display()
        );
    }
    let kept = done.exists();
    fs::create_dir_all(&options.data)?;
    fs::write(options.data.join("demo.folder"), "")?;
    if let Some(address) = options.master_key.as_deref().filter(|_| !kept) {
        master_key::set_token(&options.data, address)?;
    }
    if let Some(url) = options.vault.as_deref().filter(|_| !kept) {
        vault::set_bucket(&options.data, url)?;
    }
    if let Some(address) = options.address.as_deref().filter(|_| !kept) {
        certificates::set_address(&options.data, address)?;
    }
    let clock = if kept || options.one_day {
        None
    } else {
        Some(Arc::new(story_clock(&options.data)?))
    };
    let told: Arc<dyn Clock> = match &clock {
        Some(clock) => clock.clone(),
        None => Arc::new(SystemClock),
    };
    let district = site::open_by(&options.data, options.store.as_deref(), options.suite, told).await?;
    let policy = witnesses::start(&district, &options.data).await?;
    if kept {
        site::say("沿用已有的示范区（--fresh 重建） keeping the earlier district (--fresh replaces it)");
    } else {
        Story::new(district.clone(), options.data.clone(), clock, options.firms)
            .live()
            .await?;
        fs::write(&done, "")?;
    }
    witnesses::finish(&district, &policy, &options.data).await?;
    crate::audit::replay(&options.data, options.store.as_deref(), false).await?;
    if options.once {
        return Ok(());
    }
    site::say(&format!("\n演示账号 demo accounts (password: {}):", sample::PASSWORD));
    for party in sample::Sample::load()?.parties {
        site::say(&format!("  {:<12} {}", party.login, party.name));
        if let Some(head) = party.head {
            site::say(&format!("  {head:<13} {}（负责人 head）", party.name));
        }
    }
    site::serve(district, &options.data, options.listen, None).await
}

/// The clock of a lifecycle whose month may be closed today, by the district's rules.
fn story_clock(data: &Path) -> Result<StoryClock> {
    let packs = site::packs(data)?;
    let book = RuleBook::load(&packs.iter().map(String::as_str).collect::<Vec<_>>())?;
    StoryClock::of_last_month(book.at(SystemClock.now()).parameters().close_days_min)
}
