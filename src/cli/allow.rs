//! `keysieve allow`: writes down that a finding is known and accepted, and why; lists what is; and says which entries are of no
//! use any more. What a line of the file says is the library's.

#![expect(clippy::doc_markdown, reason = "doc comments here are help texts, which know no Markdown")]

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand, ValueHint};
use keysieve::model::{Fingerprint, Moment};
use keysieve::triage::{Allowed, Entry, Placed, Scope, Sheet, end_of_day};

use super::ExitStatus;
use super::console::Console;
use super::exit::FINDINGS;
use super::output;
use super::suppress;
use super::survey::{Accepting, Found, Survey, SurveyArgs, file};

/// What a new file begins with.
const HEAD: [&str; 4] = [
    "Findings that are known and accepted. A line is FINGERPRINT reason=\"...\" [path=GLOB] [until=YYYY-MM-DD] [owner=NAME].",
    "keysieve allow add writes one, keysieve allow check names those of no use any more. The lines below keep apart what",
    "branches add, for git to merge; with '.keysieve-allow merge=union' in .gitattributes there is no conflict at all.",
    "Nothing here silences another secret on the same line, or a new value in the same place.",
];

/// Accept findings that are no leak.
///
/// By fingerprint, which reports show. Entries hold wherever the secret is moved to, unless they name a path. They are in
/// .keysieve-allow at the top of the work tree.
#[derive(Debug, Args)]
pub(crate) struct AllowArgs {
    #[command(subcommand)]
    pub(crate) verb: AllowVerb,
}

/// What to do with the allow file.
#[derive(Debug, Subcommand)]
pub(crate) enum AllowVerb {
    Add(AllowAddArgs),
    /// List what is accepted, an entry a line.
    ///
    /// As it stands in the file, sorted; an entry that has come to its end is marked.
    List(AllowFileArgs),
    Check(AllowCheckArgs),
}

/// Accept a finding.
///
/// An entry for the same finding and path is replaced.
#[derive(Debug, Args)]
pub(crate) struct AllowAddArgs {
    /// The finding's fingerprint, as reports show it.
    ///
    /// 32 hexadecimal digits; more than one may be given.
    #[arg(value_name = "FINGERPRINT", required = true)]
    pub(crate) fingerprints: Vec<Fingerprint>,

    /// Why it is no leak, or none that matters.
    ///
    /// For those who read the file in a year. Never put a secret into it.
    #[arg(long, value_name = "TEXT", required = true)]
    pub(crate) reason: String,

    /// Accept it until the end of this day (UTC), YYYY-MM-DD.
    ///
    /// After that it is reported again, and says that it was accepted until then.
    #[arg(long, value_name = "DATE", value_parser = end_of_day)]
    pub(crate) until: Option<Moment>,

    /// Accept it only in files whose paths fit this pattern.
    ///
    /// As in .gitignore, from the top of the work tree: "tests/", "*.md". A file that was under several paths has to fit with
    /// all of them.
    #[arg(long, value_name = "GLOB", value_parser = Scope::new)]
    pub(crate) path: Option<Scope>,

    /// Who answers for it.
    ///
    /// A person or a team, for whoever has to ask.
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,

    #[command(flatten)]
    pub(crate) file: AllowFileArgs,
}

/// Which allow file.
#[derive(Debug, Args)]
pub(crate) struct AllowFileArgs {
    /// The allow file [default: .keysieve-allow at the top of the work tree].
    ///
    /// To have it count, name it in searches too, by --allow-file or KEYSIEVE_ALLOW_FILE.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) allow_file: Option<PathBuf>,
}

/// Name entries that match nothing any more, or have come to their end.
///
/// The status is 1 if there are some, 0 if not, 3 if something could not be read.
#[derive(Debug, Args)]
pub(crate) struct AllowCheckArgs {
    #[command(flatten)]
    pub(crate) file: AllowFileArgs,

    #[command(flatten)]
    pub(crate) survey: SurveyArgs,
}

/// Does what the verb says.
pub(crate) fn run(verb: &AllowVerb, console: &Console) -> Result<ExitStatus> {
    match verb {
        AllowVerb::Add(args) => add(args, console),
        AllowVerb::List(args) => list(args, console),
        AllowVerb::Check(args) => check(args, console),
    }
}

