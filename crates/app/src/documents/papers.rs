//! The typesetter of a district: opened when the first document is asked for, one document at a time.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use gongshu_document::{DocumentError, Paper, Typesetter};
use gongshu_governance::Text;
use quick_cache::sync::Cache;
use tokio::sync::Mutex;

use super::sha256;
use crate::district::District;
use crate::error::AppError;

/// Documents that are kept in memory: whoever asks again, the public included, costs no typesetting.
const REMEMBERED_MAX: usize = 64;

/// Fonts, typesetter, and what was typeset lately.
pub(crate) struct Papers {
    fonts: OnceLock<PathBuf>,
    typesetter: Mutex<Option<Arc<Typesetter>>>,
    lately: Cache<String, Arc<Vec<u8>>>,
}

impl Default for Papers {
    fn default() -> Self {
        Self {
            fonts: OnceLock::new(),
            typesetter: Mutex::default(),
            lately: Cache::new(REMEMBERED_MAX),
        }
    }
}

impl District {
    /// Says in which folder the fonts of documents are. A second time changes nothing.
    pub fn set_fonts(&self, folder: PathBuf) {
        // What is there already goes on.
        let _ = self.0.papers.fonts.set(folder);
    }

    /// The paper as PDF.
    pub(super) async fn typeset(&self, paper: Paper) -> Result<Vec<u8>, AppError> {
        let papers = &self.0.papers;
        let key = sha256(&serde_json::to_vec(&paper).map_err(AppError::internal)?);
        if let Some(pdf) = papers.lately.get(&key) {
            return Ok((*pdf).clone());
        }
        // Held while it works, so that one document is set at a time.
        let mut typesetter = papers.typesetter.lock().await;
        let (open, fonts) = (typesetter.clone(), papers.fonts.get().cloned());
        let work = move || -> Result<_, DocumentError> {
            let typesetter = match open {
                Some(typesetter) => typesetter,
                None => Arc::new(Typesetter::open(fonts.as_deref())?),
            };
            Ok((typesetter.pdf(&paper)?, typesetter))
        };
        let done = tokio::task::spawn_blocking(work).await.map_err(AppError::internal)?;
        let (pdf, opened) = done?;
        *typesetter = Some(opened);
        papers.lately.insert(key, Arc::new(pdf.clone()));
        Ok(pdf)
    }
}

impl From<DocumentError> for AppError {
    fn from(error: DocumentError) -> Self {
        match &error {
            DocumentError::NoChineseFont(_) => Self::Fonts(Text::new(
                "服务器没有中文字体，无法排版文件；请安装（Debian：fonts-noto-cjk），或用 GONGSHU_FONTS 指定字体目录",
                error.to_string(),
            )),
            DocumentError::Template(_) => Self::internal(error),
        }
    }
}
