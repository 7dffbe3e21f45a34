//! The repository of the current directory, or of the one that git's variables name, and where in it we are.

use std::{
    env,
    path::{Path, PathBuf},
};

use bstr::ByteVec;
use gix::sec::Trust;

use super::reader::Share;
use crate::{
    git::{
        hooks::Hooks,
        repository::{Repository, failed},
    },
    source::SourceError,
};

/// A repository, seen from a directory.
#[derive(Debug)]
pub struct Place {
    repository: Repository,
    prefix: Vec<u8>,
}

impl Place {
    /// Where git would be if it were started here; none outside of any repository.
    pub fn here() -> Result<Option<Self>, SourceError> {
        Repository::here()?.map(Self::new).transpose()
    }

    /// The repository whose work tree has its top at `directory`, whatever the environment names.
    pub fn with_top(directory: &Path) -> Result<Self, SourceError> {
        let is_it = |repository: &Repository| repository.top() == dunce::canonicalize(directory).ok().as_deref();
        let repository = Repository::nearest(directory)?.filter(is_it);
        let missing = || failed(format!("opening the repository {}", directory.display()), "there is none");
        Self::new(repository.ok_or_else(missing)?)
    }

    fn new(repository: Repository) -> Result<Self, SourceError> {
        if repository.inner().git_dir_trust() != Trust::Full {
            let doing = format!("opening the repository {}", repository.git_dir().display());
            return Err(failed(doing, "it belongs to someone else, and safe.directory does not name it"));
        }
        let here = env::current_dir().and_then(dunce::canonicalize).unwrap_or_default();
        let below = repository.top().and_then(|top| here.strip_prefix(top).ok());
        let below = below.filter(|below| *below != Path::new(""));
        let prefix = below.map(|below| [Vec::from_path_lossy(below).as_ref(), b"/"].concat()).unwrap_or_default();
        Ok(Self { repository, prefix })
    }

    /// The top of the work tree, if there is one.
    pub fn top(&self) -> Option<&Path> {
        self.repository.top()
    }

    /// The current directory below the top, with a `/` at its end; empty at the top.
    pub fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// Whether paths are shown with their bytes beyond ASCII spelled out.
    pub fn quotes_beyond_ascii(&self) -> bool {
        self.repository.inner().config_snapshot().boolean("core.quotePath").unwrap_or(true)
    }

    /// The directory that git looks for hooks in.
    pub fn hooks(&self) -> Result<PathBuf, SourceError> {
        Ok(Hooks::of(self.repository.inner())?.directory)
    }

    /// The directory of the repository itself, which its work trees share.
    pub fn common_dir(&self) -> &Path {
        self.repository.common_dir()
    }

    /// Access to the objects.
    pub fn objects(&self) -> Result<Share, SourceError> {
        self.repository.objects().map(Share)
    }

    pub(super) fn repository(&self) -> &Repository {
        &self.repository
    }
}
