//! What a range of commits brings in: every blob that is new in it, the intermediate ones too, new names, and the messages
//! of its commits and tags. [`Range::before`] is what the range changes or deletes, so that a secret that only moved is
//! no news; [`Range::base`] is all that was there, by which a change is judged that comes from outside.
//!
//! What is new is decided by ids alone: no attribute, filter, replace ref or graft has a say.

mod before;
mod changes;
mod ends;
mod found;
mod revision;
mod selection;
#[cfg(test)]
mod tests;
mod walk;

use std::{
    io::{self, Read},
    sync::OnceLock,
};

use gix::{ObjectId, bstr::ByteSlice, date::time::format::SHORT, objs::Kind as ObjectKind};

pub(super) use self::revision::peel;
use self::{
    before::standing,
    found::{Blob, Found},
};
pub use self::{
    before::{Base, Before, Snapshot},
    ends::{Ends, RefUpdate},
    selection::Selection,
};
pub(super) use self::{changes::changes, walk::walk};
use super::{
    documents::{self, each_with_reader, kinds, push_name, push_ref},
    header::{self, Authorship},
    objects::Objects,
    repository::Repository,
};
use crate::{
    model::{Excluded, Introduction, KindSet, Mask, Name, Origin, Text},
    source::{Reopen, Sink, Source, SourceError},
};

/// A range of commits, as something to scan.
pub struct Range {
    objects: Objects,
    ends: Ends,
    max_size: Option<u64>,
    is_shallow: bool,
    /// Filled by the first push.
    found: OnceLock<Found>,
}

/// Something to scan.
enum Item<'f> {
    Commit(&'f ObjectId),
    Tag(&'f ObjectId),
    Blob(&'f Blob),
}

impl Repository {
    /// What is between these ends. Objects of more than `max_size` bytes are not read, and told as such.
    ///
    /// # Errors
    /// If there are no objects to be read.
    pub fn range(&self, ends: Ends, max_size: Option<u64>) -> Result<Range, SourceError> {
        let (objects, is_shallow) = (self.objects()?, self.is_shallow());
        Ok(Range { objects, ends, max_size, is_shallow, found: OnceLock::new() })
    }
}

impl Range {
    /// What was there before under the paths that the range changes or deletes. Known after the range was pushed.
    pub fn before(&self) -> Before<'_> {
        Before(self)
    }

    /// All that was there before. Known after the range was pushed.
    pub fn base(&self) -> Base<'_> {
        Base(self)
    }

    /// The commit that the range leads to, in hexadecimal, if it is one.
    pub fn head(&self) -> Option<String> {
        match &*self.ends.heads {
            [head] => Some(head.id.to_string()),
            _ => None,
        }
    }

    fn found(&self, stopped: &dyn Fn() -> bool) -> &Found {
        self.found.get_or_init(|| {
            let found = Found::of(&self.objects, &self.ends, self.is_shallow, stopped);
            log::debug!(
                "{} commits, {} tags, {} new blobs, {} new names, {} blobs before",
                found.commits.len(),
                found.tags.len(),
                found.blobs.len(),
                found.names.len(),
                found.old_blobs.len()
            );
            found
        })
    }

    /// The index of the first commit that has the document with this origin.
    fn first_commit(found: &Found, origin: &Origin) -> Option<usize> {
        let id = || origin.object().and_then(|id| ObjectId::from_hex(id.as_bytes()).ok());
        match origin {
            Origin::Commit(_) => id().and_then(|id| found.commits.iter().position(|commit| *commit == id)),
            Origin::Blob { path, .. } => {
                let (id, path) = (id()?, path.expose());
                let first = found.blobs.partition_point(|blob| blob.id < id);
                let same = found.blobs[first..].iter().take_while(|blob| blob.id == id);
                same.into_iter().find(|blob| blob.path == path).and_then(|blob| blob.commit)
            }
            Origin::FileName(path) => {
                let nth = found.names.binary_search_by(|name| name.path.as_bstr().cmp(path.expose())).ok()?;
                found.names[nth].commit
            }
            _ => None,
        }
    }

    /// Whether a tree that the range ends with still has one of these.
    fn is_still_there(&self, found: &Found, origins: &[&Origin]) -> bool {
        let paths = origins.iter().filter_map(|origin| origin.path());
        let mut paths: Vec<_> = paths.map(|path| path.expose().to_owned()).collect();
        paths.sort_unstable();
        let reader = self.objects.reader();
        let mut standing = found.head_trees.iter().flat_map(|tree| standing(&reader, *tree, &paths));
        standing.any(|blob| {
            let (there, name) = (blob.origin(), Origin::FileName(Name::new(blob.path)));
            origins.iter().any(|origin| **origin == there || **origin == name)
        })
    }
}

