//! Machine calls over mutual TLS: a certificate of the platform's authority is who one is, until it is revoked.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::served::{Served, calls_path, example_call};

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_calls_by_its_certificate_until_it_is_revoked() {
    let mut served = Served::start();
    served.kill();
    let side = Side::new();
    side.restart(&mut served);
    served.consent().await;
    let bank = served.person("bank").await;
    let product = bank.named("products", "企业登记核验").await;
    let serial = side.enrol(
        &served,
        &bank.post("certificates/codes", &code("service")).await.ok()["code"],
        "machine",
    );

    let call = example_call(&product).to_string();
    let path = format!("/api/v1/{}", calls_path(&product));
    let (status, answer) = side.send("POST", &path, &call, Some("machine"));
    assert_eq!(status, 200, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert!(
        answer["receipt"]["proof"].is_string() && answer["answer"]["rows"].is_array(),
        "{answer}"
    );

    // Nobody without a certificate, nor with one that another authority issued in the same name.
    assert_eq!(side.send("POST", &path, &call, None).0, 401);
    side.forge("machine", "forged");
    assert_ne!(side.send("POST", &path, &call, Some("forged")).0, 200);

    let reason = json!({"reason": "key_compromise"});
    bank.post(&format!("certificates/{serial}/revocation"), &reason)
        .await
        .ok();
    assert_eq!(
        side.send("POST", &path, &call, Some("machine")).0,
        401,
        "from its commit on"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_by_certificate_sends_changes_from_their_own_pages_only() {
    let mut served = Served::start();
    served.kill();
    let side = Side::new();
    side.restart(&mut served);
    let bank = served.person("bank").await;
    side.enrol(
        &served,
        &bank.post("certificates/codes", &code("person")).await.ok()["code"],
        "person",
    );
    assert_eq!(side.send("GET", "/api/v1/certificates", "", Some("person")).0, 200);
    let (status, told) = side.send("POST", "/api/v1/keys", "{\"label\":\"x\"}", Some("person"));
    assert_eq!(status, 403, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_tls_needs_is_told() {
    let mut served = Served::of_suite("shangmi");
    served.kill();
    let side = Side::new();
    let data = served.data();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", path(&data)];
    let told = |options: &[String]| {
        let output = Command::new(GONGSHU).args(serve).args(options).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(
        told(&side.options()).contains("international"),
        "no TLS library here knows SM2"
    );
    assert!(told(&side.options()[..2]).contains("--tls-certificate"));
}

/// The server's address and key for TLS, and the client's files.
struct Side {
    folder: TempDir,
    address: SocketAddr,
}

impl Side {
    fn new() -> Self {
        let side = Self {
            folder: tempfile::tempdir().unwrap(),
            address: TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap(),
        };
        let new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=127.0.0.1 -days 2";
        side.openssl(&format!(
            "{new} -addext subjectAltName=IP:127.0.0.1 -keyout server.key -out server.pem"
        ));
        side
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn openssl(&self, arguments: &str) {
        let mut command = Command::new("openssl");
        let output = command
            .current_dir(self.folder.path())
            .args(arguments.split(' '))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn options(&self) -> Vec<String> {
        let file = |name: &str| path(&self.path(name)).to_owned();
        [
            "--tls",
            &self.address.to_string(),
            "--tls-certificate",
            &file("server.pem"),
            "--tls-key",
            &file("server.key"),
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn restart(&self, served: &mut Served) {
        let options = self.options();
        served.restart_with(&options.iter().map(String::as_str).collect::<Vec<_>>());
    }

    fn enrol(&self, served: &Served, code: &Value, name: &str) -> String {
        let (secret, out) = (self.path(&format!("{name}.key")), self.path(&format!("{name}.pem")));
        let server = served.base.replace("/api/v1", "");
        let enrol = ["ca", "enrol", "--code", code.as_str().unwrap(), "--server", &server];
        let output = Command::new(GONGSHU)
            .args(enrol)
            .args(["--secret", path(&secret), "--out", path(&out)])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let shown = Command::new("openssl")
            .args(["x509", "-noout", "-serial", "-in", path(&out)])
            .output()
            .unwrap();
        let shown = String::from_utf8(shown.stdout).unwrap();
        shown.trim().trim_start_matches("serial=").to_lowercase()
    }

    /// A certificate with the same names, below a root of the forger's own.
    fn forge(&self, of: &str, name: &str) {
        self.openssl(&format!("x509 -in {of}.pem -signkey {of}.key -out {name}.pem"));
        std::fs::copy(self.path(&format!("{of}.key")), self.path(&format!("{name}.key"))).unwrap();
    }

    /// Sends one request over TLS with openssl as the client; gives status (0 where the handshake failed) and body.
    fn send(&self, method: &str, path_and_query: &str, body: &str, certificate: Option<&str>) -> (u16, String) {
        let mut command = Command::new("openssl");
        command.current_dir(self.folder.path());
        command.args([
            "s_client",
            "-quiet",
            "-no_ign_eof",
            "-verify_return_error",
            "-CAfile",
            "server.pem",
        ]);
        command.args(["-connect", &self.address.to_string()]);
        if let Some(name) = certificate {
            let (chain, key) = (format!("{name}.pem"), format!("{name}.key"));
            command.args(["-cert", &chain, "-cert_chain", &chain, "-key", &key]);
        }
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut client = command.spawn().unwrap();
        let request = format!(
            "{method} {path_and_query} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: \
             application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut input = client.stdin.take().unwrap();
        // A client whose handshake failed reads nothing; the input stays open until the answer is read.
        let _ = input.write_all(request.as_bytes());
        let answered = client.wait_with_output().unwrap();
        drop(input);
        let text = String::from_utf8_lossy(&answered.stdout).into_owned();
        let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        (
            status,
            text.split_once("\r\n\r\n")
                .map_or_else(String::new, |(_, body)| body.to_owned()),
        )
    }
}

fn code(kind: &str) -> Value {
    json!({"kind": kind, "name": "核验"})
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
