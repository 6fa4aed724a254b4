//! Rows that break the specification: found where they are, told in two languages, never dropped.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::Write;

use datafusion::arrow::array::AsArray;
use gongshu_vault::{Check, ColumnSpec, ColumnType, Compression, Encoding, SourceSpec};
use support::{Domain, gbk, integer, text, uscc};

fn firms() -> SourceSpec {
    SourceSpec::csv(vec![
        text("uscc").unique().checked(Check::UnifiedSocialCreditCode),
        text("name"),
        integer("staff")
            .nullable()
            .checked(Check::Between { min: 0, max: 1_000_000 }),
        ColumnSpec::new("capital", ColumnType::Decimal).nullable(),
        ColumnSpec::new("founded", ColumnType::Date).nullable(),
    ])
}

const HEADER: &str = "uscc,name,staff,capital,founded\n";

/// Ingests rows after the header and compares line, column and code of what is wrong.
fn check(rows: &[u8], errors: &[(u64, u32, &str)]) {
    let bytes = [HEADER.as_bytes(), rows].concat();
    let mut domain = Domain::new();
    let refused = domain.ingest("v1", &firms(), &bytes).unwrap_err();
    assert_eq!(refused.code(), "ingest.rows-refused");
    let found: Vec<_> = refused
        .row_errors()
        .iter()
        .map(|e| (e.line, e.column, e.code.as_str()))
        .collect();
    assert_eq!(found, errors, "{}", String::from_utf8_lossy(rows));
    assert!(
        refused
            .row_errors()
            .iter()
            .all(|e| !e.message.zh.is_empty() && !e.message.en.is_empty())
    );
    assert_eq!(domain.entries(), 0, "a refused file leaves nothing on disk");
}

fn row(number: u64, rest: &str) -> String {
    format!("{},{rest}\n", uscc(number))
}

#[test]
fn each_defect_has_its_place_and_code() {
    let lines = |rows: &[String]| rows.concat().into_bytes();
    check(&lines(&[row(1, "甲,1,2.50")]), &[(2, 4, "row.field-count")]);
    check(
        &lines(&[row(1, "甲,1,2.50,2020-01-01,x")]),
        &[(2, 5, "row.field-count")],
    );
    check(
        &lines(&[row(1, "甲,,,"), row(2, "乙,1.0,,")]),
        &[(3, 3, "row.not-an-integer")],
    );
    check(&lines(&[row(1, "甲,-1,,")]), &[(2, 3, "row.out-of-bounds")]);
    check(
        &lines(&[row(1, "甲,1,1.234,2020-02-30")]),
        &[(2, 4, "row.not-a-decimal"), (2, 5, "row.not-a-date")],
    );
    check(&lines(&[row(1, ",1,,")]), &[(2, 2, "row.value-missing")]);
    check(
        &lines(&[row(1, "甲,,,"), row(2, "乙,,,"), row(1, "丙,,,")]),
        &[(4, 1, "row.value-repeats")],
    );
    check(
        "914403001922038217,甲,,,\n".as_bytes(),
        &[(2, 1, "row.credit-code-invalid")],
    );
    check(&lines(&[row(1, "\"甲\"乙,,,")]), &[(2, 2, "row.text-after-quote")]);
    check(
        &lines(&[row(1, "\"甲,,,"), row(2, "乙,,,")]),
        &[(2, 2, "row.open-quote")],
    );
    check(
        &[row(1, "甲").as_bytes(), b"\xFF\xFE,,,\n"].concat(),
        &[(2, 2, "row.field-count"), (3, 1, "row.malformed-text")],
    );
}

