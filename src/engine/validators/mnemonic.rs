//! Phrases of words that a wallet's keys are made from (BIP 39): each word stands for eleven bits, and of these the last few
//! are a checksum of the others. <https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki>
//!
//! `mnemonic.txt` is the list of English words, <https://github.com/bitcoin/bips/blob/master/bip-0039/english.txt>. The other
//! languages are not known.

use sha2::{Digest, Sha256};

use super::{CHECKSUM, Check};

const BITS_PER_WORD: usize = 11;
const COUNT: usize = 1 << BITS_PER_WORD;
const LENGTHS: [usize; 5] = [12, 15, 18, 21, 24];
/// The longest one's, with its checksum.
const MOST_BYTES: usize = 33;
/// Of the words three quarters differ, but for phrases that people made up: `test test test ... junk`.
const LEAST_DIFFERENT: (usize, usize) = (3, 4);

/// In alphabetic order.
static WORDS: [&str; COUNT] = split(include_str!("mnemonic.txt"));

/// The words of a text that has one in a line.
#[allow(clippy::large_stack_arrays, reason = "it runs when the program is built")]
const fn split(mut text: &'static str) -> [&'static str; COUNT] {
    let mut words = [""; COUNT];
    let mut count = 0;
    while count < COUNT {
        let mut end = 0;
        while text.as_bytes()[end].is_ascii_lowercase() {
            end += 1;
        }
        (words[count], text) = text.split_at(end);
        count += 1;
        while !text.is_empty() && !text.as_bytes()[0].is_ascii_lowercase() {
            (_, text) = text.split_at(1);
        }
    }
    assert!(text.is_empty(), "there are as many words as eleven bits can tell apart");
    words
}

/// A phrase in lower case, with one blank between two words.
pub(super) fn check(phrase: &[u8]) -> Check {
    if is_valid(phrase) { CHECKSUM } else { Check::Reject }
}

fn is_valid(phrase: &[u8]) -> bool {
    let Some(words) = phrase.split(|&byte| byte == b' ').map(index).collect::<Option<Vec<usize>>>() else {
        return false;
    };
    LENGTHS.contains(&words.len()) && are_different(&words) && has_its_checksum(&words)
}

fn index(word: &[u8]) -> Option<usize> {
    WORDS.binary_search_by(|known| known.as_bytes().cmp(word)).ok()
}

fn are_different(words: &[usize]) -> bool {
    let mut sorted = words.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len() * LEAST_DIFFERENT.1 >= words.len() * LEAST_DIFFERENT.0
}

fn has_its_checksum(words: &[usize]) -> bool {
    let mut bytes = [0_u8; MOST_BYTES];
    let bits = words.iter().flat_map(|word| (0..BITS_PER_WORD).rev().map(move |bit| word >> bit & 1));
    for (at, bit) in bits.enumerate() {
        bytes[at / 8] |= (bit as u8) << (7 - at % 8);
    }
    // Four bits of checksum for each sixteen bytes.
    let checksum_bits = words.len() / 3;
    let (entropy, checksum) = bytes.split_at(checksum_bits * 4);
    let unused = 8 - checksum_bits;
    Sha256::digest(entropy)[0] >> unused == checksum[0] >> unused
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn phrase(entropy: &[u8]) -> String {
        let bytes = [entropy, &Sha256::digest(entropy)[..1]].concat();
        let bit = |at: usize| usize::from(bytes[at / 8] >> (7 - at % 8) & 1);
        let word = |n: usize| (0..BITS_PER_WORD).fold(0, |index, at| index << 1 | bit(n * BITS_PER_WORD + at));
        (0..entropy.len() * 3 / 4).map(|n| WORDS[word(n)]).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn vectors() {
        // Those of BIP 39 that are not one word over and over.
        for (entropy, expected) in [
            ([0x7f; 16], "legal winner thank year wave sausage worth useful legal winner thank yellow"),
            ([0x80; 16], "letter advice cage absurd amount doctor acoustic avoid letter advice cage above"),
        ] {
            assert_eq!(phrase(&entropy), expected);
            assert_eq!(check(expected.as_bytes()), CHECKSUM);
        }
    }

    #[test]
    fn what_nobody_drew_at_random() {
        for text in [
            "test test test test test test test test test test test junk",
            "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
            "legal winner thank year wave sausage worth useful legal winner thank",
            "Legal winner thank year wave sausage worth useful legal winner thank yellow",
            "legal winner thank year wave sausage worth useful legal winner thank winner",
            "",
        ] {
            assert_eq!(check(text.as_bytes()), Check::Reject, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_the_entropy(seed in any::<[u8; 32]>(), length in 0..5_usize) {
            prop_assert_eq!(check(phrase(&seed[..16 + 4 * length]).as_bytes()), CHECKSUM);
        }

        #[test]
        fn one_changed_word_is_mostly_rejected(seed in any::<[u8; 32]>(), at in 0..24_usize) {
            let text = phrase(&seed);
            let words: Vec<&str> = text.split(' ').collect();
            let changed = |word: &'static str| {
                let mut words = words.clone();
                words[at] = word;
                check(words.join(" ").as_bytes()) == CHECKSUM
            };
            // Eight bits of checksum: one in 256 fits.
            prop_assert!(WORDS.into_iter().filter(|&word| changed(word)).count() < COUNT / 64);
        }

        #[test]
        fn no_value_panics(value in proptest::collection::vec(any::<u8>(), 0..300)) {
            check(&value);
        }
    }
}
