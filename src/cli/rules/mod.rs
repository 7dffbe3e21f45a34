//! `keysieve rules`: list, show and test what is searched for, and the rule set that `--rule`, `--skip-rule` and
//! `--rules` ask for. What a rule is belongs to the library.

mod list;
mod show;
mod test;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use keysieve::rules::{RuleFile, RuleSet};

use super::ExitStatus;
use super::args::{RuleArgs, RulesVerb};
use super::console::Console;

/// Does what the verb says.
pub(crate) fn run(verb: &RulesVerb, console: &Console) -> Result<ExitStatus> {
    match verb {
        RulesVerb::List(args) => list::run(&set(&args.rules)?, args.json),
        RulesVerb::Show(args) => show::run(&with_files(&args.files)?, &args.id),
        RulesVerb::Test(args) => {
            test::run(&with_files(&args.rules.files)?, &set(&args.rules)?, args.text.as_deref(), console)
        }
    }
}

/// All rules there are, of which `--rule` and `--skip-rule` have left some out; None if they have not.
pub(crate) fn all_if_narrowed(args: &RuleArgs) -> Result<Option<RuleSet>> {
    let is_narrowed = !args.only.is_empty() || !args.skip.is_empty();
    is_narrowed.then(|| with_files(&args.files)).transpose()
}

/// The rules that the flags ask for.
pub(crate) fn set(args: &RuleArgs) -> Result<RuleSet> {
    Ok(with_files(&args.files)?.select(&args.only, &args.skip)?)
}

/// The built-in rules and those of `files`.
fn with_files(files: &[PathBuf]) -> Result<RuleSet> {
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).with_context(|| format!("reading the rules in {}", path.display()))?;
        Ok((path.to_string_lossy().into_owned(), text))
    };
    let read = files.iter().map(read).collect::<Result<Vec<_>>>()?;
    let files: Vec<_> = read.iter().map(|(name, text)| RuleFile { name, text }).collect();
    Ok(if files.is_empty() { RuleSet::builtin() } else { RuleSet::builtin().with_user_rules(&files)? })
}
