//! Failures: why a permitted call that began to read gave no answer.
//!
//! An error can depend on the data, so that whoever calls often learns by errors. A failed call therefore is on record
//! and uses up quotas as an answered one does, and a day has so many of those that may tell something.

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// What kept a permitted call from being answered. The kind alone, never a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallFailure {
    /// The time of a query.
    Time,
    /// The memory of a query.
    Memory,
    /// The rows of an answer.
    Rows,
    /// The size of an answer.
    Bytes,
    /// The limits of a model that the query calls.
    Model,
    /// An error while it ran, such as a division by zero or a cast that failed on a value.
    Execution,
    /// The storage of the data or the cluster that computes was not there.
    Unreachable,
    /// The caller went away before there was an answer.
    Abandoned,
}

impl CallFailure {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Time,
        Self::Memory,
        Self::Rows,
        Self::Bytes,
        Self::Model,
        Self::Execution,
        Self::Unreachable,
        Self::Abandoned,
    ];

    /// Stable id, as leaves write it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Memory => "memory",
            Self::Rows => "rows",
            Self::Bytes => "bytes",
            Self::Model => "model",
            Self::Execution => "execution",
            Self::Unreachable => "unreachable",
            Self::Abandoned => "abandoned",
        }
    }

    /// The failure with this id.
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.id() == id)
    }

    /// Whether it may tell something of the data: then it counts toward the day's number.
    #[must_use]
    pub const fn follows_data(self) -> bool {
        !matches!(self, Self::Unreachable)
    }

    /// What happened.
    #[must_use]
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            Self::Time => ("查询超时", "the query took too long"),
            Self::Memory => ("查询所需内存超过上限", "the query needs more memory than it may use"),
            Self::Rows => ("结果行数超过上限", "the answer has more rows than it may have"),
            Self::Bytes => ("结果大小超过上限", "the answer is larger than it may be"),
            Self::Model => ("模型超过限制或执行失败", "a model passed a limit or failed"),
            Self::Execution => ("查询执行失败", "the query failed inside the security domain"),
            Self::Unreachable => ("存储或计算集群无法访问", "storage or cluster could not be reached"),
            Self::Abandoned => ("调用方在答复前离开", "the caller went away before there was an answer"),
        };
        Text::new(zh, en)
    }
}

#[cfg(test)]
mod tests {
    use super::CallFailure;

    #[test]
    fn ids_are_those_of_the_wire_and_lead_back() {
        for failure in CallFailure::ALL {
            assert_eq!(serde_json::to_value(failure).unwrap(), failure.id());
            assert_eq!(CallFailure::of(failure.id()), Some(failure));
        }
        assert_eq!(CallFailure::of("luck"), None);
    }
}
