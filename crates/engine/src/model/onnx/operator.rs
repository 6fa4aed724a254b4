//! The operators that a network may use, each known to compute a row of its output from the same row of its inputs.
//!
//! Left out on purpose: `If`, `Loop`, `Scan` and sequences (cost unknown before they run), random and training operators
//! (`Dropout`, `BatchNormalization`, which can learn from its batch), and whatever can move a number from one row to
//! another (`Transpose`, `Reshape`, `Flatten`, `CumSum`, `TopK`, `NonZero`, `Einsum`, convolutions …). Sums along a row
//! (`ReduceSum`, `ReduceMean`, `Softmax`) are left out too: the runtime adds in an order that depends on where the row lies
//! in memory, so that the last bit of a score would tell its place. A product with a table of ones is such a sum, and is
//! always added in one order.

/// How an operator goes from its inputs to its output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// Each number for itself.
    Each,
    /// Numbers of the same place, the second a constant's or another row's of the same row number.
    Together,
    /// As [`Operator::Together`], with a truth value as what comes out.
    Compare,
    /// Of two, by a truth value.
    Choose,
    /// A truth value as a number.
    Cast,
    /// Each number, held between two constants.
    Clip,
    /// A row times a constant table.
    Product,
    /// A row times a constant table, plus a constant row.
    Affine,
    /// A row times coefficients that stand in attributes.
    Linear,
    /// The largest or smallest number of a row.
    Reduce,
    /// Rows side by side.
    Concat,
    /// Some columns of a row.
    Pick,
    /// A constant.
    Constant,
}

/// Operator, what it does, and the attributes it may have.
type Known = (&'static str, Operator, &'static [&'static str]);

#[rustfmt::skip]
const OPERATORS: &[Known] = &[
    ("Abs", Operator::Each, &[]),
    ("Add", Operator::Together, &[]),
    ("Cast", Operator::Cast, &["to"]),
    ("Ceil", Operator::Each, &[]),
    ("Clip", Operator::Clip, &[]),
    ("Concat", Operator::Concat, &["axis"]),
    ("Constant", Operator::Constant, &["value"]),
    ("Div", Operator::Together, &[]),
    ("Elu", Operator::Each, &["alpha"]),
    ("Erf", Operator::Each, &[]),
    ("Exp", Operator::Each, &[]),
    ("Floor", Operator::Each, &[]),
    ("Gather", Operator::Pick, &["axis"]),
    ("Gemm", Operator::Affine, &["alpha", "beta", "transA", "transB"]),
    ("Greater", Operator::Compare, &[]),
    ("GreaterOrEqual", Operator::Compare, &[]),
    ("HardSigmoid", Operator::Each, &["alpha", "beta"]),
    ("Identity", Operator::Each, &[]),
    ("LeakyRelu", Operator::Each, &["alpha"]),
    ("Less", Operator::Compare, &[]),
    ("LessOrEqual", Operator::Compare, &[]),
    ("LinearRegressor", Operator::Linear, &["coefficients", "intercepts", "targets"]),
    ("Log", Operator::Each, &[]),
    ("MatMul", Operator::Product, &[]),
    ("Max", Operator::Together, &[]),
    ("Min", Operator::Together, &[]),
    ("Mul", Operator::Together, &[]),
    ("Neg", Operator::Each, &[]),
    ("Pow", Operator::Together, &[]),
    ("Reciprocal", Operator::Each, &[]),
    ("ReduceMax", Operator::Reduce, &["axes", "keepdims"]),
    ("ReduceMin", Operator::Reduce, &["axes", "keepdims"]),
    ("Relu", Operator::Each, &[]),
    ("Sigmoid", Operator::Each, &[]),
    ("Softplus", Operator::Each, &[]),
    ("Sqrt", Operator::Each, &[]),
    ("Sub", Operator::Together, &[]),
    ("Tanh", Operator::Each, &[]),
    ("Where", Operator::Choose, &[]),
];

impl Operator {
    /// The operator of this name, with the attributes that it may have.
    pub(super) fn named(name: &str) -> Option<(Self, &'static [&'static str])> {
        let known = OPERATORS.iter().find(|(known, _, _)| *known == name)?;
        Some((known.1, known.2))
    }

    /// Whether a network may use an operator of this name.
    pub(super) fn is_known(name: &str) -> bool {
        Self::named(name).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specification_lists_every_operator_and_the_runtime_has_it() {
        let specification = include_str!("../../../../../docs/spec/model-abi.md");
        let runtime = tract_onnx::onnx().op_register.0;
        for (name, _, _) in OPERATORS {
            assert!(specification.contains(&format!("`{name}`")), "{name}");
            assert!(runtime.contains_key(*name), "{name}");
        }
    }

    #[test]
    fn what_branches_draws_or_moves_rows_is_not_known() {
        let others = [
            "If",
            "Loop",
            "Scan",
            "Dropout",
            "RandomNormal",
            "Multinomial",
            "BatchNormalization",
            "Transpose",
            "Reshape",
            "Flatten",
            "CumSum",
            "TopK",
            "NonZero",
            "Einsum",
            "Conv",
            "ConstantOfShape",
            "Expand",
            "Tile",
            "Range",
            "Resize",
            "ReduceSum",
            "ReduceMean",
            "Softmax",
            "Pad",
            "Shape",
            "InstanceNormalization",
            "LSTM",
        ];
        assert!(others.iter().all(|name| !Operator::is_known(name)));
    }
}
