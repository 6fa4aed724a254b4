//! Writes small ONNX models: protocol buffers, field by field as `onnx.proto3` numbers them.
#![allow(
    clippy::allow_attributes,
    dead_code,
    reason = "each test that includes this writes what it needs"
)]

/// ONNX's numbers for types of tensors.
const FLOAT: i64 = 1;
const INT64: i64 = 7;

/// A model of the operator set 17 whose output is `score`, with inputs of so many columns.
pub fn model(inputs: &[(&str, i64)], nodes: &[Vec<u8>], constants: &[Vec<u8>]) -> Vec<u8> {
    model_of(17, inputs, nodes, constants)
}

/// The same of another operator set.
pub fn model_of(set: i64, inputs: &[(&str, i64)], nodes: &[Vec<u8>], constants: &[Vec<u8>]) -> Vec<u8> {
    let nodes = nodes.iter().map(|node| part(1, node));
    let constants = constants.iter().map(|tensor| part(5, tensor));
    let inputs = inputs.iter().map(|(name, columns)| part(11, &value(name, *columns)));
    let output = [part(12, &value("score", 1))];
    let graph: Vec<u8> = nodes
        .chain([part(2, b"scores")])
        .chain(constants)
        .chain(inputs)
        .chain(output)
        .flatten()
        .collect();
    // The operators of machine learning (`LinearRegressor`) have a set of their own.
    let learning = [part(1, b"ai.onnx.ml"), whole(2, 3)].concat();
    [
        whole(1, 8),
        part(7, &graph),
        part(8, &whole(2, set)),
        part(8, &learning),
    ]
    .concat()
}

/// An operator.
pub fn node(operator: &str, inputs: &[&str], output: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
    let inputs = inputs.iter().map(|name| part(1, name.as_bytes()));
    let rest = [part(2, output.as_bytes()), part(4, operator.as_bytes())];
    let attributes = attributes.iter().map(|attribute| part(5, attribute));
    inputs.chain(rest).chain(attributes).flatten().collect()
}

/// A constant of floats.
pub fn floats(name: &str, dims: &[i64], values: &[f32]) -> Vec<u8> {
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    tensor(name, dims, FLOAT, &raw)
}

/// A constant of whole numbers.
pub fn wholes(name: &str, dims: &[i64], values: &[i64]) -> Vec<u8> {
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    tensor(name, dims, INT64, &raw)
}

/// A constant whose numbers lie in another file.
pub fn elsewhere(name: &str, dims: &[i64], file: &str) -> Vec<u8> {
    let location = [part(1, b"location"), part(2, file.as_bytes())].concat();
    let outside = [part(13, &location), whole(14, 1)].concat();
    [tensor(name, dims, FLOAT, &[]), outside].concat()
}

/// An attribute that is a whole number.
pub fn int(name: &str, value: i64) -> Vec<u8> {
    [part(1, name.as_bytes()), whole(3, value), whole(20, 2)].concat()
}

/// An attribute that is a list of whole numbers.
pub fn ints(name: &str, values: &[i64]) -> Vec<u8> {
    let values = values.iter().flat_map(|value| whole(8, *value)).collect();
    [part(1, name.as_bytes()), values, whole(20, 7)].concat()
}

/// An attribute that is a number.
pub fn float(name: &str, value: f32) -> Vec<u8> {
    let number = [vec![0x15], value.to_le_bytes().to_vec()].concat();
    [part(1, name.as_bytes()), number, whole(20, 1)].concat()
}

/// An attribute that is a list of numbers.
pub fn float_list(name: &str, values: &[f32]) -> Vec<u8> {
    let packed: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    [part(1, name.as_bytes()), part(7, &packed), whole(20, 6)].concat()
}

/// An attribute that is a text.
pub fn text(name: &str, value: &str) -> Vec<u8> {
    [part(1, name.as_bytes()), part(4, value.as_bytes()), whole(20, 3)].concat()
}

/// An attribute that is a constant.
pub fn constant(name: &str, tensor: &[u8]) -> Vec<u8> {
    [part(1, name.as_bytes()), part(5, tensor), whole(20, 4)].concat()
}

/// What goes in or comes out: `[rows, columns]` of floats.
fn value(name: &str, columns: i64) -> Vec<u8> {
    let dims = [part(1, &part(2, b"rows")), part(1, &whole(1, columns))].concat();
    let tensor = [whole(1, FLOAT), part(2, &dims)].concat();
    [part(1, name.as_bytes()), part(2, &part(1, &tensor))].concat()
}

fn tensor(name: &str, dims: &[i64], kind: i64, raw: &[u8]) -> Vec<u8> {
    let dims = dims.iter().flat_map(|dim| whole(1, *dim)).collect();
    [dims, whole(2, kind), part(8, name.as_bytes()), part(9, raw)].concat()
}

/// A field that has a length: a text, bytes, or a message.
pub fn part(number: u64, bytes: &[u8]) -> Vec<u8> {
    let length = u64::try_from(bytes.len()).unwrap();
    [varint(number << 3 | 2), varint(length), bytes.to_vec()].concat()
}

/// A field that is a whole number.
pub fn whole(number: u64, value: i64) -> Vec<u8> {
    [varint(number << 3), varint(value.cast_unsigned())].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap());
    bytes
}
