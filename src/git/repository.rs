//! Finding and opening a repository as git would: upwards from a directory, with git's environment variables, within
//! the limits that `safe.directory` and a file's owner set to what its configuration may say. A repository whose refs
//! are in reftables is refused, since these cannot be read here.

use std::path::{Path, PathBuf};

use gix::{
    ObjectId, ThreadSafeRepository, discover::upwards, odb::store::init::Slots, open::permissions::Environment,
    sec::Permission, sec::trust::Mapping, url::Scheme,
};

use super::{
    objects::{self, Objects, Variables},
    tracked::WorkTree,
};
use crate::{
    model::{Mask, Text, Vcs},
    source::{Discover, Names, SourceError},
};

/// Variables that name a repository, or a part of one. They are meant for the one of the current directory.
const NAMING: [&str; 3] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"];

/// A repository, open for reading.
pub struct Repository {
    inner: gix::Repository,
    /// The top of its work tree by its real path, if there is one.
    top: Option<PathBuf>,
    /// The index that the next commit is made from.
    index: PathBuf,
    /// Where its objects are; the first directory is the one that new ones are written to.
    objects: Vec<PathBuf>,
}

/// Whether git's variables speak of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    ByEnvironment,
    ByPlace,
}

/// The repositories whose work trees hold `paths`, each once: of every directory, and of the first of the files, which
/// is as much as it takes to know whether all are in one.
pub fn repositories(here: &Path, paths: &[PathBuf]) -> Result<Vec<Repository>, SourceError> {
    let absolute: Vec<PathBuf> = paths.iter().map(|path| here.join(path)).collect();
    let (directories, files): (Vec<&Path>, Vec<&Path>) =
        absolute.iter().map(PathBuf::as_path).partition(|path| path.is_dir());
    let of_file = files.first().and_then(|file| file.parent()).filter(|parent| parent.is_dir());
    let mut found: Vec<Repository> = Vec::new();
    for directory in directories.into_iter().chain(of_file) {
        let Some(repository) = Repository::discover(directory)? else { continue };
        if repository.top.is_some() && found.iter().all(|known| known.top != repository.top) {
            found.push(repository);
        }
    }
    Ok(found)
}

/// Finds the repositories that a walk comes to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nested;

impl Discover for Nested {
    fn at(&self, top: &Path) -> Result<Option<Box<dyn Names>>, SourceError> {
        let tree = Repository::nearest(top)?.and_then(|repository| repository.work_tree());
        Ok(tree.filter(|tree| tree.work_tree() == top).map(|tree| Box::new(tree) as Box<dyn Names>))
    }
}

impl Repository {
    /// The repository that `directory` is in, if any. Git's variables name it, unless `directory` is in another one:
    /// outside of theirs, or nested within it.
    pub fn discover(directory: &Path) -> Result<Option<Self>, SourceError> {
        let nearest = Self::nearest(directory)?;
        let named = Self::named_by_environment()?;
        let directory = dunce::canonicalize(directory).unwrap_or_else(|_| directory.to_path_buf());
        let named = named.filter(|named| named.top.as_ref().is_some_and(|top| directory.starts_with(top)));
        let depth = |repository: &Self| repository.top.as_ref().map_or(0, |top| top.components().count());
        Ok(match (named, nearest) {
            (Some(named), Some(nearest)) if depth(&nearest) > depth(&named) => Some(nearest),
            (Some(named), _) => Some(named),
            (None, nearest) => nearest,
        })
    }

    /// The repository that git would use for a command in the current directory, if any: the one that its variables
    /// name, else the nearest upwards.
    pub fn here() -> Result<Option<Self>, SourceError> {
        let options = upwards::Options { match_ceiling_dir_or_error: false, ..upwards::Options::default() };
        match ThreadSafeRepository::discover_with_environment_overrides_opts(
            ".",
            options,
            without_objects(Mapping::default()),
        ) {
            Ok(repository) => Self::new(&repository, Naming::ByEnvironment).map(Some),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(failed(format!("opening the repository that {} name", NAMING.join(", ")), error)),
        }
    }

    /// Its work tree; none if it is bare, or if the work tree is gone.
    pub fn work_tree(&self) -> Option<WorkTree> {
        self.top.clone().map(|top| WorkTree::new(self, top))
    }

