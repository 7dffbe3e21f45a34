//! One pass that finds every occurrence of every literal, in any ASCII case. What an occurrence means is `anchors.rs`'s.
//!
//! A block of text is folded to lower case into a buffer that stays in the first-level cache. Literals of four bytes and
//! more are found there by their grams (`grams.rs`), whatever their number. Shorter ones, of which there are few, are left
//! to a search for several at once (`leftmost.rs`).

use std::ops::Range;

use super::anchors::Literals;
use super::builtin;
use super::grams::{self, Grams};
use super::leftmost::Leftmost;

/// Bytes folded and searched at a time: with the text itself and the table of grams, a usual first-level data cache.
const BLOCK: usize = 6 * 1024;

/// The compiled literals.
#[derive(Debug)]
pub(crate) struct Prefilter {
    literals: Literals,
    grams: Grams,
    short: Vec<Short>,
}

/// Literals that are too short for grams.
#[derive(Debug)]
struct Short {
    finder: Leftmost,
    /// Which literals they are.
    literals: Vec<usize>,
}

impl Prefilter {
    /// Compiles literals, none of them empty; occurrences are reported by their index.
    pub(crate) fn new(literals: Literals) -> Self {
        let grams = Grams::of(literals.iter().enumerate());
        Self::with(literals, grams)
    }

    /// The literals of the built-in rules, with encoded text decoded.
    pub(crate) fn builtin() -> Self {
        Self::with(builtin::LITERALS, builtin::GRAMS)
    }

    fn with(literals: Literals, grams: Grams) -> Self {
        let is_short = |(_, text): &(usize, &[u8])| text.len() < grams::SHORTEST;
        let mut short: Vec<(usize, &[u8])> = literals.iter().enumerate().filter(is_short).collect();
        // Of two literals at one place a search tells one: so no search has two of which one begins with the other.
        short.sort_by_key(|(_, text)| text.len());
        let same_length = short.chunk_by(|(_, one), (_, other)| one.len() == other.len());
        let short = same_length.flat_map(|short| short.chunks(Leftmost::MOST)).map(Short::new).collect();
        Self { grams, short, literals }
    }

    /// What is searched for.
    pub(crate) fn literals(&self) -> &Literals {
        &self.literals
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
            let text = &bytes[block..bytes.len().min(block + starts + self.literals.longest.saturating_sub(1))];
            folded.clear();
            folded.extend_from_slice(text);
            folded.make_ascii_lowercase();
            self.short
                .iter()
                .for_each(|short| short.find(folded, starts, |start, literal| found(block + start, literal)));
            folded.resize(text.len() + grams::PADDING, 0);
            self.grams.find(folded, text.len(), |start, literal| {
                if start < starts && folded[start..text.len()].starts_with(self.literals.get(literal)) {
                    found(block + start, literal);
                }
            });
        }
    }
}

impl Short {
    fn new(literals: &[(usize, &[u8])]) -> Self {
        let finder = Leftmost::new(literals.iter().map(|(_, text)| *text));
        Self { finder, literals: literals.iter().map(|(index, _)| *index).collect() }
    }

    /// Calls `found(start, literal)` for each occurrence that starts before `until`.
    fn find(&self, text: &[u8], until: usize, mut found: impl FnMut(usize, usize)) {
        let mut at = 0;
        while let Some((start, short)) = self.finder.find(text, at).filter(|(start, _)| *start < until) {
            found(start, self.literals[short]);
            at = start + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(literals: &[&str], text: &[u8], range: Range<usize>) -> Vec<(usize, usize)> {
        let prefilter = Prefilter::new(Literals::plain(literals));
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
        fn many_literals_are_found_as_few_are(text in "[a-c]{0,200}") {
            let words: Vec<String> = (0..200).map(|i| format!("{}{}{}{}", ['a', 'b', 'c'][i % 3], ['a', 'b', 'c'][i / 3 % 3],
                ['a', 'b', 'c'][i / 9 % 3], i)).chain(["abc".to_owned()]).collect();
            let literals: Vec<&str> = words.iter().map(String::as_str).collect();
            prop_assert_eq!(all(&literals, text.as_bytes(), 0..text.len()), naive(&literals, text.as_bytes(), 0..text.len()));
        }
    }
}
