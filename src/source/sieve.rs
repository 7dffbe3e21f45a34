//! What a sweep of an object database pushes: objects, most of them made of another one. Whoever sifts them says what is
//! to be kept of each for those that are made of it, and need look at nothing twice.

use std::io::{self, Read};

use crate::model::{ObjectKind, ObjectName, Segment, UnreadReason};

/// An object.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    /// Its id, in bytes.
    pub id: &'a [u8],
    /// Its own among the numbers of all objects in packs, if it is in one and was not pushed before.
    pub number: Option<u32>,
    /// What it is.
    pub kind: ObjectKind,
    /// All of it.
    pub bytes: &'a [u8],
    /// What of it was copied from the object that it is made of; none if it is made of none.
    pub segments: &'a [Segment],
    /// Whether it was pushed before: others are made of it, but it is not to be counted again.
    pub is_repeated: bool,
}

impl Object<'_> {
    /// Its id. That is looked up in an index of many, so most objects are better not asked for it.
    pub fn name(&self) -> ObjectName {
        ObjectName::new(self.id)
    }
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

    /// Looks at a blob that nothing is made of and that is too long to be held. Unless a sieve does better, it is held.
    ///
    /// # Errors
    /// If not all of it can be read: it counts as unread, whatever was found in its beginning.
    fn stream(&self, local: &mut Self::Local, id: ObjectName, content: &mut dyn Read) -> io::Result<()> {
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes)?;
        let id = id.as_bytes();
        let object =
            Object { id, number: None, kind: ObjectKind::Blob, bytes: &bytes, segments: &[], is_repeated: false };
        self.object(local, object, &Self::Kept::default());
        Ok(())
    }

    /// Notes what could not be read: an object, or with None a part of the database that should hold some.
    fn unread(&self, local: &mut Self::Local, object: Option<ObjectName>, reason: UnreadReason);

    /// Whether the run was interrupted: push no more.
    fn stopped(&self) -> bool;

    /// Told, before an object is pushed, how much there is to go through: bytes as they are stored.
    fn expects(&self, _stored: u64) {}

    /// Told that so many more of these bytes were gone through, be it that objects were pushed or passed over.
    fn went_through(&self, _stored: u64) {}
}
