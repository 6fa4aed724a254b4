//! Certificates at a served district: codes, enrolment, renewal, revocation.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use gongshu_app::certificate::{Algorithm, NewKey};
use gongshu_app::ledger::Suite;
use serde_json::{Value, json};

use crate::remote::{Open, Remote, word};
use crate::site::{say, write_secret};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Write the authority's certificates and its revocation lists into a folder.
    Fetch {
        /// The folder.
        folder: PathBuf,
        #[command(flatten)]
        open: Open,
    },
    /// Get a code by which one of one's own party enrols, once.
    Code {
        /// `organization`, `service` or `person`.
        kind: String,
        /// The name in the certificate.
        name: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Make a key and get its certificate with a code.
    Enrol {
        /// The code.
        #[arg(long)]
        code: String,
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        open: Open,
    },
    /// Make a new key and get its certificate in the place of one that is still good, which is revoked.
    Renew {
        /// Serial number of the old certificate.
        serial: String,
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        remote: Remote,
    },
    /// List the certificates of one's own party.
    List {
        #[command(flatten)]
        remote: Remote,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Revoke a certificate of one's own party.
    Revoke {
        /// Its serial number.
        serial: String,
        /// `key_compromise`, `affiliation_changed`, `superseded`, `cessation_of_operation` or `privilege_withdrawn`.
        reason: String,
        #[command(flatten)]
        remote: Remote,
    },
}

/// Where a new key and its certificate go. Neither is ever overwritten.
#[derive(Args)]
pub(crate) struct Files {
    /// File for the secret key (PKCS #8, PEM).
    #[arg(long)]
    secret: PathBuf,
    /// File for the certificate and its issuer's (PEM).
    #[arg(long)]
    out: PathBuf,
}

pub(crate) async fn run(command: &Command) -> Result<()> {
    match command {
        Command::Fetch { folder, open } => fetch(folder, open).await,
        Command::Code { kind, name, remote } => {
            let body = json!({"kind": kind, "name": name});
            let issued = posted(remote, "certificates/codes", &body).await?;
            say(&word(&issued["code"]));
            Ok(())
        }
        Command::Enrol { code, files, open } => {
            let key = new_key(open).await?;
            let body = json!({"code": code, "request": key.request_pem()?});
            files.ready()?;
            let text = open.send(open.post("certificates")?.json(&body)).await?;
            files.keep(&key, &serde_json::from_str(&text)?)
        }
        Command::Renew { serial, files, remote } => {
            let key = new_key(&remote.open).await?;
            let body = json!({"request": key.request_pem()?});
            files.ready()?;
            let renewed = posted(remote, &format!("certificates/{serial}/renewal"), &body).await?;
            files.keep(&key, &renewed)
        }
        Command::List { remote, json } => list(&remote.list("certificates").await?, *json),
        Command::Revoke { serial, reason, remote } => {
            let path = format!("certificates/{serial}/revocation");
            let revoked = posted(remote, &path, &json!({"reason": reason})).await?;
            let index = word(&revoked["receipt"]["index"]);
            say(&format!("已吊销 revoked {serial}，收据号 receipt {index}"));
            Ok(())
        }
    }
}

/// A key of the kind that the district certifies.
async fn new_key(open: &Open) -> Result<NewKey> {
    let district: Value = serde_json::from_str(&open.send(open.get("district")?).await?)?;
    let suite: Suite = word(&district["suite"]).parse()?;
    let algorithm = match suite {
        Suite::International => Algorithm::EcdsaP256,
        Suite::ShangMi => Algorithm::Sm2,
    };
    Ok(NewKey::new(algorithm, &rand::random())?)
}

async fn fetch(folder: &Path, open: &Open) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for name in ["root.pem", "issuing.pem", "root.crl", "revoked.crl"] {
        let bytes = open.bytes_at(&format!("/ca/{name}")).await?;
        fs::write(folder.join(name), bytes).with_context(|| format!("{name} cannot be written"))?;
    }
    Ok(())
}

async fn posted(remote: &Remote, path: &str, body: &Value) -> Result<Value> {
    let text = remote.send(remote.post(path)?.json(body)).await?;
    Ok(serde_json::from_str(&text)?)
}

impl Files {
    /// A code is used once, so what would fail afterwards is looked for before.
    fn ready(&self) -> Result<()> {
        for file in [&self.secret, &self.out] {
            ensure!(!file.exists(), "{} exists; it is not overwritten", file.display());
        }
        Ok(())
    }

    fn keep(&self, key: &NewKey, enrolled: &Value) -> Result<()> {
        write_secret(&self.secret, key.to_pem()?.trim_end())?;
        fs::write(&self.out, word(&enrolled["chain"]))
            .with_context(|| format!("{} cannot be written", self.out.display()))?;
        say(&format!(
            "证书 certificate {}，有效至 valid until {}，收据号 receipt {}",
            word(&enrolled["serial"]),
            word(&enrolled["expires_at"]),
            word(&enrolled["receipt"]["index"])
        ));
        Ok(())
    }
}

fn list(items: &[Value], json: bool) -> Result<()> {
    if json {
        say(&serde_json::to_string_pretty(items)?);
        return Ok(());
    }
    for item in items {
        let columns = ["serial", "status", "kind", "name", "expires_at"].map(|name| word(&item[name]));
        say(&columns.join("  "));
    }
    Ok(())
}
