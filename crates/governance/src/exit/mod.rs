//! Exit: how authorized operation under an agreement ends (论证, opinion 7).
//!
//! ```text
//! Started ─close─► Closed
//! ```
//!
//! The first step ends every use under the agreement. The exit is closed by a report that accounts for each asset of
//! an inventory derived from the record, so that nothing can be left out.

mod close;
mod inventory;
mod start;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use close::{AssetReport, CloseExit, Outcome, decide_close};
pub use inventory::{AssetClass, inventory};
pub use start::{ExitGround, StartExit, decide_start};

use crate::event::Moment;
use crate::state::{State, change};

/// What happened in an exit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitEvent {
    /// Use under the agreement has ended.
    Started(Box<StartExit>),
    /// Every asset is accounted for.
    Closed(Box<CloseExit>),
}

impl ExitEvent {
    /// The exit it belongs to.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Started(started) => started.id.as_str(),
            Self::Closed(closed) => closed.exit.as_str(),
        }
    }
}

/// An exit on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// What was started.
    pub start: StartExit,
    /// Where it stands.
    pub status: ExitStatus,
    /// How many events changed it.
    pub revision: u64,
}

/// Where an exit stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ExitStatus {
    /// Use has ended, assets are being dealt with.
    Started {
        /// When.
        at: Timestamp,
    },
    /// The closing report is on record.
    Closed {
        /// When.
        at: Timestamp,
        /// What became of each asset.
        report: Vec<AssetReport>,
    },
}

/// Applies an event of an exit.
pub(crate) fn evolve(state: &mut State, event: &ExitEvent, moment: Moment, revision: u64) {
    let at = moment.at;
    match event {
        ExitEvent::Started(start) => {
            let exit = Exit {
                start: (**start).clone(),
                status: ExitStatus::Started { at },
                revision,
            };
            state.exits.insert_mut(start.id.clone(), Arc::new(exit));
        }
        ExitEvent::Closed(close) => change(&mut state.exits, &close.exit, |exit| {
            exit.status = ExitStatus::Closed {
                at,
                report: close.report.clone(),
            };
            exit.revision = revision;
        }),
    }
}
