//! Time-stamps over HTTP, judged by `openssl ts`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use base64::Engine;
use gongshu_ledger::stamp::StampAuthority;
use serde_json::Value;

use crate::served::{Client, Served};

fn openssl(folder: &Path, arguments: &str) -> bool {
    let mut command = Command::new("openssl");
    let done = command
        .current_dir(folder)
        .args(arguments.split_whitespace())
        .output()
        .unwrap();
    done.status.success()
}

#[tokio::test(flavor = "multi_thread")]
async fn openssl_asks_the_built_in_authority_and_accepts_its_answer_only_untouched() {
    let served = Served::start();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let http = reqwest::Client::new();
    let tsa = served.base.replace("/api/v1", "/tsa");
    let certificate = http.get(format!("{tsa}/certificate")).send().await.unwrap();
    std::fs::write(path("tsa.pem"), certificate.bytes().await.unwrap()).unwrap();
    std::fs::write(path("data"), "anything").unwrap();
    assert!(openssl(folder.path(), "ts -query -data data -sha256 -cert -out query"));
    let query = std::fs::read(path("query")).unwrap();
    let asked = |kind: &'static str| http.post(&tsa).header("content-type", kind).body(query.clone()).send();
    let reply = asked("application/timestamp-query").await.unwrap();
    assert_eq!(reply.headers()["content-type"], "application/timestamp-reply");
    let reply = reply.bytes().await.unwrap().to_vec();
    let verify = "ts -verify -queryfile query -in reply -CAfile tsa.pem";
    std::fs::write(path("reply"), &reply).unwrap();
    assert!(openssl(folder.path(), verify));
    let mut tampered = reply.clone();
    let at = tampered.len() - 10;
    tampered[at] ^= 1;
    std::fs::write(path("reply"), &tampered).unwrap();
    assert!(!openssl(folder.path(), verify));
    assert_eq!(asked("text/plain").await.unwrap().status(), 415);
    let long = http.post(&tsa).header("content-type", "application/timestamp-query");
    assert_eq!(long.body(vec![0; 100_000]).send().await.unwrap().status(), 413);

    let supervisor = served.person("supervisor").await;
    let certificate = std::fs::read_to_string(served.data().join("tsa.pem")).unwrap();
    stamped(&supervisor, |stamp| stamp["size"].as_u64() > Some(10), &certificate).await;
    assert_eq!(supervisor.get("log/time-stamps/7").await.status, 404);
    let kept = served.data();
    let verify = "ts -verify -data final.checkpoint -in final.tsr -CAfile tsa.pem";
    assert!(openssl(&kept, verify), "what the demo leaves");
    let log = served.log_key().to_string();
    let judged = |stamp: &str, authority: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongshu"));
        let command = command
            .current_dir(&kept)
            .args(["verify", "final.checkpoint", "--key", &log]);
        let done = command
            .args(["--stamp", stamp, "--authority", authority])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&[&done.stdout[..], &done.stderr].concat()).into_owned();
        (done.status.success(), said)
    };
    let (good, said) = judged("final.tsr", "tsa.pem");
    assert!(good && said.contains("its authority is trusted"), "{said}");
    std::fs::write(kept.join("other.pem"), outside_certificate()).unwrap();
    let (good, said) = judged("final.tsr", "other.pem");
    assert!(!good && said.contains("stamp.untrusted"), "{said}");
    let mut altered = std::fs::read(kept.join("final.tsr")).unwrap();
    let at = altered.len() - 10;
    altered[at] ^= 1;
    std::fs::write(kept.join("altered.tsr"), altered).unwrap();
    let (good, said) = judged("altered.tsr", "tsa.pem");
    assert!(!good && said.contains("stamp."), "{said}");
}

/// Waits for the stamp that is wanted, and lets openssl judge it by the authority's certificate.
pub(crate) async fn stamped(client: &Client, wanted: impl Fn(&Value) -> bool, certificate: &str) {
    let mut newest = Value::Null;
    for _ in 0..1_200 {
        newest = client.get("log/time-stamps").await.ok()["items"][0].clone();
        if wanted(&newest) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(wanted(&newest), "{newest}");
    let stamp = client.get(&format!("log/time-stamps/{}", newest["size"])).await.ok();
    assert_eq!(stamp["at"], newest["at"]);
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let checkpoint = stamp["checkpoint"].as_str().unwrap();
    let reply = base64::engine::general_purpose::STANDARD.decode(stamp["reply"].as_str().unwrap());
    write("checkpoint", checkpoint.as_bytes());
    write("reply", &reply.unwrap());
    write("tsa.pem", certificate.as_bytes());
    let verify = "ts -verify -data checkpoint -in reply -CAfile tsa.pem";
    assert!(openssl(folder.path(), verify));
    write("checkpoint", checkpoint.replacen('\n', "x\n", 1).as_bytes());
    assert!(!openssl(folder.path(), verify), "another checkpoint");
}

/// The second that the outside authority stamps, whatever the time.
const OUTSIDE_SECOND: u64 = 1_795_572_000;
/// The same, as the API writes it.
pub(crate) const OUTSIDE_TIME: &str = "2026-11-25T02:00:00Z";

fn outside() -> StampAuthority {
    StampAuthority::new("outside.example/tsa", &[5; 32], &[6; 16], 1_700_000_000).unwrap()
}

pub(crate) fn outside_certificate() -> String {
    outside().certificate_pem().unwrap()
}

/// Serves an authority of another party; gives its address.
pub(crate) async fn outside_authority() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/stamp", listener.local_addr().unwrap());
    let stamp = |query: Bytes| async move { outside().answer(&query, OUTSIDE_SECOND, &[1; 16]).unwrap() };
    let app = Router::new().route("/stamp", post(stamp));
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}
