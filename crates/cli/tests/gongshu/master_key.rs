//! A district whose master key is in a PKCS #11 token (SoftHSM): the whole lifecycle, a restart, a backup, and what is
//! refused.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::served::Served;

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");
const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "gongshu-1234";

/// A token in a folder of its own.
struct Token(TempDir);

impl Token {
    fn new() -> Option<Self> {
        if !Path::new(MODULE).exists() {
            println!("{MODULE} is not there: the master key in a token was NOT tested; install softhsm2");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let tokens = folder.path().join("tokens");
        std::fs::create_dir(&tokens).unwrap();
        let settings = format!("directories.tokendir = {}\n", tokens.display());
        std::fs::write(folder.path().join("softhsm2.conf"), settings).unwrap();
        std::fs::write(folder.path().join("pin"), format!("{PIN}\n")).unwrap();
        let token = Self(folder);
        let init = [
            "--init-token",
            "--free",
            "--label",
            "longhua",
            "--pin",
            PIN,
            "--so-pin",
            "gongshu-so",
        ];
        let made = Command::new("softhsm2-util")
            .args(init)
            .envs(token.environment())
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Some(token)
    }

    fn environment(&self) -> Vec<(String, String)> {
        let settings = self.0.path().join("softhsm2.conf").display().to_string();
        vec![("SOFTHSM2_CONF".to_owned(), settings)]
    }

    fn address(&self) -> String {
        let pin = self.0.path().join("pin");
        format!(
            "pkcs11:token=longhua;object=master?module-path={MODULE}&pin-source={}",
            pin.display()
        )
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_lives_with_its_master_key_in_a_token() {
    let Some(token) = Token::new() else {
        return;
    };
    let mut served = Served::start_with(None, &["--master-key", &token.address()], token.environment());
    assert!(!served.data().join("master.key").exists());
    served.answers_alike_after_a_kill("空气质量日均指标").await;
    served.audit().unwrap();

    // A restored district finds its key in the same token.
    let folder = tempfile::tempdir().unwrap();
    let (backup, back) = (folder.path().join("backup"), folder.path().join("back"));
    let run = |arguments: &[&Path], environment: &[(String, String)]| {
        let ran = Command::new(GONGSHU)
            .args(arguments)
            .envs(environment.iter().cloned())
            .output()
            .unwrap();
        (ran.status.success(), String::from_utf8_lossy(&ran.stderr).into_owned())
    };
    let path = |text| Path::new(text);
    let (done, said) = run(
        &[
            path("backup"),
            &backup,
            path("--data"),
            &served.data(),
            path("--with-keys"),
        ],
        &token.environment(),
    );
    assert!(done, "{said}");
    let (done, said) = run(&[path("restore"), &backup, path("--data"), &back], &token.environment());
    assert!(done, "{said}");

    // What is wrong is told: a key file beside the token's address, and a PIN that is not the token's.
    let serve = [
        path("serve"),
        path("--data"),
        &back,
        path("--listen"),
        path("127.0.0.1:0"),
    ];
    std::fs::write(back.join("master.key"), "").unwrap();
    let (done, said) = run(&serve, &token.environment());
    assert!(!done && said.contains("master.key") && said.contains("令牌"), "{said}");
    std::fs::remove_file(back.join("master.key")).unwrap();
    std::fs::write(token.0.path().join("pin"), "wrong").unwrap();
    let (done, said) = run(&serve, &token.environment());
    assert!(
        !done && said.contains("the PIN was not taken") && !said.contains("wrong"),
        "{said}"
    );
}
