//! Files of data as they come (CSV, GB 18030, gzip): no panic, and every row is stored, held or blank.
#![no_main]

use std::path::Path;
use std::sync::Arc;

use gongshu_vault::{Cipher, ColumnSpec, ColumnType, Compression, Encoding, FileKeyService, SourceSpec, Vault};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use rand::SeedableRng;
use rand::rngs::StdRng;

/// Bytes of a line, so that the limit is met.
const LINE_BYTES_MAX: u64 = 64;

fuzz_target!(|bytes: &[u8]| {
    let Some((switches, bytes)) = bytes.split_first() else { return };
    // In memory where there is such a folder: the disk is not what is tried.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let mut rng = StdRng::seed_from_u64(7);
    let keys = FileKeyService::open_or_create(&folder.path().join("keys/master.json"), Cipher::Aes256Gcm, &mut rng).unwrap();
    let vault = Vault::open(folder.path().join("domain").as_path(), Arc::new(keys)).unwrap();
    let (spec, at) = (spec(*switches), Timestamp::UNIX_EPOCH);
    if let Ok(ingested) = vault.ingest("v", &spec, bytes, at, &mut rng, &mut |_| {}) {
        assert_eq!(ingested.rows + ingested.quarantined_rows, ingested.rows_read);
        let batches = vault.read_batches("v", None).unwrap();
        let rows: usize = batches.iter().map(|batch| batch.num_rows()).sum();
        assert_eq!(u64::try_from(rows), Ok(ingested.rows));
    }
});

/// A column of each type, read as the switches say.
fn spec(switches: u8) -> SourceSpec {
    use ColumnType::{Date, Decimal, Float, Integer, Text};
    let types = [("t", Text), ("i", Integer), ("f", Float), ("m", Decimal), ("d", Date)];
    let columns = types.into_iter().zip(1..).map(|((name, kind), at)| ColumnSpec::new(name, kind).at(at).nullable());
    let on = |bit: u8| switches >> bit & 1 == 1;
    let mut spec = SourceSpec::csv(columns.take(1 + usize::from(switches >> 5) % 5).collect());
    spec.limits.line_bytes_max = LINE_BYTES_MAX;
    spec = if on(0) { spec.with_encoding(Encoding::Gbk) } else { spec };
    spec = if on(1) { spec.without_header() } else { spec };
    spec = if on(2) { spec.trimmed() } else { spec };
    spec = if on(3) { spec.quarantining() } else { spec };
    if on(4) {
        spec.compression = Compression::Gzip;
    }
    spec
}
