//! Whatever the bytes are: no panic, and every row is accounted for.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used)]

mod support;

use datafusion::arrow::array::RecordBatch;
use gongshu_vault::{Encoding, IngestError, SourceSpec};
use proptest::prelude::*;
use support::{Domain, integer, text};

/// Bytes that often make fields, quotes, lines and characters, so that the parser gets somewhere.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => Just(b",".to_vec()),
        2 => Just(b"\n".to_vec()),
        1 => Just(b"\r\n".to_vec()),
        2 => Just(b"\"".to_vec()),
        2 => Just(b"17".to_vec()),
        1 => Just(b"|".to_vec()),
        1 => Just("深".as_bytes().to_vec()),
        1 => Just(b"\xC9\xEE".to_vec()),
        1 => Just(vec![0x1f, 0x8b]),
        2 => proptest::collection::vec(any::<u8>(), 0..4),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn spec(gbk: bool, header: bool, trim: bool, bar: bool) -> SourceSpec {
    let mut spec =
        SourceSpec::csv(vec![text("a").at(1).nullable().unique(), integer("b").at(2).nullable()]).quarantining();
    spec.limits.line_bytes_max = 40;
    spec = if gbk { spec.with_encoding(Encoding::Gbk) } else { spec };
    spec = if header { spec } else { spec.without_header() };
    spec = if trim { spec.trimmed() } else { spec };
    if bar { spec.with_delimiter('|') } else { spec }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_kept_held_or_blank(
        bytes in bytes(), gbk: bool, header: bool, trim: bool, bar: bool, with_header: bool,
    ) {
        let bytes = if with_header { [b"a,b\n".as_slice(), &bytes].concat() } else { bytes };
        let mut domain = Domain::new();
        match domain.ingest("v", &spec(gbk, header, trim, bar), &bytes) {
            Ok(ingested) => {
                prop_assert_eq!(ingested.rows + ingested.quarantined_rows, ingested.rows_read);
                let batches = domain.vault.read_batches("v", None).unwrap();
                let read: usize = batches.iter().map(RecordBatch::num_rows).sum();
                prop_assert_eq!(read as u64, ingested.rows);
                prop_assert_eq!(domain.vault.quarantine("v").unwrap().len() as u64, ingested.quarantined_rows);
                // Every physical line is in one row, one held row, blank, or the header.
                let lines = bytes.split_inclusive(|byte| *byte == b'\n').count() as u64;
                let accounted = ingested.rows_read + ingested.blank_lines + u64::from(header);
                prop_assert!(accounted <= lines, "{} of {}", accounted, lines);
                if !bytes.contains(&b'"') && !bytes.starts_with(&[0x1f, 0x8b]) {
                    prop_assert_eq!(accounted, lines);
                }
            }
            Err(error) => {
                prop_assert!(!matches!(error, IngestError::Vault(_)), "{error}");
                prop_assert_eq!(domain.entries(), 0);
            }
        }
    }
}
