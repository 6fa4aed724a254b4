//! Measures the ingestion of a GBK table of 200,000 rows and 8 columns:
//! `cargo run --release -p gongshu-vault --example ingest_speed`.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Instant;

use gongshu_vault::{
    Check, Cipher, ColumnSpec, ColumnType, Encoding, FileKeyService, SourceSpec, Vault, uscc_check_character,
};

const ROWS: u32 = 200_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::TempDir::new()?;
    let mut rng = rand::rng();
    let keys = FileKeyService::open_or_create(&folder.path().join("key.json"), Cipher::Aes256Gcm, &mut rng)?;
    let vault = Vault::open(&folder.path().join("domain"), Arc::new(keys))?;
    let bytes = source()?;
    let began = Instant::now();
    vault.ingest(
        "v1",
        &spec(),
        bytes.as_slice(),
        jiff::Timestamp::now(),
        &mut rng,
        &mut |_| {},
    )?;
    let ingested = began.elapsed();
    let began = Instant::now();
    let batches = vault.read_batches("v1", None)?;
    let read = began.elapsed();
    report(&format!(
        "{ROWS} rows, {} bytes of GBK: ingested in {ingested:?}, {} bytes stored, read in {read:?} ({} batches)",
        bytes.len(),
        vault.version("v1")?.stored_bytes(),
        batches.len(),
    ));
    Ok(())
}

fn spec() -> SourceSpec {
    let column = ColumnSpec::new;
    SourceSpec::csv(vec![
        column("uscc", ColumnType::Text)
            .unique()
            .checked(Check::UnifiedSocialCreditCode),
        column("name", ColumnType::Text),
        column("street", ColumnType::Text),
        column("industry", ColumnType::Text),
        column("founded", ColumnType::Date),
        column("capital", ColumnType::Decimal).nullable(),
        column("staff", ColumnType::Integer),
        column("score", ColumnType::Float),
    ])
    .with_encoding(Encoding::Gbk)
}

fn source() -> Result<Vec<u8>, std::fmt::Error> {
    let streets = ["观湖街道", "民治街道", "龙华街道", "大浪街道", "福城街道", "观澜街道"];
    let mut text = String::from("uscc,name,street,industry,founded,capital,staff,score\n");
    for row in 0..ROWS {
        let body = format!("91440300{row:09}");
        let check = uscc_check_character(&body).unwrap_or('0');
        let street = streets.get(row as usize % streets.len()).copied().unwrap_or_default();
        let (month, day, capital, staff) = (row % 12 + 1, row % 28 + 1, row % 9973, row % 500);
        writeln!(
            text,
            "{body}{check},深圳市第{row}科技有限公司,{street},C39计算机制造,2015-{month:02}-{day:02},{capital}.50,{staff},{}.25",
            row % 100,
        )?;
    }
    Ok(encoding_rs::GB18030.encode(&text).0.into_owned())
}

#[expect(clippy::print_stdout, reason = "an example talks to people")]
fn report(line: &str) {
    println!("{line}");
}
