//! The hooks that look at commits: before a merge is committed, before a push, and where it arrives. What git tells them,
//! by arguments and on standard input, says between what and what the commits are.

use std::env;
use std::ffi::OsString;
use std::io::{self, Read};

use anyhow::{Context, Result, bail};
use keysieve::git::{Ends, RefUpdate, Repository};

use super::Kind;
use crate::cli::ExitStatus;
use crate::cli::args::{self, HookRunArgs, SearchArgs};
use crate::cli::console::Console;
use crate::cli::known;
use crate::cli::range::{self, Author, Change};

/// Arguments of git's own for prepare-commit-msg: the file, where the message is from, a commit.
const MOST_OF_PREPARE: usize = 3;

/// Whether a hook is one of these.
pub(super) fn are_looked_at_by(kind: Kind) -> bool {
    !matches!(kind, Kind::PreCommit | Kind::PreMergeCommit | Kind::CommitMsg)
}

/// Whether git runs the hook for something that is not its business, so that there is nothing to be passed by.
pub(super) fn has_nothing_to_look_at(kind: Kind) -> bool {
    let merged = || Repository::here().map(|repository| repository.map(|repository| repository.merged()));
    kind == Kind::PrepareCommitMsg && matches!(merged(), Ok(Some(Ok(None))))
}

/// Looks at the commits that the hook is about.
pub(super) fn look(hook: &HookRunArgs, console: &Console) -> Result<ExitStatus> {
    let mut flags: SearchArgs = match args::of_verb(&[]) {
        Ok(flags) => flags,
        Err(answer) => {
            console.usage(&answer);
            return Ok(ExitStatus::Error);
        }
    };
    known::refuse_standard_input(&flags.known, "what says what is pushed")?;
    // Whoever can push could ask what this machine holds.
    flags.known.no_known |= hook.kind.is_of_server();
    let Some(repository) = Repository::here()? else { bail!("there is no git repository here") };
    let Some(ends) = ends(hook, &repository)? else { return Ok(ExitStatus::Success) };
    let author = if hook.kind == Kind::PrepareCommitMsg { Author::Oneself } else { Author::Outsider };
    let change = Change { mode: hook.kind.name(), ends, author, names_commits: true };
    range::run(change, &repository, &flags, console)
}

/// Between what and what the commits are; none if there are none.
fn ends(args: &HookRunArgs, repository: &Repository) -> Result<Option<Ends>> {
    match (args.kind, &*args.args) {
        (Kind::PrepareCommitMsg, given) if given.len() <= MOST_OF_PREPARE => Ok(repository.merged()?),
        (Kind::PrepareCommitMsg, _) => bail!("prepare-commit-msg takes at most {MOST_OF_PREPARE} arguments"),
        (Kind::PrePush, given) => of_push(given, repository),
        (Kind::PreReceive, []) => {
            let updates = updates(RefUpdate::of_pre_receive)?;
            if updates.is_empty() {
                bail!("nothing on standard input says what is pushed: another hook may have read it");
            }
            Ok(Some(repository.received(&updates)?))
        }
        (Kind::PreReceive, _) => bail!("pre-receive takes no arguments"),
        (Kind::Update, [name, old, new]) => {
            let [name, old, new] = [name, old, new].map(|word| word.as_encoded_bytes());
            let update = RefUpdate::new(name, old, new).context("the last two arguments of update are no ids")?;
            Ok(Some(repository.received(&[update])?))
        }
        (Kind::Update, _) => bail!("update takes three arguments: a ref, its old id and its new one"),
        (Kind::PreCommit | Kind::PreMergeCommit | Kind::CommitMsg, _) => Ok(None),
    }
}

/// What is pushed, as git says it; or as the pre-commit framework does, which reads what git says itself.
fn of_push(given: &[OsString], repository: &Repository) -> Result<Option<Ends>> {
    let told = Framework::of_environment();
    match given {
        [remote, _url] => {
            let updates = updates(RefUpdate::of_pre_push)?;
            Ok(Some(repository.pushed(&updates, &remote.to_string_lossy())?))
        }
        [] => match told.head {
            Some(head) => Ok(Some(repository.pushed_between(told.base.as_deref(), &head, &told.remote)?)),
            None => bail!("pre-push takes two arguments, the remote and its URL; and no variable says what is pushed"),
        },
        _ => bail!("pre-push takes two arguments: the remote and its URL"),
    }
}

/// What the pre-commit framework tells in variables.
struct Framework {
    /// None if the remote has no commit of the branch.
    base: Option<String>,
    head: Option<String>,
    remote: String,
}

impl Framework {
    fn of_environment() -> Self {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            base: variable("PRE_COMMIT_FROM_REF"),
            head: variable("PRE_COMMIT_TO_REF").or_else(|| variable("PRE_COMMIT_LOCAL_BRANCH")),
            remote: variable("PRE_COMMIT_REMOTE_NAME").unwrap_or_default(),
        }
    }
}

/// What standard input says, a ref a line.
fn updates(parse: fn(&[u8]) -> Option<RefUpdate>) -> Result<Vec<RefUpdate>> {
    let mut input = Vec::new();
    io::stdin().read_to_end(&mut input).context("reading what is pushed from standard input")?;
    let lines = input.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let parsed: Option<Vec<RefUpdate>> = lines.map(parse).collect();
    parsed.context("a line on standard input is not what git says of a push")
}
