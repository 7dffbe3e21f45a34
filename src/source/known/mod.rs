//! Files in which a user keeps secrets, read for their values: what the user really holds must not leave, whatever its
//! format. One file here for each of their formats; each takes text as it comes and gives what it understands of it.
//! Which values are long and secret enough to be looked for is the engine's to say, and that is done elsewhere.
//!
//! A file that is not there is the usual case. One that is there and cannot be read is told, and ends nothing.

mod dotenv;
mod ini;
mod json;
mod netrc;
mod npmrc;

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use bstr::ByteSlice;

use super::{
    Names,
    filter::Filter,
    platform::{self, Links},
};
use crate::model::{Held, Name, Secret, Severity};

/// A longer file is not read, in bytes: real ones have some kilobytes.
const LONGEST_FILE: u64 = 1 << 20;
/// More files of one directory are not read.
const MOST_FILES: usize = 100;
/// Endings of files that show what belongs into a `.env` file, and are committed.
const TEMPLATES: [&[u8]; 6] = [b".example", b".sample", b".template", b".tmpl", b".dist", b".defaults"];

/// Where a user keeps secrets.
#[derive(Clone, Copy, Default)]
pub struct Places<'a> {
    /// The home directory.
    pub home: Option<&'a Path>,
    /// Files for credentials and settings of AWS, besides the usual ones.
    pub aws: &'a [PathBuf],
    /// The work tree whose ignored `.env` files count.
    pub work_tree: Option<&'a dyn Names>,
}

impl std::fmt::Debug for Places<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Places").field("home", &self.home).field("aws", &self.aws).finish_non_exhaustive()
    }
}

/// What was found there.
#[derive(Debug, Default)]
pub struct Holdings {
    /// The values.
    pub held: Vec<Held>,
    /// The files that were read.
    pub files: Vec<PathBuf>,
    /// What could not be read: the file as a person calls it, and why.
    pub unread: Vec<(String, String)>,
}

/// A value that a file holds, and the name of its setting if that decides whether it is a secret.
#[derive(Debug, PartialEq, Eq)]
struct Value {
    setting: Option<Box<[u8]>>,
    bytes: Vec<u8>,
}

/// How a file is written, and what its values unlock.
#[derive(Clone, Copy)]
struct Format {
    read: fn(&[u8]) -> Result<Vec<Value>, String>,
    severity: Option<Severity>,
}

const AWS: Format = Format { read: |text| Ok(ini::values(text)), severity: Some(Severity::Critical) };
const CACHE: Format = Format { read: json::values, severity: Some(Severity::Critical) };
const NETRC: Format = Format { read: |text| Ok(netrc::values(text)), severity: None };
const NPMRC: Format = Format { read: |text| Ok(npmrc::values(text)), severity: None };
const DOTENV: Format = Format { read: |text| Ok(dotenv::values(text)), severity: None };

impl Places<'_> {
    /// Reads what is there.
    pub fn read(&self) -> Holdings {
        let mut reader = Reader { home: self.home, seen: BTreeSet::new(), holdings: Holdings::default() };
        if let Some(home) = self.home {
            let aws = home.join(".aws");
            reader.file(&aws.join("credentials"), AWS);
            reader.file(&aws.join("config"), AWS);
            reader.caches(&aws.join("cli/cache"));
            reader.caches(&aws.join("sso/cache"));
            reader.file(&home.join(".netrc"), NETRC);
            reader.file(&home.join(".npmrc"), NPMRC);
        }
        self.aws.iter().for_each(|file| reader.file(file, AWS));
        if let Some(tree) = self.work_tree {
            reader.ignored_settings(tree);
        }
        reader.holdings
    }
}

/// The values of a list, one a line.
pub fn listed(list: &[u8], from: &str) -> Vec<Held> {
    let lines = list.strip_prefix(b"\xef\xbb\xbf").unwrap_or(list).lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| held(Value { setting: None, bytes: line.to_vec() }, from, None)).collect()
}

