//! `git config`: every value of a key in the order of precedence, from the files of the system, the user, the repository
//! and its work tree, what they include, and the environment; and appending a value to the user's or the repository's
//! file, under git's own lock and without a change to the rest of it.

use std::{
    fs,
    io::{self, Write},
    time::Duration,
};

use gix::{
    config::{
        File, Source,
        file::{Metadata, init::Options as ReadOptions},
    },
    lock::{
        self,
        acquire::{Fail, resolve_symlink},
    },
};

use super::{config_text::with_value, place::Place};
use crate::{
    git::{
        gitconfig::{GitConfig, user_file},
        repository::failed,
    },
    source::SourceError,
};

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
#[derive(Debug)]
pub struct Settings(GitConfig);

impl Settings {
    /// Reads what counts at `place`, or outside of any repository.
    pub fn read(place: Option<&Place>, scope: Scope) -> Result<Self, SourceError> {
        let config = match (scope, place) {
            (Scope::Global, _) => GitConfig::of_user_file(),
            (Scope::Default, Some(place)) => GitConfig::of(place.repository().inner()),
            (Scope::Default, None) => GitConfig::outside(),
        };
        config.map(Self)
    }

    /// All values of `section.name`, the one that weighs most last.
    pub fn values(&self, section: &str, name: &str) -> Vec<Vec<u8>> {
        let key = format!("{section}.{name}");
        let entries = self.entries(section).into_iter().filter(|(other, _)| *other == key.as_bytes());
        entries.map(|(_, value)| value).collect()
    }

    /// Every key of a section and of its subsections, as git spells it, with its value.
    pub fn entries(&self, section: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.0.entries(section)
    }
}

/// Appends a value, as `git config [--global] --add section.name value`. For the default scope there must be a place.
pub fn add(place: Option<&Place>, scope: Scope, section: &str, name: &str, value: &[u8]) -> Result<(), SourceError> {
    let path = match (scope, place) {
        (Scope::Global, _) => user_file()?,
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
