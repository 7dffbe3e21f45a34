//! Hand-written linear matchers for what a regex does badly. Each is a pure function of the bytes around one anchor
//! occurrence and reads no further than its reach to either side, so that a document can be scanned in pieces.

mod assignment;
mod form;
mod name;
mod pem;
mod placeholder;
mod public;
mod random;
mod url;
mod value;
mod words;

use crate::model::{Confidence, KindSet, Severity, Span};
use crate::rules::Shape;

pub(in crate::engine) use random::looks_like_path;

/// What a structure found around an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The secret.
    pub secret: Span,
    /// The name it was given, if it had one.
    pub field: Option<Span>,
    /// Kinds of file in which it holds.
    pub kinds: KindSet,
    /// Instead of the rule's severity.
    pub severity: Option<Severity>,
    /// Instead of the rule's confidence.
    pub confidence: Option<Confidence>,
    /// What made it so sure; None for the rule's usual reason.
    pub why: Option<&'static str>,
}

/// How far to either side of an anchor the matcher may read, in bytes.
pub(crate) const fn reach(shape: Shape) -> usize {
    match shape {
        // An RSA key of 16384 bits is 13 KB of text, and escapes and prefixes of lines may double it.
        Shape::Pem => 32 * 1024,
        // A longer line is not one that a person wrote; to know that it is longer takes a look at all of it.
        Shape::Assignment => assignment::LONGEST_LINE,
        Shape::Url => 1024,
    }
}

/// The match of `shape` around the anchor occurrence `hit`, if there is one.
pub(crate) fn find(shape: Shape, bytes: &[u8], hit: Span) -> Option<Found> {
    // The matchers see their window alone, so that none can depend on what lies outside.
    let from = hit.start.saturating_sub(reach(shape));
    let to = hit.end.saturating_add(reach(shape)).min(bytes.len());
    let window = bytes.get(from..to)?;
    let hit = Span::new(hit.start - from, hit.end.min(to) - from);
    let found = match shape {
        Shape::Pem => pem::find(window, hit),
        Shape::Assignment => assignment::find(window, hit),
        Shape::Url => url::find(window, hit),
    }?;
    Some(Found { secret: found.secret.shifted(from), field: found.field.map(|field| field.shifted(from)), ..found })
}

/// The secret's bytes in a form that does not depend on how the document wrote them down, for the fingerprint.
pub(crate) fn canonical(shape: Shape, secret: &[u8]) -> Vec<u8> {
    match shape {
        Shape::Pem => pem::canonical(secret),
        Shape::Assignment | Shape::Url => None,
    }
    .unwrap_or_else(|| secret.to_vec())
}

/// The byte at `at`; past either end of the window a NUL, which no name, value or URL can hold.
fn byte_at(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}
