//! The repository of the current directory, or of the one that git's variables name, and where in it we are.

use std::{
    env,
    path::{Path, PathBuf},
};

use bstr::ByteVec;
use gix::{ThreadSafeRepository, discover::upwards, open::Options, sec::Trust, sec::trust::Mapping};

use super::reader::{Id, Share};
use crate::{
    git::repository::{failed, is_absence, uses_reftables},
    source::SourceError,
};

/// A repository, seen from a directory.
pub struct Place {
    repo: gix::Repository,
    top: Option<PathBuf>,
    prefix: Vec<u8>,
    index: PathBuf,
}

impl Place {
    /// Where git would be if it were started here; none outside of any repository.
    pub fn here() -> Result<Option<Self>, SourceError> {
        let options = upwards::Options { match_ceiling_dir_or_error: false, ..upwards::Options::default() };
        match ThreadSafeRepository::discover_with_environment_overrides_opts(".", options, without_replacements()) {
            Ok(repository) => Self::new(repository.to_thread_local()).map(Some),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(failed("opening the repository".to_owned(), error)),
        }
    }

    /// The repository whose work tree has its top at `directory`, whatever the environment names.
    pub fn with_top(directory: &Path) -> Result<Self, SourceError> {
        let opening = |error| failed(format!("opening the repository {}", directory.display()), error);
        Self::new(gix::open_opts(directory, overridden(Options::default())).map_err(opening)?)
    }

    fn new(repo: gix::Repository) -> Result<Self, SourceError> {
        let doing = || format!("opening the repository {}", repo.git_dir().display());
        if uses_reftables(&repo) {
            return Err(failed(doing(), "its refs are in reftables, which are not supported"));
        }
        if repo.git_dir_trust() != Trust::Full {
            return Err(failed(doing(), "it belongs to someone else, and safe.directory does not name it"));
        }
        let top = repo.workdir().and_then(|top| top.canonicalize().ok());
        let here = repo.current_dir().canonicalize().unwrap_or_else(|_| repo.current_dir().to_path_buf());
        let below = top.as_ref().and_then(|top| here.strip_prefix(top).ok()).filter(|below| *below != Path::new(""));
        let prefix = below.map(|below| [Vec::from_path_lossy(below).as_ref(), b"/"].concat()).unwrap_or_default();
        let named = env::var_os("GIT_INDEX_FILE").filter(|index| !index.is_empty());
        let base = top.as_ref().unwrap_or(&here);
        let index = named.map_or_else(|| repo.git_dir().join("index"), |index| base.join(index));
        Ok(Self { repo, top, prefix, index })
    }

    /// The top of the work tree, if there is one.
    pub fn top(&self) -> Option<&Path> {
        self.top.as_deref()
    }

    /// The current directory below the top, with a `/` at its end; empty at the top.
    pub fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// Whether paths are shown with their bytes beyond ASCII spelled out.
    pub fn quotes_beyond_ascii(&self) -> bool {
        self.repo.config_snapshot().boolean("core.quotePath").unwrap_or(true)
    }

    /// The directory that git looks for hooks in: `core.hooksPath`, or the one that all work trees share.
    pub fn hooks(&self) -> Result<PathBuf, SourceError> {
        let configured = self.repo.config_snapshot().trusted_path("core.hooksPath");
        let configured = configured.map_err(|error| failed("reading core.hooksPath".to_owned(), error))?;
        let base = self.top.as_deref().unwrap_or_else(|| self.repo.git_dir());
        Ok(configured.map_or_else(|| self.repo.common_dir().join("hooks"), |path| base.join(path)))
    }

    /// The directory of the repository itself, which its work trees share.
    pub fn common_dir(&self) -> &Path {
        self.repo.common_dir()
    }

    /// Access to the objects.
    pub fn objects(&self) -> Result<Share, SourceError> {
        let named = env::var_os("GIT_OBJECT_DIRECTORY").filter(|directory| !directory.is_empty());
        let directory = named.map_or_else(|| self.repo.common_dir().join("objects"), PathBuf::from);
        Share::open(directory, self.repo.object_hash())
    }

    /// The commit that HEAD names; none if its branch is not born.
    pub fn head(&self) -> Result<Option<Id>, SourceError> {
        let head = self.repo.head().map_err(|error| failed("reading HEAD".to_owned(), error))?;
        Ok(head.id().map(|id| Id(id.detach())))
    }

    pub(super) fn repo(&self) -> &gix::Repository {
        &self.repo
    }

    pub(super) fn index_file(&self) -> &Path {
        &self.index
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Place").field("top", &self.top).finish_non_exhaustive()
    }
}

/// Options under which no ref replaces an object by another.
fn without_replacements() -> Mapping<Options> {
    let mut mapping = Mapping::<Options>::default();
    for options in [&mut mapping.full, &mut mapping.reduced] {
        options.modify(overridden);
    }
    mapping
}

fn overridden(options: Options) -> Options {
    options.config_overrides(["core.useReplaceRefs=false"])
}