impl std::fmt::Debug for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Range").field("heads", &self.ends.heads.len()).finish_non_exhaustive()
    }
}

impl Blob {
    fn origin(&self) -> Origin {
        Origin::Blob { id: self.id.to_string(), path: Name::new(self.path.clone()) }
    }
}

impl Source for Range {
    fn push(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let mut worker = sink.worker();
        let found = self.found(&|| worker.stopped());
        found.unread.iter().for_each(|(origin, reason)| worker.unread(origin.clone(), reason.clone()));
        (0..found.submodules).for_each(|_| worker.excluded(Excluded::Submodule));
        found.names.iter().for_each(|name| push_name(name.path.as_bstr(), &mut *worker));
        self.ends.new_names.iter().for_each(|name| push_ref(name, &mut *worker));
        drop(worker);
        let (commits, tags) = (found.commits.iter().map(Item::Commit), found.tags.iter().map(Item::Tag));
        let items: Vec<Item<'_>> = commits.chain(tags).chain(found.in_order().into_iter().map(Item::Blob)).collect();
        each_with_reader(sink, &self.objects, &items, |item, reader| {
            let (origin, kinds, object) = match *item {
                Item::Commit(id) => (Origin::Commit(id.to_string()), KindSet::PROSE, (id, ObjectKind::Commit)),
                Item::Tag(id) => (Origin::Tag(id.to_string()), KindSet::PROSE, (id, ObjectKind::Tag)),
                Item::Blob(blob) => (blob.origin(), kinds(blob.kind, &blob.path), (&blob.id, ObjectKind::Blob)),
            };
            reader.push(origin, kinds, object, self.max_size);
        });
        Ok(())
    }

    /// Of a blob those that the range gives it.
    fn paths(&self, origin: &Origin) -> Vec<Name> {
        let id = origin.object().and_then(|id| ObjectId::from_hex(id.as_bytes()).ok());
        let blobs = id.zip(self.found.get()).into_iter().flat_map(|(id, found)| {
            let first = found.blobs.partition_point(|blob| blob.id < id);
            found.blobs[first..].iter().take_while(move |blob| blob.id == id)
        });
        let paths = blobs.flat_map(|blob| [&blob.path].into_iter().chain(&blob.others));
        paths.map(|path| Name::new(path.clone())).chain(origin.path().cloned()).collect()
    }

    fn introduction(&self, origins: &[&Origin], mask: &dyn Mask) -> Option<Introduction> {
        let found = self.found.get()?;
        let known = origins.iter().filter_map(|origin| Some((Self::first_commit(found, origin)?, origin)));
        let (index, origin) = known.min()?;
        let mut bytes = Vec::new();
        self.objects.reader().read(&found.commits[index], ObjectKind::Commit, &mut bytes).ok()?;
        let Authorship { author, time: (seconds, offset), summary } = header::authorship(&bytes);
        Some(Introduction {
            commit: found.commits[index].to_string(),
            author: Text::new(author, mask),
            date: gix::date::Time::new(seconds, offset).format_or_unix(SHORT),
            summary: Text::new(summary, mask),
            path: origin.path().cloned().unwrap_or_else(|| Name::new("")),
            in_head: self.is_still_there(found, origins),
            ..Introduction::default()
        })
    }
}

impl Reopen for Range {
    fn reopen(&self, origin: &Origin) -> io::Result<Box<dyn Read + '_>> {
        let kind = match origin {
            Origin::FileName(name) | Origin::Ref(name) => return Ok(documents::of_name(name)),
            Origin::Commit(_) => ObjectKind::Commit,
            Origin::Tag(_) => ObjectKind::Tag,
            _ => ObjectKind::Blob,
        };
        let id = origin.object().and_then(|id| ObjectId::from_hex(id.as_bytes()).ok());
        let id = id.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "it is no object"))?;
        documents::of_object(&self.objects, &id, kind)
    }
}
