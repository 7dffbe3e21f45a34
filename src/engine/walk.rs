//! Where the matches of a regex end that begin at given places, asked from left to right. Two places whose automata have come
//! to the same state at the same byte go on alike; so where a walk meets the one before it, it takes over all that one saw. Of
//! a long text at every place of which a match could begin, each byte is thus read once, and not once for each place.
//!
//! The automaton is a lazy DFA: its states are made when a text first leads to them, and are kept for the next.

use std::collections::{BTreeSet, VecDeque};
use std::ops::{Range, RangeInclusive};

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, NFA, State};
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

use crate::rules::Greedy;

/// A trail is cut off behind the place asked about once so many of its states lie there.
const LONGEST_TAIL: usize = 64 * 1024;

/// A regex as an automaton that tells where a match ends.
#[derive(Debug)]
pub(crate) struct Ends {
    dfa: DFA,
    /// By byte, which may be the second one of a match that begins with it: a bit for each value of the lower five bits, in which
    /// letters differ.
    pairs: [u32; 256],
}

impl Ends {
    /// Compiles a pattern that the loader of rules has checked.
    ///
    /// # Panics
    /// If the pattern was not checked.
    pub(crate) fn new(pattern: &str) -> Self {
        let config = DFA::config().skip_cache_capacity_check(true);
        let captures = thompson::WhichCaptures::None;
        let nfa = thompson::Config::new().utf8(false).which_captures(captures);
        let syntax = syntax::Config::new().unicode(false).utf8(false);
        let built = DFA::builder().configure(config).thompson(nfa).syntax(syntax).build(pattern);
        let dfa = built.expect("the pattern of a rule was checked when the rule was loaded");
        Self { pairs: pairs(dfa.get_nfa()), dfa }
    }

    /// The first place of `text` at which a match may begin, by its first two bytes.
    pub(crate) fn next_beginning(&self, text: &[u8]) -> Option<usize> {
        let may_begin = |pair: &[u8]| self.pairs[usize::from(pair[0])] >> (pair[1] % 32) & 1 == 1;
        text.windows(2).position(may_begin)
    }
}

/// What [`Ends::pairs`] says.
fn pairs(nfa: &NFA) -> [u32; 256] {
    let mut pairs = [0; 256];
    each_transition(nfa, nfa.start_anchored(), |first, next| {
        let mut second = 0;
        each_transition(nfa, next, |bytes, _| bytes.for_each(|byte| second |= 1 << (byte % 32)));
        first.for_each(|byte| pairs[usize::from(byte)] |= second);
    });
    pairs
}

/// The ways out of a state and those that are entered with it: by which bytes, and where to.
fn each_transition(nfa: &NFA, state: StateID, mut found: impl FnMut(RangeInclusive<u8>, StateID)) {
    let (mut open, mut seen) = (vec![state], BTreeSet::new());
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match nfa.state(id) {
            State::Union { alternates } => open.extend(alternates.iter().copied()),
            State::BinaryUnion { alt1, alt2 } => open.extend([*alt1, *alt2]),
            State::Look { next, .. } | State::Capture { next, .. } => open.push(*next),
            State::ByteRange { trans } => found(trans.start..=trans.end, trans.next),
            State::Sparse(sparse) => {
                sparse.transitions.iter().for_each(|trans| found(trans.start..=trans.end, trans.next));
            }
            State::Dense(dense) => {
                let next = (0..=u8::MAX).filter_map(|byte| Some((byte, dense.matches_byte(byte)?)));
                next.for_each(|(byte, next)| found(byte..=byte, next));
            }
            State::Fail | State::Match { .. } => {}
        }
    }
}

/// What one thread knows of an automaton and of the text that it is asked about.
#[derive(Debug)]
pub(crate) struct Walker {
    cache: Cache,
    /// The first state, and how often states had been thrown away when it was made.
    start: Option<(LazyStateID, usize)>,
    trail: Trail,
    row: Row,
    /// The states of the present walk.
    own: Vec<LazyStateID>,
    /// Bytes that were read so far: what the work is measured by.
    pub read: usize,
}

