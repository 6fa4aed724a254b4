//! Following a log from outside, as a stranger who trusts nothing but its key.

mod party;
mod reader;
mod report;
mod state;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use gongshu_ledger::{DueTile, FollowError, Follower, Policy, SignedCheckpoint, VerifyError, verify_checkpoint};

use crate::trust::Trust;
use party::Party;
use reader::{LogReader, ReadError};
use report::{Problem, Report, Teller};
use state::StateFile;

/// Exit code when the log misbehaves.
const MISBEHAVES: u8 = 2;
/// Exit code when entries of the watched party appeared that it does not know of.
const SIGHTED: u8 = 3;

/// What is followed, and how.
#[derive(Args)]
pub(crate) struct Options {
    /// The log's prefix, such as `http://127.0.0.1:8080/log`.
    url: String,
    #[command(flatten)]
    trust: Trust,
    /// File of what is known so far; made at the first run. Whoever can change it can blind the monitor.
    #[arg(long)]
    state: PathBuf,
    /// Seconds between two looks.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    interval: u64,
    /// Look once and exit: 0 all is well, 1 the log could not be read, 2 it misbehaves, 3 entries of the party appeared.
    #[arg(long)]
    once: bool,
    /// Tell of entries that this party made: its id.
    #[arg(long, value_name = "ID")]
    party: Option<String>,
    /// File with the indices of the entries that the party did make, a line each; they are not told of.
    #[arg(long, requires = "party")]
    known: Option<PathBuf>,
    /// Post each alarm here as JSON.
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// Print JSON, a line a look.
    #[arg(long)]
    json: bool,
}

/// Why a look did not end well.
enum Failure {
    /// The log is not what it signed.
    Misbehaves(Problem),
    /// The log can't be read now; that says nothing about it.
    Unread(anyhow::Error),
}

pub(crate) async fn run(options: &Options) -> Result<ExitCode> {
    ensure!(options.interval > 0, "--interval must be at least 1");
    let policy = options.trust.policy()?;
    let reader = LogReader::new(&options.url)?;
    let teller = Teller::new(options.json, options.webhook.clone())?;
    let file = StateFile::open(&options.state)?;
    let suite = policy
        .suite()
        .context("the logs of the policy are of different crypto suites; name one with --key")?;
    let mut follower = file.read(suite)?;
    loop {
        // The file of known entries may grow while the monitor runs.
        let party = Party::read(options.party.as_deref(), options.known.as_deref())?;
        let looked = match look(&reader, &policy, &follower, &party).await {
            Ok((further, report)) => took(&teller, &file, &mut follower, further, &report).await,
            Err(Failure::Misbehaves(problem)) => {
                // The state stays at the last sound checkpoint, which is one half of the proof.
                file.keep_evidence(&follower, &problem)?;
                teller.tell(&Report::of_problem(&follower, problem)).await?;
                return Ok(MISBEHAVES.into());
            }
            Err(Failure::Unread(error)) => Err(error),
        };
        match looked {
            Ok(alarm) if options.once => return Ok(if alarm { SIGHTED.into() } else { ExitCode::SUCCESS }),
            Err(error) if options.once => return Err(error),
            Err(error) => tracing::warn!("{error:#}"),
            Ok(_) => {}
        }
        tokio::time::sleep(Duration::from_secs(options.interval)).await;
    }
}

/// Tells of a look and goes on from it; gives whether it was an alarm. What could not be told is looked at again.
async fn took(
    teller: &Teller,
    file: &StateFile,
    follower: &mut Follower,
    further: Follower,
    report: &Report,
) -> Result<bool> {
    teller.tell(report).await?;
    file.write(&further)?;
    *follower = further;
    Ok(report.is_alarm())
}

/// Follows the log to its present checkpoint.
async fn look(
    reader: &LogReader,
    policy: &Policy,
    follower: &Follower,
    party: &Party,
) -> Result<(Follower, Report), Failure> {
    let text = reader.checkpoint().await?;
    let misbehaves = |code: &str, message: String| Failure::Misbehaves(Problem::new(code, message, &text));
    let next = SignedCheckpoint::parse(&text).map_err(|error| misbehaves(error.code(), error.to_string()))?;
    let signatures =
        verify_checkpoint(&next, policy).map_err(|error| misbehaves(code_of(&error), error.to_string()))?;
    let of_follow = |error: FollowError| misbehaves(error.code(), error.to_string());
    let mut step = follower.step(next).map_err(of_follow)?;
    let mut sightings = Vec::new();
    while let Some(wanted) = step.wanted() {
        let bundle = reader.tile(wanted).await.map_err(|error| error.within(&text))?;
        let taken = step.take(&bundle).map_err(of_follow)?;
        compare(reader, &taken.tiles, &text).await?;
        sightings.extend(
            taken
                .entries
                .iter()
                .filter_map(|(index, entry)| party.sees(*index, entry)),
        );
    }
    let (further, partial) = step.finish().map_err(of_follow)?;
    compare(reader, &partial, &text).await?;
    let report = Report::of_step(follower, &further, &signatures, sightings);
    Ok((further, report))
}

/// Compares the tiles that are served with those that the entries ask for.
async fn compare(reader: &LogReader, tiles: &[DueTile], text: &str) -> Result<(), Failure> {
    for due in tiles {
        let served = reader.tile(due.tile).await.map_err(|error| error.within(text))?;
        due.check(&served)
            .map_err(|error| Failure::Misbehaves(Problem::new(error.code(), error.to_string(), text)))?;
    }
    Ok(())
}

/// Codes speak of receipts elsewhere; here the same faults are a checkpoint's.
fn code_of(error: &VerifyError) -> &'static str {
    match error {
        VerifyError::WrongLog { .. } => "checkpoint.other-log",
        VerifyError::TooFewWitnesses { .. } => "checkpoint.too-few-witnesses",
        _ => "checkpoint.not-vouched",
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Unread(anyhow::Error::new(error).context("the log cannot be read"))
    }
}

impl ReadError {
    /// What a failure to read a tile says, once the checkpoint `text` promises it.
    fn within(self, text: &str) -> Failure {
        match &self {
            Self::Missing(_) => Failure::Misbehaves(Problem::new("log.withheld", self.to_string(), text)),
            _ => self.into(),
        }
    }
}

/// Reads a whole file, naming it in the error.
fn read_text(path: &std::path::Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}
