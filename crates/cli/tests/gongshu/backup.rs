//! Backups taken while the district answers; restores that go on, that stop at an instant, and that may not go on.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::served::{Client, Served, calls_path, example_call};
use crate::two_servers::database;
use crate::witness::Witness;

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");
const CALLERS: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_whole_and_a_log_that_lost_published_entries_does_not_go_on() {
    let mut served = Served::start();
    served.kill();
    let _witness = watched(&served);
    served.restart();
    served.consent().await;
    let machine = served.machine().await;
    let product = machine.named("products", "企业登记核验").await;
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| tokio::spawn(burst(machine.clone(), product.clone())))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    let told = gongshu(&["backup", path(&backup), "--data", path(&served.data())]);
    assert!(told.contains("密钥未随备份"), "{told}");
    let mut answered = 0;
    for caller in callers {
        answered += caller.await.unwrap();
    }
    assert!(answered > 0);
    let manifest: Value = serde_json::from_slice(&std::fs::read(backup.join("backup.json")).unwrap()).unwrap();
    let (size, now) = (manifest["size"].as_u64().unwrap(), seen_by(&served).await);
    assert!(size < now, "the backup has {size} entries, the witness has seen {now}");
    for secret in ["master.key", "log.key"] {
        assert!(!backup.join(secret).exists());
    }

    let restored = folder.path().join("restored");
    let keys = served.data();
    let arguments = ["restore", path(&backup), "--data", path(&restored)];
    let refused = run(&arguments);
    assert!(
        !refused.status.success() && told_by(&refused).contains("--keys"),
        "{refused:?}"
    );
    std::fs::remove_dir_all(&restored).unwrap();
    let told = gongshu(&[&arguments[..], &["--keys", path(&keys)]].concat());
    assert!(
        told.contains(&format!(
            "{size} entries, each replayed, root {}",
            manifest["root"].as_str().unwrap()
        )),
        "{told}"
    );

    // Calls that were answered after the backup are not in it: going on would fork what the witness has seen.
    let refused = run(&["serve", "--listen", "127.0.0.1:0", "--data", path(&restored)]);
    let told = told_by(&refused);
    assert!(!refused.status.success());
    assert!(
        told.contains(&format!("has cosigned {now} entries")) && told.contains("--new-log"),
        "{told}"
    );

    // As a new log it goes on; the entries before are the same.
    served.kill();
    let renewed = folder.path().join("renewed");
    let arguments = [
        "restore",
        path(&backup),
        "--data",
        path(&renewed),
        "--keys",
        path(&keys),
    ];
    gongshu(&[&arguments[..], &["--new-log", "gongshu.example/longhua-2"]].concat());
    replace(&served, &renewed);
    served.restart();
    served
        .machine()
        .await
        .post(&calls_path(&product), &example_call(&product))
        .await
        .ok();
    let checkpoint = reqwest::get(format!("{}/checkpoint", served.log()))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(checkpoint.starts_with("gongshu.example/longhua-2\n"), "{checkpoint}");
    served.kill();
    served.audit().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_backup_goes_on_and_an_earlier_instant_is_restored_to_look_at() {
    let mut served = Served::start();
    served.kill();
    let _witness = watched(&served);
    served.restart();
    let size = seen_by(&served).await;
    served.kill();
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    // A district's own rules go with it.
    std::fs::create_dir(served.data().join("rules")).unwrap();
    std::fs::write(
        served.data().join("rules/own.toml"),
        "[pack]\nid = \"own\"\ntitle = \"本区规则\"\n",
    )
    .unwrap();
    gongshu(&["backup", path(&backup), "--data", path(&served.data()), "--with-keys"]);
    let overwritten = run(&["backup", path(&backup), "--data", path(&served.data())]);
    assert!(!overwritten.status.success() && told_by(&overwritten).contains("overwrites nothing"));
    let restore = |to: &Path, rest: &[&str]| gongshu(&[&["restore", path(&backup), "--data", path(to)], rest].concat());

    // Earlier sizes and instants: totals are those of the entries that are there, or the replay would say so.
    let before = served.audit().unwrap();
    let earlier = folder.path().join("earlier");
    let told = restore(&earlier, &["--size", "40"]);
    assert!(
        told.contains("40 entries, each replayed") && told.contains("newer entries were left out"),
        "{told}"
    );
    let audit = run(&["audit", "replay", "--json", "--data", path(&earlier)]);
    let audit: Value = serde_json::from_slice(&audit.stdout).unwrap();
    assert_eq!((&audit["entries"], &audit["difference"]), (&json!(40), &Value::Null));
    let told = restore(&folder.path().join("nothing"), &["--until", "2020-01-01T00:00:00Z"]);
    assert!(told.contains(" 0 entries"), "{told}");
    let beyond = folder.path().join("beyond");
    let refused = run(&["restore", path(&backup), "--data", path(&beyond), "--size", "100000"]);
    assert!(
        !refused.status.success() && told_by(&refused).contains("entries only"),
        "{refused:?}"
    );

    // The whole of it, into the folder: it goes on, and the witness cosigns what comes.
    let restored = folder.path().join("restored");
    restore(&restored, &["--until", "2100-01-01T00:00:00Z"]);
    assert!(restored.join("rules/own.toml").exists());
    replace(&served, &restored);
    assert_eq!(served.audit().unwrap(), before);
    served.restart();
    served.consent().await;
    assert!(seen_by(&served).await > size);

    // Into PostgreSQL, and back from there.
    if let Some(store) = database("gongshu_restore").await {
        let moved = folder.path().join("moved");
        restore(&moved, &["--store", &store]);
        let back = folder.path().join("back");
        gongshu(&["backup", path(&back), "--data", path(&moved), "--store", &store]);
        let manifest = |folder: &Path| -> Value {
            serde_json::from_slice(&std::fs::read(folder.join("backup.json")).unwrap()).unwrap()
        };
        assert_eq!(manifest(&back)["root"], manifest(&backup)["root"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_refused_by_the_name_of_the_file() {
    let mut served = Served::start();
    served.kill();
    let folder = tempfile::tempdir().unwrap();
    let (backup, to) = (folder.path().join("backup"), folder.path().join("restored"));
    gongshu(&["backup", path(&backup), "--data", path(&served.data()), "--with-keys"]);
    let file = backup.join("district.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let refused = run(&["restore", path(&backup), "--data", path(&to)]);
    assert!(!refused.status.success());
    assert!(
        told_by(&refused).contains("district.db is damaged"),
        "{}",
        told_by(&refused)
    );
    assert!(!to.exists());
}

/// A witness of the district's log, which the district asks from its next start on.
fn watched(served: &Served) -> Witness {
    let data = served.data();
    let witness = Witness::serve(
        &data.with_extension("witness"),
        "w.example/one",
        &served.log_key(),
        "127.0.0.1:0",
    );
    let policy = format!("witness one {} {}\nquorum one\n", witness.key, witness.base);
    std::fs::write(data.join("witnesses.policy"), policy).unwrap();
    witness
}

/// Calls one after another; gives how many were answered.
async fn burst(machine: Client, product: Value) -> usize {
    let (mut answered, until) = (0, tokio::time::Instant::now() + std::time::Duration::from_secs(3));
    while tokio::time::Instant::now() < until {
        machine.post(&calls_path(&product), &example_call(&product)).await.ok();
        answered += 1;
    }
    answered
}

/// How many entries the witness has seen once it has seen all of them.
async fn seen_by(served: &Served) -> u64 {
    let client = served.person("supervisor").await;
    loop {
        let state = client.get("log/witnesses").await.ok();
        if state["final_size"] == state["size"] && state["items"][0]["late"] == false {
            return state["size"].as_u64().unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Puts a restored folder in the district's place.
fn replace(served: &Served, restored: &Path) {
    std::fs::rename(served.data(), served.data().with_extension("lost")).unwrap();
    std::fs::rename(restored, served.data()).unwrap();
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn run(arguments: &[&str]) -> Output {
    Command::new(GONGSHU).args(arguments).output().unwrap()
}

fn told_by(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

/// Runs a command that must succeed; gives what it said.
fn gongshu(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", told_by(&output));
    told_by(&output)
}
