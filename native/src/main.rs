//! The `udping` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    udping::run()
}
