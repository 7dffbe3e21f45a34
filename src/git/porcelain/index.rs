//! What is in the index, entry by entry, in its order.

use gix::{
    bstr::{BString, ByteSlice},
    index::{
        File, decode,
        entry::{Flags, Mode},
    },
};

use super::{
    place::Place,
    reader::{Id, Reader},
};
use crate::{git::repository::failed, source::SourceError};

/// A regular file in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Below the top, with `/` between its parts.
    pub path: BString,
    /// Its content.
    pub id: Id,
    /// Whether git was told to believe that the file on disk is the same.
    pub assumed_unchanged: bool,
}

impl Place {
    /// The regular files in the index whose paths are `wanted`. Of a conflict, every version is told. Links, submodules
    /// and what is only intended to be added have no content here.
    pub fn tracked(&self, reader: &Reader, wanted: &dyn Fn(&[u8]) -> bool) -> Result<Vec<Entry>, SourceError> {
        let index = self.index()?;
        let mut tracked = Vec::new();
        for entry in index.entries() {
            let path = entry.path(&index);
            if entry.mode == Mode::DIR {
                tracked.extend(below(reader, path, Id(entry.id))?.into_iter().filter(|entry| wanted(&entry.path)));
            } else if is_file(entry) && wanted(path) {
                tracked.push(file(path, entry));
            }
        }
        Ok(tracked)
    }

    /// The index that the next commit is made from.
    pub(super) fn index(&self) -> Result<File, SourceError> {
        let path = self.index_file();
        // As git itself, this does not check the hash over all of it, which takes longer than reading it.
        File::at_or_default(path, self.repo().object_hash(), true, decode::Options::default())
            .map_err(|error| failed(format!("reading the index {}", path.display()), error))
    }
}

/// Whether an entry has the content of a regular file.
pub(super) fn is_file(entry: &gix::index::Entry) -> bool {
    matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE) && !entry.flags.contains(Flags::INTENT_TO_ADD)
}

pub(super) fn file(path: &[u8], entry: &gix::index::Entry) -> Entry {
    let assumed_unchanged = entry.flags.contains(Flags::ASSUME_VALID);
    Entry { path: path.into(), id: Id(entry.id), assumed_unchanged }
}

/// The files of a directory that a sparse index has as one entry.
fn below(reader: &Reader, directory: &[u8], tree: Id) -> Result<Vec<Entry>, SourceError> {
    let directory = directory.trim_end_with(|end| end == '/');
    let files = reader.changes(tree, &[])?.into_iter().filter_map(|change| {
        let path = [directory, b"/", &change.path].concat();
        Some(Entry { path: path.into(), id: change.now?, assumed_unchanged: false })
    });
    Ok(files.collect())
}
