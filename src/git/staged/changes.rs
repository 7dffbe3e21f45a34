//! What differs between the index and the tree of one parent of the next commit. Directories that the index's cache of
//! trees knows to be the parent's own are passed over; the cache is what git makes the commit from, so it is right
//! whenever the commit is.
//!
//! Directories are kept in a list rather than visited by recursion: a path in an index may be as deep as it likes.

use std::{borrow::Cow, cmp::Ordering};

use gix::{
    ObjectId,
    bstr::{BStr, BString, ByteSlice},
    index::{
        Entry, State,
        entry::{Flags, Mode},
        extension::Tree,
    },
    objs::tree::name_order,
};

use crate::git::{
    objects::{ObjectError, ObjectReader},
    tree::{self, Kind, TreeEntry},
};

/// What the index holds and the parent does not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::git) struct New {
    pub(in crate::git) path: BString,
    /// 0, or the side of a conflict: 1 is the base, 2 ours, 3 theirs.
    pub(in crate::git) stage: u32,
    pub(in crate::git) kind: Kind,
    pub(in crate::git) id: ObjectId,
    /// Whether the parent has nothing under this path.
    pub(in crate::git) is_new_path: bool,
}

/// What the parent holds and the index does not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::git) struct Old {
    /// Of a directory, with a slash at its end.
    pub(in crate::git) path: BString,
    pub(in crate::git) kind: Kind,
    pub(in crate::git) id: ObjectId,
    /// Whether the index has nothing under this path.
    pub(in crate::git) is_gone: bool,
}

/// The difference to one parent.
#[derive(Debug, Default)]
pub(in crate::git) struct Changes {
    /// Sorted.
    pub(in crate::git) new: Vec<New>,
    pub(in crate::git) old: Vec<Old>,
    /// Entries without a content yet.
    pub(in crate::git) intended: u64,
}

/// What makes an entry another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::git) enum Difference {
    /// Its content or its kind.
    Content,
    /// Also whether it can be executed.
    ContentOrMode,
}

/// Compares the index with the tree `parent`, or with the empty one.
pub(in crate::git) fn changes(
    index: &State,
    parent: Option<ObjectId>,
    objects: &ObjectReader,
    difference: Difference,
) -> Result<Changes, ObjectError> {
    let mut comparison = Comparison { index, objects, difference, changes: Changes::default(), pending: Vec::new() };
    let root = Side::Index { entries: index.entries(), cache: index.tree() };
    comparison.compare(BString::default(), root, parent);
    let mut buffer = Vec::new();
    while let Some(directory) = comparison.pending.pop() {
        comparison.directory(directory, &mut buffer)?;
    }
    let mut changes = comparison.changes;
    changes.new.sort_unstable();
    Ok(changes)
}

/// A directory as the index has it.
#[derive(Clone, Copy)]
enum Side<'i> {
    /// Its entries and those below it.
    Index { entries: &'i [Entry], cache: Option<&'i Tree> },
    /// A sparse index has folded it into the id of its tree.
    Folded(ObjectId),
}

impl Side<'_> {
    /// The tree that it is, as far as that is known.
    fn id(&self) -> Option<ObjectId> {
        match self {
            Self::Index { cache, .. } => cache.filter(|cache| cache.num_entries.is_some()).map(|cache| cache.id),
            Self::Folded(id) => Some(*id),
        }
    }
}

/// A directory that may differ.
struct Directory<'i> {
    /// Empty, or ending in a slash.
    path: BString,
    side: Side<'i>,
    parent: Option<ObjectId>,
}

/// One name in a directory of the index.
struct Child<'i> {
    name: Cow<'i, BStr>,
    what: What<'i>,
}

enum What<'i> {
    /// An entry of the index, in all its stages.
    Entries(&'i [Entry]),
    /// An entry of a directory that is folded.
    Entry(Staged),
    Directory(Side<'i>),
}

/// One stage of an entry.
#[derive(Clone, Copy)]
struct Staged {
    stage: u32,
    kind: Kind,
    is_executable: bool,
    id: ObjectId,
    /// It has no content yet.
    is_intended: bool,
}

struct Comparison<'i> {
    index: &'i State,
    objects: &'i ObjectReader,
    difference: Difference,
    changes: Changes,
    pending: Vec<Directory<'i>>,
}

impl<'i> Comparison<'i> {
    /// Notes a directory to be looked into, unless both sides are known to be the same.
    fn compare(&mut self, path: BString, side: Side<'i>, parent: Option<ObjectId>) {
        if parent.is_none() || side.id() != parent {
            self.pending.push(Directory { path, side, parent });
        }
    }

