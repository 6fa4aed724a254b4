//! DuckDB and PostgreSQL, driven by `peers.py` over the same tables as Parquet files.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use datafusion::parquet::arrow::ArrowWriter;
use serde::Deserialize;

use crate::Outcome;
use crate::tables::{Generated, QUERIES};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/tpch/peers.py");

/// One measured query.
#[derive(Deserialize)]
struct Line {
    peer: String,
    query: String,
    seconds: f64,
}

/// Times by peer and query; a query that ran into the time limit is missing.
pub(crate) fn run(python: &str, generated: &[Generated]) -> Outcome<BTreeMap<String, BTreeMap<String, Duration>>> {
    let folder = tempfile::tempdir()?;
    for table in generated {
        write(&folder.path().join(format!("{}.parquet", table.name)), table)?;
    }
    for (name, sql) in QUERIES {
        std::fs::write(folder.path().join(format!("{name}.sql")), sql)?;
    }
    let done = Command::new(python)
        .arg(SCRIPT)
        .arg(folder.path())
        .stderr(Stdio::inherit())
        .output()?;
    if !done.status.success() {
        return Err("the peers could not be measured".into());
    }
    let mut peers: BTreeMap<String, BTreeMap<String, Duration>> = BTreeMap::new();
    for line in String::from_utf8(done.stdout)?.lines() {
        let Line { peer, query, seconds } = serde_json::from_str(line)?;
        peers
            .entry(peer)
            .or_default()
            .insert(query, Duration::from_secs_f64(seconds));
    }
    Ok(peers)
}

fn write(path: &Path, table: &Generated) -> Outcome<()> {
    let mut writer = ArrowWriter::try_new(File::create(path)?, table.rows.schema(), None)?;
    writer.write(&table.rows)?;
    writer.close()?;
    Ok(())
}
