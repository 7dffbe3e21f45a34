//! The flags of `keysieve explain`.

use clap::Args;
use keysieve::triage::Allowance;

use super::{KnownArgs, RuleArgs};
use crate::cli::suppress::SuppressArgs;

/// Tell why a line is reported, or why not.
///
/// For each place in the line where a rule looked: that it is reported, or which step dropped it, and on what grounds. The
/// steps are: regex (or form), edges, allow list, validator, context, kind of file, overlap, comment, allow file, baseline,
/// [[allow]] of the configuration. Secrets are masked.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The line, as reports name it.
    ///
    /// A file on disk and the number of a line in it, from 1: src/deploy.sh:14. With a revision and a path from the top of the
    /// work tree, the file as that has it: main:src/deploy.sh:14.
    #[arg(value_name = "[REV:]PATH:LINE")]
    pub(crate) place: String,

    /// Undo this many layers of encoding.
    ///
    /// As in a scan; 2 unless the configuration says otherwise. Environment: KEYSIEVE_DECODE.
    #[arg(long, value_name = "DEPTH", help_heading = "What is searched")]
    #[arg(env = "KEYSIEVE_DECODE", hide_env = true)]
    pub(crate) decode: Option<u8>,

    /// What accepts findings, by the configuration.
    #[arg(skip)]
    pub(crate) suppress: SuppressArgs,

    /// The same, as far as it stands there itself.
    #[arg(skip)]
    pub(crate) allowances: Vec<Allowance>,

    #[command(flatten)]
    pub(crate) known: KnownArgs,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}
