//! The flags of `keysieve report`, and those of all verbs that say for whom a report is. As in `cli/args/`, the first line
//! of each doc comment is what `-h` shows, all of it is what `--help` shows.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::options;
use crate::cli::args::ReportArgs;

/// Convert reports to other formats, and put several together.
///
/// What is read is JSON Lines (-f jsonl), the format that holds everything; what is written is any format.
#[derive(Debug, Args)]
pub(crate) struct ReportVerbArgs {
    #[command(subcommand)]
    pub(crate) verb: ReportVerb,
}

/// What to do with reports.
#[derive(Debug, Subcommand)]
pub(crate) enum ReportVerb {
    Convert(Box<ConvertArgs>),
    Merge(Box<MergeArgs>),
}

/// Write a report again, in other formats.
///
/// The result is what the search would have written in that format. Rules that are not built in are described in the report
/// itself.
///
/// Exit status: 0 if the report was written, whatever it says, and 2 for errors. With --judge the report decides, as a search
/// does.
#[derive(Debug, Args)]
pub(crate) struct ConvertArgs {
    /// The report, in JSON Lines; "-" is standard input.
    ///
    /// It must be whole: one that was cut off is an error, and named with its line.
    #[arg(value_name = "IN", value_hint = ValueHint::FilePath)]
    pub(crate) input: PathBuf,

    #[command(flatten)]
    pub(crate) rewrite: RewriteArgs,
}

/// Put several reports together.
///
/// A secret that more than one of them has, by its fingerprint, is one finding with the places of all. What one of them could
/// not read stays so in the whole. The reports should be of one repository: paths are compared as they stand.
///
/// Exit status: 0 if the report was written, whatever it says, and 2 for errors. With --judge the report decides, as a search
/// does.
#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// The reports, in JSON Lines; "-" is standard input.
    ///
    /// Each must be whole.
    #[arg(value_name = "IN", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) inputs: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rewrite: RewriteArgs,
}

/// How a report is written again.
#[derive(Debug, Args)]
pub(crate) struct RewriteArgs {
    #[command(flatten)]
    pub(crate) report: ReportArgs,

    /// Let the exit status say what the report says.
    ///
    /// 1 if it has findings that made the search fail, 3 if something could not be read, as the search itself would have.
    /// For a job that collects the reports of others.
    #[arg(long, help_heading = "Exit status")]
    pub(crate) judge: bool,

    /// Accept a report that shows secrets in clear.
    ///
    /// What is written shows them as well. A report that masks them stays masked.
    #[arg(long, help_heading = "Report")]
    pub(crate) show_secrets: bool,
}

/// For whom a report is.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Report")]
pub(crate) struct TargetArgs {
    /// Write SARIF for GitHub's code scanning.
    ///
    /// GitHub shows findings in files of the repository. Those in messages, names of refs and files elsewhere are left out,
    /// which the report says. Results come in runs of 5,000, the worst first, since it drops what is beyond; and what is more
    /// than it takes of one file goes into further ones (FILE.2.sarif and so on), which standard error names.
    #[arg(long, conflicts_with = "sarif_azure")]
    pub(crate) sarif_github: bool,

    /// Write SARIF for Advanced Security of Azure DevOps.
    ///
    /// It names the pipeline, by the variables that Azure Pipelines sets, and it is an error if there are none. What stands in
    /// no file of the repository is left out, as with --sarif-github.
    #[arg(long)]
    pub(crate) sarif_azure: bool,

    /// The AWS account that gets an asff report: 12 digits.
    ///
    /// Neither this nor the region is ever taken from credentials or settings of this machine.
    #[arg(long, value_name = "ID", value_parser = options::account)]
    pub(crate) asff_account: Option<String>,

    /// The AWS region that gets an asff report.
    ///
    /// As in eu-central-1.
    #[arg(long, value_name = "REGION", value_parser = options::region)]
    pub(crate) asff_region: Option<String>,

    /// The AWS partition that gets an asff report [default: by the region].
    ///
    /// aws, or aws-cn for regions in China and aws-us-gov for those of the government.
    #[arg(long, value_name = "NAME", value_parser = options::region)]
    pub(crate) asff_partition: Option<String>,
}
