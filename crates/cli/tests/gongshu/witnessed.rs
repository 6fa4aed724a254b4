//! A district whose log is cosigned by witnesses that come, go and lag.

use std::process::Command;
use std::time::Duration;

use gongshu_ledger::{Policy, SignedCheckpoint, verify_checkpoint};
use serde_json::{Value, json};

use crate::served::{Client, Served};
use crate::time_stamp;
use crate::witness::Witness;

/// How often the state is looked at, and for how long.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const LOOKS_MAX: usize = 1_200;

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_is_final_with_two_of_three_and_waits_for_them() {
    let mut served = Served::start();
    served.kill();
    let log = served.log_key();
    let data = served.data();
    let folder = |name: &str| data.join(name);
    let one = Witness::serve(&folder("w1"), "one.example/w", &log, "127.0.0.1:0");
    let two = Witness::serve(&folder("w2"), "two.example/w", &log, "127.0.0.1:0");
    let three = Witness::serve(&folder("w3"), "three.example/w", &log, "127.0.0.1:0");
    let policy_text = format!(
        "witness one {} {}\nwitness two {} {}\nwitness three {} {}/\ngroup all 2 one two three\nquorum all\n",
        one.key, one.base, two.key, two.base, three.key, three.base
    );
    let policy_file = folder("witnesses.policy");
    std::fs::write(&policy_file, &policy_text).unwrap();
    drop(three);
    served.restart();
    let client = served.person("supervisor").await;
    let policy = Policy::parse(policy_text.as_bytes())
        .unwrap()
        .with_only_log(log.clone())
        .unwrap();

    // They start from nothing, the log from what other witnesses saw before: it resends from where they are.
    let state = until(&client, |state| {
        state["final_size"] == state["size"] && cosigned(state) == 2
    })
    .await;
    assert!(
        state["items"][2]["late"].as_bool().unwrap() && state["items"][2]["error"].is_string(),
        "{state}"
    );
    let open = reqwest::get(format!("{}/log/witnesses", served.base)).await.unwrap();
    let open: Value = open.json().await.unwrap();
    assert_eq!(open["items"][2]["late"], true);
    assert!(
        open["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| item.get("url").or(item.get("error")).is_none())
    );
    let metrics = reqwest::get(served.base.replace("/api/v1", "/metrics")).await.unwrap();
    let metrics = metrics.text().await.unwrap();
    for line in [
        format!("gongshu_log_size {}\n", state["size"]),
        format!("gongshu_log_final_size {}\n", state["size"]),
        "gongshu_witness_late{witness=\"two\"} 0\n".to_owned(),
        "gongshu_witness_late{witness=\"three\"} 1\n".to_owned(),
        "gongshu_witness_refuses{witness=\"three\"} 1\n".to_owned(),
        "# EOF\n".to_owned(),
    ] {
        assert!(metrics.contains(&line), "`{line}` is not in {metrics}");
    }
    let published = published(&served).await;
    assert_eq!(published.unverified().size(), state["size"].as_u64().unwrap());
    assert_eq!(
        verify_checkpoint(&published, &policy).unwrap().len(),
        3,
        "the log and two witnesses"
    );

    let index = act(&client).await;
    let state = until(&client, |state| state["final_size"].as_u64() > Some(index)).await;
    let metrics = reqwest::get(served.base.replace("/api/v1", "/metrics")).await.unwrap();
    assert!(metrics.text().await.unwrap().contains("gongshu_entries_total 2\n"));
    receipts_carry_cosignatures(&client, &served, index, &[&one, &two]).await;

    // Without a quorum the newest entries wait; what is served stays the last final checkpoint.
    let address = two.base.trim_start_matches("http://").to_owned();
    drop(two);
    let index = act(&client).await;
    let waiting = until(&client, |state| state["items"][1]["error"].is_string()).await;
    assert_eq!(waiting["final_size"], state["final_size"]);
    assert_eq!(
        self::published(&served).await.unverified().size(),
        state["final_size"].as_u64().unwrap()
    );
    let _two = Witness::serve(&folder("w2"), "two.example/w", &log, &address);
    until(&client, |state| state["final_size"].as_u64() > Some(index)).await;

    // What was final stays final over a restart. An outside authority stamps what comes now.
    let before = self::published(&served).await;
    served.kill();
    let authority = time_stamp::outside_authority().await;
    served.restart_with(&["--time-stamps", &authority]);
    assert!(self::published(&served).await.unverified().size() >= before.unverified().size());
    let client = served.person("supervisor").await;
    act(&client).await;
    time_stamp::stamped(
        &client,
        |stamp| stamp["at"] == time_stamp::OUTSIDE_TIME,
        &time_stamp::outside_certificate(),
    )
    .await;
}

/// Waits until the log's witnesses are as wanted.
async fn until(client: &Client, wanted: impl Fn(&Value) -> bool) -> Value {
    let mut state = Value::Null;
    for _ in 0..LOOKS_MAX {
        state = client.get("log/witnesses").await.ok();
        if wanted(&state) {
            return state;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("the witnesses stay at {state}");
}

fn cosigned(state: &Value) -> usize {
    let items = state["items"].as_array().unwrap().iter();
    items
        .filter(|item| item["size"] == state["size"] && item["late"] == false)
        .count()
}

async fn published(served: &Served) -> SignedCheckpoint {
    let reply = reqwest::get(format!("{}/checkpoint", served.log())).await.unwrap();
    SignedCheckpoint::parse(&reply.text().await.unwrap()).unwrap()
}

/// Freezes and thaws a scenario; gives the index of the last entry.
async fn act(supervisor: &Client) -> u64 {
    let product = supervisor.named("products", "空气质量日均指标").await;
    let scenario = json!({"scenario": product["scenario"]["id"]});
    let mut freeze = scenario.clone();
    freeze["reason"] = json!("抽查");
    supervisor.act("freeze_scenario", freeze).await.ok();
    let thawed = supervisor.act("thaw_scenario", scenario).await.ok();
    thawed["receipt"]["index"].as_u64().unwrap()
}

async fn receipts_carry_cosignatures(client: &Client, served: &Served, index: u64, witnesses: &[&Witness]) {
    let receipt = client.get(&format!("entries/{index}/receipt")).await.ok();
    let file = served.data().join("later.tlog-proof");
    std::fs::write(&file, receipt["proof"].as_str().unwrap()).unwrap();
    let verify = |witnesses: &[&Witness], min: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongshu"));
        command
            .arg("verify")
            .arg(&file)
            .args(["--key", &served.log_key().to_string()]);
        for witness in witnesses {
            command.args(["--witness", &witness.key.to_string()]);
        }
        command.args(["--witnesses-min", min]).output().unwrap()
    };
    let good = verify(witnesses, "2");
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    assert!(!verify(witnesses, "3").status.success());
    assert!(!verify(&witnesses[..1], "2").status.success());
}