/// The way of the walk that got furthest.
#[derive(Debug, Default)]
struct Trail {
    /// The place of the first state.
    from: usize,
    /// The state before each byte.
    states: Vec<LazyStateID>,
    /// Where matches end, in order.
    ends: VecDeque<usize>,
    /// Whether no match goes on behind the last state.
    is_over: bool,
    /// How often the states had been thrown away when these were made.
    generation: usize,
}

impl Trail {
    fn clear(&mut self) {
        self.states.clear();
        self.ends.clear();
    }

    fn at(&self, place: usize) -> Option<LazyStateID> {
        self.states.get(place.checked_sub(self.from)?).copied()
    }

    /// The place of the last state.
    fn last(&self) -> usize {
        self.from + self.states.len().saturating_sub(1)
    }
}

/// What is known of the row of bytes that was looked at last.
#[derive(Debug, Default)]
struct Row {
    /// Bytes that are all of the set.
    known: Range<usize>,
    last: Option<LastRow>,
}

/// Where the match ends whose row ends here.
#[derive(Clone, Copy, Debug)]
struct LastRow {
    row_end: usize,
    end: Option<usize>,
}

impl Row {
    /// The first place in `range` whose byte is not of the set, or the end.
    fn end(&mut self, bytes: &[u8], range: Range<usize>, greedy: &Greedy) -> usize {
        if range.start < self.known.start || range.start > self.known.end {
            self.known = range.start..range.start;
        }
        while self.known.end < range.end && greedy.holds(bytes[self.known.end]) {
            self.known.end += 1;
        }
        self.known.end.min(range.end)
    }
}

/// How a walk ended.
enum Stop {
    /// No match goes on behind this place.
    Over,
    /// It came to the end of what it may read.
    End,
    /// It met the trail here.
    Met(usize),
}

impl Walker {
    pub(crate) fn new(ends: &Ends) -> Self {
        let cache = ends.dfa.create_cache();
        Self { cache, start: None, trail: Trail::default(), row: Row::default(), own: Vec::new(), read: 0 }
    }

    /// Begins a text, or goes back in it.
    pub(crate) fn begin(&mut self) {
        self.trail.clear();
        self.row = Row::default();
    }

    /// Where the leftmost-first match ends that begins at `range.start`, if nothing behind the range is read.
    pub(crate) fn end_of_match(&mut self, ends: &Ends, bytes: &[u8], range: Range<usize>) -> Option<usize> {
        let mut state = self.start(ends);
        let mut end = None;
        for (read, &byte) in bytes[range.clone()].iter().enumerate() {
            state = ends.dfa.next_state(&mut self.cache, state, byte).expect(NEVER_FULL);
            if state.is_tagged() {
                if state.is_match() {
                    end = Some(range.start + read);
                } else if state.is_dead() {
                    self.read += read + 1;
                    return end;
                }
            }
        }
        self.read += range.len();
        let state = ends.dfa.next_eoi_state(&mut self.cache, state).expect(NEVER_FULL);
        if state.is_match() { Some(range.end) } else { end }
    }

    /// The same, of a regex that takes a row of bytes of one set, as `greedy` says: of rows that end at one place all matches do,
    /// so that a row is read once, however many matches may begin in it.
    pub(crate) fn end_of_greedy_match(
        &mut self,
        ends: &Ends,
        bytes: &[u8],
        range: Range<usize>,
        greedy: &Greedy,
    ) -> Option<usize> {
        let row = range.start + greedy.head;
        let most = greedy.most.map_or(range.end, |most| range.end.min(row + most));
        if row > most {
            return self.end_of_any_match(ends, bytes, range, greedy);
        }
        let row_end = self.row.end(bytes, row..most, greedy);
        if row_end < row + greedy.least {
            return if greedy.is_fixed { None } else { self.end_of_any_match(ends, bytes, range, greedy) };
        }
        if !self.goes_on(ends, bytes, range.start..row) {
            return None;
        }
        let takes_all = row_end == range.end || greedy.holds(bytes[row_end]);
        if greedy.tail == 0 || takes_all {
            return Some(row_end);
        }
        let sees_tail = row_end + greedy.tail <= range.end;
        if let Some(last) = self.row.last.filter(|last| sees_tail && last.row_end == row_end) {
            return last.end;
        }
        let end = self.end_of_any_match(ends, bytes, range, greedy);
        if sees_tail {
            self.row.last = Some(LastRow { row_end, end });
        }
        end
    }

