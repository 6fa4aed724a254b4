//! Roles of authorized operation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a party is in authorized operation (27号; roles table of the field).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 实施机构: plans, signs, grants, sets ceilings.
    Agency,
    /// 数源单位: registers resources, approves their use.
    Provider,
    /// 运营机构: runs the domain, lists products, sets prices.
    Operator,
    /// 合作方: builds products under the operator.
    Partner,
    /// 数据使用方: subscribes and calls.
    Consumer,
    /// 数据主体: gives and withdraws consent.
    Subject,
    /// 监管部门: watches, freezes, audits.
    Supervisor,
    /// 评估机构: assesses the operator.
    Assessor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 8] = [
        Self::Agency,
        Self::Provider,
        Self::Operator,
        Self::Partner,
        Self::Consumer,
        Self::Subject,
        Self::Supervisor,
        Self::Assessor,
    ];

    /// Whether such a party decides on, holds, develops or sells what is operated.
    #[must_use]
    pub fn takes_part(self) -> bool {
        match self {
            Self::Agency | Self::Provider | Self::Operator | Self::Partner => true,
            Self::Consumer | Self::Subject | Self::Supervisor | Self::Assessor => false,
        }
    }

    /// Whether such a party watches over the others: agency and supervisors read what concerns single operators.
    #[must_use]
    pub fn is_authority(self) -> bool {
        match self {
            Self::Agency | Self::Supervisor => true,
            Self::Provider | Self::Operator | Self::Partner | Self::Consumer | Self::Subject | Self::Assessor => false,
        }
    }

    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Provider => "provider",
            Self::Operator => "operator",
            Self::Partner => "partner",
            Self::Consumer => "consumer",
            Self::Subject => "subject",
            Self::Supervisor => "supervisor",
            Self::Assessor => "assessor",
        }
    }

    /// The term of the field.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Agency => "实施机构",
            Self::Provider => "数源单位",
            Self::Operator => "运营机构",
            Self::Partner => "合作方",
            Self::Consumer => "数据使用方",
            Self::Subject => "数据主体",
            Self::Supervisor => "监管部门",
            Self::Assessor => "评估机构",
        }
    }
}
