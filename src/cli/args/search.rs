//! The flags of every verb that searches: with what, and what of it counts.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{Args, ValueHint};
use keysieve::model::{Confidence, Severity};

use super::{ReportArgs, StatusArgs};
use crate::cli::settings::{RuleSettings, Settings};
use crate::cli::suppress::SuppressArgs;
use crate::cli::values::{self, When};

/// Flags of every verb that searches.
#[derive(Clone, Debug, Args)]
pub(crate) struct SearchArgs {
    /// Do not read files of more bytes than this.
    ///
    /// The suffixes K, M and G are powers of 1024. A larger file counts as not read: the report names it and the run is
    /// incomplete. There is no limit by default; large files are read in pieces. Environment: KEYSIEVE_MAX_SIZE.
    #[arg(long, value_name = "BYTES", value_parser = values::bytes, help_heading = "What is searched")]
    #[arg(env = "KEYSIEVE_MAX_SIZE", hide_env = true)]
    pub(crate) max_size: Option<u64>,

    /// Undo this many layers of encoding.
    ///
    /// A secret inside base64, hexadecimal or UTF-16, in a percent-encoded URL, among escapes of XML and JSON, or in literals that a
    /// program joins is found, and reported at the place of the encoded text. 0 looks at files as they are. Environment:
    /// KEYSIEVE_DECODE.
    #[arg(long, value_name = "DEPTH", default_value_t = 2, help_heading = "What is searched")]
    #[arg(env = "KEYSIEVE_DECODE", hide_env = true)]
    pub(crate) decode: u8,

    #[command(flatten)]
    pub(crate) known: KnownArgs,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,

    /// Report only what is at least this sure.
    ///
    /// low is possible, medium is probable (a prefix, length and neighbourhood that fit), high is certain (a checksum, a
    /// decoded structure, or proof by a neighbour). What is not reported does not fail the run either.
    /// Environment: KEYSIEVE_MIN_CONFIDENCE.
    #[arg(long, value_name = "LEVEL", value_parser = values::confidence(), default_value = "low")]
    #[arg(env = "KEYSIEVE_MIN_CONFIDENCE", hide_env = true, help_heading = "Findings")]
    pub(crate) min_confidence: Confidence,

    /// Report only what is at least this severe.
    ///
    /// Severity says what the secret unlocks: info never fails a run by default, critical is control of an account. What
    /// is not reported does not fail the run either. Environment: KEYSIEVE_SEVERITY.
    #[arg(long, value_name = "LEVEL", value_parser = values::severity(), default_value = "info")]
    #[arg(env = "KEYSIEVE_SEVERITY", hide_env = true, help_heading = "Findings")]
    pub(crate) severity: Severity,

    #[command(flatten)]
    pub(crate) suppress: SuppressArgs,

    /// Fail for a comment or entry that accepts a secret and was not in the base.
    ///
    /// Where a change from outside is judged: diff, the hooks of a push, and every verb in a pull request of a CI system.
    /// Such a comment, entry of an allow file or baseline, or key of .keysieve.toml does not count in any case, and is
    /// reported. Environment: KEYSIEVE_STRICT_SUPPRESSIONS.
    #[arg(long, env = "KEYSIEVE_STRICT_SUPPRESSIONS", hide_env = true, value_parser = FalseyValueParser::new())]
    #[arg(help_heading = "Accepted findings")]
    pub(crate) strict_suppressions: bool,

    /// Print secrets in clear instead of masked.
    ///
    /// Reports, and everything that keeps them, are then as secret as what they show: logs of a CI system, artifacts,
    /// code scanning. A report file is made readable for its owner only.
    #[arg(long, help_heading = "Findings")]
    pub(crate) show_secrets: bool,

    #[command(flatten)]
    pub(crate) report: ReportArgs,

    #[command(flatten)]
    pub(crate) status: StatusArgs,

