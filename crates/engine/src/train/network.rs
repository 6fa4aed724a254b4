//! A fitted model as an ONNX file, of operators that the reader of files knows (`docs/spec/model-abi.md`).
//!
//! ```text
//! rows ─Sub(means)─► ─MatMul(coefficients / scales)─► ─Add(constant)─► [Sigmoid | Exp] ─► score
//! ```

use gongshu_governance::model::Algorithm;
use prost::Message;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::Dimension;
use tract_onnx::pb::tensor_shape_proto::dimension::Value as Length;
use tract_onnx::pb::type_proto::{Tensor, Value as TypeValue};
use tract_onnx::pb::{
    GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto, TypeProto, ValueInfoProto,
};

use super::fit::Fitted;
use super::rows::Table;

/// Version of ONNX's own format.
const FORMAT: i64 = 8;
/// The operator set.
const OPERATORS: i64 = 17;

/// The bytes of the file; the same for the same numbers.
pub(super) fn file(table: &Table, fitted: &Fitted, algorithm: Algorithm) -> Vec<u8> {
    let last = match algorithm {
        Algorithm::LinearRegression { .. } => None,
        Algorithm::LogisticRegression { .. } => Some("Sigmoid"),
        Algorithm::PoissonRegression { .. } => Some("Exp"),
    };
    let sum = if last.is_some() { "sum" } else { "score" };
    let mut nodes = vec![
        node("Sub", &["rows", "means"], "centred"),
        node("MatMul", &["centred", "coefficients"], "weighed"),
        node("Add", &["weighed", "constant"], sum),
    ];
    nodes.extend(last.map(|operator| node(operator, &["sum"], "score")));
    let width = table.means.len();
    let (constant, coefficients) = fitted.coefficients.split_at(fitted.coefficients.len().min(1));
    let scaled: Vec<f64> = coefficients
        .iter()
        .zip(&table.scales)
        .map(|(coefficient, scale)| coefficient / scale)
        .collect();
    let graph = GraphProto {
        name: "trained".to_owned(),
        node: nodes,
        initializer: vec![
            floats("means", [1, width], &table.means),
            floats("coefficients", [width, 1], &scaled),
            floats("constant", [1, 1], constant),
        ],
        input: vec![value("rows", width)],
        output: vec![value("score", 1)],
        ..GraphProto::default()
    };
    let model = ModelProto {
        ir_version: FORMAT,
        opset_import: vec![OperatorSetIdProto {
            domain: String::new(),
            version: OPERATORS,
        }],
        graph: Some(graph),
        ..ModelProto::default()
    };
    model.encode_to_vec()
}

fn node(operator: &str, inputs: &[&str], output: &str) -> NodeProto {
    NodeProto {
        op_type: operator.to_owned(),
        input: inputs.iter().map(|&input| input.to_owned()).collect(),
        output: vec![output.to_owned()],
        ..NodeProto::default()
    }
}

// The runtime computes with single precision.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is too large becomes infinite, and such a model is refused"
)]
fn floats(name: &str, dims: [usize; 2], values: &[f64]) -> TensorProto {
    let bytes = values.iter().flat_map(|value| (*value as f32).to_le_bytes());
    TensorProto {
        name: name.to_owned(),
        dims: dims.iter().map(|&length| length_of(length)).collect(),
        data_type: DataType::Float.into(),
        raw_data: bytes.collect(),
        ..TensorProto::default()
    }
}

/// What goes in or comes out: a row of so many numbers for each row of a batch.
fn value(name: &str, columns: usize) -> ValueInfoProto {
    let dimension = |value| Dimension {
        value: Some(value),
        ..Dimension::default()
    };
    let shape = TensorShapeProto {
        dim: vec![
            dimension(Length::DimParam("rows".to_owned())),
            dimension(Length::DimValue(length_of(columns))),
        ],
    };
    let tensor = Tensor {
        elem_type: DataType::Float.into(),
        shape: Some(shape),
    };
    ValueInfoProto {
        name: name.to_owned(),
        r#type: Some(TypeProto {
            value: Some(TypeValue::TensorType(tensor)),
            ..TypeProto::default()
        }),
        ..ValueInfoProto::default()
    }
}

fn length_of(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
