//! A district whose vault is in a bucket: the whole lifecycle, calls, an ingestion, a destruction, and what is refused.

use std::process::{Command, Output};

use serde_json::json;

use crate::served::Served;
use crate::store::{PLACE, SECRET_KEY, Server, Store};

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");

fn gongshu(served: &Served, environment: &[(String, String)], arguments: &[&str]) -> Output {
    let mut command = Command::new(GONGSHU);
    command.args(arguments).arg("--data").arg(served.data());
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .envs(environment.iter().cloned());
    command.output().unwrap()
}

fn told(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_lives_with_its_vault_in_a_bucket() {
    let store = Server::start(Store::Good);
    let mut served = Served::start_with(None, &["--vault", PLACE], store.settings());
    assert!(!served.data().join("vault").exists());
    let versions = || {
        std::fs::read_dir(store.root())
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().path().is_dir())
    };

    served.answers_alike_after_a_kill("空气质量日均指标").await;

    // The lifecycle ingested versions and destroyed one, of which the certificate alone is left.
    let files = |entry: std::io::Result<std::fs::DirEntry>| std::fs::read_dir(entry.unwrap().path()).unwrap().count();
    let counts: Vec<usize> = versions().map(files).collect();
    assert_eq!(counts.iter().filter(|count| **count == 1).count(), 1, "{counts:?}");
    assert!(counts.iter().filter(|count| **count >= 4).count() > 3, "{counts:?}");
    served.audit().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_leaves_a_bucket_out_only_when_told_and_bad_settings_are_refused() {
    let store = Server::start(Store::Good);
    let mut served = Served::start_with(None, &["--vault", PLACE], store.settings());
    served.kill();
    let out = tempfile::tempdir().unwrap();
    let backup = out.path().join("backup").to_string_lossy().into_owned();
    let refused = told(&gongshu(&served, &store.settings(), &["backup", &backup]));
    assert!(
        refused.contains(PLACE) && refused.contains("--without-vault"),
        "{refused}"
    );
    assert!(!std::path::Path::new(&backup).exists());
    let done = gongshu(&served, &store.settings(), &["backup", &backup, "--without-vault"]);
    assert!(done.status.success(), "{done:?}");
    assert!(out.path().join("backup/vault.toml").exists());

    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let missing = told(&gongshu(&served, &[], &serve));
    assert!(missing.contains("AWS_ACCESS_KEY_ID"), "{missing}");
    let mut settings = store.settings();
    settings.push(("RUST_LOG".to_owned(), "trace".to_owned()));
    let secret = settings
        .iter_mut()
        .find(|(name, _)| name == "AWS_SECRET_ACCESS_KEY")
        .unwrap();
    secret.1 = format!("{SECRET_KEY}-wrong");
    let wrong = told(&gongshu(&served, &settings, &serve));
    assert!(wrong.contains("refuses these credentials"), "{wrong}");
    assert!(!wrong.contains(SECRET_KEY), "{wrong}");
    std::fs::create_dir_all(served.data().join("vault/ver_1")).unwrap();
    let both = told(&gongshu(&served, &store.settings(), &serve));
    assert!(both.contains("copy its content"), "{both}");
    assert_eq!(
        json!(std::fs::read_to_string(served.data().join("vault.toml")).unwrap()),
        json!(format!("url = \"{PLACE}\"\n"))
    );
}
