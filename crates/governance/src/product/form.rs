//! What a product is, and by what it is charged.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The form of a product or service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductForm {
    /// 接口.
    #[default]
    Api,
    /// 数据集.
    DataSet,
    /// 报告.
    Report,
    /// 模型.
    Model,
    /// 核验.
    Verification,
    /// 应用.
    Application,
}

impl ProductForm {
    /// Whether it is the form that a product has where none is said.
    pub(crate) fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::DataSet => "data_set",
            Self::Report => "report",
            Self::Model => "model",
            Self::Verification => "verification",
            Self::Application => "application",
        }
    }
}

/// By what a product is charged (65号). It goes with the ceiling, and stays: charged otherwise, it is another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Charging {
    /// 按次: each answered call.
    #[default]
    Call,
    /// 按产品: once a subscription, in the first month in which it is served.
    Once,
    /// 按时长: each month that a subscription touches, for the days on which it was served.
    Month,
    /// 按时长: each year of a subscription, when it begins; days that are not served are given back.
    Year,
    /// 按量: each row of an answer.
    Row,
    /// 按量: the bytes of an answer, by the megabyte.
    Megabyte,
}

impl Charging {
    /// Whether it is the one that a ceiling has where none is said.
    pub(crate) fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The stable word, as rule packs write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Once => "once",
            Self::Month => "month",
            Self::Year => "year",
            Self::Row => "row",
            Self::Megabyte => "megabyte",
        }
    }
}
