//! Arguments in, exit code out: 0 fine, 1 findings, 2 could not run.

use std::process::ExitCode;

fn main() -> ExitCode {
    housevoice::cli::run()
}
