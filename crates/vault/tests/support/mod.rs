//! A vault in a temporary folder, and the sources of the tests.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gongshu_vault::{
    Cipher, ColumnSpec, ColumnType, FileKeyService, IngestError, Ingested, SourceSpec, Vault, uscc_check_character,
};
use jiff::Timestamp;
use rand::{SeedableRng, rngs::StdRng};
use tempfile::TempDir;

pub struct Domain {
    pub folder: TempDir,
    pub vault: Vault,
    pub rng: StdRng,
}

impl Domain {
    pub fn new() -> Self {
        Self::with_seed(7)
    }

    pub fn with_seed(seed: u64) -> Self {
        Self::under(Cipher::Aes256Gcm, seed)
    }

    pub fn under(cipher: Cipher, seed: u64) -> Self {
        let folder = TempDir::new().unwrap();
        let mut rng = StdRng::seed_from_u64(seed);
        let vault = open_under(cipher, folder.path(), &mut rng);
        Self { folder, vault, rng }
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("domain")
    }

    pub fn file(&self, version: &str, name: &str) -> PathBuf {
        self.root().join(version).join(name)
    }

    pub fn ingest(&mut self, version: &str, spec: &SourceSpec, bytes: &[u8]) -> Result<Ingested, IngestError> {
        self.vault
            .ingest(version, spec, bytes, at(1), &mut self.rng, &mut |_| {})
    }

    pub fn entries(&self) -> usize {
        fs::read_dir(self.root()).unwrap().count()
    }
}

pub fn open(folder: &Path, rng: &mut StdRng) -> Vault {
    open_under(Cipher::Aes256Gcm, folder, rng)
}

fn open_under(cipher: Cipher, folder: &Path, rng: &mut StdRng) -> Vault {
    let keys = FileKeyService::open_or_create(&folder.join("keys/master.json"), cipher, rng).unwrap();
    Vault::open(&folder.join("domain"), Arc::new(keys)).unwrap()
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_760_000_000 + second).unwrap()
}

/// A file of the demo district.
pub fn demo(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/data").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn text(name: &str) -> ColumnSpec {
    ColumnSpec::new(name, ColumnType::Text)
}

pub fn integer(name: &str) -> ColumnSpec {
    ColumnSpec::new(name, ColumnType::Integer)
}

/// A valid unified social credit code for any number.
pub fn uscc(number: u64) -> String {
    let body = format!("91440300{number:09}");
    let check = uscc_check_character(&body).unwrap();
    format!("{body}{check}")
}

/// The text as a department's export has it.
pub fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}
