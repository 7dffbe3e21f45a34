//! Hand-written linear matchers for what a regex does badly. Each is a pure function of the bytes around one anchor
//! occurrence and reads no further than its reach to either side, so that a document can be scanned in pieces.

use crate::model::{Confidence, KindSet, Severity, Span};
use crate::rules::Shape;

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
        Shape::Pem => 32 * 1024,
        Shape::Assignment => 2 * 1024,
        Shape::Url => 1024,
    }
}

/// The match of `shape` around the anchor occurrence `hit`, if there is one.
pub(crate) fn find(shape: Shape, bytes: &[u8], hit: Span) -> Option<Found> {
    let _ = (shape, bytes, hit);
    None
}

/// The bytes that make two copies of one secret equal, however they were laid out.
pub(crate) fn canonical(shape: Shape, secret: &[u8]) -> Vec<u8> {
    let _ = shape;
    secret.to_vec()
}
