//! What leads on from commits, noted while something else looks at all objects: so no commit is unpacked twice.

use std::io::{self, Read};
use std::ops::Range;

use gix::hash::{self, ObjectId};

use super::numbers::AllNumbers;
use crate::{
    git::{header, sweep::Sweep},
    model::{ObjectKind, ObjectName, UnreadReason},
    source::{Object, Sieve},
};

/// Ids whose numbers are looked up in one go. They are all over memory, and a processor looks in several places at once if the
/// one does not depend on the other.
const AT_ONCE: usize = 256;

/// A commit.
#[derive(Clone, Debug)]
pub(super) struct Commit {
    pub(super) number: u32,
    pub(super) tree: u32,
    /// Seconds since 1970, by the clock of the committer.
    pub(super) time: i64,
    parents: Range<u32>,
}

/// All commits of a sweep that came to its end.
pub struct Noted<'s> {
    pub(super) sweep: &'s Sweep,
    pub(super) numbers: AllNumbers<'s>,
    pub(super) commits: Vec<Commit>,
    parents: Vec<u32>,
    /// Commits that name no tree.
    pub(super) broken: Vec<ObjectName>,
}

impl Noted<'_> {
    pub(super) fn parents(&self, commit: &Commit) -> &[u32] {
        &self.parents[commit.parents.start as usize..commit.parents.end as usize]
    }

    fn add(&mut self, notes: Notes) {
        let first = self.parents.len() as u32;
        self.commits.extend(notes.commits.into_iter().zip(notes.trees).map(|(commit, tree)| Commit {
            tree,
            parents: commit.parents.start + first..commit.parents.end + first,
            ..commit
        }));
        self.parents.extend(notes.parents);
        self.broken.extend(notes.broken);
    }
}

impl std::fmt::Debug for Noted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Noted").field("commits", &self.commits.len()).finish_non_exhaustive()
    }
}

impl Sweep {
    /// Pushes every object once, as [`push`](Self::push) does, and notes where commits lead.
    pub fn push_and_note<S: Sieve>(&self, sieve: &S) -> (Vec<S::Local>, Noted<'_>) {
        let numbers = AllNumbers::new(self.packs());
        let noting = Noting { sieve, numbers: &numbers, hash: self.hash() };
        let locals = self.push(&noting);
        let mut noted = Noted { sweep: self, numbers, commits: Vec::new(), parents: Vec::new(), broken: Vec::new() };
        let of_sieve = locals.into_iter().map(|mut local| {
            local.notes.look_up(&noted.numbers);
            noted.add(local.notes);
            local.of_sieve
        });
        (of_sieve.collect(), noted)
    }
}

/// Another sieve, and what is noted beside it.
struct Noting<'a, S> {
    sieve: &'a S,
    numbers: &'a AllNumbers<'a>,
    hash: hash::Kind,
}

struct Local<L> {
    of_sieve: L,
    notes: Notes,
}

#[derive(Default)]
struct Notes {
    /// Each without its tree, which stands at the same place of the second list.
    commits: Vec<Commit>,
    trees: Vec<u32>,
    parents: Vec<u32>,
    /// Trees and parents of the last commits, whose numbers are still to be looked up.
    new_parents: Vec<ObjectId>,
    new_trees: Vec<ObjectId>,
    broken: Vec<ObjectName>,
}

impl Notes {
    fn look_up(&mut self, numbers: &AllNumbers<'_>) {
        self.parents.extend(self.new_parents.drain(..).map(|id| numbers.number(&id)));
        self.trees.extend(self.new_trees.drain(..).map(|id| numbers.number(&id)));
    }
}

impl<S: Sieve> Sieve for Noting<'_, S> {
    type Kept = S::Kept;
    type Local = Local<S::Local>;

    fn local(&self) -> Self::Local {
        Local { of_sieve: self.sieve.local(), notes: Notes::default() }
    }

    fn wants(&self, kind: ObjectKind) -> bool {
        kind == ObjectKind::Commit || self.sieve.wants(kind)
    }

    fn object(&self, local: &mut Self::Local, object: Object<'_>, earlier: &S::Kept) -> S::Kept {
        if object.kind == ObjectKind::Commit {
            self.note(&mut local.notes, &object);
        }
        if self.sieve.wants(object.kind) {
            return self.sieve.object(&mut local.of_sieve, object, earlier);
        }
        S::Kept::default()
    }

    fn unread(&self, local: &mut Self::Local, object: Option<ObjectName>, reason: UnreadReason) {
        self.sieve.unread(&mut local.of_sieve, object, reason);
    }

    fn stream(&self, local: &mut Self::Local, id: ObjectName, content: &mut dyn Read) -> io::Result<()> {
        self.sieve.stream(&mut local.of_sieve, id, content)
    }

    fn stopped(&self) -> bool {
        self.sieve.stopped()
    }

    fn expects(&self, stored: u64) {
        self.sieve.expects(stored);
    }

    fn went_through(&self, stored: u64) {
        self.sieve.went_through(stored);
    }
}

impl<S> Noting<'_, S> {
    fn note(&self, notes: &mut Notes, object: &Object<'_>) {
        let (number, is_first) = self.numbers.claim(object);
        if !is_first {
            return;
        }
        let Some(commit) = header::parse_commit(object.bytes, self.hash) else {
            return notes.broken.push(object.name());
        };
        let count = commit.parents.len() as u32;
        let first = (notes.parents.len() + notes.new_parents.len()) as u32;
        notes.commits.push(Commit { number, tree: 0, time: commit.time, parents: first..first + count });
        notes.new_parents.extend(commit.parents);
        notes.new_trees.push(commit.tree);
        if notes.new_trees.len() == AT_ONCE {
            notes.look_up(self.numbers);
        }
    }
}
