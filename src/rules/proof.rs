//! The proof that anchors do for a regex what the engine relies on: that no text the regex matches lacks an anchor (so
//! that looking only around anchors loses nothing), and whether every match starts with one.
//!
//! Both are questions about two automata. The regex's own NFA is walked together with a small automaton that watches
//! for the anchors; if the pair can reach a match without the anchor having been seen, the bytes on the way are a
//! counterexample, and the shortest one is given. The answer is exact, whatever the regex looks like: walking the
//! syntax tree instead can only prove what it happens to know how to take apart, and has no counterexample to show.
//!
//! Not a matcher: paths are taken regardless of greed and priority, so that any way to match counts.

use std::collections::BTreeMap;

use regex_automata::nfa::thompson::{NFA, State, Transition};
use regex_automata::util::primitives::StateID;

use super::pattern;

/// The anchors of a rule, as they are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchors<'a> {
    /// The literals; in lower case if `ignore_case`.
    pub literals: &'a [&'a [u8]],
    /// Whether the text is compared in lower case.
    pub ignore_case: bool,
}

/// The shortest text that `nfa` matches and that contains none of the anchors.
pub(super) fn match_without(nfa: &NFA, anchors: Anchors<'_>) -> Option<Vec<u8>> {
    escape(nfa, &Watch::containing(anchors))
}

/// Whether `nfa` matches a text that contains none of the anchors; that is quicker to find out than which one is the shortest.
pub(super) fn matches_without(nfa: &NFA, anchors: Anchors<'_>) -> bool {
    reaches_match(nfa, &Watch::containing(anchors))
}

/// Whether every text that `nfa` matches starts with one of the anchors.
pub(super) fn starts_with_anchor(nfa: &NFA, anchors: Anchors<'_>) -> bool {
    escape(nfa, &Watch::starting(anchors)).is_none()
}

/// Those of `anchors` that `pattern` needs so that each of its matches contains one; None if a match contains none of them,
/// or the pattern cannot be compiled. None of them contains another.
pub fn needed_anchors(pattern: &str, mut anchors: Vec<String>, ignore_case: bool) -> Option<Vec<String>> {
    let nfa = pattern::compile(pattern).ok()?;
    anchors.sort_by_key(|anchor| (anchor.len(), anchor.clone()));
    anchors.dedup();
    let all = anchors.clone();
    anchors.retain(|anchor| !all.iter().any(|other| other != anchor && anchor.contains(other.as_str())));
    let is_without = |anchors: &[String]| {
        let literals: Vec<&[u8]> = anchors.iter().map(String::as_bytes).collect();
        matches_without(&nfa, Anchors { literals: &literals, ignore_case })
    };
    if is_without(&anchors) {
        return None;
    }
    for index in (0..anchors.len()).rev() {
        let anchor = anchors.remove(index);
        if is_without(&anchors) {
            anchors.insert(index, anchor);
        }
    }
    Some(anchors)
}

/// State of a [`Watch`] once it has seen an anchor; there it would stay.
const SEEN: usize = usize::MAX;

/// A deterministic automaton that watches for anchors in the bytes it is fed.
struct Watch {
    /// By state and then by index into `alphabet`, the next state; the last column is for any byte of no anchor.
    next: Vec<Vec<usize>>,
    start: usize,
    /// The bytes of the anchors.
    alphabet: Vec<u8>,
    ignore_case: bool,
}

impl Watch {
    /// Watches for an anchor anywhere: a state is the longest end of the text that is the beginning of an anchor.
    fn containing(anchors: Anchors<'_>) -> Self {
        Self::new(anchors, |text, states| {
            if anchors.literals.iter().any(|anchor| text.ends_with(anchor)) {
                return SEEN;
            }
            let ends = (0..text.len()).map(|from| &text[from..]);
            ends.into_iter().find_map(|end| states.get(end)).copied().unwrap_or(0)
        })
    }

    /// Watches for an anchor at the start: a state is the whole text, or one more, out of which there is no way.
    fn starting(anchors: Anchors<'_>) -> Self {
        let mut watch = Self::new(anchors, |text, states| {
            if anchors.literals.contains(&text) { SEEN } else { states.get(text).copied().unwrap_or(states.len()) }
        });
        let lost = watch.next.len();
        watch.next.push(vec![lost; watch.alphabet.len() + 1]);
        watch
    }