    fn end_of_any_match(&mut self, ends: &Ends, bytes: &[u8], range: Range<usize>, greedy: &Greedy) -> Option<usize> {
        match greedy.most {
            Some(_) => self.end_of_match(ends, bytes, range),
            None => self.end_of_long_match(ends, bytes, range),
        }
    }

    /// Whether a match may begin with the bytes of `range`.
    fn goes_on(&mut self, ends: &Ends, bytes: &[u8], range: Range<usize>) -> bool {
        let mut state = self.start(ends);
        for place in range {
            state = self.step(ends, state, bytes[place]);
            if state.is_dead() {
                return false;
            }
        }
        true
    }

    /// The same, of a regex that may go on for as long as there is text: what walks have in common is walked once. Neither
    /// start nor end of the range may be less than the last time, unless a text was begun since.
    pub(crate) fn end_of_long_match(&mut self, ends: &Ends, bytes: &[u8], range: Range<usize>) -> Option<usize> {
        let Range { start, end } = range;
        self.prepare(start, end);
        let mut own_ends = Vec::new();
        let stop = self.walk(ends, bytes, start..end, &mut own_ends);
        match stop {
            Stop::Over => {
                let last = own_ends.last().copied();
                if self.trail.states.is_empty() || self.trail.last() < start + self.own.len() {
                    self.replace(start, own_ends, true);
                }
                last
            }
            Stop::End => {
                self.replace(start, own_ends, false);
                self.last_end(ends, end)
            }
            Stop::Met(place) => {
                self.join(start, place, own_ends);
                self.extend(ends, bytes, end);
                self.last_end(ends, end)
            }
        }
    }

    fn prepare(&mut self, start: usize, end: usize) {
        let trail = &mut self.trail;
        if trail.generation != self.cache.clear_count() || start < trail.from || end < trail.last() {
            trail.clear();
            trail.generation = self.cache.clear_count();
        }
        let behind = start - trail.from.min(start);
        if behind > LONGEST_TAIL && !trail.states.is_empty() {
            trail.states.drain(..behind.min(trail.states.len()));
            trail.from = start;
        }
        self.own.clear();
    }

    /// Walks from the start of `range` until nothing more can match, the range ends or the trail is met.
    fn walk(&mut self, ends: &Ends, bytes: &[u8], range: Range<usize>, own_ends: &mut Vec<usize>) -> Stop {
        let mut state = self.start(ends);
        if self.trail.generation != self.cache.clear_count() {
            self.forget_states(0);
        }
        let mut place = range.start;
        loop {
            if self.trail.at(place) == Some(state) {
                return Stop::Met(place);
            }
            self.own.push(state);
            if place == range.end {
                return Stop::End;
            }
            state = self.step(ends, state, bytes[place]);
            if state.is_tagged() {
                if state.is_match() {
                    own_ends.push(place);
                } else if state.is_dead() {
                    return Stop::Over;
                }
            }
            if self.trail.generation != self.cache.clear_count() {
                self.forget_states(place + 1 - range.start);
            }
            place += 1;
        }
    }

    /// States were thrown away, and their names mean others now. Nothing can be met before the next one, and `walked`, the
    /// number of places behind it, are without a state.
    fn forget_states(&mut self, walked: usize) {
        self.trail.clear();
        self.trail.generation = self.cache.clear_count();
        self.own.clear();
        self.own.resize(walked, LazyStateID::default());
    }

    /// The present walk becomes the trail.
    fn replace(&mut self, start: usize, own_ends: Vec<usize>, is_over: bool) {
        let trail = &mut self.trail;
        std::mem::swap(&mut trail.states, &mut self.own);
        (trail.from, trail.ends, trail.is_over) = (start, own_ends.into(), is_over);
    }

