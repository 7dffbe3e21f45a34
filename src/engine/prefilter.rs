//! One pass that finds every occurrence of every literal, in any ASCII case. What an occurrence means is `anchors.rs`'s.
//!
//! A block of text is folded to lower case into a buffer that stays in the first-level cache, and searched there for the
//! few literals that are not an extension of another one: by Teddy (`aho_corasick::packed`) while there are at most 64
//! of them and the processor has the vectors for it, else by an Aho-Corasick automaton. Both report the leftmost
//! literal; the search then goes on one byte further, so that overlapping occurrences are all seen.

use std::ops::Range;

use aho_corasick::{
    AhoCorasick, Anchored, Input, MatchKind,
    packed::{self, Searcher},
};

/// Bytes folded and searched at a time: with the text itself, half of a usual 48 KiB first-level data cache.
const BLOCK: usize = 16 * 1024;

/// The compiled literals.
#[derive(Debug)]
pub(crate) struct Prefilter {
    /// All literals, in lower case.
    literals: Vec<Box<[u8]>>,
    /// For each literal that the finder knows: itself and all its extensions, as indices into `literals`.
    extensions: Vec<Vec<u16>>,
    finder: Finder,
    longest: usize,
}

#[derive(Debug)]
enum Finder {
    Nothing,
    Teddy(Searcher),
    Automaton(Box<AhoCorasick>),
}

impl Prefilter {
    /// Compiles distinct, non-empty, lower-case literals; occurrences are reported by their index.
    pub(crate) fn new(literals: Vec<Box<[u8]>>) -> Self {
        let is_root = |text: &[u8]| !literals.iter().any(|other| other.len() < text.len() && text.starts_with(other));
        let roots: Vec<&[u8]> = literals.iter().map(AsRef::as_ref).filter(|text| is_root(text)).collect();
        let extensions = roots
            .iter()
            .map(|root| (0..literals.len()).filter(|&i| literals[i].starts_with(root)).map(|i| i as u16).collect())
            .collect();
        let finder = Finder::new(&roots);
        let longest = literals.iter().map(|text| text.len()).max().unwrap_or(0);
        Self { extensions, finder, longest, literals }
    }

    /// Calls `found(start, literal)` for each occurrence that starts in `range`, in order of `start`. `folded` is a
    /// buffer to be reused.
    pub(crate) fn find(
        &self,
        folded: &mut Vec<u8>,
        bytes: &[u8],
        range: Range<usize>,
        mut found: impl FnMut(usize, usize),
    ) {
        if matches!(self.finder, Finder::Nothing) {
            return;
        }
        for block in range.clone().step_by(BLOCK) {
            let starts = BLOCK.min(range.end - block);
            let text = &bytes[block..bytes.len().min(block + starts + self.longest - 1)];
            folded.clear();
            folded.extend_from_slice(text);
            folded.make_ascii_lowercase();
            self.find_in_block(folded, starts, |start, literal| found(block + start, literal));
        }
    }

    fn find_in_block(&self, folded: &[u8], starts: usize, mut found: impl FnMut(usize, usize)) {
        let mut at = 0;
        while at < starts {
            let Some((start, root)) = self.finder.find(folded, at).filter(|&(start, _)| start < starts) else { return };
            for &literal in &self.extensions[root] {
                if folded[start..].starts_with(&self.literals[usize::from(literal)]) {
                    found(start, usize::from(literal));
                }
            }
            at = start + 1;
        }
    }
}

impl Finder {
    fn new(roots: &[&[u8]]) -> Self {
        if roots.is_empty() {
            return Self::Nothing;
        }
        let teddy = packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(roots).build();
        if let Some(searcher) = teddy {
            return Self::Teddy(searcher);
        }
        log::debug!("prefilter: Teddy declines {} literals; using an automaton", roots.len());
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(roots)
            .expect("far fewer literals than an automaton has states");
        Self::Automaton(Box::new(automaton))
    }

    /// The leftmost occurrence that starts at `at` or later, as its start and the literal's index.
    fn find(&self, text: &[u8], at: usize) -> Option<(usize, usize)> {
        match self {
            Self::Nothing => None,
            Self::Teddy(searcher) => {
                let span = aho_corasick::Span { start: at, end: text.len() };
                searcher.find_in(text, span).map(|found| (found.start(), found.pattern().as_usize()))
            }
            Self::Automaton(automaton) => {
                let input = Input::new(text).range(at..).anchored(Anchored::No);
                automaton.find(input).map(|found| (found.start(), found.pattern().as_usize()))
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
        fn many_literals_fall_back_to_an_automaton(text in "[a-c]{0,200}") {
            let words: Vec<String> = (0..200).map(|i| format!("{}{}{}{}", ['a', 'b', 'c'][i % 3], ['a', 'b', 'c'][i / 3 % 3],
                ['a', 'b', 'c'][i / 9 % 3], i)).chain(["abc".to_owned()]).collect();
            let literals: Vec<&str> = words.iter().map(String::as_str).collect();
            prop_assert_eq!(all(&literals, text.as_bytes(), 0..text.len()), naive(&literals, text.as_bytes(), 0..text.len()));
        }
    }
}
