//! From hits to candidates. This file holds the definition of a match, and a way to compute it that is linear even on
//! text made to be slow; `reference.rs` computes the same the obvious way.
//!
//! **Definition.** For a rule with a regex and a start `s`, `match(s)` is the regex's leftmost-first match anchored at
//! `s`, if its `secret` stands between fitting edges. The candidate of an anchor occurrence `h` is the `match(s)` with
//! the smallest `s` that covers `h`. No match is longer than the rule's `longest`, and none spans a line end unless the
//! rule says so; hence a candidate depends only on the bytes within `longest` of its hit, and on the edges. Where `longest`
//! is a limit on a regex that has none, what reaches it is no match: it may go on, and be anything.

use std::ops::Range;

use regex_automata::{Anchored, Input};

use super::candidate::Candidate;
use super::edge;
use super::expiry;
use super::places;
use super::prospect::spans_no_line_end;
use super::scanner::Compiled;
use super::scratch::CacheSlot;
use super::structures::{self, Found, Seen};
use super::validators::Check;
use super::verdicts::Verdicts;
use super::walk::Walker;
use crate::model::{Confidence, Fact, Secret, Span};
use crate::rules::{Edge, Matcher, Rule, SecretStart, Shape, Unescape, Validator};

/// A regex match and the secret in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Matched {
    pub whole: Span,
    pub secret: Span,
}

impl Matched {
    /// The same, `by` bytes further on.
    pub(super) fn shifted(self, by: usize) -> Self {
        Self { whole: self.whole.shifted(by), secret: self.secret.shifted(by) }
    }
}

/// `match(start)` of the definition, looking no further than `end`. Starts must come in order, and ends too, unless the
/// walker has begun a text since.
pub(crate) fn match_at(
    rule: Compiled<'_>,
    cache: &mut CacheSlot,
    bytes: &[u8],
    start: usize,
    end: usize,
) -> Option<Matched> {
    if !may_start(rule, bytes, start) {
        return None;
    }
    let (ends, walker) = rule.walker(cache);
    let matched = match (&rule.bounds.greedy, rule.bounds.endless) {
        (Some(greedy), _) => walker.end_of_greedy_match(ends, bytes, start..end, greedy),
        (None, true) => walker.end_of_long_match(ends, bytes, start..end),
        (None, false) => walker.end_of_match(ends, bytes, start..end),
    };
    let whole = Span::new(start, matched?);
    if is_cut(rule, whole) || rule.bounds.secret_last && !edge::fits_right(rule.rule.edges.right, &bytes[whole.end..]) {
        return None;
    }
    let secret = match rule.bounds.secret_start {
        SecretStart::Whole => whole,
        SecretStart::BeforeEnd(len) => Span::new(whole.end - len, whole.end),
        SecretStart::Within(_) | SecretStart::Asked => match rule.only_secret(cache, bytes, whole) {
            Some(only) => only,
            None => secret_of_groups(rule, cache, bytes, whole)?,
        },
    };
    edge::fit(rule.rule.edges, bytes, secret).then_some(Matched { whole, secret })
}

/// The secret of the match `whole`, as the groups of the regex tell it.
fn secret_of_groups(rule: Compiled<'_>, cache: &mut CacheSlot, bytes: &[u8], whole: Span) -> Option<Span> {
    let SecretStart::Within(head) = rule.bounds.secret_start else {
        return secret_within(rule, cache, bytes, whole.range());
    };
    let told = secret_within(rule, cache, bytes, whole.start..whole.end.min(whole.start + head))?;
    Some(Span::new(told.start, whole.end))
}

/// The secret of the match that begins with `range`, as the regex tells it of these bytes. Of a text that it was asked of last, it is
/// not asked again.
fn secret_within(rule: Compiled<'_>, cache: &mut CacheSlot, bytes: &[u8], range: Range<usize>) -> Option<Span> {
    let text = &bytes[range.clone()];
    if let Some((_, secret)) = cache.as_ref().and_then(|cache| cache.told.as_ref()).filter(|(known, _)| known == text) {
        return Some(secret.shifted(range.start));
    }
    let (regex, regex_cache) = rule.regex(cache);
    let secret = regex_cache.captures(regex, &Input::new(text).anchored(Anchored::Yes))?.secret;
    cache.get_or_insert_default().told = Some((text.to_vec(), secret));
    Some(secret.shifted(range.start))
}