#[test]
fn broken_gbk_byte_is_told_by_line_column_and_character() {
    let mut bytes = gbk(&format!("{HEADER}{}{}", row(1, "深圳市甲公司,1,,"), row(2, "乙,1,,")));
    bytes.extend(uscc(3).as_bytes());
    bytes.extend(b",\xC9\xEE\xFF,1,,\n");
    let mut domain = Domain::new();
    let refused = domain
        .ingest("v1", &firms().with_encoding(Encoding::Gbk), &bytes)
        .unwrap_err();
    let [error] = refused.row_errors() else {
        unreachable!("one error: {refused:?}")
    };
    assert_eq!((error.line, error.column, error.field.as_deref()), (4, 2, Some("name")));
    assert_eq!(error.code, "row.malformed-text");
    assert!(
        error.message.en.contains("0xFF") && error.message.en.contains("character 21"),
        "{}",
        error.message.en
    );
}

#[test]
fn gbk_with_a_bar_as_delimiter_is_split_after_decoding() {
    // The second byte of 鐋 is the byte of the bar.
    let bytes = gbk("a|b\n鐋|2\n");
    assert!(bytes.windows(2).any(|pair| pair[0] > 0x80 && pair[1] == b'|'));
    let spec = SourceSpec::csv(vec![text("a"), integer("b")])
        .with_encoding(Encoding::Gbk)
        .with_delimiter('|');
    let mut domain = Domain::new();
    assert_eq!(domain.ingest("v1", &spec, &bytes).unwrap().rows, 1);
    let rows = domain.vault.read_batches("v1", Some(&["a"])).unwrap();
    assert_eq!(rows[0].column(0).as_string::<i32>().value(0), "鐋");
}

#[test]
fn quarantine_adds_up_and_keeps_the_bytes() {
    let good: String = (1..=200).map(|number| row(number, "甲,1,1.00,2020-01-01")).collect();
    let bad = [
        row(1, "again,1,,"),
        row(900, "乙,many,x,"),
        "\n".into(),
        row(901, "\"open,1,,"),
    ]
    .concat();
    let bytes = format!("{HEADER}{good}{bad}\n\n");
    let mut domain = Domain::new();
    let ingested = domain
        .ingest("v1", &firms().quarantining().with_row_id("row"), bytes.as_bytes())
        .unwrap();

    assert_eq!(
        (ingested.rows, ingested.quarantined_rows, ingested.rows_read),
        (200, 3, 203)
    );
    assert_eq!(
        (
            ingested.quarantined_errors,
            ingested.quarantined.len(),
            ingested.blank_lines
        ),
        (4, 4, 3)
    );
    let held = domain.vault.quarantine("v1").unwrap();
    let lines: Vec<u64> = held.iter().map(|row| row.line).collect();
    assert_eq!(lines, [202, 203, 205]);
    assert_eq!(held[1].raw, row(900, "乙,many,x,").trim_end().as_bytes());
    assert_eq!(held[1].errors.len(), 2);
    assert!(held[0].errors[0].message.en.contains("line 2"));
}

#[test]
fn one_open_quote_does_not_swallow_the_rows_after_it() {
    let rows: String = (2..50).map(|number| row(number, "乙,1,,")).collect();
    let bytes = format!("{HEADER}{}{rows}", row(1, "\"甲,1,,"));
    let mut domain = Domain::new();
    let ingested = domain.ingest("v1", &firms().quarantining(), bytes.as_bytes()).unwrap();
    assert_eq!((ingested.rows, ingested.quarantined_rows), (48, 1));
}

#[test]
fn quoted_values_may_have_delimiters_and_line_ends() {
    let bytes = format!("{HEADER}{}{}", row(1, "\"甲,\r\n\"\"乙\"\"\",1,,"), row(2, "丙,x,,"));
    let mut domain = Domain::new();
    let ingested = domain.ingest("v1", &firms().quarantining(), bytes.as_bytes()).unwrap();
    assert_eq!((ingested.rows, ingested.quarantined[0].line), (1, 4));
    let rows = domain.vault.read_batches("v1", Some(&["name"])).unwrap();
    assert_eq!(rows[0].column(0).as_string::<i32>().value(0), "甲,\n\"乙\"");
}

/// Ingests and compares the code of the refusal.
fn check_refusal(spec: &SourceSpec, bytes: &[u8], code: &str) {
    let mut domain = Domain::new();
    let refused = domain.ingest("v1", spec, bytes).unwrap_err();
    assert_eq!(refused.code(), code, "{refused}");
    assert_eq!(domain.entries(), 0, "a refused file leaves nothing on disk");
}

