//! A search by any verb: flags become a scanner, a policy and reports; the pipeline runs over the source that the verb
//! has made; the outcome is summed up and judged. What is searched is up to the verb.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use anyhow::{Context, Result};
use keysieve::engine::{self, Scanner};
use keysieve::git::Repository;
use keysieve::model::{Mask, NoMask, RunInfo, Summary, Unit};
use keysieve::pipeline::{self, Accepted, Directives, FirstPass, Run};
use keysieve::report::{self, Options, Reporter};
use keysieve::rules::RuleSet;
use keysieve::source::{Names, Source, Stdin};
use keysieve::triage::{Levels, Policy};

use super::args::SearchArgs;
use super::console::Console;
use super::exit::{FINDINGS, Judge};
use super::interrupt::Interrupt;
use super::known::Known;
use super::output::{self, Plan, Report};
use super::progress::Meter;
use super::report::options;
use super::suppress::{self, Entries, Judged};
use super::trusted::{self, LeadsTo};
use super::{ExitStatus, history, pull_request, rules, summary};

/// What is searched.
pub(crate) struct Subject<'s> {
    pub(crate) source: &'s dyn Source,
    /// What also stands in here is not new, and not reported.
    pub(crate) before: Option<&'s dyn Source>,
    pub(crate) directives: Directives<'s>,
    /// What was looked at before.
    pub(crate) first_pass: Option<FirstPass<'s>>,
    /// What is accepted by fingerprint.
    pub(crate) entries: Entries,
    pub(crate) info: RunInfo,
}

/// Everything of a run but what is searched.
pub(crate) struct Search<'a> {
    args: &'a SearchArgs,
    plans: Vec<Plan>,
    options: Options,
    scanner: Scanner,
    /// With all rules, if the scanner has fewer: what a report hides does not depend on what it is about.
    masker: Option<Scanner>,
    known: Known,
    interrupt: Interrupt,
    console: &'a Console,
}

impl<'a> Search<'a> {
    /// Gets ready: reads rules, starts the clock, and touches no report yet.
    pub(crate) fn prepare(args: &'a SearchArgs, console: &'a Console) -> Result<Self> {
        let plans = output::plans(&args.report)?;
        let options = options::of(&args.report.target, &plans)?;
        let rules = rules::set(&args.rules)?;
        log::debug!("{} rules, {} layers of encoding", rules.rules().len(), args.decode);
        set_threads(args.threads)?;
        let engine = engine::Options { decode: args.decode };
        let known = Known::read(&args.known, console)?;
        let markers = &args.suppress.allow_markers;
        let scanner = |rules: RuleSet| Scanner::new(rules, engine).with_known(known.values()).with_markers(markers);
        let (scanner, masker) = (scanner(rules), rules::all_if_narrowed(&args.rules)?.map(scanner));
        let search =
            Self { args, plans, options, scanner, masker, known, interrupt: Interrupt::listen(args.timeout)?, console };
        Ok(if args.suppress.no_allow || pull_request::is_looked_at() { search.distrusting() } else { search })
    }

    /// The same for a change that comes from outside, whose comments do not count.
    pub(crate) fn distrusting(self) -> Self {
        Self { scanner: self.scanner.distrusting(), ..self }
    }

    /// Scans `source`, reports, and judges. What also stands in `before` is not new, and not reported.
    pub(crate) fn run(&self, source: &dyn Source, before: Option<&dyn Source>, info: RunInfo) -> Result<ExitStatus> {
        let entries = self.entries(&info)?;
        self.run_for(Subject { source, before, directives: Directives::Count, first_pass: None, entries, info }, None)
    }

