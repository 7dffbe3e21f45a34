//! One pass that finds every occurrence of every literal, in any ASCII case. What an occurrence means is `anchors.rs`'s.
//!
//! A block of text is folded to lower case into a buffer that stays in the first-level cache. It is searched there not
//! for the literals but for a *core* of each: its rarest four bytes, or all three of a literal that short; literals share
//! cores where they can. Vectorised multi-pattern search (Teddy, `aho_corasick::packed`) looks at the first bytes of a
//! pattern and pays for each place where these seem to fit, so few, rare and equally long cores are what makes it fast.
//! Where it is not to be had, an Aho-Corasick automaton does the same.

use std::ops::Range;

use aho_corasick::{
    AhoCorasick, Input, MatchKind,
    packed::{self, Searcher},
};

/// Bytes folded and searched at a time: with the text itself, half of a usual 48 KiB first-level data cache.
const BLOCK: usize = 16 * 1024;
/// Length of a core, in bytes: as many as Teddy looks at.
const CORE: usize = 4;
/// Cores of one search: as many as Teddy takes.
const CORES: usize = 64;

/// The compiled literals.
#[derive(Debug)]
pub(crate) struct Prefilter {
    /// All literals, in lower case.
    literals: Vec<Box<[u8]>>,
    lanes: Vec<Lane>,
    longest: usize,
}

/// Cores of one length, searched for together.
#[derive(Debug)]
struct Lane {
    finder: Finder,
    /// For each core: the literals it stands for, and where in them it stands.
    members: Vec<Vec<Member>>,
}

#[derive(Clone, Copy, Debug)]
struct Member {
    literal: usize,
    offset: usize,
}

#[derive(Debug)]
enum Finder {
    Teddy(Searcher),
    Automaton(Box<AhoCorasick>),
}

impl Prefilter {
    /// Compiles distinct, non-empty, lower-case literals; occurrences are reported by their index.
    pub(crate) fn new(literals: Vec<Box<[u8]>>) -> Self {
        let mut cores = cores(&literals);
        cores.sort_by_key(|(core, _)| core.len());
        let lanes = cores.chunk_by(|(one, _), (other, _)| one.len() == other.len());
        let lanes = lanes.flat_map(|same_length| same_length.chunks(CORES)).map(Lane::new).collect();
        let longest = literals.iter().map(|text| text.len()).max().unwrap_or(0);
        Self { lanes, longest, literals }
    }

    /// Calls `found(start, literal)` once for each occurrence that starts in `range`, in no particular order. `folded`
    /// is a buffer to be reused.
    pub(crate) fn find(
        &self,
        folded: &mut Vec<u8>,
        bytes: &[u8],
        range: Range<usize>,
        mut found: impl FnMut(usize, usize),
    ) {
        for block in range.clone().step_by(BLOCK) {
            let starts = BLOCK.min(range.end - block);
            let text = &bytes[block..bytes.len().min(block + starts + self.longest.saturating_sub(1))];
            folded.clear();
            folded.extend_from_slice(text);
            folded.make_ascii_lowercase();
            for lane in &self.lanes {
                self.find_in_block(lane, folded, starts, |start, literal| found(block + start, literal));
            }
        }
    }

    fn find_in_block(&self, lane: &Lane, folded: &[u8], starts: usize, mut found: impl FnMut(usize, usize)) {
        let mut at = 0;
        while let Some((core_start, core)) = lane.finder.find(folded, at) {
            for member in &lane.members[core] {
                let Some(start) = core_start.checked_sub(member.offset) else { continue };
                if start < starts && folded[start..].starts_with(&self.literals[member.literal]) {
                    found(start, member.literal);
                }
            }
            at = core_start + 1;
        }
    }
}

/// A core for each literal, and the literals of each core. Short literals choose first, since they have no choice; one
/// that holds a core already takes that.
fn cores(literals: &[Box<[u8]>]) -> Vec<(&[u8], Vec<Member>)> {
    let mut by_length: Vec<usize> = (0..literals.len()).collect();
    by_length.sort_by_key(|&literal| literals[literal].len());
    let mut cores: Vec<(&[u8], Vec<Member>)> = Vec::new();
    for literal in by_length {
        let text = &literals[literal];
        let held = cores.iter_mut().find_map(|(core, members)| Some((memchr::memmem::find(text, core)?, members)));
        if let Some((offset, members)) = held {
            members.push(Member { literal, offset });
            continue;
        }
        let windows = text.windows(CORE.min(text.len())).enumerate();
        let rarest = windows.min_by_key(|(_, window)| window.iter().map(|&byte| commonness(byte)).sum::<u32>());
        let (offset, core) = rarest.expect("a literal is not empty");
        cores.push((core, vec![Member { literal, offset }]));
    }
    cores
}