/// The same, found by the regex itself, for any start.
pub(crate) fn match_at_any(
    rule: Compiled<'_>,
    cache: &mut CacheSlot,
    bytes: &[u8],
    start: usize,
    end: usize,
) -> Option<Matched> {
    if !may_start(rule, bytes, start) {
        return None;
    }
    let (regex, cache) = rule.regex(cache);
    let matched = cache.captures(regex, &Input::new(bytes).range(start..end).anchored(Anchored::Yes))?;
    (!is_cut(rule, matched.whole) && edge::fit(rule.rule.edges, bytes, matched.secret)).then_some(matched)
}

/// Whether what stands before `start` lets a match begin there.
pub(super) fn may_start(rule: Compiled<'_>, bytes: &[u8], start: usize) -> bool {
    !rule.bounds.secret_first || edge::fits_left(rule.rule.edges.left, &bytes[..start])
}

/// Whether a match ends only because no more is looked at.
fn is_cut(rule: Compiled<'_>, whole: Span) -> bool {
    rule.bounds.endless && whole.len() >= rule.bounds.longest
}

/// The matches of all `hits` (sorted by start) of a rule with a regex, each with the index of its hit. All occurrences of an
/// anchor from `since` on are among them or start at one of `others`.
pub(crate) fn regex(
    rule: Compiled<'_>,
    cache: &mut CacheSlot,
    bytes: &[u8],
    (hits, others, since): (&[Span], &[usize], usize),
    mut found: impl FnMut(usize, Matched),
) {
    begin(cache);
    if rule.bounds.lead <= places::FARTHEST {
        return places::regex(rule, cache, bytes, (hits, others, since), found);
    }
    let mut starts = Starts::default();
    for (index, &hit) in hits.iter().enumerate() {
        starts.forget_before(hit);
        if hit.start >= starts.end {
            starts = Starts::group(rule, bytes, &hits[index..]);
        }
        let matched = starts.search_covering(rule, cache, bytes, hit);
        matched.into_iter().for_each(|matched| found(index, matched));
    }
}

/// A text begins.
fn begin(cache: &mut CacheSlot) {
    cache.iter_mut().filter_map(|cache| cache.walker.as_mut()).for_each(Walker::begin);
}

/// The matches of a rule in a stretch of text, found one start after the other and no further than needed. Of a rule whose matches
/// begin close before an anchor, places.rs finds them.
#[derive(Debug, Default)]
struct Starts {
    /// Valid matches, by start; those that end before the current hit are forgotten.
    matches: Vec<Matched>,
    /// Starts before this one have been tried.
    next: usize,
    /// Where the stretch ends.
    end: usize,
    /// Whether the first match was looked for.
    is_searched: bool,
}

impl Starts {
    /// The stretch of text around a hit and all that follow it so closely that their windows overlap; of a rule whose
    /// matches span no line end, not beyond the line.
    fn group(rule: Compiled<'_>, bytes: &[u8], hits: &[Span]) -> Self {
        let in_line = spans_no_line_end(rule);
        let mut next = hits[0].end.saturating_sub(rule.bounds.longest);
        if in_line && let Some(line_end) = memchr::memrchr2(b'\n', b'\r', &bytes[next..hits[0].start.max(next)]) {
            next += line_end + 1;
        }
        let mut end = hits[0].end;
        for hit in hits {
            if hit.end.saturating_sub(rule.bounds.longest) >= end {
                break;
            }
            let reach = bytes.len().min(hit.start + rule.bounds.longest).max(end);
            if in_line && let Some(line_end) = memchr::memchr2(b'\n', b'\r', &bytes[end..reach]) {
                end += line_end;
                break;
            }
            end = reach;
        }
        let is_hopeless = rule.bounds.run.is_some_and(|run| run.find_in(&bytes[next..end]).is_none());
        Self { next: if is_hopeless { end } else { next }, end, ..Self::default() }
    }

