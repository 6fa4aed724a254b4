//! A key for each column beside one key for a version: what it costs to store and to read, and how many keys are unwrapped.
//!
//! `cargo bench --workspace --bench column_keys`; `GONGSHU_BENCH_ROWS` sets the number of rows.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gongshu_vault::{
    Cipher, ColumnSpec, ColumnType, DataKey, FileKeyService, KeyError, KeyScope, KeyService, SourceSpec, Vault,
    WrappedKey,
};
use rand::CryptoRng;

const ROWS: u64 = 1_000_000;
const COLUMNS: usize = 16;
const READ: [&str; 2] = ["c3", "c12"];
const ROUNDS: usize = 7;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A key service that counts what it unwraps.
struct Counting {
    keys: FileKeyService,
    unwrapped: AtomicUsize,
}

impl KeyService for Counting {
    fn key_id(&self) -> &str {
        self.keys.key_id()
    }

    fn cipher(&self) -> Cipher {
        self.keys.cipher()
    }

    fn wrap(&self, key: &DataKey, rng: &mut dyn CryptoRng) -> Result<WrappedKey, KeyError> {
        self.keys.wrap(key, rng)
    }

    fn unwrap(&self, wrapped: &WrappedKey) -> Result<DataKey, KeyError> {
        self.unwrapped.fetch_add(1, Ordering::Relaxed);
        self.keys.unwrap(wrapped)
    }
}

/// A vault under one scope of keys, and what it took.
struct Side {
    name: &'static str,
    _folder: tempfile::TempDir,
    keys: Arc<Counting>,
    vault: Vault,
    ingest: Vec<Duration>,
    all: Vec<Duration>,
    some: Vec<Duration>,
}

fn main() -> Outcome<()> {
    let rows = std::env::var("GONGSHU_BENCH_ROWS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(ROWS);
    let source = source(rows)?;
    println!("{rows} rows, {COLUMNS} columns, the best of {ROUNDS} in turn");
    println!(
        "{:<12} {:>10} {:>14} {:>12} {:>16} {:>10}",
        "keys", "ingest", "encrypted file", "read all", "read 2 columns", "unwrapped"
    );
    let mut sides = [
        Side::new("one", KeyScope::Version)?,
        Side::new("each column", KeyScope::Column)?,
    ];
    // In turn, so that what the machine does besides falls on both.
    for round in 0..ROUNDS {
        for side in &mut sides {
            side.run(&format!("v{round}"), &source)?;
        }
    }
    sides.into_iter().try_for_each(Side::tell)
}

impl Side {
    fn new(name: &'static str, scope: KeyScope) -> Outcome<Self> {
        let folder = tempfile::TempDir::new()?;
        let keys =
            FileKeyService::open_or_create(&folder.path().join("master.json"), Cipher::Aes256Gcm, &mut rand::rng())?;
        let keys = Arc::new(Counting {
            keys,
            unwrapped: AtomicUsize::new(0),
        });
        let vault = Vault::open(&folder.path().join("vault"), keys.clone())?.with_key_scope(scope);
        Ok(Self {
            name,
            _folder: folder,
            keys,
            vault,
            ingest: Vec::new(),
            all: Vec::new(),
            some: Vec::new(),
        })
    }

    fn run(&mut self, version: &str, source: &str) -> Outcome<()> {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let (vault, mut rng) = (&self.vault, rand::rng());
        let begun = Instant::now();
        vault.ingest(version, &spec(), source.as_bytes(), at, &mut rng, &mut |_| {})?;
        self.ingest.push(begun.elapsed());
        let begun = Instant::now();
        vault.read_batches(version, None)?;
        self.all.push(begun.elapsed());
        let begun = Instant::now();
        vault.read_batches(version, Some(&READ))?;
        self.some.push(begun.elapsed());
        Ok(())
    }

    fn tell(self) -> Outcome<()> {
        self.keys.unwrapped.store(0, Ordering::Relaxed);
        self.vault.read_batches("v0", Some(&READ))?;
        let unwrapped = self.keys.unwrapped.load(Ordering::Relaxed);
        println!(
            "{:<12} {:>8.2} s {:>11.2} MB {:>9.0} ms {:>13.0} ms {:>10}",
            self.name,
            best(&self.ingest).as_secs_f64(),
            self.vault.version("v0")?.stored_bytes() as f64 / 1e6,
            best(&self.all).as_secs_f64() * 1e3,
            best(&self.some).as_secs_f64() * 1e3,
            unwrapped,
        );
        Ok(())
    }
}

/// What else the machine does only adds to a time.
fn best(times: &[Duration]) -> Duration {
    times.iter().copied().min().unwrap_or_default()
}

fn spec() -> SourceSpec {
    let column = |index: usize| {
        let kind = if index.is_multiple_of(2) {
            ColumnType::Text
        } else {
            ColumnType::Integer
        };
        ColumnSpec::new(&format!("c{index}"), kind)
    };
    SourceSpec::csv((0..COLUMNS).map(column).collect())
}

/// Values spread by a multiplicative hash: the same in every run.
fn source(rows: u64) -> Outcome<String> {
    let mut text = (0..COLUMNS)
        .map(|index| format!("c{index}"))
        .collect::<Vec<_>>()
        .join(",");
    text.push('\n');
    for row in 0..rows {
        for index in 0..COLUMNS {
            let value = (row + index as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (20 + index);
            let end = if index + 1 == COLUMNS { '\n' } else { ',' };
            write!(text, "{value}{end}")?;
        }
    }
    Ok(text)
}
