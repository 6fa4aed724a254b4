//! What the security domain promises, tried from outside: hostile queries, joins, controls and properties.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail, and prints its figures"
)]

mod attacks;
mod cluster;
mod column_keys;
mod consent;
mod contributors;
mod controls;
mod figures;
mod joins;
mod limits;
mod linear_program;
mod models;
mod mutations;
mod neighbours;
mod networks;
mod private;
mod properties;
mod proposals;
mod reconstruction;
mod rules;
mod sequences;
mod totals;
mod tpch;
#[path = "../tpch/tables.rs"]
mod tpch_tables;
mod training;
mod world;
