//! Chores of the workspace. `cargo xtask tidy` is a test of tidiness.

mod tidy;

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("tidy") => report(&tidy::check()),
        _ => {
            say("usage: cargo xtask tidy");
            ExitCode::from(2)
        }
    }
}

fn report(findings: &[String]) -> ExitCode {
    for finding in findings {
        say(finding);
    }
    if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[expect(clippy::print_stdout, reason = "a chore talks to people")]
fn say(line: &str) {
    println!("{line}");
}
