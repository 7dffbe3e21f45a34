//! What is new in a range, found by comparing the trees of its commits with those of their parents, and what was there
//! before under the paths that they change. A blob counts once for each name that files of it have, since a name tells
//! the kind of a file; the first commit that has it counts as the one that brings it in.
//!
//! Commits are compared in parallel, and put together in order: parents first.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    ops::Range,
};

use gix::{
    ObjectId,
    bstr::{BStr, BString, ByteSlice},
    objs::Kind as ObjectKind,
};
use rayon::prelude::*;

use super::{
    changes::{Changes, Failed, New, Old, changes},
    ends::{Ends, Head},
    revision::peel,
    walk::{Missing, Walked, walk},
};
use crate::{
    git::{
        header::{self, Commit},
        objects::{ObjectError, ObjectReader, Objects},
        tree::{self, Kind},
    },
    model::{Name, Origin, UnreadReason},
};

/// Commits that are compared at once: their changes are in memory until they are put together.
const BATCH: usize = 4096;
/// Commits that one thread compares, one after the other, before it takes others: fewer waste what it has just
/// unpacked, more leave other threads without work.
const PARTS: Range<usize> = 16..256;
/// Up to this many commits are compared by one thread: starting others takes longer.
const FEW: usize = 8;

/// What is new, and what is old.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// New commits, parents first.
    pub(super) commits: Vec<ObjectId>,
    /// New tags.
    pub(super) tags: Vec<ObjectId>,
    pub(super) blobs: Vec<Blob>,
    /// New paths.
    pub(super) names: Vec<Path>,
    /// What was there before under paths that are changed or deleted.
    pub(super) old_blobs: Vec<Blob>,
    pub(super) old_names: Vec<Path>,
    pub(super) submodules: u64,
    pub(super) unread: Vec<(Origin, UnreadReason)>,
    /// The trees that the range begins with.
    pub(super) base_trees: BTreeSet<ObjectId>,
    /// The trees that it ends with.
    pub(super) head_trees: Vec<ObjectId>,
}

/// A blob, and where it was seen first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blob {
    pub(super) id: ObjectId,
    pub(super) kind: Kind,
    pub(super) path: BString,
    /// Other paths with the same file name.
    pub(super) others: BTreeSet<BString>,
    /// Index of the commit.
    pub(super) commit: Option<usize>,
}

/// A path, and where it was seen first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) path: BString,
    /// Index of the commit.
    pub(super) commit: Option<usize>,
}

impl Found {
    /// Looks for what is new, for as long as `stopped` does not say otherwise. `is_shallow` is why history may be missing.
    pub(super) fn of(objects: &Objects, ends: &Ends, is_shallow: bool, stopped: &dyn Fn() -> bool) -> Self {
        let reader = objects.reader();
        let mut search = Search { reader: &reader, is_shallow, found: Self::default(), seen: Seen::default() };
        let bases = search.bases(ends);
        let heads = search.heads(&ends.heads, &bases.tags);
        let walked = ends.limit.apply(walk(&reader, &heads, &bases.commits, stopped));
        search.missing(&walked.missing);
        search.ends(ends, &heads, &walked);
        search.compare(objects, &walked, stopped);
        let Search { mut found, seen, .. } = search;
        found.commits = walked.commits.into_iter().map(|(id, _)| id).collect();
        seen.into(&mut found);
        found
    }
}

impl Found {
    /// The new blobs so that versions of a file follow each other, the newest first: git stores older ones as differences
    /// from newer ones.
    pub(super) fn in_order(&self) -> Vec<&Blob> {
        let mut blobs: Vec<&Blob> = self.blobs.iter().collect();
        blobs.sort_by(|a, b| a.path.cmp(&b.path).then(b.commit.cmp(&a.commit)));
        blobs
    }
}

/// What is known to be old.
struct Bases {
    commits: Vec<ObjectId>,
    tags: BTreeSet<ObjectId>,
}

struct Search<'r> {
    reader: &'r ObjectReader,
    is_shallow: bool,
    found: Found,
    seen: Seen,
}

