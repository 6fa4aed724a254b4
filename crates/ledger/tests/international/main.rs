//! The ledger under the international suite, and what was published for its algorithms.

use gongshu_ledger::Suite;

/// Under which suite the shared cases run.
const SUITE: Suite = Suite::International;

#[path = "../cases/mod.rs"]
mod cases;
mod cosigned;
mod rfc6962;
