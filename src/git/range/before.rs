//! What was there before a range: under the paths that it changes ([`Before`]), and as a whole ([`Base`]); and all that a
//! commit has, for what is no range ([`Snapshot`]). These are read only if something was found, to know whether it is news.
//! What of them cannot be read hides nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read},
};

use gix::{
    ObjectId,
    bstr::{BStr, BString, ByteSlice},
    objs::Kind as ObjectKind,
};

use super::{Range, found::Blob, peel};
use crate::{
    git::{
        documents::{each_with_reader, kinds, push_name},
        objects::{ObjectReader, Objects},
        repository::{Repository, failed},
        tree::{self, Kind, TreeEntry},
    },
    model::Origin,
    source::{Reopen, Sink, Source, SourceError},
};

/// What was there before under the paths that a range changes or deletes, and what the base by now has there.
#[derive(Clone, Copy, Debug)]
pub struct Before<'r>(pub(super) &'r Range);

/// All that was there before a range.
#[derive(Clone, Copy, Debug)]
pub struct Base<'r>(pub(super) &'r Range);

/// All files that a commit has.
pub struct Snapshot {
    objects: Objects,
    tree: ObjectId,
}

impl Repository {
    /// All files that the revision with this name has.
    ///
    /// # Errors
    /// If there is no such revision, or it cannot be read.
    pub fn snapshot(&self, revision: &str) -> Result<Snapshot, SourceError> {
        let objects = self.objects()?;
        let reader = objects.reader();
        let (_, commit) = peel(&reader, self.revision(&reader, revision)?);
        let tree = reader.tree_of(&commit);
        let tree = tree.map_err(|error| failed(format!("reading the revision '{revision}'"), error))?;
        Ok(Snapshot { objects, tree })
    }
}

impl Source for Before<'_> {
    fn push(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let Some(found) = self.0.found.get() else { return Ok(()) };
        let mut worker = sink.worker();
        found.old_names.iter().for_each(|name| push_name(name.path.as_bstr(), &mut *worker));
        drop(worker);
        let mut paths: Vec<BString> = found.blobs.iter().map(|blob| blob.path.clone()).collect();
        paths.sort_unstable();
        let reader = self.0.objects.reader();
        let mut blobs: Vec<Blob> = found.base_trees.iter().flat_map(|tree| standing(&reader, *tree, &paths)).collect();
        blobs.extend(found.old_blobs.iter().cloned());
        push_blobs(&self.0.objects, blobs, sink);
        Ok(())
    }
}

impl Source for Base<'_> {
    fn push(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let Some(found) = self.0.found.get() else { return Ok(()) };
        push_trees(&self.0.objects, found.base_trees.iter(), sink);
        Ok(())
    }
}

impl Source for Snapshot {
    fn push(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        push_trees(&self.objects, [&self.tree], sink);
        Ok(())
    }
}

/// All blobs below these trees.
fn push_trees<'t>(objects: &Objects, trees: impl IntoIterator<Item = &'t ObjectId>, sink: &dyn Sink) {
    let reader = objects.reader();
    let mut blobs = Vec::new();
    for id in trees {
        let (below, _) = tree::below(&reader, BStr::new(""), id);
        blobs.extend(below.into_iter().filter(|below| below.kind.is_blob()).map(Blob::from));
    }
    push_blobs(objects, blobs, sink);
}

/// Each once for each name.
fn push_blobs(objects: &Objects, mut blobs: Vec<Blob>, sink: &dyn Sink) {
    let mut seen: BTreeSet<(ObjectId, BString)> = BTreeSet::new();
    blobs.retain(|blob| seen.insert((blob.id, blob.file_name().into())));
    each_with_reader(sink, objects, &blobs, |blob, reader| {
        reader.push(blob.origin(), kinds(blob.kind, &blob.path), (&blob.id, ObjectKind::Blob), None);
    });
}

impl From<tree::Below> for Blob {
    fn from(tree::Below { path, kind, id }: tree::Below) -> Self {
        Self::new(id, kind, path, None)
    }
}

/// What a tree has under those of `paths`, sorted, under which it has a blob.
pub(super) fn standing(reader: &ObjectReader, tree: ObjectId, paths: &[BString]) -> Vec<Blob> {
    let mut found = Vec::new();
    // A tree, how much of the paths leads to it, and the paths that do.
    let mut pending = vec![(tree, 0, paths)];
    let mut buffer = Vec::new();
    while let Some((tree, depth, mut paths)) = pending.pop() {
        let Ok(entries) = tree::entries(reader, &tree, &mut buffer) else { continue };
        let entries: BTreeMap<(&[u8], bool), &TreeEntry<'_>> =
            entries.iter().map(|entry| ((entry.name.as_bytes(), entry.kind == Kind::Directory), entry)).collect();
        while let Some(first) = paths.first() {
            let below = &first[depth..];
            let end = below.find_byte(b'/');
            let name = &below[..end.unwrap_or(below.len())];
            let is_beside = |path: &BString| match end {
                Some(end) => path.starts_with(&first[..=depth + end]),
                None => path == first,
            };
            let (group, rest) = paths.split_at(paths.iter().take_while(|path| is_beside(path)).count());
            paths = rest;
            match (entries.get(&(name, end.is_some())), end) {
                (Some(entry), Some(end)) => pending.push((entry.id.into(), depth + end + 1, group)),
                (Some(entry), None) if entry.kind.is_blob() => {
                    found.push(Blob::new(entry.id.into(), entry.kind, first.clone(), None));
                }
                _ => {}
            }
        }
    }
    found
}

/// Nothing that was there before is reported.
fn not_reported() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "what was there before is not reported")
}

impl Reopen for Before<'_> {
    fn reopen(&self, _: &Origin) -> io::Result<Box<dyn Read + '_>> {
        Err(not_reported())
    }
}

impl Reopen for Base<'_> {
    fn reopen(&self, _: &Origin) -> io::Result<Box<dyn Read + '_>> {
        Err(not_reported())
    }
}

impl Reopen for Snapshot {
    fn reopen(&self, _: &Origin) -> io::Result<Box<dyn Read + '_>> {
        Err(not_reported())
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("tree", &self.tree).finish_non_exhaustive()
    }
}
