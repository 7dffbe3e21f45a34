//! One pass that finds every occurrence of every literal in a case that counts, and some places more that look like one. What an
//! occurrence means is `anchors.rs`'s. Where one may stand is told by `grams.rs`; here it is compared with the text.

use std::ops::Range;

use super::anchors::Literals;
use super::builtin;
use super::grams::Grams;

/// The compiled literals.
#[derive(Debug)]
pub(crate) struct Prefilter {
    literals: Literals,
    grams: Grams,
}

impl Prefilter {
    /// Compiles literals, each at least three bytes long; occurrences are reported by their index.
    pub(crate) fn new(literals: Literals) -> Self {
        let grams = Grams::of(literals.iter().enumerate(), |literal, at| literals.spelled(literal, at));
        Self { literals, grams }
    }

    /// The literals of the built-in rules, with encoded text decoded.
    pub(crate) fn builtin() -> Self {
        Self { literals: builtin::LITERALS, grams: builtin::GRAMS }
    }

    /// What is searched for.
    pub(crate) fn literals(&self) -> &Literals {
        &self.literals
    }

    /// Calls `found(start, literal)` once for each occurrence that starts in `range`, in no particular order. Where no
    /// use of a literal fits, it may be told, too.
    pub(crate) fn find(&self, bytes: &[u8], range: Range<usize>, mut found: impl FnMut(usize, usize)) {
        let keys = range.start..bytes.len().min(range.end + self.literals.longest.saturating_sub(1));
        self.grams.find(bytes, keys, |start, literal| {
            if range.contains(&start) && self.literals.may_stand_at(literal, &bytes[start..]) {
                found(start, literal);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(literals: &[&str], text: &[u8], range: Range<usize>) -> Vec<(usize, usize)> {
        let prefilter = Prefilter::new(Literals::plain(literals));
        let mut found = Vec::new();
        prefilter.find(text, range, |start, literal| found.push((start, literal)));
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
    fn finds_wherever_the_text_is_cut() {
        for shift in 0..200 {
            let mut text = vec![b'.'; 9000];
            text[4200 - shift..][..4].copy_from_slice(b"AKIA");
            assert_eq!(all(&["akia", "://"], &text, 0..9000), [(4200 - shift, 0)]);
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
