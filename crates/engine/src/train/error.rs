//! Why no model came out. Of the data no more than which test it failed.

use std::time::Duration;

use gongshu_governance::Text;

use crate::model::ModelError;
use crate::run::ExecuteError;

/// Why a model could not be trained.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// Too few subjects with a value in every column.
    #[error("there are fewer than {0} subjects with a value in every column, as so many inputs need")]
    Subjects(u64),
    /// Somebody in particular is left out.
    #[error("the query leaves out fewer than {0} subjects, so that the model would tell of them")]
    Rest(u64),
    /// The difference to a training before is somebody in particular.
    #[error("the query chooses other subjects than a training before, and fewer than {0} of them are others")]
    Differ(u64),
    /// The labels of a training before are others for somebody in particular.
    #[error("the labels are others than those of a training before, and for fewer than {0} subjects")]
    Labels(u64),
    /// A column sets few subjects apart from all others.
    #[error("`{column}` sets fewer than {least} subjects apart from the others")]
    Apart {
        /// The input, or `label`.
        column: String,
        /// Fewest subjects on each side.
        least: u64,
    },
    /// One subject would decide too much.
    #[error("one subject has more than {0} percent of the influence on a part of the model")]
    Influence(u64),
    /// A label that the algorithm does not learn.
    #[error("the label is not {0}, as this algorithm needs")]
    Label(&'static str),
    /// The numbers do not lead anywhere.
    #[error("the fit does not come to an end, or its numbers are too large")]
    Failed,
    /// The fit took too long.
    #[error("the fit took longer than {0:?}")]
    Time(Duration),
    /// The query could not be run.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// The model could not be run here.
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl TrainError {
    /// What happened, for people.
    #[must_use]
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::Subjects(least) => format!("各列均有值的主体少于 {least} 个，不足以训练这么多输入字段"),
            Self::Rest(least) => format!("训练查询排除的主体少于 {least} 个，模型会透露这些主体"),
            Self::Differ(least) => {
                format!("训练查询所选主体与此前一次训练只相差不足 {least} 个，两个模型相比会透露这些主体")
            }
            Self::Labels(least) => {
                format!("标签与此前一次训练只在不足 {least} 个主体上不同，两个模型相比会透露这些主体的输入")
            }
            Self::Apart { column, least } => format!("`{column}` 将不足 {least} 个主体与其他主体区分开来"),
            Self::Influence(percent) => format!("某一主体对模型某一部分的影响超过 {percent}%"),
            Self::Label(kind) => match *kind {
                "0 or 1" => "标签须为 0 或 1".to_owned(),
                _ => "标签须为非负数".to_owned(),
            },
            Self::Failed => "拟合未能收敛，或数值过大".to_owned(),
            Self::Time(time) => format!("拟合超过 {} 秒", time.as_secs()),
            Self::Execute(error) => return error.text(),
            Self::Model(error) => return error.text(),
        };
        Text::new(zh, self.to_string())
    }
}
