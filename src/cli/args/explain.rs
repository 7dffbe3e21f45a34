//! The flags of `keysieve explain`.

use clap::Args;
use keysieve::engine::Marker;

use super::{KnownArgs, RuleArgs};

/// Tell why a line is reported, or why not.
///
/// For each place in the line where a rule looked: that it is reported, or which step dropped it, and on what grounds. The
/// steps are: regex (or form), edges, allow list, validator, context, kind of file, overlap, comment. Secrets are masked.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The line, as reports name it.
    ///
    /// A file on disk and the number of a line in it, from 1: src/deploy.sh:14.
    #[arg(value_name = "PATH:LINE")]
    pub(crate) place: String,

    /// Undo this many layers of encoding.
    ///
    /// As in a scan; 2 unless the configuration says otherwise. Environment: KEYSIEVE_DECODE.
    #[arg(long, value_name = "DEPTH", help_heading = "What is searched")]
    #[arg(env = "KEYSIEVE_DECODE", hide_env = true)]
    pub(crate) decode: Option<u8>,

    /// Comments of other scanners that count, by the configuration.
    #[arg(skip)]
    pub(crate) markers: Vec<Marker>,

    #[command(flatten)]
    pub(crate) known: KnownArgs,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}
