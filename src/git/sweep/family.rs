//! One family of a pack after the other, from each object to what is made of it. The bytes of an object are let go when the
//! last of these has been made. A family is shared out among threads where it branches.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gix::{ObjectId, hash, objs::Kind, odb::pack::data, zlib::Inflate};
use rayon::Scope;

use super::super::{
    objects::{ObjectError, ObjectReader},
    repository::reason,
};
use super::forest::{Forest, Root};
use super::packs::{Pack, Packs};
use super::stream::{self, Inflated, LONG};
use super::{LARGEST, check, delta, kind_of, name_of, too_long};
use crate::model::{Segment, UnreadReason};
use crate::source::{Object, Sieve};

/// What is made of one child and weighs more than this, in inflated bytes, may go to another thread.
const SPLIT: u64 = 1 << 20;
/// Memory, in bytes, of the objects that tasks for other threads are made of. Beyond that a thread does all by itself, and
/// holds no more of them than the logarithm of the family's size.
const MOST_WAITING: usize = 64 << 20;
/// Buffers that a thread keeps for objects to come.
const SPARE: usize = 8;
/// A buffer of more bytes is not kept.
const LARGEST_SPARE: usize = 4 << 20;

/// Bytes that a thread goes through before it tells of them.
const TELL_AFTER: u64 = 1 << 16;

/// A pack that is being swept.
pub(super) struct Sweeping<'a, S: Sieve> {
    pub(super) packs: &'a Packs,
    pub(super) pack: &'a Pack,
    pub(super) forest: &'a Forest,
    /// Reads what a delta is made of if that is in no entry of this pack.
    pub(super) outside: &'a (dyn Fn() -> ObjectReader + Sync),
    pub(super) sieve: &'a S,
    pub(super) threads: &'a Threads<S>,
    /// Whether to look if each content has its id.
    pub(super) checks_ids: bool,
}

/// What threads that are not at work have left, and what waits for them.
pub(super) struct Threads<S: Sieve> {
    idle: Mutex<Vec<Thread<S>>>,
    /// Memory of the objects that waiting tasks are made of, in bytes.
    waiting: AtomicUsize,
}

/// The buffers of one thread.
pub(super) struct Thread<S: Sieve> {
    pub(super) local: S::Local,
    inflate: Inflate,
    delta: Vec<u8>,
    segments: Vec<Segment>,
    spare: Vec<Vec<u8>>,
    /// Bytes that were gone through, as they are stored, and have not been told.
    went_through: u64,
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
        Self { idle: Mutex::new(Vec::new()), waiting: AtomicUsize::new(0) }
    }

    /// Whether a task may wait that is made of an object of so many bytes; if so it is to be called [off](Self::begins).
    fn may_wait(&self, bytes: usize) -> bool {
        let may = self.waiting.fetch_add(bytes, Ordering::Relaxed) + bytes <= MOST_WAITING;
        if !may {
            self.begins(bytes);
        }
        may
    }

    /// Such a task waits no longer.
    fn begins(&self, bytes: usize) {
        self.waiting.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Does `work` with buffers that no other thread has.
    pub(super) fn with<T>(&self, sieve: &S, work: impl FnOnce(&mut Thread<S>) -> T) -> T {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let known = idle().pop();
        let mut thread = known.unwrap_or_else(|| Thread {
            local: sieve.local(),
            inflate: Inflate::default(),
            delta: Vec::new(),
            segments: Vec::new(),
            spare: Vec::new(),
            went_through: 0,
        });
        let done = work(&mut thread);
        idle().push(thread);
        done
    }

    /// All buffers, when no thread is at work.
    pub(super) fn into_locals(self) -> impl Iterator<Item = S::Local> {
        self.idle.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().map(|thread| thread.local)
    }
}

