//! Why there is no document.

use std::path::PathBuf;

use thiserror::Error;

/// Why a document could not be typeset.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DocumentError {
    /// No font on this machine has the characters.
    #[error(
        "no font with Chinese characters is in {}; install one (Debian: fonts-noto-cjk), or name its folder with GONGSHU_FONTS",
        folders(.0)
    )]
    NoChineseFont(Vec<PathBuf>),
    /// The template does not fit the paper.
    #[error("the document cannot be typeset: {0}")]
    Template(String),
}

impl DocumentError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoChineseFont(_) => "document.font",
            Self::Template(_) => "document.template",
        }
    }
}

fn folders(all: &[PathBuf]) -> String {
    let all: Vec<String> = all.iter().map(|folder| folder.display().to_string()).collect();
    all.join(", ")
}
