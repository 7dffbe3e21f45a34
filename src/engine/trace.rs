//! Scanning by delta: of a text that is made of ranges of an earlier one and of a few new bytes, only what is new is
//! searched. A [`Trace`] keeps what the three steps made of a text, so that the next one can inherit it.
//!
//! It is exact, and this is why. A hit that lies whole in a copied range is a hit of the earlier text, shifted; every
//! other one overlaps a new byte or a joint, and is searched for there. What became of a hit (its *verdict*) depends on
//! the bytes within the window of its rule alone; where all of these were copied too, the verdict holds, and elsewhere the
//! hit is confirmed anew. Neighbours, encodings, directives and overlaps depend on more of a text, and are few: they are
//! never inherited.

use std::ops::Range;

use super::anchors::{Lead, Use};
use super::candidate::Candidate;
use super::confirm::Refusal;
use super::decode;
use super::prospect::spans_no_line_end;
use super::scanner::{MOST_CANDIDATES, RuleHits, Verdict};
use super::{Scanned, Scanner, Scratch};
use crate::model::{KindSet, Segment, Span};
use crate::rules::Bounds;

/// What was found in a text, for a later one to inherit.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Every occurrence of every literal, by start.
    hits: Vec<Hit>,
    /// What `confirm` made of the hits.
    candidates: Vec<Candidate>,
    /// Whether it may hold text in UTF-16.
    has_nul: bool,
    /// Whether it may hold other text that stands encoded.
    has_wrapped: bool,
    len: usize,
}

/// What a text holds that may be of any kind. What of it counts is decided by its kinds.
#[derive(Clone, Debug)]
pub struct Held {
    candidates: Vec<Candidate>,
    bytes: usize,
}

impl Held {
    /// How much it is: what each part of it takes in memory differs little.
    pub fn len(&self) -> usize {
        self.candidates.len()
    }

    /// Whether the text holds nothing.
    pub fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }
}

/// An occurrence of a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hit {
    start: u32,
    len: u16,
    /// The rule whose anchor it is; or, from [`WRAPPED`] on, the number of what leads to encoded text.
    meaning: u16,
    /// Index of its candidate, or one of the five below.
    verdict: u32,
}

/// The first number that means no rule but what leads to encoded text.
const WRAPPED: u16 = u16::MAX - Lead::COUNT;
/// A segment with fewer bytes than this counts as new text: to search a few bytes more costs less than to search twice. The
/// texts of tests are short, and what is inherited is what they are about.
const SHORTEST: usize = if cfg!(test) { 6 } else { 80 };
/// Pieces of new text are put together up to so many bytes; a longer one is searched where it stands.
const LONGEST_PIECE: usize = if cfg!(test) { 48 } else { 4096 };
/// There is no candidate, and what is near says so; of a regex, no more than the line is.
const NONE: u32 = u32::MAX;
/// There is no candidate, and that depends on the whole window.
const NONE_AFAR: u32 = u32::MAX - 3;
/// There is no candidate, and what stands right beside it says so.
const NONE_AT: u32 = u32::MAX - 4;
/// It must be confirmed.
const OPEN: u32 = u32::MAX - 1;
/// It led to several candidates, as a manifest of several values does: it is confirmed anew in each text.
const SEVERAL: u32 = u32::MAX - 2;

impl Hit {
    fn new(span: Span, meaning: &Use) -> Self {
        let (meaning, verdict) = match *meaning {
            Use::Rule(rule) => (rule as u16, OPEN),
            Use::Wrapped(lead) => (WRAPPED + lead.number(), NONE),
        };
        Self { start: span.start as u32, len: span.len() as u16, meaning, verdict }
    }

    fn span(self) -> Span {
        Span::new(self.start as usize, self.start as usize + usize::from(self.len))
    }

    fn is_of_a_rule(self) -> bool {
        self.meaning < WRAPPED
    }

    /// What leads to encoded text, and where.
    fn lead(self) -> Option<(usize, Lead)> {
        (!self.is_of_a_rule()).then(|| (self.start as usize, Lead::numbered(self.meaning - WRAPPED)))
    }

