//! The flags of `keysieve message`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::SearchArgs;

/// Search a commit message for secrets, before it is used.
///
/// It is searched without what git will surely strip: comment lines if an editor runs (GIT_EDITOR is not ":") and
/// commit.cleanup says so, and the part below a scissors line that git wrote. What is in doubt is searched.
#[derive(Debug, Args)]
pub(crate) struct MessageArgs {
    /// The file that holds the message; "-" is standard input.
    ///
    /// Git names it to its commit-msg hook.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) search: SearchArgs,
}
