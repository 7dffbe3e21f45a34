//! A search by any verb: flags become a scanner, a policy and reports; the pipeline runs over the source that the verb
//! has made; the outcome is summed up and judged. What is searched is up to the verb.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use anyhow::{Context, Result};
use keysieve::engine::{self, Scanner};
use keysieve::model::{Mask, NoMask, RunInfo, Summary, Unit};
use keysieve::pipeline::{self, Accepted, Directives, FirstPass, Run};
use keysieve::report::{self, Reporter, Style};
use keysieve::rules::RuleSet;
use keysieve::source::Source;
use keysieve::triage::{Levels, Policy, Suppressions};

use super::args::SearchArgs;
use super::console::Console;
use super::exit::{FINDINGS, Judge};
use super::interrupt::Interrupt;
use super::known::Known;
use super::output::{self, Plan, Report};
use super::progress::Meter;
use super::{ExitStatus, rules, summary};

/// What is searched.
pub(crate) struct Subject<'s> {
    pub(crate) source: &'s dyn Source,
    /// What also stands in here is not new, and not reported.
    pub(crate) before: Option<&'s dyn Source>,
    pub(crate) directives: Directives<'s>,
    /// What was looked at before.
    pub(crate) first_pass: Option<FirstPass<'s>>,
    pub(crate) info: RunInfo,
}

/// Everything of a run but what is searched.
pub(crate) struct Search<'a> {
    args: &'a SearchArgs,
    plans: Vec<Plan>,
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
        let plans = output::plan(&args.report.formats, args.report.output.as_deref())?;
        let rules = rules::set(&args.rules)?;
        log::debug!("{} rules, {} layers of encoding", rules.rules().len(), args.decode);
        set_threads(args.threads)?;
        let options = engine::Options { decode: args.decode };
        let known = Known::read(&args.known, console)?;
        let scanner = |rules: RuleSet| Scanner::new(rules, options).with_known(known.values());
        let (scanner, masker) = (scanner(rules), rules::all_if_narrowed(&args.rules)?.map(scanner));
        Ok(Self { args, plans, scanner, masker, known, interrupt: Interrupt::listen(args.timeout)?, console })
    }

    /// The same for a change that comes from outside, whose comments do not count.
    pub(crate) fn distrusting(self) -> Self {
        Self { scanner: self.scanner.distrusting(), ..self }
    }

    /// Scans `source`, reports, and judges. What also stands in `before` is not new, and not reported.
    pub(crate) fn run(&self, source: &dyn Source, before: Option<&dyn Source>, info: RunInfo) -> Result<ExitStatus> {
        self.run_for(Subject { source, before, directives: Directives::Count, first_pass: None, info }, None)
    }

    /// The same with all that can be said of what is searched, and for one more reader of the report.
    pub(crate) fn run_for<'r>(
        &'r self,
        subject: Subject<'_>,
        reader: Option<Box<dyn Reporter + 'r>>,
    ) -> Result<ExitStatus> {
        let summary = self.report(subject, reader)?;
        self.tell(&summary);
        Ok(judge(self.args).status(&summary, self.interrupt.by_user()))
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

    fn report<'r>(&'r self, subject: Subject<'_>, reader: Option<Box<dyn Reporter + 'r>>) -> Result<Summary> {
        let Subject { source, before, directives, first_pass, info } = subject;
        let mut reports = self.open_reports()?;
        let meter = Meter::start(self.args.progress, Unit::File);
        let at_home = self.known.at_home(info.root.as_deref());
        let run = Run {
            source,
            before,
            directives,
            accepted: Accepted { suppressions: &Suppressions::default(), added: &[], are_shown: false },
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

fn policy(args: &SearchArgs) -> Policy {
    Policy {
        report: Levels { severity: args.severity, confidence: args.min_confidence },
        fail: args.status.fail_on.0,
        now: Some(SystemTime::now().into()),
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
