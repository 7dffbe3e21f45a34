//! The flags of `keysieve history`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::SearchArgs;

/// Search a whole history for secrets.
///
/// Every object of the repository is looked at, once: every version of every file, the messages of commits and tags, notes and
/// stashes, and what no branch leads to any more; and the names of branches and tags. A finding names the commit that brought
/// the secret in, and says whether HEAD still has it.
///
/// Exit status: 0 if nothing that fails was found and everything was looked at, 1 if there are findings, 2 for errors, 3 if
/// something could not be read, as in a shallow clone, 130 if interrupted.
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// Search only what these commits add: REV, A..B, ^A [default: everything].
    ///
    /// Ids, or names of branches and tags. A..B are the commits that B has and A has not, ^A excludes those of A. A secret that
    /// also stands in what the commits change or delete is not added by them.
    #[arg(value_name = "REV-RANGE")]
    pub(crate) ranges: Vec<String>,

    /// Search what the commits of all branches and tags add.
    ///
    /// Goes with --not. Without it --all leaves out what nothing leads to.
    #[arg(long, help_heading = "What is searched")]
    pub(crate) all: bool,

    /// Leave out the commits that REV has.
    ///
    /// As ^REV does: --all --not origin/main is what is not there yet. May be given more than once.
    #[arg(long, value_name = "REV", help_heading = "What is searched")]
    pub(crate) not: Vec<String>,

    /// Search what the commits of refs with such names add.
    ///
    /// As in "release/*" or "refs/tags/v1.*"; refs/heads/ and its like may be left out. It is an error if there are none.
    #[arg(long, value_name = "GLOB", help_heading = "What is searched")]
    pub(crate) refs: Option<String>,

    /// Search what the commits since DATE add.
    ///
    /// By the date of the committer, as 2024-05-02, 2024-05-02T12:00:00Z or "3 weeks ago"; of all branches and tags, unless
    /// others are given.
    #[arg(long, value_name = "DATE", help_heading = "What is searched")]
    pub(crate) since: Option<String>,

    /// Search what the newest N commits add.
    ///
    /// Of all branches and tags, unless others are given.
    #[arg(long, value_name = "N", help_heading = "What is searched")]
    pub(crate) max_commits: Option<usize>,

    /// Search the repository that DIR is in [default: the current directory].
    ///
    /// DIR may be a bare repository, too.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "What is searched")]
    pub(crate) repo: Option<PathBuf>,

    /// Make sure that no file of a commit is missing, and each is what its id says.
    ///
    /// What is missing or something else is told as not read. Missing commits and directories always are, and so are files in a
    /// partial clone; elsewhere git makes sure of it by itself. Ids are hashes of what is stored under them: to compute them
    /// takes longer than all else.
    #[arg(long, help_heading = "What is searched")]
    #[arg(conflicts_with_all = ["ranges", "all", "not", "refs", "since", "max_commits"])]
    pub(crate) connectivity: bool,

    #[command(flatten)]
    pub(crate) search: SearchArgs,
}
