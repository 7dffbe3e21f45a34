//! What git tracks: the names in the index, of every stage. The content of the index is not trusted; a path in it may be
//! anything, and whoever opens one looks first.

use std::path::{Path, PathBuf};

use gix::{
    bstr::{BString, ByteSlice},
    index::{File, State, decode, entry::Mode},
};

use super::{
    objects::Objects,
    repository::{Repository, failed},
    tree::{self, Kind},
};
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
    common_dir: PathBuf,
    index: PathBuf,
    objects: Vec<PathBuf>,
    hash: gix::hash::Kind,
}

impl WorkTree {
    pub(super) fn new(repository: &Repository, top: PathBuf) -> Self {
        Self {
            top,
            common_dir: repository.common_dir().to_path_buf(),
            index: repository.index_file().to_path_buf(),
            objects: repository.object_directories().to_vec(),
            hash: repository.hash(),
        }
    }

    /// The files that a sparse index has folded into one entry. Of a tree that is missing, as in a partial clone, only
    /// the directory is known.
    fn below_sparse_directory(&self, index: &State, entry: &gix::index::Entry) -> Vec<Tracked> {
        let directory = entry.path(index);
        let objects = Objects::open(&self.objects, self.hash).map_err(|error| error.to_string());
        let read = objects.and_then(|objects| match tree::below(&objects.reader(), directory, &entry.id) {
            (_, Some(error)) => Err(error.to_string()),
            (files, None) => Ok(files),
        });
        match read {
            Ok(files) => files.into_iter().map(|file| named(file.path, file.kind == Kind::Submodule)).collect(),
            Err(error) => {
                log::debug!("expanding a sparse directory: {error}");
                vec![named(directory.trim_end_with(|end| end == '/'), false)]
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
        let index = read_index(&self.index, self.hash, Checksum::Verify)?;
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

/// What to do with the checksum at the end of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checksum {
    /// A wrong one is an error.
    Verify,
    /// As git does when it makes a commit: of a large index it would take longer than all the rest.
    Ignore,
}

/// The index in a file; an empty one if there is no such file.
pub(super) fn read_index(path: &Path, hash: gix::hash::Kind, checksum: Checksum) -> Result<File, SourceError> {
    let options = decode::Options { alloc_limit_bytes: Some(MOST_MEMORY), ..decode::Options::default() };
    File::at_or_default(path, hash, checksum == Checksum::Ignore, options)
        .map_err(|error| failed(format!("reading the index {}", path.display()), error))
}
