//! Why a network's file is refused.

/// What is wrong at one place of a network's graph. `node` is the operator and, where it has one, its name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphFault {
    /// The operator is not among those that are known to score row by row.
    #[error("`{0}` is not an operator that a model may use; docs/spec/model-abi.md lists them")]
    Operator(String),
    /// As it is used here, the score of a row would depend on other rows.
    #[error("`{0}` would mix rows: it may work along the columns of a row only (axis 1)")]
    Rows(String),
    /// An attribute is not known here, is stated twice, or has another value or type than it may have.
    #[error("`{node}` has the attribute `{attribute}` as it may not be")]
    Attribute {
        /// Where.
        node: String,
        /// Which.
        attribute: String,
    },
    /// It is given a value that is not there, is not of the right type, or does not fit.
    #[error("`{0}` is given something that does not fit")]
    Input(String),
    /// Two values have one name.
    #[error("the name `{0}` is given twice")]
    Name(String),
    /// A constant that is not one or two dimensional numbers within the file itself.
    #[error("the constant `{0}` is not a list or table of numbers within the file itself")]
    Constant(String),
    /// What goes into the network is not the declared columns.
    #[error("the inputs are not tensors of 32-bit floats, [rows, columns], with {0} columns in all")]
    Columns(usize),
    /// What comes out is not one score a row.
    #[error("the output is not one 32-bit float a row, [rows, 1]")]
    Output,
    /// A version of the operators that is not known here, or parts that a scoring model has no use for.
    #[error("the file is of an operator set outside {0} to {1}, or has functions, sparse tensors or training parts")]
    Version(i64, i64),
}

impl GraphFault {
    /// The same in Chinese.
    pub(in crate::model) fn zh(&self) -> String {
        match self {
            Self::Operator(node) => format!("算子 `{node}` 不在允许之列（见 docs/spec/model-abi.md）"),
            Self::Rows(node) => format!("算子 `{node}` 会使不同记录相互影响；只能沿一条记录的各列（axis 1）计算"),
            Self::Attribute { node, attribute } => format!("算子 `{node}` 的属性 `{attribute}` 不被允许"),
            Self::Input(node) => format!("算子 `{node}` 的输入不存在或类型、形状不符"),
            Self::Name(name) => format!("名称 `{name}` 重复"),
            Self::Constant(name) => format!("常量 `{name}` 不是文件自身所含的一维或二维数值"),
            Self::Columns(columns) => format!("模型输入须为 32 位浮点张量 [记录数, 列数]，合计 {columns} 列"),
            Self::Output => "模型输出须为每条记录一个 32 位浮点数 [记录数, 1]".to_owned(),
            Self::Version(from, to) => {
                format!("算子集版本不在 {from} 至 {to} 之间，或含有函数、稀疏张量、训练部分")
            }
        }
    }
}
