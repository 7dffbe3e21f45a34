//! One family of a pack after the other, from each object to what is made of it. The bytes of an object are let go when the
//! last of these has been made. A family is shared out among threads where it branches.

use std::sync::{Arc, Mutex, PoisonError};

use gix::{ObjectId, hash, objs::Kind, odb::pack::data, zlib::Inflate};
use rayon::Scope;

use super::super::{
    objects::{ObjectError, ObjectReader},
    repository::reason,
};
use super::delta;
use super::forest::Forest;
use super::packs::{Pack, Packs};
use super::{LARGEST, kind_of, name_of, too_long};
use crate::model::{Segment, UnreadReason};
use crate::source::{Object, Sieve};

/// What is made of one child and weighs more than this, in inflated bytes, may go to another thread.
const SPLIT: u64 = 1 << 20;
/// Buffers that a thread keeps for objects to come.
const SPARE: usize = 8;

/// A pack that is being swept.
pub(super) struct Sweeping<'a, S: Sieve> {
    pub(super) packs: &'a Packs,
    pub(super) pack: &'a Pack,
    pub(super) forest: &'a Forest,
    /// Reads what a delta is made of if that is in no entry of this pack.
    pub(super) outside: &'a (dyn Fn() -> ObjectReader + Sync),
    pub(super) sieve: &'a S,
    pub(super) threads: &'a Threads<S>,
}

/// What threads that are not at work have left.
pub(super) struct Threads<S: Sieve>(Mutex<Vec<Thread<S>>>);

/// The buffers of one thread.
pub(super) struct Thread<S: Sieve> {
    pub(super) local: S::Local,
    inflate: Inflate,
    delta: Vec<u8>,
    segments: Vec<Segment>,
    spare: Vec<Vec<u8>>,
}

/// An object and what was kept of it.
struct Made<K> {
    kind: Kind,
    bytes: Vec<u8>,
    kept: K,
}

/// A node to be made, and what it is made of.
struct Task<K> {
    node: u32,
    parent: Option<Arc<Made<K>>>,
}

impl<S: Sieve> Threads<S> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Does `work` with buffers that no other thread has.
    pub(super) fn with<T>(&self, sieve: &S, work: impl FnOnce(&mut Thread<S>) -> T) -> T {
        let idle = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = idle().pop();
        let mut thread = known.unwrap_or_else(|| Thread {
            local: sieve.local(),
            inflate: Inflate::default(),
            delta: Vec::new(),
            segments: Vec::new(),
            spare: Vec::new(),
        });
        let done = work(&mut thread);
        idle().push(thread);
        done
    }

    /// All buffers, when no thread is at work.
    pub(super) fn into_locals(self) -> impl Iterator<Item = S::Local> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().map(|thread| thread.local)
    }
}

impl<'a, S: Sieve> Sweeping<'a, S> {
    /// Pushes every object of every family.
    pub(super) fn all(&self) {
        rayon::scope(|scope| {
            // The largest first, so that no thread is left alone with it in the end.
            for &node in &self.forest.roots {
                scope.spawn(move |scope| self.family(Task { node, parent: None }, scope));
            }
        });
    }

