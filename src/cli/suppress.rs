//! What a search takes for known and accepted: the flags that say so, and where the allow file and the baseline are read.
//! Whoever works in a repository has them on disk. A change that comes from outside is judged by those of its base, and
//! what it adds to them is told. What an entry means is the library's.

#![expect(clippy::doc_markdown, reason = "doc comments here are help texts, which know no Markdown")]

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use clap::builder::FalseyValueParser;
use clap::{Args, ValueHint};
use keysieve::engine::Marker;
use keysieve::git::{FileAt, Repository};
use keysieve::model::{Span, SuppressionKind};
use keysieve::pipeline::AddedEntries;
use keysieve::source::Names;
use keysieve::triage::{Allowed, Baselined, Entry, Permission, Placed, Suppressions};

use super::console::Console;
use super::trusted::LeadsTo;

/// Variables that name a repository, or its work tree.
const NAMING: [&str; 2] = ["GIT_DIR", "GIT_WORK_TREE"];

/// What counts as known and accepted.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Accepted findings")]
pub(crate) struct SuppressArgs {
    /// Accept what FILE lists, instead of .keysieve-allow.
    ///
    /// A line has a finding's fingerprint, a reason, and if need be a path, an end and an owner; keysieve allow add writes
    /// it. Repeat it for more than one file. Without it, .keysieve-allow at the top of the work tree counts, if it is
    /// there. Environment: KEYSIEVE_ALLOW_FILE, one file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, env = "KEYSIEVE_ALLOW_FILE", hide_env = true)]
    pub(crate) allow_file: Vec<PathBuf>,

    /// Accept what was there before, by FILE instead of .keysieve-baseline.
    ///
    /// keysieve baseline create writes it. Repeat it for more than one file. Without it, .keysieve-baseline at the top of the
    /// work tree counts, if it is there. Environment: KEYSIEVE_BASELINE, one file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, env = "KEYSIEVE_BASELINE", hide_env = true)]
    pub(crate) baseline: Vec<PathBuf>,

    /// Accept nothing: no comment, no allow file, no baseline.
    ///
    /// Everything that is found is reported, and fails as it would without them. Environment: KEYSIEVE_NO_ALLOW.
    #[arg(long, env = "KEYSIEVE_NO_ALLOW", hide_env = true, value_parser = FalseyValueParser::new())]
    pub(crate) no_allow: bool,

    /// Let comments of other scanners count as keysieve:allow does.
    ///
    /// As they stand in the comment, separated by commas: "gitleaks:allow", "betterleaks:allow", "pragma: allowlist secret",
    /// "trufflehog:ignore", "ggignore", "kingfisher:ignore". Others do nothing. Environment: KEYSIEVE_ALLOW_MARKERS.
    #[arg(long, value_name = "LIST", value_delimiter = ',', env = "KEYSIEVE_ALLOW_MARKERS", hide_env = true)]
    pub(crate) allow_markers: Vec<Marker>,

    /// Report what is accepted, too, and say by what.
    ///
    /// It never fails the run. JSON Lines name kind, reason, owner and end; SARIF has it as suppressions, which some services
    /// ignore: they open alerts for it. Environment: KEYSIEVE_SHOW_SUPPRESSED.
    #[arg(long, env = "KEYSIEVE_SHOW_SUPPRESSED", hide_env = true, value_parser = FalseyValueParser::new())]
    pub(crate) show_suppressed: bool,

    /// How the files of a repository are called, if its configuration says so.
    #[arg(skip)]
    pub(crate) usual: Usual,
}

/// Paths from the top of a work tree, where they are not the usual ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usual {
    pub(crate) allow_file: Option<String>,
    pub(crate) baseline: Option<String>,
}

impl Usual {
    fn of<T: Entry>(&self) -> &str {
        let named = if T::KIND == SuppressionKind::Baseline { &self.baseline } else { &self.allow_file };
        named.as_deref().unwrap_or(T::FILE)
    }
}

/// What is accepted by entries of files, and what a change adds to these.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    pub(crate) suppressions: Suppressions,
    pub(crate) added: Vec<AddedEntries>,
}

