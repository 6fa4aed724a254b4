//! Constants: the numbers that a network's file holds.

use tract_onnx::pb::TensorProto;
use tract_onnx::pb::tensor_proto::DataType;

use super::fault::GraphFault;

/// Most dimensions of a constant: a table.
const RANK_MAX: usize = 2;

/// A list or table of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Constant {
    pub(super) dims: Vec<usize>,
    pub(super) numbers: Numbers,
}

/// What stands in it, as far as it is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Weights.
    Floats,
    /// Places and axes.
    Whole(Vec<i64>),
}

impl Constant {
    pub(super) fn of(tensor: &TensorProto) -> Result<Self, GraphFault> {
        read(tensor).ok_or_else(|| GraphFault::Constant(tensor.name.clone()))
    }

    /// The number of columns where every row of a batch is given the same: a number, a list, or a table of one row.
    pub(super) fn columns_for_each_row(&self) -> Option<usize> {
        match self.dims.as_slice() {
            [] => Some(1),
            [columns] | [1, columns] => Some(*columns),
            _ => None,
        }
    }
}

fn read(tensor: &TensorProto) -> Option<Constant> {
    // Data beside the file would be read from the server's disk.
    let inside = tensor.data_location.unwrap_or(0) == 0 && tensor.external_data.is_empty() && tensor.segment.is_none();
    let dims: Option<Vec<usize>> = tensor.dims.iter().map(|dim| usize::try_from(*dim).ok()).collect();
    let dims = dims.filter(|dims| inside && dims.len() <= RANK_MAX && !dims.contains(&0))?;
    let raw = &tensor.raw_data;
    let (numbers, len) = match DataType::try_from(tensor.data_type).ok()? {
        DataType::Float => (Numbers::Floats, one_of(raw.len(), 4, tensor.float_data.len())?),
        DataType::Int64 => {
            let len = one_of(raw.len(), 8, tensor.int64_data.len())?;
            let packed = raw.as_chunks().0.iter().map(|bytes| i64::from_le_bytes(*bytes));
            (
                Numbers::Whole(tensor.int64_data.iter().copied().chain(packed).collect()),
                len,
            )
        }
        _ => return None,
    };
    let stated = dims.iter().try_fold(1_usize, |product, dim| product.checked_mul(*dim));
    (stated == Some(len)).then_some(Constant { dims, numbers })
}

/// How many numbers there are, where they stand in one of the two places.
fn one_of(raw_bytes: usize, width: usize, listed: usize) -> Option<usize> {
    match (raw_bytes, listed) {
        (0, listed) => Some(listed),
        (bytes, 0) if bytes.is_multiple_of(width) => Some(bytes / width),
        _ => None,
    }
}