    fn order(&self) -> (u32, u16, u16) {
        (self.start, self.meaning, self.len)
    }
}

impl Trace {
    /// The longest text that can be traced, in bytes: places are kept in 32 bits.
    pub const LONGEST: usize = u32::MAX as usize;

    /// Whether nothing is to be concluded from it: the text holds nothing.
    pub fn is_clean(&self) -> bool {
        !self.has_nul && !self.has_wrapped && self.candidates.is_empty()
    }

    /// Bytes of memory that it takes, but for what candidates own.
    pub fn size(&self) -> usize {
        size_of_val(&*self.hits) + size_of_val(&*self.candidates)
    }
}

impl Scanner {
    /// Searches `bytes`, which is made of `segments` of the text that `earlier` is of, and of other bytes. The segments
    /// are sorted by target and do not overlap there. A text with none is searched whole; its earlier trace may be that
    /// of no text, `Trace::default()`.
    ///
    /// # Panics
    /// If `bytes` is longer than [`Trace::LONGEST`], or a segment lies outside of either text.
    pub fn trace(&self, scratch: &mut Scratch, earlier: &Trace, bytes: &[u8], segments: &[Segment]) -> Trace {
        assert!(bytes.len() <= Trace::LONGEST, "longer texts are scanned as streams");
        assert!(self.rules.rules().len() < usize::from(WRAPPED), "there are fewer rules than numbers for them");
        let has_nul = earlier.has_nul && !segments.is_empty();
        let trace = Trace { has_nul, len: bytes.len(), ..Trace::default() };
        let pieces = std::mem::take(&mut scratch.pieces);
        let mut tracing = Tracing { scanner: self, earlier, bytes, trace, pieces };
        let mut before = Segment { source: 0, target: 0, len: 0 };
        for &segment in segments.iter().filter(|segment| segment.len >= SHORTEST) {
            tracing.search_between(before, segment.target);
            tracing.inherit(segment);
            before = segment;
        }
        tracing.search_between(before, bytes.len());
        tracing.search_pieces();
        scratch.pieces = std::mem::take(&mut tracing.pieces);
        tracing.settle(scratch)
    }

    /// What the text holds: equal to [`scan`](Self::scan) over all of it.
    pub fn conclude(&self, scratch: &mut Scratch, trace: &Trace, bytes: &[u8], kinds: KindSet) -> Scanned {
        let held = self.held(scratch, trace, bytes);
        self.settle(scratch, held, kinds)
    }

    /// What the text holds, before it is known what kind of file it is.
    pub fn held(&self, scratch: &mut Scratch, trace: &Trace, bytes: &[u8]) -> Held {
        if trace.has_nul || trace.candidates.len() > MOST_CANDIDATES {
            return Held { candidates: self.candidates(scratch, bytes, KindSet::ALL), bytes: bytes.len() };
        }
        let mut candidates = trace.candidates.clone();
        self.confirm_neighbours(scratch, bytes, 0, &mut candidates);
        let wrapped = trace.hits.iter().filter_map(|hit| hit.lead());
        let mut wrapped: Vec<(usize, Lead)> = wrapped.collect();
        wrapped.dedup();
        let wrapped = self.promising(scratch, bytes, &wrapped, self.options.decode);
        for view in self.views(bytes, &[], &wrapped, self.options.decode) {
            self.view(scratch, &view, self.options.decode - 1, &mut candidates);
        }
        self.allow(bytes, KindSet::ALL, 0, &mut candidates);
        Held { candidates, bytes: bytes.len() }
    }

    /// What a text of these kinds holds: equal to [`scan`](Self::scan) over all of it.
    pub fn settle(&self, scratch: &Scratch, held: Held, kinds: KindSet) -> Scanned {
        let Held { mut candidates, bytes } = held;
        candidates.retain(|candidate| candidate.kinds.intersects(kinds));
        self.finish(scratch, candidates, bytes)
    }
}

