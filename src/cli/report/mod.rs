//! `keysieve report`: reports are read again, put together, and written in other formats. Nothing is searched here.

mod args;
pub(super) mod options;

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use keysieve::model::{Mask, NoMask};
use keysieve::report::{self, Log};
use keysieve::rules::RuleSet;

use self::args::RewriteArgs;
pub(super) use self::args::{ReportVerb, ReportVerbArgs, TargetArgs};
use super::ExitStatus;
use super::console::Console;
use super::exit::{FINDINGS, Judge};
use super::output::{self, Report};

/// The path that means standard input.
const STANDARD_INPUT: &str = "-";

/// Reads, and writes again.
pub(crate) fn run(verb: &ReportVerb, console: &Console) -> Result<ExitStatus> {
    match verb {
        ReportVerb::Convert(args) => write(&read(&args.input, &args.rewrite, console)?, &args.rewrite, console),
        ReportVerb::Merge(args) => {
            if args.inputs.iter().filter(|input| *input == Path::new(STANDARD_INPUT)).count() > 1 {
                bail!("'-' (standard input) can be read once only");
            }
            let logs =
                args.inputs.iter().map(|input| read(input, &args.rewrite, console)).collect::<Result<Vec<_>>>()?;
            write(&Log::merge(logs), &args.rewrite, console)
        }
    }
}

fn read(input: &PathBuf, args: &RewriteArgs, console: &Console) -> Result<Log> {
    // Something else may have written it, or a keysieve that knew fewer rules.
    let mask: &dyn Mask = if args.show_secrets { &NoMask } else { console.mask() };
    let is_stdin = input == Path::new(STANDARD_INPUT);
    let name = if is_stdin { "standard input".into() } else { input.to_string_lossy() };
    let log = if is_stdin {
        Log::read(&mut io::stdin().lock(), mask)
    } else {
        File::open(input).map_err(report::ReadError::Io).and_then(|file| Log::read(&mut BufReader::new(file), mask))
    };
    let log = log.with_context(|| format!("reading a report in JSON Lines from {name}"))?;
    if log.info.show_secrets && !args.show_secrets {
        bail!("{name} shows secrets in clear: with --show-secrets the new report shows them, too");
    }
    Ok(log)
}

fn write(log: &Log, args: &RewriteArgs, console: &Console) -> Result<ExitStatus> {
    let plans = output::plans(&args.report)?;
    let options = options::of(&args.report.target, &plans)?;
    let rules = log.rules_with(&RuleSet::builtin());
    let mut reports = plans.iter().map(|plan| Report::open(plan, false)).collect::<Result<Vec<_>>>()?;
    for (plan, out) in plans.iter().zip(&mut reports) {
        let options = options::on(&options, plan, console);
        let mut reporter = report::reporter(plan.format, Box::new(out), &rules, &options);
        log.report(&mut *reporter).with_context(|| format!("writing the report as {}", plan.format))?;
    }
    for report in reports {
        if let Some(told) = report.commit(args.show_secrets)? {
            console.warning(&told);
        }
    }
    let judge = Judge { findings: Some(FINDINGS), allow_incomplete: false };
    Ok(if args.judge { judge.status(&log.summary, false) } else { ExitStatus::Success })
}
