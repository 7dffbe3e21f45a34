//! The flags of `keysieve hook` and its verbs.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use crate::cli::hook::Kind;

/// Have git refuse commits that hold secrets.
///
/// Hooks are files that git runs before it commits. What is there already is kept: it runs first.
#[derive(Debug, Args)]
pub(crate) struct HookArgs {
    #[command(subcommand)]
    pub(crate) verb: HookVerb,
}

/// What to do with hooks.
#[derive(Debug, Subcommand)]
pub(crate) enum HookVerb {
    Install(HookInstallArgs),
    /// Uninstall hooks, and put back what was there before.
    ///
    /// To the byte, and with its permissions. Hooks of other programs are left alone.
    Uninstall(HookPlaceArgs),
    /// Tell whether git runs the hooks.
    ///
    /// For each hook: which file git runs, what runs before it, and if keysieve does not run, why not. The status is 0 if it
    /// runs in all of them, 1 if not.
    Status(HookPlaceArgs),
    Run(HookRunArgs),
}

/// Install hooks, where git looks for them.
///
/// That is the directory that core.hooksPath names, or the one that all work trees of the repository share. A hook that is
/// there already is put aside, and runs first. If husky, lefthook or pre-commit manage the hooks, nothing is installed;
/// what to add to their files is printed instead, and the status is 2.
#[derive(Debug, Args)]
pub(crate) struct HookInstallArgs {
    #[command(flatten)]
    pub(crate) place: HookPlaceArgs,

    /// Replace a hook that is there, instead of running it first.
    ///
    /// It is kept beside the new one, as HOOK.keysieve-backup, and comes back when the hook is uninstalled. A repository
    /// whose hooks are managed by husky, lefthook or pre-commit is no obstacle then.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Which hooks.
#[derive(Debug, Args)]
pub(crate) struct HookPlaceArgs {
    /// The hooks, by their names [default: all but pre-receive and update].
    ///
    /// pre-commit looks at what is staged, pre-merge-commit and prepare-commit-msg at what a merge brings in, commit-msg
    /// at the message, and pre-push at what the remote does not have. Where others push to, pre-receive looks at all that
    /// is new, and update at what is new of each ref.
    #[arg(value_name = "HOOK", value_enum, hide_possible_values = true)]
    pub(crate) kinds: Vec<Kind>,

    /// The hooks of all repositories of this user.
    ///
    /// They are in the directory that core.hooksPath names in the user's git configuration. If it names none, that is set
    /// to a directory of keysieve's, whose hooks run those of the repository too.
    #[arg(long, conflicts_with = "template")]
    pub(crate) global: bool,

    /// The hooks of a template, which git copies to new repositories.
    ///
    /// They are in DIR/hooks; git takes a template for all new repositories if init.templateDir names it.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) template: Option<PathBuf>,
}

/// Do what an installed hook does.
///
/// Exit status 0 lets git go on, any other is a refusal: 1 for findings, 2 for an error, 3 if something could not be read.
/// KEYSIEVE_SKIP=REASON in the environment lets everything pass, says so, and is logged.
#[derive(Debug, Args)]
pub(crate) struct HookRunArgs {
    /// The hook, as git names it.
    ///
    /// pre-commit, pre-merge-commit, prepare-commit-msg, commit-msg, pre-push, pre-receive or update.
    #[arg(value_name = "HOOK", value_enum, hide_possible_values = true)]
    pub(crate) kind: Kind,

    /// What git gives to that hook.
    ///
    /// The file with the message for commit-msg and prepare-commit-msg, the remote and its URL for pre-push, a ref with
    /// its old and new id for update, nothing for the others. What is pushed is read from standard input.
    #[arg(value_name = "ARG", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) args: Vec<OsString>,
}