/// A text while it is traced.
struct Tracing<'a> {
    scanner: &'a Scanner,
    earlier: &'a Trace,
    bytes: &'a [u8],
    trace: Trace,
    /// What is still to be searched.
    pieces: Pieces,
}

/// Pieces of new text, each with what a literal in it may have of the text around it, one behind the other: to begin a
/// search takes as long as to go through dozens of bytes, and most pieces have no more.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    text: Vec<u8>,
    /// By place in this text.
    pieces: Vec<Piece>,
    /// What was found and is to be put among the hits.
    hits: Vec<Hit>,
}

/// A piece of new text.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it begins in the text of all pieces.
    at: usize,
    /// Where in the traced text it begins, where it is new, and where it is new no longer.
    from: usize,
    start: usize,
    until: usize,
}

impl Piece {
    /// An occurrence in the traced text, if it is new and no chance meeting of two pieces.
    fn occurrence(self, next: usize, found: Span) -> Option<Span> {
        let span = Span::new(found.start - self.at + self.from, found.end - self.at + self.from);
        (found.end <= next && span.start < self.until && span.end > self.start).then_some(span)
    }
}

impl Tracing<'_> {
    /// Sees to it that what starts between the segment `before` and `until` is found, and what starts in that segment and
    /// ends behind it.
    fn search_between(&mut self, before: Segment, until: usize) {
        let start = before.target + before.len;
        let overlap = self.scanner.longest_literal().saturating_sub(1);
        let from = start - overlap.min(before.len);
        if from == until || start == self.bytes.len() {
            return;
        }
        let end = self.bytes.len().min(until + overlap);
        let text = &self.bytes[from..end];
        if text.len() > LONGEST_PIECE {
            self.trace.has_nul |= memchr::memchr(0, &self.bytes[start..until]).is_some();
            let hits = &mut self.pieces.hits;
            self.scanner.occurrences(self.bytes, from..until, |span, meaning| {
                if span.end > start {
                    hits.push(Hit::new(span, meaning));
                }
            });
            return;
        }
        if self.pieces.text.len() + text.len() > LONGEST_PIECE {
            self.search_in_pieces();
        }
        self.pieces.pieces.push(Piece { at: self.pieces.text.len(), from, start, until });
        self.pieces.text.extend_from_slice(text);
    }

    /// Searches the pieces that were put together.
    fn search_in_pieces(&mut self) {
        let Pieces { text, pieces, hits } = &mut self.pieces;
        self.trace.has_nul |= memchr::memchr(0, text).is_some();
        self.scanner.occurrences(text, 0..text.len(), |found, meaning| {
            let behind = pieces.partition_point(|piece| piece.at <= found.start);
            let next = pieces.get(behind).map_or(text.len(), |piece| piece.at);
            let span = pieces[behind - 1].occurrence(next, found);
            hits.extend(span.map(|span| Hit::new(span, meaning)));
        });
        text.clear();
        pieces.clear();
    }

    /// Searches what is left, and puts all that is new among the hits.
    fn search_pieces(&mut self) {
        self.search_in_pieces();
        let new = &mut self.pieces.hits;
        if new.is_empty() {
            return;
        }
        new.sort_unstable_by_key(Hit::order);
        new.dedup_by_key(|hit| hit.order());
        let hits = &mut self.trace.hits;
        let before = hits.partition_point(|hit| hit.order() < new[0].order());
        hits.append(new);
        // Two sorted lists, which this sort takes as such.
        hits[before..].sort_by_key(Hit::order);
    }

    /// Takes over the hits that lie whole in a segment, and the verdicts on those whose window does too.
    fn inherit(&mut self, segment: Segment) {
        let Segment { source, target, len } = segment;
        let end = source + len;
        assert!(end <= self.earlier.len && target + len <= self.bytes.len(), "a segment lies within both texts");
        // Where both texts begin or end, so does every window.
        let shares_start = source == 0 && target == 0;
        let shares_end = end == self.earlier.len && target + len == self.bytes.len();
        let first = self.earlier.hits.partition_point(|hit| (hit.start as usize) < source);
        let mut known = None;
        for hit in self.earlier.hits[first..].iter().take_while(|hit| (hit.start as usize) < end) {
            let span = hit.span();
            if span.end > end {
                continue;
            }
            let here = Span::new(span.start - source + target, span.end - source + target);
            let mut verdict = hit.verdict;
            if hit.is_of_a_rule() {
                let windows = match verdict {
                    NONE => &self.scanner.near_windows,
                    NONE_AT => &self.scanner.windows_at,
                    _ => &self.scanner.windows,
                };
                let window = windows[usize::from(hit.meaning)];
                let is_known = |shares: bool, copied: Range<usize>| {
                    shares || copied.len() >= window || verdict == NONE && self.ends_matches(hit.meaning, copied)
                };
                let starts = is_known(shares_start, target..here.start);
                let ends = is_known(shares_end, here.end..target + len);
                if !(starts && ends) || verdict == SEVERAL {
                    verdict = OPEN;
                } else if !matches!(verdict, NONE | NONE_AFAR | NONE_AT) {
                    verdict = self.candidate(&mut known, verdict, segment);
                }
            }
            self.trace.hits.push(Hit { start: here.start as u32, verdict, ..*hit });
        }
    }

    /// Whether a line ends in this part of the text, and no match of the rule goes on behind that.
    fn ends_matches(&self, rule: u16, part: Range<usize>) -> bool {
        spans_no_line_end(self.scanner.compiled(usize::from(rule)))
            && memchr::memchr2(b'\n', b'\r', &self.bytes[part]).is_some()
    }

    /// The index of an earlier candidate among those of this text. The hits of one candidate follow each other, so that
    /// `known`, the last one taken over, is enough to have most of them once.
    fn candidate(&mut self, known: &mut Option<(u32, u32)>, earlier: u32, segment: Segment) -> u32 {
        if let Some((_, index)) = known.filter(|(before, _)| *before == earlier) {
            return index;
        }
        let index = self.trace.candidates.len() as u32;
        let candidate = &self.earlier.candidates[earlier as usize];
        self.trace.candidates.push(candidate.moved(segment.source, segment.target));
        *known = Some((earlier, index));
        index
    }

    /// Confirms what is open, rule by rule.
    fn settle(self, scratch: &mut Scratch) -> Trace {
        let Self { scanner, bytes, mut trace, .. } = self;
        let mut leads = trace.hits.iter().filter_map(|hit| hit.lead());
        trace.has_wrapped = leads.any(|(at, lead)| decode::leads(bytes, at, lead));
        let Trace { hits, candidates, .. } = &mut trace;
        for hit in hits.iter_mut().filter(|hit| hit.verdict == OPEN) {
            if scanner.is_none_at(usize::from(hit.meaning), bytes, hit.span(), &mut scratch.names) {
                hit.verdict = NONE_AT;
            }
        }
        let open = hits.iter().enumerate().filter(|(_, hit)| hit.verdict == OPEN);
        let mut open: Vec<(u16, usize)> = open.map(|(index, hit)| (hit.meaning, index)).collect();
        open.sort_unstable();
        for of_rule in open.chunk_by(|(one, _), (other, _)| one == other) {
            let spans: Vec<Span> = of_rule.iter().map(|&(_, index)| hits[index].span()).collect();
            of_rule.iter().for_each(|&(_, index)| hits[index].verdict = NONE);
            let rule = usize::from(of_rule[0].0);
            let others = beginnings(hits, of_rule, scanner.compiled(rule).bounds);
            let rule_hits = RuleHits { rule, hits: &spans, others: &others, since: 0 };
            scanner.confirm(scratch, bytes, rule_hits, candidates, |hit, verdict| {
                let known = &mut hits[of_rule[hit].1].verdict;
                match verdict {
                    Verdict::Candidate(candidate) if matches!(*known, NONE | NONE_AFAR) => *known = candidate as u32,
                    Verdict::Candidate(_) => *known = SEVERAL,
                    Verdict::Refused { why: Refusal::Context, .. } if *known == NONE => *known = NONE_AFAR,
                    Verdict::Refused { .. } => {}
                }
            });
            for &(_, index) in of_rule {
                let hit = &mut hits[index];
                if hit.verdict == NONE && !scanner.is_none_nearby(rule_hits.rule, bytes, hit.span()) {
                    hit.verdict = NONE_AFAR;
                }
            }
        }
        trace
    }
}

