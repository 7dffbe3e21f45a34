//! What `keysieve doctor` says of the hooks of a repository: whether git runs them, and whether it does so wherever it is
//! used: in other work trees, in submodules, by programs with a short `PATH`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Result;
use keysieve::git::{Condition, Hooks};

use super::Kind;
use super::file::{self, Found};
use super::place::{Owner, Place};
use super::status::{State, state};
use crate::cli::doctor::{Check, Level};

/// Of the repository of the current directory, which is in this condition.
pub(crate) fn health(condition: &Condition) -> Result<Vec<Check>> {
    let place = Place::here()?;
    let mut checks = vec![directory(&place)];
    let kinds = if condition.is_bare { vec![Kind::PreReceive, Kind::Update] } else { Kind::asked_for(&[]) };
    let states: Vec<(Kind, State)> =
        kinds.into_iter().map(|kind| Ok((kind, state(&place, kind)?))).collect::<Result<_>>()?;
    let one_runs = states.iter().any(|(_, state)| matches!(state, State::Runs(_)));
    let (is_installed, is_enough) = (one_runs && !condition.is_bare, one_runs && condition.is_bare);
    for (kind, state) in states {
        match state {
            // Of the two on a server one is enough.
            State::DoesNotRun(_) if is_enough => {}
            state => checks.push(of_hook(&place, kind, state)?),
        }
    }
    if is_installed {
        checks.extend(short_path(&place)?);
    }
    if let Owner::Repository(hooks) = &place.owner {
        checks.extend(other_work_trees(hooks, condition));
        checks.extend(bypasses(hooks));
    }
    checks.extend(submodules(condition));
    Ok(checks)
}

fn directory(place: &Place) -> Check {
    const WHAT: &str = "hooks";
    match place.warnings().first() {
        Some(warning) => Check::new(Level::Warn, WHAT, &place.describe(), warning),
        None => Check::ok(WHAT, place.describe()),
    }
}

fn of_hook(place: &Place, kind: Kind, state: State) -> Result<Check> {
    let slot = place.slot(kind);
    let install = format!("keysieve hook install {}", kind.name());
    let why = match state {
        State::Runs(how) => {
            return Ok(match file::look_at(&slot)? {
                Found::Ours(program) if fs::read_to_string(&slot)? != place.role(kind).text(&program) => Check::new(
                    Level::Warn,
                    kind.name(),
                    &format!("runs: {how}, which another version of keysieve has written, or someone has changed"),
                    &format!("{install} renews it"),
                ),
                _ => Check::ok(kind.name(), format!("runs: {how}")),
            });
        }
        State::DoesNotRun(why) => why,
    };
    let is_absent = file::look_at(&slot)? == Found::Nothing;
    let level = match kind {
        Kind::PreMergeCommit | Kind::PrepareCommitMsg | Kind::PreReceive | Kind::Update if is_absent => Level::Warn,
        _ => Level::Fail,
    };
    let advice = match kind {
        Kind::PrePush => format!("{install}; it is the net below all that runs no hook, such as a rebase"),
        _ => install,
    };
    Ok(Check::new(level, kind.name(), &format!("does not run: {why}"), &advice))
}

/// Graphical clients may start git with a `PATH` that does not lead here.
fn short_path(place: &Place) -> Result<Option<Check>> {
    const WHAT: &str = "short PATH";
    let mut programs = BTreeSet::new();
    for kind in Kind::asked_for(&[]) {
        if let Found::Ours(program) = file::look_at(&place.slot(kind))? {
            programs.insert(program);
        }
    }
    let gone = programs.iter().find(|program| !file::is_executable(Path::new(program)));
    Ok(match (gone, programs.first()) {
        (Some(gone), _) => Some(Check::new(
            Level::Warn,
            WHAT,
            &format!(
                "keysieve is no longer at {gone}, so that commits of programs which do not know your PATH are refused"
            ),
            "keysieve hook install",
        )),
        (None, Some(program)) => Some(Check::ok(WHAT, format!("hooks find keysieve at {program} without it"))),
        (None, None) => None,
    })
}

/// A relative `core.hooksPath` is another directory in each work tree.
fn other_work_trees(hooks: &Hooks, condition: &Condition) -> Option<Check> {
    const WHAT: &str = "work trees";
    let others: Vec<_> =
        condition.work_trees.iter().filter(|tree| Some(tree.as_path()) != hooks.work_tree.as_deref()).collect();
    if others.is_empty() {
        return None;
    }
    let own = hooks.work_tree.as_deref().filter(|_| hooks.setting.is_some());
    let Some(below) = own.and_then(|top| hooks.directory.strip_prefix(top).ok()) else {
        return Some(Check::ok(WHAT, format!("{} more, with the same hooks", others.len())));
    };
    let without: Vec<_> = others.iter().filter(|tree| !tree.join(below).join("pre-commit").exists()).collect();
    let Some(first) = without.first() else {
        return Some(Check::ok(WHAT, format!("{} more, each with hooks of its own", others.len())));
    };
    let says = format!(
        "core.hooksPath is relative, and {} of {} more have no pre-commit there, such as {}",
        without.len(),
        others.len(),
        first.display()
    );
    Some(Check::new(Level::Warn, WHAT, &says, "keysieve hook install in each of them"))
}

fn submodules(condition: &Condition) -> Option<Check> {
    const WHAT: &str = "submodules";
    let all = &condition.hooks_of_submodules;
    let is_ours = |hooks: &&std::path::PathBuf| matches!(file::look_at(&hooks.join("pre-commit")), Ok(Found::Ours(_)));
    let with = all.iter().filter(is_ours).count();
    match all.len() {
        0 => None,
        count if count == with => Some(Check::ok(WHAT, format!("{count}, each with hooks of its own"))),
        count => Some(Check::new(
            Level::Warn,
            WHAT,
            &format!("{} of {count} have no pre-commit of keysieve; each is a repository of its own", count - with),
            "git submodule foreach keysieve hook install",
        )),
    }
}

/// What was passed by is worth a look.
fn bypasses(hooks: &Hooks) -> Option<Check> {
    let path = hooks.bypass_log();
    let count = fs::read(&path).ok()?.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
    let says = format!("{count} so far have let something pass");
    Some(Check::new(Level::Warn, "bypasses", &says, &format!("see {}", path.display())))
}
