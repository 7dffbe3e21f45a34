//! The regular files in the index: all of them in its order, or those that the next commit adds or changes.

use gix::{
    bstr::{BStr, BString},
    index::{
        File,
        entry::{Flags, Mode},
    },
};

use super::{
    place::Place,
    reader::{Id, Reader, unreadable},
};
use crate::{
    git::{
        staged::{Difference, changes},
        tracked::{Checksum, read_index},
        tree::{Kind, below},
    },
    source::SourceError,
};

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
                tracked.extend(folded(reader, path, Id(entry.id))?.into_iter().filter(|entry| wanted(&entry.path)));
            } else if is_file(entry) && wanted(path) {
                let assumed_unchanged = entry.flags.contains(Flags::ASSUME_VALID);
                tracked.push(Entry { path: path.into(), id: Id(entry.id), assumed_unchanged });
            }
        }
        Ok(tracked)
    }

    /// Added, copied, modified, unmerged, and what has become a file: every path whose content or mode is not HEAD's, in
    /// the order of the index. Before the first commit that is all of the index.
    pub fn staged(&self, reader: &Reader) -> Result<Vec<Entry>, SourceError> {
        let head = self.repository().head()?;
        let tree = head.map(|head| reader.0.tree_of(&head)).transpose().map_err(unreadable)?;
        let index = self.index()?;
        let changes = changes(&index, tree, &reader.0, Difference::ContentOrMode).map_err(unreadable)?;
        let files = changes.new.into_iter().filter(|new| new.kind == Kind::File);
        Ok(files.map(|new| Entry { path: new.path, id: Id(new.id), assumed_unchanged: false }).collect())
    }

    /// The index that the next commit is made from.
    fn index(&self) -> Result<File, SourceError> {
        read_index(self.repository().index_file(), self.repository().hash(), Checksum::Ignore)
    }
}

/// Whether an entry has the content of a regular file.
fn is_file(entry: &gix::index::Entry) -> bool {
    matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE) && !entry.flags.contains(Flags::INTENT_TO_ADD)
}

/// The files of a directory that a sparse index has as one entry.
fn folded(reader: &Reader, directory: &BStr, tree: Id) -> Result<Vec<Entry>, SourceError> {
    let (found, failed) = below(&reader.0, directory, &tree.0);
    if let Some(error) = failed {
        return Err(unreadable(error));
    }
    let mut found: Vec<_> = found.into_iter().filter(|found| found.kind == Kind::File).collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found.into_iter().map(|it| Entry { path: it.path, id: Id(it.id), assumed_unchanged: false }).collect())
}