    /// The present walk becomes the trail up to where it met it.
    fn join(&mut self, start: usize, place: usize, own_ends: Vec<usize>) {
        let trail = &mut self.trail;
        let at = start - trail.from;
        trail.states[at..at + self.own.len()].copy_from_slice(&self.own);
        while trail.ends.front().is_some_and(|&end| end < place) {
            trail.ends.pop_front();
        }
        own_ends.into_iter().rev().for_each(|end| trail.ends.push_front(end));
    }

    /// Goes on where the trail ends.
    fn extend(&mut self, ends: &Ends, bytes: &[u8], end: usize) {
        while !self.trail.is_over && self.trail.last() < end {
            let place = self.trail.last();
            let state = self.trail.states[place - self.trail.from];
            let next = self.step(ends, state, bytes[place]);
            if next.is_match() {
                self.trail.ends.push_back(place);
            }
            if next.is_dead() {
                self.trail.is_over = true;
                return;
            }
            if self.trail.generation != self.cache.clear_count() {
                self.trail.generation = self.cache.clear_count();
                self.trail.states.clear();
                self.trail.from = place + 1;
            }
            self.trail.states.push(next);
        }
    }

    /// The last end of a match on the trail, which reaches as far as `end` unless it is over before.
    fn last_end(&mut self, ends: &Ends, end: usize) -> Option<usize> {
        let before = self.trail.ends.back().copied();
        let Some(state) = self.trail.at(end) else { return before };
        let next = ends.dfa.next_eoi_state(&mut self.cache, state).expect(NEVER_FULL);
        if next.is_match() { Some(end) } else { before }
    }

    /// The first state, which is the same at any place: a rule's regex does not look around.
    fn start(&mut self, ends: &Ends) -> LazyStateID {
        if let Some((state, generation)) = self.start
            && generation == self.cache.clear_count()
        {
            return state;
        }
        let state = ends.dfa.start_state_forward(&mut self.cache, &Input::new(b"").anchored(Anchored::Yes));
        let state = state.expect(NEVER_FULL);
        self.start = Some((state, self.cache.clear_count()));
        state
    }

    fn step(&mut self, ends: &Ends, state: LazyStateID, byte: u8) -> LazyStateID {
        self.read += 1;
        ends.dfa.next_state(&mut self.cache, state, byte).expect(NEVER_FULL)
    }
}