    /// States are the beginnings of anchors, the empty one first; `step` says where a state's text and one more byte
    /// lead. Any byte outside the alphabet is one more letter, which no anchor has.
    fn new(anchors: Anchors<'_>, step: impl Fn(&[u8], &BTreeMap<&[u8], usize>) -> usize) -> Self {
        let mut alphabet: Vec<u8> = anchors.literals.concat();
        alphabet.sort_unstable();
        alphabet.dedup();
        let beginnings = anchors.literals.iter().flat_map(|anchor| (0..anchor.len()).map(|to| &anchor[..to]));
        let mut states: BTreeMap<&[u8], usize> = beginnings.map(|text| (text, 0)).collect();
        states.entry(b"").or_default();
        states.values_mut().enumerate().for_each(|(index, state)| *state = index);
        let foreign = (0..=u8::MAX).find(|byte| !alphabet.contains(byte));
        let letters: Vec<u8> = alphabet.iter().copied().chain(foreign).collect();
        let row = |text: &[u8]| letters.iter().map(|&letter| step(&[text, &[letter]].concat(), &states)).collect();
        let next = states.keys().map(|text| row(text)).collect();
        Self { next, start: 0, alphabet, ignore_case: anchors.ignore_case }
    }

    fn step(&self, state: usize, byte: u8) -> usize {
        let byte = if self.ignore_case { byte.to_ascii_lowercase() } else { byte };
        let letter = self.alphabet.binary_search(&byte).unwrap_or(self.alphabet.len());
        self.next[state][letter]
    }

    /// Whether no anchor has this byte, so that it is to the watch as any other such byte is.
    fn foreign(&self, byte: u8) -> bool {
        let byte = if self.ignore_case { byte.to_ascii_lowercase() } else { byte };
        self.alphabet.binary_search(&byte).is_err()
    }

    /// Bytes of a transition that stand for all of them: each byte of an anchor, and one of the others, readable if
    /// there is one.
    fn representatives(&self, transition: &Transition) -> impl Iterator<Item = u8> {
        let bytes = transition.start..=transition.end;
        let readable = bytes.clone().find(|&byte| self.foreign(byte) && byte.is_ascii_alphanumeric());
        let other = readable.or_else(|| bytes.clone().find(|&byte| self.foreign(byte)));
        bytes.filter(|&byte| !self.foreign(byte)).chain(other)
    }
}

/// A pair of states, and how the search came there.
struct Step {
    nfa: StateID,
    watch: usize,
    /// Index of the step before and the byte between; None between two states joined without a byte.
    from: Option<usize>,
    byte: Option<u8>,
}

/// Depth first, whether `nfa` can come to a match while `watch` has seen nothing. Where it can, few steps lead there.
fn reaches_match(nfa: &NFA, watch: &Watch) -> bool {
    let mut visited = vec![false; nfa.states().len() * watch.next.len()];
    let mut open = vec![(nfa.start_anchored(), watch.start)];
    while let Some((id, watched)) = open.pop() {
        if std::mem::replace(&mut visited[id.as_usize() * watch.next.len() + watched], true) {
            continue;
        }
        let state = nfa.state(id);
        if matches!(state, State::Match { .. }) {
            return true;
        }
        let next = moves(state, watch).into_iter();
        let next = next.map(|(byte, next)| (next, byte.map_or(watched, |byte| watch.step(watched, byte))));
        open.extend(next.filter(|(_, watched)| *watched != SEEN));
    }
    false
}

/// Breadth first, the shortest text with which `nfa` comes to a match while `watch` has seen nothing.
fn escape(nfa: &NFA, watch: &Watch) -> Option<Vec<u8>> {
    let first = Step { nfa: nfa.start_anchored(), watch: watch.start, from: None, byte: None };
    let visited = vec![false; nfa.states().len() * watch.next.len()];
    let mut search = Search { nfa, watch, visited, steps: vec![first] };
    let mut index = 0;
    loop {
        // Steps without a byte join those they start from, so that each round is one length of text.
        let mut longer = Vec::new();
        while index < search.steps.len() {
            if search.visit(index, &mut longer) {
                return Some(search.text_to(index));
            }
            index += 1;
        }
        if longer.is_empty() {
            return None;
        }
        search.steps.append(&mut longer);
    }
}

struct Search<'a> {
    nfa: &'a NFA,
    watch: &'a Watch,
    /// By state of the NFA and then of the watch.
    visited: Vec<bool>,
    steps: Vec<Step>,
}

impl Search<'_> {
    /// Whether this step has come to a match. If not, the steps after it are noted: those of one more byte in `longer`.
    fn visit(&mut self, index: usize, longer: &mut Vec<Step>) -> bool {
        let Step { nfa, watch, .. } = self.steps[index];
        let pair = nfa.as_usize() * self.watch.next.len() + watch;
        if std::mem::replace(&mut self.visited[pair], true) {
            return false;
        }
        for (byte, next) in moves(self.nfa.state(nfa), self.watch) {
            let watch = byte.map_or(watch, |byte| self.watch.step(watch, byte));
            if watch != SEEN {
                let step = Step { nfa: next, watch, from: Some(index), byte };
                if byte.is_some() { longer.push(step) } else { self.steps.push(step) }
            }
        }
        matches!(self.nfa.state(nfa), State::Match { .. })
    }

    fn text_to(&self, last: usize) -> Vec<u8> {
        let back = std::iter::successors(Some(last), |&index| self.steps[index].from);
        let mut text: Vec<u8> = back.filter_map(|index| self.steps[index].byte).collect();
        text.reverse();
        text
    }
}

