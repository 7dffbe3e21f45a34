//! `keysieve hook install`: puts hooks where git looks, without taking anything away: what is there runs first, or is
//! kept as a backup. Installing again renews our files and changes nothing else.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;
use keysieve::git;

use super::Kind;
use super::file::{self, Found, Role};
use super::manager::Manager;
use super::place::{Owner, Place};
use crate::cli::args::HookInstallArgs;
use crate::cli::console::Console;
use crate::cli::{ExitStatus, output};

/// The hooks beside ours that a directory for all repositories has to pass on. Not those that change what git does by
/// being there: push-to-checkout and proc-receive.
const FORWARDED: [&str; 14] = [
    "applypatch-msg",
    "post-applypatch",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "post-receive",
    "post-rewrite",
    "post-update",
    "pre-applypatch",
    "pre-auto-gc",
    "pre-rebase",
    "reference-transaction",
    "sendemail-validate",
];

/// Installs the hooks, and says what was done.
pub(super) fn run(args: &HookInstallArgs, console: &Console) -> Result<ExitStatus> {
    let place = Place::of(&args.place)?;
    let kinds = Kind::asked_for(&args.place.kinds);
    if let Owner::Repository(hooks) = &place.owner
        && let Some(manager) = Manager::of(hooks).filter(|_| !args.force)
    {
        return manager.advise(hooks, &kinds, console);
    }
    let program = program()?;
    let mut lines = Vec::new();
    for kind in kinds {
        lines.extend(install(&place, kind, &program, args.force)?);
    }
    lines.extend(finish(&place)?);
    place.warnings().iter().for_each(|warning| console.warning(warning));
    output::print_lines(&lines, console)
}

fn install(place: &Place, kind: Kind, program: &str, force: bool) -> Result<Vec<String>> {
    let slot = place.slot(kind);
    let (chained, backup) = (file::chained(&slot), file::backup(&slot));
    let found = file::look_at(&slot)?;
    let mut lines = Vec::new();
    match &found {
        Found::Theirs { text, .. } if !force && dispatches(&slot, text) => {
            let one_of_many = in_directory(&slot);
            file::write(&one_of_many, &Role::Local(kind).text(program))?;
            return Ok(vec![format!("installed {}, which {} runs", one_of_many.display(), slot.display())]);
        }
        Found::Theirs { link, .. } => {
            let aside = if force { &backup } else { &chained };
            file::move_aside(&slot, aside)?;
            lines.extend(link.as_ref().map(|link| {
                format!("    {} is a link to {}, which is left as it is", aside.display(), link.display())
            }));
        }
        Found::Ours(_) if force && fs::symlink_metadata(&chained).is_ok() => file::move_aside(&chained, &backup)?,
        Found::Ours(_) | Found::Forward | Found::Nothing => {}
    }
    if let Err(error) = file::write(&slot, &place.role(kind).text(program)) {
        put_back(&slot, &found, if force { &backup } else { &chained });
        return Err(error);
    }
    let again = if matches!(found, Found::Ours(_)) { " again" } else { "" };
    lines.insert(0, format!("installed {}{again}", slot.display()));
    lines.extend(kept(&chained).map(|path| format!("    after {path}, which was there before")));
    lines.extend(kept(&backup).map(|path| format!("    in place of what is now {path}")));
    Ok(lines)
}

/// After a hook could not be written: what was put aside for it is put back.
fn put_back(slot: &Path, found: &Found, aside: &Path) {
    if matches!(found, Found::Theirs { .. }) {
        // The error that is being reported is the one that matters.
        let _ = file::rename(aside, slot);
    }
}

/// What makes the hooks be used.
fn finish(place: &Place) -> Result<Vec<String>> {
    if place.is_global {
        forward_the_rest(place)?;
    }
    match &place.owner {
        Owner::User(None) => {
            let file = git::set_hooks_of_user(Some(&place.directory))?;
            Ok(vec![format!("set core.hooksPath in {}", file.display())])
        }
        Owner::Template(template) => Ok(vec![format!(
            "new repositories get them after: git config --global init.templateDir '{}'",
            template.display()
        )]),
        Owner::Repository(_) | Owner::User(Some(_)) => Ok(Vec::new()),
    }
}

/// Git looks nowhere else once `core.hooksPath` is set, so that the repositories' own hooks have to be run from here.
fn forward_the_rest(place: &Place) -> Result<()> {
    let ours = Kind::value_variants().iter().map(|kind| kind.name());
    for name in FORWARDED.into_iter().chain(ours) {
        let path = place.directory.join(name);
        if matches!(file::look_at(&path)?, Found::Nothing | Found::Forward) {
            file::write(&path, &Role::Forward.text(""))?;
        }
    }
    Ok(())
}

/// A hook's file in a directory `HOOK.d`.
pub(super) fn in_directory(slot: &Path) -> PathBuf {
    let mut directory = slot.as_os_str().to_owned();
    directory.push(".d");
    Path::new(&directory).join("keysieve")
}

/// Whether a hook runs all that is in a directory `HOOK.d`, as far as its text shows.
pub(super) fn dispatches(slot: &Path, text: &str) -> bool {
    let directory = in_directory(slot);
    let is_there = directory.parent().is_some_and(Path::is_dir);
    is_there
        && file::is_executable(slot)
        && (text.contains(".d/") || text.contains("run-parts") || text.contains(".d\""))
}

fn kept(path: &Path) -> Option<String> {
    fs::symlink_metadata(path).is_ok().then(|| path.display().to_string())
}

/// The path of this program: the one under which it was found, if it was found by `PATH`, since that one outlives a new
/// version.
fn program() -> Result<String> {
    let path = called_as().map_or_else(env::current_exe, Ok).context("finding the path of keysieve itself")?;
    let path = path.to_str().with_context(|| format!("the path of keysieve is not UTF-8: {}", path.display()))?;
    Ok(if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() })
}

fn called_as() -> Option<PathBuf> {
    let name = PathBuf::from(env::args_os().next()?);
    if name.components().count() > 1 {
        return std::path::absolute(name).ok().filter(|path| path.is_file());
    }
    in_path(&name)
}

/// The file that `PATH` has under a name.
pub(crate) fn in_path(name: &Path) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let found =
        env::split_paths(&path).map(|directory| directory.join(name).with_extension(env::consts::EXE_EXTENSION));
    found.into_iter().find(|path| path.is_absolute() && file::is_executable(path))
}
