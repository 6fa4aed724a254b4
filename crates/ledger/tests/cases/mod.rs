//! The cases that a log passes under either suite. Each test binary includes them and says in `SUITE` under which.

mod audit;
pub(crate) mod common;
mod follow;
mod note;
mod policy;
mod suites;
mod tiles;
mod tree;
mod vectors;
mod verify;
mod witness;
mod witness_vectors;
