//! The flags of `keysieve staged`.

use clap::Args;

use super::SearchArgs;

/// Search what is staged for secrets.
///
/// What the next commit would add is looked at: the staged content of files that are new or changed, whatever the files
/// on disk hold by now, and names that are new. A secret that also stands in what the commit changes or deletes is not
/// new, and not reported. In a hook, the index is the one that git is making the commit from.
///
/// Exit status: 0 if nothing that fails was found and everything was looked at, 1 if there are findings, 2 for errors, 3 if
/// something could not be read, 130 if interrupted.
#[derive(Debug, Args)]
pub(crate) struct StagedArgs {
    /// Report secrets that were there before, too.
    ///
    /// Everything in a file that is staged is reported, be it new or not.
    #[arg(long, help_heading = "What is searched")]
    pub(crate) whole_files: bool,

    #[command(flatten)]
    pub(crate) search: SearchArgs,
}
