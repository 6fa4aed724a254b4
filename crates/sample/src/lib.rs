//! Generated sample data: firms with valid unified social credit codes (GB 32100-2015).
#![doc = include_str!("../README.md")]

mod code;
mod firm;
mod random;

use std::io::{self, Write};

pub use code::credit_code;
pub use firm::{Firm, firm};
use random::Random;

/// Header of the file.
pub const HEADER: &str = "统一社会信用代码,企业名称,街道,行业,注册资本,状态,成立日期,核准日期";

/// What was written, and how much of it is broken on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Rows written.
    pub rows: u64,
    /// Rows with a wrong check character.
    pub bad_codes: u64,
    /// Rows without a name.
    pub missing_names: u64,
    /// Rows with a day that no calendar has.
    pub bad_dates: u64,
    /// Rows with a text for capital.
    pub bad_capitals: u64,
}

impl Report {
    /// All rows with a defect.
    #[must_use]
    pub fn defects(&self) -> u64 {
        self.bad_codes + self.missing_names + self.bad_dates + self.bad_capitals
    }
}

/// Writes `count` firms as a GBK-encoded CSV; of a thousand rows about `defects_permille` are broken.
/// The first hundred are always sound.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_firms(mut out: impl Write, seed: u64, count: u64, defects_permille: u64) -> io::Result<Report> {
    let mut report = Report {
        rows: count,
        ..Report::default()
    };
    let mut random = Random::new(seed ^ 0xD0_FE_C7);
    write_gbk(&mut out, HEADER)?;
    for number in 0..count {
        let mut row = firm(seed, number).columns();
        if number >= 100 && random.below(1_000) < defects_permille {
            spoil(&mut row, random.below(4), &mut report);
        }
        write_gbk(&mut out, &row.join(","))?;
    }
    Ok(report)
}

fn spoil(row: &mut [String; 8], kind: u64, report: &mut Report) {
    match kind {
        0 => {
            let last = if row[0].ends_with('A') { 'B' } else { 'A' };
            row[0].pop();
            row[0].push(last);
            report.bad_codes += 1;
        }
        1 => {
            row[1].clear();
            report.missing_names += 1;
        }
        2 => {
            "2021-02-30".clone_into(&mut row[6]);
            report.bad_dates += 1;
        }
        _ => {
            "壹佰万".clone_into(&mut row[4]);
            report.bad_capitals += 1;
        }
    }
}

fn write_gbk(out: &mut impl Write, line: &str) -> io::Result<()> {
    let (bytes, _, _) = encoding_rs::GBK.encode(line);
    out.write_all(&bytes)?;
    out.write_all(b"\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let write = |seed| {
            let mut bytes = Vec::new();
            let report = write_firms(&mut bytes, seed, 2_000, 5).map_err(|error| error.to_string());
            (bytes, report)
        };
        assert_eq!(write(7), write(7));
        assert_ne!(write(7).0, write(8).0);
    }

    #[test]
    fn every_code_is_valid_and_none_comes_twice() {
        let codes: std::collections::HashSet<String> = (0..20_000).map(|number| firm(1, number).code).collect();
        assert_eq!(codes.len(), 20_000);
        assert!(codes.iter().all(|code| gongshu_vault::uscc_is_valid(code)));
    }

    #[test]
    fn a_stated_share_is_broken() {
        let report = write_firms(io::sink(), 3, 50_000, 5).unwrap_or_default();
        assert!((150..=350).contains(&report.defects()), "{report:?}");
    }
}
