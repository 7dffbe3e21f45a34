//! Commits: which ones a merge brings in, and what each of them changed.

use std::collections::{BTreeMap, BinaryHeap};

use gix::ObjectId;

use super::{
    place::Place,
    reader::{Id, Parsed, Reader},
    trees::Change,
};
use crate::{git::repository::failed, source::SourceError};

/// A commit.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Its id.
    pub id: Id,
    /// Who wrote it and when, as stored.
    pub author: Vec<u8>,
    /// Its message.
    pub message: Vec<u8>,
    tree: Id,
    parents: Vec<Id>,
    pub(super) time: i64,
}

impl Commit {
    pub(super) fn tree(&self) -> Id {
        self.tree
    }

    pub(super) fn parents(&self) -> &[Id] {
        &self.parents
    }

    fn new(id: Id, parsed: Parsed) -> Self {
        let Parsed { tree, parents, author, message, time } = parsed;
        Self { id, author: author.into(), message: message.into(), tree, parents, time }
    }
}

impl Reader {
    /// A commit that must be there.
    pub(super) fn known_commit(&self, id: Id) -> Result<Commit, SourceError> {
        let missing = || failed(format!("reading the commit {id}"), "it is missing");
        self.commit(id)?.map(|parsed| Commit::new(id, parsed)).ok_or_else(missing)
    }

    /// Where a commit differs from all of its parents. Parents that are not there, as in a shallow clone, do not count.
    pub fn changes_of(&self, commit: &Commit) -> Result<Vec<Change>, SourceError> {
        let mut trees = Vec::new();
        for parent in &commit.parents {
            trees.extend(self.commit(*parent)?.map(|parsed| parsed.tree));
        }
        self.changes(commit.tree, &trees)
    }
}

impl Place {
    /// The heads that are being merged: those that `MERGE_HEAD` names, and `others` in hexadecimal.
    pub fn merged_heads(&self, others: &[String]) -> Result<Vec<Id>, SourceError> {
        let file = self.repo().git_dir().join("MERGE_HEAD");
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(failed(format!("reading {}", file.display()), error)),
        };
        let mut heads = Vec::new();
        for hex in text.lines().chain(others.iter().map(String::as_str)) {
            let id = ObjectId::from_hex(hex.trim().as_bytes())
                .map_err(|error| failed(format!("reading the head '{hex}' of a merge"), error))?;
            if !heads.contains(&Id(id)) {
                heads.push(Id(id));
            }
        }
        Ok(heads)
    }

    /// The commits that are reachable from `heads` and not from HEAD, newest first. With clocks that went wrong, an older
    /// commit may be among them; never is one left out.
    pub fn commits_beyond_head(&self, reader: &Reader, heads: &[Id]) -> Result<Vec<Commit>, SourceError> {
        let mut walk = Walk { reader, queue: BinaryHeap::new(), seen: BTreeMap::new(), commits: Vec::new(), wanted: 0 };
        for head in heads {
            walk.meet(*head, true)?;
        }
        if let Some(head) = self.head()? {
            walk.meet(head, false)?;
        }
        walk.run()?;
        let seen = walk.seen;
        Ok(walk.commits.into_iter().filter(|commit| seen.get(&commit.id) == Some(&true)).collect())
    }
}

/// Commits by date, newest first, each with whether it is only reachable from the heads.
struct Walk<'r> {
    reader: &'r Reader,
    queue: BinaryHeap<(i64, Id)>,
    seen: BTreeMap<Id, bool>,
    commits: Vec<Commit>,
    /// How many in the queue are wanted; without any, the rest is old.
    wanted: usize,
}

impl Walk<'_> {
    fn meet(&mut self, id: Id, wanted: bool) -> Result<(), SourceError> {
        match self.seen.get(&id) {
            None => {}
            Some(true) if !wanted => return self.disown(id),
            Some(_) => return Ok(()),
        }
        // Beyond the edge of a shallow clone there is nothing to see.
        let Some(parsed) = self.reader.commit(id)? else { return Ok(()) };
        self.seen.insert(id, wanted);
        self.queue.push((parsed.time, id));
        self.wanted += usize::from(wanted);
        Ok(())
    }

    /// What was wanted turns out to be old, and so are its ancestors that have been met.
    fn disown(&mut self, id: Id) -> Result<(), SourceError> {
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            let Some(wanted @ true) = self.seen.get_mut(&id) else { continue };
            *wanted = false;
            if self.queue.iter().any(|(_, queued)| *queued == id) {
                self.wanted -= 1;
            } else if let Some(parsed) = self.reader.commit(id)? {
                pending.extend(parsed.parents);
            }
        }
        Ok(())
    }

    fn run(&mut self) -> Result<(), SourceError> {
        while self.wanted > 0 {
            let Some((_, id)) = self.queue.pop() else { break };
            let wanted = self.seen.get(&id).copied().unwrap_or_default();
            let commit = self.reader.known_commit(id)?;
            for parent in &commit.parents {
                self.meet(*parent, wanted)?;
            }
            if wanted {
                self.wanted -= 1;
                self.commits.push(commit);
            }
        }
        Ok(())
    }
}
