//! What a commit brings in and takes away: its tree, name by name, against those of its parents. A directory that one of
//! the parents has under the same path is passed over. Of a merge only what it brings in itself is told, and renames are
//! not looked for.
//!
//! Trees come from the repository and are not trusted. One that is not in git's order makes more names new, never fewer;
//! directories are kept in a list rather than visited by recursion.

use std::cmp::Ordering;

use gix::{ObjectId, bstr::BString, objs::tree::name_order};

use crate::git::{
    objects::{ObjectError, ObjectReader},
    tree::{self, Kind, TreeEntry},
};

/// The difference that a commit makes.
#[derive(Debug, Default)]
pub(in crate::git) struct Changes {
    pub(in crate::git) new: Vec<New>,
    pub(in crate::git) old: Vec<Old>,
    /// Directories that could not be read.
    pub(in crate::git) failed: Vec<Failed>,
}

/// What no parent has under this path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::git) struct New {
    pub(in crate::git) path: BString,
    /// No directory.
    pub(in crate::git) kind: Kind,
    pub(in crate::git) id: ObjectId,
    /// Whether no parent has anything there.
    pub(in crate::git) is_new_path: bool,
}

/// What a parent has under a path that the commit changes or deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::git) struct Old {
    pub(in crate::git) path: BString,
    /// No directory.
    pub(in crate::git) kind: Kind,
    pub(in crate::git) id: ObjectId,
    /// Whether the commit has nothing there.
    pub(in crate::git) is_gone: bool,
}

/// A directory that could not be read. What is below it is not known to be new or old.
#[derive(Debug)]
pub(in crate::git) struct Failed {
    /// Empty, or ending in a slash.
    pub(in crate::git) path: BString,
    pub(in crate::git) tree: ObjectId,
    pub(in crate::git) error: ObjectError,
}

/// Compares `tree` with those of all `parents`; without any, all of it is new.
pub(in crate::git) fn changes(reader: &ObjectReader, tree: ObjectId, parents: &[ObjectId]) -> Changes {
    let before = parents.iter().copied().map(Some).collect();
    let top = Level { path: BString::default(), now: Some(tree), before };
    let mut comparison = Comparison { reader, changes: Changes::default(), pending: vec![top] };
    while let Some(level) = comparison.pending.pop() {
        comparison.level(&level);
    }
    comparison.changes
}

/// A directory: its tree now, and in each parent.
struct Level {
    path: BString,
    now: Option<ObjectId>,
    before: Vec<Option<ObjectId>>,
}

struct Comparison<'r> {
    reader: &'r ObjectReader,
    changes: Changes,
    pending: Vec<Level>,
}

impl Comparison<'_> {
    fn level(&mut self, level: &Level) {
        if level.before.contains(&level.now) {
            return;
        }
        let trees: Vec<Option<ObjectId>> = std::iter::once(level.now).chain(level.before.iter().copied()).collect();
        let mut buffers = vec![Vec::new(); trees.len()];
        let lists = trees.into_iter().zip(&mut buffers);
        let lists: Vec<_> = lists.map(|(tree, buffer)| self.entries(level, tree, buffer)).collect();
        let mut merged = Merged { next: vec![0; lists.len()], lists };
        while let Some(sides) = merged.next() {
            self.name(level, &sides);
        }
    }

    fn entries<'b>(&mut self, level: &Level, tree: Option<ObjectId>, buffer: &'b mut Vec<u8>) -> Vec<TreeEntry<'b>> {
        let Some(tree) = tree else { return Vec::new() };
        tree::entries(self.reader, &tree, buffer).unwrap_or_else(|error| {
            self.changes.failed.push(Failed { path: level.path.clone(), tree, error });
            Vec::new()
        })
    }

    /// What stands under one name: first in the commit, then in each parent.
    fn name(&mut self, level: &Level, sides: &[Option<TreeEntry<'_>>]) {
        let (now, before) = sides.split_first().expect("the commit is a side");
        let is_same = |a: &TreeEntry<'_>, b: &TreeEntry<'_>| a.kind == b.kind && a.id == b.id;
        let stays = |other: &Option<TreeEntry<'_>>| match (now, other) {
            (Some(now), Some(other)) => is_same(now, other),
            (now, other) => now.is_none() && other.is_none(),
        };
        if before.iter().any(stays) {
            return;
        }
        let first = sides.iter().flatten().next().expect("some side has the name");
        let mut path = level.path.clone();
        path.extend_from_slice(first.name);
        if first.kind == Kind::Directory {
            path.push(b'/');
            let id = |side: &Option<TreeEntry<'_>>| side.map(|entry| entry.id.to_owned());
            return self.pending.push(Level { path, now: id(now), before: before.iter().map(id).collect() });
        }
        for old in before.iter().flatten() {
            self.changes.old.push(Old {
                path: path.clone(),
                kind: old.kind,
                id: old.id.into(),
                is_gone: now.is_none(),
            });
        }
        if let Some(now) = now {
            let is_new_path = before.iter().all(Option::is_none);
            self.changes.new.push(New { path, kind: now.kind, id: now.id.into(), is_new_path });
        }
    }
}

/// Lists in git's order, side by side.
struct Merged<'b> {
    lists: Vec<Vec<TreeEntry<'b>>>,
    /// By list: the entry that is next.
    next: Vec<usize>,
}

impl<'b> Merged<'b> {
    /// The entries of the next name, by list. A file and a directory of one name are two names, as they are to git.
    fn next(&mut self) -> Option<Vec<Option<TreeEntry<'b>>>> {
        let heads: Vec<Option<TreeEntry<'b>>> =
            self.lists.iter().zip(&self.next).map(|(list, next)| list.get(*next).copied()).collect();
        let first = heads.iter().flatten().min_by(|a, b| order(a, b)).copied()?;
        let is_it = |head: &TreeEntry<'_>| order(head, &first).is_eq();
        let sides: Vec<_> = heads.into_iter().map(|head| head.filter(is_it)).collect();
        self.next.iter_mut().zip(&sides).for_each(|(next, side)| *next += usize::from(side.is_some()));
        Some(sides)
    }
}

fn order(a: &TreeEntry<'_>, b: &TreeEntry<'_>) -> Ordering {
    name_order(a.name, a.kind == Kind::Directory, b.name, b.kind == Kind::Directory)
}