    /// What is accepted in the repository that is searched, or else the one that this is in. In a pull request that is what
    /// its base accepts.
    pub(crate) fn entries(&self, info: &RunInfo) -> Result<Entries> {
        let is_of_tree = info.root.is_some() == info.vcs.is_some();
        if pull_request::is_looked_at() {
            return self.entries_in_pull_request(info);
        }
        let top = match &info.root {
            _ if !is_of_tree => None,
            None if !suppress::may_be_accepted_here(&self.args.suppress) => None,
            None => here().and_then(|one| one.work_tree()).map(|tree| tree.work_tree().to_owned()),
            top => top.clone(),
        };
        Entries::of_work_tree(&self.args.suppress, top.as_deref())
    }

    fn entries_in_pull_request(&self, info: &RunInfo) -> Result<Entries> {
        let Some(repository) = repository_of(info)? else {
            return Entries::of_work_tree(&self.args.suppress, None);
        };
        let tree = repository.work_tree();
        let leads_to = match &tree {
            Some(tree) => LeadsTo::WorkTree(tree.work_tree()),
            None => LeadsTo::Revisions(Vec::new()),
        };
        let base = match pull_request::of_environment(&repository) {
            Ok(request) => request.base,
            Err(error) => {
                self.console.warning(&format!("of a pull request, what its base accepts is not known here: {error}"));
                None
            }
        };
        let judges = base.into_iter().collect();
        let strict = self.args.strict_suppressions;
        self.entries_of_base(&Judged { repository: &repository, judges, leads_to, strict })
    }

    /// The same, for a change that comes from outside.
    pub(crate) fn entries_of_base(&self, judged: &Judged<'_>) -> Result<Entries> {
        Entries::of_base(&self.args.suppress, judged, self.console)
    }

