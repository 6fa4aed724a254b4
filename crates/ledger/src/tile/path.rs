//! C2SP paths, both ways: `tile/0/x001/x234/067`, `tile/entries/000.p/5`.

use super::{TILE_WIDTH, Tile, TileKind};
use crate::text::from_decimal;
use std::fmt;
use thiserror::Error;

/// A path that names no tile.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{path}` is not the path of a tile")]
pub struct TilePathError {
    path: String,
}

impl TilePathError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "tile.path"
    }
}

impl Tile {
    /// The path of the tile below the log's prefix.
    #[must_use]
    pub fn path(&self) -> String {
        self.to_string()
    }

    /// Reads the one spelling that [`path`](Self::path) gives.
    pub fn from_path(path: &str) -> Result<Self, TilePathError> {
        parse(path).ok_or_else(|| TilePathError {
            path: path.chars().take(100).collect(),
        })
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Entries => write!(f, "tile/entries/")?,
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        write_index(f, self.index)?;
        if self.is_full() {
            Ok(())
        } else {
            write!(f, ".p/{}", self.width)
        }
    }
}

/// Three digits a folder, an `x` before every one but the last.
fn write_index(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    let digits = index.to_string();
    let padded = format!("{digits:0>width$}", width = digits.len().div_ceil(3) * 3);
    let groups = padded.len() / 3;
    for (place, digit) in padded.chars().enumerate() {
        if place % 3 == 0 && place / 3 + 1 < groups {
            f.write_str("x")?;
        }
        write!(f, "{digit}")?;
        if place % 3 == 2 && place / 3 + 1 < groups {
            f.write_str("/")?;
        }
    }
    Ok(())
}

fn parse(path: &str) -> Option<Tile> {
    let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let kind = match kind {
        "entries" => TileKind::Entries,
        level => TileKind::Hashes(u8::try_from(from_decimal(level)?).ok()?),
    };
    let (index, width) = match rest.split_once(".p/") {
        None => (rest, TILE_WIDTH as u64),
        Some((index, width)) => (index, from_decimal(width).filter(|width| *width < TILE_WIDTH as u64)?),
    };
    Tile::new(kind, parse_index(index)?, u16::try_from(width).ok()?)
}

fn parse_index(text: &str) -> Option<u64> {
    let Some((folders, last)) = text.rsplit_once('/') else {
        return push_group(0, text);
    };
    let mut index = 0;
    for folder in folders.split('/') {
        index = push_group(index, folder.strip_prefix('x')?)?;
        // A leading group of zeroes would be a second spelling of the same index.
        if index == 0 {
            return None;
        }
    }
    push_group(index, last)
}

fn push_group(index: u64, group: &str) -> Option<u64> {
    let three_digits = group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let value: u64 = three_digits.then(|| group.parse().ok())??;
    index.checked_mul(1000)?.checked_add(value)
}
