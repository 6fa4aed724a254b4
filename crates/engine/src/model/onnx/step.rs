//! One operator: what comes out of it, and what that costs.

use tract_onnx::pb::NodeProto;

use super::attribute::Attributes;
use super::constant::Constant;
use super::fault::GraphFault;
use super::graph::{Value, Values};
use super::inputs::Inputs;
use super::operator::Operator;

/// Where operators come from; the first is the usual one, left out.
const DOMAINS: [&str; 3] = ["", "ai.onnx", "ai.onnx.ml"];

/// What one operator gives.
pub(super) struct Step<'a> {
    pub(super) output: &'a str,
    pub(super) value: Value,
    /// Operations a row.
    pub(super) cost: u64,
}

/// Looks at one operator.
pub(super) fn step<'a>(node: &'a NodeProto, values: &Values<'_>) -> Result<Step<'a>, GraphFault> {
    // The runtime looks at the name alone, so an operator of another domain would be taken for one of these.
    let ours = DOMAINS.contains(&node.domain.as_str());
    let known = Operator::named(&node.op_type).filter(|_| ours);
    let (operator, attributes) = known.ok_or_else(|| GraphFault::Operator(node.op_type.clone()))?;
    let attributes = Attributes::of(node, attributes)?;
    let [output] = node.output.as_slice() else {
        return Err(misfit(node));
    };
    let inputs = Inputs::of(node, values)?;
    let value = value(operator, &inputs, &attributes)?;
    let columns = value.columns().unwrap_or(0);
    let each = match operator {
        // A product adds up a column of its table for each of its own columns.
        Operator::Product | Operator::Affine | Operator::Linear | Operator::Reduce => inputs.columns(0)?,
        _ => inputs.count().max(1),
    };
    let cost = u64::try_from(columns.saturating_mul(each)).unwrap_or(u64::MAX);
    Ok(Step { output, value, cost })
}

fn value(operator: Operator, inputs: &Inputs<'_>, attributes: &Attributes<'_>) -> Result<Value, GraphFault> {
    match operator {
        Operator::Each => inputs.counted(1)?.numbers(0).map(Value::Numbers),
        Operator::Together => inputs.counted(2)?.together(0).map(Value::Numbers),
        Operator::Compare => inputs.counted(2)?.together(0).map(Value::Truths),
        Operator::Choose => inputs.counted(3)?.choose().map(Value::Numbers),
        Operator::Cast => inputs.counted(1)?.cast(attributes).map(Value::Numbers),
        Operator::Clip => inputs.clip().map(Value::Numbers),
        Operator::Product => inputs.counted(2)?.product(false).map(Value::Numbers),
        Operator::Affine => inputs.affine(attributes).map(Value::Numbers),
        Operator::Linear => inputs.counted(1)?.linear(attributes).map(Value::Numbers),
        Operator::Reduce => inputs.counted(1)?.reduce(attributes).map(Value::Numbers),
        Operator::Concat => inputs.concat(attributes).map(Value::Numbers),
        Operator::Pick => inputs.counted(2)?.pick(attributes).map(Value::Numbers),
        Operator::Constant => {
            let tensor = attributes.tensor("value")?.ok_or_else(|| attributes.refused("value"))?;
            inputs.counted(0)?;
            Ok(Value::Constant(Constant::of(tensor)?))
        }
    }
}

pub(super) fn misfit(node: &NodeProto) -> GraphFault {
    GraphFault::Input(named(node))
}

/// An operator as people find it in their file.
pub(super) fn named(node: &NodeProto) -> String {
    match node.name.as_str() {
        "" => node.op_type.clone(),
        name => format!("{} ({name})", node.op_type),
    }
}
