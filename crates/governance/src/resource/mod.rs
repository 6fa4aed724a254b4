//! Resources: what a data provider registers and which versions of it are in operation.

mod change;
mod control;
mod decide;
mod due;
mod entry;
mod field;
mod registration;
mod regrade;
mod release;
mod special;
mod version;

pub use change::{AmendResource, ResourceEvent, WithdrawResource, Withdrawn};
pub(crate) use change::{changed_with, check_not_withdrawn, decide_amend, decide_withdraw, evolve};
pub use control::OutputControl;
pub(crate) use decide::{decide_destroyed, decide_order, decide_record, decide_register};
pub(crate) use due::changes_registered;
pub use due::{ChangeDue, Changed};
pub use entry::{DataSpan, Entry, LowSensitive, Terms};
pub use field::{Field, FieldType};
pub use registration::{RegisterResource, Resource};
pub use regrade::{DecideRegrading, Grade, Grades, PendingRegrading, RegradeResource};
pub(crate) use regrade::{decide_regrade, decide_regrading};
pub use release::{AggregateFunction, Contribution, Mask, NoiseDistribution, ReleaseRule};
pub use special::{Clearance, ClearanceKind, RecordClearance, WithdrawClearance, WithdrawnClearance};
pub(crate) use special::{check_authorizable, check_not_ended, decide_clear, decide_withdraw_clearance};
pub use version::{OrderDestruction, RecordDestruction, RecordVersion, Version, VersionStatus};