    /// Pushes a node and all that is made of it.
    fn family<'s>(&'s self, task: Task<S::Kept>, scope: &Scope<'s>) {
        self.threads.with(self.sieve, |thread| {
            let mut tasks = vec![task];
            while let Some(Task { node, parent }) = tasks.pop() {
                if self.sieve.stopped() {
                    return;
                }
                let made = self.make(thread, node, parent.as_deref());
                thread.let_go(parent);
                match made {
                    Ok(None) => {}
                    Ok(Some(made)) => self.go_on(thread, node, made, &mut tasks, scope),
                    Err(error) => self.lose(thread, node, &error),
                }
            }
        });
    }

    /// Adds what is made of a node: the largest family is the last to be done.
    fn go_on<'s>(
        &'s self,
        thread: &mut Thread<S>,
        node: u32,
        made: Made<S::Kept>,
        tasks: &mut Vec<Task<S::Kept>>,
        scope: &Scope<'s>,
    ) {
        let Some((&largest, others)) = self.forest.children(node).split_last() else {
            return thread.recycle(made.bytes);
        };
        let parent = Arc::new(made);
        tasks.push(Task { node: largest, parent: Some(Arc::clone(&parent)) });
        for &child in others.iter().rev() {
            let task = Task { node: child, parent: Some(Arc::clone(&parent)) };
            if self.forest.node(child).weight > SPLIT {
                scope.spawn(move |scope| self.family(task, scope));
            } else {
                tasks.push(task);
            }
        }
    }

    /// Makes a node and pushes it; None if it is of a kind that nobody wants.
    fn make(
        &self,
        thread: &mut Thread<S>,
        node: u32,
        parent: Option<&Made<S::Kept>>,
    ) -> Result<Option<Made<S::Kept>>, ObjectError> {
        let id = self.id(node);
        let broken = |reason: String| ObjectError::Broken { id: id.into(), reason };
        let entry = self.pack.data.entry(self.forest.node(node).offset).map_err(|error| broken(reason(&error)))?;
        let outside = match self.forest.outside.get(&node) {
            Some(base) => Some(self.read_outside(base)?),
            None => None,
        };
        let base = parent.map(|made| (made.kind, &*made.bytes, Some(&made.kept)));
        let base = base.or_else(|| outside.as_ref().map(|(kind, bytes)| (*kind, &**bytes, None)));
        let kind = base.map(|(kind, ..)| kind).or(entry.header.as_kind());
        let kind = kind.ok_or_else(|| broken("it is a delta of nothing".to_owned()))?;
        if !self.sieve.wants(kind_of(kind)) {
            return Ok(None);
        }
        let mut bytes = thread.spare.pop().unwrap_or_default();
        thread.segments.clear();
        let Thread { inflate, delta, segments, .. } = thread;
        match base {
            None => self.inflate(&entry, inflate, &mut bytes).map_err(broken)?,
            Some((_, base, _)) => {
                self.inflate(&entry, inflate, delta).map_err(broken)?;
                check_size(delta::result_size(delta).map_err(|error| broken(error.to_string()))?).map_err(broken)?;
                delta::apply(base, delta, &mut bytes, segments).map_err(|error| broken(error.to_string()))?;
            }
        }
        let kept = base.and_then(|(.., kept)| kept);
        if kept.is_none() {
            segments.clear();
        }
        let is_repeated = self.packs.is_repeated(self.pack, self.forest.node(node).number);
        let object = Object { id: name_of(id), kind: kind_of(kind), bytes: &bytes, segments, is_repeated };
        let kept = self.sieve.object(&mut thread.local, object, kept.unwrap_or(&S::Kept::default()));
        Ok(Some(Made { kind, bytes, kept }))
    }

    fn inflate(&self, entry: &data::Entry, inflate: &mut Inflate, out: &mut Vec<u8>) -> Result<(), String> {
        check_size(entry.decompressed_size)?;
        out.clear();
        out.resize(entry.decompressed_size as usize, 0);
        self.pack.data.decompress_entry(entry, inflate, out).map(drop).map_err(|error| reason(&error))
    }

    fn read_outside(&self, id: &ObjectId) -> Result<(Kind, Vec<u8>), ObjectError> {
        let mut bytes = Vec::new();
        let kind = (self.outside)().read_any(id, &mut bytes)?;
        Ok((kind, bytes))
    }

    /// Tells that a node could not be made, nor what is made of it.
    fn lose(&self, thread: &mut Thread<S>, node: u32, error: &ObjectError) {
        let reason = error.to_string();
        self.sieve.unread(&mut thread.local, Some(name_of(self.id(node))), UnreadReason::Io(reason));
        let mut lost = self.forest.children(node).to_vec();
        while let Some(node) = lost.pop() {
            let reason = format!("object {}: what it is made of cannot be read", self.id(node));
            self.sieve.unread(&mut thread.local, Some(name_of(self.id(node))), UnreadReason::Io(reason));
            lost.extend_from_slice(self.forest.children(node));
        }
    }

    fn id(&self, node: u32) -> &'a hash::oid {
        self.pack.index.oid_at_index(self.forest.node(node).number)
    }
}

impl<S: Sieve> Thread<S> {
    /// Takes the buffer of an object that nothing more is made of.
    fn let_go(&mut self, made: Option<Arc<Made<S::Kept>>>) {
        if let Some(made) = made.and_then(Arc::into_inner) {
            self.recycle(made.bytes);
        }
    }

    fn recycle(&mut self, bytes: Vec<u8>) {
        if self.spare.len() < SPARE {
            self.spare.push(bytes);
        }
    }
}

fn check_size(size: u64) -> Result<(), String> {
    if size <= LARGEST { Ok(()) } else { Err(too_long(size)) }
}
