//! Literals of which every match of an expression contains one: lines without any of them need no automaton. It declines
//! (and the automaton sees all of the text) if some alternative has no literal of three bytes, if there are more than the
//! vector search takes, or if the processor has none.

use aho_corasick::packed::{Config, Searcher};
use regex_syntax::hir::{Hir, HirKind};

/// Shorter ones are on too many lines to be worth the look.
const SHORTEST: usize = 3;
/// As many as the vector search can take.
const MOST: usize = 64;

/// Finds the literals of `hir`.
pub(super) fn searcher(hir: &Hir) -> Option<Searcher> {
    let literals = required(hir).filter(|literals| is_good(literals))?;
    Config::new().builder().extend(literals).build()
}

/// A set of literals of which every match contains one.
fn required(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![literal.0.to_vec()]),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(required).max_by_key(|literals| shortest(literals)),
        HirKind::Alternation(parts) => {
            let each: Option<Vec<_>> = parts.iter().map(required).collect();
            Some(each?.concat())
        }
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

fn shortest(literals: &[Vec<u8>]) -> usize {
    literals.iter().map(Vec::len).min().unwrap_or_default()
}

fn is_good(literals: &[Vec<u8>]) -> bool {
    shortest(literals) >= SHORTEST && literals.len() <= MOST
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::{aws, ere};

    fn of(pattern: &str) -> Option<Vec<String>> {
        let literals = required(&ere::parse(pattern.as_bytes()).expect("an expression"))?;
        let text = |literal: Vec<u8>| String::from_utf8(literal).expect("the pattern is UTF-8");
        is_good(&literals).then(|| literals.into_iter().map(text).collect())
    }

    #[test]
    fn the_longest_part_that_cannot_be_missing_is_taken() {
        let some = |literals: &[&str]| Some(literals.iter().map(|literal| (*literal).to_owned()).collect());
        assert_eq!(of("(foo)?_+barn.abc"), some(&["barn"]));
        assert_eq!(of("(KEY|key|Key)=[0-9]{4}"), some(&["KEY", "key", "Key"]));
        assert_eq!(of("(abcd){2}"), some(&["abcd"]));
        assert_eq!(of("abcd|[0-9]+"), None);
        assert_eq!(of("(abcd)*"), None);
        assert_eq!(of("ab.cd"), None);
    }

    #[test]
    fn the_patterns_for_aws_have_literals() {
        for pattern in aws::PATTERNS {
            assert!(of(pattern).is_some(), "{pattern}");
        }
    }
}
