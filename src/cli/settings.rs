//! What files of the configuration set, put where flags are: what is given on the command line or in the environment stays, what
//! is not is filled in. Which files count is decided in `trusted.rs`.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use keysieve::config::{At, Config, Layer, REPOSITORY_FILE, Source};
use keysieve::git::Repository;
use keysieve::model::Severity;
use keysieve::pipeline::AddedEntries;
use keysieve::rules::{Faults, RuleSet};
use keysieve::source::Names;
use keysieve::triage::{Allowance, Allowed, Entry, Section};

use super::args::{ConfigArgs, HistoryArgs, RuleArgs, RulesVerb, ScanArgs, SearchArgs, Verb};
use super::console::Console;
use super::suppress::SuppressArgs;
use super::trusted::{self, Change, LeadsTo, Trust};
use super::values::FormatAndPath;
use super::{pull_request, rules};

/// What no flag can say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) allowances: Vec<Allowance>,
    pub(crate) severities: BTreeMap<String, Severity>,
    pub(crate) sections: Vec<Section>,
    /// What the configuration of a change would let through.
    pub(crate) added: Vec<AddedEntries>,
}

/// What no flag says of rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct RuleSettings {
    /// Names and texts of files with rules.
    pub(crate) files: Vec<(String, String)>,
    /// Ids of rules that are turned off.
    pub(crate) off: Vec<String>,
}

/// Fills in what the files say for whoever works here. Changes that come from outside have their own way, see
/// [`apply_to_change`].
pub(crate) fn apply(verb: &mut Verb, console: &Console) -> Result<()> {
    match verb {
        Verb::Scan(args) => {
            let top = top_of_scan(args, console)?;
            apply_to(&mut args.search, top.as_deref(), console)
        }
        Verb::Staged(args) => apply_here(&mut args.search, console),
        Verb::Message(args) => apply_here(&mut args.search, console),
        Verb::History(args) => {
            let top = top_of_history(args)?;
            apply_to(&mut args.search, top.as_deref(), console)
        }
        Verb::Explain(args) => {
            let top = trusted::work_tree()?;
            let trust = top.as_deref().map_or(Trust::Nobody, Trust::WorkTree);
            let config = fill_rules_here(&mut args.rules, console)?;
            args.decode = args.decode.or_else(|| config.last(|file| file.decode.as_ref()).map(|depth| depth.value));
            args.allowances = config.allowances();
            fill_suppressions(&mut args.suppress, &config, &trust)
        }
        Verb::Rules(args) => {
            let args = match &mut args.verb {
                RulesVerb::List(args) => &mut args.rules,
                RulesVerb::Test(args) => &mut args.rules,
                RulesVerb::Show(args) => &mut args.rules,
            };
            fill_rules_here(args, console).map(drop)
        }
        // These have their own ways.
        Verb::Diff(_)
        | Verb::Hook(_)
        | Verb::Import(_)
        | Verb::Baseline(_)
        | Verb::Allow(_)
        | Verb::Config(_)
        | Verb::Doctor
        | Verb::Report(_)
        | Verb::Completions(_)
        | Verb::Man => Ok(()),
    }
}

/// Fills in what the files say of rules for whoever works in the current directory, and returns all that they say.
fn fill_rules_here(args: &mut RuleArgs, console: &Console) -> Result<Config> {
    let top = trusted::work_tree()?;
    let trust = top.as_deref().map_or(Trust::Nobody, Trust::WorkTree);
    let config = trust.config(&args.config, console)?;
    fill_rules(args, &config, &trust)?;
    Ok(config)
}

/// Fills in what the files say for whoever works in the current directory.
pub(crate) fn apply_here(args: &mut SearchArgs, console: &Console) -> Result<()> {
    apply_to(args, trusted::work_tree()?.as_deref(), console)
}

/// Fills in what the files say of a change that is not judged by its own.
pub(crate) fn apply_to_change(args: &mut SearchArgs, change: Change<'_>, console: &Console) -> Result<()> {
    let config = change.trust().config(&args.rules.config, console)?;
    judge(args, change, &config, console)
}

fn judge(args: &mut SearchArgs, change: Change<'_>, config: &Config, console: &Console) -> Result<()> {
    let rules = fill(args, config, &change.trust())?;
    args.strict_suppressions |= config.last(|file| file.strict_suppressions.as_ref()).is_some_and(|it| it.value);
    args.settings.added = Change { strict: args.strict_suppressions, ..change }.widened(config, &rules, console);
    Ok(())
}