    /// The same with all that can be said of what is searched, and for one more reader of the report.
    pub(crate) fn run_for<'r>(
        &'r self,
        subject: Subject<'_>,
        reader: Option<Box<dyn Reporter + 'r>>,
    ) -> Result<ExitStatus> {
        let base = self.base_of_pull_request(&subject.info)?;
        let directives = match (subject.directives, base.as_deref()) {
            (Directives::Count, Some(base)) => Directives::CountIfIn { base, strict: self.args.strict_suppressions },
            (directives, _) => directives,
        };
        let summary = self.report(Subject { directives, ..subject }, &self.plans, reader)?;
        self.tell(&summary);
        Ok(judge(self.args).status(&summary, self.interrupt.by_user()))
    }

    /// What the base of a pull request has, if this is one: comments that it lacks are those of whoever is judged. For a
    /// history that is all that its commits have had.
    fn base_of_pull_request(&self, info: &RunInfo) -> Result<Option<Box<dyn Source>>> {
        if !pull_request::is_looked_at() {
            return Ok(None);
        }
        let repository = repository_of(info)?;
        let base = repository.as_ref().and_then(|one| Some((one, trusted::base_of_pull_request(one)??)));
        Ok(Some(match base {
            Some((repository, base)) if info.mode == history::MODE => {
                Box::new(repository.range(repository.between(None, &base)?, None)?)
            }
            Some((repository, base)) => Box::new(repository.snapshot(&base)?),
            None => {
                self.console.warning(
                    "this is a pull request whose base is not here, so no comment, allow file or baseline counts: \
                     fetch it before",
                );
                Box::new(Stdin::from_reader(std::io::empty()))
            }
        }))
    }

    /// Tells one reader, and no one else, what is found. What is accepted is told, too.
    pub(crate) fn survey<'r>(&'r self, subject: Subject<'_>, reader: Box<dyn Reporter + 'r>) -> Result<Summary> {
        self.report(subject, &[], Some(reader))
    }

    /// What looks for secrets.
    pub(crate) fn scanner(&self) -> &Scanner {
        &self.scanner
    }

    /// What must not be shown in a report.
    pub(crate) fn mask(&self) -> &dyn Mask {
        if self.args.show_secrets { &NoMask } else { self.masker() }
    }

    fn masker(&self) -> &Scanner {
        self.masker.as_ref().unwrap_or(&self.scanner)
    }

    /// Set once the run is to end.
    pub(crate) fn interrupted(&self) -> &Arc<AtomicBool> {
        self.interrupt.flag()
    }

    fn report<'r>(
        &'r self,
        subject: Subject<'_>,
        plans: &[Plan],
        reader: Option<Box<dyn Reporter + 'r>>,
    ) -> Result<Summary> {
        let Subject { source, before, directives, first_pass, mut entries, info } = subject;
        let mut reports = self.open_reports(plans)?;
        let settings = &self.args.settings;
        if !self.args.suppress.no_allow {
            entries.suppressions.configured(settings.allowances.iter().cloned());
        }
        let added = [&entries.added[..], &settings.added].concat();
        let accepted = Accepted {
            suppressions: &entries.suppressions,
            added: &added,
            are_shown: self.args.suppress.show_suppressed || plans.is_empty(),
        };
        let meter = Meter::start(self.args.progress, Unit::File);
        let at_home = self.known.at_home(info.root.as_deref());
        let run = Run {
            source,
            before,
            directives: if self.args.suppress.no_allow { Directives::Ignore } else { directives },
            accepted,
            first_pass,
            scanner: &self.scanner,
            masker: self.masker(),
            at_home: &at_home,
            info: RunInfo { show_secrets: self.args.show_secrets, ..info },
            policy: policy(self.args),
            interrupted: self.interrupt.flag(),
            progress: &meter,
        };
        let mut reporters: Vec<Box<dyn Reporter + '_>> = vec![Box::new(&meter)];
        if let Some(reader) = reader {
            reporters.push(reader);
        }
        for (plan, report) in plans.iter().zip(&mut reports) {
            reporters.push(report::reporter(
                plan.format,
                Box::new(report),
                self.scanner.rules(),
                &options::on(&self.options, plan, self.console),
            ));
        }
        let summary = pipeline::run(&run, &mut reporters)?;
        drop(reporters);
        for report in reports {
            if let Some(told) = report.commit(self.args.show_secrets)? {
                self.console.warning(&told);
            }
        }
        Ok(summary)
    }

    fn open_reports(&self, plans: &[Plan]) -> Result<Vec<Report>> {
        plans.iter().map(|plan| Report::open(plan, self.args.quiet)).collect()
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
            let clean = summary.findings == 0 && summary.complete() && summary.rules > 0;
            self.console.summary(&report::summary_line(summary), clean);
        }
    }

    /// Whether a report that a person reads names what was not read; otherwise that is up to standard error.
    fn lists_unread(&self) -> bool {
        let is_read = |plan: &Plan| plan.path.is_none() && plan.format == report::Format::Text;
        !self.args.quiet && self.plans.iter().any(is_read)
    }
}

/// The repository that is searched, or else the one that this is in.
fn repository_of(info: &RunInfo) -> Result<Option<Repository>> {
    Ok(match &info.root {
        Some(root) => Repository::discover(root)?,
        None => here(),
    })
}

/// The repository of the current directory. Where that cannot be told, nothing is accepted, which is no error.
fn here() -> Option<Repository> {
    Repository::here().unwrap_or_else(|error| {
        log::debug!("no allow file or baseline counts: {error}");
        None
    })
}

fn policy(args: &SearchArgs) -> Policy {
    Policy {
        report: Levels { severity: args.severity, confidence: args.min_confidence },
        fail: args.status.fail_on.0,
        now: Some(SystemTime::now().into()),
        severities: args.settings.severities.clone(),
        sections: args.settings.sections.clone(),
    }
}

fn judge(args: &SearchArgs) -> Judge {
    let findings = if args.status.exit_zero { None } else { Some(args.status.exit_code.unwrap_or(FINDINGS)) };
    Judge { findings, allow_incomplete: args.status.allow_incomplete }
}

/// As many threads as there are processors start by themselves when they are needed first.
fn set_threads(threads: usize) -> Result<()> {
    if threads == 0 {
        return Ok(());
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build_global().with_context(|| format!("starting {threads} threads"))?;
    log::debug!("{threads} threads");
    Ok(())
}