    fn forget_before(&mut self, hit: Span) {
        self.matches.retain(|matched| matched.whole.end > hit.start);
    }

    fn covering(&self, hit: Span) -> Option<Matched> {
        self.matches.iter().find(|matched| matched.whole.contains(hit)).copied()
    }

    /// The next place up to `hit` at which a match may begin.
    fn next_place(&self, rule: Compiled<'_>, cache: &mut CacheSlot, bytes: &[u8], hit: Span) -> Option<usize> {
        let (ends, _) = rule.walker(cache);
        let mut next = self.next;
        while next < self.end.min(hit.start + 1) {
            next += ends.next_beginning(&bytes[next..self.end.min(hit.start + 2)])?;
            if may_start(rule, bytes, next) {
                return Some(next);
            }
            next += 1;
        }
        None
    }

    /// The candidate of `hit`: goes on searching until a match covers it or none can any more.
    fn search_covering(
        &mut self,
        rule: Compiled<'_>,
        cache: &mut CacheSlot,
        bytes: &[u8],
        hit: Span,
    ) -> Option<Matched> {
        loop {
            if let Some(matched) = self.covering(hit) {
                return Some(matched);
            }
            if self.next > hit.start || self.next >= self.end {
                return None;
            }
            let by_place = self.is_searched && goes_place_by_place(rule);
            let start = if by_place {
                self.next_place(rule, cache, bytes, hit)
            } else {
                self.is_searched = true;
                let (regex, cache) = rule.regex(cache);
                cache.start(regex, &Input::new(bytes).range(self.next..self.end))
            };
            let Some(start) = start else {
                self.next = if by_place { hit.start + 1 } else { self.end };
                return None;
            };
            self.next = start + 1;
            let matched = match_at(rule, cache, bytes, start, self.end.min(start + rule.bounds.longest));
            self.matches.extend(matched.filter(|matched| matched.whole.end > hit.start));
        }
    }
}

/// Whether a rule is asked about one place after the other behind the first match, and not for the next one: where few
/// places are left by the byte before them, or where a match may be so long that to look for one costs too much.
fn goes_place_by_place(rule: Compiled<'_>) -> bool {
    rule.bounds.endless || rule.bounds.secret_first && rule.rule.edges.left != Edge::None
}

/// Every match of a rule without anchors that lies within one of `windows`, which are sorted by start.
pub(crate) fn near(
    rule: Compiled<'_>,
    cache: &mut CacheSlot,
    bytes: &[u8],
    windows: &[Span],
    mut found: impl FnMut(Matched),
) {
    begin(cache);
    let mut next = 0;
    let mut reached = 0;
    for (index, window) in windows.iter().enumerate() {
        reached = reached.max(window.end);
        let until = windows.get(index + 1).map_or(reached, |later| later.start.min(reached));
        for start in window.start.max(next)..until {
            let matched = match_at(rule, cache, bytes, start, bytes.len().min(start + rule.bounds.longest));
            matched.into_iter().filter(|matched| matched.whole.end <= reached).for_each(&mut found);
        }
        next = next.max(until);
    }
}

/// Why a match is no candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refusal {
    /// The value is known to be no secret.
    Allowed,
    /// A validator says that it is none.
    Validator(Validator),
    /// No word that the rule asks for stands near it.
    Context,
}