/// Where the anchors of a rule start before the hits with these indices, so close that a match by them may cover one of these.
fn beginnings(hits: &[Hit], of_rule: &[(u16, usize)], bounds: &Bounds) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut next = 0;
    for &(rule, index) in of_rule {
        let earliest = hits[index].span().end.saturating_sub(bounds.longest);
        let before = hits[next..index].iter().rev().take_while(|hit| hit.start as usize >= earliest);
        starts.extend(before.filter(|hit| hit.meaning == rule).map(|hit| hit.start as usize));
        next = index;
    }
    starts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::super::Options;
    use super::super::tests::{document, knowing_scanner, known_document, scanner};
    use super::*;
    use crate::rules::RuleSet;

    /// A step from one text to the next: copies of ranges of it, from anywhere to anywhere, and new text between them.
    #[derive(Clone, Debug)]
    enum Step {
        Copy(Index, Index),
        /// A copy that goes on where the one before ended, but for a few bytes.
        Skip(usize),
        Insert(Vec<u8>),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            3 => any::<(Index, Index)>().prop_map(|(from, to)| Step::Copy(from, to)),
            3 => (0usize..12).prop_map(Step::Skip),
            2 => document().prop_map(Step::Insert),
            2 => "[ -~]{0,6}".prop_map(|text| Step::Insert(text.into_bytes())),
        ];
        prop::collection::vec(step, 0..6)
    }

    fn apply(earlier: &[u8], steps: &[Step]) -> (Vec<u8>, Vec<Segment>) {
        let (mut text, mut segments, mut at) = (Vec::new(), Vec::new(), 0);
        for step in steps {
            let range = match step {
                Step::Insert(new) => {
                    text.extend_from_slice(new);
                    continue;
                }
                Step::Copy(one, other) => {
                    let (one, other) = (one.index(earlier.len() + 1), other.index(earlier.len() + 1));
                    one.min(other)..one.max(other)
                }
                Step::Skip(bytes) => (at + bytes).min(earlier.len())..earlier.len(),
            };
            segments.push(Segment { source: range.start, target: text.len(), len: range.len() });
            text.extend_from_slice(&earlier[range.clone()]);
            // Not to its end, so that the next copy may join it.
            at = range.start + range.len() / 2;
            if let (Step::Skip(_), Some(last)) = (step, segments.last_mut()) {
                text.truncate(last.target + range.len() / 2);
                last.len = range.len() / 2;
            }
        }
        (text, segments)
    }

    #[test]
    fn all_candidates_of_one_hit_are_inherited() {
        let scanner = Scanner::new(RuleSet::builtin(), Options::default());
        let mut scratch = scanner.scratch();
        let value = |password: &str| data_encoding::BASE64.encode(password.as_bytes());
        let (one, two) = (value(concat!("kW9#mP", "z2!vQx")), value(concat!("Zt7-q!", "9xR4w")));
        let text = format!("kind: Secret\ndata:\n  password: {one}\n  root-password: {two}\n");
        let first = scanner.trace(&mut scratch, &Trace::default(), text.as_bytes(), &[]);
        let later = [text.as_bytes(), b"# the end\n"].concat();
        let segment = Segment { source: 0, target: 0, len: text.len() };
        let trace = scanner.trace(&mut scratch, &first, &later, &[segment]);
        let found = scanner.conclude(&mut scratch, &trace, &later, KindSet::ALL);
        assert_eq!(found.matches.len(), 2);
        assert_eq!(found, scanner.scan(&mut scratch, &later, KindSet::ALL));
    }

    #[test]
    fn a_match_counts_once_a_word_that_it_wants_comes_near_its_line() {
        // The rule `told` wants a word of its own within twenty bytes.
        let scanner = scanner(&[true; 24], 1 << 20);
        let mut scratch = scanner.scratch();
        let (line, later) = ("first\nvx-123\nlast", "first\nvx-123\nidq\n");
        let first = scanner.trace(&mut scratch, &Trace::default(), line.as_bytes(), &[]);
        assert_eq!(scanner.conclude(&mut scratch, &first, line.as_bytes(), KindSet::ALL).matches.len(), 0);
        let segment = Segment { source: 0, target: 0, len: "first\nvx-123\n".len() };
        let trace = scanner.trace(&mut scratch, &first, later.as_bytes(), &[segment]);
        let found = scanner.conclude(&mut scratch, &trace, later.as_bytes(), KindSet::ALL);
        assert_eq!(found.matches.len(), 1);
        assert_eq!(found, scanner.scan(&mut scratch, later.as_bytes(), KindSet::ALL));
    }

    #[test]
    fn what_a_line_says_of_a_hit_holds_as_long_as_the_line_is_the_same() {
        let scanner = scanner(&[true; 24], 1 << 20);
        let mut scratch = scanner.scratch();
        let (line, later) = ("a\nvx-12 \nb", "c\nvx-12 \nd");
        let first = scanner.trace(&mut scratch, &Trace::default(), line.as_bytes(), &[]);
        let verdicts = |trace: &Trace| trace.hits.iter().map(|hit| hit.verdict).collect::<Vec<_>>();
        assert_eq!(verdicts(&first), [NONE]);
        let pieces = Pieces::default();
        let trace = Trace { len: later.len(), ..Trace::default() };
        let mut tracing = Tracing { scanner: &scanner, earlier: &first, bytes: later.as_bytes(), trace, pieces };
        tracing.inherit(Segment { source: 1, target: 1, len: "\nvx-12 \n".len() });
        assert_eq!(verdicts(&tracing.trace), [NONE]);
        // Without one of the line ends it must be asked again.
        tracing.trace.hits.clear();
        tracing.inherit(Segment { source: 2, target: 2, len: "vx-12 \n".len() });
        assert_eq!(verdicts(&tracing.trace), [OPEN]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 600, max_shrink_iters: 4000, ..ProptestConfig::default() })]

        #[test]
        fn a_traced_text_holds_what_a_scanned_one_does(
            first in document(),
            deltas in prop::collection::vec(steps(), 1..4),
            chosen in prop::collection::vec(any::<bool>(), 7),
            all in any::<bool>(),
        ) {
            let chosen: Vec<bool> = chosen.into_iter().map(|one| one || all).collect();
            is_traced_as_scanned(&scanner(&chosen, 1 << 20), first, &deltas)?;
        }

        #[test]
        fn known_values_are_traced_too(
            first in known_document(),
            deltas in prop::collection::vec(steps(), 1..4),
            chosen in prop::collection::vec(any::<bool>(), 7),
        ) {
            is_traced_as_scanned(&knowing_scanner(&chosen, 1 << 20), first, &deltas)?;
        }
    }

    fn is_traced_as_scanned(scanner: &Scanner, first: Vec<u8>, deltas: &[Vec<Step>]) -> Result<(), TestCaseError> {
        let mut scratch = scanner.scratch();
        let mut text = first;
        let mut trace = scanner.trace(&mut scratch, &Trace::default(), &text, &[]);
        for steps in [vec![]].iter().chain(deltas) {
            if !steps.is_empty() {
                let (next, segments) = apply(&text, steps);
                trace = scanner.trace(&mut scratch, &trace, &next, &segments);
                text = next;
            }
            for kinds in [KindSet::PROSE, KindSet::of_path(b"a.json"), KindSet::ALL] {
                let expected = scanner.scan(&mut scratch, &text, kinds);
                prop_assert_eq!(&scanner.conclude(&mut scratch, &trace, &text, kinds), &expected);
                prop_assert!(!trace.is_clean() || expected.matches.is_empty());
            }
        }
        Ok(())
    }
}
