//! `keysieve rules`: list, show and test what is searched for, and the rule set that `--rule`, `--skip-rule` and
//! `--rules` ask for. What a rule is belongs to the library.

mod list;
mod nearest;
mod show;
mod test;

use std::path::PathBuf;

use anyhow::Result;
use keysieve::rules::RuleSet;

use super::args::{RuleArgs, RulesVerb};
use super::console::Console;
use super::{ExitStatus, stand_in};

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

/// The rules that the flags ask for.
pub(crate) fn set(args: &RuleArgs) -> Result<RuleSet> {
    stand_in::select(&with_files(&args.files)?, &args.only, &args.skip)
}

/// The built-in rules and those of `files`.
fn with_files(files: &[PathBuf]) -> Result<RuleSet> {
    let mut rules = RuleSet::builtin();
    files.iter().try_for_each(|file| stand_in::load(&mut rules, file))?;
    Ok(rules)
}
