//! What the next commit would add: the entries of the index that no parent of it has, with their blobs from the object
//! database (never the working copy), and the names that are new. [`Staged::before`] is the other side: what the parents
//! have under the paths that the commit changes or deletes, so that a secret that only moved is no news.
//!
//! No attribute, filter or text conversion has a say: a blob is what is committed.

mod changes;
#[cfg(test)]
mod tests;

use std::io::{self, Read};

use gix::{
    ObjectId,
    bstr::{BStr, ByteSlice},
    objs::Kind as ObjectKind,
};

use self::changes::{Changes, New, Old};
pub(super) use self::changes::{Difference, changes};
use super::{
    documents::{self, each_with_reader, kinds, push_name, unread},
    objects::{ObjectError, Objects},
    repository::{Repository, failed},
    tracked::{Checksum, read_index},
    tree::{self, Kind},
};
use crate::{
    model::{Excluded, Name, Origin},
    source::{Reopen, Sink, Source, SourceError},
};

/// What the next commit would add.
pub struct Staged {
    objects: Objects,
    /// What no parent has; sorted.
    new: Vec<New>,
    /// What some parent has and the commit has not.
    old: Vec<Old>,
    intended: u64,
    max_size: Option<u64>,
}

/// What the parents of the next commit have under the paths that it changes or deletes.
#[derive(Clone, Copy, Debug)]
pub struct Before<'s>(&'s Staged);

impl Repository {
    /// What is staged in it, against HEAD and, in a merge, against every other parent of the commit as well. Blobs of
    /// more than `max_size` bytes are not read, and told as such.
    pub fn staged(&self, max_size: Option<u64>) -> Result<Staged, SourceError> {
        let objects = self.objects()?;
        let reader = objects.reader();
        let index = read_index(self.index_file(), self.hash(), Checksum::Ignore)?;
        let mut compared = Vec::new();
        for parent in self.parents_of_next_commit()? {
            let failed = |error: ObjectError| failed(format!("reading the commit {parent}"), error);
            let tree = reader.tree_of(&parent).map_err(failed)?;
            compared.push(changes(&index, Some(tree), &reader, Difference::Content).map_err(failed)?);
        }
        if compared.is_empty() {
            let failed = |error| failed(format!("reading the index {}", self.index_file().display()), error);
            compared.push(changes(&index, None, &reader, Difference::Content).map_err(failed)?);
        }
        let Changes { new, old, intended } = compared.into_iter().reduce(new_to_all).expect("one was just pushed");
        log::debug!("{} entries of the index, {} of them new, {} before", index.entries().len(), new.len(), old.len());
        Ok(Staged { objects, new, old, intended, max_size })
    }

    /// HEAD, if its branch is born, and what is being merged.
    fn parents_of_next_commit(&self) -> Result<Vec<ObjectId>, SourceError> {
        let mut parents: Vec<ObjectId> = self.head()?.into_iter().collect();
        parents.extend(self.noted_heads_of_merge()?);
        Ok(parents)
    }
}

/// What is new to both: an entry that one of them has under its path was not made by this commit.
fn new_to_all(mut ours: Changes, theirs: Changes) -> Changes {
    ours.new.retain_mut(|new| {
        let same = theirs.new.binary_search_by(|other| other.entry().cmp(&new.entry()));
        new.is_new_path &= same.is_ok_and(|same| theirs.new[same].is_new_path);
        same.is_ok()
    });
    ours.old.extend(theirs.old);
    ours
}

impl Staged {
    /// What was there before.
    pub fn before(&self) -> Before<'_> {
        Before(self)
    }

    /// The entry whose document has this origin.
    fn find(&self, origin: &Origin) -> Option<&New> {
        let path = origin.path()?.expose();
        let first = self.new.partition_point(|new| new.path.as_bstr() < path);
        let stages = self.new[first..].iter().take_while(|new| new.path == path);
        stages.into_iter().find(|new| new.kind.is_blob() && new.origin() == *origin)
    }
}

impl std::fmt::Debug for Staged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Staged").field("new", &self.new.len()).field("old", &self.old.len()).finish_non_exhaustive()
    }
}

impl New {
    /// What it is, whatever it was compared with.
    fn entry(&self) -> (&BStr, u32, Kind, ObjectId) {
        (self.path.as_bstr(), self.stage, self.kind, self.id)
    }

    /// A side of a conflict has its id in its origin, for there are others under the same path.
    fn origin(&self) -> Origin {
        let name = Name::new(self.path.clone());
        match self.kind {
            _ if self.stage > 0 => Origin::Blob { id: self.id.to_string(), path: name },
            Kind::Link => Origin::LinkTarget(name),
            Kind::File | Kind::Submodule | Kind::Directory => Origin::Staged(name),
        }
    }
}

impl Source for Staged {
    fn push(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let mut worker = sink.worker();
        let submodules = self.new.iter().filter(|new| new.kind == Kind::Submodule).count();
        (0..submodules).for_each(|_| worker.excluded(Excluded::Submodule));
        (0..self.intended).for_each(|_| worker.excluded(Excluded::IntentToAdd));
        let mut last = None;
        for new in self.new.iter().filter(|new| new.is_new_path) {
            if last.replace(&new.path) != Some(&new.path) {
                push_name(new.path.as_bstr(), &mut *worker);
            }
        }
        let blobs: Vec<_> = self.new.iter().filter(|new| new.kind != Kind::Submodule).collect();
        each_with_reader(sink, &self.objects, &blobs, |new, reader| {
            reader.push(new.origin(), kinds(new.kind, &new.path), (&new.id, ObjectKind::Blob), self.max_size);
        });
        Ok(())
    }
}

impl Reopen for Staged {
    fn reopen(&self, origin: &Origin) -> io::Result<Box<dyn Read + '_>> {
        if let Origin::FileName(name) = origin {
            return Ok(documents::of_name(name));
        }
        let new = self.find(origin).ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "it is not staged"))?;
        documents::of_object(&self.objects, &new.id, ObjectKind::Blob)
    }
}

impl Source for Before<'_> {
    fn push(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let Staged { objects, old, .. } = self.0;
        let mut worker = sink.worker();
        let mut blobs = Vec::new();
        for old in old {
            if old.kind == Kind::Directory {
                let (below, failed) = tree::below(&objects.reader(), old.path.as_bstr(), &old.id);
                blobs.extend(below.into_iter().map(|file| (file.path, file.kind, file.id, true)));
                failed
                    .into_iter()
                    .for_each(|error| worker.unread(Origin::Staged(Name::new(old.path.clone())), unread(&error)));
            } else {
                blobs.push((old.path.clone(), old.kind, old.id, old.is_gone));
            }
        }
        blobs.iter().filter(|(.., is_gone)| *is_gone).for_each(|(path, ..)| push_name(path.as_bstr(), &mut *worker));
        blobs.retain(|(_, kind, ..)| kind.is_blob());
        each_with_reader(sink, objects, &blobs, |(path, kind, id, _), reader| {
            let origin = Origin::Blob { id: id.to_string(), path: Name::new(path.clone()) };
            reader.push(origin, kinds(*kind, path), (id, ObjectKind::Blob), None);
        });
        Ok(())
    }
}

impl Reopen for Before<'_> {
    /// Nothing that was there before is reported.
    fn reopen(&self, _: &Origin) -> io::Result<Box<dyn Read + '_>> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "what was there before is not reported"))
    }
}
