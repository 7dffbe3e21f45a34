//! Where documents come from. A source pushes: the walker of a tree and the sweep of a pack both call us on their own
//! threads, and a shareable [`Sink`] that hands out one [`Worker`] a thread fits both, with buffers reused and no
//! document allocated. (Pulling would need a channel or a parallel iterator around each source.)
//!
//! Layer 2. A source knows files and names, not rules, findings or git; what it needs of git comes in through [`Names`].

mod checkout;
mod file;
mod files_from;
mod filter;
pub mod known;
mod message;
mod place;
mod platform;
#[cfg(test)]
pub(crate) mod recorder;
mod roots;
mod sieve;
mod spool;
mod stdin;
#[cfg(test)]
mod tests;
mod walk;
mod worktree;

pub use files_from::{PathEnd, paths_of_list};
pub use message::{Cleanup, Comment, Conventions, Message};
pub use place::Place;
pub use sieve::{Object, Sieve};
pub use stdin::Stdin;
pub use worktree::{Options, Worktree};

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::model::{Excluded, Introduction, KindSet, Mask, Name, Origin, UnreadReason};

/// Bytes to scan and where they came from.
#[derive(Debug)]
pub struct Document<'a> {
    /// Where they came from.
    pub origin: Origin,
    /// The kinds of file it may be.
    pub kinds: KindSet,
    /// The bytes.
    pub content: Content<'a>,
}

/// The bytes of a document.
pub enum Content<'a> {
    /// All of them.
    Bytes(&'a [u8]),
    /// Too many to hold: to be read in chunks.
    Stream(&'a mut dyn Read),
}

impl std::fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes([{}])", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

/// Takes what a source pushes; shared by all its threads.
pub trait Sink: Sync {
    /// A handle for one thread.
    fn worker(&self) -> Box<dyn Worker + '_>;
}

/// Takes what one thread of a source pushes.
pub trait Worker: Send {
    /// Scans a document. An error of a stream is noted by the worker, not returned.
    fn document(&mut self, document: Document<'_>);

    /// Whether it knows what this object holds, and took it for a document of these kinds without its content.
    fn knows(&mut self, _object: &Origin, _kinds: KindSet) -> bool {
        false
    }

    /// Counts what is left out by design.
    fn excluded(&mut self, what: Excluded);

    /// Notes what was asked for and could not be read.
    fn unread(&mut self, origin: Origin, reason: UnreadReason);

    /// Whether the run was interrupted: push no more.
    fn stopped(&self) -> bool;
}

/// Something that can be scanned.
pub trait Source: Reopen + Sync {
    /// Pushes every document; returns when all are done. What cannot be read is told to the worker; an error here means
    /// that nothing could be.
    fn push(&self, sink: &dyn Sink) -> Result<(), SourceError>;

    /// Where a document stands in the order in which reports list the places of a finding: the lesser, the earlier. Of equal
    /// ones their origins decide.
    fn rank(&self, _origin: &Origin) -> u32 {
        0
    }

    /// Every path that the document with this origin has.
    fn paths(&self, origin: &Origin) -> Vec<Name> {
        origin.path().into_iter().cloned().collect()
    }

    /// Which commit first brought in something that stands in the documents with these origins, if the source knows.
    /// Asked after [`push`](Self::push).
    fn introduction(&self, _origins: &[&Origin], _mask: &dyn Mask) -> Option<Introduction> {
        None
    }
}

/// Gives the bytes of a document again, for the few that are reported.
pub trait Reopen {
    /// The document from its first byte.
    fn reopen(&self, origin: &Origin) -> io::Result<Box<dyn Read + '_>>;
}

/// What a version control system knows of a directory; implemented in `git`.
pub trait Names: Sync {
    /// The top of the work tree, by its absolute path without links.
    fn work_tree(&self) -> &Path;

    /// The file of patterns that the repository ignores, beside those in the work tree.
    fn exclude_file(&self) -> Option<PathBuf> {
        None
    }

    /// Every tracked file, by its path below the top, sorted by path, each once.
    fn tracked(&self) -> Result<Vec<Tracked>, SourceError>;
}

/// Finds version control systems on the way; implemented in `git`.
pub trait Discover: Sync {
    /// What the one whose work tree has its top at `top` knows; none if there is no such thing.
    fn at(&self, top: &Path) -> Result<Option<Box<dyn Names>>, SourceError>;
}

/// A tracked name.
#[derive(Clone, Debug)]
pub struct Tracked {
    /// Path below the top of the work tree.
    pub path: Name,
    /// Whether it is a submodule, whose content is a repository of its own.
    pub submodule: bool,
}

/// Why nothing of a source could be scanned.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A path that was asked for is not there or cannot be opened.
    #[error("{}: {source}", path.display())]
    Path {
        /// The path as given.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
    /// A version control system's data could not be read.
    #[error("{doing}: {reason}")]
    Vcs {
        /// What was being done, to what.
        doing: String,
        /// Why it failed.
        reason: String,
    },
}
