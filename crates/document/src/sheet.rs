//! Papers of one look: a head with issuer, number and day, facts in a table, sections of text and tables, and the
//! entries of the ledger that they are made of.

use serde::Serialize;

/// A paper made of facts, texts and tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetPaper {
    /// The platform's name.
    pub platform: String,
    /// Its title.
    pub title: String,
    /// What it is of, below the title.
    pub subject: String,
    /// Its number: the id of the thing on record.
    pub number: String,
    /// The day of the newest entry that it is made of.
    pub day: String,
    /// Who issues it.
    pub issuer: String,
    /// Names and values at its head.
    pub facts: Vec<[String; 2]>,
    /// Its sections.
    pub sections: Vec<SheetSection>,
    /// The entries of the ledger that it is made of, such as `12–15、40`.
    pub entries: String,
}

/// A section of a sheet: texts, then a table where it has columns.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SheetSection {
    /// Its title.
    pub title: String,
    /// Its paragraphs.
    pub texts: Vec<String>,
    /// The table's columns.
    pub columns: Vec<SheetColumn>,
    /// The table's rows, a cell a column.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetColumn {
    /// Its head.
    pub name: String,
    /// Its width beside the others; 0 takes what its cells need.
    pub width: u32,
    /// Whether it holds numbers, which stand to the right.
    pub number: bool,
}

impl SheetSection {
    /// A section of paragraphs.
    #[must_use]
    pub fn text(title: &str, texts: impl IntoIterator<Item = String>) -> Self {
        Self {
            title: title.to_owned(),
            texts: texts.into_iter().collect(),
            ..Self::default()
        }
    }

    /// A section with a table. A head is `名称`, `名称:3` with a width, or `金额#` for numbers.
    #[must_use]
    pub fn table<const N: usize>(title: &str, heads: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Self {
        Self {
            title: title.to_owned(),
            columns: heads.map(column).into(),
            rows: rows.into_iter().map(Vec::from).collect(),
            ..Self::default()
        }
    }
}

fn column(head: &str) -> SheetColumn {
    let number = head.ends_with('#');
    let (name, width) = head.split_once(':').unwrap_or((head.trim_end_matches('#'), "0"));
    SheetColumn {
        name: name.to_owned(),
        width: width.parse().unwrap_or(0),
        number,
    }
}
