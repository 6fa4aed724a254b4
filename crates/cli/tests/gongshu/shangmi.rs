//! A district of the 国密 suite: served, called, verified offline, followed, backed up, and judged by openssl.

use std::path::Path;
use std::process::{Command, Output};

use gongshu_ledger::{Policy, SignedCheckpoint, Suite, verify_answer};
use serde_json::Value;

use crate::served::{Served, calls_path, example_call};

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");
/// The identifier that GB/T 32918.5 gives where none is agreed.
const SM2_ID: &str = "1234567812345678";

#[tokio::test(flavor = "multi_thread")]
async fn a_district_of_the_shangmi_suite_answers_and_its_receipts_hold_offline() {
    let mut served = Served::of_suite("shangmi");
    let district: Value = served.machine().await.get("district").await.ok();
    assert_eq!(district["suite"], "shangmi");
    assert_eq!(served.log_key().suite(), Suite::ShangMi);
    let answer = called(&served).await;
    let file = served.data().join("answer.json");
    std::fs::write(&file, &answer).unwrap();
    verified_offline(&served, &file, &answer);
    openssl_verifies_the_checkpoint(&served).await;
    the_monitor_follows(&served);
    what_lies_at_rest_is_under_sm4(&served.data());
    served.kill();
    let report = served.audit().unwrap();
    assert_eq!(report["difference"], Value::Null);
    a_restored_copy_is_of_the_same_suite(&served, &report);
    the_suite_cannot_be_chosen_again(&served);
}

/// The file that a client saves of a call.
async fn called(served: &Served) -> String {
    served.consent().await;
    let machine = served.machine().await;
    let product = machine.named("products", "企业登记核验").await;
    let reply = machine.post(&calls_path(&product), &example_call(&product)).await;
    reply.ok();
    reply.text
}

fn verified_offline(served: &Served, file: &Path, answer: &str) {
    let key = served.log_key().to_string();
    let verify = |file: &Path| run(&["verify", path(file), "--key", &key, "--json"]);
    let report: Value = serde_json::from_slice(&succeeded(&verify(file)).stdout).unwrap();
    assert_eq!(
        (&report["verified"], &report["suite"]),
        (&true.into(), &"shangmi".into())
    );
    let commitments = report["entry"]["commitments"].as_object().unwrap();
    assert!(
        commitments
            .values()
            .all(|text| text.as_str().unwrap().starts_with("sm3:"))
    );
    let policy = Policy::new(served.log_key()).unwrap();
    verify_answer(answer, &policy).unwrap();

    let altered = served.data().join("altered.json");
    std::fs::write(&altered, answer.replacen("index ", "index 1", 1)).unwrap();
    assert!(!verify(&altered).status.success());
    // Cosigned by the demo's witnesses, whose keys are of the same suite.
    let (last, trusted) = (
        served.data().join("final.tlog-proof"),
        served.data().join("verify.policy"),
    );
    let cosigned = run(&["verify", path(&last), "--policy", path(&trusted), "--json"]);
    let report: Value = serde_json::from_slice(&succeeded(&cosigned).stdout).unwrap();
    assert_eq!(report["witnesses"].as_array().unwrap().len(), 2);
    let policy = Policy::parse(&std::fs::read(&trusted).unwrap()).unwrap();
    assert!(
        policy
            .witnesses()
            .iter()
            .all(|witness| witness.key.suite() == Suite::ShangMi)
    );
}

/// The public key is put into the standard's own structure, so that nothing of ours has a part in the judgement.
async fn openssl_verifies_the_checkpoint(served: &Served) {
    let checkpoint = reqwest::get(format!("{}/checkpoint", served.log())).await.unwrap();
    let checkpoint = SignedCheckpoint::parse(&checkpoint.text().await.unwrap()).unwrap();
    let note = checkpoint.note();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("key.der", &public_key_info(&served.log_key().to_string()));
    write("signature", &signature_value(note.signatures()[0].bytes()));
    let verifies = |text: &str| {
        write("text", text.as_bytes());
        let options = format!("-pkeyopt distid:{SM2_ID}");
        let command =
            "pkeyutl -verify -pubin -keyform DER -inkey key.der -in text -rawin -digest sm3 -sigfile signature";
        let mut openssl = Command::new("openssl");
        openssl
            .current_dir(folder.path())
            .args(command.split(' '))
            .args(options.split(' '));
        openssl.output().unwrap().status.success()
    };
    assert!(verifies(note.text()));
    assert!(!verifies(&format!("{}more\n", note.text())));
}

