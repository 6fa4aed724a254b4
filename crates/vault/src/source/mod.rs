//! From the bytes of a source to the fields of its rows: count, hash, decompress, cut into lines, decode,
//! split. Every physical line ends up in exactly one row or is counted as blank.

mod decode;
mod fault;
mod input;
mod lines;
mod records;
mod split;

pub(crate) use fault::{Fault, Located};
pub(crate) use input::{Hashed, InputError, classify, open};
pub(crate) use records::{Next, Records};
pub(crate) use split::{Record, Splitter};