    /// What reports say of it. A HEAD that cannot be read, or is not born, is left out.
    pub fn vcs(&self, mask: &dyn Mask) -> Vcs {
        let repo = &self.inner;
        let url = repo.config_snapshot().string("remote.origin.url");
        let branch = repo.head_name().ok().flatten().map(|name| Text::new(name.shorten(), mask));
        Vcs {
            repository_uri: url.and_then(|url| without_credentials(&url)).map(|url| Text::new(&url, mask)),
            revision: self.head().ok().flatten().map(|id| id.to_string()),
            branch,
        }
    }

    /// Upwards from `directory`, regardless of what the environment names.
    pub(super) fn nearest(directory: &Path) -> Result<Option<Self>, SourceError> {
        let options = upwards::Options { match_ceiling_dir_or_error: false, ..upwards::Options::default() };
        let options = options.apply_environment();
        match ThreadSafeRepository::discover_opts(directory, options, blind_to_names()) {
            Ok(repository) => Self::new(&repository, Naming::ByPlace).map(Some),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(failed(format!("opening the repository of {}", directory.display()), error)),
        }
    }

    fn named_by_environment() -> Result<Option<Self>, SourceError> {
        if NAMING.iter().all(|name| std::env::var_os(name).is_none()) { Ok(None) } else { Self::here() }
    }

    fn new(repository: &ThreadSafeRepository, naming: Naming) -> Result<Self, SourceError> {
        let mut repo = repository.to_thread_local();
        let doing = || format!("opening the repository {}", repo.git_dir().display());
        if uses_reftables(&repo) {
            return Err(failed(doing(), "its refs are in reftables, which are not supported"));
        }
        let by_environment = naming == Naming::ByEnvironment;
        if by_environment && !is_common_dir_of_environment(&repo) {
            return Err(failed(doing(), "GIT_COMMON_DIR names another directory than the repository's own file does"));
        }
        let top = match repo.workdir() {
            None if by_environment && is_here_by_environment(&repo) => Some(repo.current_dir()),
            top => top,
        };
        let top = top.and_then(|top| dunce::canonicalize(top).ok());
        // Where git goes before it looks at relative paths in its variables.
        let base = top.clone().unwrap_or_else(|| repo.current_dir().to_path_buf());
        let index = std::env::var_os("GIT_INDEX_FILE").filter(|index| by_environment && !index.is_empty());
        let index = index.map_or_else(|| repo.git_dir().join("index"), |index| base.join(index));
        let variables = by_environment.then(|| Variables::of_process(&base));
        let objects = objects::directories(repo.common_dir(), variables.as_ref());
        // A namespace of refs is for servers; HEAD is the one that a commit is made on.
        repo.clear_namespace();
        Ok(Self { inner: repo, top, index, objects })
    }

    /// The top of its work tree, if there is one.
    pub(super) fn top(&self) -> Option<&Path> {
        self.top.as_deref()
    }

    pub(super) fn inner(&self) -> &gix::Repository {
        &self.inner
    }

    /// Whether history ends early here, because no more of it was fetched.
    pub(super) fn is_shallow(&self) -> bool {
        self.inner.common_dir().join("shallow").is_file()
    }

    pub(super) fn git_dir(&self) -> &Path {
        self.inner.git_dir()
    }

    pub(super) fn common_dir(&self) -> &Path {
        self.inner.common_dir()
    }

    /// Where relative paths of its variables begin.
    pub(super) fn current_dir(&self) -> &Path {
        self.inner.current_dir()
    }

    pub(super) fn hash(&self) -> gix::hash::Kind {
        self.inner.object_hash()
    }

    /// The index that the next commit is made from, whatever the configuration says.
    pub(super) fn index_file(&self) -> &Path {
        &self.index
    }

    pub(super) fn object_directories(&self) -> &[PathBuf] {
        &self.objects
    }

    pub(super) fn objects(&self) -> Result<Objects, SourceError> {
        Objects::open(&self.objects, self.hash())
    }

    /// The commit that HEAD names; none if its branch is not born.
    pub(super) fn head(&self) -> Result<Option<ObjectId>, SourceError> {
        let head = self
            .inner
            .head()
            .map_err(|error| failed(format!("reading HEAD of {}", self.git_dir().display()), error))?;
        Ok(head.id().map(gix::Id::detach))
    }
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repository").field("top", &self.top).finish_non_exhaustive()
    }
}

