//! The matches of a rule whose matches begin with an anchor, or a few bytes before one: places before anchors are tried, one after
//! the other, and the regex is never searched for. To search for it takes an automaton of many more states, which are made when a
//! text first leads to them.

use std::iter::Peekable;
use std::ops::Range;
use std::vec;

use super::confirm::{Matched, match_at, may_start};
use super::edge;
use super::prospect::{Ahead, spans_no_line_end};
use super::repeats::Repeats;
use super::scanner::Compiled;
use super::scratch::CacheSlot;
use crate::model::Span;

/// What matches begin with before their first anchor is no longer, in bytes. The rules of tests have less.
pub(super) const FARTHEST: usize = if cfg!(test) { 16 } else { 48 };

/// The matches of all `hits`, as [`super::confirm::regex`] tells them.
pub(super) fn regex(
    rule: Compiled<'_>,
    cache: &mut CacheSlot,
    bytes: &[u8],
    (hits, others, since): (&[Span], &[usize], usize),
    mut found: impl FnMut(usize, Matched),
) {
    let mut places = Places::new(unlisted(rule, bytes, hits, since), hits, others);
    for (index, &hit) in hits.iter().enumerate() {
        let matched = places.search_covering(rule, cache, bytes, hit);
        matched.into_iter().for_each(|matched| found(index, matched));
    }
}

/// Where before `since` an anchor stands so close before one of `hits` that a match by it may cover that.
fn unlisted(rule: Compiled<'_>, bytes: &[u8], hits: &[Span], since: usize) -> Vec<usize> {
    let (mut places, mut next) = (Vec::new(), 0);
    for hit in hits {
        let window = hit.end.saturating_sub(rule.bounds.longest).max(next)..hit.start.min(since);
        if window.is_empty() {
            continue;
        }
        next = window.end;
        for anchor in rule.rule.anchors.iter().map(|anchor| anchor.as_bytes()) {
            let stands = |at: &usize| match rule.rule.ignore_case {
                true => bytes[*at..].get(..anchor.len()).is_some_and(|text| text.eq_ignore_ascii_case(anchor)),
                false => bytes[*at..].starts_with(anchor),
            };
            let (lower, upper) = (anchor[0].to_ascii_lowercase(), anchor[0].to_ascii_uppercase());
            let starts = memchr::memchr2_iter(lower, upper, &bytes[window.clone()]).map(|at| window.start + at);
            places.extend(starts.filter(stands));
        }
    }
    places
}

/// The matches of a rule, found one start after the other and no further than needed. A match begins with an anchor or a known
/// number of bytes before one. A hit in the match of an earlier one belongs to that, and leads to starts of its own only once a
/// later hit is not covered.
#[derive(Debug)]
struct Places {
    /// Valid matches, by start; those that end before the current hit are forgotten.
    matches: Vec<Matched>,
    /// Where anchors start of which nothing is known yet.
    anchors: Peekable<vec::IntoIter<usize>>,
    /// Where a match may begin by the anchor before these.
    places: Range<usize>,
    ahead: Ahead,
    /// The place that was tried last, and the match there.
    tried: Option<(usize, Option<Matched>)>,
    repeats: Repeats,
}

impl Places {
    fn new(mut anchors: Vec<usize>, hits: &[Span], others: &[usize]) -> Self {
        anchors.extend(hits.iter().map(|hit| hit.start).chain(others.iter().copied()));
        anchors.sort_unstable();
        anchors.dedup();
        Self {
            matches: Vec::new(),
            anchors: anchors.into_iter().peekable(),
            places: 0..0,
            ahead: Ahead::default(),
            tried: None,
            repeats: Repeats::default(),
        }
    }

    /// The candidate of `hit`: goes on searching until a match covers it or none can any more.
    fn search_covering(
        &mut self,
        rule: Compiled<'_>,
        cache: &mut CacheSlot,
        bytes: &[u8],
        hit: Span,
    ) -> Option<Matched> {
        self.matches.retain(|matched| matched.whole.end > hit.start);
        let mut matched = self.matches.iter().find(|matched| matched.whole.contains(hit)).copied();
        while matched.is_none()
            && let Some(start) = self.next_place(rule, cache, bytes, hit)
        {
            let tried = self.match_at(rule, cache, bytes, start);
            let tried = tried.filter(|matched| matched.whole.end > hit.start);
            self.matches.extend(tried);
            matched = tried.filter(|matched| matched.whole.contains(hit));
        }
        matched
    }

    /// The match at `start`. In a text that repeats itself it is that of the place before, if all that a match depends on is the
    /// same.
    fn match_at(&mut self, rule: Compiled<'_>, cache: &mut CacheSlot, bytes: &[u8], start: usize) -> Option<Matched> {
        let end = start + rule.bounds.longest;
        let around = start.saturating_sub(edge::REACH)..end + edge::REACH;
        let known = self.tried.filter(|&(before, _)| {
            before >= edge::REACH && before < start && self.repeats.holds(bytes, around, start - before)
        });
        let matched = match known {
            Some((before, matched)) => matched.map(|matched| matched.shifted(start - before)),
            None => match_at(rule, cache, bytes, start, bytes.len().min(end)),
        };
        self.tried = Some((start, matched));
        matched
    }

    /// The next place up to `hit` at which a match may begin that covers it.
    fn next_place(&mut self, rule: Compiled<'_>, cache: &mut CacheSlot, bytes: &[u8], hit: Span) -> Option<usize> {
        let behind = (hit.start + 1).saturating_sub(rule.bounds.longest);
        loop {
            if let Some(place) = self.place_before_anchor(rule, cache, bytes, behind) {
                return Some(place);
            }
            let anchor = self.anchors.next_if(|&anchor| anchor <= hit.start)?;
            if anchor < behind {
                continue;
            }
            if rule.bounds.lead == 0 {
                if may_start(rule, bytes, anchor) && self.ahead.may_match(rule, bytes, anchor..=anchor) {
                    return Some(anchor);
                }
                continue;
            }
            let first = first_place(rule, bytes, self.places.end, anchor);
            let may_match = self.ahead.may_match(rule, bytes, first..=anchor);
            self.places = if may_match { first..anchor + 1 } else { anchor + 1..anchor + 1 };
        }
    }

    /// The next place that is left of those before an anchor, and not before `behind`.
    fn place_before_anchor(
        &mut self,
        rule: Compiled<'_>,
        cache: &mut CacheSlot,
        bytes: &[u8],
        behind: usize,
    ) -> Option<usize> {
        while !self.places.is_empty() {
            let from = self.places.start.max(behind).min(self.places.end);
            let text = &bytes[from..bytes.len().min(self.places.end + 1)];
            let (ends, _) = rule.walker(cache);
            let place = ends.next_beginning(text).map(|at| from + at);
            self.places.start = place.map_or(self.places.end, |place| place + 1);
            if let Some(place) = place.filter(|&place| may_start(rule, bytes, place)) {
                return Some(place);
            }
        }
        None
    }
}

/// The first place from `next` on at which a match may begin of which the first anchor is this one.
fn first_place(rule: Compiled<'_>, bytes: &[u8], next: usize, anchor: usize) -> usize {
    let first = anchor.saturating_sub(rule.bounds.lead).max(next);
    if !spans_no_line_end(rule) {
        return first;
    }
    memchr::memrchr2(b'\n', b'\r', &bytes[first..anchor]).map_or(first, |line_end| first + line_end + 1)
}
