//! What a tree has that none of some others has: the changes of a commit against its parents. A path counts as changed if
//! it differs from all of them, so that of a merge only what it brought in itself is told. Renames are not looked for.

use std::collections::BTreeMap;

use gix::{
    bstr::BString,
    objs::tree::{EntryKind, EntryMode},
};

use super::reader::{Id, Reader};
use crate::source::SourceError;

/// A path at which a tree differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Below the top, with `/` between its parts.
    pub path: BString,
    /// The blob that is there now; none if the path is gone.
    pub now: Option<Id>,
    /// The blobs that were there.
    pub before: Vec<Id>,
}

impl Reader {
    /// Where `tree` differs from all of `others`, sorted by path; with no others, all that is in it.
    pub(super) fn changes(&self, tree: Id, others: &[Id]) -> Result<Vec<Change>, SourceError> {
        let mut walk = Walk { reader: self, found: Vec::new(), pending: Vec::new() };
        walk.pending.push(Level {
            path: BString::default(),
            now: Some(tree),
            before: others.iter().copied().map(Some).collect(),
        });
        // A stack of its own, since how deep trees are is up to whoever made them.
        while let Some(level) = walk.pending.pop() {
            walk.level(&level)?;
        }
        walk.found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(walk.found)
    }
}

struct Walk<'r> {
    reader: &'r Reader,
    found: Vec<Change>,
    pending: Vec<Level>,
}

/// A directory that is to be compared: its tree now, and in each of the others.
struct Level {
    path: BString,
    now: Option<Id>,
    before: Vec<Option<Id>>,
}

/// What stands under one name, now and in each of the others.
#[derive(Clone, Default)]
struct Named {
    now: Option<(EntryMode, Id)>,
    before: Vec<Option<(EntryMode, Id)>>,
}

impl Walk<'_> {
    fn level(&mut self, level: &Level) -> Result<(), SourceError> {
        if level.before.contains(&level.now) {
            return Ok(());
        }
        for (name, named) in self.names(level)? {
            if named.before.contains(&named.now) {
                continue;
            }
            let mut path = level.path.clone();
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(&name);
            self.blobs(&path, &named);
            self.directories(path, &named);
        }
        Ok(())
    }

    fn names(&self, level: &Level) -> Result<BTreeMap<BString, Named>, SourceError> {
        let empty = Named { now: None, before: vec![None; level.before.len()] };
        let mut names: BTreeMap<BString, Named> = BTreeMap::new();
        if let Some(tree) = level.now {
            for entry in self.reader.tree(tree)? {
                names.entry(entry.name).or_insert_with(|| empty.clone()).now = Some((entry.mode, entry.id));
            }
        }
        for (nth, tree) in level.before.iter().enumerate() {
            for entry in tree.map_or(Ok(Vec::new()), |tree| self.reader.tree(tree))? {
                names.entry(entry.name).or_insert_with(|| empty.clone()).before[nth] = Some((entry.mode, entry.id));
            }
        }
        Ok(names)
    }

    fn blobs(&mut self, path: &BString, named: &Named) {
        let (now, before) = parts(named, is_blob);
        if (now.is_some() || before.iter().any(Option::is_some)) && !before.contains(&now) {
            let before = before.into_iter().flatten().collect();
            self.found.push(Change { path: path.clone(), now, before });
        }
    }

    fn directories(&mut self, path: BString, named: &Named) {
        let (now, before) = parts(named, |mode| mode.is_tree());
        if now.is_some() || before.iter().any(Option::is_some) {
            self.pending.push(Level { path, now, before });
        }
    }
}

fn parts(named: &Named, wanted: fn(EntryMode) -> bool) -> (Option<Id>, Vec<Option<Id>>) {
    let part = |entry: &Option<(EntryMode, Id)>| entry.filter(|(mode, _)| wanted(*mode)).map(|(_, id)| id);
    (part(&named.now), named.before.iter().map(part).collect())
}

fn is_blob(mode: EntryMode) -> bool {
    matches!(mode.kind(), EntryKind::Blob | EntryKind::BlobExecutable | EntryKind::Link)
}
