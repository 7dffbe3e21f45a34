//! `--known` and `--no-known`: which of the user's own secrets a search looks for. Where they are kept and how these files
//! are read is the library's; whether they are to be read here and now, and what is said of it, is settled here.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use keysieve::engine;
use keysieve::git::{Repository, WorkTree};
use keysieve::model::{Held, Name, Origin, Text};
use keysieve::source::SourceError;
use keysieve::source::known::{self, Holdings, Places};

use super::args::KnownArgs;
use super::console::Console;
use super::doctor::{Check, Level};

/// The path that means standard input, and what a finding calls that.
const STANDARD_INPUT: &str = "-";
const STANDARD_INPUT_NAME: &str = "standard input";
/// Variables that name files of AWS besides the usual ones.
const AWS_FILES: [&str; 2] = ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"];
/// Variables that name a repository, or its work tree.
const NAMING: [&str; 2] = ["GIT_DIR", "GIT_WORK_TREE"];

/// What is known, and where it is at home.
pub(crate) struct Known {
    values: Arc<engine::Known>,
    files: Vec<PathBuf>,
}

impl Known {
    /// Reads what the flags ask for: the lists that they name, and what the user holds unless that is turned off or this
    /// is a CI system, whose own credentials are nobody's to compare with.
    pub(crate) fn read(args: &KnownArgs, console: &Console) -> Result<Self> {
        let mut holdings = if args.no_known || is_ci() { Holdings::default() } else { of_user(console) };
        let lists = args.known.iter().map(|list| named(list)).collect::<Vec<_>>();
        for (path, name) in args.known.iter().zip(&lists) {
            let list = read_list(path).with_context(|| format!("reading the known secrets in {name}"))?;
            holdings.held.extend(known::listed(&list, name));
            holdings.files.push(path.clone());
        }
        for (name, reason) in &holdings.unread {
            console.warning(&format!("{name}: what it holds is not looked for: {reason}"));
        }
        let values = engine::Known::new(with_masked_names(holdings.held, console));
        log::debug!("{} known secrets, from {} files", values.len(), holdings.files.len());
        tell_left_out(&values, &lists, console);
        let values = Arc::new(values);
        console.hide(&values);
        Ok(Self { values, files: holdings.files })
    }

    /// The values.
    pub(crate) fn values(&self) -> Arc<engine::Known> {
        Arc::clone(&self.values)
    }

    /// The documents that the values come from, if paths of documents are relative to `root`.
    pub(crate) fn at_home(&self, root: Option<&Path>) -> BTreeSet<Origin> {
        let Some(root) = root.filter(|_| !self.values.is_empty()) else { return BTreeSet::new() };
        let real = self.files.iter().filter_map(|file| dunce::canonicalize(file).ok());
        // A file that was named as a link has the link's name, in a directory without links.
        let located = self
            .files
            .iter()
            .filter_map(|file| Some(dunce::canonicalize(file.parent()?).ok()?.join(file.file_name()?)));
        let name = |file: PathBuf| Name::from_path(file.strip_prefix(root).unwrap_or(&file));
        real.chain(located).map(|file| Origin::File(name(file))).collect()
    }
}

/// What `keysieve doctor` says of the files that a search takes values from.
pub(crate) fn checks(console: &Console) -> Vec<Check> {
    const WHAT: &str = "known secrets";
    if is_ci() {
        return vec![Check::ok(WHAT, "this is a CI system, where only lists of --known are looked for")];
    }
    let holdings = of_user(console);
    let unread = holdings.unread.iter().map(|(name, reason)| {
        Check::new(Level::Warn, WHAT, &format!("{name}: what it holds is not looked for: {reason}"), "mend the file")
    });
    let mut checks: Vec<Check> = unread.collect();
    let files = holdings.files.len();
    let values = engine::Known::new(holdings.held).len();
    checks.push(match files {
        0 => Check::ok(WHAT, "none: no file is there that a search takes values from (docs/KNOWN.md)"),
        _ => Check::ok(WHAT, format!("{values} values, from {files} files")),
    });
    checks
}

/// Refuses to read standard input for two things.
pub(crate) fn refuse_standard_input(args: &KnownArgs, what: &str) -> Result<()> {
    if args.known.iter().any(|list| list.as_os_str() == STANDARD_INPUT) {
        bail!("standard input is {what}: the known secrets have to come from a file");
    }
    Ok(())
}

/// Whether this is a CI system, by the variable that all of them set.
fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}

/// What the user holds.
fn of_user(console: &Console) -> Holdings {
    let home = env::home_dir().filter(|home| home.is_absolute());
    let aws = AWS_FILES.iter().filter_map(env::var_os).filter(|file| !file.is_empty());
    let aws: Vec<PathBuf> = aws.map(|file| expanded(Path::new(&file), home.as_deref())).collect();
    let tree = work_tree().unwrap_or_else(|error| {
        console.warning(&format!("what .env files hold is not looked for: {error}"));
        None
    });
    let tree = tree.as_ref().map(|tree| tree as &dyn keysieve::source::Names);
    Places { home: home.as_deref(), aws: &aws, work_tree: tree }.read()
}

/// `~/file` as the AWS CLI reads it.
fn expanded(file: &Path, home: Option<&Path>) -> PathBuf {
    match (file.strip_prefix("~"), home) {
        (Ok(below), Some(home)) => home.join(below),
        _ => file.to_path_buf(),
    }
}

/// The work tree of the current directory, if `.env` files may be at its top: most have none, and opening a repository
/// takes longer than to see that.
fn work_tree() -> Result<Option<WorkTree>, SourceError> {
    let Ok(here) = env::current_dir() else { return Ok(None) };
    let is_top = |directory: &&Path| directory.join(".git").symlink_metadata().is_ok();
    let may_be = NAMING.iter().any(|name| env::var_os(name).is_some())
        || here.ancestors().find(is_top).is_some_and(known::may_have_settings);
    if !may_be {
        return Ok(None);
    }
    Ok(Repository::here()?.and_then(|repository| repository.work_tree()))
}

fn named(list: &Path) -> String {
    if list.as_os_str() == STANDARD_INPUT { STANDARD_INPUT_NAME.to_owned() } else { list.display().to_string() }
}

fn read_list(list: &Path) -> io::Result<Vec<u8>> {
    if list.as_os_str() != STANDARD_INPUT {
        return fs::read(list);
    }
    let mut text = Vec::new();
    io::stdin().read_to_end(&mut text)?;
    Ok(text)
}

/// A file's name goes into reports, so that no secret may be in it.
fn with_masked_names(mut held: Vec<Held>, console: &Console) -> Vec<Held> {
    let mut masked: BTreeMap<String, String> = BTreeMap::new();
    for held in &mut held {
        let name = masked.entry(held.from.clone());
        held.from = name.or_insert_with_key(|name| Text::new(name.as_bytes(), console.mask()).to_string()).clone();
    }
    held
}

/// Says how many values of a list are of no use. What else is left out is no one's mistake.
fn tell_left_out(known: &engine::Known, lists: &[String], console: &Console) {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    known.left_out().iter().for_each(|left| *counts.entry((&left.from, left.reason)).or_default() += 1);
    for ((from, reason), count) in counts {
        let (values, are) = if count == 1 { ("value", "is") } else { ("values", "are") };
        let line = format!("{from}: {count} {values} {are} not looked for: {reason}");
        if lists.iter().any(|list| list == from) {
            console.warning(&line);
        } else {
            log::debug!("{line}");
        }
    }
}
