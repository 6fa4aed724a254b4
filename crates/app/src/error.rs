//! What can go wrong, for the faces to tell.

use gongshu_engine::ExecuteError;
use gongshu_governance::{Refusal, Text};
use gongshu_ledger::OpeningText;
use gongshu_store::Outage;

use crate::outage;
use crate::receipt::ReceiptFile;
use crate::sequencer::ClockFault;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A rule does not allow it. Calls that were refused carry the receipt of their refusal.
    #[error("{}", refusal.message.en)]
    Refused {
        /// The refusal.
        refusal: Box<Refusal>,
        /// The column that a check of a query refused.
        column: Option<String>,
        /// Where in the query, where one was checked: line and column, from 1.
        location: Option<(u64, u64)>,
        /// The receipt of a refused call.
        receipt: Option<Box<ReceiptFile>>,
    },
    /// A call, or an attempt at the workbench, gave nothing, and that is on record.
    #[error("{error}")]
    Recorded {
        /// What stopped it.
        error: Box<Self>,
        /// The receipt of that.
        receipt: Box<ReceiptFile>,
        /// Of an attempt: opens the record's commitment to the SQL.
        sql: Option<OpeningText>,
    },
    /// A file could not be taken in.
    #[error("{}", message.en)]
    Ingest {
        /// What is wrong.
        message: Text,
        /// The rows that broke a check.
        rows: Vec<RowProblem>,
    },
    /// Login or password do not match.
    #[error("login or password is wrong")]
    Login,
    /// Too many failed sign-ins.
    #[error("too many failed sign-ins; wait {0} seconds")]
    TooManySignIns(u64),
    /// A repeat of a call whose data has changed since.
    #[error(
        "this call was answered as entry {0}; its data has changed since, so the same answer cannot be computed again"
    )]
    AnswerGone(u64),
    /// A repeat of a call of which only the proof is kept.
    #[error("what entry {0} carried has been erased; its receipt still proves that the call was made")]
    Erased(u64),
    /// The idempotency key was used for another request.
    #[error("this idempotency key was used for another request, entry {0}")]
    KeyReused(u64),
    /// The call's chain kept changing while it was computed.
    #[error("the authorization changed again and again while the call was computed; try again")]
    Unsettled,
    /// What a sender sent did not come to its end.
    #[error("the file did not arrive whole: {0}")]
    Upload(std::io::Error),
    /// What is stored of a file is not what was put there.
    #[error("{}", .0.en)]
    FileAltered(Text),
    /// A query ran into a limit of time, memory or output.
    #[error("{}", .0.en)]
    Limit(Text),
    /// A proposed rule pack does not load.
    #[error("{}", .0.en)]
    Proposal(Text),
    /// Another proposed rule pack is being tried.
    #[error("another proposed rule pack is being tried; try again when it is done")]
    TryBusy,
    /// Trying a proposed rule pack took too long.
    #[error("trying the rule pack took more than {0} seconds; ask on the server with `gongshu rules what-if`")]
    TryTime(u64),
    /// The cluster that computes queries cannot serve for a while.
    #[error("{}", .0.en)]
    Cluster(Text),
    /// The storage of the data cannot be read for a while.
    #[error("{}", .0.en)]
    Storage(Text),
    /// The database cannot serve for a while.
    #[error("{}", outage::text(*.0).en)]
    Store(Outage),
    /// The clock is not to be trusted for a while.
    #[error("{}", outage::clock_text(.0).en)]
    Clock(ClockFault),
    /// This machine has no font to set documents in.
    #[error("{}", .0.en)]
    Fonts(Text),
    /// The platform cannot do its work.
    #[error("the platform cannot do its work: {0}")]
    Internal(String),
}

/// A row of a file that broke a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// Line in the file, from 1.
    pub line: u64,
    /// Column of the file, from 1.
    pub column: u64,
    /// Field, where one is meant.
    pub field: Option<String>,
    /// What is wrong.
    pub message: Text,
}

impl AppError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Refused { refusal, .. } => &refusal.rule,
            Self::Recorded { error, .. } => error.code(),
            Self::Ingest { .. } => "ingest.rejected",
            Self::Login => "session.login",
            Self::TooManySignIns(_) => "session.too-many",
            Self::AnswerGone(_) => "call.answer-gone",
            Self::Erased(_) => "call.erased",
            Self::KeyReused(_) => "call.key-reused",
            Self::Unsettled => "call.unsettled",
            Self::Upload(_) => "file.incomplete",
            Self::FileAltered(_) => "file.altered",
            Self::Limit(_) => "query.limit",
            Self::Proposal(_) => "rules.proposal",
            Self::TryBusy => "rules.busy",
            Self::TryTime(_) => "rules.time",
            Self::Cluster(_) => "cluster.unavailable",
            Self::Storage(_) => "storage.unavailable",
            Self::Store(outage) => outage::code(*outage),
            Self::Clock(fault) => fault.code(),
            Self::Fonts(_) => "document.font",
            Self::Internal(_) => "internal",
        }
    }

    /// What to say of an outage, where it is one that passes: nobody's request is at fault.
    #[must_use]
    pub fn outage(&self) -> Option<Text> {
        match self {
            Self::Store(outage) => Some(outage::text(*outage)),
            Self::Clock(fault) => Some(outage::clock_text(fault)),
            Self::Cluster(text) | Self::Storage(text) | Self::Fonts(text) => Some(text.clone()),
            Self::Unsettled => Some(Text::new("授权状态变动频繁，请重试", self.to_string())),
            Self::Recorded { error, .. } => error.outage(),
            Self::Refused { .. }
            | Self::Ingest { .. }
            | Self::Login
            | Self::TooManySignIns(_)
            | Self::AnswerGone(_)
            | Self::Erased(_)
            | Self::KeyReused(_)
            | Self::Upload(_)
            | Self::FileAltered(_)
            | Self::Limit(_)
            | Self::Proposal(_)
            | Self::TryBusy
            | Self::TryTime(_)
            | Self::Internal(_) => None,
        }
    }

    /// The same failure for another who waits for it.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Internal(reason) => Self::Internal(reason.clone()),
            Self::Store(outage) => Self::Store(*outage),
            Self::Clock(fault) => Self::Clock(fault.clone()),
            other => Self::Internal(other.to_string()),
        }
    }

    /// A query that was not computed: by its own fault, or since cluster or storage are not there.
    pub(crate) fn not_computed(error: &ExecuteError) -> Self {
        match error {
            ExecuteError::Cluster(_) | ExecuteError::ClusterTime(_) => Self::Cluster(error.text()),
            ExecuteError::Storage(_) => Self::Storage(error.text()),
            _ => Self::Limit(error.text()),
        }
    }

    pub(crate) fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused {
            refusal: Box::new(refusal),
            column: None,
            location: None,
            receipt: None,
        }
    }
}

impl From<gongshu_store::StoreError> for AppError {
    fn from(error: gongshu_store::StoreError) -> Self {
        match error.outage() {
            Some(outage) => {
                tracing::error!(%error, "the store cannot serve");
                Self::Store(outage)
            }
            None => Self::internal(error),
        }
    }
}

impl From<ClockFault> for AppError {
    fn from(fault: ClockFault) -> Self {
        Self::Clock(fault)
    }
}
