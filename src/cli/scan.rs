//! `keysieve scan`: what was typed becomes a source, a policy and reports; the pipeline runs; the outcome is summed up
//! and judged. All wiring of the library is here; no scanning and no formatting is.

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use keysieve::engine::{self, Scanner};
use keysieve::git::{self, Repository};
use keysieve::model::{Mask, NoMask, RunInfo, Summary};
use keysieve::pipeline::{self, Run};
use keysieve::report::{self, Reporter, Style};
use keysieve::source::{self, Names, PathEnd, Source, Stdin, Worktree};
use keysieve::triage::{Levels, Policy};

use super::args::ScanArgs;
use super::console::Console;
use super::exit::{FINDINGS, Judge};
use super::interrupt::Interrupt;
use super::output::{self, Plan, Report};
use super::progress::Meter;
use super::stdin::Watched;
use super::{ExitStatus, rules, summary};

/// The path that means standard input.
const STANDARD_INPUT: &str = "-";

/// Scans, reports, and judges.
pub(crate) fn run(args: &ScanArgs, console: &Console) -> Result<ExitStatus> {
    let plans = output::plan(&args.report.formats, args.report.output.as_deref())?;
    let input = Input::of(args)?;
    let rules = rules::set(&args.rules)?;
    log::debug!("{} rules, {} layers of encoding", rules.rules().len(), args.decode);
    set_threads(args.threads)?;
    let search = Search {
        args,
        plans,
        scanner: Scanner::new(rules, engine::Options { decode: args.decode }),
        interrupt: Interrupt::listen(args.timeout)?,
        console,
    };
    let summary = match &input {
        Input::Stdin => search.stdin(),
        Input::Files(files) => search.files(files),
    }?;
    search.tell(&summary);
    Ok(judge(args).status(&summary, search.interrupt.by_user()))
}

/// Everything of a run but its input.
struct Search<'a> {
    args: &'a ScanArgs,
    plans: Vec<Plan>,
    scanner: Scanner,
    interrupt: Interrupt,
    console: &'a Console,
}

impl Search<'_> {
    fn stdin(&self) -> Result<Summary> {
        let input = Watched::start(io::stdin(), Arc::clone(self.interrupt.flag()))?;
        self.run(&Stdin::from_reader(input), RunInfo { mode: "stdin", ..RunInfo::default() })
    }

    fn files(&self, files: &Files) -> Result<Summary> {
        let here = env::current_dir().context("finding the current directory")?;
        let repositories = git::repositories(&here, &files.all())?;
        let trees: Vec<_> = repositories.iter().filter_map(Repository::work_tree).collect();
        let names: Vec<&dyn Names> = trees.iter().map(|tree| tree as &dyn Names).collect();
        let options = source::Options {
            here,
            paths: files.named.clone(),
            listed: files.listed.clone(),
            no_ignore: self.args.no_ignore,
            max_size: self.args.max_size,
            threads: self.args.threads,
        };
        log::debug!("{} repositories hold what is searched", names.len());
        let source = Worktree::new(&options, &names)?.discovering(&git::Nested);
        let info = RunInfo {
            mode: "tree",
            root: Some(source.root().to_owned()),
            from_here: Some(source.prefix_from_here().masked(self.mask())),
            here: source.here().map(|name| name.masked(self.mask())),
            vcs: repositories.iter().find(|one| is_top(one, source.root())).map(|one| one.vcs(self.mask())),
            ..RunInfo::default()
        };
        self.run(&source, info)
    }

    fn run(&self, source: &dyn Source, info: RunInfo) -> Result<Summary> {
        let mut reports = self.open_reports()?;
        let meter = Meter::start(self.args.progress);
        let run = Run {
            source,
            before: None,
            scanner: &self.scanner,
            info: RunInfo { show_secrets: self.args.show_secrets, ..info },
            policy: policy(self.args),
            interrupted: self.interrupt.flag(),
            progress: &meter,
        };
        let mut reporters: Vec<Box<dyn Reporter + '_>> = vec![Box::new(&meter)];
        for (plan, report) in self.plans.iter().zip(&mut reports) {
            reporters.push(report::reporter(plan.format, Box::new(report), self.scanner.rules(), self.style(plan)));
        }
        let summary = pipeline::run(&run, &mut reporters)?;
        drop(reporters);
        reports.into_iter().try_for_each(|report| report.commit(self.args.show_secrets))?;
        Ok(summary)
    }

    fn open_reports(&self) -> Result<Vec<Report>> {
        self.plans.iter().map(|plan| Report::open(plan, self.args.quiet)).collect()
    }

    /// A file is neither coloured nor explained, for a program may read it.
    fn style(&self, plan: &Plan) -> Style {
        let is_printed = plan.path.is_none();
        Style { color: is_printed && self.console.colors_reports(), details: is_printed && io::stdout().is_terminal() }
    }

    fn mask(&self) -> &dyn Mask {
        if self.args.show_secrets { &NoMask } else { &self.scanner }
    }

    /// What standard error is told of the run.
    fn tell(&self, summary: &Summary) {
        if self.interrupt.by_user() {
            self.console.warning("interrupted: the report holds what was found by then");
        } else if self.interrupt.timed_out() && summary.interrupted {
            self.console.warning("the time of --timeout is over: the report holds what was found by then");
        }
        if !self.lists_unread() {
            summary.unread.iter().for_each(|unread| self.console.warning(&summary::unread(unread)));
        }
        if self.args.stats {
            summary::statistics(summary).iter().for_each(|line| self.console.plain(line));
        }
        if !self.args.quiet || summary::is_empty(summary) {
            self.console.plain(&report::summary_line(summary));
        }
    }

    /// Whether a report that a person reads names what was not read; otherwise that is up to standard error.
    fn lists_unread(&self) -> bool {
        let is_read = |plan: &Plan| plan.path.is_none() && plan.format == report::Format::Text;
        !self.args.quiet && self.plans.iter().any(is_read)
    }
}

