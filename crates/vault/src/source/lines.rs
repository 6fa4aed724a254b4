//! Physical lines. A line feed byte is never part of another character in UTF-8 or GB 18030, so lines can
//! be cut before they are decoded, and a broken character cannot reach into the next line.

use std::io::{self, BufRead, Read};

/// A physical line without its end.
#[derive(Debug, Default)]
pub(crate) struct Line {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// Its bytes; only the first ones if it is too long.
    pub(crate) bytes: Vec<u8>,
    /// Whether it was longer than allowed.
    pub(crate) too_long: bool,
}

/// Cuts a source into lines.
pub(crate) struct Lines<R> {
    reader: R,
    count: u64,
    line_bytes_max: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(reader: R, line_bytes_max: u64) -> Self {
        Self {
            reader,
            count: 0,
            line_bytes_max,
        }
    }

    /// Reads the next line into `line`; false at the end.
    pub(crate) fn read(&mut self, line: &mut Line) -> io::Result<bool> {
        line.bytes.clear();
        line.too_long = false;
        // One more byte than allowed, for the line feed.
        let window = self.line_bytes_max.saturating_add(1);
        let count = self.reader.by_ref().take(window).read_until(b'\n', &mut line.bytes)?;
        if count == 0 {
            return Ok(false);
        }
        self.count += 1;
        line.number = self.count;
        if line.bytes.pop_if(|byte| *byte == b'\n').is_some() {
            line.bytes.pop_if(|byte| *byte == b'\r');
        } else if count as u64 == window {
            line.too_long = true;
            self.reader.skip_until(b'\n')?;
        }
        Ok(true)
    }
}
