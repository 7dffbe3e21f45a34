//! The flags of `keysieve scan`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::SearchArgs;

/// Search files for secrets.
///
/// Directories are searched recursively. In a git repository these files are looked at: tracked ones, and untracked ones
/// that git does not ignore. Outside of a repository nothing is ignored.
///
/// Exit status: 0 if nothing that fails was found and everything was looked at, 1 if there are findings, 2 for errors, 3 if
/// something could not be read, 130 if interrupted.
#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    /// Files and directories; "-" is standard input [default: the current directory].
    ///
    /// A path that is given is looked at even if git ignores it. Each must exist.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// Search files that git ignores as well.
    ///
    /// Nothing is left out on account of .gitignore, .git/info/exclude or the user's own exclude file. The inside of .git
    /// still is.
    #[arg(long, help_heading = "What is searched")]
    pub(crate) no_ignore: bool,

    /// Read the paths to search from FILE, one a line.
    ///
    /// "-" reads them from standard input. The paths are added to those that are given as arguments. An empty list
    /// searches nothing, and says so.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "What is searched")]
    pub(crate) files_from: Option<PathBuf>,

    /// Paths of --files-from end with a NUL byte instead of a line end.
    ///
    /// For lists made by git ls-files -z or find -print0, whose paths may hold line ends.
    #[arg(short = '0', long, requires = "files_from", help_heading = "What is searched")]
    pub(crate) null: bool,

    #[command(flatten)]
    pub(crate) search: SearchArgs,
}