impl Search<'_> {
    fn bases(&mut self, ends: &Ends) -> Bases {
        let mut bases = Bases { commits: Vec::new(), tags: BTreeSet::new() };
        for base in &ends.bases {
            let (tags, end) = peel(self.reader, *base);
            bases.tags.extend(tags);
            bases.commits.push(end);
        }
        let named = ends.tips.iter().filter(|_| ends.needs_tips);
        for (tip, error) in named.filter_map(|tip| Some((tip, self.reader.kind(tip).err()?))) {
            let reason = format!("what is new since then is not known: {error}{}", self.why_missing(&error));
            self.found.unread.push((Origin::Commit(tip.to_string()), UnreadReason::Io(reason)));
        }
        bases
    }

    /// The commits that the heads lead to. New tags on the way are noted, and so is what a head that is no commit has.
    fn heads(&mut self, heads: &[Head], old_tags: &BTreeSet<ObjectId>) -> Vec<ObjectId> {
        let mut commits = Vec::new();
        for head in heads {
            let (tags, end) = peel(self.reader, head.id);
            for tag in tags {
                if !old_tags.contains(&tag) && !self.found.tags.contains(&tag) {
                    self.found.tags.push(tag);
                }
            }
            let path = BString::from(head.name.expose());
            match self.reader.kind(&end) {
                Ok(ObjectKind::Commit) => commits.push(end),
                Ok(ObjectKind::Tree) => self.tree(end),
                Ok(ObjectKind::Blob) => {
                    self.seen.note_new(
                        New { path, kind: Kind::File, id: end, is_new_path: false },
                        None,
                        &mut self.found,
                    );
                }
                // A tag that cannot be read, or nothing at all.
                Ok(ObjectKind::Tag) => self.unread_tag(end),
                Err(error) => {
                    let reason = format!("{error}{}", self.why_missing(&error));
                    self.found.unread.push((Origin::Commit(end.to_string()), UnreadReason::Io(reason)));
                }
            }
        }
        commits
    }

    fn unread_tag(&mut self, id: ObjectId) {
        let error = header::tagged(self.reader, &id, &mut Vec::new()).err();
        let reason = error.map_or_else(|| "it cannot be read".to_owned(), |error| error.to_string());
        self.found.unread.push((Origin::Tag(id.to_string()), UnreadReason::Io(reason)));
    }

    /// A tree that no commit leads to: all that is in it is new.
    fn tree(&mut self, id: ObjectId) {
        self.found.head_trees.push(id);
        let (below, failed) = tree::below(self.reader, BStr::new(""), &id);
        for tree::Below { path, kind, id } in below {
            self.seen.note_new(New { path, kind, id, is_new_path: true }, None, &mut self.found);
        }
        if let Some(error) = failed {
            let path = Name::new("");
            self.found.unread.push((Origin::Blob { id: id.to_string(), path }, UnreadReason::Io(error.to_string())));
        }
    }

    fn missing(&mut self, missing: &[Missing]) {
        for Missing { id, child, error } in missing {
            let whose = child.map(|child| format!(", which is a parent of commit {child}")).unwrap_or_default();
            let reason = format!("{error}{whose}{}", self.why_missing(error));
            self.found.unread.push((Origin::Commit(id.to_string()), UnreadReason::Io(reason)));
        }
    }

    fn why_missing(&self, error: &ObjectError) -> &'static str {
        match error {
            ObjectError::Missing(_) if self.is_shallow => "; the clone is shallow: git fetch --unshallow",
            _ => "",
        }
    }

    fn ends(&mut self, ends: &Ends, heads: &[ObjectId], walked: &Walked) {
        let tree = |commit: &ObjectId| self.reader.tree_of(&peel(self.reader, *commit).1).ok();
        self.found.base_trees.extend(ends.tips.iter().filter_map(tree));
        self.found.head_trees.extend(heads.iter().filter_map(tree));
        self.found.base_trees.extend(walked.boundary.values());
    }

    fn compare(&mut self, objects: &Objects, walked: &Walked, stopped: &dyn Fn() -> bool) {
        let new = walked.commits.iter().map(|(id, commit)| (*id, commit.tree));
        let trees: BTreeMap<ObjectId, ObjectId> = new.chain(walked.boundary.clone()).collect();
        let compare = |reader: &ObjectReader, commit: &Commit| {
            let parents: Vec<_> = commit.parents.iter().filter_map(|parent| trees.get(parent).copied()).collect();
            changes(reader, commit.tree, &parents)
        };
        for (nth, batch) in walked.commits.chunks(BATCH).enumerate() {
            if stopped() {
                return;
            }
            let compared: Vec<Changes> = if batch.len() <= FEW {
                batch.iter().map(|(_, commit)| compare(self.reader, commit)).collect()
            } else {
                let part = |part: &[(ObjectId, Commit)]| {
                    let reader = objects.reader_in_order();
                    // The newest first: git stores older versions as differences from newer ones.
                    let mut compared: Vec<_> = part.iter().rev().map(|(_, commit)| compare(&reader, commit)).collect();
                    compared.reverse();
                    compared
                };
                let len = batch.len() / (4 * rayon::current_num_threads());
                batch.par_chunks(len.clamp(PARTS.start, PARTS.end)).flat_map_iter(part).collect()
            };
            for (index, changes) in compared.into_iter().enumerate() {
                self.note(nth * BATCH + index, &batch[index].0, changes);
            }
        }
    }

    fn note(&mut self, index: usize, commit: &ObjectId, changes: Changes) {
        let Changes { new, old, failed } = changes;
        old.into_iter().for_each(|old| self.seen.note_old(old));
        new.into_iter().for_each(|new| self.seen.note_new(new, Some(index), &mut self.found));
        for Failed { path, tree, error } in failed {
            let why = self.why_missing(&error);
            let reason =
                format!("{error}, so that it is not known what commit {commit} changes in this directory{why}");
            let origin = Origin::Blob { id: tree.to_string(), path: Name::new(path) };
            self.found.unread.push((origin, UnreadReason::Io(reason)));
        }
    }
}

