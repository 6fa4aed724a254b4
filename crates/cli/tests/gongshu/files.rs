//! Files behind hashes, over HTTP: put there, named by acts, read by whom they concern, kept through kills and restores.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use gongshu_app::check_evidence;
use gongshu_ledger::Policy;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::served::{Client, Reply, Served};

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");
/// How often the server is killed while files come.
const ROUNDS: u64 = 6;

fn pdf(says: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{says}\n%%EOF\n").into_bytes()
}

fn sha256(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

async fn put(client: &Client, name: &str, content: Vec<u8>) -> Reply {
    let request = client.request(Method::POST, "files").query(&[("name", name)]);
    Reply::of(request.body(content).send().await.unwrap()).await
}

/// What a reader is given: the content, its name, and the entry that says so.
async fn read(client: &Client, sha256: &str) -> (Vec<u8>, String, Option<u64>) {
    let response = client
        .request(Method::GET, &format!("files/{sha256}"))
        .send()
        .await
        .unwrap();
    assert!(response.status().is_success(), "{}", response.status());
    let head = |name: &str| {
        response
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    let (entry, name) = (head("gongshu-entry"), head("content-disposition").unwrap());
    assert_eq!(head("x-content-type-options").unwrap(), "nosniff");
    let content = response.bytes().await.unwrap().to_vec();
    (content, name, entry.map(|entry| entry.parse().unwrap()))
}

/// A new selection to which the operator may apply; gives its id and its conditions.
async fn announced(agency: &Client) -> (Value, Vec<String>) {
    let selection = agency.get("selections").await.ok()["items"][0].clone();
    let agreement = agency.get("agreements").await.ok()["items"][0].clone();
    let of = json!({"plan": selection["plan"]["id"], "title": "另行遴选", "method": "negotiation", "mode": "by_field",
        "conditions": selection["conditions"], "notice": "区政府门户网站",
        "criteria": [{"name": "方案", "asks": "运营方案", "points": 100}], "term": agreement["term"]});
    let id = agency.act("announce_selection", of).await.ok()["id"].clone();
    let conditions = selection["conditions"].as_object().unwrap().keys().cloned().collect();
    (id, conditions)
}

fn application(selection: &Value, conditions: &[String], sha256: &str) -> Value {
    let evidence: serde_json::Map<String, Value> = conditions
        .iter()
        .map(|condition| (condition.clone(), json!(sha256)))
        .collect();
    json!({"selection": selection, "legal_person": true, "protection_level": 3, "last_blemish": null, "evidence": evidence})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bidders_evidence_is_read_by_the_agency_on_record_and_by_nobody_who_knows_its_hash() {
    let served = Served::start();
    let (agency, operator, bank) = tokio::join!(
        served.person("agency"),
        served.person("operator"),
        served.person("bank")
    );
    let content = pdf("三级等保备案证明");
    let kept = put(&operator, "等保 备案.pdf", content.clone()).await;
    assert_eq!(kept.status, 201, "{}", kept.text);
    let kept = kept.ok();
    let hash = sha256(&content);
    assert_eq!(
        (&kept["sha256"], &kept["media_type"]),
        (&json!(hash), &json!("application/pdf"))
    );
    let again = put(&operator, "另一名称.pdf", content.clone()).await;
    assert_eq!((again.status.as_u16(), &again.json()["id"]), (200, &kept["id"]));
    assert!(again.json()["receipt"].is_null() && kept["receipt"]["index"].is_u64());

    let (selection, conditions) = announced(&agency).await;
    let apply = application(&selection, &conditions, &hash);
    operator.act("apply_selection", apply).await.ok();
    let (given, name, entry) = read(&agency, &hash).await;
    assert_eq!(given, content);
    assert!(
        name.starts_with("attachment") && name.contains("%E7%AD%89%E4%BF%9D%20"),
        "{name}"
    );
    let newest = agency.get("feed").await.ok()["items"][0].clone();
    assert_eq!((&newest["act"], newest["index"].as_u64()), (&json!("file.read"), entry));
    assert_eq!(
        read(&operator, &hash).await.2,
        None,
        "its own file is read without record"
    );

    // The agency's page names it, that of another does not; and the hash alone is worth nothing.
    let shown = |list: Value| {
        let items = list["items"].as_array().unwrap().clone();
        let found = items.iter().find(|item| item["id"] == selection).unwrap().clone();
        found["applicants"][0]["evidence"][&conditions[0]].clone()
    };
    assert_eq!(shown(agency.get("selections").await.ok()), json!(hash));
    assert_eq!(shown(bank.get("selections").await.ok()), Value::Null);
    bank.get(&format!("files/{hash}"))
        .await
        .refused_by(404, "record.unknown");
    let nowhere = sha256(b"nowhere");
    let (there, elsewhere) = (
        bank.get(&format!("files/{hash}")).await.text.replace(&hash, "H"),
        bank.get(&format!("files/{nowhere}")).await.text.replace(&nowhere, "H"),
    );
    assert_eq!(there, elsewhere, "what one may not read is told as what is not there");
    let listed = bank.get("files").await.ok();
    assert_eq!(listed["items"], json!([]));
    let listed = agency.get("files").await.ok();
    assert_eq!(
        (&listed["items"][0]["sha256"], &listed["items"][0]["named"]),
        (&json!(hash), &json!(true))
    );
    let of = json!({"file": kept["id"], "reason": "误传"});
    operator.act("remove_file", of).await.refused_by(422, "file.removal");
    // Whoever has the content has it by itself.
    put(&bank, "x.pdf", content.clone()).await.ok();
    assert_eq!(read(&bank, &hash).await.0, content);
    let anonymous = reqwest::get(format!("{}/files/{hash}", served.base)).await.unwrap();
    assert_eq!(anonymous.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_or_of_another_kind_leaves_nothing_and_what_nothing_names_can_go() {
    let mut served = Served::start();
    served.kill();
    served.overlay(
        "file.store",
        "media_types = [\"application/pdf\", \"text/plain\"]\nfile_bytes_max = 3000000\nparty_bytes_max = 5000000\n",
    );
    served.restart();
    let bank = served.person("bank").await;
    let large = [pdf("大"), vec![b' '; 3_000_000]].concat();
    let refused = put(&bank, "大.pdf", large).await;
    refused.refused_by(422, "file.store");
    assert!(refused.text.contains("3000000"), "{}", refused.text);
    put(&bank, "页.pdf", b"<html><script>1</script>".to_vec())
        .await
        .refused_by(422, "file.store");
    put(&bank, "空.pdf", Vec::new()).await.refused_by(422, "file.store");
    put(&bank, "a/b.pdf", pdf("x")).await.refused_by(422, "record.input");
    let nameless = bank.request(Method::POST, "files").body(pdf("x")).send().await.unwrap();
    assert_eq!(nameless.status(), 400);
    assert_eq!(
        stored(&served),
        Vec::<PathBuf>::new(),
        "nothing that was refused is kept"
    );
    let most = vec![b'a'; 2_999_999];
    let kept = put(&bank, "甲.txt", most.clone()).await.ok();
    put(&bank, "乙.txt", vec![b'b'; 2_999_999])
        .await
        .refused_by(422, "file.store");
    assert_eq!(read(&bank, &sha256(&most)).await.0, most);
    let of = json!({"file": kept["id"], "reason": "误传"});
    bank.act("remove_file", of.clone())
        .await
        .refused_by(422, "file.removal");
    served.kill();
    served.overlay("file.removal", "days_min = 0\n");
    served.restart();
    let (bank, agency) = (served.person("bank").await, served.person("agency").await);
    let clear = stored(&served)
        .iter()
        .any(|path| contains(&std::fs::read(path).unwrap(), &most[..64]));
    assert!(!clear, "what is stored is encrypted");
    agency.act("remove_file", of).await.ok();
    bank.get(&format!("files/{}", sha256(&most)))
        .await
        .refused_by(404, "record.unknown");
    assert_eq!(stored(&served), Vec::<PathBuf>::new());
    served.kill();
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_file_is_given_to_nobody_and_an_orphan_goes_at_the_next_start() {
    let mut served = Served::start();
    let bank = served.person("bank").await;
    let content = vec![b'z'; 2_500_000];
    let hash = sha256(&content);
    put(&bank, "材料.txt", content.clone()).await.ok();
    let sealed = stored(&served)
        .into_iter()
        .find(|path| path.extension().unwrap() == "sealed")
        .unwrap();
    let whole = std::fs::read(&sealed).unwrap();
    for place in [0, whole.len() / 2, whole.len() - 1] {
        let mut altered = whole.clone();
        altered[place] ^= 1;
        std::fs::write(&sealed, altered).unwrap();
        let refused = bank.get(&format!("files/{hash}")).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.json()["code"]),
            (500, &json!("file.altered"))
        );
        assert!(
            refused.text.contains("材料.txt") && !refused.text.contains("zzzz"),
            "{}",
            refused.text
        );
    }
    std::fs::remove_file(&sealed).unwrap();
    let lost = bank.get(&format!("files/{hash}")).await;
    assert_eq!(lost.json()["code"], "file.altered");
    std::fs::write(&sealed, &whole).unwrap();
    assert_eq!(read(&bank, &hash).await.0, content);
    // Another's copy of the same content serves those who may read both.
    let (agency, operator) = (served.person("agency").await, served.person("operator").await);
    put(&operator, "同一材料.txt", content.clone()).await.ok();
    std::fs::write(&sealed, b"gone").unwrap();
    assert_eq!(read(&agency, &hash).await.0, content);
    std::fs::write(&sealed, &whole).unwrap();
    served.kill();
    let folder = sealed.parent().unwrap();
    for ending in ["key", "sealed"] {
        std::fs::copy(
            sealed.with_extension(ending),
            folder.join(format!("fil_orphan.{ending}")),
        )
        .unwrap();
    }
    std::fs::write(folder.join(".fil_draft.sealed.new"), b"half").unwrap();
    served.restart();
    assert_eq!(stored(&served).len(), 4, "{:?}", stored(&served));
    assert_eq!(read(&served.person("bank").await, &hash).await.0, content);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_files_come_no_record_is_without_its_content_and_no_content_without_its_record() {
    let mut served = Served::start();
    let (mut acknowledged, mut cut_off) = (BTreeSet::new(), 0);
    for round in 0..ROUNDS {
        let bank = served.person("bank").await;
        let sending = tokio::spawn(async move {
            let mut done = Vec::new();
            for number in 0.. {
                let content = format!("{round} {number} ").repeat(60_000).into_bytes();
                let request = bank.request(Method::POST, "files").query(&[("name", "批量.txt")]);
                match request.body(content.clone()).send().await {
                    Ok(response) if response.status().is_success() => done.push(sha256(&content)),
                    Ok(_) | Err(_) => break,
                }
            }
            done
        });
        tokio::time::sleep(Duration::from_millis(60 + round * 7919 % 350)).await;
        served.kill();
        acknowledged.extend(sending.await.unwrap());
        cut_off += 1;
        served.restart();
        let bank = served.person("bank").await;
        let listed = bank.get("files").await.ok()["items"].as_array().unwrap().clone();
        let on_record: BTreeSet<String> = listed
            .iter()
            .map(|file| file["sha256"].as_str().unwrap().to_owned())
            .collect();
        assert!(acknowledged.is_subset(&on_record), "what was acknowledged is on record");
        for hash in &on_record {
            assert_eq!(sha256(&read(&bank, hash).await.0), *hash);
        }
        let contents = stored(&served);
        assert_eq!(contents.len(), 2 * on_record.len(), "{contents:?}");
    }
    assert!(!acknowledged.is_empty());
    served.kill();
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
    println!(
        "killed {cut_off} times while files came: {} acknowledged, 0 lost, 0 orphans",
        acknowledged.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_has_the_files_and_a_restored_district_gives_them() {
    let mut served = Served::start();
    let operator = served.person("operator").await;
    let content = pdf("联合责任协议");
    put(&operator, "协议.pdf", content.clone()).await.ok();
    let folder = tempfile::tempdir().unwrap();
    let (backup, restored) = (folder.path().join("backup"), folder.path().join("district"));
    run(Command::new(GONGSHU)
        .arg("backup")
        .arg(&backup)
        .arg("--data")
        .arg(served.data()));
    put(&operator, "后来的.pdf", pdf("备份之后")).await.ok();
    served.kill();
    run(Command::new(GONGSHU)
        .arg("restore")
        .arg(&backup)
        .arg("--data")
        .arg(&restored)
        .arg("--keys")
        .arg(served.data()));
    std::fs::rename(served.data(), folder.path().join("before")).unwrap();
    std::fs::rename(&restored, served.data()).unwrap();
    served.restart();
    let operator = served.person("operator").await;
    assert_eq!(read(&operator, &sha256(&content)).await.0, content);
    let later = sha256(&pdf("备份之后"));
    operator
        .get(&format!("files/{later}"))
        .await
        .refused_by(404, "record.unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evidence_package_has_the_files_that_a_case_names_and_says_which_are_missing() {
    let served = Served::start();
    let (bank, operator) = (served.person("bank").await, served.person("operator").await);
    let agreement = bank.get("agreements").await.ok()["items"][0]["id"].clone();
    let claim = json!({"agreement": agreement, "title": "账单争议", "respondents": [operator.party["id"]],
        "scenarios": [], "claims": "退费", "facts": "服务中断", "forum": "consultation"});
    let dispute = bank.act("open_dispute", claim).await.ok()["id"].clone();
    let content = pdf("服务中断记录");
    let (hash, elsewhere) = (sha256(&content), sha256(b"in the cupboard"));
    put(&bank, "中断记录.pdf", content.clone()).await.ok();
    let mut entries = Vec::new();
    for named in [&hash, &elsewhere] {
        let step = json!({"dispute": dispute, "step": "evidence", "facts": "提交证据", "document_sha256": named});
        entries.push(
            bank.act("record_step", step).await.ok()["receipt"]["index"]
                .as_u64()
                .unwrap(),
        );
    }
    // The other side reads what the case names.
    assert_eq!(read(&operator, &hash).await.0, content);
    let shown = operator.get("disputes").await.ok();
    let found = shown["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == dispute)
        .unwrap()
        .clone();
    assert_eq!(found["steps"][0]["document_sha256"], json!(hash));

    let asked = json!({"entries": entries, "purpose": "（2026）粤0309民初2号"});
    let made = bank
        .request(Method::POST, "evidence")
        .json(&asked)
        .send()
        .await
        .unwrap();
    let package = made.bytes().await.unwrap().to_vec();
    let policy = Policy::new(served.log_key()).unwrap();
    let checked = check_evidence(&package, &policy).unwrap();
    let told: Vec<_> = checked
        .files
        .iter()
        .map(|file| (file.sha256.clone(), file.there))
        .collect();
    let mut expected = vec![(hash.clone(), true), (elsewhere.clone(), false)];
    expected.sort();
    assert_eq!(told, expected);
    assert!(
        checked.report.contains("中断记录.pdf") && checked.report.contains("平台未存有该文件"),
        "{}",
        checked.report
    );
    let mut zip = ZipArchive::new(Cursor::new(&package)).unwrap();
    let mut inside = Vec::new();
    zip.by_name(&format!("files/{hash}"))
        .unwrap()
        .read_to_end(&mut inside)
        .unwrap();
    assert_eq!(inside, content);
    // Of entries that are not opened to it, the other side learns no hash.
    let asked = json!({"entries": entries, "purpose": "核对"});
    let made = operator
        .request(Method::POST, "evidence")
        .json(&asked)
        .send()
        .await
        .unwrap();
    let others = check_evidence(&made.bytes().await.unwrap(), &policy).unwrap();
    assert!(others.files.is_empty(), "{:?}", others.files);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_puts_files_there_and_fetches_them() {
    let served = Served::start();
    let machine = served.machine().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("材料.xml");
    let content = b"<?xml version=\"1.0\"?><evidence/>".to_vec();
    std::fs::write(&path, &content).unwrap();
    let server = served.base.trim_end_matches("/api/v1").to_owned();
    let file = |arguments: &[&str]| {
        let mut command = Command::new(GONGSHU);
        command.arg("file").args(arguments).args(["--server", &server]);
        command.env("GONGSHU_KEY", machine.key.as_ref().unwrap());
        command
    };
    let put = run(&mut file(&["put", path.to_str().unwrap()]));
    let hash = sha256(&content);
    assert_eq!(String::from_utf8_lossy(&put.stdout).trim(), hash);
    assert!(String::from_utf8_lossy(&put.stderr).contains("application/xml"));
    let again = run(&mut file(&["put", path.to_str().unwrap(), "--json"]));
    assert!(serde_json::from_slice::<Value>(&again.stdout).unwrap()["receipt"].is_null());
    let out = folder.path().join("out.xml");
    run(&mut file(&["get", &hash, "--out", out.to_str().unwrap()]));
    assert_eq!(std::fs::read(&out).unwrap(), content);
    let listed = run(&mut file(&["list"]));
    assert!(String::from_utf8_lossy(&listed.stdout).contains("材料.xml"));
    let unknown = file(&["get", &sha256(b"x"), "--out", "-"]).output().unwrap();
    assert!(!unknown.status.success() && String::from_utf8_lossy(&unknown.stderr).contains("record.unknown"));
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// What lies where files are stored, beside what the demo has put there.
fn stored(served: &Served) -> Vec<PathBuf> {
    let folder: &Path = &served.data().join("vault/.files");
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let of_the_test = |path: &PathBuf| path.metadata().unwrap().modified().unwrap() >= served.began;
    entries.map(|entry| entry.unwrap().path()).filter(of_the_test).collect()
}

fn contains(bytes: &[u8], sought: &[u8]) -> bool {
    bytes.windows(sought.len()).any(|window| window == sought)
}