/// Fills in what the files say for whoever works in the work tree with this top.
fn apply_to_own(args: &mut SearchArgs, top: Option<&Path>, console: &Console) -> Result<()> {
    let trust = top.map_or(Trust::Nobody, Trust::WorkTree);
    let config = trust.config(&args.rules.config, console)?;
    fill(args, &config, &trust).map(drop)
}

/// The same, unless a CI system says that this is a pull request: then by what it is made to.
pub(crate) fn apply_to(args: &mut SearchArgs, top: Option<&Path>, console: &Console) -> Result<()> {
    let Some(top) = top.filter(|_| pull_request::is_looked_at()) else { return apply_to_own(args, top, console) };
    let Some(repository) = Repository::discover(top)? else { return apply_to_own(args, None, console) };
    let base = trusted::base_of_pull_request(&repository).flatten();
    let judges: Vec<String> = base.iter().cloned().collect();
    let change = Change { repository: &repository, judges, leads_to: LeadsTo::WorkTree(top), strict: false };
    let config = change.trust().config(&args.rules.config, console)?;
    let counts = config.files().iter().any(|(source, _)| source.revision.is_some());
    if counts || top.join(REPOSITORY_FILE).symlink_metadata().is_ok() {
        console.line("note", &which(base.as_deref(), counts));
    }
    judge(args, change, &config, console)
}

/// Which configuration counts for a pull request.
fn which(base: Option<&str>, counts: bool) -> String {
    match base {
        Some(base) if counts => {
            format!("this is a pull request: {REPOSITORY_FILE} counts as its base {} has it", trusted::short(base))
        }
        Some(base) => {
            format!(
                "this is a pull request: {REPOSITORY_FILE} does not count, since its base {} has none",
                trusted::short(base)
            )
        }
        None => {
            format!(
                "this is a pull request: {REPOSITORY_FILE} does not count, since its base is not here: fetch it before"
            )
        }
    }
}

/// Fills in what is not given.
fn fill(args: &mut SearchArgs, config: &Config, trust: &Trust<'_>) -> Result<RuleSet> {
    let rules = fill_rules(&mut args.rules, config, trust)?;
    let is_open = |name: &str, given: &[String]| !given.iter().any(|known| known == name);
    if is_open("decode", &args.given) {
        config.last(|file| file.decode.as_ref()).into_iter().for_each(|depth| args.decode = depth.value);
    }
    if is_open("threads", &args.given) {
        config.last(|file| file.threads.as_ref()).into_iter().for_each(|threads| args.threads = threads.value);
    }
    if is_open("min_confidence", &args.given) {
        config.last(|file| file.min_confidence.as_ref()).into_iter().for_each(|it| args.min_confidence = it.value);
    }
    if is_open("severity", &args.given) {
        config.last(|file| file.severity.as_ref()).into_iter().for_each(|it| args.severity = it.value);
    }
    let levels_are_given = !is_open("fail_on", &args.given);
    if !levels_are_given {
        config.last(|file| file.fail_on.as_ref()).into_iter().for_each(|it| args.status.fail_on = it.value);
    }
    args.max_size = args.max_size.or_else(|| config.last(|file| file.max_size.as_ref()).map(|size| size.value));
    args.timeout = args.timeout.or_else(|| config.last(|file| file.timeout.as_ref()).map(|timeout| timeout.value));
    if args.report.formats.is_empty() {
        let format = config.last(|file| file.format.as_ref()).map(|format| format.value);
        args.report.formats.extend(format.map(|format| FormatAndPath { format, path: None }));
    }
    fill_suppressions(&mut args.suppress, config, trust)?;
    let mut sections = config.sections();
    if levels_are_given {
        sections.iter_mut().for_each(|section| section.fail = None);
    }
    if !is_open("min_confidence", &args.given) {
        sections.iter_mut().for_each(|section| section.confidence = None);
    }
    let (allowances, severities) = (config.allowances(), config.severities());
    args.settings = Settings { allowances, severities, sections, added: Vec::new() };
    Ok(rules)
}