/// How common a byte is in folded source text, in twice the binary logarithm of its frequency, roughly. It decides speed
/// only.
fn commonness(byte: u8) -> u32 {
    match byte {
        b' ' | b'e' | b't' => 14,
        b'a' | b'i' | b'n' | b'o' | b'r' | b's' => 13,
        b'c' | b'd' | b'l' | b'u' => 11,
        b'f' | b'h' | b'm' | b'p' | b'_' | b'-' => 10,
        b'b' | b'g' | b'.' | b'y' | b'/' | b'"' | b'0' => 9,
        b'k' | b'v' | b'w' | b'x' | b'1'..=b'9' => 7,
        _ => 4,
    }
}

impl Lane {
    fn new(cores: &[(&[u8], Vec<Member>)]) -> Self {
        let finder = Finder::new(cores.iter().map(|(core, _)| *core));
        Self { finder, members: cores.iter().map(|(_, members)| members.clone()).collect() }
    }
}

impl Finder {
    fn new<'c>(cores: impl ExactSizeIterator<Item = &'c [u8]> + Clone) -> Self {
        let mut teddy = packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder();
        if let Some(searcher) = teddy.extend(cores.clone()).build() {
            return Self::Teddy(searcher);
        }
        log::debug!("prefilter: no vectorised search for {} cores; using an automaton", cores.len());
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(cores);
        Self::Automaton(Box::new(automaton.expect("far fewer cores than an automaton has states")))
    }

    /// The leftmost core that starts at `at` or later, as its start and its index.
    fn find(&self, text: &[u8], at: usize) -> Option<(usize, usize)> {
        match self {
            Self::Teddy(searcher) => {
                let span = aho_corasick::Span { start: at, end: text.len() };
                searcher.find_in(text, span).map(|found| (found.start(), found.pattern().as_usize()))
            }
            Self::Automaton(automaton) => {
                let found = automaton.find(Input::new(text).range(at..))?;
                Some((found.start(), found.pattern().as_usize()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(literals: &[&str], text: &[u8], range: Range<usize>) -> Vec<(usize, usize)> {
        let prefilter = Prefilter::new(literals.iter().map(|text| text.as_bytes().into()).collect());
        let mut found = Vec::new();
        prefilter.find(&mut Vec::new(), text, range, |start, literal| found.push((start, literal)));
        found.sort_unstable();
        found
    }

    fn naive(literals: &[&str], text: &[u8], range: Range<usize>) -> Vec<(usize, usize)> {
        let lower = text.to_ascii_lowercase();
        let occurs = |&(start, literal): &(usize, usize)| lower[start..].starts_with(literals[literal].as_bytes());
        range.flat_map(|start| (0..literals.len()).map(move |literal| (start, literal))).filter(occurs).collect()
    }

    #[test]
    fn overlaps_extensions_and_any_case() {
        let literals = ["key", "keys", "eyj", "akia"];
        assert_eq!(all(&literals, b"KeysAKIAeyJ", 0..11), [(0, 0), (0, 1), (4, 3), (8, 2)]);
        assert_eq!(all(&literals, b"keys", 1..4), []);
        assert_eq!(all(&[], b"keys", 0..4), []);
    }

    #[test]
    fn finds_across_blocks() {
        for shift in 0..8 {
            let mut text = vec![b'.'; 3 * BLOCK];
            text[BLOCK - shift..][..4].copy_from_slice(b"AKIA");
            assert_eq!(all(&["akia", "://"], &text, 0..3 * BLOCK), [(BLOCK - shift, 0)]);
        }
    }

    proptest! {
        #[test]
        fn equals_the_naive_search(
            text in proptest::collection::vec(prop_oneof![Just(b'a'), Just(b'B'), Just(b'b'), Just(b'c'), any::<u8>()], 0..300),
            cut in 0usize..300,
        ) {
            let literals = ["abc", "abca", "bca", "bbb", "cab", "aaa", "aaaa"];
            let from = cut.min(text.len());
            prop_assert_eq!(all(&literals, &text, from..text.len()), naive(&literals, &text, from..text.len()));
        }

        #[test]
        fn many_literals_are_searched_in_several_lanes(text in "[a-c]{0,200}") {
            let words: Vec<String> = (0..200).map(|i| format!("{}{}{}{}", ['a', 'b', 'c'][i % 3], ['a', 'b', 'c'][i / 3 % 3],
                ['a', 'b', 'c'][i / 9 % 3], i)).chain(["abc".to_owned()]).collect();
            let literals: Vec<&str> = words.iter().map(String::as_str).collect();
            prop_assert_eq!(all(&literals, text.as_bytes(), 0..text.len()), naive(&literals, text.as_bytes(), 0..text.len()));
        }
    }
}