/// A change that comes from outside.
#[derive(Debug)]
pub(crate) struct Judged<'a> {
    pub(crate) repository: &'a Repository,
    /// The revisions whose files count. What one of them does not have does not count.
    pub(crate) judges: Vec<String>,
    pub(crate) leads_to: LeadsTo<'a>,
    /// Whether the run fails if it adds something.
    pub(crate) strict: bool,
}

impl Entries {
    /// As the files on disk have them, in the work tree with this top, if there is one.
    pub(crate) fn of_work_tree(args: &SuppressArgs, top: Option<&Path>) -> Result<Self> {
        if args.no_allow {
            return Ok(Self::default());
        }
        let Self { mut suppressions, added } = Self::of_allow_files(args, top)?;
        for (name, bytes) in on_disk::<Baselined>(&args.baseline, &args.usual, top)? {
            suppressions.baseline(entries(&name, &bytes)?);
        }
        Ok(Self { suppressions, added })
    }

    /// The same without baselines.
    pub(crate) fn of_allow_files(args: &SuppressArgs, top: Option<&Path>) -> Result<Self> {
        let mut suppressions = none();
        for (name, bytes) in on_disk::<Allowed>(&args.allow_file, &args.usual, top)? {
            suppressions.allow(entries(&name, &bytes)?);
        }
        Ok(Self { suppressions, added: Vec::new() })
    }

    /// As the base of a change has them. A line there that is no entry does not count, and is told.
    pub(crate) fn of_base(args: &SuppressArgs, judged: &Judged<'_>, console: &Console) -> Result<Self> {
        if args.no_allow {
            return Ok(Self::default());
        }
        let (allow, baseline) = (
            Files::of::<Allowed>(&args.allow_file, &args.usual, judged)?,
            Files::of::<Baselined>(&args.baseline, &args.usual, judged)?,
        );
        let (allowed, baselined): (Vec<Allowed>, Vec<Baselined>) = (allow.read(console)?, baseline.read(console)?);
        let permissions = allowed.iter().map(Entry::permission).chain(baselined.iter().map(Entry::permission));
        let permissions: Vec<Permission> = permissions.collect();
        log::debug!("{} entries of {} bases accept findings", permissions.len(), judged.judges.len());
        let added = [allow.added(&permissions, console), baseline.added(&permissions, console)].concat();
        let mut suppressions = none();
        suppressions.allow(allowed);
        suppressions.baseline(baselined);
        Ok(Self { suppressions, added })
    }
}

/// Whether the repository of the current directory may have one of the usual files: most have none, and opening a repository
/// takes longer than to see that.
pub(crate) fn may_be_accepted_here(args: &SuppressArgs) -> bool {
    let Ok(here) = env::current_dir() else { return false };
    let is_top = |directory: &&Path| directory.join(".git").symlink_metadata().is_ok();
    let usual = [args.usual.of::<Allowed>(), args.usual.of::<Baselined>()];
    let has_file = |top: &Path| usual.iter().any(|name| top.join(name).symlink_metadata().is_ok());
    NAMING.iter().any(|name| env::var_os(name).is_some()) || here.ancestors().find(is_top).is_some_and(has_file)
}

/// Nothing yet, as of now.
fn none() -> Suppressions {
    Suppressions::at(Some(SystemTime::now().into()))
}

fn entries<T: Entry>(name: &str, bytes: &[u8]) -> Result<Vec<T>> {
    Ok(T::parse(name, bytes)?.into_iter().map(|placed| placed.entry).collect())
}

