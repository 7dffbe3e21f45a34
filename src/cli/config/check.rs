//! `keysieve config check`: whether configuration files are right, and the rules that they name.

use std::path::{Path, PathBuf};

use anyhow::Result;
use keysieve::config::{self, Config, REPOSITORY_FILE};
use keysieve::rules::{RuleFile, RuleSet};

use crate::cli::ExitStatus;
use crate::cli::args::{ConfigArgs, ConfigCheckArgs};
use crate::cli::console::Console;
use crate::cli::trusted::{self, Trust};

/// Checks the files that are given, or those that hold here.
pub(super) fn run(args: &ConfigCheckArgs, console: &Console) -> Result<ExitStatus> {
    let top = trusted::work_tree()?;
    let files = if args.files.is_empty() { of_here(&args.config, top.as_deref()) } else { args.files.clone() };
    let mut right = Vec::new();
    let mut is_wrong = false;
    for file in &files {
        match check(file, top.as_deref(), console) {
            Ok(true) => right.push(file),
            Ok(false) if args.files.is_empty() => {}
            Ok(false) => {
                console.line("error", &format!("{}: there is no such file", file.display()));
                is_wrong = true;
            }
            Err(error) => {
                console.error(&error);
                is_wrong = true;
            }
        }
    }
    right.iter().for_each(|file| console.line("note", &format!("{} is right", file.display())));
    if files.is_empty() || (right.is_empty() && !is_wrong) {
        console.line("note", "there is no configuration file here: the built-in settings hold");
    }
    Ok(if is_wrong { ExitStatus::Error } else { ExitStatus::Success })
}

/// The files that hold here, whether they are there or not.
fn of_here(args: &ConfigArgs, top: Option<&Path>) -> Vec<PathBuf> {
    let of_repository = top.map(|top| top.join(REPOSITORY_FILE));
    let found = [config::system_file(), config::user_file(), of_repository].into_iter().flatten();
    let found: Vec<PathBuf> = if args.no_config { Vec::new() } else { found.collect() };
    found.into_iter().chain(args.config.clone()).collect()
}

/// Whether a file is there; an error, if it is wrong.
fn check(file: &Path, top: Option<&Path>, console: &Console) -> Result<bool> {
    let is_of_repository =
        top.is_some_and(|top| dunce::canonicalize(file).is_ok_and(|file| file == top.join(REPOSITORY_FILE)));
    let alone = ConfigArgs { config: None, no_config: true };
    let (trust, args) = match top.filter(|_| is_of_repository) {
        Some(top) => (Trust::WorkTree(top), ConfigArgs::default()),
        None => (Trust::Nobody, ConfigArgs { config: Some(file.to_owned()), ..alone }),
    };
    if config::read(file)?.is_none() {
        return Ok(false);
    }
    let mut config = trust.config(&args, console)?;
    if is_of_repository {
        config = config.of_repository();
    }
    checked(&trust, &config)?;
    Ok(true)
}

/// Makes sure that every rule that a configuration names is there, and its own rules are right.
pub(super) fn checked(trust: &Trust<'_>, config: &Config) -> Result<()> {
    let files = trust.rule_files(config)?;
    let files: Vec<RuleFile<'_>> = files.iter().map(|(name, text)| RuleFile { name, text }).collect();
    let rules = RuleSet::builtin().with_user_rules(&files).map_err(anyhow::Error::from)?;
    config.check(&rules).map_err(anyhow::Error::from)
}
