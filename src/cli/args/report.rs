//! The flags that say where reports go, and what the exit status says.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::cli::report::TargetArgs;
use crate::cli::values::{FailOn, FormatAndPath};

/// Where reports go, and in which format.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Report")]
pub(crate) struct ReportArgs {
    /// Report as text, jsonl, sarif or in another format [default: text].
    ///
    /// The others are gitlab, github (annotations of a workflow, and a job summary), markdown, junit, csv, asff (AWS Security
    /// Hub), gitleaks-json and html. Repeat it with paths for several reports of one run: -f text -f sarif=keysieve.sarif. A
    /// path is written at the end and replaced as a whole; asff=a.json becomes a-0001.json and so on, a file for each batch.
    /// Environment: KEYSIEVE_FORMAT, one format.
    #[arg(short, long = "format", value_name = "FORMAT[=PATH]", env = "KEYSIEVE_FORMAT", hide_env = true)]
    pub(crate) formats: Vec<FormatAndPath>,

    /// Write the report to this file instead of standard output.
    ///
    /// For a single report. The file is written at the end and replaced as a whole; a run that fails leaves it as it was.
    /// Environment: KEYSIEVE_OUTPUT.
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    #[arg(env = "KEYSIEVE_OUTPUT", hide_env = true)]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// What the exit status says.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Exit status")]
pub(crate) struct StatusArgs {
    /// Fail (status 1) for findings of at least this level [default: low,probable].
    ///
    /// LEVEL is a severity (info, low, medium, high, critical), a confidence (possible, probable, certain), or one of each
    /// with a comma between: high,certain. The half that is not given stays as it is by default. never lets all findings
    /// pass. Environment: KEYSIEVE_FAIL_ON.
    #[arg(long, value_name = "LEVEL", default_value = "low,probable", hide_default_value = true)]
    #[arg(env = "KEYSIEVE_FAIL_ON", hide_env = true)]
    pub(crate) fail_on: FailOn,

    /// Let all findings pass.
    ///
    /// They are reported, and the status is 0, or 3 if something could not be read. For a job that collects reports.
    #[arg(long, conflicts_with = "exit_code")]
    pub(crate) exit_zero: bool,

    /// Use this status for findings, instead of 1.
    ///
    /// For a caller that gives numbers a meaning of its own; 2 and 3 keep theirs all the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    pub(crate) exit_code: Option<u8>,

    /// Let a run pass that could not read everything.
    ///
    /// What could not be read is reported, and the status is 0 if nothing else is wrong. It also covers --timeout.
    #[arg(long)]
    pub(crate) allow_incomplete: bool,
}
