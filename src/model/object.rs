//! What a version control system keeps, as plain data.

use std::fmt;

/// The id of an object: a hash of its content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    bytes: [u8; Self::LONGEST],
    len: u8,
}

impl ObjectName {
    /// The length of a SHA-256, in bytes.
    const LONGEST: usize = 32;

    /// The id with these bytes; what is beyond a SHA-256's is cut off.
    pub fn new(id: &[u8]) -> Self {
        let len = id.len().min(Self::LONGEST);
        let mut bytes = [0; Self::LONGEST];
        bytes[..len].copy_from_slice(&id[..len]);
        Self { bytes, len: len as u8 }
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

/// In hexadecimal.
impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// The content of a file.
    Blob,
    /// A directory.
    Tree,
    /// A commit with its message.
    Commit,
    /// An annotated tag with its message.
    Tag,
}

/// A range of one text that stands in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where it starts in the one, in bytes.
    pub source: usize,
    /// Where it starts in the other, in bytes.
    pub target: usize,
    /// How long it is, in bytes.
    pub len: usize,
}
