//! A stranger follows the log over HTTP: its growth, entries in a party's name, and a log that rewrites.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use gongshu_ledger::{Checkpoint, Edge, Hash, KeyName, NoteSigner, Suite, Tile, TileKind, VerifierKey, encode_bundle};
use serde_json::{Value, json};

use crate::served::{Served, calls_path, example_call};

/// Looks once; gives exit code and the report.
async fn look(url: &str, key: &VerifierKey, state: &Path, options: &[&str]) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongshu"));
    command.args(["monitor", url, "--once", "--json", "--key", &key.to_string(), "--state"]);
    command.arg(state).args(options);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let report = serde_json::from_str(&text).unwrap_or_else(|_| json!(String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), report)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_served_log_is_followed_and_a_partys_entries_are_told() {
    let served = Served::start();
    let (log, key) = (served.log(), served.log_key());
    let state = served.data().join("monitor.json");
    let (code, report) = look(&log, &key, &state, &[]).await;
    assert_eq!((code, &report["ok"]), (0, &json!(true)), "{report}");
    let size = report["size"].as_u64().unwrap();
    assert!(size > 50 && report["size_before"] == 0);

    let machine = served.machine().await;
    let product = machine.named("products", "空气质量日均指标").await;
    let answer = machine.post(&calls_path(&product), &example_call(&product)).await.ok();
    let party = machine.party["id"].as_str().unwrap();
    let (code, report) = look(&log, &key, &state, &["--party", party]).await;
    assert_eq!(code, 3, "{report}");
    assert_eq!(
        (
            report["size_before"].as_u64(),
            &report["sightings"].as_array().unwrap().len()
        ),
        (Some(size), &2)
    );
    let index = &answer["receipt"]["index"];
    assert_eq!(
        (&report["sightings"][1]["index"], &report["sightings"][1]["kind"]),
        (index, &json!("call"))
    );

    // From the start again: what the party knows of is not told.
    let known = served.data().join("known");
    let fresh = served.data().join("fresh.json");
    let (_, whole) = look(&log, &key, &fresh, &["--party", party]).await;
    let indices = whole["sightings"].as_array().unwrap().iter();
    let indices: Vec<String> = indices.map(|sighting| sighting["index"].to_string()).collect();
    std::fs::write(&known, format!("# made by us\n{}\n", indices[1..].join("\n"))).unwrap();
    std::fs::remove_file(&fresh).unwrap();
    let (code, report) = look(
        &log,
        &key,
        &fresh,
        &["--party", party, "--known", known.to_str().unwrap()],
    )
    .await;
    assert_eq!(
        (code, report["sightings"].as_array().unwrap().len()),
        (3, 1),
        "{report}"
    );
    let other = NoteSigner::from_seed(Suite::International, key.name().clone(), &[1; 32])
        .unwrap()
        .verifier_key();
    let (code, report) = look(&log, &other, &served.data().join("other.json"), &[]).await;
    assert_eq!(
        (code, &report["problem"]["code"]),
        (2, &json!("checkpoint.not-vouched"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_several_tiles_is_served_as_the_specification_says() {
    let served = Served::start();
    let machine = served.machine().await;
    let product = machine.named("products", "空气质量日均指标").await;
    let calls = (0..300).map(|_| {
        let (machine, product) = (machine.clone(), product.clone());
        async move { machine.post(&calls_path(&product), &example_call(&product)).await.ok() }
    });
    futures::future::join_all(calls).await;
    let (code, report) = look(
        &served.log(),
        &served.log_key(),
        &served.data().join("monitor.json"),
        &[],
    )
    .await;
    assert_eq!(code, 0, "{report}");
    let size = report["size"].as_u64().unwrap();
    assert!(size > 300);

    let text = "text/plain; charset=utf-8";
    let bytes = "application/octet-stream";
    let immutable = "public, max-age=31536000, immutable";
    let full = size / 256;
    let partial = Tile::in_tree(TileKind::Entries, full, size).unwrap().path();
    let above = format!("tile/1/000.p/{full}");
    let expected = [
        ("checkpoint", [text, "no-cache", ""]),
        ("tile/0/000", [bytes, immutable, ""]),
        (above.as_str(), [bytes, immutable, ""]),
        ("tile/entries/000", [bytes, immutable, "gzip"]),
        (partial.as_str(), [bytes, immutable, "gzip"]),
    ];
    let client = reqwest::Client::builder().no_gzip().build().unwrap();
    for (path, [kind, kept, encoding]) in expected {
        let request = client
            .get(format!("{}/{path}", served.log()))
            .header("accept-encoding", "gzip");
        let reply = request.send().await.unwrap();
        let header = |name: &str| reply.headers().get(name).map_or("", |value| value.to_str().unwrap());
        assert_eq!(reply.status(), 200, "{path}");
        let found = ["content-type", "cache-control", "content-encoding"].map(header);
        assert_eq!(found, [kind, kept, encoding], "{path}");
        assert_eq!(header("access-control-allow-origin"), "*", "{path}");
    }
    for path in [
        &format!("tile/0/{full:03}"),
        &format!("tile/entries/{full:03}"),
        "tile/1/001.p/1",
        "tile/0/000.p/0",
        "tile/64/000",
    ] {
        let reply = client.get(format!("{}/{path}", served.log())).send().await.unwrap();
        assert!(reply.status().is_client_error(), "{path}");
        let kept = reply
            .headers()
            .get("cache-control")
            .map(|value| value.to_str().unwrap());
        assert!(kept != Some(immutable), "{path} may be there later");
    }
    let plain = client
        .get(format!("{}/tile/entries/000", served.log()))
        .send()
        .await
        .unwrap();
    assert!(
        plain.headers().get("content-encoding").is_none(),
        "who does not ask gets it as it is"
    );
    assert_eq!(
        gongshu_ledger::decode_bundle(&plain.bytes().await.unwrap())
            .unwrap()
            .len(),
        256
    );
}

/// A log in memory that can say anything.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

impl Shown {
    /// Serves on a free port; gives the log's prefix.
    async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        url
    }

    fn put(&self, path: &str, bytes: Vec<u8>) {
        self.0.lock().unwrap().insert(format!("/{path}"), bytes);
    }

    /// Shows the log of these entries and no other path.
    fn show(&self, entries: &[Vec<u8>]) {
        self.0.lock().unwrap().clear();
        let size = entries.len() as u64;
        let leaves: Vec<Hash> = entries
            .iter()
            .map(|entry| Suite::International.hash_leaf(entry))
            .collect();
        let appended = Edge::new(Suite::International).append(&leaves);
        let checkpoint = Checkpoint::new("log.example/shown", size, appended.root()).unwrap();
        self.put("checkpoint", signer().sign(&checkpoint).into_bytes());
        appended
            .full_tiles()
            .iter()
            .for_each(|full| self.put(&full.tile.path(), full.bytes.clone()));
        appended
            .edge()
            .partial_tiles()
            .iter()
            .for_each(|(tile, bytes)| self.put(&tile.path(), bytes.clone()));
        for (index, bundle) in entries.chunks(256).enumerate() {
            let tile = Tile::in_tree(TileKind::Entries, index as u64, size).unwrap();
            self.put(&tile.path(), encode_bundle(bundle).unwrap());
        }
    }
}

async fn answer(State(shown): State<Shown>, request: Request) -> impl IntoResponse {
    let bytes = shown.0.lock().unwrap().get(request.uri().path()).cloned();
    bytes.map_or((StatusCode::NOT_FOUND, Vec::new()), |bytes| (StatusCode::OK, bytes))
}

fn signer() -> NoteSigner {
    NoteSigner::from_seed(
        Suite::International,
        KeyName::new("log.example/shown").unwrap(),
        &[4; 32],
    )
    .unwrap()
}

fn entries(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|index| format!("entry {index}").into_bytes()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_rewrites_withholds_or_shrinks_raises_an_alarm() {
    let (shown, hook) = (Shown::default(), Hook::default());
    let (url, hook_url) = (shown.serve().await, hook.serve().await);
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let key = signer().verifier_key();
    let webhook = ["--webhook", hook_url.as_str()];
    let look = || look(&url, &key, &state, &webhook);
    assert_eq!(look().await.0, 1, "a log that cannot be read is no proof of anything");
    shown.show(&entries(300));
    assert_eq!(look().await.0, 0);
    assert!(hook.taken().is_empty());

    let code_of = |(code, report): (i32, Value)| (code, report["problem"]["code"].as_str().unwrap_or("").to_owned());
    let mut changed = entries(400);
    changed[280] = b"forged".to_vec();
    shown.show(&changed);
    assert_eq!(code_of(look().await), (2, "follow.rewritten".to_owned()));
    let evidence = std::fs::read_to_string(folder.path().join("state.json.evidence")).unwrap();
    assert_eq!(
        evidence.matches("— log.example/shown ").count(),
        2,
        "both histories, signed: {evidence}"
    );
    changed = entries(400);
    changed[3] = b"forged".to_vec();
    shown.show(&changed);
    assert_eq!(code_of(look().await), (2, "follow.root".to_owned()));
    shown.show(&entries(200));
    assert_eq!(code_of(look().await), (2, "checkpoint.stale".to_owned()));
    shown.show(&entries(400));
    shown.put("tile/0/000", vec![0; 8_192]);
    assert_eq!(look().await.0, 0, "what was compared before is not read again");
    shown.show(&entries(700));
    shown.0.lock().unwrap().remove("/tile/entries/001");
    assert_eq!(code_of(look().await), (2, "log.withheld".to_owned()));
    shown.show(&entries(700));
    shown.put("tile/0/001", vec![0; 8_192]);
    assert_eq!(code_of(look().await), (2, "follow.tile".to_owned()));
    let told: Vec<Value> = hook
        .taken()
        .iter()
        .map(|report| report["problem"]["code"].clone())
        .collect();
    let codes = [
        "follow.rewritten",
        "follow.root",
        "checkpoint.stale",
        "log.withheld",
        "follow.tile",
    ];
    assert_eq!(told, codes.map(|code| json!(code)));
    shown.show(&entries(700));
    assert_eq!(look().await.0, 0, "an alarm leaves the last sound state");
}

/// Takes what is posted.
#[derive(Clone, Default)]
struct Hook(Arc<Mutex<Vec<Value>>>);

impl Hook {
    async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/alarm", listener.local_addr().unwrap());
        let app = Router::new().fallback(take).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        url
    }

    fn taken(&self) -> Vec<Value> {
        self.0.lock().unwrap().clone()
    }
}

async fn take(State(hook): State<Hook>, axum::Json(body): axum::Json<Value>) {
    hook.0.lock().unwrap().push(body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_monitor_that_runs_on_ends_when_the_log_forks_and_has_told_so() {
    let (shown, hook) = (Shown::default(), Hook::default());
    let (url, hook_url) = (shown.serve().await, hook.serve().await);
    shown.show(&entries(5));
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let mut monitor = tokio::process::Command::new(env!("CARGO_BIN_EXE_gongshu"))
        .args(["monitor", &url, "--interval", "1", "--webhook", &hook_url])
        .args(["--key", &signer().verifier_key().to_string(), "--state"])
        .arg(&state)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    while !state.exists() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let (code, report) = look(&url, &signer().verifier_key(), &state, &[]).await;
    assert_eq!(code, 1, "two monitors do not share a state: {report}");
    let mut forked = entries(5);
    forked[2] = b"forged".to_vec();
    shown.show(&forked);
    let ended = tokio::time::timeout(std::time::Duration::from_secs(20), monitor.wait()).await;
    assert_eq!(ended.unwrap().unwrap().code(), Some(2));
    assert_eq!(hook.taken()[0]["problem"]["code"], "checkpoint.fork");
}
