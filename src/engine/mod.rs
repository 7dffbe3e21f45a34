//! Bytes in, matches out. Three pure steps, which a history sweep can call on pieces of a blob: hits (every occurrence
//! of every anchor, in one pass), confirm (one hit, reading only its window), resolve (the document's candidates).
//!
//! Layer 2. The engine sees bytes and a kind of file: no path, no file system, no git, no printing.

mod entropy;
mod structures;
mod validators;

use std::io::{self, Read};

use crate::model::{Confidence, Encoding, Fact, KindSet, Mask, Secret, Severity, Span};
use crate::rules::RuleSet;

/// A credential in one document, with everything decided that does not depend on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Index of the rule in the scanner's rule set.
    pub rule: usize,
    /// The secret's bytes in the document; of an encoded secret, the encoded text.
    pub span: Span,
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
    /// The inline directive that suppresses it, with its reason's bytes.
    pub suppressed: Option<Directive>,
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

/// An inline `keysieve:allow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The reason given beside it, as it stands in the document.
    pub reason: Option<Box<[u8]>>,
}

/// What a document holds.
#[derive(Clone, Debug, Default)]
pub struct Scanned {
    /// Its matches, by offset.
    pub matches: Vec<Match>,
    /// Its length in bytes.
    pub bytes: u64,
    /// Set if matches beyond the limit were dropped: the document is not clean, and not wholly known.
    pub overflow: bool,
}

/// How to scan.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Layers of encoding to undo.
    pub decode: u8,
}

impl Default for Options {
    fn default() -> Self {
        Self { decode: 2 }
    }
}

/// The rules compiled for scanning; shared by all threads.
#[derive(Debug)]
pub struct Scanner {
    rules: RuleSet,
}

/// Buffers and regex caches of one thread.
#[derive(Debug, Default)]
pub struct Scratch {}

impl Scanner {
    /// Compiles `rules`. Cheap: regexes are built when first needed.
    pub fn new(rules: RuleSet, options: Options) -> Self {
        let _ = options;
        Self { rules }
    }

    /// The rules that matches index.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Buffers for one thread.
    pub fn scratch(&self) -> Scratch {
        Scratch {}
    }

    /// Scans a whole document.
    pub fn scan(&self, scratch: &mut Scratch, bytes: &[u8], kinds: KindSet) -> Scanned {
        let _ = (scratch, bytes, kinds);
        Scanned::default()
    }

    /// Scans a document of any length in bounded memory; equal to [`scan`](Self::scan) over all its bytes.
    pub fn scan_stream(&self, scratch: &mut Scratch, input: &mut dyn Read, kinds: KindSet) -> io::Result<Scanned> {
        let _ = (scratch, input, kinds);
        Ok(Scanned::default())
    }
}

impl Mask for Scanner {
    fn hidden(&self, bytes: &[u8]) -> Vec<Span> {
        let _ = bytes;
        Vec::new()
    }
}
