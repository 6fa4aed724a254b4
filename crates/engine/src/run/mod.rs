//! Running checked plans: prepared once, executed many times, bound to parameters without planning.

mod bind;
mod cell;
mod gate;
mod prepared;
mod quota;
mod room;

pub use prepared::{ExecuteError, Prepared};

pub(crate) use bind::{CALL_DATE, bind_with, call_date_function, parameter_index};
pub(crate) use cell::{Cell, CellRef};
pub(crate) use gate::{Gate, passing};
pub(crate) use room::yielding;
