//! `keysieve message`: finds out by git's conventions which parts of a message will be used, and has these searched. What
//! the conventions mean is the library's; where they are found, configuration and environment, is settled here.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::{env, io};

use anyhow::Result;
use keysieve::git::GitConfig;
use keysieve::model::{Finding, RunInfo, Summary};
use keysieve::pipeline::Directives;
use keysieve::report::Reporter;
use keysieve::source::{Cleanup, Comment, Conventions, Message};

use super::ExitStatus;
use super::args::MessageArgs;
use super::console::Console;
use super::known;
use super::search::{Search, Subject};
use super::stdin::Watched;

/// The path that means standard input.
const STANDARD_INPUT: &str = "-";
/// What begins a comment unless git is told otherwise.
const USUAL_COMMENT: &[u8] = b"#";
/// The value of `core.commentChar` that leaves the choice to git.
const AUTOMATIC: &[u8] = b"auto";
/// What git sets `GIT_EDITOR` to for its hooks if no editor runs.
const NO_EDITOR: &str = ":";

/// Searches the message, without what git will strip.
pub(crate) fn run(args: &MessageArgs, console: &Console) -> Result<ExitStatus> {
    let is_stdin = args.file.as_os_str() == STANDARD_INPUT;
    if is_stdin {
        known::refuse_standard_input(&args.search.known, "the message")?;
    }
    let search = Search::prepare(&args.search, console)?;
    let conventions = conventions(&GitConfig::here()?);
    log::debug!("{conventions:?}");
    let message = if is_stdin {
        Message::from_reader(Watched::start(io::stdin(), Arc::clone(search.interrupted()))?, &conventions)
    } else {
        Message::read(&args.file, args.search.max_size, &conventions)?
    };
    let lines = RefCell::default();
    let info = RunInfo { mode: "message".into(), ..RunInfo::default() };
    let entries = search.entries(&info)?;
    let (directives, first_pass) = (Directives::Count, None);
    let subject = Subject { source: &message, before: None, directives, first_pass, entries, info };
    let status = search.run_for(subject, Some(Box::new(InComments { message: &message, lines: &lines })))?;
    for line in lines.into_inner().iter().filter(|_| !args.search.quiet) {
        console.line("note", &format!("line {line} looks like a comment, but {}", doubt(&conventions)));
    }
    Ok(status)
}

/// Notes the lines of findings in what looks like a comment.
struct InComments<'a> {
    message: &'a Message,
    lines: &'a RefCell<BTreeSet<usize>>,
}

impl Reporter for InComments<'_> {
    fn begin(&mut self, _: &RunInfo) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let shown = finding.occurrences.iter().filter(|occurrence| occurrence.suppression.is_none());
        let lines = shown.filter_map(|occurrence| occurrence.location.as_ref()).map(|location| location.start_line);
        self.lines.borrow_mut().extend(lines.filter(|&line| self.message.is_kept_comment(line)));
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}

/// What holds for a message here and now. `--cleanup` on git's command line is told to no hook.
fn conventions(config: &GitConfig) -> Conventions {
    let cleanup = match config.last("commit", &["cleanup"]).as_ref().map(|setting| &*setting.value) {
        None | Some(b"default" | b"strip") => Cleanup::Comments,
        Some(b"scissors") => Cleanup::Scissors,
        Some(_) => Cleanup::Nothing,
    };
    let comment = config.last("core", &["commentChar", "commentString"]).map(|setting| setting.value);
    let comment = match comment.filter(|comment| !comment.is_empty()) {
        Some(comment) if comment.eq_ignore_ascii_case(AUTOMATIC) => Comment::Automatic,
        Some(comment) => Comment::Prefix(comment),
        None => Comment::Prefix(USUAL_COMMENT.to_vec()),
    };
    Conventions { edited: is_edited(), cleanup, comment }
}

/// Whether git had a person edit the message. It tells its hooks if it did not; without that word, and without the index
/// that it names to every hook of a commit, it was not git who called.
fn is_edited() -> bool {
    match env::var_os("GIT_EDITOR") {
        Some(editor) => editor != NO_EDITOR,
        None => env::var_os("GIT_INDEX_FILE").is_some(),
    }
}

/// Why git may keep what looks like a comment.
fn doubt(conventions: &Conventions) -> &'static str {
    match conventions {
        Conventions { edited: false, .. } => "git keeps comments of a message that no editor was run for",
        Conventions { cleanup: Cleanup::Comments, .. } => "it is not known what character git chose for comments",
        _ => "commit.cleanup has git keep comments",
    }
}
