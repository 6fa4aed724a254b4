//! Numbers, texts, days and instants as bytes: numbers in groups of seven bits, texts after their length.

use jiff::Timestamp;
use jiff::civil::Date;

/// Writes.
#[derive(Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    pub(super) fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(super) fn day(&mut self, day: Date) {
        self.0.extend_from_slice(&day.year().to_le_bytes());
        self.0.extend_from_slice(&day.month().to_le_bytes());
        self.0.extend_from_slice(&day.day().to_le_bytes());
    }

    pub(super) fn instant(&mut self, instant: Timestamp) {
        self.0.extend_from_slice(&instant.as_nanosecond().to_le_bytes());
    }
}

/// Reads what a [`Writer`] wrote; `None` where the bytes are not that.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = *self.0.split_off_first()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// How many follow: each is a byte at least, so that a wrong count cannot ask for more memory than there are bytes.
    pub(super) fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.0.len()).then_some(count)
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        self.0.split_off(..length)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.0.split_off(..N)?.try_into().ok()
    }

    pub(super) fn day(&mut self) -> Option<Date> {
        let year = i16::from_le_bytes(self.array()?);
        let [month, day] = self.array()?.map(|byte: u8| byte.cast_signed());
        Date::new(year, month, day).ok()
    }

    pub(super) fn instant(&mut self) -> Option<Timestamp> {
        Timestamp::from_nanosecond(i128::from_le_bytes(self.array()?)).ok()
    }

    pub(super) fn flag(&mut self) -> Option<u8> {
        self.0.split_off_first().copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(number: u64, text: String, second in -10_000_000_000_i64..10_000_000_000, nanos in 0..1_000_000_000) {
            let instant = Timestamp::new(second, 0).unwrap() + jiff::Span::new().nanoseconds(i64::from(nanos));
            let day = crate::calendar::day_of(instant);
            let mut writer = Writer::default();
            writer.number(number);
            writer.text(&text);
            writer.instant(instant);
            writer.day(day);
            let mut reader = Reader(&writer.0);
            prop_assert_eq!(reader.number(), Some(number));
            prop_assert_eq!(reader.text(), Some(text.as_str()));
            prop_assert_eq!(reader.instant(), Some(instant));
            prop_assert_eq!(reader.day(), Some(day));
            prop_assert!(reader.0.is_empty());
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let mut reader = Reader(&bytes);
            while reader.text().is_some() {}
            let mut reader = Reader(&bytes);
            while reader.number().is_some() {}
        }
    }
}
