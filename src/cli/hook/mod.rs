//! `keysieve hook`: installs hooks where git looks for them, uninstalls them, tells whether they run, and does what an
//! installed hook asks for. Where git looks is the library's to know; what a hook file says is in `hooks/`.

mod commits;
mod file;
mod health;
mod install;
mod manager;
mod place;
mod run;
mod status;
mod uninstall;

use anyhow::Result;
use clap::ValueEnum;

pub(crate) use self::health::health;
pub(crate) use self::install::in_path;
pub(crate) use self::run::SKIP;
use super::ExitStatus;
use super::args::HookVerb;
use super::console::Console;

/// A hook that keysieve can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Kind {
    /// Before a commit: what is staged.
    PreCommit,
    /// Before a merge is committed: what is staged.
    PreMergeCommit,
    /// Before the message of a commit is edited: what a merge brings in.
    PrepareCommitMsg,
    /// Before a message is used.
    CommitMsg,
    /// Before something is sent to a remote.
    PrePush,
    /// Before the refs of a repository that is pushed to are changed.
    PreReceive,
    /// The same, for each ref.
    Update,
}

impl Kind {
    /// The name of its file.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PreMergeCommit => "pre-merge-commit",
            Self::PrepareCommitMsg => "prepare-commit-msg",
            Self::CommitMsg => "commit-msg",
            Self::PrePush => "pre-push",
            Self::PreReceive => "pre-receive",
            Self::Update => "update",
        }
    }

    /// Whether it runs where others push to, and not where people work.
    const fn is_of_server(self) -> bool {
        matches!(self, Self::PreReceive | Self::Update)
    }

    /// Those that were asked for; if none was, all that are for where people work.
    fn asked_for(kinds: &[Self]) -> Vec<Self> {
        let mut kinds = kinds.to_vec();
        if kinds.is_empty() {
            kinds.extend(Self::value_variants().iter().filter(|kind| !kind.is_of_server()));
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

/// Does what the verb says.
pub(crate) fn run(verb: &HookVerb, console: &Console) -> Result<ExitStatus> {
    match verb {
        HookVerb::Install(args) => install::run(args, console),
        HookVerb::Uninstall(args) => uninstall::run(args, console),
        HookVerb::Status(args) => status::run(args, console),
        HookVerb::Run(args) => Ok(run::run(args, console)),
    }
}
