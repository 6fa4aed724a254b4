//! The rules of governance through their public face, in one binary.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests may fail; the lint's own exception ends at test functions"
)]

mod alert;
mod altered;
mod amendment;
mod assessed;
mod books;
mod border;
mod call;
mod capacity;
mod chain;
mod change_due;
mod coverage;
mod disclosure;
mod dispute;
mod district;
mod duties;
mod earlier;
mod erasure;
mod exit;
mod files;
mod flaws;
mod forms;
mod incident;
#[path = "two_years/life/mod.rs"]
mod life;
mod matrix;
mod mentions;
mod model;
mod model_review;
mod narrowing;
mod notice;
mod numbers;
mod offer;
mod order;
mod output;
mod packs;
mod parameters;
mod party;
mod plan_outcome;
mod posts;
mod quality;
mod registration;
mod regrading;
mod revenue;
mod reversal;
mod run_out;
mod saved;
mod selection;
mod served;
mod shapes;
mod signatures;
mod special;
mod steps;
mod tightening;
mod training;
mod two_years;
mod workbench;
mod working_days;
