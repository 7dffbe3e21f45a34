//! What git tracks: the names in the index, of every stage. The content of the index is not trusted; a path in it may be
//! anything, and whoever opens one looks first.

use std::path::{Path, PathBuf};

use gix::{
    bstr::{BString, ByteSlice},
    index::{File, State, decode, entry::Mode},
};

use super::repository::failed;
use crate::{
    model::Name,
    source::{Names, SourceError, Tracked},
};

/// More memory than this is not set aside because an index says that it has so many entries; one of ten million files
/// takes about one GiB.
const MOST_MEMORY: usize = 2 << 30;

/// The work tree of a repository. It holds no handle of gix, since these cannot be shared by threads.
#[derive(Clone, Debug)]
pub struct WorkTree {
    top: PathBuf,
    git_dir: PathBuf,
    common_dir: PathBuf,
    index: PathBuf,
    hash: gix::hash::Kind,
}

impl WorkTree {
    pub(super) fn new(repo: &gix::Repository, top: PathBuf) -> Self {
        Self {
            top,
            git_dir: repo.git_dir().to_path_buf(),
            common_dir: repo.common_dir().to_path_buf(),
            index: repo.index_path(),
            hash: repo.object_hash(),
        }
    }

    /// The files that a sparse index has folded into one entry. Of a tree that is missing, as in a partial clone, only
    /// the directory is known.
    fn below_sparse_directory(&self, index: &State, entry: &gix::index::Entry) -> Vec<Tracked> {
        let directory = entry.path(index).trim_end_with(|end| end == '/').as_bstr();
        let files = gix::open(&self.git_dir)
            .and_then(|repo| repo.find_tree(entry.id).and_then(|tree| tree.traverse().breadthfirst.files()));
        match files {
            Ok(files) => {
                let below = files.into_iter().filter(|file| !file.mode.is_tree());
                let path = |file: &[u8]| [directory.as_bytes(), b"/", file].concat();
                below.map(|file| named(path(&file.filepath), file.mode.is_commit())).collect()
            }
            Err(error) => {
                log::debug!("expanding a sparse directory: {error}");
                vec![named(directory, false)]
            }
        }
    }
}

impl Names for WorkTree {
    fn work_tree(&self) -> &Path {
        &self.top
    }

    fn exclude_file(&self) -> Option<PathBuf> {
        Some(self.common_dir.join("info/exclude"))
    }

    fn tracked(&self) -> Result<Vec<Tracked>, SourceError> {
        let options = decode::Options { alloc_limit_bytes: Some(MOST_MEMORY), ..decode::Options::default() };
        let index = File::at_or_default(&self.index, self.hash, false, options)
            .map_err(|error| failed(format!("reading the index {}", self.index.display()), error))?;
        let mut tracked: Vec<Tracked> = Vec::with_capacity(index.entries().len());
        for entry in index.entries() {
            if entry.mode == Mode::DIR {
                tracked.extend(self.below_sparse_directory(&index, entry));
            } else {
                tracked.push(named(entry.path(&index), entry.mode == Mode::COMMIT));
            }
        }
        if !tracked.is_sorted_by(|a, b| a.path <= b.path) {
            tracked.sort_by(|a, b| a.path.cmp(&b.path));
        }
        tracked.dedup_by(|a, b| a.path == b.path);
        Ok(tracked)
    }
}

fn named(path: impl Into<BString>, submodule: bool) -> Tracked {
    Tracked { path: Name::new(path), submodule }
}
