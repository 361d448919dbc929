//! The `duijie` command.

fn main() {}
