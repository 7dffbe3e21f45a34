//! What becomes of known values among the matches of the rules. A match of a specific rule that is certain says more than
//! that the value is known (the account, the parts of the credential), so it stays and is told where the value is kept.
//! Before any other match the known value comes first.

use std::collections::BTreeMap;

use crate::engine::candidate::Candidate;
use crate::engine::{Directive, Match};
use crate::model::{Confidence, Span};
use crate::rules::RuleSet;

/// Adds the known values of a document to its other matches, which do not overlap. The longest are settled first. `lost` is
/// told of a match that gives way, and of the rule that it gives way to.
pub(in crate::engine) fn settle(
    rules: &RuleSet,
    matches: Vec<Match>,
    mut known: Vec<Candidate>,
    lost: &mut dyn FnMut(&Match, usize),
) -> Vec<Match> {
    if known.is_empty() {
        return matches;
    }
    known.sort_by_key(|candidate| (std::cmp::Reverse(candidate.place.len()), candidate.place.start));
    let mut settled = Settled { by_start: BTreeMap::new(), parts: BTreeMap::new() };
    matches.into_iter().for_each(|found| settled.insert(found));
    for candidate in known {
        match settled.certain(rules, &candidate) {
            Some(found) => {
                found.facts.extend(candidate.facts);
                found.facts.sort();
                found.facts.dedup();
            }
            None => settled.take_place(candidate, lost),
        }
    }
    settled.by_start.into_values().collect()
}

struct Settled {
    /// By the start of their places, which do not overlap.
    by_start: BTreeMap<usize, Match>,
    /// Other parts of a credential by where they start, with the match that they belong to.
    parts: BTreeMap<usize, (Span, usize)>,
}

impl Settled {
    fn insert(&mut self, found: Match) {
        let owner = found.place.start;
        self.parts.extend(found.related.iter().map(|part| (part.span.start, (part.span, owner))));
        self.by_start.insert(owner, found);
    }

    /// The certain match of a specific rule that the value is the secret of, or a part of. What a directive allows does
    /// not stand for what it does not allow.
    fn certain(&mut self, rules: &RuleSet, candidate: &Candidate) -> Option<&mut Match> {
        let part = self.parts.range(..candidate.span.end).next_back().map(|(_, part)| *part);
        let owner = part.filter(|(span, _)| span.overlaps(candidate.span)).map(|(_, owner)| owner);
        let at = self.overlapping(candidate.place).or(owner)?;
        let found = self.by_start.get_mut(&at)?;
        let is_certain = found.confidence == Confidence::High && !rules.rules()[found.rule].generic;
        let is_open = |directive: &Option<Directive>| directive.is_none();
        (is_certain && (is_open(&found.suppressed) || !is_open(&candidate.directive))).then_some(found)
    }

    /// The start of the last match that shares a byte with `place`.
    fn overlapping(&self, place: Span) -> Option<usize> {
        let (&start, found) = self.by_start.range(..place.end).next_back()?;
        found.place.overlaps(place).then_some(start)
    }

    fn take_place(&mut self, candidate: Candidate, lost: &mut dyn FnMut(&Match, usize)) {
        while let Some(start) = self.overlapping(candidate.place) {
            self.by_start.remove(&start).iter().for_each(|found| lost(found, candidate.rule));
        }
        self.insert(Match::from(candidate));
    }
}

impl From<Candidate> for Match {
    fn from(candidate: Candidate) -> Self {
        Self {
            rule: candidate.rule,
            span: candidate.span,
            place: candidate.place,
            secret: candidate.secret,
            field: candidate.field,
            severity: candidate.severity,
            confidence: candidate.confidence,
            why: candidate.why,
            facts: candidate.facts,
            encodings: candidate.encodings,
            related: Vec::new(),
            suppressed: candidate.directive,
        }
    }
}
