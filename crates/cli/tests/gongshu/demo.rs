//! The whole lifecycle through the command, and what a stranger can check of it.

use std::path::Path;
use std::process::{Command, Output};

fn gongshu(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gongshu"))
        .args(arguments)
        .output()
        .unwrap()
}

fn error_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_demo_lives_its_lifecycle_and_strangers_can_check_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("district");
    let data_text = data.to_str().unwrap();
    let demo = ["demo", "--once", "--firms", "3000", "--data", data_text];
    let lived = gongshu(&demo);
    assert!(
        lived.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&lived.stdout),
        error_of(&lived)
    );
    let again = gongshu(&demo);
    assert!(
        again.status.success(),
        "a second run keeps the district: {}",
        error_of(&again)
    );
    let replayed = gongshu(&["audit", "replay", "--data", data_text]);
    assert!(replayed.status.success(), "{}", error_of(&replayed));
    let said = String::from_utf8_lossy(&lived.stdout).into_owned();
    assert!(said.contains("2 of 2 cosignatures"), "{said}");
    // It begins in a month that is over, which is closed, and ends what has come to its end.
    for act in [
        "books.close",
        "books.payout",
        "registration.assign",
        "calls.erase",
        "exit.close",
    ] {
        assert!(said.contains(&format!("· {act}")), "no {act}: {said}");
    }
    receipts_are_checked_offline(&data);
    the_last_receipt_is_cosigned(&data);
    personal_names_are_not_in_the_vault(&data);
}

fn receipts_are_checked_offline(data: &Path) {
    let secret = std::fs::read_to_string(data.join("log.key")).unwrap();
    let signer = gongshu_ledger::NoteSigner::from_secret_text(secret.trim()).unwrap();
    let key = signer.verifier_key().to_string();
    let receipt = data.join("receipts/0040.json");
    let good = gongshu(&["verify", receipt.to_str().unwrap(), "--key", &key]);
    assert!(good.status.success(), "{}", error_of(&good));
    let text = std::fs::read_to_string(&receipt).unwrap();
    let index = text.find("index ").unwrap() + 6;
    let mut altered = text.clone();
    altered.insert(index, '1');
    let altered_file = data.join("altered.json");
    std::fs::write(&altered_file, altered).unwrap();
    let bad = gongshu(&["verify", altered_file.to_str().unwrap(), "--key", &key]);
    assert!(!bad.status.success());
    let other = gongshu_ledger::NoteSigner::from_seed(
        gongshu_ledger::Suite::International,
        gongshu_ledger::note::KeyName::new("other.example/log").unwrap(),
        &[1; 32],
    )
    .unwrap();
    let wrong = gongshu(&[
        "verify",
        receipt.to_str().unwrap(),
        "--key",
        &other.verifier_key().to_string(),
    ]);
    assert!(!wrong.status.success());
    assert!(error_of(&wrong).contains("not verified"), "{}", error_of(&wrong));
}

fn the_last_receipt_is_cosigned(data: &Path) {
    let path = |name: &str| data.join(name).to_str().unwrap().to_owned();
    let (last, policy) = (path("final.tlog-proof"), path("verify.policy"));
    let cosigned = gongshu(&["verify", &last, "--policy", &policy, "--json"]);
    assert!(cosigned.status.success(), "{}", error_of(&cosigned));
    let report: serde_json::Value = serde_json::from_slice(&cosigned.stdout).unwrap();
    assert_eq!(report["witnesses"].as_array().unwrap().len(), 2, "{report}");
    // A receipt that left with its answer came before the witnesses; asked for, their absence is told.
    let early = gongshu(&["verify", &path("receipts/0040.json"), "--policy", &policy]);
    assert!(
        error_of(&early).contains("receipt.too-few-witnesses"),
        "{}",
        error_of(&early)
    );
}

/// Raw data rests encrypted: the name of a firm is in no file of the vault.
fn personal_names_are_not_in_the_vault(data: &Path) {
    let name = gongshu_sample::firm(440_309, 5).name.into_bytes();
    let mut folders = vec![data.join("vault")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                assert!(
                    !bytes.windows(name.len()).any(|window| window == name),
                    "{}",
                    path.display()
                );
            }
        }
    }
}
