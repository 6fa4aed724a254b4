//! From a paper to the bytes of a PDF.

use std::path::Path;

use typst::LibraryExt;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst::text::FontBook;
use typst::utils::LazyHash;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::fonts::Faces;
use crate::world::PaperWorld;
use crate::{DocumentError, Paper};

/// How many typesettings ago something remembered must have been used to stay.
const MEMORY_AGE: usize = 2;

/// Sets papers in the fonts that it has found.
pub struct Typesetter {
    pub(crate) library: LazyHash<typst::Library>,
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) faces: Faces,
}

impl Typesetter {
    /// A typesetter with the Chinese fonts of this folder, or of the system where none is given.
    ///
    /// # Errors
    /// When there is no Chinese font.
    pub fn open(fonts: Option<&Path>) -> Result<Self, DocumentError> {
        let faces = Faces::find(fonts)?;
        Ok(Self {
            library: LazyHash::new(typst::Library::default()),
            book: LazyHash::new(FontBook::from_fonts([&faces.body, &faces.bold])),
            faces,
        })
    }

    /// The families that papers are set in.
    #[must_use]
    pub fn families(&self) -> [&str; 2] {
        [&self.faces.body, &self.faces.bold].map(|font| font.info().family.as_str())
    }

    /// The paper as PDF/A-2b (ISO 19005-2), the form for archives. The same paper gives the same bytes.
    ///
    /// # Errors
    /// When the template does not fit.
    pub fn pdf(&self, paper: &Paper) -> Result<Vec<u8>, DocumentError> {
        let world = PaperWorld::new(self, paper)?;
        let typeset = typst::compile::<PagedDocument>(&world).output.map_err(told)?;
        let standards = PdfStandards::new(&[PdfStandard::A_2b]);
        let options = PdfOptions {
            ident: Smart::Custom(paper.number().to_owned()),
            creator: Smart::Custom(Some("Gongshu".to_owned())),
            standards: standards.map_err(|error| DocumentError::Template(error.message().to_string()))?,
            timestamp: dated(paper.day()).map(Timestamp::new_utc),
            tagged: false,
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&typeset, &options).map_err(told)?;
        typst::comemo::evict(MEMORY_AGE);
        Ok(pdf)
    }
}

impl std::fmt::Debug for Typesetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Typesetter({})", self.families().join(", "))
    }
}

/// The first second of a day such as `2026-11-28`.
fn dated(day: &str) -> Option<Datetime> {
    let mut parts = day.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    Datetime::from_ymd_hms(year, month, day, 0, 0, 0)
}

fn told(errors: impl IntoIterator<Item = SourceDiagnostic>) -> DocumentError {
    let all: Vec<String> = errors.into_iter().map(|error| error.message.to_string()).collect();
    DocumentError::Template(all.join("; "))
}
