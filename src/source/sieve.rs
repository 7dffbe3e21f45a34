//! What a sweep of an object database pushes: objects, most of them made of another one. Whoever sifts them says what is
//! to be kept of each for those that are made of it, and need look at nothing twice.

use crate::model::{ObjectKind, ObjectName, Segment, UnreadReason};

/// An object.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    /// Its id.
    pub id: ObjectName,
    /// What it is.
    pub kind: ObjectKind,
    /// All of it.
    pub bytes: &'a [u8],
    /// What of it was copied from the object that it is made of; none if it is made of none.
    pub segments: &'a [Segment],
    /// Whether it was pushed before: others are made of it, but it is not to be counted again.
    pub is_repeated: bool,
}

/// Takes the objects of a sweep; shared by all its threads.
pub trait Sieve: Sync {
    /// What is kept of an object for those that are made of it.
    type Kept: Default + Send + Sync;
    /// The buffers of one thread.
    type Local: Send;

    /// Buffers for one thread.
    fn local(&self) -> Self::Local;

    /// Whether objects of this kind are to be read at all.
    fn wants(&self, kind: ObjectKind) -> bool;

    /// Looks at an object; `earlier` is what was kept of the one that it is made of.
    fn object(&self, local: &mut Self::Local, object: Object<'_>, earlier: &Self::Kept) -> Self::Kept;

    /// Notes what could not be read: an object, or with None a part of the database that should hold some.
    fn unread(&self, local: &mut Self::Local, object: Option<ObjectName>, reason: UnreadReason);

    /// Whether the run was interrupted: push no more.
    fn stopped(&self) -> bool;
}