/// What the validators leave of a match.
pub(crate) fn candidate(
    rule: Compiled<'_>,
    verdicts: &mut Verdicts,
    bytes: &[u8],
    (secret, found): (Span, Option<&Found>),
) -> Result<Candidate, Refusal> {
    let value = decoded(rule.rule, &bytes[secret.range()]);
    if rule.rule.allow_values.iter().any(|allowed| allowed.as_bytes() == value) {
        return Err(Refusal::Allowed);
    }
    let mut facts = Vec::new();
    let mut proof = None;
    for &validator in rule.rule.validators.iter() {
        match verdicts.check(validator, &value, &mut facts) {
            Check::Reject => return Err(Refusal::Validator(validator)),
            Check::Pass => {}
            Check::Proven(how) => proof = Some(how),
        }
    }
    if rule.rule.validators.contains(&Validator::ExpiryBeside) {
        facts.extend(expiry::beside(bytes, secret).map(Fact::expires));
    }
    let confidence = found.and_then(|found| found.confidence).unwrap_or(rule.rule.confidence);
    let structural = found.and_then(|found| found.why);
    Ok(Candidate {
        rule: rule.reported_as,
        span: secret,
        place: secret,
        secret: Secret::new(value),
        field: found.and_then(|found| found.field).map(|field| bytes[field.range()].into()),
        kinds: found.map_or(rule.rule.kinds, |found| found.kinds.intersection(rule.rule.kinds)),
        severity: found.and_then(|found| found.severity).unwrap_or(rule.rule.severity),
        confidence: if proof.is_some() { Confidence::High } else { confidence },
        why: proof.or(structural).unwrap_or(rule.usual_reason()),
        facts,
        encodings: Vec::new(),
        proven: proof.is_some() || confidence == Confidence::High,
        needs_pair: rule.rule.near.is_some() && rule.rule.pair.is_some(),
        directive: None,
    })
}

/// The secret as its owner knows it.
pub(super) fn decoded(rule: &Rule, text: &[u8]) -> Vec<u8> {
    if let Matcher::Structure(shape) = rule.matcher {
        return structures::canonical(shape, text);
    }
    rule.unescape.iter().fold(text.to_vec(), |text, unescape| match unescape {
        Unescape::Percent => percent_decoded(&text),
        Unescape::Slash => without_escaped_slashes(&text),
        Unescape::Unicode => unicode_unescaped(&text),
    })
}

/// `%2F` is `/`; a percent sign without two digits behind it is itself.
pub(super) fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = if first == b'%' { hex_byte(tail) } else { None };
        out.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    out
}

/// The byte that the first two hexadecimal digits write.
fn hex_byte(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| text.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    Some((digit(0)? << 4 | digit(1)?) as u8)
}

fn unicode_unescaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = rest.strip_prefix(b"\\u00").and_then(hex_byte).filter(u8::is_ascii);
        out.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &rest[6..] } else { tail };
    }
    out
}

fn without_escaped_slashes(text: &[u8]) -> Vec<u8> {
    let escapes = |at: usize| text[at] == b'\\' && text.get(at + 1) == Some(&b'/');
    (0..text.len()).filter(|&at| !escapes(at)).map(|at| text[at]).collect()
}

/// The matches of a structure around `hits` (sorted by start), each with the index of its hit. All anchors in one name
/// lead to the same matches.
pub(crate) fn structure(shape: Shape, bytes: &[u8], hits: &[Span], mut found: impl FnMut(usize, &Found)) {
    let mut last: Vec<Found> = Vec::new();
    let mut seen = Seen::default();
    for (index, &hit) in hits.iter().enumerate() {
        if !last.iter().any(|found| found.field.is_some_and(|field| field.contains(hit))) {
            if seen.rules_out(shape, bytes, hit) {
                continue;
            }
            let these = structures::find_all(shape, bytes, hit);
            if these.is_empty() {
                seen.refuse(shape, bytes, hit, hits.get(index + 1).copied());
                continue;
            }
            last = these;
        }
        last.iter().for_each(|matched| found(index, matched));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        assert_eq!(percent_decoded(b"a%2Fb%2bc%zz%2"), b"a/b+c%zz%2");
        assert_eq!(unicode_unescaped(br"a\u002Bb\u002fc\u00e9\u00+1\u0"), br"a+b/c\u00e9\u00+1\u0");
        assert_eq!(without_escaped_slashes(br"a\/b\\/c\"), br"a/b\/c\");
    }
}
