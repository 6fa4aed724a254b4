//! The ledger under the 国密 suite, what was published for its algorithms, and the openssl command as the judge.

use gongshu_ledger::Suite;

/// Under which suite the shared cases run.
const SUITE: Suite = Suite::ShangMi;

#[path = "../cases/mod.rs"]
mod cases;
mod openssl;
mod standards;