fn add(args: &AllowAddArgs, console: &Console) -> Result<ExitStatus> {
    refuse_secrets(args, console)?;
    if args.until.is_some_and(|until| until < now()) {
        bail!("--until: that day is over");
    }
    let path = file(args.file.allow_file.as_deref(), Allowed::FILE, console)?;
    let bytes = suppress::read_if_there(&path)?;
    let there = parsed(&path, bytes.as_deref().unwrap_or_default())?;
    let mut sheet = bytes.map_or_else(|| Sheet::new(&HEAD), |bytes| Sheet::of(&String::from_utf8_lossy(&bytes)));
    let is_replaced = |placed: &&Placed<Allowed>| {
        args.fingerprints.contains(&placed.entry.fingerprint) && placed.entry.path == args.path
    };
    let replaced: Vec<usize> = there.iter().filter(is_replaced).map(|placed| placed.line).collect();
    sheet.remove(&replaced);
    for fingerprint in &args.fingerprints {
        let entry = entry(args, *fingerprint)?;
        sheet.insert(fingerprint, &entry.to_string());
    }
    output::write_file(&path, &sheet.to_string())?;
    let name = console.shown(&path.file_name().unwrap_or_default().to_string_lossy());
    let how = if replaced.is_empty() { "added to" } else { "replaced in" };
    args.fingerprints.iter().for_each(|fingerprint| console.plain(&format!("{fingerprint} {how} {name}")));
    Ok(ExitStatus::Success)
}

/// The entry that is asked for, as it will be read again.
fn entry(args: &AllowAddArgs, fingerprint: Fingerprint) -> Result<Allowed> {
    let entry = Allowed {
        fingerprint,
        reason: args.reason.trim().to_owned(),
        path: args.path.clone(),
        until: args.until,
        owner: args.owner.clone(),
    };
    let read = Allowed::of_line(&entry.to_string()).map_err(anyhow::Error::msg).context("this is no entry")?;
    if read != entry || entry.to_string().chars().any(char::is_control) {
        bail!("a reason, a path and an owner have to be on one line, without control characters");
    }
    Ok(entry)
}

fn refuse_secrets(args: &AllowAddArgs, console: &Console) -> Result<()> {
    let path = args.path.as_ref().map(Scope::as_str);
    let texts = [("--reason", Some(args.reason.as_str())), ("--owner", args.owner.as_deref()), ("--path", path)];
    for (flag, text) in texts {
        if text.is_some_and(|text| !console.mask().hidden(text.as_bytes()).is_empty()) {
            bail!("{flag} holds what looks like a secret itself: it would stand in a file for all to read");
        }
    }
    Ok(())
}

fn list(args: &AllowFileArgs, console: &Console) -> Result<ExitStatus> {
    let path = file(args.allow_file.as_deref(), Allowed::FILE, console)?;
    let Some(bytes) = suppress::read_if_there(&path)? else {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        console.plain(&console.shown(&format!("there is no {name}")));
        return Ok(ExitStatus::Success);
    };
    let mut entries = parsed(&path, &bytes)?;
    entries.sort_by_key(|placed| (placed.entry.fingerprint, placed.line));
    output::print(|out| {
        entries.iter().try_for_each(|placed| {
            let mark = if placed.entry.has_ended(now()) { "  # has come to its end" } else { "" };
            writeln!(out, "{}{mark}", console.shown(&placed.entry.to_string()))
        })
    })
}

fn check(args: &AllowCheckArgs, console: &Console) -> Result<ExitStatus> {
    let path = file(args.file.allow_file.as_deref(), Allowed::FILE, console)?;
    let bytes = suppress::read_if_there(&path)?.unwrap_or_default();
    let entries = parsed(&path, &bytes)?;
    let survey = Survey::of(&args.survey, Accepting::Nothing, console)?;
    let name = path.file_name().unwrap_or_default().display().to_string();
    let faults: Vec<String> = entries
        .iter()
        .filter_map(|placed| {
            let why = fault(&placed.entry, &survey)?;
            Some(format!("{name}:{}: {why}: {}", placed.line, console.shown(&placed.entry.to_string())))
        })
        .collect();
    output::print_lines(&faults, console)?;
    Ok(match survey.is_complete {
        false => ExitStatus::Incomplete,
        true if faults.is_empty() => ExitStatus::Success,
        true => ExitStatus::Findings(FINDINGS),
    })
}

/// Why an entry is of no use; what was not looked at may still match it.
fn fault(entry: &Allowed, survey: &Survey) -> Option<&'static str> {
    let is_in_scope =
        |found: &Found| entry.path.as_ref().is_none_or(|scope| found.paths.iter().any(|path| scope.holds(path)));
    if entry.has_ended(now()) {
        return Some("has come to its end");
    }
    match survey.found.get(&entry.fingerprint) {
        _ if !survey.is_complete => None,
        None => Some("matches nothing"),
        Some(found) if !is_in_scope(found) => Some("matches nothing under its path"),
        Some(_) => None,
    }
}

fn parsed(path: &Path, bytes: &[u8]) -> Result<Vec<Placed<Allowed>>> {
    Ok(Allowed::parse(&path.display().to_string(), bytes)?)
}

fn now() -> Moment {
    SystemTime::now().into()
}
