//! `keysieve hook uninstall`: takes our files away, and puts back what was in their place, by renaming it: byte by byte
//! the same, with its permissions. Other programs' files are left alone.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;
use keysieve::git;

use super::Kind;
use super::file::{self, Found, Role};
use super::install::in_directory;
use super::place::{Owner, Place};
use crate::cli::args::HookPlaceArgs;
use crate::cli::console::Console;
use crate::cli::{ExitStatus, output};

/// Uninstalls the hooks, and says what was done.
pub(super) fn run(args: &HookPlaceArgs, console: &Console) -> Result<ExitStatus> {
    let place = Place::of(args)?;
    let mut lines = Vec::new();
    for kind in asked_for(args, &place) {
        lines.push(uninstall(&place, kind)?);
    }
    if place.is_global {
        lines.extend(close(&place)?);
    }
    output::print_lines(&lines, console)
}

/// Without any that are asked for, all; those of a server are worth a word only if there are any.
fn asked_for(args: &HookPlaceArgs, place: &Place) -> Vec<Kind> {
    let is_ours = |kind: &Kind| {
        let slot = place.slot(*kind);
        [in_directory(&slot), slot].iter().any(|path| matches!(file::look_at(path), Ok(Found::Ours(_))))
    };
    let of_server = Kind::value_variants().iter().copied().filter(|kind| kind.is_of_server() && is_ours(kind));
    let more = of_server.filter(|_| args.kinds.is_empty());
    Kind::asked_for(&args.kinds).into_iter().chain(more).collect()
}

fn uninstall(place: &Place, kind: Kind) -> Result<String> {
    let slot = place.slot(kind);
    let one_of_many = in_directory(&slot);
    if matches!(file::look_at(&one_of_many), Ok(Found::Ours(_))) {
        remove(&one_of_many)?;
        return Ok(format!("removed {}", one_of_many.display()));
    }
    match file::look_at(&slot)? {
        Found::Ours(_) if place.is_global => {
            file::write(&slot, &Role::Forward.text(""))?;
            Ok(format!("removed {}", slot.display()))
        }
        Found::Ours(_) => take_away(&slot),
        Found::Forward | Found::Nothing => Ok(format!("{} is not there", slot.display())),
        Found::Theirs { .. } => Ok(format!("{} is not keysieve's, and stays", slot.display())),
    }
}

fn take_away(slot: &Path) -> Result<String> {
    for aside in [file::chained(slot), file::backup(slot)] {
        if fs::symlink_metadata(&aside).is_ok() {
            file::rename(&aside, slot)?;
            return Ok(format!("removed {}, and put back what was there before", slot.display()));
        }
    }
    remove(slot)?;
    Ok(format!("removed {}", slot.display()))
}

/// Gives up the directory for all repositories once no hook of ours is in it that does more than run others.
fn close(place: &Place) -> Result<Option<String>> {
    for kind in Kind::value_variants() {
        if matches!(file::look_at(&place.slot(*kind))?, Found::Ours(_)) {
            return Ok(None);
        }
    }
    let said = match &place.owner {
        Owner::User(Some(_)) => {
            let file = git::set_hooks_of_user(None)?;
            Some(format!("took core.hooksPath out of {}", file.display()))
        }
        _ => None,
    };
    remove_forwards(&place.directory)?;
    Ok(said)
}

fn remove_forwards(directory: &Path) -> Result<()> {
    let Ok(entries) = fs::read_dir(directory) else { return Ok(()) };
    for entry in entries {
        let path = entry.with_context(|| format!("listing {}", directory.display()))?.path();
        if matches!(file::look_at(&path), Ok(Found::Forward)) {
            remove(&path)?;
        }
    }
    // It stays if something else is in it.
    let _ = fs::remove_dir(directory);
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path).with_context(|| format!("removing {}", path.display()))
}