/// What was seen so far: of each thing whether the range has brought it in, or it was there before.
#[derive(Debug, Default)]
struct Seen {
    blobs: BTreeMap<(ObjectId, BString), (Since, Blob)>,
    names: BTreeMap<BString, (Since, Option<usize>)>,
    submodules: BTreeSet<(BString, ObjectId)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Since {
    Before,
    Now,
}

impl Seen {
    /// What a commit takes away was there before, unless an earlier commit of the range has brought it in.
    fn note_old(&mut self, old: Old) {
        let Old { path, kind, id, is_gone } = old;
        if !kind.is_blob() {
            return;
        }
        if is_gone {
            self.names.entry(path.clone()).or_insert((Since::Before, None));
        }
        let blob = |path| Blob::new(id, kind, path, None);
        self.blobs.entry((id, file_name(path.as_bstr()).into())).or_insert_with(|| (Since::Before, blob(path)));
    }

    /// What a commit has and its parents have not is new, unless it was there before: it comes back, or has moved.
    fn note_new(&mut self, new: New, commit: Option<usize>, found: &mut Found) {
        let New { path, kind, id, is_new_path } = new;
        if !kind.is_blob() {
            found.submodules += u64::from(self.submodules.insert((path, id)));
            return;
        }
        if is_new_path {
            self.names.entry(path.clone()).or_insert((Since::Now, commit));
        }
        match self.blobs.entry((id, file_name(path.as_bstr()).into())) {
            Entry::Vacant(place) => drop(place.insert((Since::Now, Blob::new(id, kind, path, commit)))),
            Entry::Occupied(mut known) if known.get().1.path != path => drop(known.get_mut().1.others.insert(path)),
            Entry::Occupied(_) => {}
        }
    }

    fn into(self, found: &mut Found) {
        for (since, blob) in self.blobs.into_values() {
            if since == Since::Now { &mut found.blobs } else { &mut found.old_blobs }.push(blob);
        }
        for (path, (since, commit)) in self.names {
            if since == Since::Now { &mut found.names } else { &mut found.old_names }.push(Path { path, commit });
        }
    }
}

impl Blob {
    /// Seen first under this path.
    pub(super) fn new(id: ObjectId, kind: Kind, path: BString, commit: Option<usize>) -> Self {
        Self { id, kind, path, others: BTreeSet::new(), commit }
    }

    /// What tells the kind of a file.
    pub(super) fn file_name(&self) -> &BStr {
        file_name(self.path.as_bstr())
    }
}

fn file_name(path: &BStr) -> &BStr {
    let start = path.rfind_byte(b'/').map_or(0, |slash| slash + 1);
    path[start..].as_bstr()
}
