//! `keysieve man`: one page with every verb and every flag, made from the same definition as the help. The sections
//! that no flag carries (exit status, environment, files) are written here.

use std::io::{self, Write};

use anyhow::{Context, Result};
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::args::Arguments;
use super::{ExitStatus, output};

/// Prints the page in roff.
pub(crate) fn run() -> Result<ExitStatus> {
    let mut page = Vec::new();
    render(&mut page).context("making the manual page")?;
    output::print(|out| out.write_all(&page))
}

fn render(page: &mut Vec<u8>) -> io::Result<()> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    let man = Man::new(command.clone()).manual("keysieve");
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    for verb in verbs(&command) {
        render_verb(verb, page)?;
    }
    SECTIONS.iter().try_for_each(|(title, entries)| render_section(title, entries, page))
}

/// Every command that does something: verbs, and the verbs of verbs instead of what only groups them.
fn verbs(command: &Command) -> Vec<&Command> {
    let below: Vec<_> = command.get_subcommands().flat_map(verbs).collect();
    if below.is_empty() { vec![command] } else { below }
}

/// A verb is a section of its own, so its parts lose their headings: `.SH` there starts a section of the page.
fn render_verb(verb: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let name = verb.get_bin_name().unwrap_or_else(|| verb.get_name()).to_uppercase();
    Roff::new().control("SH", [name.as_str()]).to_writer(page)?;
    let man = Man::new(verb.clone());
    let mut body = Vec::new();
    man.render_synopsis_section(&mut body)?;
    man.render_description_section(&mut body)?;
    man.render_options_section(&mut body)?;
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        page.write_all(if line.starts_with(b".SH") { b".PP\n" } else { line })?;
    }
    Ok(())
}

fn render_section(title: &str, entries: &[(&str, &str)], page: &mut Vec<u8>) -> io::Result<()> {
    let mut roff = Roff::new();
    roff.control("SH", [title]);
    for (term, meaning) in entries {
        roff.control("TP", []).text([bold(*term)]).text([roman(*meaning)]);
    }
    roff.to_writer(page)
}

const SECTIONS: &[(&str, &[(&str, &str)])] = &[
    (
        "EXIT STATUS",
        &[
            ("0", "Nothing was found that fails, and all that was asked for was looked at."),
            ("1", "There are findings at --fail-on or above. --exit-code sets another number, --exit-zero none."),
            ("2", "Wrong usage, wrong configuration, or an error that ended the run."),
            ("3", "No such finding, but something that was asked for could not be read; the report says what and why."),
            ("130", "Interrupted by Ctrl-C. What was found by then is reported."),
        ],
    ),
    (
        "ENVIRONMENT",
        &[
            ("KEYSIEVE_*", "Values for flags, as the paragraph of each flag says. A flag that is given wins."),
            ("KEYSIEVE_SKIP", "A reason for which hooks let everything pass. They say it aloud, and log it."),
            ("NO_COLOR", "If set and not empty, nothing is coloured unless --color=always asks for it."),
            ("CLICOLOR_FORCE", "If set, not empty and not 0, colour is used off a terminal too."),
        ],
    ),
    (
        "FILES",
        &[(".gitignore", "Files that are not tracked and match it are left out, unless --no-ignore asks for them.")],
    ),
];
