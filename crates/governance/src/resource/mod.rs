//! Resources: what a data provider registers and which versions of it are in operation.

mod control;
mod decide;
mod field;
mod registration;
mod release;
mod version;

pub use control::OutputControl;
pub(crate) use decide::{decide_destroyed, decide_order, decide_record, decide_register};
pub use field::{Field, FieldType};
pub use registration::{RegisterResource, Resource};
pub use release::{AggregateFunction, Contribution, Mask, NoiseDistribution, ReleaseRule};
pub use version::{OrderDestruction, RecordDestruction, RecordVersion, Version, VersionStatus};
