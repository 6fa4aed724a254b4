//! Reads a network's graph before the runtime sees it.
//!
//! Every value is a constant, or *rows*: one row of so many columns for each row of the batch. Inputs are rows, the
//! output is rows of one column, and each operator takes rows to rows ([`super::step`]) so that row *r* of what comes out
//! depends on row *r* of what goes in and on constants only. By induction, so does the score. The same walk adds up what
//! a row costs: operations, and numbers that are held.

use std::collections::HashMap;

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::type_proto::Value as TypeValue;
use tract_onnx::pb::{GraphProto, ModelProto, ValueInfoProto};

use super::constant::Constant;
use super::fault::GraphFault;
use super::step::{Step, step};
use crate::model::{ModelError, ModelLimits};

/// Operator sets whose operators mean what is written here. From 18 on, reductions take their axes elsewhere.
const OPERATOR_SETS: (i64, i64) = (13, 17);
/// Bytes of a number.
const NUMBER_BYTES: usize = size_of::<f32>();

/// What is known of a value before anything runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// The same for every row.
    Constant(Constant),
    /// A row of numbers for each row of the batch.
    Numbers(usize),
    /// A row of truth values for each row of the batch.
    Truths(usize),
}

impl Value {
    /// Its columns, where there is a row for each row of the batch.
    pub(super) fn columns(&self) -> Option<usize> {
        match self {
            Self::Constant(_) => None,
            Self::Numbers(columns) | Self::Truths(columns) => Some(*columns),
        }
    }
}

/// The widths of a network's inputs, once all of it is found to be such as may run in batches of so many rows.
pub(super) fn check(
    model: &ModelProto,
    columns: usize,
    batch_rows: usize,
    limits: &ModelLimits,
) -> Result<Vec<usize>, ModelError> {
    let graph = plain_graph(model)?;
    if graph.node.len() > limits.operators {
        return Err(ModelError::Operators(limits.operators));
    }
    let mut values = Values::default();
    for tensor in &graph.initializer {
        values.name(&tensor.name, Value::Constant(Constant::of(tensor)?))?;
    }
    let widths = inputs(graph, &mut values, columns)?;
    let (mut operations, mut held) = (0_u64, columns);
    for node in &graph.node {
        let Step { output, value, cost } = step(node, &values)?;
        operations = operations.saturating_add(cost);
        held = held.saturating_add(value.columns().unwrap_or(0));
        values.name(output, value)?;
    }
    let [output] = graph.output.as_slice() else {
        return Err(GraphFault::Output.into());
    };
    if values.0.get(output.name.as_str()) != Some(&Value::Numbers(1)) {
        return Err(GraphFault::Output.into());
    }
    if operations > limits.fuel_per_row {
        return Err(ModelError::Fuel(limits.fuel_per_row));
    }
    match held.saturating_mul(batch_rows).saturating_mul(NUMBER_BYTES) > limits.memory_bytes {
        true => Err(ModelError::Memory(limits.memory_bytes)),
        false => Ok(widths),
    }
}

/// The graph of a model that is nothing but its graph.
fn plain_graph(model: &ModelProto) -> Result<&GraphProto, GraphFault> {
    let (from, to) = OPERATOR_SETS;
    let fault = || GraphFault::Version(from, to);
    let graph = model.graph.as_ref().ok_or_else(fault)?;
    let main = |domain: &str| domain.is_empty() || domain == "ai.onnx";
    let sets = || model.opset_import.iter().filter(|set| main(&set.domain));
    let known = sets().count() == 1 && sets().all(|set| (from..=to).contains(&set.version));
    let plain = model.functions.is_empty() && model.training_info.is_empty() && graph.sparse_initializer.is_empty();
    if known && plain { Ok(graph) } else { Err(fault()) }
}

/// The inputs that are not constants: the declared columns, side by side.
fn inputs<'a>(graph: &'a GraphProto, values: &mut Values<'a>, columns: usize) -> Result<Vec<usize>, GraphFault> {
    let mut widths = Vec::new();
    // Older files list their constants among the inputs.
    let constants: Vec<bool> = graph
        .input
        .iter()
        .map(|input| values.0.contains_key(input.name.as_str()))
        .collect();
    let stated = graph.input.iter().zip(constants).filter(|(_, constant)| !constant);
    for (input, _) in stated {
        let width = width(input).ok_or(GraphFault::Columns(columns))?;
        values.name(&input.name, Value::Numbers(width))?;
        widths.push(width);
    }
    let all = widths.iter().try_fold(0_usize, |sum, width| sum.checked_add(*width));
    match all == Some(columns) {
        true => Ok(widths),
        false => Err(GraphFault::Columns(columns)),
    }
}

/// The columns of an input of floats: the second of its two dimensions.
fn width(input: &ValueInfoProto) -> Option<usize> {
    use tract_onnx::pb::tensor_shape_proto::dimension::Value as Dimension;
    let TypeValue::TensorType(tensor) = input.r#type.as_ref()?.value.as_ref()?;
    let [_, columns] = tensor.shape.as_ref()?.dim.as_slice() else {
        return None;
    };
    let Some(Dimension::DimValue(columns)) = columns.value else {
        return None;
    };
    let floats = tensor.elem_type == i32::from(DataType::Float);
    usize::try_from(columns).ok().filter(|columns| floats && *columns > 0)
}

/// The values that have a name so far.
#[derive(Default)]
pub(super) struct Values<'a>(HashMap<&'a str, Value>);

impl<'a> Values<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    fn name(&mut self, name: &'a str, value: Value) -> Result<(), GraphFault> {
        match name.is_empty() || self.0.insert(name, value).is_some() {
            true => Err(GraphFault::Name(name.to_owned())),
            false => Ok(()),
        }
    }
}
