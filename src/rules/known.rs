//! The rule for secrets that the user holds. It has no text form: what it finds is no format but values, which the engine
//! is given at run time (`engine/known`). build.rs puts it among the others, so that it can be listed, shown, selected
//! and left out as they can.

use std::borrow::Cow;

use super::rule::{Edge, Edges, Matcher, Rule};
use crate::model::{Confidence, KindSet, Severity};

const REMEDIATION: &str = "\
1. Take it out of the file or message before it is committed; load it from where you keep it (`known-from`) instead.
2. If it has left your machine already, revoke it where it was issued, and make a new one.
3. If it is no secret, take it out of the file that it is known from, or search with `--no-known`.";

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: Cow::Borrowed("known-secret"),
    description: Cow::Borrowed("secret that you hold"),
    severity: Severity::High,
    confidence: Confidence::High,
    tags: Cow::Borrowed(&[Cow::Borrowed("known")]),
    anchors: Cow::Borrowed(&[]),
    ignore_case: false,
    matcher: Matcher::Known,
    edges: Edges { left: Edge::None, right: Edge::None },
    near: None,
    pair: None,
    kinds: KindSet::ALL,
    context: None,
    unescape: Cow::Borrowed(&[]),
    validators: Cow::Borrowed(&[]),
    wrapped: true,
    generic: false,
    allow_values: Cow::Borrowed(&[]),
    remediation: Cow::Borrowed(REMEDIATION),
    references: Cow::Borrowed(&[Cow::Borrowed(
        "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html",
    )]),
    examples: Cow::Borrowed(&[]),
    counterexamples: Cow::Borrowed(&[]),
};
