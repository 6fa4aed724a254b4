//! Fields of a row, as RFC 4180 has them, one physical line at a time.

/// The fields of one row, one after the other in one text.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// The physical line where it begins.
    pub(crate) line: u64,
    /// The bytes as they came.
    pub(crate) raw: Vec<u8>,
    text: String,
    ends: Vec<usize>,
}

impl Record {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn field(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        self.text.get(start..end)
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.field(index))
    }

    /// Takes the fields out, keeping the line and the raw bytes.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn close(&mut self) {
        self.ends.push(self.text.len());
    }
}

/// Where a row stands after a physical line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It ended with the line.
    Complete,
    /// A quote is open: the row goes on.
    InQuotes,
    /// Text follows a closing quote.
    TextAfterQuote,
}

/// Splits rows at a delimiter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Splitter {
    pub(crate) delimiter: char,
    pub(crate) trim: bool,
}

impl Splitter {
    /// Begins a row with its first line.
    pub(crate) fn begin(&self, line: &str, record: &mut Record) -> State {
        record.clear();
        if line.contains('"') {
            return self.quoted(line, record);
        }
        for field in line.split(self.delimiter) {
            record.text.push_str(field);
            record.close();
        }
        State::Complete
    }

    /// Goes on with a row whose quote is open.
    pub(crate) fn resume(&self, line: &str, record: &mut Record) -> State {
        record.text.push('\n');
        match self.inside(line, record) {
            Ok(Some(rest)) => self.quoted(rest, record),
            Ok(None) => State::Complete,
            Err(state) => state,
        }
    }

    /// Splits from the beginning of a field on.
    fn quoted(&self, mut rest: &str, record: &mut Record) -> State {
        loop {
            let field = self.skip_space(rest);
            let next = match field.strip_prefix('"') {
                Some(inner) => match self.inside(inner, record) {
                    Ok(next) => next,
                    Err(state) => return state,
                },
                None => self.bare(rest, record),
            };
            match next {
                Some(after) => rest = after,
                None => return State::Complete,
            }
        }
    }

    /// Reads a value without quotes; gives what follows its delimiter.
    fn bare<'a>(&self, rest: &'a str, record: &mut Record) -> Option<&'a str> {
        let (value, after) = match rest.split_once(self.delimiter) {
            Some((value, after)) => (value, Some(after)),
            None => (rest, None),
        };
        record.text.push_str(value);
        record.close();
        after
    }

    /// Reads on inside quotes; gives what follows the delimiter after the closing quote.
    fn inside<'a>(&self, mut rest: &'a str, record: &mut Record) -> Result<Option<&'a str>, State> {
        loop {
            let Some((value, after)) = rest.split_once('"') else {
                record.text.push_str(rest);
                return Err(State::InQuotes);
            };
            record.text.push_str(value);
            match after.strip_prefix('"') {
                Some(more) => {
                    record.text.push('"');
                    rest = more;
                }
                None => return self.after_quote(after, record),
            }
        }
    }

    fn after_quote<'a>(&self, after: &'a str, record: &mut Record) -> Result<Option<&'a str>, State> {
        let after = self.skip_space(after);
        record.close();
        if after.is_empty() {
            return Ok(None);
        }
        after
            .strip_prefix(self.delimiter)
            .map(Some)
            .ok_or(State::TextAfterQuote)
    }

    /// Takes off white space that may stand between a delimiter and a quote.
    fn skip_space<'a>(&self, text: &'a str) -> &'a str {
        if self.trim {
            text.trim_start_matches(|c: char| c.is_whitespace() && c != self.delimiter)
        } else {
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(trim: bool, line: &str, fields: &[&str]) {
        let mut record = Record::default();
        let state = Splitter { delimiter: ',', trim }.begin(line, &mut record);
        assert_eq!(state, State::Complete, "{line}");
        assert_eq!(record.fields().collect::<Vec<_>>(), fields, "{line}");
    }

    #[test]
    fn fields_are_split() {
        check(false, "a,b,", &["a", "b", ""]);
        check(false, r#"a,"b,""c""",d"#, &["a", r#"b,"c""#, "d"]);
        check(false, r#"5" pipe,x"#, &[r#"5" pipe"#, "x"]);
        check(false, "\"\",\"\"", &["", ""]);
        check(false, "\"\"\",\"\"\"", &["\",\""]);
        check(false, r#"a,"""#, &["a", ""]);
        check(true, r#"a , "b" ,  c"#, &["a ", "b", "  c"]);
        check(false, "a, b", &["a", " b"]);
    }

    #[test]
    fn bad_quotes_are_told() {
        let splitter = Splitter {
            delimiter: ',',
            trim: false,
        };
        let mut record = Record::default();
        assert_eq!(splitter.begin(r#"a,"b"#, &mut record), State::InQuotes);
        assert_eq!(splitter.resume(r#"c",d"#, &mut record), State::Complete);
        assert_eq!(record.fields().collect::<Vec<_>>(), ["a", "b\nc", "d"]);
        assert_eq!(splitter.begin(r#""a"b,c"#, &mut record), State::TextAfterQuote);
    }
}
