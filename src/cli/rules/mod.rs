//! `keysieve rules`: list, show and test what is searched for, and the rule set that `--rule`, `--skip-rule` and
//! `--rules` ask for. What a rule is belongs to the library.

mod list;
pub(crate) mod show;
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
        RulesVerb::Show(args) => show::run(&all(&args.rules)?, &args.id),
        RulesVerb::Test(args) => test::run(&all(&args.rules)?, &set(&args.rules)?, args.text.as_deref(), console),
    }
}

/// All rules there are, of which flags and configuration have left some out; None if they have not.
pub(crate) fn all_if_narrowed(args: &RuleArgs) -> Result<Option<RuleSet>> {
    let is_narrowed = !args.only.is_empty() || !args.skip.is_empty() || !args.settings.off.is_empty();
    is_narrowed.then(|| all(args)).transpose()
}

/// The rules that flags and configuration ask for. A rule that is asked for by a flag is not turned off by a file.
pub(crate) fn set(args: &RuleArgs) -> Result<RuleSet> {
    let off: &[String] = if args.only.is_empty() { &args.settings.off } else { &[] };
    Ok(all(args)?.select(&args.only, &[&args.skip, off].concat())?)
}

/// The built-in rules, and those of files.
pub(crate) fn all(args: &RuleArgs) -> Result<RuleSet> {
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).with_context(|| format!("reading the rules in {}", path.display()))?;
        Ok((path.to_string_lossy().into_owned(), text))
    };
    let read = args.files.iter().map(read).collect::<Result<Vec<_>>>()?;
    let files: Vec<_> = read.iter().chain(&args.settings.files).map(|(name, text)| RuleFile { name, text }).collect();
    Ok(if files.is_empty() { RuleSet::builtin() } else { RuleSet::builtin().with_user_rules(&files)? })
}
