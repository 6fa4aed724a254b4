//! What goes abroad (促进和规范数据跨境流动规定, 2024): to a consumer outside the mainland, or onward from one inside.
//!
//! How many persons' information an operator has provided abroad since the first of January is counted from its calls,
//! distinct persons over all of its agreements, sensitive information by itself. The count, and whether important data is in it, say which path is
//! needed; a call that needs one is refused until the path's document is on record and valid. A partner abroad who sees results
//! at the workbench or collects them is asked for the same by what they are made from.

mod crossing;
mod record;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crossing::{Crossing, Exported, Needed};
pub(crate) use crossing::{check_developed, check_subscription, crossing};
pub use record::{EndExport, RecordExport, decide_end, decide_record};

use crate::event::Moment;
use crate::identifier::ExportId;
use crate::state::{State, change};

/// Where a party is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// 境内.
    #[default]
    Mainland,
    /// 香港特别行政区.
    HongKong,
    /// 澳门特别行政区.
    Macao,
    /// 其他国家和地区.
    Elsewhere,
}

impl Region {
    /// Whether it is the mainland; what is usual is not written.
    #[must_use]
    pub fn is_mainland(&self) -> bool {
        *self == Self::Mainland
    }

    /// Whether a receiver there is inside the Greater Bay Area, of those outside the mainland.
    #[must_use]
    pub fn is_in_bay_area(self) -> bool {
        matches!(self, Self::HongKong | Self::Macao)
    }
}

/// A way in which information may go abroad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportPath {
    /// 数据出境安全评估.
    Assessment,
    /// 个人信息出境标准合同.
    StandardContract,
    /// 个人信息保护认证.
    Certification,
    /// 粤港澳大湾区个人信息跨境流动标准合同.
    BayAreaContract,
}

/// The document of a path on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// What was put on record.
    pub of: RecordExport,
    /// When.
    pub at: Timestamp,
    /// Since when it has ended, and why.
    pub ended: Option<(Timestamp, String)>,
    /// How many events changed it.
    pub revision: u64,
}

impl Export {
    /// Whether it is valid on this day.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.ended.is_none() && self.of.term.covers(day)
    }
}

/// What happens to documents of paths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step", content = "with")]
pub enum BorderEvent {
    /// One is on record.
    Recorded(Box<RecordExport>),
    /// It is valid no longer.
    Ended(EndExport),
}

impl BorderEvent {
    /// The stream of the event.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Recorded(export) => export.id.as_str(),
            Self::Ended(ended) => ended.export.as_str(),
        }
    }
}

pub(crate) fn evolve(state: &mut State, event: &BorderEvent, moment: Moment, revision: u64) {
    match event {
        BorderEvent::Recorded(of) => {
            let key = (of.agreement.clone(), of.consumer.clone());
            let mut ids: Vec<ExportId> = state
                .exports_by_use
                .get(&key)
                .map_or_else(Vec::new, |ids| (**ids).clone());
            ids.push(of.id.clone());
            state.exports_by_use.insert_mut(key, Arc::new(ids));
            let export = Export {
                of: (**of).clone(),
                at: moment.at,
                ended: None,
                revision,
            };
            state.exports.insert_mut(of.id.clone(), Arc::new(export));
        }
        BorderEvent::Ended(ended) => change(&mut state.exports, &ended.export, |export| {
            export.ended = Some((moment.at, ended.reason.clone()));
            export.revision = revision;
        }),
    }
}
