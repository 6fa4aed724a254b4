//! Evidence packages: made over HTTP, checked offline with the log's key alone, altered file by file.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::process::{Command, Output};

use gongshu_app::check_evidence;
use gongshu_ledger::{Policy, Suite};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::served::{Served, calls_path, example_call};

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");
const PURPOSE: &str = "（2026）粤0309民初1号";

#[tokio::test(flavor = "multi_thread")]
async fn a_package_is_checked_by_a_stranger_and_any_altered_file_is_named() {
    let served = Served::start();
    served.consent().await;
    let machine = served.machine().await;
    let product = machine.named("products", "企业登记核验").await;
    let called = machine.post(&calls_path(&product), &example_call(&product)).await.ok();
    let entry = called["receipt"]["index"].as_u64().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("case.zip");
    let server = served.base.trim_end_matches("/api/v1").to_owned();
    let made = Command::new(GONGSHU)
        .args([
            "evidence",
            &entry.to_string(),
            "30",
            "--purpose",
            PURPOSE,
            "--server",
            &server,
            "--out",
        ])
        .arg(&file)
        .env("GONGSHU_KEY", machine.key.as_ref().unwrap())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", told(&made));

    let log = served.log_key().to_string();
    let verified = verify(&file, &log);
    let said = told(&verified);
    assert!(verified.status.success(), "{said}");
    for part in [
        "验证通过",
        PURPOSE,
        "调用 企业登记核验",
        "已答复",
        "示范银行",
        "北京时间",
        "its signature holds",
    ] {
        assert!(said.contains(part), "`{part}` is not in {said}");
    }
    let by = |authority: &str| {
        let mut command = Command::new(GONGSHU);
        let command = command.arg("verify").arg(&file).args(["--key", &log, "--authority"]);
        command.arg(served.data().join(authority)).output().unwrap()
    };
    let trusted = by("tsa.pem");
    assert!(
        trusted.status.success() && told(&trusted).contains("its authority is trusted"),
        "{}",
        told(&trusted)
    );
    let stranger = crate::time_stamp::outside_certificate();
    std::fs::write(served.data().join("stranger.pem"), stranger).unwrap();
    let untrusted = by("stranger.pem");
    assert!(
        !untrusted.status.success() && told(&untrusted).contains("stamp.untrusted"),
        "{}",
        told(&untrusted)
    );
    let other =
        gongshu_ledger::NoteSigner::from_seed(Suite::International, served.log_key().name().clone(), &[9; 32]).unwrap();
    let stranger = verify(&file, &other.verifier_key().to_string());
    assert!(
        !stranger.status.success() && told(&stranger).contains("receipt.wrong-key"),
        "{}",
        told(&stranger)
    );

    // Every file counts: one changed byte is told by the file's name, a missing or an added file as well.
    let policy = Policy::new(served.log_key()).unwrap();
    let package = std::fs::read(&file).unwrap();
    let files = unzip(&package);
    assert!(files.len() >= 7, "{:?}", files.keys());
    for name in ["root.pem", "issuing.pem", "revoked.crl"] {
        assert!(
            files.contains_key(&format!("certificates/{name}")),
            "{:?}",
            files.keys()
        );
    }
    for name in files.keys() {
        let mut altered = files.clone();
        altered.get_mut(name).unwrap()[20] ^= 1;
        let found = check_evidence(&zip(&altered), &policy).unwrap_err();
        // Of a manifest with another hash in it, the file of that hash is told.
        assert!(
            name == "manifest.json" || name == "making.json" || found.to_string().contains(name),
            "{name}: {found}"
        );
        altered.remove(name);
        let found = check_evidence(&zip(&altered), &policy).unwrap_err();
        assert!(
            found.to_string().contains(&format!("`{name}` is missing")),
            "{name}: {found}"
        );
    }
    let mut more = files.clone();
    more.insert(
        "entries/1.json".to_owned(),
        files[&format!("entries/{entry}.json")].clone(),
    );
    assert_eq!(
        check_evidence(&zip(&more), &policy).unwrap_err().code(),
        "evidence.file-unknown"
    );
    // A manifest made to fit is not the one on record.
    let mut forged = files.clone();
    forged.insert("报告.md".to_owned(), b"# nothing happened".to_vec());
    let manifest = String::from_utf8(files["manifest.json"].clone()).unwrap();
    let mut manifest: Value = serde_json::from_str(&manifest).unwrap();
    manifest["files"]["报告.md"] = json!(sha256(&forged["报告.md"]));
    forged.insert(
        "manifest.json".to_owned(),
        serde_json::to_vec_pretty(&manifest).unwrap(),
    );
    assert_eq!(
        check_evidence(&zip(&forged), &policy).unwrap_err().code(),
        "evidence.manifest"
    );
    assert_eq!(
        check_evidence(b"PK but no zip", &policy).unwrap_err().code(),
        "evidence.malformed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn commitments_are_opened_to_those_concerned_only_and_what_is_erased_is_said() {
    let served = Served::start();
    served.consent().await;
    let machine = served.machine().await;
    let product = machine.named("products", "企业登记核验").await;
    let called = machine.post(&calls_path(&product), &example_call(&product)).await.ok();
    let entry = called["receipt"]["index"].as_u64().unwrap();
    let body = |entries: &[u64]| json!({"entries": entries, "purpose": PURPOSE});
    let policy = Policy::new(served.log_key()).unwrap();
    for (login, opens) in [
        ("bank", true),
        ("firm", true),
        ("supervisor", true),
        ("operator", false),
        ("agency", false),
    ] {
        let person = served.person(login).await;
        let request = person.request(reqwest::Method::POST, "evidence").json(&body(&[entry]));
        let package = request.send().await.unwrap().bytes().await.unwrap();
        let checked = check_evidence(&package, &policy).unwrap();
        let opened = checked.entries[0]
            .openings
            .iter()
            .any(|opening| opening.name == "request");
        assert_eq!(opened, opens, "{login}");
    }
    machine
        .post("evidence", &body(&[]))
        .await
        .refused_by(422, "evidence.package");
    machine
        .post("evidence", &body(&[1_000_000]))
        .await
        .refused_by(404, "record.unknown");

    let supervisor = served.person("supervisor").await;
    let order = json!({"entries": [entry], "ground": "unlawful", "basis": "监管认定书"});
    supervisor.act("erase_calls", order).await.ok();
    let request = supervisor
        .request(reqwest::Method::POST, "evidence")
        .json(&body(&[entry]));
    let package = request.send().await.unwrap().bytes().await.unwrap();
    let checked = check_evidence(&package, &policy).unwrap();
    assert!(checked.entries[0].openings.is_empty());
    assert!(checked.report.contains("已依法删除"), "{}", checked.report);
}

fn verify(file: &std::path::Path, key: &str) -> Output {
    let mut command = Command::new(GONGSHU);
    command.arg("verify").arg(file).args(["--key", key]).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(bytes))
}

fn unzip(package: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(package)).unwrap();
    let mut files = BTreeMap::new();
    for number in 0..archive.len() {
        let mut file = archive.by_index(number).unwrap();
        let (name, mut bytes) = (file.name().unwrap().into_owned(), Vec::new());
        file.read_to_end(&mut bytes).unwrap();
        files.insert(name, bytes);
    }
    files
}

fn zip(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
