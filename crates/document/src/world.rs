//! What a template sees: itself, what all papers share, the paper, the fonts. No file of the machine, no clock.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, World};

use crate::{DocumentError, Paper, Typesetter};

const COMMON: &str = include_str!("../templates/common.typ");

pub(crate) struct PaperWorld<'t> {
    typesetter: &'t Typesetter,
    main: Source,
    common: Source,
    data: [(FileId, Bytes); 2],
}

impl<'t> PaperWorld<'t> {
    pub(crate) fn new(typesetter: &'t Typesetter, paper: &Paper) -> Result<Self, DocumentError> {
        let failed = |error: serde_json::Error| DocumentError::Template(error.to_string());
        let [body, bold] = typesetter.families();
        let faces = serde_json::json!({"body": body, "bold": bold});
        Ok(Self {
            typesetter,
            main: Source::new(file("main.typ")?, paper.template().to_owned()),
            common: Source::new(file("common.typ")?, COMMON.to_owned()),
            data: [
                (
                    file("paper.json")?,
                    Bytes::new(serde_json::to_vec(paper).map_err(failed)?),
                ),
                (
                    file("faces.json")?,
                    Bytes::new(serde_json::to_vec(&faces).map_err(failed)?),
                ),
            ],
        })
    }
}

fn file(name: &str) -> Result<FileId, DocumentError> {
    let path = VirtualPath::new(name).map_err(|error| DocumentError::Template(format!("{error:?}")))?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

impl World for PaperWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.typesetter.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.typesetter.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let sources = [&self.main, &self.common];
        let found = sources.into_iter().find(|source| source.id() == id);
        found.cloned().ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.data.iter().find(|(data, _)| *data == id);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        match index {
            0 => Some(self.typesetter.faces.body.clone()),
            1 => Some(self.typesetter.faces.bold.clone()),
            _ => None,
        }
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_with_slash().into())
}