/// Without a limit on how often they are made anew, states never run out.
const NEVER_FULL: &str = "a cache that may be cleared as often as it must is never full";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex_automata::meta::Regex;

    use super::*;

    const PATTERNS: [&str; 6] = [
        "a[ab]{3,}",
        "[ab]{2,}c[ab]{2,}",
        "(?:a|bc)[abc]+?c",
        "(?:ab[abc]{2,}|b[ab]+c{0,2})",
        "a[abc]{1,4}b[ab]*",
        "(?:b+?a)?cb[abc]{4,}",
    ];

    fn expected(pattern: &str, text: &[u8], range: Range<usize>) -> Option<usize> {
        let regex = Regex::builder().syntax(syntax::Config::new().unicode(false).utf8(false)).build(pattern);
        let regex = regex.expect("the patterns compile");
        regex.search(&Input::new(text).range(range).anchored(Anchored::Yes)).map(|found| found.end())
    }

    const fn row(head: usize, is_fixed: bool, least: usize, most: Option<usize>, tail: usize) -> Greedy {
        Greedy { head, is_fixed, bytes: [0, 1 << 33 | 1 << 34, 0, 0], least, most, tail }
    }

    const ROWS: [(&str, Greedy); 6] = [
        ("c[ab]{3,6}", row(1, true, 3, Some(6), 0)),
        ("c[ab]{3,6}c{0,2}", row(1, true, 3, Some(6), 2)),
        ("c[ab]{3,6}(?:cc)??", row(1, true, 3, Some(6), 2)),
        ("a?c[ab]{3,}c{0,2}", row(2, false, 3, None, 2)),
        ("[ab]{2}[ab]{2,}(?:c|cc)?", row(2, true, 2, None, 2)),
        ("(?:a|ba?)b?[ab]{4,}", row(3, false, 4, None, 0)),
    ];

    proptest! {
        #[test]
        fn rows_end_as_a_search_says(
            text in "(?:c?[ab]{1,9}){0,9}|[abc]{0,40}",
            places in proptest::collection::btree_set(0usize..60, 1..40),
            longest in 1usize..40,
        ) {
            let text = text.as_bytes();
            for (pattern, greedy) in ROWS {
                let ends = Ends::new(pattern);
                let mut walker = Walker::new(&ends);
                for &start in places.iter().filter(|&&place| place <= text.len()) {
                    let range = start..text.len().min(start + longest);
                    let expected = expected(pattern, text, range.clone());
                    let end = walker.end_of_greedy_match(&ends, text, range, &greedy);
                    prop_assert_eq!(end, expected, "{} at {}", pattern, start);
                }
            }
        }

        #[test]
        fn equals_a_search_from_each_place(
            text in "[abc]{0,60}|(?:a|ab|b){0,40}|(?:ab|c ){0,30}",
            places in proptest::collection::btree_set(0usize..60, 1..40),
            longest in 1usize..40,
        ) {
            let text = text.as_bytes();
            for pattern in PATTERNS {
                let ends = Ends::new(pattern);
                let mut walker = Walker::new(&ends);
                for &start in places.iter().filter(|&&place| place <= text.len()) {
                    let range = start..text.len().min(start + longest);
                    let expected = expected(pattern, text, range.clone());
                    prop_assert_eq!(walker.end_of_long_match(&ends, text, range.clone()), expected, "{} at {}", pattern, start);
                    prop_assert_eq!(walker.end_of_match(&ends, text, range), expected);
                }
            }
        }
    }

    #[test]
    fn a_long_text_is_read_once() {
        let text = b"bkpt_".repeat(20_000);
        let ends = Ends::new("bkpt_[a-z_]{20,}");
        let mut walker = Walker::new(&ends);
        for start in (0..text.len()).step_by(5) {
            let end = text.len().min(start + 16_384);
            assert_eq!(walker.end_of_long_match(&ends, &text, start..end), (end - start >= 25).then_some(end));
        }
        assert!(walker.read < 10 * text.len(), "{} bytes were read", walker.read);
    }

    #[test]
    fn a_match_begins_with_its_first_two_bytes() {
        let ends = Ends::new("(?:key|[Ss]?ecret|[0-9]{1,3}x)[a-z]{4}");
        for (text, at) in [
            ("a key", Some(2)),
            ("see", Some(0)),
            ("sxec", Some(2)),
            ("kk", None),
            ("Secret", Some(0)),
            ("-5-07x", Some(3)),
            ("5x", Some(0)),
            ("k", None),
            ("", None),
        ] {
            assert_eq!(ends.next_beginning(text.as_bytes()), at, "{text}");
        }
    }

    #[test]
    fn states_that_are_thrown_away_are_made_anew() {
        // More states than the cache holds: each of the counters that are open is a part of the state.
        let text: Vec<u8> = (0..6000usize).map(|at| if (at * at) % 7 < 3 { b'a' } else { b'b' }).collect();
        let pattern = "[ab]{1,40}a[ab]{60}b[ab]{3,}";
        let config = DFA::config().skip_cache_capacity_check(true).cache_capacity(0);
        let dfa = DFA::builder().configure(config).build(pattern).expect("the pattern compiles");
        let ends = Ends { pairs: pairs(dfa.get_nfa()), dfa };
        let mut walker = Walker::new(&ends);
        for start in 0..300 {
            let range = start..text.len().min(start + 1000);
            assert_eq!(walker.end_of_long_match(&ends, &text, range.clone()), expected(pattern, &text, range));
        }
        assert!(walker.cache.clear_count() > 10);
    }
}