/// Fills in where what is accepted is written down.
fn fill_suppressions(args: &mut SuppressArgs, config: &Config, trust: &Trust<'_>) -> Result<()> {
    if args.allow_markers.is_empty() {
        let markers = config.last(|file| file.allow_markers.as_ref());
        args.allow_markers = markers.map(|markers| markers.value.clone()).unwrap_or_default();
    }
    let allow_file = config.last_with_source(|file| file.allow_file.as_ref());
    let baseline = config.last_with_source(|file| file.baseline.as_ref());
    name("allow-file", &mut args.allow_file, &mut args.usual.allow_file, allow_file, trust)?;
    name("baseline", &mut args.baseline, &mut args.usual.baseline, baseline, trust)
}

/// Names a file, unless a flag does: of a repository by its path from the top, so that it is read where its configuration is.
fn name(
    key: &str,
    given: &mut Vec<PathBuf>,
    usual: &mut Option<String>,
    said: Option<(&Source, &At<String>)>,
    trust: &Trust<'_>,
) -> Result<()> {
    let Some((source, named)) = said.filter(|_| given.is_empty()) else { return Ok(()) };
    if source.layer == Layer::Repository || source.revision.is_some() {
        let wrong = |reason: String| Faults::at(&*source.name, named.line, format!("`{key}`: {reason}"));
        *usual = Some(trust.name_of_repository(&named.value).map_err(wrong)?);
    } else {
        given.push(source.directory.join(&named.value));
    }
    Ok(())
}

/// The file of a work tree for what is accepted, by its usual name or the one that the configuration gives it.
pub(crate) fn file_of_work_tree(top: &Path, usual: &str, console: &Console) -> Result<PathBuf> {
    let trust = Trust::WorkTree(top);
    let mut args = SuppressArgs::default();
    fill_suppressions(&mut args, &trust.config(&ConfigArgs::default(), console)?, &trust)?;
    let (given, named) = if usual == Allowed::FILE {
        (args.allow_file, args.usual.allow_file)
    } else {
        (args.baseline, args.usual.baseline)
    };
    Ok(given.into_iter().next().unwrap_or_else(|| top.join(named.as_deref().unwrap_or(usual))))
}

/// Fills in what is said of rules; gives back all rules that there are.
fn fill_rules(args: &mut RuleArgs, config: &Config, trust: &Trust<'_>) -> Result<RuleSet> {
    if config.files().is_empty() {
        return Ok(RuleSet::builtin());
    }
    args.settings.files = trust.rule_files(config)?;
    let all = rules::all(args)?;
    config.check(&all)?;
    args.settings.off = config.off(&all);
    Ok(all)
}

/// The work tree whose configuration counts for what is scanned: the one that the current directory is in, if all of it is there.
fn top_of_scan(args: &ScanArgs, console: &Console) -> Result<Option<PathBuf>> {
    let top = trusted::work_tree()?;
    let outside = |path: &&PathBuf| {
        let real = dunce::canonicalize(path).ok();
        let directory = real.as_deref().and_then(|path| if path.is_dir() { Some(path) } else { path.parent() });
        path.as_os_str() != "-" && directory.and_then(trusted::top_of) != top.as_deref()
    };
    let Some(path) = args.paths.iter().find(outside) else { return Ok(top) };
    let real = dunce::canonicalize(path).with_context(|| format!("{}", path.display()));
    let elsewhere = real.ok().and_then(|path| trusted::top_of(&path).map(|top| top.join(REPOSITORY_FILE)));
    if let Some(file) = elsewhere.filter(|file| file.is_file() && !args.search.rules.config.no_config) {
        let file = file.display();
        console.line(
            "note",
            &format!("{file} does not count: you are in another directory; --config {file} makes it count"),
        );
    }
    Ok(None)
}

/// The same for the history of a repository.
fn top_of_history(args: &HistoryArgs) -> Result<Option<PathBuf>> {
    let top = trusted::work_tree()?;
    let Some(directory) = &args.repo else { return Ok(top) };
    let here = env::current_dir().context("finding the current directory")?;
    let there = dunce::canonicalize(here.join(directory)).ok();
    let there = there.as_deref().and_then(trusted::top_of);
    Ok(top.filter(|top| there == Some(top.as_path())))
}

/// The top of a repository's work tree.
pub(crate) fn top(repository: &Repository) -> Option<PathBuf> {
    repository.work_tree().map(|tree| tree.work_tree().to_owned())
}
