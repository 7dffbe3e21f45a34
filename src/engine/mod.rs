//! Bytes in, matches out. Three pure steps, which a history sweep can call on pieces of a blob:
//! - *hits*: every occurrence of every anchor, in one pass (`prefilter.rs`, `anchors.rs`);
//! - *confirm*: what a rule makes of one hit, reading only the window around it (`confirm.rs`, `structures/`,
//!   `validators/`); text that stands encoded is decoded and goes through the same steps (`decode.rs`);
//! - *resolve*: pairs and overlaps among the candidates of a document (`resolve.rs`).
//!
//! Layer 2. The engine sees bytes and a kind of file: no path, no file system, no git, no printing. Nothing but
//! `resolve` depends on more of a document than [`Scanner::reach`] bytes around a hit; so a document of any length is
//! scanned in pieces, with the same answer.

mod ahead;
mod anchors;
mod builtin;
mod candidate;
mod confirm;
mod context;
mod decode;
mod directive;
mod edge;
mod entropy;
mod expiry;
mod explain;
mod grams;
mod head;
mod images;
mod known;
mod leftmost;
#[cfg(test)]
mod linear;
mod places;
mod prefilter;
mod prospect;
mod reach;
pub mod reference;
mod repeats;
mod resolve;
mod scanner;
mod scratch;
mod structures;
#[cfg(test)]
mod tests;
mod trace;
mod validators;
mod verdicts;
mod walk;

pub use self::confirm::Refusal;
pub use self::directive::{Marker, UnknownMarker};
pub use self::explain::{Explanation, Fate};
pub use self::known::{Known, LeftOut};
pub use self::resolve::Loss;
pub use self::scanner::Scanner;
pub use self::scratch::Scratch;
pub use self::trace::{Held, Trace};
use crate::model::{Confidence, Encoding, Fact, Fingerprint, Secret, Severity, Span};
use crate::rules::Rule;

/// A credential in one document, with everything decided that does not depend on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Index of the rule in the scanner's rule set.
    pub rule: usize,
    /// The secret's bytes in the document; of an encoded secret, the encoded text.
    pub span: Span,
    /// The same, such that the places of two matches never overlap only because an encoding packs them together.
    pub place: Span,
    /// The decoded secret.
    pub secret: Secret,
    /// The name of the field that holds it, if it has one.
    pub field: Option<Box<[u8]>>,
    /// What it unlocks.
    pub severity: Severity,
    /// How sure we are.
    pub confidence: Confidence,
    /// What made it so sure.
    pub why: &'static str,
    /// What the value told of itself.
    pub facts: Vec<Fact>,
    /// Encodings that were undone, outermost first.
    pub encodings: Vec<Encoding>,
    /// Other parts of the same credential.
    pub related: Vec<RelatedMatch>,
    /// The inline directive that suppresses it.
    pub suppressed: Option<Directive>,
}

impl Match {
    /// What it is accepted by; `rule` is its rule.
    pub fn fingerprint(&self, rule: &Rule) -> Fingerprint {
        Fingerprint::new(&rule.id, &self.secret, self.field.as_deref())
    }
}

/// Another part of a composite credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedMatch {
    /// Index of its rule.
    pub rule: usize,
    /// Its bytes in the document.
    pub span: Span,
    /// Its decoded value.
    pub secret: Secret,
}

/// An inline `keysieve:allow`, or what counts as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The reason given beside it, as it stands in the document.
    pub reason: Option<Box<[u8]>>,
}

/// What a document holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scanned {
    /// Its matches, by offset.
    pub matches: Vec<Match>,
    /// Everything in it that a report must not show: the places of all candidates, but for those inside of others; sorted by
    /// start.
    pub hidden: Vec<Span>,
    /// Its length in bytes.
    pub bytes: u64,
    /// Set if there were more candidates than are kept: the document is not clean, and not wholly known.
    pub overflow: bool,
}

/// How to scan.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Layers of encoding to undo; at most [`Options::DEEPEST`].
    pub decode: u8,
}

impl Options {
    /// The deepest nesting of encodings that can be asked for: each layer doubles what must be held of a document.
    pub const DEEPEST: u8 = 5;
}

impl Default for Options {
    fn default() -> Self {
        Self { decode: 2 }
    }
}
