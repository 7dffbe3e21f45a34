//! Programs that manage the hooks of a repository, and write the hook files themselves: husky, lefthook, pre-commit. A
//! file of ours would be lost or would break theirs, so what is to be added to their own files is said instead.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use keysieve::git::Hooks;

use super::Kind;
use crate::cli::console::Console;
use crate::cli::{ExitStatus, output};

/// Names of lefthook's file, each of which may begin with a dot.
const LEFTHOOK: [&str; 4] = ["lefthook.yml", "lefthook.yaml", "lefthook.json", "lefthook.toml"];
/// The name of pre-commit's file.
const PRE_COMMIT: &str = ".pre-commit-config.yaml";
/// husky's directory.
const HUSKY: &str = ".husky";

/// A program that manages hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manager {
    Husky,
    Lefthook,
    PreCommit,
}

impl Manager {
    /// The one that a repository has files of.
    pub(super) fn of(hooks: &Hooks) -> Option<Self> {
        let top = hooks.work_tree.as_deref()?;
        let is_husky_s = |directory: &Path| directory.ends_with(HUSKY) || directory.ends_with(".husky/_");
        if is_husky_s(&hooks.directory) || top.join(HUSKY).is_dir() {
            Some(Self::Husky)
        } else if !lefthook_files(top).is_empty() {
            Some(Self::Lefthook)
        } else {
            top.join(PRE_COMMIT).is_file().then_some(Self::PreCommit)
        }
    }

    /// Its name, as it writes it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Husky => "husky",
            Self::Lefthook => "lefthook",
            Self::PreCommit => "pre-commit",
        }
    }

    /// Whether its files have keysieve run in a hook.
    pub(super) fn calls_keysieve(self, hooks: &Hooks, kind: Kind) -> bool {
        let Some(top) = hooks.work_tree.as_deref() else { return false };
        let files = match self {
            Self::Husky => vec![top.join(HUSKY).join(kind.name())],
            Self::Lefthook => lefthook_files(top),
            Self::PreCommit => vec![top.join(PRE_COMMIT)],
        };
        let command = format!("keysieve hook run {}", kind.name());
        let id = match kind {
            Kind::CommitMsg => "id: keysieve-commit-msg",
            Kind::PrePush => "id: keysieve-pre-push",
            _ => "id: keysieve",
        };
        let is_it = |line: &str| {
            let line = line.trim_start_matches([' ', '-']).trim_end();
            !line.starts_with('#') && (line.contains(&command) || self == Self::PreCommit && line == id)
        };
        files.iter().filter_map(|file| fs::read_to_string(file).ok()).any(|text| text.lines().any(is_it))
    }

    /// Says what to add to its files. That is no success, unless there is nothing to add.
    pub(super) fn advise(self, hooks: &Hooks, kinds: &[Kind], console: &Console) -> Result<ExitStatus> {
        let missing: Vec<_> = kinds.iter().copied().filter(|kind| !self.calls_keysieve(hooks, *kind)).collect();
        if missing.is_empty() {
            return output::print(|out| writeln!(out, "{} runs keysieve already", self.name()));
        }
        console.line("error", &format!("{} manages the hooks of this repository; nothing was installed", self.name()));
        let lines = match self {
            Self::Husky => of_husky(&missing),
            Self::Lefthook => of_lefthook(&missing),
            Self::PreCommit => of_pre_commit(&missing),
        };
        lines.iter().for_each(|line| console.plain(line));
        console.plain("Or install the hooks all the same, in place of what is there: keysieve hook install --force");
        Ok(ExitStatus::Error)
    }
}

fn of_husky(kinds: &[Kind]) -> Vec<String> {
    let files = kinds.iter().flat_map(|kind| {
        let argument = match kind {
            Kind::CommitMsg => " \"$1\"",
            Kind::PreCommit | Kind::PreMergeCommit => "",
            _ => " \"$@\"",
        };
        [format!("to {HUSKY}/{}:", kind.name()), format!("    keysieve hook run {}{argument}", kind.name())]
    });
    ["Add a line".to_owned()].into_iter().chain(files).collect()
}

fn of_lefthook(kinds: &[Kind]) -> Vec<String> {
    let entries = kinds.iter().flat_map(|kind| {
        let (argument, input) = match kind {
            Kind::CommitMsg => (" {1}", None),
            Kind::PreCommit | Kind::PreMergeCommit => ("", None),
            Kind::PrePush => (" {0}", Some("          use_stdin: true".to_owned())),
            _ => (" {0}", None),
        };
        let lines = [
            format!("    {}:", kind.name()),
            "      commands:".to_owned(),
            "        keysieve:".to_owned(),
            format!("          run: keysieve hook run {}{argument}", kind.name()),
        ];
        lines.into_iter().chain(input)
    });
    let last = "and have it installed: lefthook install".to_owned();
    ["Add to lefthook.yml".to_owned()].into_iter().chain(entries).chain([last]).collect()
}

fn of_pre_commit(kinds: &[Kind]) -> Vec<String> {
    let mut lines = vec![
        format!("Add to {PRE_COMMIT}, below \"repos:\""),
        "    - repo: local".to_owned(),
        "      hooks:".to_owned(),
    ];
    let mut types = String::new();
    for kind in kinds {
        let name = kind.name();
        lines.extend([
            format!("        - id: keysieve-{name}"),
            format!("          name: keysieve ({name})"),
            format!("          entry: keysieve hook run {name}"),
            "          language: system".to_owned(),
            format!("          stages: [{name}]"),
            "          always_run: true".to_owned(),
            "          require_serial: true".to_owned(),
        ]);
        if *kind != Kind::CommitMsg {
            lines.push("          pass_filenames: false".to_owned());
        }
        types += &format!(" -t {name}");
    }
    lines.push(format!("and have it installed: pre-commit install{types}"));
    lines
}

fn lefthook_files(top: &Path) -> Vec<PathBuf> {
    let names = LEFTHOOK.iter().flat_map(|name| [top.join(name), top.join(format!(".{name}"))]);
    names.filter(|path| path.is_file()).collect()
}
