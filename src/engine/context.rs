//! The words that must stand near a match of some rules. What is looked at depends on the match alone; what was looked
//! at for one match is not read again for the next, so that many matches close together cost no more than one.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input};

use crate::model::Span;
use crate::rules::Context;

/// Hits are close together if there is one to so many bytes.
const CLOSE: usize = 64;

/// Whether `hits` (sorted by start) are so close together that to look for words in all of the text around them, so many bytes to
/// each side, takes less than to look for a match around each.
pub(crate) fn are_close(hits: &[Span], around: usize) -> bool {
    let (Some(first), Some(last)) = (hits.first(), hits.last()) else { return false };
    last.end - first.start + 2 * around <= hits.len() * CLOSE
}

/// The words of a rule, compiled.
#[derive(Debug)]
pub(crate) struct Words {
    automaton: AhoCorasick,
    /// The same for text that is made of anchors, which often are parts of the words, so that to look for a rare byte of these
    /// first is in vain; made when first needed.
    of_anchors: OnceLock<AhoCorasick>,
    context: Context,
}

impl Words {
    pub(crate) fn new(context: &Context) -> Self {
        let automaton = compile(context, AhoCorasickKind::ContiguousNFA, true);
        Self { automaton, of_anchors: OnceLock::new(), context: context.clone() }
    }

    /// Leaves of `hits` (sorted by start), of a rule whose matches are so long at most, those around which a match may have a
    /// word near it.
    pub(crate) fn retain_hits(&self, bytes: &[u8], longest: usize, hits: &mut Vec<Span>) {
        let automaton = self.of_anchors.get_or_init(|| compile(&self.context, AhoCorasickKind::DFA, false));
        let mut next = NextWord { automaton, word: None, none: Span::default() };
        hits.retain(|hit| {
            let start = hit.end.saturating_sub(longest);
            let around = Span::new(start, bytes.len().min(hit.start + longest).max(start));
            next.is_in(bytes, self.window(bytes, around))
        });
    }

    /// The text in which a word must stand, for this secret.
    pub(crate) fn window(&self, bytes: &[u8], secret: Span) -> Span {
        let within = self.context.within;
        Span::new(secret.start.saturating_sub(within), bytes.len().min(secret.end + within))
    }

    /// The first word in the window.
    pub(crate) fn first(&self, bytes: &[u8], window: Span) -> Option<Span> {
        first(&self.automaton, bytes, window)
    }
}

fn compile(context: &Context, kind: AhoCorasickKind, prefilter: bool) -> AhoCorasick {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(kind))
        .prefilter(prefilter)
        .build(context.words.iter().map(|word| word.as_bytes()))
        .expect("a few short words fit into an automaton")
}

fn first(automaton: &AhoCorasick, bytes: &[u8], window: Span) -> Option<Span> {
    let input = Input::new(bytes).span(window.range());
    automaton.find(input).map(|found| Span::new(found.start(), found.end()))
}

/// The next word of a text, asked for window after window. It is looked for further than it is asked for, since to begin a search
/// takes as long as to read some dozens of bytes.
struct NextWord<'a> {
    automaton: &'a AhoCorasick,
    /// The first of those that begin in or behind `none` to end, if one was found.
    word: Option<Span>,
    /// No word begins in it or behind it that ends in it.
    none: Span,
}

impl NextWord<'_> {
    /// Bytes that are looked at in one go.
    const FAR: usize = if cfg!(test) { 8 } else { 4096 };

    /// Whether a word lies in the window. It takes least if windows come by start.
    fn is_in(&mut self, bytes: &[u8], window: Span) -> bool {
        let is_known = self.none.start <= window.start && window.start <= self.none.end;
        if let Some(word) = self.word.filter(|word| is_known && window.start <= word.start) {
            return word.end <= window.end;
        }
        if !is_known || self.word.take().is_some() {
            self.none = Span::new(window.start, window.start);
        }
        while self.none.end < window.end {
            let longest = self.automaton.max_pattern_len();
            let from = window.start.max(self.none.end.saturating_sub(longest - 1));
            let to = bytes.len().min(window.end + Self::FAR);
            self.word = first(self.automaton, bytes, Span::new(from, to));
            if let Some(word) = self.word {
                self.none.end = self.none.end.max(word.start);
                return word.end <= window.end;
            }
            self.none.end = to;
        }
        false
    }
}

