//! The `duijie` command: a thin door, everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    duijie::cli::run()
}