    /// Use N threads; 0 for as many as there are processors.
    ///
    /// Reports are the same for every N. Environment: KEYSIEVE_THREADS.
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, env = "KEYSIEVE_THREADS", hide_env = true)]
    #[arg(help_heading = "Run")]
    pub(crate) threads: usize,

    /// End the run after this long.
    ///
    /// What was found by then is reported, the report says INCOMPLETE, and the status is 1 or 3. Decimals are allowed.
    /// Environment: KEYSIEVE_TIMEOUT.
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, env = "KEYSIEVE_TIMEOUT", hide_env = true)]
    #[arg(help_heading = "Run")]
    pub(crate) timeout: Option<Duration>,

    /// Show how far the scan has come.
    ///
    /// With auto, a line on standard error while a scan takes longer than a second, if that is a terminal. With always, a
    /// line every ten seconds where it is not. Environment: KEYSIEVE_PROGRESS.
    #[arg(long, value_name = "WHEN", default_value = "auto", env = "KEYSIEVE_PROGRESS", hide_env = true)]
    #[arg(help_heading = "Console")]
    pub(crate) progress: When,

    /// Print nothing on standard output and no summary; the status tells.
    ///
    /// Errors and warnings are printed, and reports that go to files are written.
    #[arg(short, long, help_heading = "Console")]
    pub(crate) quiet: bool,

    /// Print counts and times on standard error.
    ///
    /// Files and bytes that were looked at, how fast, what was left out by design and why, what could not be read,
    /// findings that were reported, that fail, and that are suppressed, by what.
    #[arg(long, help_heading = "Console")]
    pub(crate) stats: bool,

    /// The names of the arguments that are given, here or in the environment.
    #[arg(skip)]
    pub(crate) given: Vec<String>,

    /// What files of the configuration say beyond that.
    #[arg(skip)]
    pub(crate) settings: Settings,
}

/// Which values are known to be secrets.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "What is searched")]
pub(crate) struct KnownArgs {
    /// Look for the values in FILE, too: one a line.
    ///
    /// They are found in any encoding; "-" reads them from standard input. Values of less than 12 bytes and placeholders
    /// are not looked for, which is said. Repeat it for more than one file. Environment: KEYSIEVE_KNOWN, one file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, env = "KEYSIEVE_KNOWN", hide_env = true)]
    pub(crate) known: Vec<PathBuf>,

    /// Do not look for the secrets that you hold.
    ///
    /// Otherwise the values in ~/.aws, ~/.netrc, ~/.npmrc and in ignored .env files at the top of the work tree are
    /// looked for, except in CI. What --known names is looked for in any case. Environment: KEYSIEVE_NO_KNOWN.
    #[arg(long, env = "KEYSIEVE_NO_KNOWN", hide_env = true, value_parser = FalseyValueParser::new())]
    pub(crate) no_known: bool,
}

/// Which rules are used.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// Use only this rule, or the rules with this tag.
    ///
    /// Repeat it, or separate by commas, for more than one. keysieve rules list shows ids and tags.
    #[arg(long = "rule", value_name = "ID|TAG", value_delimiter = ',')]
    pub(crate) only: Vec<String>,

    /// Do not use this rule, or the rules with this tag.
    ///
    /// Repeat it, or separate by commas, for more than one. It outweighs --rule.
    #[arg(long = "skip-rule", value_name = "ID|TAG", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,

    /// Add the rules of this TOML file to the built-in ones.
    ///
    /// Repeat it for more than one. The format is the one of the built-in rules, and the same checks apply: a rule that
    /// would be wrong is an error, never ignored. Environment: KEYSIEVE_RULES, one file.
    #[arg(long = "rules", value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(env = "KEYSIEVE_RULES", hide_env = true)]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,

    /// What files of the configuration say of rules.
    #[arg(skip)]
    pub(crate) settings: RuleSettings,
}

/// Which files of the configuration count.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct ConfigArgs {
    /// Take settings from this TOML file, before all others.
    ///
    /// The files of the system, the user and the repository count where it says nothing. docs/CONFIGURATION.md has the
    /// keys. Environment: KEYSIEVE_CONFIG.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, env = "KEYSIEVE_CONFIG", hide_env = true)]
    pub(crate) config: Option<PathBuf>,

    /// Take no settings from files of the system, user and repository.
    ///
    /// A file that --config names counts all the same. Environment: KEYSIEVE_NO_CONFIG.
    #[arg(long, env = "KEYSIEVE_NO_CONFIG", hide_env = true, value_parser = FalseyValueParser::new())]
    pub(crate) no_config: bool,
}