/// Whether a directory has files that may be ignored settings: a cheap look, before anything is asked of git.
pub fn may_have_settings(directory: &Path) -> bool {
    settings_in(directory).is_ok_and(|files| !files.is_empty())
}

fn held(value: Value, from: &str, severity: Option<Severity>) -> Held {
    Held { secret: Secret::new(value.bytes), from: from.to_owned(), severity, setting: value.setting }
}

struct Reader<'a> {
    home: Option<&'a Path>,
    seen: BTreeSet<PathBuf>,
    holdings: Holdings,
}

impl Reader<'_> {
    fn file(&mut self, path: &Path, format: Format) {
        let name = self.name(path);
        self.file_called(path, &name, format);
    }

    fn file_called(&mut self, path: &Path, name: &str, format: Format) {
        if !self.seen.insert(path.to_path_buf()) {
            return;
        }
        match read(path) {
            Ok(None) => {}
            Ok(Some(text)) => {
                self.holdings.files.push(path.to_path_buf());
                match (format.read)(&text) {
                    Ok(values) => {
                        self.holdings.held.extend(values.into_iter().map(|value| held(value, name, format.severity)));
                    }
                    Err(reason) => self.unread(name, reason),
                }
            }
            Err(error) => self.unread(name, error.to_string()),
        }
    }

    /// Every JSON file of a directory.
    fn caches(&mut self, directory: &Path) {
        let is_cache = |name: &[u8]| name.ends_with(b".json");
        match files_in(directory, is_cache) {
            Ok(files) => {
                let name = self.name(directory);
                self.first_of(&name, files).iter().for_each(|file| self.file(file, CACHE));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => self.unread(&self.name(directory), error.to_string()),
        }
    }

    /// The `.env` files at the top of a work tree that git ignores.
    fn ignored_settings(&mut self, tree: &dyn Names) {
        let top = tree.work_tree();
        let Ok(files) = settings_in(top) else { return };
        if files.is_empty() {
            return;
        }
        let rules = Filter::new(&[top.to_path_buf()], &[tree]).rules(top);
        let files: Vec<PathBuf> = files.into_iter().filter(|file| rules.ignore(file, false)).collect();
        for file in self.first_of("the work tree", files) {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.file_called(&file, &name, DOTENV);
        }
    }

    fn first_of(&mut self, directory: &str, mut files: Vec<PathBuf>) -> Vec<PathBuf> {
        if files.len() > MOST_FILES {
            self.unread(directory, format!("of {} files only the first {MOST_FILES} are read", files.len()));
            files.truncate(MOST_FILES);
        }
        files
    }

    fn unread(&mut self, name: &str, reason: String) {
        self.holdings.unread.push((name.to_owned(), reason));
    }

    /// A path as a person writes it.
    fn name(&self, path: &Path) -> String {
        match self.home.and_then(|home| path.strip_prefix(home).ok()) {
            Some(below) => format!("~/{}", Name::from_path(below).expose()),
            None => path.display().to_string(),
        }
    }
}

fn settings_in(directory: &Path) -> io::Result<Vec<PathBuf>> {
    files_in(directory, |name| name.starts_with(b".env") && !TEMPLATES.iter().any(|ending| name.ends_with(ending)))
}

/// The entries of a directory whose names are fitting, sorted.
fn files_in(directory: &Path, fits: impl Fn(&[u8]) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if fits(entry.file_name().as_encoded_bytes()) {
            files.push(entry.path());
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// The text of a file; none if there is no such file, or something else in its place, such as a pipe of a password manager.
fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match platform::open(path, Links::Follow) {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        // Windows opens no directory.
        Err(_) if path.is_dir() => return Ok(None),
        Err(error) => return Err(error),
    };
    if !file.metadata()?.is_file() {
        log::debug!("{} is no file; no known secrets are read from it", path.display());
        return Ok(None);
    }
    let mut text = Vec::new();
    file.take(LONGEST_FILE + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LONGEST_FILE {
        return Err(io::Error::other(format!("it is larger than {} MiB", LONGEST_FILE >> 20)));
    }
    Ok(Some(text))
}

#[cfg(test)]
mod tests;