#[test]
fn whole_files_are_refused_for_their_own_reasons() {
    let rows = format!("{HEADER}{}", (1..=20).map(|n| row(n, "甲,x,,")).collect::<String>());
    let limited = |change: &dyn Fn(&mut SourceSpec)| {
        let mut spec = firms().quarantining();
        change(&mut spec);
        spec
    };
    check_refusal(&firms(), b"", "ingest.file-empty");
    check_refusal(&firms(), b"uscc;name\n", "ingest.columns-missing");
    check_refusal(
        &firms(),
        b"uscc,name,staff,name,capital,founded\n",
        "ingest.header-ambiguous",
    );
    check_refusal(&firms(), b"\"uscc,name\n", "ingest.header-unreadable");
    check_refusal(
        &limited(&|spec| spec.limits.rows_max = 5),
        rows.as_bytes(),
        "ingest.too-many-rows",
    );
    check_refusal(
        &limited(&|spec| spec.limits.bytes_max = 100),
        rows.as_bytes(),
        "ingest.too-large",
    );
    check_refusal(
        &limited(&|spec| spec.limits.quarantine_max = 5),
        rows.as_bytes(),
        "ingest.quarantine-full",
    );
    check_refusal(
        &limited(&|spec| spec.compression = Compression::Gzip),
        rows.as_bytes(),
        "ingest.not-gzip",
    );
    let marked = [b"\xEF\xBB\xBF", rows.as_bytes()].concat();
    check_refusal(
        &firms().with_encoding(Encoding::Gbk),
        &marked,
        "ingest.encoding-mismatch",
    );
    check_refusal(&SourceSpec::csv(vec![]), b"a\n", "source.no-columns");
}

#[test]
fn truncated_gzip_is_refused_and_an_expanding_one_is_bounded() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer
        .write_all(format!("{HEADER}{}", row(1, "甲,1,,")).as_bytes())
        .unwrap();
    let whole = packer.finish().unwrap();
    check_refusal(&firms(), &whole[..whole.len() - 9], "ingest.source-unreadable");

    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![b'a'; 8 << 20]).unwrap();
    let mut spec = firms();
    spec.limits.bytes_max = 1 << 20;
    check_refusal(&spec, &packer.finish().unwrap(), "ingest.too-large");
}

#[test]
fn overlong_line_is_one_bad_row() {
    let mut spec = firms().quarantining();
    spec.limits.line_bytes_max = 100;
    let bytes = format!(
        "{HEADER}{}{}{}",
        row(1, "甲,1,,"),
        row(2, &"长".repeat(500)),
        row(3, "丙,1,,")
    );
    let mut domain = Domain::new();
    let ingested = domain.ingest("v1", &spec, bytes.as_bytes()).unwrap();
    assert_eq!((ingested.rows, ingested.quarantined_rows), (2, 1));
    assert_eq!(ingested.quarantined[0].code, "row.too-long");
}

#[test]
fn reports_name_no_values() {
    let secret = "机密企业名称";
    let bytes = format!("{HEADER}{}", row(1, &format!("{secret},{secret},{secret},{secret}")));
    let mut domain = Domain::new();
    let refused = domain.ingest("v1", &firms(), bytes.as_bytes()).unwrap_err();
    assert!(!format!("{refused:?}").contains(secret));
}

#[test]
fn progress_ends_with_all_rows() {
    let bytes = format!("{HEADER}{}", (1..=9000).map(|n| row(n, "甲,1,,")).collect::<String>());
    let mut domain = Domain::new();
    let mut heard = Vec::new();
    let Domain { vault, rng, .. } = &mut domain;
    vault
        .ingest("v1", &firms(), bytes.as_bytes(), support::at(0), rng, &mut |rows| {
            heard.push(rows);
        })
        .unwrap();
    assert_eq!(heard, [8192, 9000]);
}
