//! `keysieve completions SHELL`: a script for the shell, made from the same definition as the help.

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Arguments;
use super::{ExitStatus, output};

/// Prints the script.
pub(crate) fn run(shell: Shell) -> Result<ExitStatus> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "keysieve", &mut script);
    output::print(|out| out.write_all(&script))
}