impl<'a, S: Sieve> Sweeping<'a, S> {
    /// Pushes every object of every family that somebody wants.
    pub(super) fn all(&self) {
        rayon::scope(|scope| {
            // The largest first, so that no thread is left alone with it in the end.
            for &Root { node, kind, stored } in &self.forest.roots {
                if kind.is_some_and(|kind| !self.sieve.wants(kind_of(kind))) {
                    self.sieve.went_through(stored);
                } else {
                    scope.spawn(move |scope| self.family(Task { node, parent: None }, scope));
                }
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
                self.went_through(thread, self.stored_len(node));
                match made {
                    Ok(None) => self.pass_over(thread, node),
                    Ok(Some(made)) => self.go_on(thread, node, made, &mut tasks, scope),
                    Err(error) => {
                        self.lose(thread, node, &error);
                        self.pass_over(thread, node);
                    }
                }
            }
            self.sieve.went_through(std::mem::take(&mut thread.went_through));
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
            let len = parent.bytes.len();
            if self.forest.node(child).weight > SPLIT && self.threads.may_wait(len) {
                scope.spawn(move |scope| {
                    self.threads.begins(len);
                    self.family(task, scope);
                });
            } else {
                tasks.push(task);
            }
        }
    }

    /// Notes that what is made of a node is not gone into.
    fn pass_over(&self, thread: &mut Thread<S>, node: u32) {
        let mut pending = self.forest.children(node).to_vec();
        while let Some(child) = pending.pop() {
            self.went_through(thread, self.stored_len(child));
            pending.extend_from_slice(self.forest.children(child));
        }
    }

    /// Tells now and then how many bytes a thread has gone through.
    fn went_through(&self, thread: &mut Thread<S>, stored: u64) {
        thread.went_through += stored;
        if thread.went_through >= TELL_AFTER {
            self.sieve.went_through(std::mem::take(&mut thread.went_through));
        }
    }

    fn stored_len(&self, node: u32) -> u64 {
        check::stored(&self.pack.data, self.forest, node).map_or(0, |bytes| bytes.len() as u64)
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
        let stored = check::stored(&self.pack.data, self.forest, node);
        let stored = stored.ok_or_else(|| broken("the pack ends before it does".to_owned()))?;
        if !check::is_as_written(stored, self.forest.checksum(node)) {
            // What the one checksum says is wrong may be right by the other, and is looked at.
            self.tell(thread, node, &broken("its bytes are not those that the pack was written with".to_owned()));
        }
        if !check::can_be(entry.decompressed_size, stored) {
            return Err(broken(format!("it cannot have the {} bytes that it says", entry.decompressed_size)));
        }
        if kind == Kind::Blob && base.is_none() && self.is_to_be_streamed(node, entry.decompressed_size) {
            self.stream(thread, node, &entry);
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
        if self.checks_ids {
            check::id(id, kind, &bytes).map_err(broken)?;
        }
        let is_repeated = self.is_repeated(node);
        let number = (!is_repeated).then(|| self.pack.number(self.forest.node(node).number));
        let object = Object { id: id.as_bytes(), number, kind: kind_of(kind), bytes: &bytes, segments, is_repeated };
        let kept = self.sieve.object(&mut thread.local, object, kept.unwrap_or(&S::Kept::default()));
        Ok(Some(Made { kind, bytes, kept }))
    }

    /// Whether a blob is not to be held: it need not be, or cannot.
    fn is_to_be_streamed(&self, node: u32, size: u64) -> bool {
        size > LARGEST || size > LONG && self.forest.children(node).is_empty()
    }

    /// Pushes a blob without holding it. What is made of it is lost.
    fn stream(&self, thread: &mut Thread<S>, node: u32, entry: &data::Entry) {
        let id = self.id(node);
        let stored =
            || self.pack.data.entry_slice(entry.data_offset..self.pack.data.pack_end() as u64).unwrap_or_default();
        let content = || Inflated::new(stored(), entry.decompressed_size);
        let mut read = Ok(());
        if !self.is_repeated(node) {
            read = self.sieve.stream(&mut thread.local, name_of(id), &mut content());
        }
        if self.checks_ids && read.is_ok() {
            read = stream::check_id(id, entry.decompressed_size, &mut content());
        }
        if let Err(error) = read {
            self.tell(thread, node, &ObjectError::Broken { id: id.into(), reason: error.to_string() });
        }
        self.lose_children(thread, node, &too_long(entry.decompressed_size));
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
        self.tell(thread, node, error);
        self.lose_children(thread, node, "it cannot be read");
    }

    /// Tells that what is made of a node could not be made, since `reason` is true of that one.
    fn lose_children(&self, thread: &mut Thread<S>, node: u32, reason: &str) {
        let mut lost = self.forest.children(node).to_vec();
        while let Some(child) = lost.pop() {
            let reason = format!("it is made of object {}, and {reason}", self.id(node));
            self.tell(thread, child, &ObjectError::Broken { id: self.id(child).into(), reason });
            lost.extend_from_slice(self.forest.children(child));
        }
    }

    /// Tells that something is wrong with a node.
    fn tell(&self, thread: &mut Thread<S>, node: u32, error: &ObjectError) {
        self.sieve.unread(&mut thread.local, Some(name_of(self.id(node))), UnreadReason::Io(error.to_string()));
    }

    /// Whether a node's object was in an earlier pack too.
    fn is_repeated(&self, node: u32) -> bool {
        self.packs.is_repeated(self.pack, self.forest.node(node).number)
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
        if self.spare.len() < SPARE && bytes.capacity() <= LARGEST_SPARE {
            self.spare.push(bytes);
        }
    }
}

fn check_size(size: u64) -> Result<(), String> {
    if size <= LARGEST { Ok(()) } else { Err(too_long(size)) }
}
