//! In what condition a repository is: what about it keeps a search from seeing all, or a hook from being where it is
//! expected.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gix::{bstr::ByteSlice, sec::Trust};

use super::repository::Repository;

/// What there is to know of a repository before it is searched.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Whether it has no work tree.
    pub is_bare: bool,
    /// Whether this is one of its linked work trees.
    pub is_linked: bool,
    /// Whether history ends early here, because no more of it was fetched.
    pub is_shallow: bool,
    /// Whether git fetches objects when they are asked for.
    pub is_partial: bool,
    /// Whether it belongs to someone else, so that git does not work in it.
    pub is_foreign: bool,
    /// The tops of its linked work trees.
    pub work_trees: Vec<PathBuf>,
    /// The `hooks` directories of its submodules, as far as they have been cloned.
    pub hooks_of_submodules: Vec<PathBuf>,
}

impl Repository {
    /// Looks at the files and settings that say so. What cannot be read is not told.
    pub fn condition(&self) -> Condition {
        Condition {
            is_bare: self.top().is_none(),
            is_linked: self.git_dir() != self.common_dir(),
            is_shallow: self.is_shallow(),
            is_partial: self.is_partial(),
            is_foreign: self.inner().git_dir_trust() != Trust::Full,
            work_trees: linked_work_trees(self.common_dir()),
            hooks_of_submodules: hooks_of_submodules(self.common_dir()),
        }
    }

    fn is_partial(&self) -> bool {
        let settings = self.inner().config_snapshot();
        let is_promisor = |name: &[u8]| settings.boolean(&*format!("remote.{}.promisor", name.as_bstr())) == Some(true);
        settings.string("extensions.partialClone").is_some()
            || self.inner().remote_names().iter().any(|name| is_promisor(name.as_ref()))
    }
}

/// Each has a directory of its own, with a file that names the `.git` file in it.
fn linked_work_trees(common_dir: &Path) -> Vec<PathBuf> {
    let names = below(&common_dir.join("worktrees")).into_iter().filter_map(|it| fs::read(it.join("gitdir")).ok());
    let tops = names.filter_map(|name| {
        let path = gix::path::from_bstring(name.trim_end().as_bstr()).ok()?;
        path.parent().map(Path::to_path_buf)
    });
    tops.filter(|top| top.is_dir()).collect()
}

/// Their names can have slashes in them.
fn hooks_of_submodules(common_dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = below(&common_dir.join("modules"));
    while let Some(directory) = pending.pop() {
        if directory.join("HEAD").is_file() {
            found.push(directory.join("hooks"));
            pending.extend(below(&directory.join("modules")));
        } else {
            pending.extend(below(&directory));
        }
    }
    found.sort();
    found
}

/// The directories in a directory.
fn below(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let directories = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut directories: Vec<_> = directories.map(|entry| entry.path()).collect();
    directories.sort();
    directories
}
