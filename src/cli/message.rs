//! `keysieve message`: finds out by git's conventions which parts of a message will be used, and has these searched. What
//! the conventions mean is the library's; where they are found, configuration and environment, is settled here.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::{env, io};

use anyhow::Result;
use keysieve::engine::{Options, Scanner};
use keysieve::git::GitConfig;
use keysieve::model::{Confidence, Finding, RunInfo, Severity, Summary};
use keysieve::pipeline::{self, Run, Silent};
use keysieve::report::{self, Reporter, Style};
use keysieve::source::{Cleanup, Comment, Conventions, Message};
use keysieve::triage::{Levels, Policy};

use super::args::MessageArgs;
use super::console::Console;
use super::exit::{FINDINGS, Judge};
use super::output::{self, Report};
use super::{ExitStatus, rules};

/// The path that means standard input.
const STANDARD_INPUT: &str = "-";
/// Layers of encoding that are undone, as many as in files.
const DECODE: u8 = 2;
/// What begins a comment unless git is told otherwise.
const USUAL_COMMENT: &[u8] = b"#";
/// The value of `core.commentChar` that leaves the choice to git.
const AUTOMATIC: &[u8] = b"auto";
/// What git sets `GIT_EDITOR` to for its hooks if no editor runs.
const NO_EDITOR: &str = ":";

/// Scans, reports, and judges.
pub(crate) fn run(args: &MessageArgs, console: &Console) -> Result<ExitStatus> {
    let scanner = Scanner::new(rules::set(&args.rules)?, Options { decode: DECODE });
    let conventions = conventions(&GitConfig::here()?);
    log::debug!("{conventions:?}");
    let message = read(&args.file, &conventions)?;
    let lines = RefCell::default();
    let summary = search(args, console, &scanner, &message, &lines)?;
    for line in lines.into_inner() {
        console.line("note", &format!("line {line} looks like a comment, but {}", doubt(&conventions)));
    }
    console.summary(&report::summary_line(&summary), summary.findings == 0 && summary.complete());
    Ok(judge(args).status(&summary, false))
}

fn read(file: &Path, conventions: &Conventions) -> Result<Message> {
    if file.as_os_str() == STANDARD_INPUT {
        return Ok(Message::from_reader(io::stdin(), conventions));
    }
    Ok(Message::read(file, conventions)?)
}

fn search(
    args: &MessageArgs,
    console: &Console,
    scanner: &Scanner,
    message: &Message,
    lines: &RefCell<BTreeSet<usize>>,
) -> Result<Summary> {
    let plans = output::plan(&args.report.formats, args.report.output.as_deref())?;
    let mut reports = plans.iter().map(|plan| Report::open(plan, false)).collect::<Result<Vec<_>>>()?;
    let mut reporters: Vec<Box<dyn Reporter + '_>> = vec![Box::new(InComments { message, lines })];
    for (plan, report) in plans.iter().zip(&mut reports) {
        let style = Style { color: plan.path.is_none() && console.colors_reports(), details: false };
        reporters.push(report::reporter(plan.format, Box::new(report), scanner.rules(), style));
    }
    let run = Run {
        source: message,
        before: None,
        scanner,
        info: RunInfo { mode: "message", ..RunInfo::default() },
        policy: policy(args),
        interrupted: &AtomicBool::new(false),
        progress: &Silent,
    };
    let summary = pipeline::run(&run, &mut reporters)?;
    drop(reporters);
    reports.into_iter().try_for_each(|report| report.commit(false))?;
    Ok(summary)
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

fn policy(args: &MessageArgs) -> Policy {
    let report = Levels { severity: Severity::Info, confidence: Confidence::Low };
    Policy { report, fail: args.status.fail_on.0 }
}

fn judge(args: &MessageArgs) -> Judge {
    let findings = if args.status.exit_zero { None } else { Some(args.status.exit_code.unwrap_or(FINDINGS)) };
    Judge { findings, allow_incomplete: args.status.allow_incomplete }
}
