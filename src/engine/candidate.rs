//! A candidate: what `confirm` made of a hit, and what `resolve` works on. It owns the little that it keeps, since
//! candidates are few.

use std::cmp::Reverse;

use super::Directive;
use super::decode::{self, View};
use crate::model::{Confidence, Encoding, Fact, KindSet, Secret, Severity, Span};

/// A confirmed hit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Candidate {
    /// Index of the rule it is reported as.
    pub rule: usize,
    /// The secret in the document, with everything that carries a part of it.
    pub span: Span,
    /// The same, such that the spans of two secrets never overlap only because an encoding packs them together.
    pub place: Span,
    pub secret: Secret,
    pub field: Option<Box<[u8]>>,
    pub kinds: KindSet,
    pub severity: Severity,
    pub confidence: Confidence,
    pub why: &'static str,
    pub facts: Vec<Fact>,
    pub encodings: Vec<Encoding>,
    /// Whether a checksum or a structure proves it.
    pub proven: bool,
    /// Whether it counts only joined with its neighbour.
    pub needs_pair: bool,
    pub directive: Option<Directive>,
}

impl Candidate {
    /// Changes places in a decoded text to places in the text that holds it.
    pub(crate) fn move_out_of(&mut self, view: &View) {
        self.span = view.outer(self.span);
        self.place = view.outer_disjoint(self.place);
        self.encodings.insert(0, view.encoding);
    }

    /// The same, of a text in which what stood at `from` stands at `to`.
    pub(crate) fn moved(&self, from: usize, to: usize) -> Self {
        let moved = |span: Span| Span::new(span.start - from + to, span.end - from + to);
        Self { span: moved(self.span), place: moved(self.place), ..self.clone() }
    }

    /// Given the final place: a secret in UTF-16 gets its byte order and the whole of its first and last character.
    pub(crate) fn settle_utf16(&mut self, document_len: usize) {
        if let Some(encoding @ (Encoding::Utf16Le | Encoding::Utf16Be)) = self.encodings.first_mut() {
            *encoding = decode::utf16_order(self.span.start);
            self.span = Span::new(self.span.start & !1, self.span.end.next_multiple_of(2).min(document_len));
        }
    }

    /// Sorts by place; what is sure comes before what is not.
    pub(crate) fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |c: &Self| (c.place, c.rule, c.needs_pair, c.encodings.len(), Reverse((c.confidence, c.severity)));
        key(self)
            .cmp(&key(other))
            .then_with(|| self.secret.cmp(&other.secret))
            .then_with(|| self.field.cmp(&other.field))
    }

    /// Whether both are the same secret at the same place by the same rule.
    pub(crate) fn same_as(&self, other: &Self) -> bool {
        self.place == other.place && self.rule == other.rule && self.secret == other.secret
    }
}
