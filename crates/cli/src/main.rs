//! The gongshu command: serves a district, lives the demo, verifies receipts, replays the record.

mod act;
mod audit;
mod backup;
mod ca;
mod call;
mod certificates;
mod cluster;
mod demo;
mod document;
mod evidence;
mod file;
mod limits;
mod master_key;
mod monitor;
mod remote;
mod rules;
mod show;
mod site;
mod stamp;
mod trust;
mod vault;
mod verify;
mod witness;
mod workbench;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use gongshu_app::ledger::Suite;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 公枢: authorized operation of public data.
///
/// Start with `gongshu demo`: it sets up a sample district, lives one lifecycle and serves it.
#[derive(Parser)]
#[command(version, about, long_about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set up the sample district, live one lifecycle, and serve it.
    Demo {
        /// Folder of the district.
        #[arg(long, default_value = "gongshu-data")]
        data: PathBuf,
        /// Where to serve.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Live the lifecycle and exit: code 0 only if every step did what it says.
        #[arg(long)]
        once: bool,
        /// Replace the folder of an earlier demo.
        #[arg(long)]
        fresh: bool,
        /// Where state and ledger are, if not in the folder: `postgres://…`, an empty database.
        #[arg(long)]
        store: Option<String>,
        /// Bucket of the vault, if not in the folder: `s3://bucket/prefix`. How to reach it stands in the environment:
        /// `AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` …
        #[arg(long, value_name = "URL")]
        vault: Option<String>,
        /// Where the master key is, if not in the folder: a PKCS #11 address,
        /// `pkcs11:token=…;object=…?module-path=…&pin-source=…`. Without `pin-source`, GONGSHU_PKCS11_PIN holds the PIN.
        #[arg(long, value_name = "ADDRESS")]
        master_key: Option<String>,
        /// Where anybody reaches the platform, `http://…`: certificates name it, so that whoever is shown one can ask
        /// whether it is good. It goes into `certificates.toml` in the folder.
        #[arg(long, value_name = "URL")]
        address: Option<String>,
        /// Firms in the generated register; 200,000 where it is left out.
        #[arg(long)]
        firms: Option<u64>,
        /// Live it in one day. Otherwise it begins in a month that is over, which is then closed, invoiced and paid.
        #[arg(long)]
        one_day: bool,
        /// Crypto suite of a new district: `international` (SHA-256, Ed25519) or `shangmi` (国密: SM3, SM2, SM4).
        #[arg(long)]
        suite: Option<Suite>,
    },
    /// Serve a district.
    Serve {
        /// Folder of the district.
        #[arg(long, default_value = "gongshu-data")]
        data: PathBuf,
        /// Where to serve.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Where state and ledger are, if not in the folder: `postgres://…`.
        #[arg(long)]
        store: Option<String>,
        /// Whom to ask for cosignatures: a C2SP tlog-policy file with the witnesses' addresses; `witnesses.policy` in
        /// the folder where it is left out.
        #[arg(long)]
        witnesses: Option<PathBuf>,
        /// Start although this witness of the policy says that it has cosigned more of the log than there is. For a
        /// witness that is known to be wrong: ask the others first, since a log that goes on from older data forks.
        #[arg(long, value_name = "WITNESS")]
        despite: Vec<String>,
        /// Outside time-stamp authority (RFC 3161) for final checkpoints; the built-in one where it is left out.
        #[arg(long, value_name = "URL")]
        time_stamps: Option<String>,
        /// Serve over TLS, beside plain HTTP: clients may show a certificate of the platform's authority.
        #[arg(long, value_name = "ADDRESS", requires_all = ["tls_certificate", "tls_key"])]
        tls: Option<SocketAddr>,
        /// The server's certificate chain for TLS (PEM).
        #[arg(long, value_name = "FILE")]
        tls_certificate: Option<PathBuf>,
        /// The server's key for TLS (PEM).
        #[arg(long, value_name = "FILE")]
        tls_key: Option<PathBuf>,
        /// Crypto suite of a new district: `international` (SHA-256, Ed25519) or `shangmi` (国密: SM3, SM2, SM4). It
        /// can't be changed later.
        #[arg(long)]
        suite: Option<Suite>,
    },
    /// Run a member of a cluster that computes for a district: its scheduler, or an executor.
    Cluster {
        #[command(subcommand)]
        command: cluster::Command,
    },
    /// Back a district up, while it is served.
    Backup(backup::BackupOptions),
    /// Restore a district from a backup, whole or as it was at an instant, and replay it.
    Restore(backup::RestoreOptions),
    /// Call a product of a served district, by API key.
    Call(call::Options),
    /// Work under a scenario by API key: run a query under control, collect a released output.
    Workbench {
        #[command(subcommand)]
        command: workbench::WorkbenchCommand,
    },
    /// List governance acts, show what one asks for, or do it at a served district, by API key.
    Act(act::Options),
    /// Show what is on record at a served district, by API key: its lists, and one thing as a whole.
    Show(show::Options),
    /// Make an evidence package of entries, by API key: for a court, an auditor, anyone who has the log's key.
    Evidence(evidence::Options),
    /// Put files there that acts name by their hashes, and fetch them, by API key.
    File {
        #[command(subcommand)]
        command: file::Command,
    },
    /// Verify a receipt, an answer file or an evidence package offline. Needs the log's public key and nothing else.
    Verify {
        /// A `.tlog-proof` text, the JSON of an answer, the zip file of an evidence package, or a checkpoint (--stamp).
        file: PathBuf,
        #[command(flatten)]
        trust: trust::Trust,
        #[command(flatten)]
        stamps: stamp::Options,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Follow a log from outside: every entry, append-only, as signed. Trusts its key alone.
    Monitor(monitor::Options),
    /// Audit a district.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Get, renew and revoke certificates of the platform's authority.
    Ca {
        #[command(subcommand)]
        command: ca::Command,
    },
    /// Fetch, sign and check documents: agreements, certificates of registration.
    Document {
        #[command(subcommand)]
        command: document::Command,
    },
    /// Run a witness: cosign what logs append, refuse what they rewrite.
    Witness {
        #[command(subcommand)]
        command: witness::Command,
    },
    /// Read the rules: what each says, from where, and where two packs differ.
    Rules {
        #[command(subcommand)]
        command: rules::Command,
    },
    /// Make a signing key for a log of this origin, and print its public key.
    Keygen {
        /// Origin, such as `data.longhua.example/log`.
        origin: String,
        /// File for the secret key.
        #[arg(long)]
        out: PathBuf,
        /// Crypto suite of the log: `international` or `shangmi` (国密).
        #[arg(long, default_value_t)]
        suite: Suite,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Derive every decision again and report the first difference.
    Replay {
        /// Folder of the district.
        #[arg(long, default_value = "gongshu-data")]
        data: PathBuf,
        /// Where state and ledger are, if not in the folder.
        #[arg(long)]
        store: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Stack of the threads that serve, in bytes; reserved, not filled. The check of a query runs on them where this is enough
/// for its operators.
const THREAD_STACK_BYTES: usize = 16 << 20;

fn main() -> Result<ExitCode> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let command = Arguments::parse().command;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(THREAD_STACK_BYTES)
        .build()?;
    runtime.block_on(run(command))
}

async fn run(command: Command) -> Result<ExitCode> {
    let done = match command {
        Command::Monitor(options) => return monitor::run(&options).await,
        Command::Rules { command } => return Ok(ExitCode::from(u8::from(!rules::run(&command).await?))),
        Command::Demo {
            data,
            listen,
            once,
            fresh,
            store,
            vault,
            master_key,
            address,
            firms,
            one_day,
            suite,
        } => {
            demo::run(&demo::Options {
                data,
                listen,
                once,
                fresh,
                store,
                vault,
                master_key,
                address,
                firms,
                one_day,
                suite,
            })
            .await
        }
        Command::Serve {
            data,
            listen,
            store,
            witnesses,
            despite,
            time_stamps,
            tls,
            tls_certificate,
            tls_key,
            suite,
        } => {
            let tls = site::TlsOptions::of(tls, tls_certificate, tls_key);
            let district = site::open(&data, store.as_deref(), suite).await?;
            site::witness(&district, &data, witnesses.as_deref(), time_stamps.as_deref(), &despite).await?;
            site::serve(district, &data, listen, tls).await
        }
        Command::Cluster { command } => cluster::run(&command).await,
        Command::Backup(options) => backup::backup(&options).await,
        Command::Restore(options) => backup::restore(&options).await,
        Command::Act(options) => act::run(&options).await,
        Command::Show(options) => show::run(&options).await,
        Command::Evidence(options) => evidence::run(&options).await,
        Command::File { command } => file::run(&command).await,
        Command::Call(options) => call::run(&options).await,
        Command::Workbench { command } => workbench::run(&command).await,
        Command::Verify {
            file,
            trust,
            stamps,
            json,
        } => verify::run(&file, &trust, &stamps, json),
        Command::Audit {
            command: AuditCommand::Replay { data, store, json },
        } => audit::replay(&data, store.as_deref(), json).await,
        Command::Ca { command } => ca::run(&command).await,
        Command::Document { command } => document::run(&command).await,
        Command::Witness { command } => witness::run(&command).await,
        Command::Keygen { origin, out, suite } => site::keygen(&origin, &out, suite),
    };
    done.map(|()| ExitCode::SUCCESS)
}
