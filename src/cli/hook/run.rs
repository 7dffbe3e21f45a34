//! `keysieve hook run`: the verb that looks at what a hook is for, and what its status means to git: go on, or not. Here
//! too is the way past it, which is said aloud and logged.

use std::env;
use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;
use keysieve::engine::{Options, Scanner};
use keysieve::git::Hooks;
use keysieve::model::Text;
use keysieve::rules::RuleSet;

use super::{Kind, commits};
use crate::cli::args::{self, HookRunArgs, Searching};
use crate::cli::console::Console;
use crate::cli::{ExitStatus, message, settings, staged};

/// The variable that lets everything pass, and says why.
pub(crate) const SKIP: &str = "KEYSIEVE_SKIP";

/// Looks, and says why git is not to go on, if it is not.
pub(super) fn run(args: &HookRunArgs, console: &Console) -> ExitStatus {
    let outcome = match env::var_os(SKIP) {
        Some(_) if commits::has_nothing_to_look_at(args.kind) => Ok(ExitStatus::Success),
        Some(reason) => pass_by(args.kind, &reason.to_string_lossy(), console),
        None => look(args, console),
    };
    let status = outcome.unwrap_or_else(|error| {
        console.error(&error);
        ExitStatus::Error
    });
    if let Some(why) = refusal(args, status) {
        console.line("refused", &why);
    }
    if matches!(status, ExitStatus::Findings(_)) {
        console.line("note", &way_on(args.kind));
    }
    status
}

/// The run that the hook stands for, with what the environment sets for its flags.
fn look(args: &HookRunArgs, console: &Console) -> Result<ExitStatus> {
    match (args.kind, &*args.args) {
        (kind, _) if commits::are_looked_at_by(kind) => commits::look(args, console),
        (Kind::PreCommit | Kind::PreMergeCommit, []) => verb(&[], console, staged::run),
        (Kind::CommitMsg, [file]) => verb(&["--".into(), file.clone()], console, message::run),
        (Kind::CommitMsg, _) => bail!("commit-msg takes one argument, the file that holds the message"),
        (kind, _) => bail!("{} takes no arguments", kind.name()),
    }
}

/// A verb with these arguments, and with what files of the configuration set.
fn verb<A: Args + Searching>(
    words: &[OsString],
    console: &Console,
    run: impl Fn(&A, &Console) -> Result<ExitStatus>,
) -> Result<ExitStatus> {
    match args::of_verb::<A>(words) {
        Ok(mut args) => {
            settings::apply_here(args.search_mut(), console)?;
            run(&args, console)
        }
        Err(answer) => {
            console.usage(&answer);
            Ok(ExitStatus::Error)
        }
    }
}

/// Lets everything pass, if there is a reason.
fn pass_by(kind: Kind, reason: &str, console: &Console) -> Result<ExitStatus> {
    let mask = Scanner::new(RuleSet::builtin(), Options::default());
    let reason = Text::new(reason.trim().as_bytes(), &mask);
    if reason.as_str().is_empty() {
        bail!("{SKIP} is set, but gives no reason");
    }
    console.warning(&format!("{} has looked at nothing: {SKIP} says: {reason}", kind.name()));
    if let Some(hooks) = Hooks::here()? {
        hooks.log_bypass(kind.name(), &reason).context("writing to the log of what was passed by")?;
    }
    Ok(ExitStatus::Success)
}

/// What whoever was refused can do.
fn way_on(kind: Kind) -> String {
    if kind.is_of_server() {
        return "take it out of the commits that are named, a later one does not help, and push again; if it is in use, \
                revoke it"
            .to_owned();
    }
    format!("{SKIP}='the reason' in the environment lets it pass, and is logged")
}

/// What git was kept from, and why.
fn refusal(args: &HookRunArgs, status: ExitStatus) -> Option<String> {
    let what = match args.kind {
        Kind::PreCommit => "the commit",
        Kind::PreMergeCommit | Kind::PrepareCommitMsg => "the merge",
        Kind::CommitMsg => "the message of the commit",
        Kind::PrePush | Kind::PreReceive | Kind::Update => "the push",
    };
    Some(match (status, args.kind) {
        (ExitStatus::Success, _) => return None,
        (ExitStatus::Findings(_), Kind::CommitMsg) => {
            let file = args.args.first().map_or(Path::new(""), Path::new).display();
            format!("{what} holds a secret, see above; what was written is still in {file}")
        }
        (ExitStatus::Findings(_), _) => format!("{what} would bring in a secret, see above"),
        (ExitStatus::Error, _) => format!("{what} was not looked at, because of the error above"),
        (ExitStatus::Incomplete, _) => format!("{what} could not be looked at as a whole, see above"),
        (ExitStatus::Interrupted, _) => format!("{what} was not looked at to the end"),
    })
}
