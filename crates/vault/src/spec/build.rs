//! Short ways to write a specification.

use super::{BadRows, Check, ColumnSource, ColumnSpec, ColumnType, Compression, Encoding, Format, Limits, SourceSpec};

impl SourceSpec {
    /// Comma-separated UTF-8 with a header, where empty means missing and one bad row refuses the file.
    pub fn csv(columns: Vec<ColumnSpec>) -> Self {
        let format = Format::Csv {
            delimiter: ',',
            header: true,
            encoding: Encoding::Utf8,
            null_markers: vec![String::new()],
            trim: false,
        };
        Self {
            format,
            compression: Compression::None,
            columns,
            bad_rows: BadRows::Reject,
            row_id: None,
            limits: Limits::default(),
        }
    }

    /// Reads text in this encoding.
    #[must_use]
    pub fn with_encoding(mut self, value: Encoding) -> Self {
        let Format::Csv { encoding, .. } = &mut self.format;
        *encoding = value;
        self
    }

    /// Adds values that stand for "missing".
    #[must_use]
    pub fn with_null_markers<'a>(mut self, markers: impl IntoIterator<Item = &'a str>) -> Self {
        let Format::Csv { null_markers, .. } = &mut self.format;
        null_markers.extend(markers.into_iter().map(String::from));
        self
    }

    /// Reads a file without a header; every column needs a position.
    #[must_use]
    pub fn without_header(mut self) -> Self {
        let Format::Csv { header, .. } = &mut self.format;
        *header = false;
        self
    }

    /// Separates fields by another character.
    #[must_use]
    pub fn with_delimiter(mut self, value: char) -> Self {
        let Format::Csv { delimiter, .. } = &mut self.format;
        *delimiter = value;
        self
    }

    /// Takes white space off around values.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        let Format::Csv { trim, .. } = &mut self.format;
        *trim = true;
        self
    }

    /// Sets bad rows aside rather than refuse the file.
    #[must_use]
    pub fn quarantining(mut self) -> Self {
        self.bad_rows = BadRows::Quarantine;
        self
    }

    /// Adds a column with the number of the row.
    #[must_use]
    pub fn with_row_id(mut self, name: &str) -> Self {
        self.row_id = Some(name.to_owned());
        self
    }
}

impl ColumnSpec {
    /// A required column under the same name in the header.
    pub fn new(name: &str, column_type: ColumnType) -> Self {
        Self {
            name: name.to_owned(),
            source: ColumnSource::Header(name.to_owned()),
            column_type,
            nullable: false,
            unique: false,
            check: None,
        }
    }

    /// Takes the column from under another name in the header.
    #[must_use]
    pub fn from_header(mut self, header: &str) -> Self {
        self.source = ColumnSource::Header(header.to_owned());
        self
    }

    /// Takes the column from this place, from 1.
    #[must_use]
    pub fn at(mut self, position: u32) -> Self {
        self.source = ColumnSource::Position(position);
        self
    }

    /// Lets values be missing.
    #[must_use]
    pub fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// Lets no value come twice.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// Adds a check on the values.
    #[must_use]
    pub fn checked(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }
}