/// The bytes, or no byte, by which a state of the NFA is left. Look-around is passed as if it always held; a rule's
/// regex has none.
fn moves(state: &State, watch: &Watch) -> Vec<(Option<u8>, StateID)> {
    let by = |transition: &Transition| {
        let next = transition.next;
        watch.representatives(transition).map(move |byte| (Some(byte), next)).collect::<Vec<_>>()
    };
    match state {
        State::ByteRange { trans } => by(trans),
        State::Sparse(sparse) => sparse.transitions.iter().flat_map(by).collect(),
        State::Dense(dense) => (0..=u8::MAX).filter_map(|byte| Some((Some(byte), dense.matches_byte(byte)?))).collect(),
        State::Union { alternates } => alternates.iter().map(|&next| (None, next)).collect(),
        State::BinaryUnion { alt1, alt2 } => vec![(None, *alt1), (None, *alt2)],
        State::Look { next, .. } | State::Capture { next, .. } => vec![(None, *next)],
        State::Fail | State::Match { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(regex: &str, anchors: &[&str], ignore_case: bool) -> Option<String> {
        let nfa = pattern::compile(regex).expect("a regex that compiles");
        let literals: Vec<&[u8]> = anchors.iter().map(|anchor| anchor.as_bytes()).collect();
        let anchors = Anchors { literals: &literals, ignore_case };
        let text = match_without(&nfa, anchors);
        assert_eq!(matches_without(&nfa, anchors), text.is_some(), "{regex}");
        text.map(|text| text.escape_ascii().to_string())
    }

    fn anchored(regex: &str, anchors: &[&str]) -> bool {
        let nfa = pattern::compile(regex).expect("a regex that compiles");
        let literals: Vec<&[u8]> = anchors.iter().map(|anchor| anchor.as_bytes()).collect();
        starts_with_anchor(&nfa, Anchors { literals: &literals, ignore_case: false })
    }

    #[test]
    fn proves_what_holds() {
        for (regex, anchors, ignore_case) in [
            ("(AKIA[A-Z2-7]{16})", &["AKIA"][..], false),
            ("(AKIA|ASIA)[A-Z]{4}", &["AKIA", "ASIA"], false),
            ("A(?:KI|SI)A", &["AKIA", "ASIA"], false),
            ("[AB]KIA", &["AKIA", "BKIA"], false),
            ("[^a]*?key=x", &["key="], false),
            ("(?:abc){1,3}", &["abc"], false),
            ("(?:ab){2}", &["bab"], false),
            ("(?i)secret", &["secret"], true),
            ("sec[_-]?ret", &["secret", "sec_ret", "sec-ret"], false),
            ("(?:x?secret|secrets?y)", &["secret"], false),
            ("aab", &["aab"], false),
            ("aaab", &["aab"], false),
            ("x*aXbXc", &["aXb", "bXc"], false),
        ] {
            assert_eq!(without(regex, anchors, ignore_case), None, "{regex}");
        }
    }

    #[test]
    fn shows_the_shortest_counterexample() {
        for (regex, anchors, ignore_case, text) in [
            ("(?:AKIA|ASIA)[A-Z]{4}", &["AKIA"][..], false, "ASIAAAAA"),
            ("(?i)secret", &["secret"], false, "SECRET"),
            ("(?:secret)?=[0-9]", &["secret"], false, "=0"),
            ("sec[_-]?ret", &["sec_ret", "sec-ret"], false, "secret"),
            ("(?:abc)*", &["abc"], false, ""),
            ("k[e3]y", &["key"], false, "k3y"),
            ("x{2,9}", &["xxx"], false, "xx"),
            ("abc", &[], false, "abc"),
            ("\\x00\\xff", &["abc"], false, "\\x00\\xff"),
        ] {
            assert_eq!(without(regex, anchors, ignore_case).as_deref(), Some(text), "{regex}");
        }
    }

    #[test]
    fn knows_where_a_match_starts() {
        for (regex, anchors, starts) in [
            ("AKIA[A-Z]{4}", &["AKIA"][..], true),
            ("(?:AKIA|ASIA)[A-Z]{4}", &["AKIA", "ASIA"], true),
            ("(?:A[KS]IA)[A-Z]{4}", &["AKIA", "ASIA"], true),
            ("x?AKIA", &["AKIA"], false),
            ("xAKIA", &["AKIA"], false),
            ("(?:AKIA)?AKIA", &["AKIA"], true),
            ("AAKIA", &["AKIA"], false),
        ] {
            assert_eq!(anchored(regex, anchors), starts, "{regex}");
        }
    }
}
