//! The scale of an authorization (授权规模): how much the operator is authorized for, and with what it has to serve it
//! (论证, opinion 13: amounts are fixed in the agreement).

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::text::Text;

/// Declares measures with their ids and their names and units in Chinese.
macro_rules! measures {
    ($($(#[$doc:meta])* $measure:ident = $id:literal, $zh:literal, $unit:literal;)*) => {
        /// What an amount of an agreement measures.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum Measure {
            $($(#[$doc])* #[serde(rename = $id)] $measure,)*
        }

        impl Measure {
            /// Its stable id, as rule packs and documents write it.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$measure => $id,)* }
            }

            /// Its name in Chinese.
            #[must_use]
            pub fn zh(self) -> &'static str {
                match self { $(Self::$measure => $zh,)* }
            }

            /// Its unit in Chinese.
            #[must_use]
            pub fn unit(self) -> &'static str {
                match self { $(Self::$measure => $unit,)* }
            }

            /// The measure of this id.
            #[must_use]
            pub fn named(id: &str) -> Option<Self> {
                [$(Self::$measure,)*].into_iter().find(|measure| measure.id() == id)
            }
        }
    };
}

measures! {
    /// 资源目录的资源数.
    Resources = "resources", "数据资源", "项";
    /// 每年供给的数据量.
    DataPerYear = "data_gigabytes_per_year", "年数据供给量", "GB";
    /// 每日调用量.
    CallsPerDay = "calls_per_day", "日调用量", "次";
    /// 存储.
    Storage = "storage_gigabytes", "存储能力", "GB";
    /// 计算.
    Compute = "compute_cores", "计算能力", "核";
}

/// An amount of the scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    /// What it measures.
    pub measure: Measure,
    /// How much, in the measure's unit.
    pub quantity: u64,
}

/// Each measure once and more than nothing, and those that the pack asks for among them.
///
/// # Errors
/// [`Rule::AgreementCapacity`].
pub(super) fn check_capacity(amounts: &[Amount], context: &Context<'_>) -> Result<(), Refusal> {
    let given: BTreeSet<Measure> = amounts.iter().map(|amount| amount.measure).collect();
    if given.len() != amounts.len() || amounts.iter().any(|amount| amount.quantity == 0) {
        return Err(context.rules.refuse(
            Rule::AgreementCapacity,
            Text::new(
                "授权规模的每项只列一次，且数量大于零",
                "an amount of the scale is named twice, or is zero",
            ),
            Text::new("请更正授权规模", "correct the amounts"),
        ));
    }
    let needed = &context.rules.parameters().agreement_capacity;
    let missing: Vec<&Measure> = needed.difference(&given).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (zh, en): (Vec<_>, Vec<_>) = missing.iter().map(|it| (it.zh(), it.id())).unzip();
    Err(context.rules.refuse_by(
        Rule::AgreementCapacity,
        "list",
        Text::new(
            format!("协议未约定授权规模：{}", zh.join("、")),
            format!("the agreement fixes no amount of: {}", en.join(", ")),
        ),
        Text::new(
            "请在协议的“授权规模”中列明；在履行的协议以协议变更补充",
            "state it under `capacity`; of an agreement in force by `agreement.amend`",
        ),
    ))
}
