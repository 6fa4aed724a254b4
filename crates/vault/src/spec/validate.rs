//! Whether a specification makes sense, before a byte is read.

use std::collections::HashSet;

use super::{Check, ColumnSource, ColumnSpec, ColumnType, Format, SourceSpec};

const NAME_CHARACTERS_MAX: usize = 64;
const LINE_BYTES_CEILING: u64 = 64 << 20;

/// Why a specification cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// There is nothing to store.
    #[error("the specification has no columns")]
    NoColumns,
    /// The delimiter is not usable.
    #[error("`{0}` cannot separate fields; use one ASCII character such as a comma, tab, semicolon or bar")]
    Delimiter(char),
    /// A column's name is not usable.
    #[error("`{0}` cannot name a column; use 1 to 64 characters without quotes or control characters")]
    ColumnName(String),
    /// Two columns have one name; SQL does not tell capitals from small letters.
    #[error("the column name `{0}` comes twice")]
    DuplicateColumn(String),
    /// A position is not from 1 on.
    #[error("column `{0}` has position 0; positions begin at 1")]
    PositionZero(String),
    /// A column is looked for by name in a file without names.
    #[error("column `{0}` is taken from a header, but the file has none; give its position")]
    NeedsHeader(String),
    /// A check does not fit the type of its column.
    #[error("the check on column `{0}` does not fit its type")]
    CheckDoesNotFit(String),
    /// A limit is zero.
    #[error("the limit `{0}` is zero")]
    ZeroLimit(&'static str),
    /// Rows could not be held in memory.
    #[error("the limit `line_bytes_max` is above 64 MiB")]
    LineLimitTooHigh,
}

impl SpecError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoColumns => "source.no-columns",
            Self::Delimiter(_) => "source.delimiter",
            Self::ColumnName(_) => "source.column-name",
            Self::DuplicateColumn(_) => "source.column-twice",
            Self::PositionZero(_) => "source.position-zero",
            Self::NeedsHeader(_) => "source.needs-header",
            Self::CheckDoesNotFit(_) => "source.check-does-not-fit",
            Self::ZeroLimit(_) => "source.limit-zero",
            Self::LineLimitTooHigh => "source.limit-too-high",
        }
    }
}

impl SourceSpec {
    /// Whether the specification makes sense; registration asks this before it stores one.
    pub fn validate(&self) -> Result<(), SpecError> {
        let Format::Csv { delimiter, header, .. } = &self.format;
        if !delimiter.is_ascii() || delimiter.is_ascii_alphanumeric() || "\"\r\n\0".contains(*delimiter) {
            return Err(SpecError::Delimiter(*delimiter));
        }
        if self.columns.is_empty() {
            return Err(SpecError::NoColumns);
        }
        self.validate_names()?;
        self.columns
            .iter()
            .try_for_each(|column| validate_column(column, *header))?;
        self.validate_limits()
    }

    fn validate_names(&self) -> Result<(), SpecError> {
        let mut seen = HashSet::new();
        for name in self.columns.iter().map(|column| &column.name).chain(&self.row_id) {
            let bad = |character: char| character.is_control() || "\"'`".contains(character);
            if name.trim().is_empty() || name.chars().count() > NAME_CHARACTERS_MAX || name.contains(bad) {
                return Err(SpecError::ColumnName(name.clone()));
            }
            if !seen.insert(name.to_lowercase()) {
                return Err(SpecError::DuplicateColumn(name.clone()));
            }
        }
        Ok(())
    }

    fn validate_limits(&self) -> Result<(), SpecError> {
        let limits = &self.limits;
        let named = [
            ("rows_max", limits.rows_max),
            ("bytes_max", limits.bytes_max),
            ("line_bytes_max", limits.line_bytes_max),
        ];
        match named.iter().find(|(_, value)| *value == 0) {
            Some((name, _)) => Err(SpecError::ZeroLimit(name)),
            None if limits.line_bytes_max > LINE_BYTES_CEILING => Err(SpecError::LineLimitTooHigh),
            None => Ok(()),
        }
    }
}

fn validate_column(column: &ColumnSpec, header: bool) -> Result<(), SpecError> {
    match &column.source {
        ColumnSource::Position(0) => return Err(SpecError::PositionZero(column.name.clone())),
        ColumnSource::Header(_) if !header => return Err(SpecError::NeedsHeader(column.name.clone())),
        ColumnSource::Position(_) | ColumnSource::Header(_) => {}
    }
    let fits = match (column.column_type, &column.check) {
        (_, None) => true,
        (ColumnType::Text, Some(check)) => !check.is_numeric(),
        (ColumnType::Integer | ColumnType::Float | ColumnType::Decimal, Some(Check::Between { .. })) => true,
        (ColumnType::Integer | ColumnType::Float | ColumnType::Decimal | ColumnType::Date, Some(_)) => false,
    };
    if fits {
        Ok(())
    } else {
        Err(SpecError::CheckDoesNotFit(column.name.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spec: &SourceSpec, code: &str) {
        assert_eq!(spec.validate().unwrap_err().code(), code);
    }

    #[test]
    fn senseless_specifications_are_refused() {
        let text = || ColumnSpec::new("a", ColumnType::Text);
        check(&SourceSpec::csv(vec![]), "source.no-columns");
        check(&SourceSpec::csv(vec![text()]).with_delimiter('"'), "source.delimiter");
        check(
            &SourceSpec::csv(vec![text()])
                .with_delimiter(','.to_ascii_lowercase())
                .with_row_id("A"),
            "source.column-twice",
        );
        check(
            &SourceSpec::csv(vec![ColumnSpec::new("a\"b", ColumnType::Text)]),
            "source.column-name",
        );
        check(&SourceSpec::csv(vec![text().at(0)]), "source.position-zero");
        check(&SourceSpec::csv(vec![text()]).without_header(), "source.needs-header");
        check(
            &SourceSpec::csv(vec![text().checked(Check::Between { min: 0, max: 1 })]),
            "source.check-does-not-fit",
        );
    }

    #[test]
    fn specification_survives_json() {
        let spec = SourceSpec::csv(vec![
            ColumnSpec::new("uscc", ColumnType::Text)
                .unique()
                .checked(Check::UnifiedSocialCreditCode),
            ColumnSpec::new("score", ColumnType::Integer)
                .at(2)
                .checked(Check::Between { min: 0, max: 100 }),
        ]);
        let json = serde_json::to_string(&spec).unwrap();
        assert_eq!(serde_json::from_str::<SourceSpec>(&json).unwrap(), spec);
    }
}
