//! Tree objects: what is in one, and all that is below one. They come from the repository and are not trusted: names
//! may be anything, and trees may be as deep as they like.

use gix::{
    ObjectId,
    bstr::{BStr, BString},
    hash::oid,
    index::entry::Mode,
    objs::{Kind as ObjectKind, TreeRefIter, tree::EntryKind},
};

use super::{
    objects::{ObjectError, ObjectReader},
    repository::reason,
};

/// What an entry of a tree, or of the index, is. Whether a file can be executed makes no difference to its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    File,
    /// A symbolic link, whose blob is its target.
    Link,
    /// A commit of another repository.
    Submodule,
    Directory,
}

impl Kind {
    /// Whether its content is a blob of this repository.
    pub(super) fn is_blob(self) -> bool {
        matches!(self, Self::File | Self::Link)
    }
}

impl From<EntryKind> for Kind {
    fn from(kind: EntryKind) -> Self {
        match kind {
            EntryKind::Blob | EntryKind::BlobExecutable => Self::File,
            EntryKind::Link => Self::Link,
            EntryKind::Commit => Self::Submodule,
            EntryKind::Tree => Self::Directory,
        }
    }
}

impl From<Mode> for Kind {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::SYMLINK => Self::Link,
            Mode::COMMIT => Self::Submodule,
            Mode::DIR => Self::Directory,
            _ => Self::File,
        }
    }
}

/// An entry of a tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct TreeEntry<'a> {
    pub(super) name: &'a BStr,
    pub(super) kind: Kind,
    pub(super) is_executable: bool,
    pub(super) id: &'a oid,
}

/// What is in the tree `id`, in the order of git, which sorts a directory as if a slash followed its name. `buffer` is
/// for the tree's bytes.
pub(super) fn entries<'b>(
    reader: &ObjectReader,
    id: &oid,
    buffer: &'b mut Vec<u8>,
) -> Result<Vec<TreeEntry<'b>>, ObjectError> {
    reader.read(id, ObjectKind::Tree, buffer)?;
    let broken = |error: gix::Error| ObjectError::Broken { id: id.into(), reason: reason(&error) };
    let entries = TreeRefIter::from_bytes(buffer, reader.hash());
    entries
        .map(|entry| {
            let entry = entry.map_err(broken)?;
            let kind = entry.mode.kind();
            let is_executable = kind == EntryKind::BlobExecutable;
            Ok(TreeEntry { name: entry.filename, kind: kind.into(), is_executable, id: entry.oid })
        })
        .collect()
}

/// Something below a tree that is no directory.
#[derive(Clone, Debug)]
pub(super) struct Below {
    pub(super) path: BString,
    pub(super) kind: Kind,
    pub(super) id: ObjectId,
}

/// All that is below the tree `id`, which is found at `directory` (empty, or ending in a slash). Of a tree that cannot
/// be read the error is returned beside what could be.
pub(super) fn below(reader: &ObjectReader, directory: &BStr, id: &oid) -> (Vec<Below>, Option<ObjectError>) {
    let (mut found, mut failed) = (Vec::new(), None);
    let mut pending = vec![(BString::from(directory), ObjectId::from(id))];
    let mut buffer = Vec::new();
    while let Some((directory, id)) = pending.pop() {
        let entries = match entries(reader, &id, &mut buffer) {
            Ok(entries) => entries,
            Err(error) => {
                failed = Some(error);
                continue;
            }
        };
        for TreeEntry { name, kind, id, .. } in entries {
            let mut path = directory.clone();
            path.extend_from_slice(name);
            if kind == Kind::Directory {
                path.push(b'/');
                pending.push((path, id.into()));
            } else {
                found.push(Below { path, kind, id: id.into() });
            }
        }
    }
    (found, failed)
}
