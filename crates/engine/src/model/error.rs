//! What can go wrong with a model. Never a value: a model's own words stay inside the domain.

use std::time::Duration;

use gongshu_governance::Text;

use super::onnx::GraphFault;

/// Why a model cannot be used, or could not score a batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The module is larger than it may be.
    #[error("the module has more than {0} bytes")]
    Code(usize),
    /// Not a WebAssembly module.
    #[error("not a WebAssembly module: {0}")]
    Malformed(String),
    /// The module is not the one that was reviewed.
    #[error("the module's SHA-256 is not the one on record")]
    Pin,
    /// It asks for something outside itself.
    #[error("the module imports `{0}`; a model may import nothing")]
    Import(String),
    /// It lacks an export, or gives it another type.
    #[error("the module does not export `{0}` as docs/spec/model-abi.md asks")]
    Export(&'static str),
    /// Not an ONNX file that the runtime can make ready.
    #[error("not an ONNX model that can be run here: {0}")]
    MalformedOnnx(String),
    /// Something in the graph of an ONNX model may not be there.
    #[error("the ONNX model cannot be used: {0}")]
    Graph(#[from] GraphFault),
    /// More operators than an ONNX model may have.
    #[error("the model has more than {0} operators")]
    Operators(usize),
    /// The score of a row changed with its place or its neighbours when it was tried.
    #[error("the score of a row depends on the rows beside it")]
    Rows,
    /// It used up its instructions, or would.
    #[error("the model needs more than {0} instructions a row")]
    Fuel(u64),
    /// It asked for too much memory.
    #[error("the model needs more than {0} bytes of memory")]
    Memory(usize),
    /// It took too long.
    #[error("the model took longer than {0:?} over one batch")]
    Time(Duration),
    /// It stopped by itself: a trap, a status other than 0, or a place outside its memory.
    #[error("the model failed")]
    Failed,
}

impl ModelError {
    /// What happened and what to do, for people.
    #[must_use]
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::Code(bytes) => format!("模型文件超过 {bytes} 字节"),
            Self::Malformed(_) => "模型文件不是有效的 WebAssembly 模块".to_owned(),
            Self::MalformedOnnx(_) => "模型文件不是可在此运行的 ONNX 模型".to_owned(),
            Self::Graph(fault) => format!("ONNX 模型不可使用：{}", fault.zh()),
            Self::Operators(operators) => format!("模型的算子超过 {operators} 个"),
            Self::Rows => "一条记录的评分随其相邻记录而变".to_owned(),
            Self::Pin => "模型文件的 SHA-256 与登记不一致".to_owned(),
            Self::Import(name) => format!("模型引用了外部能力 `{name}`；模型不得引用任何外部能力"),
            Self::Export(name) => format!("模型缺少导出 `{name}`，或其类型不符合规范"),
            Self::Fuel(fuel) => format!("模型每条记录所用指令超过 {fuel} 条"),
            Self::Memory(bytes) => format!("模型所需内存超过 {bytes} 字节"),
            Self::Time(limit) => format!("模型处理一批记录超过 {} 毫秒", limit.as_millis()),
            Self::Failed => "模型运行失败".to_owned(),
        };
        Text::new(
            format!("{zh}；请联系模型登记方"),
            format!("{self}; ask whoever registered it"),
        )
    }
}
