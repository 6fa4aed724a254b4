//! Rows out of lines. A row that cannot be made of its lines is given back as its first line alone, and
//! reading goes on with the second, so that one open quote does not swallow the rows after it.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use super::decode::{Malformed, begins_with_utf8_mark, decode};
use super::fault::{Fault, Located};
use super::lines::{Line, Lines};
use super::split::{Record, Splitter, State};
use crate::spec::Encoding;

/// What came next in a source.
#[derive(Debug)]
pub(crate) enum Next {
    /// A row, in the record.
    Row,
    /// Lines that are not a row; the record has the raw bytes of the first.
    Bad(Located),
    /// The end.
    End,
}

/// The rows of a source.
pub(crate) struct Records<R> {
    lines: Lines<R>,
    pending: VecDeque<Line>,
    current: Line,
    encoding: Encoding,
    splitter: Splitter,
    line_bytes_max: u64,
    blank: u64,
    marked: bool,
}

impl<R: BufRead> Records<R> {
    pub(crate) fn new(reader: R, encoding: Encoding, splitter: Splitter, line_bytes_max: u64) -> Self {
        Self {
            lines: Lines::new(reader, line_bytes_max),
            pending: VecDeque::new(),
            current: Line::default(),
            encoding,
            splitter,
            line_bytes_max,
            blank: 0,
            marked: false,
        }
    }

    /// Blank lines so far.
    pub(crate) fn blank_lines(&self) -> u64 {
        self.blank
    }

    /// Whether the source began with the byte order mark of UTF-8.
    pub(crate) fn has_utf8_mark(&self) -> bool {
        self.marked
    }

    /// Reads the next row into `record`.
    pub(crate) fn next(&mut self, record: &mut Record) -> io::Result<Next> {
        if !self.advance_past_blanks()? {
            return Ok(Next::End);
        }
        record.clear();
        record.line = self.current.number;
        record.raw.clone_from(&self.current.bytes);
        if self.current.too_long {
            let fault = Fault::TooLong {
                bytes_max: self.line_bytes_max,
            };
            return Ok(Next::Bad(Located {
                line: record.line,
                column: 1,
                fault,
            }));
        }
        let state = match decode(self.encoding, &self.current.bytes) {
            Ok(text) => self.splitter.begin(&text, record),
            Err(malformed) => return Ok(Next::Bad(self.locate(&malformed, record.line))),
        };
        match state {
            State::Complete => Ok(Next::Row),
            State::TextAfterQuote => Ok(bad(record, Fault::TextAfterQuote)),
            State::InQuotes => self.finish_quoted(record),
        }
    }

    /// Moves to the next line that is not blank; false at the end.
    fn advance_past_blanks(&mut self) -> io::Result<bool> {
        while self.advance()? {
            if self.current.bytes.is_empty() && !self.current.too_long {
                self.blank += 1;
            } else {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn advance(&mut self) -> io::Result<bool> {
        if let Some(line) = self.pending.pop_front() {
            self.current = line;
            return Ok(true);
        }
        let more = self.lines.read(&mut self.current)?;
        if more && self.current.number == 1 && begins_with_utf8_mark(&self.current.bytes) {
            self.marked = true;
            self.current.bytes.drain(..3);
        }
        Ok(more)
    }

    /// Adds lines to a row until its quote closes, or puts them back.
    fn finish_quoted(&mut self, record: &mut Record) -> io::Result<Next> {
        let first = record.raw.len();
        let mut consumed = Vec::new();
        let outcome = loop {
            if record.raw.len() as u64 > self.line_bytes_max || !self.advance()? {
                break Err(Fault::OpenQuote);
            }
            let line = std::mem::take(&mut self.current);
            let state = self.resume(&line, record);
            consumed.push(line);
            match state {
                Ok(State::InQuotes) => {}
                Ok(State::Complete) => break Ok(()),
                Ok(State::TextAfterQuote) => break Err(Fault::TextAfterQuote),
                Err(()) => break Err(Fault::OpenQuote),
            }
        };
        let Err(fault) = outcome else {
            return Ok(Next::Row);
        };
        record.raw.truncate(first);
        consumed
            .into_iter()
            .rev()
            .for_each(|line| self.pending.push_front(line));
        Ok(bad(record, fault))
    }

    fn resume(&self, line: &Line, record: &mut Record) -> Result<State, ()> {
        if line.too_long {
            return Err(());
        }
        record.raw.push(b'\n');
        record.raw.extend_from_slice(&line.bytes);
        let text = decode(self.encoding, &line.bytes).map_err(|_| ())?;
        Ok(self.splitter.resume(&text, record))
    }

    /// Says in which field a malformed byte is, by splitting the text before it.
    fn locate(&self, malformed: &Malformed, line: u64) -> Located {
        let mut before = Record::default();
        let open = self.splitter.begin(&malformed.before, &mut before) == State::InQuotes;
        let column = count(before.len() + usize::from(open));
        let character = malformed.before.chars().count() as u64 + 1;
        Located {
            line,
            column,
            fault: Fault::Malformed {
                character,
                byte: malformed.byte,
            },
        }
    }
}

/// A fault in the field after the last one that was complete.
fn bad(record: &Record, fault: Fault) -> Next {
    let column = match fault {
        Fault::TextAfterQuote => count(record.len()),
        Fault::OpenQuote | Fault::TooLong { .. } | Fault::Malformed { .. } => count(record.len() + 1),
    };
    Next::Bad(Located {
        line: record.line,
        column,
        fault,
    })
}

fn count(fields: usize) -> u32 {
    u32::try_from(fields.max(1)).unwrap_or(u32::MAX)
}
