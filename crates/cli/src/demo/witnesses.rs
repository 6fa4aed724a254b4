//! The demo's witnesses: the supervisor's and a notary's, in this process, each with its own key, folder and port.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use gongshu_app::ledger::{Policy, SignedCheckpoint, WatchList, verify_checkpoint, verify_receipt};
use gongshu_app::store::StampedRecord;
use gongshu_app::{District, SystemClock, Witnessing};
use gongshu_server::{HttpLink, Witness, witness_service};

use crate::site::say;
use crate::witness::key_of;

/// Names in the policy, and of the keys.
const WITNESSES: [(&str, &str); 2] = [
    ("supervisor", "witness.gongshu.example/supervisor"),
    ("notary", "witness.gongshu.example/notary"),
];
/// How often the state is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Longest wait for the cosignatures on the last checkpoint, and for its time-stamp.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// Starts the witnesses, and lets the district ask them. Gives the policy that both must have cosigned, which it also
/// writes to `verify.policy`, without addresses, for verifiers.
pub(super) async fn start(district: &District, data: &Path) -> Result<Policy> {
    let mut asked = format!("log {}\n", district.log_key());
    let mut trusted = asked.clone();
    for (name, key_name) in WITNESSES {
        let (key, url) = serve(district, &data.join(format!("witness-{name}")), key_name).await?;
        asked += &format!("witness {name} {key} {url}\n");
        trusted += &format!("witness {name} {key}\n");
    }
    let quorum = "group both all supervisor notary\nquorum both\n";
    fs::write(data.join("verify.policy"), trusted + quorum)?;
    let policy = Policy::parse((asked + quorum).as_bytes())?;
    district.start_witnessing(Witnessing {
        policy: policy.clone(),
        link: Arc::new(HttpLink::default()),
        stamper: None,
    })?;
    Ok(policy)
}

/// Serves a witness; gives its key and address.
async fn serve(district: &District, folder: &Path, name: &str) -> Result<(String, String)> {
    fs::create_dir_all(folder)?;
    let mut watched = WatchList::default();
    watched.watch(district.log_key().name().as_str(), district.log_key().clone())?;
    let witness = Witness::open(
        folder,
        watched,
        key_of(folder, Some(name), district.suite())?,
        Arc::new(SystemClock),
    )?;
    let key = witness.key().to_string();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(gongshu_server::run(listener, witness_service(Arc::new(witness))));
    Ok((key, url))
}

/// Waits for the cosignatures on the newest checkpoint, and saves it, its time-stamp, and a receipt
/// under it.
pub(super) async fn finish(district: &District, policy: &Policy, data: &Path) -> Result<()> {
    let size = district.head().edge.size();
    let last = tokio::time::timeout(WAIT_MAX, cosigned(district, size)).await;
    let last = last.context("the witnesses have not cosigned the last checkpoint")?;
    let stamp = tokio::time::timeout(WAIT_MAX, stamped(district, size)).await;
    let stamp = stamp.context("the last checkpoint was not time-stamped")??;
    let signatures = verify_checkpoint(&last, policy)?;
    let cosigned = signatures
        .iter()
        .filter(|signature| signature.time_seconds.is_some())
        .count();
    let receipt = district.receipt(size - 1).await?.receipt.proof;
    verify_receipt(&receipt, policy)?;
    fs::write(data.join("final.tlog-proof"), receipt)?;
    fs::write(data.join("final.checkpoint"), &stamp.checkpoint)?;
    fs::write(data.join("final.tsr"), &stamp.reply)?;
    let asked = WITNESSES.len();
    say(&format!(
        "终态检查点（{size} 条）：{asked} 个见证方中 {cosigned} 个联署 final checkpoint of {size} entries: \
         {cosigned} of {asked} cosignatures"
    ));
    say(&format!("时间戳 time-stamp {} (final.tsr, tsa.pem)", stamp.at));
    Ok(())
}

async fn cosigned(district: &District, size: u64) -> Arc<SignedCheckpoint> {
    loop {
        match district.final_checkpoint() {
            Some(last) if last.unverified().size() >= size => return last,
            _ => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
}

async fn stamped(district: &District, size: u64) -> Result<StampedRecord> {
    loop {
        match district.time_stamps().await?.first() {
            Some((newest, _)) if *newest >= size => return Ok(district.time_stamp(*newest).await?),
            _ => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
}
