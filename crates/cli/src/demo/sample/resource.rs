//! Resources of the sample district, and how their files are read.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use gongshu_app::governance::resource::{Entry, Field, FieldType, OutputControl, ReleaseRule};
use gongshu_app::vault::{BadRows, Check, ColumnSpec, ColumnType, Encoding, SourceSpec};
use serde::Deserialize;

/// A resource as its provider registers it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Resource {
    /// Login of its provider.
    pub(in crate::demo) owner: String,
    pub(in crate::demo) name: String,
    pub(in crate::demo) table: String,
    pub(in crate::demo) summary: String,
    pub(in crate::demo) field_of_application: String,
    pub(in crate::demo) subject_key: Option<String>,
    /// Output controls of its own, beside those of the rule pack.
    #[serde(default)]
    pub(in crate::demo) controls: BTreeSet<OutputControl>,
    /// What else its entry says.
    #[serde(default)]
    pub(in crate::demo) entry: Entry,
    pub(in crate::demo) frequency: String,
    pub(in crate::demo) boundary: String,
    pub(in crate::demo) legal_basis: String,
    pub(in crate::demo) contact: String,
    /// Its file under `demo/data/`; none where it is generated.
    file: Option<String>,
    pub(in crate::demo) generated: Option<Generated>,
    #[serde(default)]
    format: Format,
    field: Vec<Column>,
}

/// A register that is made, not read.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Generated {
    pub(in crate::demo) rows: u64,
    pub(in crate::demo) seed: u64,
    /// Of a thousand rows, how many are broken on purpose.
    pub(in crate::demo) defects_permille: u64,
}

/// How the file is read, where it is not plain UTF-8 with a header.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Format {
    encoding: Encoding,
    headerless: bool,
    trim: bool,
    null_markers: Vec<String>,
    bad_rows: BadRows,
    row_id: Option<String>,
}

/// A field, and where it is in the file; a row id is in none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    name: String,
    #[serde(rename = "type")]
    field_type: FieldType,
    meaning: String,
    level: u8,
    release: ReleaseRule,
    header: Option<String>,
    position: Option<u32>,
    #[serde(default)]
    nullable: bool,
    #[serde(default)]
    unique: bool,
    check: Option<Check>,
}

impl Resource {
    /// The fields as the registration states them.
    pub(in crate::demo) fn fields(&self) -> Vec<Field> {
        self.field.iter().map(Column::field).collect()
    }

    /// How its file is read.
    pub(in crate::demo) fn source(&self) -> SourceSpec {
        let format = &self.format;
        let columns = self.field.iter().filter_map(Column::column).collect();
        let mut spec = SourceSpec::csv(columns)
            .with_encoding(format.encoding)
            .with_null_markers(format.null_markers.iter().map(String::as_str));
        if format.headerless {
            spec = spec.without_header();
        }
        if format.trim {
            spec = spec.trimmed();
        }
        if let Some(row_id) = &format.row_id {
            spec = spec.with_row_id(row_id);
        }
        spec.bad_rows = format.bad_rows;
        spec
    }

    /// The bytes of its file.
    pub(in crate::demo) fn file(&self) -> Result<&'static [u8]> {
        macro_rules! data {
            ($($name:literal),+) => {
                match self.file.as_deref() {
                    $(Some($name) => Ok(include_bytes!(concat!("../../../../../demo/data/", $name)).as_slice()),)+
                    other => bail!("the resource `{}` has no file of the demo: {other:?}", self.table),
                }
            };
        }
        data!(
            "beijing_pm25_hourly.csv.gz",
            "covid_guangdong_2020.csv.gz",
            "adult_census.csv.gz",
            "german_credit.csv.gz",
            "guangdong_streets.csv.gz"
        )
    }
}

impl Column {
    fn field(&self) -> Field {
        Field {
            name: self.name.clone(),
            field_type: self.field_type,
            meaning: self.meaning.clone(),
            level: self.level,
            release: self.release.clone(),
            nullable: self.nullable,
        }
    }

    fn column(&self) -> Option<ColumnSpec> {
        let column = ColumnSpec::new(&self.name, column_type(self.field_type));
        let mut column = match (&self.header, self.position) {
            (Some(header), _) => column.from_header(header),
            (None, Some(position)) => column.at(position),
            (None, None) => return None,
        };
        column.nullable = self.nullable;
        column.unique = self.unique;
        column.check.clone_from(&self.check);
        Some(column)
    }
}

fn column_type(field_type: FieldType) -> ColumnType {
    match field_type {
        FieldType::Text => ColumnType::Text,
        FieldType::Integer => ColumnType::Integer,
        FieldType::Float => ColumnType::Float,
        FieldType::Decimal => ColumnType::Decimal,
        FieldType::Date => ColumnType::Date,
    }
}