    /// Both sides of a directory, name by name; both are in git's order.
    fn directory(&mut self, directory: Directory<'i>, buffer: &mut Vec<u8>) -> Result<(), ObjectError> {
        let Directory { path, side, parent } = directory;
        let path = path.as_bstr();
        let mut children = self.children(path, side, buffer)?.into_iter().peekable();
        let entries = parent.map(|parent| tree::entries(self.objects, &parent, buffer)).transpose()?;
        let mut entries = entries.unwrap_or_default().into_iter().peekable();
        loop {
            let order = match (children.peek(), entries.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(child), Some(entry)) => child.order(entry),
            };
            let child = children.next_if(|_| order.is_le());
            let entry = entries.next_if(|_| order.is_ge());
            self.pair(path, child, entry);
        }
    }

    fn pair(&mut self, directory: &BStr, child: Option<Child<'i>>, entry: Option<TreeEntry<'_>>) {
        let Some(Child { name, what }) = child else {
            return entry.into_iter().for_each(|entry| self.gone(directory, entry));
        };
        match what {
            What::Directory(side) => {
                self.compare(joined(directory, &name, "/"), side, entry.map(|entry| entry.id.into()));
            }
            What::Entries(stages) => self.entry(directory, &name, stages.iter().map(Staged::of), entry),
            What::Entry(staged) => self.entry(directory, &name, std::iter::once(staged), entry),
        }
    }

    /// A name that is no directory on either side.
    fn entry(
        &mut self,
        directory: &BStr,
        name: &BStr,
        stages: impl Iterator<Item = Staged> + Clone,
        entry: Option<TreeEntry<'_>>,
    ) {
        let is_same = |staged: &Staged| {
            entry.is_some_and(|entry| {
                let is_same_mode = entry.is_executable == staged.is_executable;
                entry.kind == staged.kind
                    && entry.id == staged.id
                    && (is_same_mode || self.difference == Difference::Content)
            })
        };
        let mut first = stages.clone();
        if first.next().is_some_and(|only| only.is_settled() && is_same(&only)) && first.next().is_none() {
            return;
        }
        let path = joined(directory, name, "");
        self.changes.intended += stages.clone().filter(|staged| staged.is_intended).count() as u64;
        let stages = stages.filter(|staged| !staged.is_intended);
        if let Some(entry) = entry {
            let is_gone = stages.clone().next().is_none();
            self.changes.old.push(Old { path: path.clone(), kind: entry.kind, id: entry.id.into(), is_gone });
        }
        let new = stages.filter(|staged| !is_same(staged));
        self.changes.new.extend(new.map(|Staged { stage, kind, id, .. }| New {
            path: path.clone(),
            stage,
            kind,
            id,
            is_new_path: entry.is_none(),
        }));
    }

    /// What only the parent has.
    fn gone(&mut self, directory: &BStr, entry: TreeEntry<'_>) {
        let end = if entry.kind == Kind::Directory { "/" } else { "" };
        let path = joined(directory, entry.name, end);
        self.changes.old.push(Old { path, kind: entry.kind, id: entry.id.into(), is_gone: true });
    }

    /// What the index has in a directory.
    fn children(&self, path: &BStr, side: Side<'i>, buffer: &mut Vec<u8>) -> Result<Vec<Child<'i>>, ObjectError> {
        match side {
            Side::Index { entries, cache } => Ok(self.children_of_index(path.len(), entries, cache)),
            Side::Folded(id) => {
                let entries = tree::entries(self.objects, &id, buffer)?;
                Ok(entries.into_iter().map(Child::of_tree).collect())
            }
        }
    }

    /// The names behind the first `prefix` bytes of the paths of `entries`, which all have these bytes in common.
    fn children_of_index(&self, prefix: usize, mut entries: &'i [Entry], cache: Option<&'i Tree>) -> Vec<Child<'i>> {
        let mut children = Vec::new();
        while let Some(first) = entries.first() {
            let path = first.path(self.index);
            let below = &path[prefix..];
            let folded = below.strip_suffix(b"/").unwrap_or(below).as_bstr();
            let (len, child) = match below.find_byte(b'/') {
                _ if first.mode.is_sparse() && !folded.contains(&b'/') => {
                    (1, Child { name: folded.into(), what: What::Directory(Side::Folded(first.id)) })
                }
                None => {
                    let len = self.count(entries, |other| other == path);
                    (len, Child { name: below.into(), what: What::Entries(&entries[..len]) })
                }
                Some(end) => {
                    let directory = &path[..=prefix + end];
                    let len = self.count(entries, |other| other.starts_with(directory));
                    let name = below[..end].as_bstr();
                    let cache = cache.and_then(|cache| subtree(cache, name));
                    let side = Side::Index { entries: &entries[..len], cache };
                    (len, Child { name: name.into(), what: What::Directory(side) })
                }
            };
            children.push(child);
            entries = &entries[len..];
        }
        children
    }

    /// How many entries there are before one whose path is not `like` it.
    fn count(&self, entries: &[Entry], like: impl Fn(&BStr) -> bool) -> usize {
        entries.iter().take_while(|entry| like(entry.path(self.index))).count()
    }
}

impl Child<'_> {
    fn of_tree(entry: TreeEntry<'_>) -> Self {
        let (kind, id) = (entry.kind, entry.id.into());
        let what = if kind == Kind::Directory {
            What::Directory(Side::Folded(id))
        } else {
            What::Entry(Staged { stage: 0, kind, is_executable: entry.is_executable, id, is_intended: false })
        };
        Self { name: Cow::Owned(entry.name.into()), what }
    }

    fn order(&self, entry: &TreeEntry<'_>) -> Ordering {
        let is_directory = matches!(self.what, What::Directory(_));
        name_order(&self.name, is_directory, entry.name, entry.kind == Kind::Directory)
    }
}

impl Staged {
    fn of(entry: &Entry) -> Self {
        Self {
            stage: entry.flags.stage_raw(),
            kind: entry.mode.into(),
            is_executable: entry.mode == Mode::FILE_EXECUTABLE,
            id: entry.id,
            is_intended: entry.flags.contains(Flags::INTENT_TO_ADD),
        }
    }

    /// Whether this is what a commit would take.
    fn is_settled(&self) -> bool {
        self.stage == 0 && !self.is_intended
    }
}

/// What the cache knows of a directory in this one; its children are sorted.
fn subtree<'i>(cache: &'i Tree, name: &[u8]) -> Option<&'i Tree> {
    let found = cache.children.binary_search_by(|child| child.name.as_slice().cmp(name));
    found.ok().map(|nth| &cache.children[nth])
}

fn joined(directory: &BStr, name: &[u8], end: &str) -> BString {
    [directory.as_bytes(), name, end.as_bytes()].concat().into()
}
