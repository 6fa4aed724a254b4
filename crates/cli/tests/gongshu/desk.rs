//! A desk at which documents are fetched, signed and judged.

use std::process::{Command, Output};

use serde_json::Value;

use crate::served::{Client, Served};

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");

/// A folder with the authority's certificates, and openssl.
pub(crate) struct Desk {
    pub(crate) folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn of(served: &Served) -> Self {
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let server = served.base.replace("/api/v1", "");
        let fetched = desk.gongshu(&["ca", "fetch", "ca", "--server", &server]);
        assert!(fetched.status.success(), "{}", error_of(&fetched));
        desk
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Fetches the text of an agreement into `agreement.pdf`.
    pub(crate) async fn fetch(&self, client: &Client, agreement: &Value) -> Vec<u8> {
        let path = format!("agreements/{}/document", agreement["id"].as_str().unwrap());
        self.save(client, &path, "agreement.pdf").await
    }

    /// Fetches a party's signature into `agreement.p7s`.
    pub(crate) async fn fetch_signature(&self, client: &Client, agreement: &Value, party: &Value) -> Vec<u8> {
        let (agreement, party) = (agreement["id"].as_str().unwrap(), party.as_str().unwrap());
        let path = format!("agreements/{agreement}/signatures/{party}");
        self.save(client, &path, "agreement.p7s").await
    }

    pub(crate) async fn save(&self, client: &Client, path: &str, name: &str) -> Vec<u8> {
        let reply = client.request(reqwest::Method::GET, path).send().await.unwrap();
        assert!(reply.status().is_success(), "{path}: {}", reply.status());
        let bytes = reply.bytes().await.unwrap().to_vec();
        std::fs::write(self.path(name), &bytes).unwrap();
        bytes
    }

    /// Signs `agreement.pdf` with the key that the demo left, by `gongshu document sign`.
    pub(crate) fn sign(&self, served: &Served, login: &str) -> Vec<u8> {
        let keys = served.data().join("signing");
        let (secret, certificate) = (keys.join(format!("{login}.key")), keys.join(format!("{login}.pem")));
        let out = self.path("made.p7s");
        let _ = std::fs::remove_file(&out);
        let (secret, certificate) = (secret.to_str().unwrap(), certificate.to_str().unwrap());
        let sign = [
            "document",
            "sign",
            "agreement.pdf",
            "--secret",
            secret,
            "--certificate",
            certificate,
            "--out",
        ];
        let signed = self.gongshu(&[&sign[..], &["made.p7s"]].concat());
        assert!(signed.status.success(), "{}", error_of(&signed));
        std::fs::read(out).unwrap()
    }

    pub(crate) fn gongshu(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(GONGSHU);
        command.current_dir(self.folder.path()).args(arguments);
        command.output().unwrap()
    }

    pub(crate) fn openssl(&self, arguments: &str) -> Output {
        let mut command = Command::new("openssl");
        command
            .current_dir(self.folder.path())
            .args(arguments.split_whitespace());
        command.output().unwrap()
    }

    pub(crate) fn accepts(&self, arguments: &str) {
        let output = self.openssl(arguments);
        assert!(output.status.success(), "{arguments}: {}", error_of(&output));
    }
}

pub(crate) async fn agreement(client: &Client) -> Value {
    client.get("agreements").await.ok()["items"][0].clone()
}

pub(crate) fn error_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
