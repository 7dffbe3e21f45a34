//! What keysieve reports by itself, of the way something was scanned and not of what was found in it. Reports describe it
//! as they describe rules, so it is one, which no document matches.

use std::borrow::Cow;

use super::rule::{Edge, Edges, FileMatch, Matcher, Rule};
use crate::model::{Confidence, KindSet, Severity};

/// A change brings its own permission for a secret: a comment that was not there before.
pub static SUPPRESSION_ADDED: Rule = Rule {
    id: Cow::Borrowed("keysieve-suppression-added"),
    description: Cow::Borrowed("Comment that allows a secret, added by the change itself"),
    severity: Severity::Low,
    confidence: Confidence::High,
    tags: Cow::Borrowed(&[]),
    anchors: Cow::Borrowed(&[]),
    ignore_case: false,
    matcher: Matcher::File(FileMatch {
        names: Cow::Borrowed(&[]),
        except: Cow::Borrowed(&[]),
        magic: Cow::Borrowed(&[]),
    }),
    edges: Edges { left: Edge::None, right: Edge::None },
    near: None,
    pair: None,
    context: None,
    kinds: KindSet::NONE,
    unescape: Cow::Borrowed(&[]),
    validators: Cow::Borrowed(&[]),
    wrapped: false,
    generic: false,
    allow_values: Cow::Borrowed(&[]),
    remediation: Cow::Borrowed(
        "1. Look at what the comment allows, and decide whether that is a live secret.\n\
         2. If it is, take it out and revoke it.\n\
         3. If it is not, let someone who may do so add the comment to the base first.",
    ),
    references: Cow::Borrowed(&[]),
    examples: Cow::Borrowed(&[]),
    counterexamples: Cow::Borrowed(&[]),
};
