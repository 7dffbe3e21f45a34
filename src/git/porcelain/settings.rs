//! `git config`: every value of a key in the order of precedence, from the files of the system, the user, the repository
//! and its work tree, what they include, and the environment; and appending a value to the user's or the repository's
//! file, under git's own lock and without a change to the rest of it.

use std::{
    env, fs,
    io::{self, Write},
    time::Duration,
};

use bstr::ByteVec;
use gix::{
    bstr::ByteSlice,
    config::{
        File, Source,
        file::{Metadata, init::Options as ReadOptions},
    },
    lock::{
        self,
        acquire::{Fail, resolve_symlink},
    },
    open::Options,
};

use super::{config_text::with_value, parameters, place::Place};
use crate::{git::repository::failed, source::SourceError};

/// How long a lock is waited for that someone else holds; git's own waits are of this kind.
const PATIENCE: Duration = Duration::from_secs(1);

/// Which files are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// To read: all of them. To write: the repository's.
    Default,
    /// The user's file and no other, without what it includes.
    Global,
}

/// What is configured.
pub struct Settings {
    file: File,
    /// What `git -c` set, which is not in any file.
    given: Vec<parameters::Entry>,
}

impl Settings {
    /// Reads what counts at `place`, or outside of any repository.
    pub fn read(place: Option<&Place>, scope: Scope) -> Result<Self, SourceError> {
        let file = match (scope, place) {
            (Scope::Global, _) => return Ok(Self { file: global_file()?, given: Vec::new() }),
            (Scope::Default, Some(place)) => place.repo().config_snapshot().plumbing().clone(),
            (Scope::Default, None) => gix::config(None, &Options::default()).map_err(unreadable)?,
        };
        let given = env::var_os("GIT_CONFIG_PARAMETERS").map(|list| Vec::from_os_string(list).unwrap_or_default());
        Ok(Self { file, given: parameters::parse(&given.unwrap_or_default())? })
    }

    /// All values of `section.name`, the one that weighs most last.
    pub fn values(&self, section: &str, name: &str) -> Vec<Vec<u8>> {
        let key = format!("{section}.{name}");
        let entries = self.entries(section).into_iter().filter(|(other, _)| *other == key.as_bytes());
        entries.map(|(_, value)| value).collect()
    }

    /// Every key of a section and of its subsections, as git spells it, with its value.
    pub fn entries(&self, section: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
        let prefix = format!("{section}.");
        let mut entries = Vec::new();
        for part in self.file.sections() {
            let header = part.header();
            if header.name().eq_ignore_ascii_case(section.as_bytes()) {
                let subsection = header.subsection_name();
                entries.extend(part.body().into_iter().map(|(name, value)| {
                    let subsection = subsection.map(|name| [name.as_bytes(), b"."].concat()).unwrap_or_default();
                    let name = name.to_ascii_lowercase();
                    ([prefix.as_bytes(), &subsection, name.as_bytes()].concat(), Vec::from(value))
                }));
            }
        }
        entries.extend(self.given.iter().filter(|(key, _)| key.starts_with(prefix.as_bytes())).cloned());
        entries
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Settings")
    }
}

/// Appends a value, as `git config [--global] --add section.name value`. For the default scope there must be a place.
pub fn add(place: Option<&Place>, scope: Scope, section: &str, name: &str, value: &[u8]) -> Result<(), SourceError> {
    let path = match (scope, place) {
        (Scope::Global, _) => gix::config_path(global_source(), &Options::default()).map_err(unreadable)?,
        (Scope::Default, Some(place)) => place.common_dir().join("config"),
        (Scope::Default, None) => {
            return Err(failed("writing git's configuration".to_owned(), "not in a git directory"));
        }
    };
    let doing = || format!("writing git's configuration {}", path.display());
    // Links are followed, as git does, so that what is linked to is what changes.
    let lock = lock::File::acquire(&path, Fail::AfterDurationWithBackoff(PATIENCE), None, 0, Some(&resolve_symlink));
    let mut lock = lock.map_err(|error| failed(doing(), error))?;
    let path = lock.resource_path();
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(failed(doing(), error)),
    };
    let text = with_value(&text, section, name, value);
    check(&text, &format!("{section}.{name}"), value)?;
    let written = lock.with_mut(|file| {
        if let Ok(metadata) = path.metadata() {
            file.set_permissions(metadata.permissions())?;
        }
        file.write_all(&text)
    });
    written.map_err(|error| failed(doing(), error))?;
    lock.commit().map_err(|error| failed(doing(), error.error)).map(|_| ())
}

/// What is to be written must read back as what was given, beside all that can be read now.
fn check(text: &[u8], key: &str, value: &[u8]) -> Result<(), SourceError> {
    let file = File::from_bytes_no_includes(text, Metadata::from(Source::Local), ReadOptions::default());
    let is_last = |file: File| file.raw_values(key).is_ok_and(|values| values.last().is_some_and(|last| last == value));
    let is_kept = file.is_ok_and(is_last);
    if is_kept { Ok(()) } else { Err(failed(format!("adding a value of {key}"), "git's configuration cannot hold it")) }
}

/// The user's file, which need not exist.
fn global_file() -> Result<File, SourceError> {
    let source = global_source();
    let path = gix::config_path(source, &Options::default()).map_err(unreadable)?;
    if !path.exists() {
        return Ok(File::default());
    }
    File::from_path_no_includes(path, source).map_err(unreadable)
}

/// `~/.gitconfig`, or the file of the XDG directories if that is the only one there is.
fn global_source() -> Source {
    let is_there = |source| gix::config_path(source, &Options::default()).is_ok_and(|path| path.exists());
    if !is_there(Source::User) && is_there(Source::Git) { Source::Git } else { Source::User }
}

fn unreadable(error: gix::Error) -> SourceError {
    failed("reading git's configuration".to_owned(), error)
}
