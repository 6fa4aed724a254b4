//! The gongshu command.
fn main() {}
