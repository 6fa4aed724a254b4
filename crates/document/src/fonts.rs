//! Which fonts of a machine documents are set in: one for running text, one for headings, both with Chinese characters.

use std::fs;
use std::path::{Path, PathBuf};

use typst::foundations::Bytes;
use typst::text::{Font, FontStyle, FontWeight};

use crate::DocumentError;

/// Where systems keep fonts.
const USUAL: [&str; 3] = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts"];
/// Families for running text (宋体 and its like), the best first.
const BODY: [&str; 7] = [
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Noto Serif SC",
    "FandolSong",
    "SimSun",
    "AR PL UMing CN",
];
/// Families for headings (黑体 and its like), the best first.
const BOLD: [&str; 7] = [
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "FandolHei",
    "SimHei",
    "WenQuanYi Zen Hei",
];
/// Parts of the names of files that may hold one of them, so that not every font of a machine is read.
const FILE_NAMES: [&str; 9] = [
    "cjk",
    "sourcehan",
    "notoserifsc",
    "notosanssc",
    "fandol",
    "simsun",
    "simhei",
    "uming",
    "wqy",
];
const EXTENSIONS: [&str; 4] = ["ttf", "ttc", "otf", "otc"];
/// Characters that a font must have to be used at all.
const NEEDED: &str = "公共数据资源授权运营协议登记证，。、《》“”—";
/// How deep folders of fonts are looked into.
const DEPTH_MAX: usize = 6;

/// The two fonts.
pub(crate) struct Faces {
    pub(crate) body: Font,
    pub(crate) bold: Font,
}

impl Faces {
    /// The best fonts in these folders, or where systems keep them.
    pub(crate) fn find(folder: Option<&Path>) -> Result<Self, DocumentError> {
        let folders: Vec<PathBuf> = match folder {
            Some(folder) => vec![folder.to_owned()],
            None => USUAL.map(PathBuf::from).to_vec(),
        };
        let mut files = Vec::new();
        for folder in &folders {
            font_files(folder, DEPTH_MAX, &mut files);
        }
        // The order of a folder is chance.
        files.sort();
        let (mut body, mut bold) = (Best::default(), Best::default());
        for file in files {
            for font in fonts_of(&file) {
                body.offer(&BODY, FontWeight::REGULAR, &font);
                bold.offer(&BOLD, FontWeight::BOLD, &font);
            }
        }
        let missing = || DocumentError::NoChineseFont(folders);
        let (body, bold) = (body.font, bold.font);
        match (body.clone().or_else(|| bold.clone()), bold.or(body)) {
            (Some(body), Some(bold)) => Ok(Self { body, bold }),
            _ => Err(missing()),
        }
    }
}

/// The best font so far: of the family that comes first, of the weight that comes nearest.
#[derive(Default)]
struct Best {
    font: Option<Font>,
    rank: (usize, u16),
}

impl Best {
    fn offer(&mut self, families: &[&str], weight: FontWeight, font: &Font) {
        let info = font.info();
        let Some(family) = families.iter().position(|name| *name == info.family) else {
            return;
        };
        let rank = (family, info.variant.weight.distance(weight));
        if self.font.is_none() || rank < self.rank {
            self.font = Some(font.clone());
            self.rank = rank;
        }
    }
}

fn fonts_of(file: &Path) -> Vec<Font> {
    let Ok(bytes) = fs::read(file) else {
        return Vec::new();
    };
    let upright = |font: &Font| font.info().variant.style == FontStyle::Normal;
    let chinese = |font: &Font| NEEDED.chars().all(|c| font.info().coverage.contains(u32::from(c)));
    Font::iter(Bytes::new(bytes))
        .filter(|font| upright(font) && chinese(font))
        .collect()
}

fn font_files(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && depth > 0 {
            font_files(&path, depth - 1, found);
        } else if may_hold_one(&path) {
            found.push(path);
        }
    }
}

fn may_hold_one(path: &Path) -> bool {
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().to_lowercase());
    let name = name.replace(['-', '_', ' '], "");
    EXTENSIONS
        .iter()
        .any(|extension| name.ends_with(&format!(".{extension}")))
        && FILE_NAMES.iter().any(|part| name.contains(part))
}
