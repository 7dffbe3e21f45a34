//! Where the secret in a match begins, told by what stands before it alone. The regex with its groups tells it always, but by an
//! automaton that takes some dozen times as long for a byte as that which finds the match. So the places are counted where
//! what stands before the secret may end and the secret may begin: one of them is the right one, and mostly there is one.

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson;
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::model::Span;

/// What stands before the secret in a regex, as an automaton.
#[derive(Debug)]
pub(crate) struct Head {
    dfa: DFA,
    /// By byte, whether the secret may begin with it.
    first: [bool; 256],
    /// How long what stands behind the secret is, in bytes.
    tail: usize,
}

impl Head {
    /// Of a pattern that the loader of rules has checked. None if its secret stands in a part that may be left out or repeated,
    /// or if what follows it may be of several lengths.
    pub(crate) fn new(pattern: &str) -> Option<Self> {
        let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).ok()?;
        let HirKind::Concat(parts) = hir.kind() else { return None };
        let at = parts.iter().position(|part| matches!(part.kind(), HirKind::Capture(_)))?;
        let tail = Hir::concat(parts[at + 1..].to_vec());
        let tail = tail.properties().maximum_len().filter(|len| tail.properties().minimum_len() == Some(*len))?;
        let mut first = [false; 256];
        begin(&parts[at], &mut first);
        let config = thompson::Config::new().utf8(false).which_captures(thompson::WhichCaptures::None);
        let head = Hir::concat(parts[..at].to_vec());
        let nfa = thompson::Compiler::new().configure(config).build_from_hir(&head).ok()?;
        let config = DFA::config().match_kind(MatchKind::All).skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        Some(Self { dfa, first, tail })
    }

    pub(crate) fn cache(&self) -> Cache {
        self.dfa.create_cache()
    }

    /// The secret of the match `whole`, if only one can be. The bytes that were read are added to `read`.
    pub(crate) fn only_secret(&self, cache: &mut Cache, bytes: &[u8], whole: Span, read: &mut usize) -> Option<Span> {
        let end = whole.end.checked_sub(self.tail)?;
        let mut only = None;
        let mut state = self.start(cache, bytes, whole.start)?;
        for (place, &byte) in (whole.start..end).zip(&bytes[whole.start..end]) {
            *read += 1;
            state = self.dfa.next_state(cache, state, byte).ok()?;
            if !state.is_tagged() {
                continue;
            }
            if state.is_dead() {
                break;
            }
            // A match is told one byte late.
            if state.is_match() && self.first[usize::from(byte)] && only.replace(place).is_some() {
                return None;
            }
        }
        only.map(|start| Span::new(start, end))
    }

    fn start(&self, cache: &mut Cache, bytes: &[u8], at: usize) -> Option<LazyStateID> {
        let input = Input::new(bytes).range(at..).anchored(Anchored::Yes);
        self.dfa.start_state_forward(cache, &input).ok()
    }
}

/// Marks the bytes that a text matched by `hir` may begin with; false if it may be empty.
fn begin(hir: &Hir, first: &mut [bool; 256]) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => {
            first[usize::from(literal.0[0])] = true;
            true
        }
        HirKind::Class(Class::Bytes(class)) => {
            let bytes = class.ranges().iter().flat_map(|range| range.start()..=range.end());
            bytes.for_each(|byte| first[usize::from(byte)] = true);
            true
        }
        // Of characters beyond ASCII any byte may be the first.
        HirKind::Class(Class::Unicode(_)) => {
            first.fill(true);
            true
        }
        HirKind::Repetition(repetition) => begin(&repetition.sub, first) && repetition.min > 0,
        HirKind::Capture(capture) => begin(&capture.sub, first),
        HirKind::Concat(parts) => parts.iter().any(|part| begin(part, first)),
        HirKind::Alternation(parts) => {
            let empty = parts.iter().filter(|part| !begin(part, first)).count();
            empty == 0
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex_automata::meta::Regex;
    use regex_automata::util::syntax;

    use super::*;

    /// Two of them may begin the secret at more than one place.
    const PATTERNS: [&str; 7] = [
        "a[= ]{1,3}(?<secret>[ab]{2,4})",
        "(?:a|ab)=?(?<secret>[ab=]{2,})",
        "(?:ab?)+[= ](?<secret>(?:a|=b){2,3})=",
        "a[ab=]{0,3}?(?<secret>b=|ba)",
        "a[ab= ]{0,9}(?<secret>=[ab]{2})",
        "(?:a|b)(?<secret>[ab]{2}=?)[= ]",
        "(?:a=|b)*(?<secret>a[ab]{2})",
    ];

    fn told(pattern: &str, text: &[u8]) -> Option<(Span, Span)> {
        let regex = Regex::builder().syntax(syntax::Config::new().unicode(false).utf8(false)).build(pattern);
        let regex = regex.expect("the patterns compile");
        let mut captures = regex.create_captures();
        regex.captures(Input::new(text).anchored(Anchored::Yes), &mut captures);
        let span = |index: usize| captures.get_group(index).map(|span| Span::new(span.start, span.end));
        Some((span(0)?, span(1)?))
    }

    proptest! {
        #[test]
        fn what_is_told_is_what_the_groups_tell(text in "[ab][ab= ]{2,14}") {
            for pattern in PATTERNS {
                let (Some(head), Some((whole, secret))) = (Head::new(pattern), told(pattern, text.as_bytes())) else {
                    continue;
                };
                let only = head.only_secret(&mut head.cache(), text.as_bytes(), whole, &mut 0);
                prop_assert!(only.is_none_or(|only| only == secret), "{}: {:?}, not {:?}", pattern, only, secret);
            }
        }
    }

    #[test]
    fn tells_a_secret_behind_a_name() {
        let pattern = r#"key["']?[ \t]{0,6}[:=][ \t]{0,6}["']?(?<secret>[^\s"']{5,99})"#;
        let head = Head::new(pattern).expect("the secret stands in every match");
        for text in ["key=abcdef", "key = \"abcdef\"", "key':   'a=b:cdef' x"] {
            let (whole, secret) = told(pattern, text.as_bytes()).expect("the pattern matches");
            assert_eq!(head.only_secret(&mut head.cache(), text.as_bytes(), whole, &mut 0), Some(secret), "{text}");
        }
        let (whole, _) = told(pattern, b"key: :abcdef").expect("the pattern matches");
        assert_eq!(head.only_secret(&mut head.cache(), b"key: :abcdef", whole, &mut 0).map(|it| it.start), Some(5));
    }

    #[test]
    fn says_nothing_of_what_has_no_fixed_place() {
        for pattern in ["(?<secret>abcd)", "(?:key=(?<secret>abcd))?x", "key=(?<secret>abcd)e?"] {
            assert!(Head::new(pattern).is_none(), "{pattern}");
        }
    }
}