/// Names and contents of the files that are given, or of the usual one if it is there.
fn on_disk<T: Entry>(given: &[PathBuf], usual: &Usual, top: Option<&Path>) -> Result<Vec<(String, Vec<u8>)>> {
    if !given.is_empty() {
        return given.iter().map(|path| Ok((path.display().to_string(), read(path)?))).collect();
    }
    let usual = usual.of::<T>();
    let found = top.map(|top| read_if_there(&top.join(usual))).transpose()?.flatten();
    Ok(found.map(|bytes| (usual.to_owned(), bytes)).into_iter().collect())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

/// The content of a file, if there is one.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_file() => read(path).map(Some),
        // A link may lead to what everyone can write.
        Ok(_) => bail!("{} is no file: a link or a directory says nothing of what is accepted", path.display()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

/// Where entries of one kind are, if a change is judged: a file that a flag names and that is not in the work tree is on
/// disk, everything else in revisions.
struct Files<'a> {
    judged: &'a Judged<'a>,
    kind: SuppressionKind,
    on_disk: Vec<PathBuf>,
    in_revisions: Vec<String>,
}

impl<'a> Files<'a> {
    fn of<T: Entry>(given: &[PathBuf], usual: &Usual, judged: &'a Judged<'a>) -> Result<Self> {
        let (mut on_disk, mut in_revisions) = (Vec::new(), Vec::new());
        let tree = judged.repository.work_tree();
        let top = tree.as_ref().map(Names::work_tree);
        for path in given {
            let place = std::path::absolute(path).with_context(|| format!("finding {}", path.display()))?;
            let real = place.parent().and_then(|parent| dunce::canonicalize(parent).ok());
            let place = real.zip(place.file_name()).map_or(place.clone(), |(parent, name)| parent.join(name));
            match top.and_then(|top| place.strip_prefix(top).ok()) {
                Some(below) => in_revisions.push(below.to_string_lossy().replace('\\', "/")),
                None => on_disk.push(path.clone()),
            }
        }
        if given.is_empty() {
            in_revisions.push(usual.of::<T>().to_owned());
        }
        Ok(Self { judged, kind: T::KIND, on_disk, in_revisions })
    }

    /// The entries that count: of files on disk all, and of revisions those that every judge has.
    fn read<T: Entry>(&self, console: &Console) -> Result<Vec<T>> {
        let mut all = Vec::new();
        for path in &self.on_disk {
            all.extend(entries(&path.display().to_string(), &read(path)?)?);
        }
        for path in &self.in_revisions {
            let of_judge = |judge: &String| self.of_revision(judge, path, console);
            let mut of_judges = self.judged.judges.iter().map(of_judge);
            let Some(first) = of_judges.next() else { continue };
            let others: Vec<Vec<Permission>> =
                of_judges.map(|entries: Vec<T>| entries.iter().map(Entry::permission).collect()).collect();
            let counts = |entry: &T| others.iter().all(|other| entry.permission().is_within(other));
            all.extend(first.into_iter().filter(counts));
        }
        Ok(all)
    }

    /// The entries of a file as a judge has it. What cannot be read accepts nothing.
    fn of_revision<T: Entry>(&self, judge: &str, path: &str, console: &Console) -> Vec<T> {
        let Some(FileAt { bytes, .. }) = self.file_at(judge, path, console) else { return Vec::new() };
        let mut entries = Vec::new();
        for Placed { entry, line, .. } in T::each(&bytes) {
            match entry {
                Ok(entry) => entries.push(entry),
                Err(reason) => console.warning(&format!("{path}:{line} of the base does not count: {reason}")),
            }
        }
        entries
    }

    fn file_at(&self, revision: &str, path: &str, console: &Console) -> Option<FileAt> {
        self.judged.repository.file_at(revision, path).unwrap_or_else(|error| {
            console.warning(&format!("{error}; nothing in it counts"));
            None
        })
    }

    /// What the change has that goes beyond what is permitted.
    fn added(&self, permissions: &[Permission], console: &Console) -> Vec<AddedEntries> {
        let mut added: Vec<AddedEntries> = Vec::new();
        let files = |path: &String| self.judged.leads_to.files(self.judged.repository, path, console);
        for (origin, content) in self.in_revisions.iter().flat_map(files) {
            let lines = match self.kind {
                SuppressionKind::Baseline => beyond::<Baselined>(&content, permissions),
                _ => beyond::<Allowed>(&content, permissions),
            };
            if !lines.is_empty() && added.iter().all(|other| other.origin != origin) {
                added.push(AddedEntries {
                    origin,
                    content: content.into(),
                    lines,
                    kind: self.kind.as_str(),
                    says: Vec::new(),
                    strict: self.judged.strict,
                });
            }
        }
        added
    }
}

/// The lines that accept more than is permitted.
fn beyond<T: Entry>(bytes: &[u8], permissions: &[Permission]) -> Vec<(Span, Vec<u8>)> {
    let is_beyond = |entry: &T| !entry.permission().is_within(permissions);
    let entries = T::each(bytes).into_iter();
    let beyond = entries.filter(|placed| placed.entry.as_ref().is_ok_and(is_beyond));
    beyond.map(|placed| (placed.span, bytes[placed.span.start..placed.span.end].to_vec())).collect()
}
