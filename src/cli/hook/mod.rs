//! `keysieve hook`: installs hooks where git looks for them, uninstalls them, tells whether they run, and does what an
//! installed hook asks for. Where git looks is the library's to know; what a hook file says is in `hooks/`.

mod file;
mod install;
mod manager;
mod place;
mod run;
mod status;
mod uninstall;

use anyhow::Result;
use clap::ValueEnum;

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
    /// Before a message is used.
    CommitMsg,
}

impl Kind {
    /// The name of its file.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PreMergeCommit => "pre-merge-commit",
            Self::CommitMsg => "commit-msg",
        }
    }

    /// Those that were asked for; all if none was.
    fn asked_for(kinds: &[Self]) -> Vec<Self> {
        let mut kinds = if kinds.is_empty() { Self::value_variants() } else { kinds }.to_vec();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

/// Does what the verb says.
pub(crate) fn run(verb: &HookVerb, console: &Console) -> Result<ExitStatus> {
    match verb {
        HookVerb::Install(args) => install::run(args, console),
        HookVerb::Uninstall(args) => uninstall::run(args),
        HookVerb::Status(args) => status::run(args),
        HookVerb::Run(args) => Ok(run::run(args, console)),
    }
}
