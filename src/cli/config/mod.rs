//! `keysieve config`: shows the settings that hold, and checks files. What a file says is the library's, which files count is
//! `trusted.rs`.

mod check;
mod show;

use anyhow::Result;

use super::ExitStatus;
use super::args::ConfigVerb;
use super::console::Console;

/// Does what the verb says.
pub(crate) fn run(verb: &ConfigVerb, console: &Console) -> Result<ExitStatus> {
    match verb {
        ConfigVerb::Show(args) => show::run(args, console),
        ConfigVerb::Check(args) => check::run(args, console),
    }
}
