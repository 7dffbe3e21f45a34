//! Words that are looked for in any case, often and mostly in vain.

/// A list of words, and by their last letter the lengths that they have, a bit for each: nearly all other words differ from all of
/// them in that.
#[derive(Debug)]
pub(super) struct Table {
    words: &'static [&'static str],
    lengths: [u32; LAST],
}

/// A last letter is told by so many values of its lower bits, which do not say its case.
const LAST: usize = 32;

impl Table {
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let mut lengths = [0; LAST];
        let mut word = 0;
        while word < words.len() {
            let text = words[word].as_bytes();
            assert!(text.len() < u32::BITS as usize, "words are short");
            lengths[text[text.len() - 1] as usize % LAST] |= 1 << text.len();
            word += 1;
        }
        Self { words, lengths }
    }

    pub(super) const fn words(&self) -> &'static [&'static str] {
        self.words
    }

    /// Whether `word` is one of them.
    pub(super) fn holds(&self, word: &[u8]) -> bool {
        let has_length = word.len() < u32::BITS as usize && self.lengths(word) >> word.len() & 1 == 1;
        has_length && self.words.iter().any(|known| is_word(word, known.as_bytes()))
    }

    /// Whether one of them may stand at the end of `word`.
    pub(super) fn may_end(&self, word: &[u8]) -> bool {
        self.lengths(word) != 0
    }

    /// The lengths of those that end as `word` does.
    fn lengths(&self, word: &[u8]) -> u32 {
        word.last().map_or(0, |&last| self.lengths[usize::from(last) % LAST])
    }
}

/// Whether a word is this one, in any case. Nearly all differ in their length or in the last letter, which is asked first.
#[inline]
pub(super) fn is_word(word: &[u8], known: &[u8]) -> bool {
    let last = |text: &[u8]| text.last().map(u8::to_ascii_lowercase);
    word.len() == known.len() && last(word) == last(known) && word.eq_ignore_ascii_case(known)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    static TABLE: Table = Table::new(&["pass", "Word", "key", "\u{d6}l"]);

    proptest! {
        #[test]
        fn holds_what_is_in_the_list(word in "[paswordkeyPWK\u{d6}l]{0,4}|pass|WORD|kEY|\u{d6}L") {
            let is_one = TABLE.words().iter().any(|known| known.eq_ignore_ascii_case(&word));
            prop_assert_eq!(TABLE.holds(word.as_bytes()), is_one);
            prop_assert!(!is_one || TABLE.may_end(word.as_bytes()));
        }
    }
}
