//! Objects by their ids, for callers that know nothing of gix: the objects that `git::objects` finds, with their bytes.

use std::fmt;

use gix::{
    ObjectId,
    objs::{CommitRef, Kind, TagRef},
};

use crate::{
    git::{
        objects::{ObjectError, ObjectReader, Objects},
        repository::{failed, reason},
    },
    source::SourceError,
};

/// The id of an object; prints itself in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub(super) ObjectId);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Hands out a [`Reader`] to each thread.
pub struct Share(pub(super) Objects);

impl Share {
    /// A reader for the current thread.
    pub fn reader(&self) -> Reader {
        Reader(self.0.reader())
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Share")
    }
}

/// Reads objects.
pub struct Reader(pub(super) ObjectReader);

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader")
    }
}

/// A commit.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Its id.
    pub id: Id,
    /// Who wrote it and when, as stored.
    pub author: Vec<u8>,
    /// Its message.
    pub message: Vec<u8>,
    pub(super) tree: ObjectId,
    pub(super) parents: Vec<ObjectId>,
    /// Seconds since 1970.
    pub(super) time: i64,
}

impl Reader {
    /// The bytes of a blob.
    pub fn blob(&self, id: Id) -> Result<Vec<u8>, SourceError> {
        self.object(id.0, Kind::Blob).map_err(unreadable)
    }

    /// The message of a tag object, with the line that names the one who made it.
    pub fn tag_text(&self, id: Id) -> Result<Vec<u8>, SourceError> {
        let object = self.object(id.0, Kind::Tag).map_err(unreadable)?;
        let tag = TagRef::from_bytes(&object, self.0.hash()).map_err(|error| unreadable(broken(id.0, &error)))?;
        Ok([tag.tagger.map_or(&[][..], |tagger| tagger), b"\n", tag.message].concat())
    }

    /// A commit.
    pub(super) fn commit(&self, id: ObjectId) -> Result<Commit, ObjectError> {
        let object = self.object(id, Kind::Commit)?;
        let commit = CommitRef::from_bytes(&object, self.0.hash()).map_err(|error| broken(id, &error))?;
        Ok(Commit {
            id: Id(id),
            author: commit.author.to_vec(),
            message: commit.message.to_vec(),
            tree: commit.tree(),
            parents: commit.parents().collect(),
            // A date that cannot be read only moves a commit in the order of things.
            time: commit.time().map_or(0, |time| time.seconds),
        })
    }

    fn object(&self, id: ObjectId, wanted: Kind) -> Result<Vec<u8>, ObjectError> {
        let mut buffer = Vec::new();
        self.0.read(&id, wanted, &mut buffer)?;
        Ok(buffer)
    }
}

pub(super) fn unreadable(error: ObjectError) -> SourceError {
    failed("reading the repository".to_owned(), error)
}

fn broken(id: ObjectId, error: &gix::Error) -> ObjectError {
    ObjectError::Broken { id, reason: reason(error) }
}
