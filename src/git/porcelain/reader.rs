//! Objects by their ids, read as they are stored: replacement refs are not asked.

use std::{fmt, iter, path::PathBuf, sync::Arc};

use gix::{
    ObjectId,
    bstr::BString,
    hash,
    objs::{CommitRef, Exists, Find, FindHeader, Kind, TagRef, TreeRefIter, tree::EntryMode},
    odb,
};

use crate::{git::repository::failed, source::SourceError};

/// The id of an object; prints itself in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub(super) ObjectId);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Hands out a [`Reader`] to each thread.
pub struct Share {
    store: Arc<odb::Store>,
    hash: hash::Kind,
}

impl Share {
    /// Opens the objects in a directory, and in its alternates.
    pub(super) fn open(directory: PathBuf, hash: hash::Kind) -> Result<Self, SourceError> {
        let doing = format!("opening the objects in {}", directory.display());
        let store = odb::Store::at_opts(directory, hash, &mut iter::empty(), odb::store::init::Options::default());
        Ok(Self { store: Arc::new(store.map_err(|error| failed(doing, error))?), hash })
    }

    /// A reader for the current thread.
    pub fn reader(&self) -> Reader {
        Reader { handle: self.store.to_cache_arc(), hash: self.hash }
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Share")
    }
}

/// Reads objects.
pub struct Reader {
    pub(super) handle: odb::HandleArc,
    hash: hash::Kind,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader")
    }
}

/// A commit, as far as its text and its place in history go.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    pub(super) tree: Id,
    pub(super) parents: Vec<Id>,
    pub(super) author: BString,
    pub(super) message: BString,
    pub(super) time: i64,
}

/// A name in a tree.
#[derive(Clone, Debug)]
pub(super) struct TreeEntry {
    pub(super) name: BString,
    pub(super) mode: EntryMode,
    pub(super) id: Id,
}

impl Reader {
    /// The bytes of a blob.
    pub fn blob(&self, id: Id) -> Result<Vec<u8>, SourceError> {
        self.object(id, Kind::Blob)
    }

    /// The message of a tag object, with the line that names the one who made it.
    pub fn tag_text(&self, id: Id) -> Result<Vec<u8>, SourceError> {
        let object = self.object(id, Kind::Tag)?;
        let tag = TagRef::from_bytes(&object, self.hash).map_err(|error| unreadable(id, error))?;
        Ok([tag.tagger.map_or(&[][..], |tagger| tagger), b"\n", tag.message].concat())
    }

    /// A commit; none if it is not there, as beyond the edge of a shallow clone.
    pub(super) fn commit(&self, id: Id) -> Result<Option<Parsed>, SourceError> {
        if !self.handle.exists(&id.0) {
            return Ok(None);
        }
        let object = self.object(id, Kind::Commit)?;
        let commit = CommitRef::from_bytes(&object, self.hash).map_err(|error| unreadable(id, error))?;
        Ok(Some(Parsed {
            tree: Id(commit.tree()),
            parents: commit.parents().map(Id).collect(),
            author: commit.author.to_owned(),
            message: commit.message.to_owned(),
            // A date that cannot be read only moves a commit in the order of things.
            time: commit.time().map_or(0, |time| time.seconds),
        }))
    }

    /// The entries of a tree.
    pub(super) fn tree(&self, id: Id) -> Result<Vec<TreeEntry>, SourceError> {
        let object = self.object(id, Kind::Tree)?;
        let entries = TreeRefIter::from_bytes(&object, self.hash).map(|entry| {
            let entry = entry.map_err(|error| unreadable(id, error))?;
            Ok(TreeEntry { name: entry.filename.to_owned(), mode: entry.mode, id: Id(entry.oid.to_owned()) })
        });
        entries.collect()
    }

    /// What an object is.
    pub(super) fn kind(&self, id: Id) -> Result<Kind, SourceError> {
        let header = self.handle.try_header(&id.0).map_err(|error| unreadable(id, error))?;
        header.map(|header| header.kind).ok_or_else(|| unreadable(id, "it is missing"))
    }

    fn object(&self, id: Id, wanted: Kind) -> Result<Vec<u8>, SourceError> {
        if id.0.is_empty_blob() || id.0.is_empty_tree() {
            return Ok(Vec::new());
        }
        let mut buffer = Vec::new();
        let found = self.handle.try_find(&id.0, &mut buffer).map_err(|error| unreadable(id, error))?;
        match found.map(|object| object.kind) {
            Some(kind) if kind == wanted => Ok(buffer),
            Some(kind) => Err(unreadable(id, format!("it is a {kind}, not a {wanted}"))),
            None => Err(unreadable(id, "it is missing")),
        }
    }
}

fn unreadable(id: Id, error: impl fmt::Display) -> SourceError {
    failed(format!("reading the object {id}"), error)
}