/// What is to be searched.
#[derive(Debug)]
enum Input {
    /// Standard input as one document.
    Stdin,
    /// Files and directories.
    Files(Files),
}

/// Files and directories to be searched; without any of both, the current directory.
#[derive(Debug)]
struct Files {
    /// Given as arguments.
    named: Vec<PathBuf>,
    /// Given in a list, which may be empty.
    listed: Option<Vec<PathBuf>>,
}

impl Input {
    fn of(args: &ScanArgs) -> Result<Self> {
        if !args.paths.iter().any(|path| path.as_os_str() == STANDARD_INPUT) {
            let listed = args.files_from.as_deref().map(|list| listed(list, args.null)).transpose()?;
            return Ok(Self::Files(Files { named: args.paths.clone(), listed }));
        }
        if args.paths.len() > 1 || args.files_from.is_some() {
            bail!("'-' (standard input) is searched alone: give no other paths with it");
        }
        Ok(Self::Stdin)
    }
}

impl Files {
    fn all(&self) -> Vec<PathBuf> {
        let here = (self.named.is_empty() && self.listed.is_none()).then(|| PathBuf::from("."));
        self.named.iter().chain(self.listed.iter().flatten()).cloned().chain(here).collect()
    }
}

/// The paths of `--files-from`.
fn listed(list: &Path, null: bool) -> Result<Vec<PathBuf>> {
    let mut content = Vec::new();
    let read = if list.as_os_str() == STANDARD_INPUT {
        io::stdin().read_to_end(&mut content).map(drop)
    } else {
        fs::read(list).map(|bytes| content = bytes)
    };
    read.with_context(|| format!("reading the list of paths in {}", list.display()))?;
    if !null && content.contains(&0) {
        bail!("the list of paths has NUL bytes in it: --null reads a list that is separated by them");
    }
    Ok(source::paths_of_list(&content, if null { PathEnd::Nul } else { PathEnd::Line }))
}

fn is_top(repository: &Repository, root: &Path) -> bool {
    repository.work_tree().is_some_and(|tree| tree.work_tree() == root)
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
    pool.build_global().with_context(|| format!("starting {threads} threads"))?;
    log::debug!("{} threads", rayon::current_num_threads());
    Ok(())
}
