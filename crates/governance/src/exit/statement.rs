//! That a model which is kept after an exit shows nothing of the raw data it was made from (衍生模型处置).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AssetClass, AssetReport, Outcome};
use crate::Context;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::text::{Text, is_sha256};

/// What an assessment found of a model that is handed over or licensed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelStatement {
    /// SHA-256 of the assessment.
    pub document_sha256: String,
    /// Its conclusion: whether the model can reveal raw data.
    pub reveals_raw_data: bool,
}

/// Refuses a model that is kept without an assessment, or though it can reveal raw data; and a statement of anything else.
///
/// # Errors
/// [`Rule::ExitModels`].
pub(super) fn check(class: AssetClass, line: &AssetReport, context: &Context<'_>) -> Result<(), Refusal> {
    let model = matches!(class, AssetClass::DerivedModel { .. });
    let kept = match line.outcome {
        Outcome::HandedOver | Outcome::Licensed => model,
        Outcome::Destroyed | Outcome::Refunded | Outcome::Continued => false,
    };
    let wrong = match &line.statement {
        // Reports that were made before the packs asked for it have none.
        None if !kept || !context.rules.states(Rule::ExitModels) => return Ok(()),
        None => (
            "是继续使用的衍生模型，未附其是否泄露原始数据的评估说明",
            "is a derived model that is kept, and no assessment says whether it reveals raw data",
        ),
        Some(_) if !kept => (
            "不是继续使用的衍生模型，不应附评估说明",
            "is no derived model that is kept, and has no such statement",
        ),
        Some(of) if !is_sha256(&of.document_sha256) => (
            "的评估文件摘要不是 SHA-256",
            "has a statement whose document is no SHA-256",
        ),
        Some(of) if of.reveals_raw_data => (
            "经评估可能泄露原始数据，不得移交或许可使用",
            "can reveal raw data, as its assessment says, and is not kept",
        ),
        Some(_) => return Ok(()),
    };
    Err(context.rules.refuse(
        Rule::ExitModels,
        Text::new(format!("`{}` {}", line.asset, wrong.0), format!("`{}` {}", line.asset, wrong.1)),
        Text::new(
            "请附结论为不泄露原始数据的评估文件；不能作此结论的，撤回该模型并按销毁报告",
            "give an assessment that finds that it reveals none; where it finds otherwise, withdraw the model (`model.withdraw`) and report it as destroyed",
        ),
    ))
}
