//! One pass that finds every occurrence of the literals of known values. It is apart from the prefilter of the rules: case
//! matters, there is nothing to fold, and a run without known values pays nothing. Searched for are not the literals but
//! their last few bytes, a *key* of fixed length, so that vectorised search will do; a literal's end is rarer than its
//! start, where the prefix of a token is.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Literal, Use};
use crate::engine::leftmost::Leftmost;
use crate::model::Span;

/// Length of a key, in bytes; no literal is shorter.
pub(super) const KEY: usize = 6;
/// With more searches than this an automaton, whose speed does not depend on the number of keys, is faster.
const MOST_SEARCHES: usize = 4;

/// The compiled literals.
#[derive(Default)]
pub(super) struct Finder {
    searches: Vec<Search>,
    longest: usize,
}

/// Keys that are searched for together, and the literals that end in each.
struct Search {
    keys: Leftmost,
    literals: Vec<Vec<Literal>>,
}

impl Finder {
    /// Compiles literals of at least [`KEY`] bytes.
    pub(super) fn new(literals: Vec<Literal>) -> Self {
        let longest = literals.iter().map(|(text, _)| text.len()).max().unwrap_or(0);
        let mut by_key: BTreeMap<Box<[u8]>, Vec<Literal>> = BTreeMap::new();
        for (text, meaning) in literals {
            let same = by_key.entry(text[text.len() - KEY..].into()).or_default();
            if !same.contains(&(text.clone(), meaning)) {
                same.push((text, meaning));
            }
        }
        let all: Vec<_> = by_key.into_iter().collect();
        let at_once = if all.len() > Leftmost::MOST * MOST_SEARCHES { all.len() } else { Leftmost::MOST };
        Self { searches: all.chunks(at_once.max(1)).map(Search::new).collect(), longest }
    }

    /// The length of the longest literal, in bytes.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Calls `found` for each occurrence that starts in `range`.
    pub(super) fn find(&self, bytes: &[u8], range: Range<usize>, mut found: impl FnMut(Span, Use)) {
        let text = &bytes[range.start..bytes.len().min(range.end + self.longest.saturating_sub(1))];
        for search in &self.searches {
            let mut at = 0;
            while let Some((key_start, key)) = search.keys.find(text, at) {
                for (literal, meaning) in &search.literals[key] {
                    let Some(start) = (key_start + KEY).checked_sub(literal.len()) else { continue };
                    if start < range.len() && text[start..].starts_with(literal) {
                        found(Span::new(start, start + literal.len()).shifted(range.start), *meaning);
                    }
                }
                at = key_start + 1;
            }
        }
    }
}

impl Search {
    fn new(by_key: &[(Box<[u8]>, Vec<Literal>)]) -> Self {
        let keys = Leftmost::new(by_key.iter().map(|(key, _)| &key[..]));
        Self { keys, literals: by_key.iter().map(|(_, literals)| literals.clone()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_occurrence_is_found_by_few_keys_and_by_many() {
        let text = b"-abcabcabc-xabcabc.abcabc9";
        for fillers in [0, 100, 1000] {
            let mut literals: Vec<Literal> =
                (0..fillers).map(|i| (format!("filler{i:04}").into_bytes().into(), Use::Wrapped(0))).collect();
            let anchors = ["abcabc", "xabcabc", "abcabc9"].map(|anchor| (anchor.as_bytes().into(), Use::Anchor));
            literals.extend(anchors);
            let finder = Finder::new(literals);
            let found = |range: Range<usize>| {
                let mut found = Vec::new();
                finder.find(text, range, |span, meaning| {
                    assert!(meaning == Use::Anchor, "no filler is there");
                    found.push((span.start, span.len()));
                });
                found.sort_unstable();
                found
            };
            assert_eq!(found(0..text.len()), [(1, 6), (4, 6), (11, 7), (12, 6), (19, 6), (19, 7)]);
            assert_eq!(found(2..12), [(4, 6), (11, 7)]);
            assert_eq!(found(19..20), [(19, 6), (19, 7)]);
        }
    }

    #[test]
    fn nothing_is_found_by_nothing() {
        Finder::new(Vec::new()).find(b"some text", 0..9, |_, _| panic!("there is nothing to find"));
        Finder::default().find(b"", 0..0, |_, _| panic!("there is nothing to find"));
    }
}
