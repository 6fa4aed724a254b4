//! Documents and their signatures: fetched from a served district, signed and checked on this machine.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use gongshu_app::Stamper;
use gongshu_app::certificate::{DocumentSignature, SignedBy, Signer, Trust};
use gongshu_app::document::Prepared;
use gongshu_app::ledger::stamp::{StampRequest, StampTrust, check_stamp, reply_of, token_of};
use gongshu_server::HttpStamper;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::remote::{Open, Remote, word};
use crate::site::say;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Fetch the text of an agreement as PDF, and the signatures on it.
    Agreement {
        /// Its id.
        agreement: String,
        /// File of the document; signatures go beside it as `FILE.PARTY.p7s`.
        #[arg(long, default_value = "agreement.pdf")]
        out: PathBuf,
        /// The text as the amendment that waits will make it, instead of the one in force.
        #[arg(long)]
        amendment: bool,
        #[command(flatten)]
        remote: Remote,
    },
    /// Fetch the certificate of a registration as PDF.
    Registration {
        /// Its query code.
        query_code: String,
        /// File of the document.
        #[arg(long, default_value = "registration.pdf")]
        out: PathBuf,
        #[command(flatten)]
        open: Open,
    },
    /// Fetch a plan with its versions and its review's opinions and answers as PDF.
    Plan(Fetch),
    /// Fetch the result of a selection as PDF.
    Selection(Fetch),
    /// Fetch the decision on a scenario, with the resources granted for it, as PDF.
    Scenario(Fetch),
    /// Fetch the report of an assessment as PDF.
    Assessment(Fetch),
    /// Fetch the report of an incident, a draft for the authority, as PDF.
    Incident(Fetch),
    /// Fetch the closing report of an exit as PDF; its inventory while it goes on.
    Exit(Fetch),
    /// Fetch a dispute with its outcome as PDF.
    Dispute(Fetch),
    /// Fetch a published disclosure as PDF.
    Disclosure(Fetch),
    /// Fetch an operating report as PDF.
    Report(Fetch),
    /// Fetch the settlement of a closed month as PDF; a consumer gets its own bill.
    Period(Fetch),
    /// Fetch the statement of a party as PDF.
    Statement(Fetch),
    /// Fetch how the permitted revenue of a period comes about, and once it is settled what was earned, as PDF.
    Revenue(Fetch),
    /// Fetch the filing of a partner's engagement as PDF.
    Engagement(Fetch),
    /// Fetch the notice of an act as PDF, by the index of its entry: a suspension, a price, a credit note, a consent, a
    /// delegation, the proof of a version's destruction …
    Notice(Fetch),
    /// Sign a file with a party's key: a detached CMS signature with CAdES attributes. Nothing leaves this machine.
    Sign {
        /// The file.
        file: PathBuf,
        /// The secret key (PEM), as `gongshu ca enrol` wrote it.
        #[arg(long, value_name = "PEM")]
        secret: PathBuf,
        /// Its certificate and the issuer's (PEM).
        #[arg(long, value_name = "PEM")]
        certificate: PathBuf,
        /// File of the signature (DER); the file's name with `.p7s` where it is left out.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Sign a PDF of the platform inside the file (PAdES): readers of PDF show the signature. A second side signs the result.
    Embed {
        /// The PDF.
        file: PathBuf,
        /// The secret key (PEM).
        #[arg(long, value_name = "PEM")]
        secret: PathBuf,
        /// Its certificate and the issuer's (PEM).
        #[arg(long, value_name = "PEM")]
        certificate: PathBuf,
        /// The signer's name, as readers show it.
        #[arg(long)]
        name: String,
        /// File of the signed PDF.
        #[arg(long)]
        out: PathBuf,
        /// Time-stamp authority (RFC 3161) that stamps the signature, such as the platform's at `/tsa`: then it can be
        /// checked for longer than its certificate is valid. It sees a hash of the signature, nothing else.
        #[arg(long, value_name = "URL")]
        time_stamps: Option<String>,
    },
    /// Put a signature on the text of an agreement on record, for one's own party.
    Submit {
        /// The agreement.
        agreement: String,
        /// File of the signature (DER or PEM).
        signature: PathBuf,
        /// The signature is on the text that the amendment that waits will make; that of the side that did not propose it accepts it.
        #[arg(long)]
        amendment: bool,
        #[command(flatten)]
        remote: Remote,
    },
    /// Check a signature offline: over this file, by a certificate under this root, with its time-stamp.
    Verify {
        /// The file.
        file: PathBuf,
        /// The signature (DER or PEM).
        signature: PathBuf,
        #[command(flatten)]
        trusted: Trusted,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Which paper, and where it goes.
#[derive(Args)]
pub(crate) struct Fetch {
    /// Id of the thing on record.
    id: String,
    /// File of the document; the id with `.pdf` where it is left out.
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(flatten)]
    remote: Remote,
}

impl Fetch {
    /// Saves what is at this path below the thing.
    async fn of(&self, things: &str, path: &str) -> Result<()> {
        let id = &self.id;
        let request = self.remote.open.get(&format!("{things}/{id}/{path}"))?;
        let out = self.out.clone().unwrap_or_else(|| format!("{id}.pdf").into());
        saved(&out, &self.remote.bytes(request).await?)
    }
}

/// Whom the one who checks trusts.
#[derive(Args)]
pub(crate) struct Trusted {
    /// The platform's root certificate (PEM): `gongshu ca fetch` writes it as `root.pem`.
    #[arg(long, value_name = "PEM")]
    root: PathBuf,
    /// The time-stamp authority's certificate (PEM); the time of signing is the signer's word without one.
    #[arg(long, value_name = "PEM")]
    authority: Option<PathBuf>,
}

pub(crate) async fn run(command: &Command) -> Result<()> {
    match command {
        Command::Agreement {
            agreement,
            out,
            amendment: false,
            remote,
        } => fetch_agreement(agreement, out, remote).await,
        Command::Agreement {
            agreement, out, remote, ..
        } => {
            let path = format!("agreements/{agreement}/amendment/document");
            saved(out, &remote.bytes(remote.open.get(&path)?).await?)
        }
        Command::Registration { query_code, out, open } => {
            let bytes = open
                .bytes_at(&format!("/api/v1/register/{query_code}/document"))
                .await?;
            saved(out, &bytes)
        }
        Command::Plan(fetch) => fetch.of("plans", "document").await,
        Command::Selection(fetch) => fetch.of("selections", "document").await,
        Command::Scenario(fetch) => fetch.of("scenarios", "document").await,
        Command::Assessment(fetch) => fetch.of("assessments", "document").await,
        Command::Incident(fetch) => fetch.of("incidents", "document").await,
        Command::Exit(fetch) => fetch.of("exits", "document").await,
        Command::Dispute(fetch) => fetch.of("disputes", "document").await,
        Command::Disclosure(fetch) => fetch.of("disclosures", "document").await,
        Command::Report(fetch) => fetch.of("reports", "document").await,
        Command::Period(fetch) => fetch.of("periods", "document").await,
        Command::Notice(fetch) => fetch.of("acts", "document").await,
        Command::Revenue(fetch) => fetch.of("permitted-revenue", "document").await,
        Command::Engagement(fetch) => fetch.of("engagements", "document").await,
        Command::Statement(fetch) => fetch.of("parties", "statement/document").await,
        Command::Sign {
            file,
            secret,
            certificate,
            out,
        } => sign(file, secret, certificate, out.as_deref()),
        Command::Embed {
            file,
            secret,
            certificate,
            name,
            out,
            time_stamps,
        } => {
            let signer = signer(secret, certificate)?;
            let at = Timestamp::now().strftime("%Y%m%d%H%M%S").to_string();
            let prepared = Prepared::new(&bytes(file)?, name, &at)?;
            let mut signature = signer.sign_embedded(&prepared.signed_bytes())?;
            if let Some(authority) = time_stamps {
                signature = stamped(&signature, authority).await?;
            }
            saved(out, &prepared.finish(&signature.to_der()?)?)
        }
        Command::Submit {
            agreement,
            signature,
            amendment,
            remote,
        } => {
            let text = if *amendment { "/amendment" } else { "" };
            submit(&format!("{agreement}{text}"), signature, remote).await
        }
        Command::Verify {
            file,
            signature,
            trusted,
            json,
        } => verify(file, signature, trusted, *json),
    }
}

async fn fetch_agreement(agreement: &str, out: &Path, remote: &Remote) -> Result<()> {
    let document = remote
        .bytes(remote.open.get(&format!("agreements/{agreement}/document"))?)
        .await?;
    saved(out, &document)?;
    let all = remote.list("agreements").await?;
    let known = all.iter().find(|item| item["id"] == agreement);
    let signatures = known.and_then(|item| item["signatures"].as_array());
    let in_force = signatures.into_iter().flatten().filter(|one| one["in_force"] == true);
    for signature in in_force {
        let party = word(&signature["party"]["id"]);
        let request = remote.open.get(&format!("agreements/{agreement}/signatures/{party}"))?;
        let mut beside = out.as_os_str().to_owned();
        beside.push(format!(".{party}.p7s"));
        saved(Path::new(&beside), &remote.bytes(request).await?)?;
    }
    Ok(())
}

fn sign(file: &Path, secret: &Path, certificate: &Path, out: Option<&Path>) -> Result<()> {
    let signer = signer(secret, certificate)?;
    let now = u64::try_from(Timestamp::now().as_second())?;
    let signature = signer.sign(&bytes(file)?, now)?.to_der()?;
    let mut beside = file.as_os_str().to_owned();
    beside.push(".p7s");
    saved(out.unwrap_or(Path::new(&beside)), &signature)
}

fn signer(secret: &Path, certificate: &Path) -> Result<Signer> {
    let (key, chain) = (text(secret)?, text(certificate)?);
    Signer::from_pem(&key, &chain)
        .with_context(|| format!("{} and {} cannot sign", secret.display(), certificate.display()))
}

/// The signature with a time-stamp by this authority over its value.
async fn stamped(signature: &DocumentSignature, authority: &str) -> Result<DocumentSignature> {
    let request = StampRequest::new(signature.value()?, rand::random())?;
    let reply = HttpStamper::new(authority.to_owned()).stamp(request.to_bytes()?).await;
    let reply = reply.map_err(|error| anyhow!("{authority}: {error}"))?;
    request
        .read(&reply)
        .with_context(|| format!("{authority} has not stamped"))?;
    Ok(signature.with_time_stamp(&token_of(&reply)?)?)
}

async fn submit(agreement: &str, signature: &Path, remote: &Remote) -> Result<()> {
    let signature = DocumentSignature::parse(&bytes(signature)?)?.to_pem()?;
    let request = remote.post(&format!("agreements/{agreement}/signatures"))?;
    let signed = remote.send(request.json(&json!({"signature": signature}))).await?;
    let signed: Value = serde_json::from_str(&signed)?;
    say(&format!(
        "已签署 signed {agreement}，文件 document sha256:{}，收据号 receipt {}",
        word(&signed["document_sha256"]),
        word(&signed["receipt"]["index"])
    ));
    Ok(())
}

fn verify(file: &Path, signature: &Path, trusted: &Trusted, json: bool) -> Result<()> {
    let parsed = DocumentSignature::parse(&bytes(signature)?)?;
    let by = match parsed.verify(&bytes(file)?) {
        Ok(by) => by,
        Err(error) => bail!("验证未通过 not verified [{}]: {error}", error.code()),
    };
    let stamp = stamp_of(&parsed, trusted)?;
    let trust = Trust::from_pem(&text(&trusted.root)?).context("the root is no certificate in PEM")?;
    // With a time-stamp that is trusted, the certificate had to be good then; without, it has to be good now.
    let at = match &stamp {
        Some((seconds, _, true)) => *seconds,
        _ => u64::try_from(Timestamp::now().as_second())?,
    };
    if let Err(error) = by.check_chain(&trust, at) {
        bail!("验证未通过 not verified [{}]: {error}", error.code());
    }
    told(&by, stamp.as_ref(), json)
}

/// The stamped second, the authority, and whether it is the trusted one.
fn stamp_of(signature: &DocumentSignature, trusted: &Trusted) -> Result<Option<(u64, String, bool)>> {
    let Some(token) = signature.time_stamp()? else {
        if trusted.authority.is_some() {
            bail!("验证未通过 not verified: 签名没有时间戳 the signature carries no time-stamp");
        }
        return Ok(None);
    };
    let stamp = check_stamp(signature.value()?, &reply_of(&token)?).context("the time-stamp does not hold")?;
    if let Some(authority) = &trusted.authority {
        let authority = StampTrust::from_pem(&text(authority)?).context("the authority is no certificate in PEM")?;
        stamp
            .is_by(&authority)
            .context("the time-stamp is not by the trusted authority")?;
    }
    Ok(Some((stamp.seconds, stamp.authority, trusted.authority.is_some())))
}

fn told(by: &SignedBy, stamp: Option<&(u64, String, bool)>, json: bool) -> Result<()> {
    let at = |seconds: u64| -> Result<Timestamp> { Ok(Timestamp::from_second(i64::try_from(seconds)?)?) };
    let signed = at(by.seconds)?;
    if json {
        let stamp = match stamp {
            Some((seconds, authority, trusted)) => {
                json!({"at": at(*seconds)?, "authority": authority, "trusted": trusted})
            }
            None => Value::Null,
        };
        let report = json!({"verified": true, "signer": by.subject(), "certificate": by.fingerprint()?,
            "signed_at": signed, "time_stamp": stamp});
        say(&serde_json::to_string_pretty(&report)?);
        return Ok(());
    }
    say(&format!("验证通过 verified: {}", by.subject()));
    say(&format!("签名时间（签名人所述）signed, as the signer says: {signed}"));
    if let Some((seconds, authority, trusted)) = stamp {
        let trust = if *trusted {
            "机构受信 trusted"
        } else {
            "机构未指定为受信（--authority）authority not named"
        };
        say(&format!("时间戳 time-stamp: {}, {authority}（{trust}）", at(*seconds)?));
    }
    Ok(())
}

fn saved(out: &Path, bytes: &[u8]) -> Result<()> {
    if out.exists() {
        bail!("{} exists; choose another file with --out", out.display());
    }
    fs::write(out, bytes).with_context(|| format!("{} cannot be written", out.display()))?;
    say(&format!("{}", out.display()));
    Ok(())
}

fn bytes(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}

fn text(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}