/// `SubjectPublicKeyInfo` (RFC 5280) of a point of the SM2 curve (OID 1.2.156.10197.1.301), from a key's text.
fn public_key_info(key: &str) -> Vec<u8> {
    use base64::Engine;
    let text = key.splitn(3, '+').nth(2).unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).unwrap();
    let point = &bytes[bytes.len() - 65..];
    let head = hex::decode("3059301306072a8648ce3d020106082a811ccf5501822d034200").unwrap();
    [&head, point].concat()
}

/// `SEQUENCE { r INTEGER, s INTEGER }` (GB/T 35276) of two numbers of 32 bytes.
fn signature_value(bytes: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| {
        let first = number.iter().position(|byte| *byte != 0).unwrap();
        let padding = if number[first] >= 0x80 { &[0][..] } else { &[] };
        let number = [padding, &number[first..]].concat();
        [&[2, u8::try_from(number.len()).unwrap()], &number[..]].concat()
    };
    let body = [integer(&bytes[..32]), integer(&bytes[32..])].concat();
    [&[0x30, u8::try_from(body.len()).unwrap()], &body[..]].concat()
}

fn the_monitor_follows(served: &Served) {
    let (key, log) = (served.log_key().to_string(), served.log());
    let state = served.data().join("monitor.json");
    for _ in 0..2 {
        succeeded(&run(&[
            "monitor",
            &log,
            "--key",
            &key,
            "--state",
            path(&state),
            "--once",
        ]));
    }
}

fn what_lies_at_rest_is_under_sm4(data: &Path) {
    let master = std::fs::read_to_string(data.join("master.key")).unwrap();
    assert!(master.contains("\"SM4-GCM\""), "the master key's file names its cipher");
    let secret = std::fs::read_to_string(data.join("vault/record-secret.json")).unwrap();
    assert!(secret.contains("\"SM4-GCM\""), "{secret}");
}

fn a_restored_copy_is_of_the_same_suite(served: &Served, before: &Value) {
    let folder = tempfile::tempdir().unwrap();
    let (backup, restored) = (folder.path().join("backup"), folder.path().join("restored"));
    succeeded(&run(&[
        "backup",
        path(&backup),
        "--data",
        path(&served.data()),
        "--with-keys",
    ]));
    succeeded(&run(&["restore", path(&backup), "--data", path(&restored)]));
    let audit = run(&["audit", "replay", "--json", "--data", path(&restored)]);
    let audit: Value = serde_json::from_slice(&succeeded(&audit).stdout).unwrap();
    assert_eq!(&audit, before);

    // A key of the other suite can't go on with the ledger.
    let keys = folder.path().join("keys");
    std::fs::create_dir(&keys).unwrap();
    std::fs::copy(served.data().join("master.key"), keys.join("master.key")).unwrap();
    let log_key = keys.join("log.key");
    succeeded(&run(&["keygen", "gongshu.example/longhua", "--out", path(&log_key)]));
    let other = folder.path().join("other");
    let refused = run(&["restore", path(&backup), "--data", path(&other), "--keys", path(&keys)]);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && told.contains("`shangmi`"), "{told}");
}

fn the_suite_cannot_be_chosen_again(served: &Served) {
    let data = served.data();
    let serve = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data",
        path(&data),
        "--suite",
        "international",
    ];
    let refused = run(&serve);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && told.contains("shangmi"), "{told}");
    // Nor by changing the key beneath it.
    std::fs::rename(data.join("log.key"), data.join("log.key.before")).unwrap();
    let refused = run(&serve);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && told.contains("use the log.key that it was set up with"),
        "{told}"
    );
}

fn run(arguments: &[&str]) -> Output {
    Command::new(GONGSHU).args(arguments).output().unwrap()
}

fn succeeded(output: &Output) -> &Output {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
