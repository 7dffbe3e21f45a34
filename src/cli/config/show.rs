//! `keysieve config show`: the settings that hold for whoever works here, as a configuration file has them.

use std::env;

use anyhow::Result;
use keysieve::config::Shown;
use keysieve::model::{Escaped, Text};

use super::check;
use crate::cli::args::ConfigShowArgs;
use crate::cli::console::Console;
use crate::cli::trusted::{self, Trust};
use crate::cli::{ExitStatus, output};

/// How far to the right an origin is put, if there is room.
const COLUMN: usize = 40;

/// Prints the settings.
pub(super) fn run(args: &ConfigShowArgs, console: &Console) -> Result<ExitStatus> {
    let top = trusted::work_tree()?;
    let trust = top.as_deref().map_or(Trust::Nobody, Trust::WorkTree);
    let config = trust.config(&args.config, console)?;
    check::checked(&trust, &config)?;
    let lines = config.shown(&|name| env::var(name).ok().filter(|value| !value.is_empty()));
    output::print(|out| lines.iter().try_for_each(|shown| writeln!(out, "{}", line(shown, args.origin, console))))
}

fn line(shown: &Shown, origin: bool, console: &Console) -> String {
    let clean = |text: &str| Escaped(Text::new(text.as_bytes(), console.mask()).as_str()).to_string();
    let line = clean(&shown.line);
    if !origin || shown.origin.is_empty() { line } else { format!("{line:<COLUMN$} # {}", clean(&shown.origin)) }
}
