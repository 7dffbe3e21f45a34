//! `keysieve hook status`: for each hook, whether git runs it, by which file, and if it does not, why. It looks at the
//! files and runs none of them.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Kind;
use super::file::{self, Found};
use super::install::{dispatches, in_directory, in_path};
use super::manager::Manager;
use super::place::{Owner, Place};
use crate::cli::args::HookPlaceArgs;
use crate::cli::console::Console;
use crate::cli::exit::FINDINGS;
use crate::cli::{ExitStatus, output};

/// Whether a hook runs, with the file that makes it so, or the reason.
#[derive(Debug)]
pub(super) enum State {
    Runs(String),
    DoesNotRun(String),
}

/// Tells of each hook.
pub(super) fn run(args: &HookPlaceArgs, console: &Console) -> Result<ExitStatus> {
    let place = Place::of(args)?;
    let mut lines = vec![place.describe()];
    let mut all_run = true;
    for kind in Kind::asked_for(&args.kinds) {
        let state = state(&place, kind)?;
        all_run &= matches!(state, State::Runs(_));
        let (word, how) = match state {
            State::Runs(how) => ("runs", how),
            State::DoesNotRun(why) => ("does not run", why),
        };
        lines.push(format!("{}: {word}: {how}", kind.name()));
    }
    output::print_lines(&lines, console)?;
    Ok(if all_run { ExitStatus::Success } else { ExitStatus::Findings(FINDINGS) })
}

pub(super) fn state(place: &Place, kind: Kind) -> Result<State> {
    let slot = place.slot(kind);
    let path = slot.display();
    let found = file::look_at(&slot)?;
    Ok(match found {
        Found::Nothing => State::DoesNotRun(format!("there is no {path}")),
        Found::Forward => State::DoesNotRun(format!("{path} only runs the repository's own hook")),
        Found::Ours(_) | Found::Theirs { .. } if !file::is_executable(&slot) => {
            State::DoesNotRun(format!("{path} is not executable, and git passes over it"))
        }
        Found::Ours(program) => of_ours(&slot, &program),
        Found::Theirs { text, .. } => of_theirs(place, kind, &slot, &text),
    })
}

fn of_ours(slot: &Path, program: &str) -> State {
    let path = slot.display();
    if in_path(Path::new("keysieve")).is_none() && !file::is_executable(Path::new(program)) {
        return State::DoesNotRun(format!(
            "{path} refuses everything, since keysieve is neither in PATH nor at {program}: install the hook again"
        ));
    }
    let chained = file::chained(slot);
    match fs::symlink_metadata(&chained) {
        Ok(_) if file::is_executable(&chained) => State::Runs(format!("{path}, after {}", chained.display())),
        Ok(_) => State::Runs(format!("{path}; {} is not executable, and does not run", chained.display())),
        Err(_) => State::Runs(path.to_string()),
    }
}

fn of_theirs(place: &Place, kind: Kind, slot: &Path, text: &str) -> State {
    let path = slot.display();
    let one_of_many = in_directory(slot);
    if dispatches(slot, text) && matches!(file::look_at(&one_of_many), Ok(Found::Ours(_))) {
        return State::Runs(format!("{}, by {path}", one_of_many.display()));
    }
    if text.contains("keysieve") {
        return State::Runs(format!("{path} calls it"));
    }
    let manager = match &place.owner {
        Owner::Repository(hooks) => Manager::of(hooks).map(|manager| (manager, manager.calls_keysieve(hooks, kind))),
        _ => None,
    };
    match manager {
        Some((manager, true)) => State::Runs(format!("{path}, by {}", manager.name())),
        Some((manager, false)) => State::DoesNotRun(format!(
            "{} has no word of keysieve; keysieve hook install tells what to add",
            manager.name()
        )),
        None => State::DoesNotRun(format!("{path} is another program's, and does not call keysieve")),
    }
}
