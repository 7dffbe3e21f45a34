//! `keysieve baseline`: writes down what there is, so that only what is new is reported; brings that up to date; and says how
//! the two differ. What a line of the file says is the library's.

#![expect(clippy::doc_markdown, reason = "doc comments here are help texts, which know no Markdown")]

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::{Args, Subcommand, ValueHint};
use keysieve::triage::{Baselined, Entry, Placed, Sheet};

use super::ExitStatus;
use super::console::Console;
use super::exit::FINDINGS;
use super::output;
use super::suppress;
use super::survey::{Accepting, Survey, SurveyArgs, file};

/// What a new file begins with.
const HEAD: [&str; 3] = [
    "Findings that were there before keysieve: it counts them, and reports only others. A line is a fingerprint and a rule.",
    "keysieve baseline update and prune keep it up to date. The lines below keep apart what branches add, for git to merge;",
    "with '.keysieve-baseline merge=union' in .gitattributes there is no conflict at all.",
];

/// Report only what is new.
///
/// A baseline lists what there is, by fingerprints, which stay the same wherever a secret is moved to and whatever happens to
/// the history. What it lists is counted and not reported. It is .keysieve-baseline at the top of the work tree.
#[derive(Debug, Args)]
pub(crate) struct BaselineArgs {
    #[command(subcommand)]
    pub(crate) verb: BaselineVerb,
}

/// What to do with the baseline.
#[derive(Debug, Subcommand)]
pub(crate) enum BaselineVerb {
    /// Write a baseline of what there is.
    ///
    /// What a comment or the allow file accepts is left out. It is an error if there is a baseline already.
    Create(BaselineFileArgs),
    /// Add what there is and the baseline does not have.
    ///
    /// What is new since then is accepted by that: look at keysieve baseline diff before.
    Update(BaselineFileArgs),
    /// Take out what is not there any more.
    ///
    /// If not everything could be looked at, nothing is taken out, and the status is 3.
    Prune(BaselineFileArgs),
    /// Tell what update would add and prune would take out.
    ///
    /// A line each, with + or - before it. The status is 1 if there are some, 0 if not, 3 if something could not be read.
    Diff(BaselineFileArgs),
}

/// Which baseline, and what there is.
#[derive(Debug, Args)]
pub(crate) struct BaselineFileArgs {
    /// The baseline [default: .keysieve-baseline at the top of the work tree].
    ///
    /// To have it count, name it in searches too, by --baseline or KEYSIEVE_BASELINE.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) survey: SurveyArgs,
}

/// Does what the verb says.
pub(crate) fn run(verb: &BaselineVerb, console: &Console) -> Result<ExitStatus> {
    match verb {
        BaselineVerb::Create(args) => create(args, console),
        BaselineVerb::Update(args) => update(args, console),
        BaselineVerb::Prune(args) => prune(args, console),
        BaselineVerb::Diff(args) => diff(args, console),
    }
}

/// A baseline and what there is.
struct Compared {
    path: PathBuf,
    sheet: Sheet,
    /// What there is and the baseline does not have.
    missing: Vec<Baselined>,
    /// What it has and there is not.
    stale: Vec<Placed<Baselined>>,
    is_complete: bool,
}

impl Compared {
    fn of(args: &BaselineFileArgs, console: &Console) -> Result<Self> {
        let path = file(args.baseline.as_deref(), Baselined::FILE, console)?;
        let Some(bytes) = suppress::read_if_there(&path)? else {
            bail!("there is no baseline {}: keysieve baseline create writes one", path.display());
        };
        let entries = Baselined::parse(&path.display().to_string(), &bytes)?;
        let sheet = Sheet::of(&String::from_utf8_lossy(&bytes));
        let survey = Survey::of(&args.survey, Accepting::ByPeople, console)?;
        let has = |one: &Baselined| entries.iter().any(|placed| placed.entry.fingerprint == one.fingerprint);
        let missing = unaccepted(&survey).filter(|one| !has(one)).collect();
        let is_stale = |placed: &&Placed<Baselined>| !survey.found.contains_key(&placed.entry.fingerprint);
        let stale = entries.iter().filter(is_stale).cloned().collect();
        Ok(Self { path, sheet, missing, stale, is_complete: survey.is_complete })
    }

    fn write(mut self, console: &Console) -> Result<ExitStatus> {
        self.missing.iter().for_each(|entry| self.sheet.insert(&entry.fingerprint, &entry.to_string()));
        write(&self.path, &self.sheet, self.missing.len(), "added to", self.is_complete, console)
    }
}

fn create(args: &BaselineFileArgs, console: &Console) -> Result<ExitStatus> {
    let path = file(args.baseline.as_deref(), Baselined::FILE, console)?;
    if suppress::read_if_there(&path)?.is_some() {
        bail!("there is a baseline already, {}: keysieve baseline update adds to it", path.display());
    }
    let survey = Survey::of(&args.survey, Accepting::ByPeople, console)?;
    let (missing, stale) = (unaccepted(&survey).collect(), Vec::new());
    Compared { path, sheet: Sheet::new(&HEAD), missing, stale, is_complete: survey.is_complete }.write(console)
}

fn update(args: &BaselineFileArgs, console: &Console) -> Result<ExitStatus> {
    Compared::of(args, console)?.write(console)
}

fn prune(args: &BaselineFileArgs, console: &Console) -> Result<ExitStatus> {
    let Compared { path, mut sheet, stale, is_complete, .. } = Compared::of(args, console)?;
    if !is_complete {
        console.warning("nothing is taken out of the baseline: what was not looked at may still be there");
        return Ok(ExitStatus::Incomplete);
    }
    let numbers: Vec<usize> = stale.iter().map(|placed| placed.line).collect();
    sheet.remove(&numbers);
    write(&path, &sheet, numbers.len(), "taken out of", true, console)
}

fn diff(args: &BaselineFileArgs, console: &Console) -> Result<ExitStatus> {
    let Compared { missing, stale, is_complete, .. } = Compared::of(args, console)?;
    output::print(|out| {
        missing.iter().try_for_each(|entry| writeln!(out, "+ {entry}"))?;
        stale.iter().try_for_each(|placed| writeln!(out, "- {}", placed.entry))
    })?;
    Ok(match is_complete {
        _ if !missing.is_empty() => ExitStatus::Findings(FINDINGS),
        false => ExitStatus::Incomplete,
        true if stale.is_empty() => ExitStatus::Success,
        true => ExitStatus::Findings(FINDINGS),
    })
}

/// What there is and nobody has accepted, as entries.
fn unaccepted(survey: &Survey) -> impl Iterator<Item = Baselined> {
    let found = survey.found.iter().filter(|(_, found)| !found.is_accepted);
    found.map(|(fingerprint, found)| Baselined { fingerprint: *fingerprint, rule: found.rule.clone() })
}

fn write(
    path: &Path,
    sheet: &Sheet,
    count: usize,
    how: &str,
    is_complete: bool,
    console: &Console,
) -> Result<ExitStatus> {
    output::write_file(path, &sheet.to_string())?;
    let entries = if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") };
    let line = format!("{entries} {how} {}", path.file_name().unwrap_or_default().display());
    console.plain(&console.shown(&line));
    Ok(if is_complete { ExitStatus::Success } else { ExitStatus::Incomplete })
}
