//! `gongshu rules what-if` against the record of the sample district.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::served::{Client, Reply, Served};

const NATIONAL: &str = include_str!("../../../../rules/national.toml");

/// Exit code, the answer, and what went to standard error.
fn ask(data: &Path, pack: &str) -> (Option<i32>, Value, String) {
    let path = data.with_file_name("proposed.toml");
    std::fs::write(&path, pack).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_gongshu"))
        .args(["rules", "what-if", "--json"])
        .arg(&path)
        .arg("--data")
        .arg(data)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    let answer = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), answer, error)
}

fn with(before: &str, after: &str) -> String {
    assert_eq!(
        NATIONAL.matches(before).count(),
        1,
        "`{before}` stands once in the pack"
    );
    NATIONAL.replace(before, after)
}

#[test]
fn a_proposed_pack_is_asked_about_every_recorded_decision() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("district");
    let lived = Command::new(env!("CARGO_BIN_EXE_gongshu"))
        .args(["demo", "--once", "--one-day", "--firms", "1000", "--data"])
        .arg(&data)
        .output()
        .unwrap();
    assert!(lived.status.success(), "{}", String::from_utf8_lossy(&lived.stderr));

    let (code, same, error) = ask(&data, NATIONAL);
    assert_eq!((code, &same["changed"]), (Some(0), &Value::Array(vec![])), "{error}");
    let (acts, calls) = (&same["history"]["acts"], &same["history"]["calls"]);
    assert!(acts.as_u64() > Some(20) && calls.as_u64() > Some(0), "{same}");

    let (code, shorter, error) = ask(&data, &with("\nyears_max = 5\n", "\nyears_max = 1\n"));
    assert_eq!(code, Some(1), "{error}");
    let changed = shorter["changed"].as_array().unwrap();
    assert_eq!(changed.len(), 1, "one agreement was drafted: {changed:?}");
    assert_eq!(changed[0]["recorded"], "accepted");
    let refusal = &changed[0]["proposed"]["refused"];
    assert_eq!(refusal["rule"], "agreement.term", "{refusal}");
    assert_eq!(refusal["article"], "第十四条", "{refusal}");
    assert_eq!(
        shorter["history"], same["history"],
        "history stands under the rules of its day"
    );
    assert_ne!(shorter["rules"], same["rules"]);

    let (code, _, error) = ask(&data, "[pack]\nid = \"x\"\ntitle = \"x\"\n[rules.\"agreement.trm\"]\n");
    assert!(code == Some(1) && error.contains("is no rule pack"), "{code:?} {error}");
    let replayed = Command::new(env!("CARGO_BIN_EXE_gongshu"))
        .args(["audit", "replay", "--data"])
        .arg(&data)
        .output()
        .unwrap();
    assert!(replayed.status.success(), "asking changes nothing");
}

async fn tried(client: &Client, pack: &str) -> Reply {
    let request = client.request(reqwest::Method::POST, "rules/what-if");
    let request = request.header("content-type", "application/toml").body(pack.to_owned());
    Reply::of(request.send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposed_pack_is_tried_over_http_and_changes_nothing() {
    let served = Served::start();
    let [agency, supervisor, operator, bank] =
        futures::future::join_all(["agency", "supervisor", "operator", "bank"].map(|login| served.person(login)))
            .await
            .try_into()
            .ok()
            .unwrap();
    let before = agency.get("district").await.ok();

    let same = tried(&agency, NATIONAL).await.ok();
    assert_eq!((&same["changed"], &same["items"]), (&json!(0), &json!([])));
    assert_eq!(
        (&same["entries"], &same["history_differs_at"]),
        (&before["size"], &Value::Null)
    );

    let shorter = tried(&supervisor, &with("\nyears_max = 5\n", "\nyears_max = 1\n"))
        .await
        .ok();
    assert_eq!(shorter["changed"], 1, "{shorter}");
    let item = &shorter["items"][0];
    assert_eq!((&item["change"], &item["recorded"]), (&json!("refused"), &Value::Null));
    assert_eq!(item["proposed"]["rule"], "agreement.term", "{item}");
    assert_eq!(item["entry"]["act"], "agreement.propose", "{item}");
    assert!(item["entry"]["stream"].as_str().unwrap().starts_with("agr_"), "{item}");
    assert_ne!(shorter["rules_hash"], same["rules_hash"]);

    let unknown = "[pack]\nid = \"x\"\ntitle = \"x\"\n[rules.\"agreement.trm\"]\nsource = \"x\"\n";
    for (broken, why) in [
        ("not toml", "无法读取"),
        (unknown, "无法读取"),
        (&with("\nyears_max = 5\n", "\n"), "参数“years_max”缺少"),
    ] {
        let reply = tried(&agency, broken).await;
        let problem = reply.json();
        assert_eq!(
            (reply.status.as_u16(), &problem["code"]),
            (422, &json!("rules.proposal")),
            "{problem}"
        );
        assert!(problem["detail"].as_str().unwrap().contains(why), "{problem}");
    }
    let long = tried(&agency, &"#".repeat(262_145)).await;
    assert_eq!(
        (long.status.as_u16(), &long.json()["code"]),
        (413, &json!("request.too-long"))
    );
    for other in [&operator, &bank] {
        tried(other, NATIONAL).await.refused_by(403, "power.act");
    }
    assert_eq!(
        agency.get("district").await.ok(),
        before,
        "nothing is put on record or in force"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_try_that_takes_too_long_says_where_to_ask() {
    let mut served = Served::start();
    served.kill();
    std::fs::write(
        served.data().join("limits.toml"),
        "[server]\nproposed_pack_seconds_max = 0\n",
    )
    .unwrap();
    served.restart();
    let agency = served.person("agency").await;
    let reply = tried(&agency, NATIONAL).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.json()["code"]),
        (422, &json!("rules.time")),
        "{}",
        reply.text
    );
}