/// An error of the version control system.
pub(super) fn failed(doing: String, reason: impl std::fmt::Display) -> SourceError {
    SourceError::Vcs { doing, reason: format!("{reason:#}") }
}

/// An error of gix and all its causes, on one line.
pub(super) fn reason(error: &gix::Error) -> String {
    let all: Vec<String> = error.iter_errors().map(ToString::to_string).collect();
    all.join(": ")
}

/// Options under which `GIT_DIR` and its like are not looked at.
fn blind_to_names() -> Mapping<gix::open::Options> {
    let mut mapping = Mapping::<gix::open::Options>::default();
    for options in [&mut mapping.full, &mut mapping.reduced] {
        let mut permissions = options.permissions;
        permissions.env = Environment { git_prefix: Permission::Deny, ..permissions.env };
        options.permissions = permissions;
    }
    without_objects(mapping)
}

/// Options under which gix opens no objects and looks for no replacements: both are up to [`Objects`].
fn without_objects(mut mapping: Mapping<gix::open::Options>) -> Mapping<gix::open::Options> {
    for options in [&mut mapping.full, &mut mapping.reduced] {
        options.modify(|options| {
            options.object_store_slots(Slots::Given(1)).config_overrides(["core.useReplaceRefs=false"])
        });
    }
    mapping
}

/// Whether `GIT_COMMON_DIR` is not set, or names what the repository's own file does, which is where gix looks.
fn is_common_dir_of_environment(repo: &gix::Repository) -> bool {
    let real = |path: &Path| dunce::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let named = std::env::var_os("GIT_COMMON_DIR").filter(|named| !named.is_empty());
    named.is_none_or(|named| real(&repo.current_dir().join(named)) == real(repo.common_dir()))
}

/// Whether the current directory is the work tree since `GIT_DIR` names a repository that is not bare and no work tree.
fn is_here_by_environment(repo: &gix::Repository) -> bool {
    let is_bare = repo.config_snapshot().boolean("core.bare") == Some(true);
    !is_bare && std::env::var_os("GIT_DIR").is_some_and(|named| !named.is_empty())
}

/// Whether an error says that there is no repository, rather than that it cannot be opened.
fn is_absence(error: &gix::Error) -> bool {
    error.downcast_any_ref::<upwards::Error>().is_some()
}

fn uses_reftables(repo: &gix::Repository) -> bool {
    let configured = repo.config_snapshot().string("extensions.refStorage");
    configured.is_some_and(|storage| storage.eq_ignore_ascii_case(b"reftable"))
        || repo.common_dir().join("reftable").is_dir()
}

/// A URL that a person can open or clone, without user, password, query and fragment. None of a local path, or of the
/// short form `host:path`, which is no URL.
fn without_credentials(url: &[u8]) -> Option<Vec<u8>> {
    let end = url.iter().position(|byte| matches!(byte, b'?' | b'#')).unwrap_or(url.len());
    let mut url = gix::url::parse(&url[..end]).ok()?;
    if url.serialize_alternative_form || !matches!(url.scheme, Scheme::Http | Scheme::Https | Scheme::Ssh) {
        return None;
    }
    url.set_user(None);
    url.set_password(None);
    Some(url.to_bstring().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_told_without_its_credentials() {
        let told =
            |url: &str| without_credentials(url.as_bytes()).map(|url| String::from_utf8_lossy(&url).into_owned());
        for (url, expect) in [
            ("https://example.com/a/b.git", Some("https://example.com/a/b.git")),
            ("https://user:token@example.com:8443/a.git", Some("https://example.com:8443/a.git")),
            ("https://token@example.com/a.git?private_token=x#y", Some("https://example.com/a.git")),
            ("ssh://git@example.com/a.git", Some("ssh://example.com/a.git")),
            ("git@example.com:a.git", None),
            ("/srv/git/a.git", None),
            ("file:///srv/git/a.git", None),
            ("ext::sh -c true", None),
        ] {
            assert_eq!(told(url).as_deref(), expect, "{url}");
        }
    }
}
