//! Frames: a batch of columns as a model finds it in its memory (`docs/spec/model-abi.md`).

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type};
use datafusion::error::Result;

/// Bytes of a column's entry in the head.
const ENTRY_BYTES: usize = 16;
/// Everything starts at a multiple of this.
const ALIGNMENT: usize = 8;

/// Where the parts of a frame lie, counted from its start.
#[derive(Debug)]
pub(super) struct Frame {
    columns: Vec<(Column, usize, usize)>,
    pub(super) rows: usize,
    pub(super) scores: usize,
    pub(super) present: usize,
    pub(super) bytes: usize,
}

/// A column as a model reads it.
#[derive(Debug)]
struct Column {
    code: u32,
    values: ArrayRef,
}

/// Whether a model can take columns of this type.
pub(super) fn takes(data_type: &DataType) -> bool {
    code(data_type).is_some()
}

/// The number by which a model tells the type, and the type that its values are handed over in.
fn code(data_type: &DataType) -> Option<(u32, DataType)> {
    match data_type {
        DataType::Int64 => Some((1, DataType::Int64)),
        DataType::Float64 | DataType::Decimal128(..) => Some((2, DataType::Float64)),
        DataType::Date32 => Some((3, DataType::Date32)),
        _ => None,
    }
}

impl Frame {
    /// The layout of these columns, which have as many rows each.
    pub(super) fn of(arrays: &[ArrayRef], rows: usize) -> Result<Self> {
        let mut end = arrays.len() * ENTRY_BYTES;
        let mut place = |bytes: usize| {
            let start = end;
            end = (start + bytes).next_multiple_of(ALIGNMENT);
            start
        };
        let mut columns = Vec::with_capacity(arrays.len());
        for array in arrays {
            let Some((code, handed)) = code(array.data_type()) else {
                return datafusion::common::exec_err!("a model cannot take a column of this type");
            };
            let values = cast(array, &handed)?;
            let width = handed.primitive_width().unwrap_or(ALIGNMENT);
            let (at, valid) = (place(rows * width), place(rows.div_ceil(8)));
            columns.push((Column { code, values }, at, valid));
        }
        let (scores, present) = (place(rows * 8), place(rows.div_ceil(8)));
        Ok(Self {
            columns,
            rows,
            scores,
            present,
            bytes: end,
        })
    }

    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The bytes of the frame where it starts at `base`.
    pub(super) fn write(&self, base: u32) -> Vec<u8> {
        let mut bytes = vec![0; self.bytes];
        let address = |offset: usize| base.wrapping_add(u32::try_from(offset).unwrap_or(u32::MAX));
        for (index, (column, at, valid)) in self.columns.iter().enumerate() {
            let entry = [address(*at), address(*valid), column.code, 0];
            let head = entry.iter().flat_map(|number| number.to_le_bytes());
            fill(&mut bytes, index * ENTRY_BYTES, head);
            for row in (0..self.rows).filter(|row| column.values.is_valid(*row)) {
                bytes
                    .iter_mut()
                    .skip(valid + row / 8)
                    .take(1)
                    .for_each(|byte| *byte |= 1 << (row % 8));
            }
            column.fill(&mut bytes, *at);
        }
        bytes
    }
}

impl Column {
    /// Writes the values; those that are missing as 0, whatever lies below their mark.
    fn fill(&self, bytes: &mut [u8], at: usize) {
        let rows = 0..self.values.len();
        let values = &self.values;
        let present = |row: usize| values.is_valid(row);
        match self.code {
            1 => {
                let values = values.as_primitive::<Int64Type>();
                let value = |row| if present(row) { values.value(row) } else { 0 };
                fill(bytes, at, rows.flat_map(|row| value(row).to_le_bytes()));
            }
            2 => {
                let values = values.as_primitive::<Float64Type>();
                let value = |row| if present(row) { values.value(row) } else { 0.0 };
                fill(bytes, at, rows.flat_map(|row| value(row).to_le_bytes()));
            }
            _ => {
                let values = values.as_primitive::<Date32Type>();
                let value = |row| if present(row) { values.value(row) } else { 0 };
                fill(bytes, at, rows.flat_map(|row| value(row).to_le_bytes()));
            }
        }
    }
}

fn fill(bytes: &mut [u8], at: usize, with: impl IntoIterator<Item = u8>) {
    for (byte, new) in bytes.iter_mut().skip(at).zip(with) {
        *byte = new;
    }
}

/// The scores that a model left: a value where its mark is set, else none.
pub(super) fn scores(values: &[u8], present: &[u8]) -> Float64Array {
    let score = |(row, bytes): (usize, &[u8])| {
        let bytes: [u8; 8] = bytes.try_into().ok()?;
        let marked = present.get(row / 8)? >> (row % 8) & 1 == 1;
        marked.then(|| f64::from_le_bytes(bytes))
    };
    values.chunks_exact(8).enumerate().map(score).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{Date32Array, Decimal128Array, Int64Array, StringArray};

    use super::*;

    #[test]
    fn a_frame_lies_as_the_specification_draws_it() {
        let whole: ArrayRef = Arc::new(Int64Array::from(vec![Some(7), None, Some(-1)]));
        let days: ArrayRef = Arc::new(Date32Array::from(vec![1, 2, 3]));
        let frame = Frame::of(&[whole, days], 3).unwrap();
        let bytes = frame.write(1_000);
        // Head 0..32, values 32..56, marks 56, days 64..76, marks 80, scores 88..112, marks 112.
        assert_eq!((frame.scores, frame.present, frame.bytes), (88, 112, 120));
        let entry = [1_032_u32, 1_056, 1, 0].map(u32::to_le_bytes).concat();
        assert_eq!(&bytes[..16], &entry[..]);
        let entry = [1_064_u32, 1_080, 3, 0].map(u32::to_le_bytes).concat();
        assert_eq!(&bytes[16..32], &entry[..]);
        assert_eq!(&bytes[32..56], [7_i64, 0, -1].map(i64::to_le_bytes).concat());
        assert_eq!((bytes[56], bytes[80]), (0b101, 0b111));
        assert_eq!(&bytes[64..76], [1_i32, 2, 3].map(i32::to_le_bytes).concat());
        assert!(bytes[88..].iter().all(|byte| *byte == 0));
    }

    #[test]
    fn decimals_are_numbers_and_texts_are_not() {
        let money = Decimal128Array::from(vec![150])
            .with_precision_and_scale(38, 2)
            .unwrap();
        let frame = Frame::of(&[Arc::new(money)], 1).unwrap();
        assert_eq!(&frame.write(0)[16..24], 1.5_f64.to_le_bytes());
        assert!(Frame::of(&[Arc::new(StringArray::from(vec!["a"]))], 1).is_err());
    }

    #[test]
    fn a_score_without_its_mark_is_none() {
        let values = [1.0_f64, 2.0].map(f64::to_le_bytes).concat();
        assert_eq!(scores(&values, &[0b10]), Float64Array::from(vec![None, Some(2.0)]));
    }
}
