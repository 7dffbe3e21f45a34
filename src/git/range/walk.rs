//! Which commits are reachable from some heads and not from others. The newest are looked at first, so that of a long
//! history only as much is read as it takes to know. Where clocks went wrong a commit that is not new may be told as new;
//! never is one left out. What cannot be read on the way to new commits is told; what cannot be read of the old ones only
//! makes more commits new.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use gix::ObjectId;

use crate::git::{
    header::{self, Commit},
    objects::{ObjectError, ObjectReader},
};

/// Old commits that are looked at once all that is left seems old: clocks go wrong by a few commits at a time.
const SLOP: usize = 64;
/// Commits between two questions whether to go on.
const PAUSE: usize = 1024;

/// What a walk came to.
#[derive(Debug, Default)]
pub(in crate::git) struct Walked {
    /// The commits, parents before their children.
    pub(in crate::git) commits: Vec<(ObjectId, Commit)>,
    /// The parents of these that are not new, each with its tree.
    pub(in crate::git) boundary: BTreeMap<ObjectId, ObjectId>,
    /// New commits that could not be read, by id, each with a child if it has one.
    pub(in crate::git) missing: Vec<Missing>,
}

/// A commit that could not be read.
#[derive(Debug)]
pub(in crate::git) struct Missing {
    pub(in crate::git) id: ObjectId,
    pub(in crate::git) child: Option<ObjectId>,
    pub(in crate::git) error: ObjectError,
}

/// Walks from `heads` to what `bases` have. Ends early, with what it has by then, once `stopped` says so.
pub(in crate::git) fn walk(
    reader: &ObjectReader,
    heads: &[ObjectId],
    bases: &[ObjectId],
    stopped: &dyn Fn() -> bool,
) -> Walked {
    let mut walk = Walk::new(reader);
    // Bases first: a head that is one of them is not even queued.
    bases.iter().for_each(|base| walk.meet(*base, None, false));
    heads.iter().for_each(|head| walk.meet(*head, None, true));
    walk.run(stopped);
    walk.finish(heads)
}

struct Node {
    commit: Commit,
    /// Whether only heads lead to it, as far as is known.
    wanted: bool,
    /// Whether it is out of the queue, and its parents have been met.
    passed: bool,
}

struct Walk<'r> {
    reader: &'r ObjectReader,
    /// Looked up, never iterated over.
    nodes: HashMap<ObjectId, Node>,
    queue: BinaryHeap<(i64, ObjectId)>,
    /// How many in the queue are wanted.
    wanted: usize,
    /// The time of the oldest commit that was wanted when it left the queue.
    oldest: i64,
    missing: Vec<Missing>,
    known_missing: BTreeSet<ObjectId>,
    buffer: Vec<u8>,
}

impl<'r> Walk<'r> {
    fn new(reader: &'r ObjectReader) -> Self {
        Self {
            reader,
            nodes: HashMap::new(),
            queue: BinaryHeap::new(),
            wanted: 0,
            oldest: i64::MAX,
            missing: Vec::new(),
            known_missing: BTreeSet::new(),
            buffer: Vec::new(),
        }
    }

    fn meet(&mut self, id: ObjectId, child: Option<ObjectId>, wanted: bool) {
        match self.nodes.get(&id) {
            Some(node) if node.wanted && !wanted => return self.disown(id),
            Some(_) => return,
            None => {}
        }
        match header::commit(self.reader, &id, &mut self.buffer) {
            Ok(commit) => {
                self.queue.push((commit.time, id));
                self.wanted += usize::from(wanted);
                self.nodes.insert(id, Node { commit, wanted, passed: false });
            }
            Err(error) if wanted && self.known_missing.insert(id) => self.missing.push(Missing { id, child, error }),
            Err(error) => log::debug!("the walk ends early: {error}"),
        }
    }

    /// What was wanted turns out to be old, and so do its ancestors.
    fn disown(&mut self, id: ObjectId) {
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            let Some(node) = self.nodes.get_mut(&id).filter(|node| node.wanted) else { continue };
            node.wanted = false;
            if node.passed {
                pending.extend(&node.commit.parents);
            } else {
                self.wanted -= 1;
            }
        }
    }

    fn run(&mut self, stopped: &dyn Fn() -> bool) {
        let (mut slop, mut passed) = (SLOP, 0_usize);
        while let Some((time, id)) = self.queue.pop() {
            passed += 1;
            if passed.is_multiple_of(PAUSE) && stopped() {
                return;
            }
            if self.wanted == 0 && time < self.oldest {
                if slop == 0 {
                    return;
                }
                slop -= 1;
            } else {
                slop = SLOP;
            }
            self.pass(id, time);
        }
    }

    fn pass(&mut self, id: ObjectId, time: i64) {
        let node = self.nodes.get_mut(&id).expect("what is in the queue was read");
        node.passed = true;
        let (wanted, parents) = (node.wanted, node.commit.parents.clone());
        if wanted {
            self.wanted -= 1;
            self.oldest = self.oldest.min(time);
        }
        parents.into_iter().for_each(|parent| self.meet(parent, Some(id), wanted));
    }

    /// Puts the wanted commits in order, by a search from the heads that goes deep first.
    fn finish(mut self, heads: &[ObjectId]) -> Walked {
        let mut walked = Walked::default();
        let mut pending: Vec<(ObjectId, bool)> = heads.iter().rev().map(|head| (*head, false)).collect();
        let mut entered: BTreeSet<ObjectId> = BTreeSet::new();
        while let Some((id, is_left)) = pending.pop() {
            if is_left {
                let node = self.nodes.remove(&id).expect("it was entered");
                walked.commits.push((id, node.commit));
                continue;
            }
            let Some(node) = self.nodes.get(&id).filter(|node| node.wanted) else { continue };
            if !entered.insert(id) {
                continue;
            }
            pending.push((id, true));
            for parent in node.commit.parents.iter().rev() {
                if let Some(old) = self.nodes.get(parent).filter(|node| !node.wanted) {
                    walked.boundary.insert(*parent, old.commit.tree);
                }
                pending.push((*parent, false));
            }
        }
        let is_wanted = |missing: &Missing| missing.child.is_none_or(|child| entered.contains(&child));
        walked.missing = self.missing.into_iter().filter(is_wanted).collect();
        walked
    }
}
