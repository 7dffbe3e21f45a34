//! `git config`: every value of a key in the order of precedence, from the files of the system, the user, the repository
//! and its work tree, what they include, and the environment; and appending a value to the user's or the repository's
//! file, under git's own lock and without a change to the rest of it.

use std::{
    env,
    path::{Path, PathBuf},
};

use bstr::ByteVec;
use gix::{
    bstr::{BStr, ByteSlice},
    config::{
        File, FileTransaction, Source,
        file::{Metadata, init::Options as ReadOptions},
    },
    open::Options,
};

use super::{parameters, place::Place};
use crate::{git::repository::failed, source::SourceError};

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
    given: Vec<(Vec<u8>, Vec<u8>)>,
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
    let unwritable = |error: gix::Error| failed("writing git's configuration".to_owned(), error);
    let mut file = match (scope, place) {
        (Scope::Global, _) => gix::config_mut(global_source(), &Options::default()).map_err(unwritable)?,
        (Scope::Default, Some(place)) => repository_file(place).map_err(unwritable)?,
        (Scope::Default, None) => {
            return Err(failed("writing git's configuration".to_owned(), "not in a git directory"));
        }
    };
    let value = value.as_bstr();
    file.section_mut_or_create_new(section, None::<&BStr>)
        .and_then(|mut section| section.push(name, Some(value)).map(|_| ()))
        .map_err(unwritable)?;
    check(&file, section, name, value)?;
    file.commit().map_err(unwritable)
}

fn repository_file(place: &Place) -> gix::Result<FileTransaction> {
    place.repo().config_file_mut(place.repo().config_path(Source::Local)?)
}

/// What was written must read back as what was given: a carriage return, say, cannot be written at all.
fn check(file: &FileTransaction, section: &str, name: &str, value: &BStr) -> Result<(), SourceError> {
    let again = File::from_bytes_no_includes(&file.to_bstring(), Metadata::from(Source::Local), ReadOptions::default());
    let key = format!("{section}.{name}");
    let kept = again.is_ok_and(|file| {
        file.raw_values(key.as_str()).is_ok_and(|values| values.iter().any(|kept| kept.as_bstr() == value))
    });
    if kept { Ok(()) } else { Err(failed(format!("adding a value of {key}"), "git's configuration cannot hold it")) }
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
    let is_there =
        |source| gix::config_path(source, &Options::default()).is_ok_and(|path: PathBuf| Path::exists(&path));
    if !is_there(Source::User) && is_there(Source::Git) { Source::Git } else { Source::User }
}

fn unreadable(error: gix::Error) -> SourceError {
    failed("reading git's configuration".to_owned(), error)
}