/// Answers for one match after the other.
#[derive(Debug)]
pub(crate) struct Nearby<'a> {
    words: Option<&'a Words>,
    /// The last window that was asked for, and the first word in it.
    last: Option<(Span, Option<Span>)>,
    /// Where the last secret ended, if one came.
    end: Option<usize>,
}

impl<'a> Nearby<'a> {
    /// Of a rule that asks for words, or for none.
    pub(crate) const fn new(words: Option<&'a Words>) -> Self {
        Self { words, last: None, end: None }
    }

    /// Whether `secret` comes so close behind the one before it that to look for words takes less than all else.
    pub(crate) fn comes_close(&mut self, secret: Span) -> bool {
        let before = self.end.replace(secret.end);
        self.words.is_some_and(|words| before.is_some_and(|end| secret.start < end + words.context.within))
    }

    /// Whether what the rule asks for stands near `secret`.
    pub(crate) fn holds(&mut self, bytes: &[u8], secret: Span) -> bool {
        let Some(words) = self.words else { return true };
        let window = words.window(bytes, secret);
        let word = match self.last {
            Some((_, Some(word))) if window.contains(word) => Some(word),
            // All of the earlier window that this one shares is known to hold no word, but one may cross its end.
            Some((known, None)) if known.start <= window.start && known.end <= window.end => {
                let from = window.start.max(known.end.saturating_sub(words.automaton.max_pattern_len() - 1));
                words.first(bytes, Span::new(from.min(window.end), window.end))
            }
            _ => words.first(bytes, window),
        };
        self.last = Some((window, word));
        word.is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;

    fn words(words: &'static [&'static str], within: usize) -> Words {
        let words: Vec<Cow<'static, str>> = words.iter().map(|&word| Cow::Borrowed(word)).collect();
        Words::new(&Context { words: Cow::Owned(words), within })
    }

    #[test]
    fn a_word_counts_in_any_case_within_the_distance() {
        let words = words(&["octopus"], 12);
        let holds = |text: &str| {
            let at = text.find("API-").expect("the text has the secret");
            Nearby::new(Some(&words)).holds(text.as_bytes(), Span::new(at, at + 4))
        };
        assert!(holds("OctopusKey=API-"));
        assert!(holds("API- octopus"));
        assert!(!holds("octopus, its key: API-"));
        assert!(!holds("API-"));
        assert!(Nearby::new(None).holds(b"API-", Span::new(0, 4)));
    }

    #[test]
    fn hits_far_apart_are_not_looked_at_for_words() {
        let hits = |step: usize| -> Vec<Span> { (0..100).map(|at| Span::new(at * step, at * step + 4)).collect() };
        assert!(are_close(&hits(9), 100) && !are_close(&hits(9), 10_000) && !are_close(&hits(100), 100));
        assert!(!are_close(&[], 0));
    }

    proptest! {
        #[test]
        fn hits_without_a_word_near_any_match_are_dropped(
            text in "[ab ]{0,80}",
            starts in prop::collection::btree_set(0usize..80, 1..10),
            (longest, within) in (3usize..20, 1usize..20),
        ) {
            let words = words(&["aab", "bba"], within);
            let text = text.as_bytes();
            let all: Vec<Span> =
                starts.into_iter().filter(|start| start + 3 <= text.len()).map(|at| Span::new(at, at + 3)).collect();
            let mut hits = all.clone();
            words.retain_hits(text, longest, &mut hits);
            let around = |hit: &Span| {
                let (start, end) = (hit.end.saturating_sub(longest + within), text.len().min(hit.start + longest + within));
                words.first(text, Span::new(start, end)).is_some()
            };
            let expected: Vec<Span> = all.into_iter().filter(around).collect();
            prop_assert_eq!(hits, expected);
        }

        #[test]
        fn what_was_looked_at_before_changes_nothing(
            text in "[ab ]{0,80}",
            starts in prop::collection::vec(0usize..80, 1..10),
            within in 1usize..20,
        ) {
            let words = words(&["aab", "bba"], within);
            let mut nearby = Nearby::new(Some(&words));
            for start in starts {
                let start = start.min(text.len());
                let secret = Span::new(start, text.len().min(start + 3));
                let alone = words.first(text.as_bytes(), words.window(text.as_bytes(), secret)).is_some();
                prop_assert_eq!(nearby.holds(text.as_bytes(), secret), alone);
            }
        }
    }
}
