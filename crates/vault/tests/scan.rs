//! The engine's view: DataFusion scans the encrypted file in place.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used)]

mod support;

use datafusion::config::ConfigFileDecryptionProperties;
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use gongshu_vault::{SourceSpec, StoredVersion};
use support::{Domain, integer, text};

async fn sum(stored: &StoredVersion) -> datafusion::error::Result<String> {
    let decryption = ConfigFileDecryptionProperties::try_from(&stored.unlock(&[0, 1]).unwrap().decryption())?;
    let schema = stored.schema();
    let options = ParquetReadOptions::default()
        .schema(&schema)
        .file_decryption_properties(decryption);
    let context = SessionContext::new();
    context
        .register_parquet("t", stored.data_file().to_string_lossy(), options)
        .await?;
    let rows = context
        .sql("select sum(n) from t where city = '深圳'")
        .await?
        .collect()
        .await?;
    Ok(datafusion::arrow::util::pretty::pretty_format_batches(&rows)?.to_string())
}

#[tokio::test]
async fn encrypted_version_answers_sql_until_it_is_altered() {
    let mut domain = Domain::new();
    let rows: String = (1..=300_000)
        .map(|n| format!("{},{n}\n", if n % 2 == 0 { "深圳" } else { "广州" }))
        .collect();
    let spec = SourceSpec::csv(vec![text("city"), integer("n")]);
    domain
        .ingest("v1", &spec, format!("city,n\n{rows}").as_bytes())
        .unwrap();
    let stored = domain.vault.version("v1").unwrap();
    assert!(sum(&stored).await.unwrap().contains("22500150000"));

    let mut bytes = std::fs::read(stored.data_file()).unwrap();
    let place = bytes.len() / 3;
    bytes[place] ^= 1;
    std::fs::write(stored.data_file(), bytes).unwrap();
    assert!(sum(&stored).await.is_err(), "a flipped byte fails the tag of its page");
}
