//! Output control: what stands between an aggregate over guarded rows and everything after it.
//!
//! A *release* is a plan node of ours right above such an aggregate. The aggregate gets hidden columns that the
//! controls need, such as the number of distinct subjects of each cell; the release holds cells back or changes them,
//! and lets only the query's own columns through. The optimizer knows nothing of a release: it moves no filter,
//! projection or limit across it, so what a query does with results never meets a cell that was held back.

mod cell;
mod cell_key;
mod choice;
mod exec;
mod largest;
mod magnitude;
mod measured;
mod node;
mod noise;
mod parameters;
mod planner;
mod record_key;
mod rounding;
mod spec;
mod threshold;
mod totals;

pub use parameters::{ControlParameters, Guarding};

pub(crate) use choice::choice;
pub(crate) use largest::{LARGEST, contributors_of, largest, largest_function};
pub(crate) use measured::Measured;
pub(crate) use node::Release;
pub(crate) use noise::{Bounds, CLAMPED, Noise, bounds_of, clamped, clamped_function};
pub(crate) use parameters::Applied;
pub(crate) use planner::Planner;
pub(crate) use record_key::{RECORD_KEY, record_key, record_key_function, record_secret_of};
pub(crate) use spec::{Function, Measure, Spec};
pub(crate) use totals::{Shape, Totals};
