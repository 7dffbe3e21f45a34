//! `keysieve scan`: what was typed becomes a source, a policy and reports; the pipeline runs; the outcome is summed up
//! and judged. All wiring of the library is here; no scanning and no formatting is.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bstr::ByteSlice;
use keysieve::engine::{Options, Scanner};
use keysieve::model::{RunInfo, Summary};
use keysieve::pipeline::{self, Run};
use keysieve::report::Reporter;
use keysieve::source::Source;
use keysieve::triage::{Levels, Policy};

use super::args::ScanArgs;
use super::console::Console;
use super::exit::{FINDINGS, Judge};
use super::interrupt::Interrupt;
use super::output::{self, Plan, Report};
use super::progress::Meter;
use super::{ExitStatus, rules, stand_in, summary};

/// The path that means standard input.
const STANDARD_INPUT: &str = "-";

/// Scans, reports, and judges.
pub(crate) fn run(args: &ScanArgs, console: &Console) -> Result<ExitStatus> {
    let plans = output::plan(&args.report.formats, args.report.output.as_deref())?;
    let input = Input::of(args)?;
    let rules = rules::set(&args.rules)?;
    if rules.rules().is_empty() {
        console.warning("no rules are left to search with");
    }
    set_threads(args.threads)?;
    let scanner = Scanner::new(rules, Options { decode: args.decode });
    let interrupt = Interrupt::listen(args.timeout)?;
    let summary = scan(args, &input, &plans, &scanner, &interrupt, console)?;
    tell(args, &summary, &interrupt, console);
    Ok(judge(args).status(&summary, interrupt.by_user()))
}

fn scan(
    args: &ScanArgs,
    input: &Input,
    plans: &[Plan],
    scanner: &Scanner,
    interrupt: &Interrupt,
    console: &Console,
) -> Result<Summary> {
    let source = input.source(args)?;
    let mut reports = plans.iter().map(|plan| Report::open(plan, args.quiet)).collect::<Result<Vec<_>>>()?;
    let meter = Meter::start(args.progress);
    let run = Run {
        source: source.as_ref(),
        scanner,
        info: RunInfo { mode: input.mode(), show_secrets: args.show_secrets, ..RunInfo::default() },
        policy: policy(args),
        interrupted: interrupt.flag(),
        progress: &meter,
    };
    let summary = {
        let color = console.colors_reports();
        let mut reporters: Vec<Box<dyn Reporter + '_>> = vec![Box::new(&meter)];
        for (plan, report) in plans.iter().zip(&mut reports) {
            reporters.push(stand_in::reporter(plan.format, report, color && plan.path.is_none()));
        }
        pipeline::run(run, &mut reporters)?
    };
    meter.finish();
    reports.into_iter().try_for_each(|report| report.commit(args.show_secrets))?;
    Ok(summary)
}

/// What is to be searched.
#[derive(Debug, PartialEq, Eq)]
enum Input {
    /// Standard input as one document.
    Stdin,
    /// Files and directories; an empty list is nothing at all.
    Paths(Vec<PathBuf>),
}

impl Input {
    fn of(args: &ScanArgs) -> Result<Self> {
        let is_stdin = |path: &PathBuf| path.as_os_str() == STANDARD_INPUT;
        let listed = args.files_from.as_deref().map(|list| listed(list, args.null)).transpose()?;
        if args.paths.iter().any(is_stdin) {
            if args.paths.len() > 1 || listed.is_some() {
                bail!("'-' (standard input) is searched alone: give no other paths with it");
            }
            return Ok(Self::Stdin);
        }
        let nothing_asked = args.paths.is_empty() && listed.is_none();
        let here = nothing_asked.then(|| PathBuf::from("."));
        Ok(Self::Paths(args.paths.iter().cloned().chain(listed.into_iter().flatten()).chain(here).collect()))
    }

    fn mode(&self) -> &'static str {
        match self {
            Self::Stdin => "stdin",
            Self::Paths(_) => "tree",
        }
    }

    fn source(&self, args: &ScanArgs) -> Result<Box<dyn Source>> {
        let _ = (args.no_ignore, args.max_size);
        match self {
            Self::Stdin => Ok(Box::new(stand_in::Paths(Vec::new()))),
            Self::Paths(paths) => Ok(Box::new(stand_in::Paths(paths.clone()))),
        }
    }
}

/// The paths of `--files-from`.
fn listed(list: &Path, null: bool) -> Result<Vec<PathBuf>> {
    let mut content = Vec::new();
    let read = if list.as_os_str() == STANDARD_INPUT {
        io::stdin().read_to_end(&mut content).map(drop)
    } else {
        std::fs::read(list).map(|bytes| content = bytes)
    };
    read.with_context(|| format!("reading the list of paths in {}", list.display()))?;
    paths_of(&content, null)
}

/// Splits a list of paths; an empty line is no path.
fn paths_of(list: &[u8], null: bool) -> Result<Vec<PathBuf>> {
    let separator = if null { 0 } else { b'\n' };
    if !null && list.contains(&0) {
        bail!("the list of paths has NUL bytes in it: --null reads a list that is separated by them");
    }
    list.split(|&byte| byte == separator)
        .filter(|path| !path.is_empty())
        .map(|path| path.to_path().map(Path::to_owned).context("a path in the list is not UTF-8"))
        .collect()
}

fn policy(args: &ScanArgs) -> Policy {
    Policy { report: Levels { severity: args.severity, confidence: args.min_confidence }, fail: args.status.fail_on.0 }
}

fn judge(args: &ScanArgs) -> Judge {
    let findings = if args.status.exit_zero { None } else { Some(args.status.exit_code.unwrap_or(FINDINGS)) };
    Judge { findings, allow_incomplete: args.status.allow_incomplete }
}

fn set_threads(threads: usize) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build_global().with_context(|| format!("starting {threads} threads"))
}

/// What standard error is told of the run.
fn tell(args: &ScanArgs, summary: &Summary, interrupt: &Interrupt, console: &Console) {
    if interrupt.by_user() {
        console.warning("interrupted: the report holds what was found by then");
    } else if interrupt.timed_out() && summary.interrupted {
        console.warning("the time of --timeout is over: the report holds what was found by then");
    } else if summary.documents == 0 && summary.unread.is_empty() {
        console.warning("nothing was searched: no file was found in what was asked for");
    }
    if args.stats {
        summary::statistics(summary).iter().for_each(|line| console.plain(line));
    }
    if !args.quiet {
        console.plain(&stand_in::summary_line(summary));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(list: &[u8], null: bool) -> Vec<String> {
        paths_of(list, null).unwrap().iter().map(|path| path.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_list_is_split_at_line_ends_or_at_nul() {
        assert_eq!(paths(b"a\nb c\n\n d\n", false), ["a", "b c", " d"]);
        assert_eq!(paths(b"a\nb\0c\0", true), ["a\nb", "c"]);
        assert_eq!(paths(b"", false), [""; 0]);
    }

    #[test]
    fn a_list_with_nul_bytes_asks_for_the_flag() {
        assert!(paths_of(b"a\0b\0", false).unwrap_err().to_string().contains("--null"));
    }
}
