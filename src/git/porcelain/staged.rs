//! The files that the next commit would add or change: the index against the tree of HEAD. Directories that the index
//! knows to be those of HEAD are not looked into, so that it takes no longer in a large repository than in a small one.

use std::collections::BTreeMap;

use gix::{
    bstr::{BStr, BString, ByteSlice},
    index::{File, entry::Mode, extension},
    objs::tree::EntryMode,
};

use super::{
    index::{Entry, file, is_file},
    place::Place,
    reader::{Id, Reader},
};
use crate::source::SourceError;

impl Place {
    /// Added, copied, modified, unmerged, and what has become a file: every path whose content or mode is not HEAD's, in
    /// the order of the index. Before the first commit that is all of the index.
    pub fn staged(&self, reader: &Reader) -> Result<Vec<Entry>, SourceError> {
        let tree = match self.head()? {
            Some(head) => Some(reader.known_commit(head)?.tree()),
            None => None,
        };
        let index = self.index()?;
        let mut walk = Walk { reader, index: &index, found: Vec::new() };
        walk.directory(b"".as_bstr(), index.entries(), tree, index.tree(), 0)?;
        Ok(walk.found)
    }
}

/// Directories within one another, at most: what git allows in a tree.
const DEEPEST: usize = 2048;

struct Walk<'a> {
    reader: &'a Reader,
    index: &'a File,
    found: Vec<Entry>,
}

impl<'a> Walk<'a> {
    /// `entries` are those below `path`, which ends in `/` or is the top; `known` is what the index knows of it.
    fn directory(
        &mut self,
        path: &BStr,
        entries: &'a [gix::index::Entry],
        tree: Option<Id>,
        known: Option<&extension::Tree>,
        depth: usize,
    ) -> Result<(), SourceError> {
        if known.is_some_and(|known| known.num_entries.is_some() && tree == Some(Id(known.id))) {
            return Ok(());
        }
        let in_head = self.entries_of(tree)?;
        let mut rest = entries;
        while let Some((first, others)) = rest.split_first() {
            let name = &first.path(self.index)[path.len()..];
            let slash = name.find_byte(b'/').filter(|_| first.mode != Mode::DIR && depth < DEEPEST);
            let Some(slash) = slash else {
                self.entry(first, in_head.get(name.trim_end_with(|end| end == '/').as_bstr()))?;
                rest = others;
                continue;
            };
            let directory = first.path(self.index)[..=path.len() + slash].as_bstr();
            let inside = rest.partition_point(|entry| entry.path(self.index).starts_with(directory));
            let child = in_head.get(name[..slash].as_bstr()).filter(|(mode, _)| mode.is_tree()).map(|(_, id)| *id);
            let known = known.and_then(|known| known.children.iter().find(|node| node.name[..] == name[..slash]));
            self.directory(directory, &rest[..inside], child, known, depth + 1)?;
            rest = &rest[inside..];
        }
        Ok(())
    }

    fn entries_of(&self, tree: Option<Id>) -> Result<BTreeMap<BString, (EntryMode, Id)>, SourceError> {
        let entries = tree.map_or(Ok(Vec::new()), |tree| self.reader.tree(tree))?;
        Ok(entries.into_iter().map(|entry| (entry.name, (entry.mode, entry.id))).collect())
    }

    fn entry(&mut self, entry: &gix::index::Entry, in_head: Option<&(EntryMode, Id)>) -> Result<(), SourceError> {
        let path = entry.path(self.index);
        if entry.mode == Mode::DIR {
            return self.folded(path, Id(entry.id), in_head);
        }
        let unmerged = entry.stage_raw() != 0;
        let is_same = |(mode, id): &(EntryMode, Id)| {
            *id == Id(entry.id) && entry.mode.to_tree_entry_mode().is_some_and(|now| now.kind() == mode.kind())
        };
        if is_file(entry) && (unmerged || !in_head.is_some_and(is_same)) {
            self.found.push(file(path, entry));
        }
        Ok(())
    }

    /// A directory that a sparse index has as one entry.
    fn folded(&mut self, path: &BStr, tree: Id, in_head: Option<&(EntryMode, Id)>) -> Result<(), SourceError> {
        let before: Vec<Id> = in_head.filter(|(mode, _)| mode.is_tree()).map(|(_, id)| *id).into_iter().collect();
        for change in self.reader.changes(tree, &before)? {
            if let Some(id) = change.now {
                let path = [path.as_bytes(), &change.path].concat().into();
                self.found.push(Entry { path, id, assumed_unchanged: false });
            }
        }
        Ok(())
    }
}
