//! Tables as files for table programs.

use gongshu_app::AppError;

use crate::problem::Failure;

/// CSV (RFC 4180), UTF-8 with a mark, as table programs want it to read Chinese.
pub(crate) fn csv_file<const N: usize>(
    heads: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<String, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Failure::App(AppError::Internal(error.to_string()));
    writer.write_record(heads).map_err(failed)?;
    for row in rows {
        writer.write_record(row).map_err(failed)?;
    }
    let bytes = writer.into_inner();
    let bytes = bytes.map_err(|error| Failure::App(AppError::Internal(error.to_string())))?;
    Ok(format!("\u{feff}{}", String::from_utf8_lossy(&bytes)))
}

/// A text that a table program does not take for a formula.
pub(crate) fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
