//! The flags of `keysieve diff`.

use clap::Args;

use super::SearchArgs;

/// Search what a branch adds for secrets.
///
/// Every version of every file that is new in the commits of a range is looked at, the intermediate ones and those of
/// merges too, and the messages of these commits. A secret that also stands in what they change or delete is not new, and
/// not reported. Comments that allow a secret count only if the base has them, too, and allow file and baseline are read from the
/// base: a change cannot silence itself.
///
/// Exit status: 0 if nothing that fails was found and everything was looked at, 1 if there are findings, 2 for errors, 3 if
/// something could not be read, as in a shallow clone, 130 if interrupted.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// What the branch is compared with, and the branch [default: HEAD].
    ///
    /// Ids, or names of branches and tags. Commits that BASE has do not count, wherever the branch began: BASE..HEAD and
    /// BASE...HEAD are the same.
    #[arg(value_name = "BASE[..HEAD]", required_unless_present = "pr", conflicts_with = "pr")]
    pub(crate) range: Option<String>,

    /// Take base and head from the variables of the CI system.
    ///
    /// Those of a pull request or merge request, or of a push: GitHub Actions, GitLab, Azure Pipelines, Bitbucket,
    /// CircleCI and Jenkins are known.
    #[arg(long, help_heading = "What is searched")]
    pub(crate) pr: bool,

    #[command(flatten)]
    pub(crate) search: SearchArgs,
}
