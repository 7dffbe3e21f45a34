//! What there is to be accepted: findings of the work tree or of the history, or of reports of other runs, for the verbs that
//! keep baselines and allow files; and where these files are. Nothing here writes one.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueHint};
use keysieve::git::Repository;
use keysieve::model::{Finding, Fingerprint, Name, RunInfo, Summary};
use keysieve::pipeline::Directives;
use keysieve::report::{self, Reporter};
use keysieve::rules::SUPPRESSION_ADDED;
use keysieve::source::Names;
use serde_json::Value;

use super::args::{self, SearchArgs};
use super::console::Console;
use super::history::Sweep;
use super::scan::Files;
use super::search::{Search, Subject};
use super::settings;
use super::suppress::Entries;

/// Where findings come from.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What is searched")]
pub(crate) struct SurveyArgs {
    /// Search the whole history, and not only the work tree.
    ///
    /// As keysieve history does. Without it the work tree is searched from its top, as keysieve scan does. Variables of the
    /// environment count as they do there.
    #[arg(long, conflicts_with = "from")]
    pub(crate) history: bool,

    /// Take the findings of this report in JSON Lines, and search nothing.
    ///
    /// A report of any verb, with whatever flags; "-" reads it from standard input. Repeat it for more than one. A report that
    /// says of itself that it is incomplete, or that was cut off, is refused.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) from: Vec<PathBuf>,
}

/// The path that means standard input.
const STANDARD_INPUT: &str = "-";

/// Something that was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) rule: String,
    /// Whether something accepts it everywhere.
    pub(crate) is_accepted: bool,
    /// Where it was found.
    pub(crate) paths: Vec<Name>,
}

/// What was found, by fingerprint.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub(crate) found: BTreeMap<Fingerprint, Found>,
    /// Whether everything was looked at.
    pub(crate) is_complete: bool,
}

/// What counts as accepted while it is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accepting {
    /// Comments and allow files.
    ByPeople,
    /// Nothing.
    Nothing,
}

impl Survey {
    /// Searches, or reads what was found.
    pub(crate) fn of(args: &SurveyArgs, accepting: Accepting, console: &Console) -> Result<Self> {
        if args.from.is_empty() { Self::search(args.history, accepting, console) } else { Self::read(&args.from) }
    }

    fn search(history: bool, accepting: Accepting, console: &Console) -> Result<Self> {
        let mut flags: SearchArgs = args::of_verb(&[])?;
        settings::apply_here(&mut flags, console)?;
        // They are no secrets that could be accepted.
        flags.settings.added.clear();
        // What a user holds is found by nobody else.
        flags.known.no_known = true;
        flags.suppress.no_allow = accepting == Accepting::Nothing;
        let search = Search::prepare(&flags, console)?;
        let (repository, top) = here()?;
        let collected = RefCell::default();
        let survey = |subject: Subject<'_>| {
            let entries = match accepting {
                Accepting::ByPeople => Entries::of_allow_files(&flags.suppress, Some(&top))?,
                Accepting::Nothing => Entries::default(),
            };
            search.survey(Subject { entries, ..subject }, Box::new(Collect(&collected)))
        };
        let summary = if history {
            Sweep { args: &flags, connectivity: false }.run(&repository, &search, survey)?
        } else {
            Files::below(&top).with_tree(&flags, false, &search, |source, info| {
                let (directives, entries) = (Directives::Count, Entries::default());
                survey(Subject { source, before: None, directives, first_pass: None, entries, info })
            })?
        };
        summary.unread.iter().for_each(|unread| console.warning(&super::summary::unread(unread)));
        console.plain(&report::summary_line(&summary));
        Ok(Self { found: collected.into_inner(), is_complete: summary.complete() })
    }

    fn read(reports: &[PathBuf]) -> Result<Self> {
        let mut survey = Self { is_complete: true, ..Self::default() };
        for path in reports {
            let text = content(path).with_context(|| format!("reading the report {}", path.display()))?;
            survey.add(&text).with_context(|| format!("the report {}", path.display()))?;
        }
        Ok(survey)
    }

    fn add(&mut self, text: &str) -> Result<()> {
        let mut is_whole = false;
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let line: Value = serde_json::from_str(line).with_context(|| format!("line {number} is no JSON"))?;
            match line.get("type").and_then(Value::as_str) {
                Some("finding") => {
                    let (fingerprint, found) =
                        finding(&line).with_context(|| format!("line {number} is no finding"))?;
                    self.note(fingerprint, found);
                }
                Some("summary") if line.get("complete") == Some(&Value::Bool(true)) => is_whole = true,
                Some("summary") => bail!("it is of a run that did not look at everything"),
                _ => {}
            }
        }
        if !is_whole {
            bail!("it has no summary: it was cut off, or is no report in JSON Lines")
        }
        Ok(())
    }

    fn note(&mut self, fingerprint: Fingerprint, found: Found) {
        note(&mut self.found, fingerprint, found);
    }
}

fn note(all: &mut BTreeMap<Fingerprint, Found>, fingerprint: Fingerprint, found: Found) {
    if found.rule == SUPPRESSION_ADDED.id {
        return;
    }
    let known = all.entry(fingerprint).or_insert_with(|| Found { is_accepted: true, ..Found::default() });
    known.rule = found.rule;
    known.is_accepted &= found.is_accepted;
    known.paths.extend(found.paths);
}

/// A finding of a report.
fn finding(line: &Value) -> Option<(Fingerprint, Found)> {
    let fingerprint = line.get("fingerprint")?.as_str()?.parse().ok()?;
    let rule = line.get("rule")?.as_str()?.to_owned();
    let places = line.get("occurrences")?.as_array()?;
    let is_accepted =
        !places.is_empty() && places.iter().all(|place| place.get("suppression").is_some_and(|s| !s.is_null()));
    let paths = places.iter().filter_map(|place| place.get("path")?.as_str()).map(Name::new).collect();
    Some((fingerprint, Found { rule, is_accepted, paths }))
}

fn content(path: &Path) -> io::Result<String> {
    if path.as_os_str() != STANDARD_INPUT {
        return fs::read_to_string(path);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    Ok(text)
}

/// Notes what is found.
struct Collect<'a>(&'a RefCell<BTreeMap<Fingerprint, Found>>);

impl Reporter for Collect<'_> {
    fn begin(&mut self, _: &RunInfo) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let paths = finding.occurrences.iter().filter_map(|occurrence| occurrence.origin.path()).cloned().collect();
        let found = Found { rule: finding.rule.to_string(), is_accepted: finding.is_suppressed(), paths };
        note(&mut self.0.borrow_mut(), finding.fingerprint, found);
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}

/// The repository of the current directory, and the top of its work tree.
pub(crate) fn here() -> Result<(Repository, PathBuf)> {
    let found = Repository::here()?;
    let top = found.as_ref().and_then(Repository::work_tree).map(|tree| tree.work_tree().to_owned());
    found.zip(top).context("there is no work tree of a git repository here, whose top is searched and has these files")
}

/// The file that is named, or the usual one at the top of the work tree.
pub(crate) fn file(named: Option<&Path>, usual: &str, console: &Console) -> Result<PathBuf> {
    match named {
        Some(path) => Ok(path.to_owned()),
        None => settings::file_of_work_tree(&here()?.1, usual, console),
    }
}
