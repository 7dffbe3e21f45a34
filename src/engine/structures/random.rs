//! Whether a value was made at random by a machine. Entropy does not tell: names and paths of usual length have as much.
//! What random text has not is the pairs of letters that words are made of, so a model of names scores each pair
//! (`bigrams.rs`), and a score that random text reaches is the cut. Of a few letters one of words tells (`trigrams.rs`).
//! docs/RANDOMNESS.md has the measurements.

use data_encoding::{BASE64, BASE64URL};

use super::random_model::{CUTS, MODEL};
use super::trigrams::least;
use super::word_model::WORDS;
use super::words::{mean_length, without_digits, words};
use crate::engine::entropy::bits_per_byte;

/// A shorter value is not told from a name; in one case even later, since that is how most names are written.
const SHORTEST: usize = 12;
const SHORTEST_IN_ONE_CASE: usize = 16;
const SHORTEST_OF_LETTERS: usize = 20;
/// Hexadecimal of so many digits is a digest or a key, and no name.
const SHORTEST_HEX: usize = 24;
/// Bytes that base64 must hold to be a key.
const SHORTEST_DECODED: usize = 16;
/// Mean length of words: of random text 2.4 and hardly ever more than this, of names with odd letters in them more.
const LONGEST_MEAN: f32 = 4.0;
/// The same among symbols, which split words.
const LONGEST_MEAN_AMONG_SYMBOLS: f32 = 2.9;
/// From here on a path is made of words.
const SHORTEST_PATH_MEAN: f32 = 3.5;
/// Text with more symbols than one in so many is a name with separators, or made of all that a keyboard has.
const CHARACTERS_PER_SYMBOL: usize = 8;
/// A name has few kinds of separators.
const LEAST_DISTINCT_SYMBOLS: usize = 4;
/// Bits per character that all but one in a thousand random values of the shortest length have; masks have less.
const LEAST_ENTROPY: f32 = 2.5;
/// Scores of passwords: 99 in 100 names of eight to twelve characters have less, whatever they consist of.
const LEAST_OF_PASSWORD: f32 = 6.8;
/// What a letter must cost more where hardly any secret is letters.
const CLEARLY_MORE: f32 = 1.0;
/// Digits, and letters, in a short key in hexadecimal.
const LEAST_OF_EACH_IN_HEX: usize = 3;

/// What random text could be made of, by its column of the cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alphabet {
    BothCases,
    OneCase,
    Letters,
    Printable,
}

/// Whether `value`, or its longest part between separators, is hexadecimal of one case and long enough for a key.
pub(super) fn is_hex(value: &[u8]) -> bool {
    let digits = longest_part(value);
    is_all_hex(digits)
        && (digits.len() >= SHORTEST_HEX
            || digits.len() >= SHORTEST_IN_ONE_CASE && MODEL.score(digits) >= cut(digits.len(), Alphabet::OneCase))
}

/// Whether `value` is as long as a hash in hexadecimal: of a password, it is what is stored in its place.
pub(super) fn is_digest(value: &[u8]) -> bool {
    is_all_hex(value) && matches!(value.len(), 32 | 40 | 48 | 56 | 64 | 96 | 128)
}

fn is_all_hex(value: &[u8]) -> bool {
    let one_case = |is_other: fn(&u8) -> bool| value.iter().all(|byte| byte.is_ascii_hexdigit() && !is_other(byte));
    one_case(u8::is_ascii_uppercase) || one_case(u8::is_ascii_lowercase)
}

/// Whether `value`, or its longest part between separators, is random. Hexadecimal is not asked about: what it is, the
/// name tells.
pub(in crate::engine) fn is_random(value: &[u8]) -> bool {
    // As Laravel writes its key down.
    let value = value.strip_prefix(b"base64:").unwrap_or(value);
    if value.len() < SHORTEST || !value.iter().all(u8::is_ascii_graphic) || is_all_hex(value) || looks_like_path(value)
    {
        return false;
    }
    match padded_base64(value) {
        Some(bytes) => bytes.len() >= SHORTEST_DECODED && !bytes.is_ascii(),
        None => {
            let part = longest_part(value);
            let has_part = || part.len() < value.len() && looks_random(part);
            !is_all_hex(part) && (looks_random(value) || has_part()) && !is_encoded_text(value)
        }
    }
}

/// Whether a password, of whatever length, is one that no person would remember.
pub(super) fn is_random_password(value: &[u8]) -> bool {
    MODEL.score(value) >= cut(value.len(), alphabet(value)).max(LEAST_OF_PASSWORD) && value.is_ascii()
}

/// Whether letters of one case are no words of a language: of random ones, one text in a hundred may be taken for some.
pub(in crate::engine) fn is_random_letters(letters: &[u8]) -> bool {
    MODEL.score(letters) >= cut(letters.len(), Alphabet::Letters)
}

/// Whether the letters of `text`, between digits, separators and capitals, are no words of a language.
pub(in crate::engine) fn is_gibberish(text: &[u8]) -> bool {
    costs_more(text, 0.0)
}

/// The same, beyond doubt.
pub(super) fn is_clear_gibberish(text: &[u8]) -> bool {
    costs_more(text, CLEARLY_MORE)
}

fn costs_more(text: &[u8], more: f32) -> bool {
    let parts = || words(text).map(without_digits).filter(|part| !part.is_empty());
    let (count, letters) = parts().fold((0, 0), |(count, letters), part| (count + 1, letters + part.len()));
    let cost: f32 = parts().map(|part| WORDS.cost(part)).sum();
    letters > 0 && cost >= (least(letters) + more) * (letters + count) as f32
}

/// Whether `value` is hexadecimal that is long enough for a key, if the name speaks for one, and no word or number.
pub(super) fn is_short_hex(value: &[u8]) -> bool {
    let has = |is: fn(&u8) -> bool| value.iter().filter(|byte| is(byte)).count() >= LEAST_OF_EACH_IN_HEX;
    is_all_hex(value)
        && value.len() >= SHORTEST_IN_ONE_CASE
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && bits_per_byte(value) >= LEAST_ENTROPY
}

/// Whether `value` is words between slashes.
pub(in crate::engine) fn looks_like_path(value: &[u8]) -> bool {
    memchr::memchr_iter(b'/', value).count() >= 2 && mean_length(value) >= SHORTEST_PATH_MEAN
}

fn looks_random(text: &[u8]) -> bool {
    let alphabet = alphabet(text);
    let symbols = text.iter().filter(|byte| byte.is_ascii_punctuation()).count();
    let has_shape = match alphabet {
        Alphabet::BothCases => text.len() >= SHORTEST && mean_length(text) <= LONGEST_MEAN,
        // Separators split names into short words, so that only a part without any can be judged.
        Alphabet::OneCase => text.len() >= SHORTEST_IN_ONE_CASE && symbols == 0,
        Alphabet::Letters => text.len() >= SHORTEST_OF_LETTERS && symbols == 0,
        Alphabet::Printable => {
            text.len() >= SHORTEST
                && distinct_symbols(text) >= LEAST_DISTINCT_SYMBOLS
                && mean_length(text) <= LONGEST_MEAN_AMONG_SYMBOLS
        }
    };
    has_shape && MODEL.score(text) >= cut(text.len(), alphabet) && bits_per_byte(text) >= LEAST_ENTROPY
}

fn alphabet(text: &[u8]) -> Alphabet {
    let count = |is: fn(&u8) -> bool| text.iter().filter(|byte| is(byte)).count();
    if count(u8::is_ascii_punctuation) * CHARACTERS_PER_SYMBOL >= text.len() {
        Alphabet::Printable
    } else if count(u8::is_ascii_uppercase) >= 2 && count(u8::is_ascii_lowercase) >= 2 {
        Alphabet::BothCases
    } else if text.iter().any(u8::is_ascii_digit) {
        Alphabet::OneCase
    } else {
        Alphabet::Letters
    }
}

/// The score that all but one in a hundred random texts of this length reach; between two lengths in the table, the
/// mean by distance.
fn cut(length: usize, alphabet: Alphabet) -> f32 {
    let column = |at: usize| CUTS[at].1[alphabet as usize];
    let after = CUTS.iter().position(|(known, _)| *known >= length).unwrap_or(CUTS.len() - 1);
    let before = after.saturating_sub(1);
    let (low, high) = (CUTS[before].0, CUTS[after].0);
    if length >= high || length <= low {
        return column(after);
    }
    let share = (length - low) as f32 / (high - low) as f32;
    column(before) + share * (column(after) - column(before))
}

fn distinct_symbols(text: &[u8]) -> usize {
    let symbols = text.iter().filter(|byte| byte.is_ascii_punctuation());
    symbols.fold(0_u128, |seen, &symbol| seen | 1 << symbol).count_ones() as usize
}

/// The contents of base64 that says what it is by its padding.
fn padded_base64(value: &[u8]) -> Option<Vec<u8>> {
    value.ends_with(b"=").then(|| BASE64.decode(value).or_else(|_| BASE64URL.decode(value)).ok())?
}

/// Whether `value` is readable text in base64 without padding: all but the last characters of it are looked at.
fn is_encoded_text(value: &[u8]) -> bool {
    let whole = &value[..value.len() / 4 * 4];
    let is_readable = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let decoded = BASE64.decode(whole).or_else(|_| BASE64URL.decode(whole));
    decoded.is_ok_and(|text| text.iter().all(is_readable))
}

/// `acme_live_` before a key does not make it less random.
fn longest_part(value: &[u8]) -> &[u8] {
    value.split(|byte| !byte.is_ascii_alphanumeric()).max_by_key(|part| part.len()).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_that_are_no_words() {
        for text in ["kqzxwv", "wvtqjzkm", "Xqvzkt", "kqz-xwv-jtp", "kqzJxwTvq"] {
            assert!(is_gibberish(text.as_bytes()), "{text}");
        }
        for text in ["secret", "dragonfly", "kennwort", "getAccessToken", "in_memory_handler", "sunshine-2", "1234", ""]
        {
            assert!(!is_gibberish(text.as_bytes()) && !is_clear_gibberish(text.as_bytes()), "{text}");
        }
        assert!(is_clear_gibberish(b"kqzxwvjt") && !is_clear_gibberish(b"jsmith"));
    }

    #[test]
    fn random_values() {
        for value in [
            "x7Kq2mPz9VbT4wLr",
            "acme_live_x7kq2m9z4vbt8wlr3s6d",
            "hQ3x9-Lz_0kWvT7pYb2N",
            "gk29d8s7f6q1z0x9c8v7b6n5m4",
            "8xPz/T3v+Lq0WmYc5hGd2Fs8JuQe9kZt7w1Lr4Xk",
            "3q2+7wAAECAwQFBgcICQoLDA0ODw==",
            "7#x!l5@k2=q(z8+w0^m3&v9-r1$t4*j6)p",
        ] {
            assert!(is_random(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn names_and_paths() {
        for value in [
            "getUserAccessTokenFromRequest",
            "my_service_account_token",
            "cli-k-text-k-smush",
            "arn_us_east_1_lambda",
            "src/main/java/com/acme/FooBarBaz",
            "c7i_flex_2xlarge_search",
            "com.example.ServiceV2Client",
            "shorT1",
            "gitoxide-core-v0.3.0",
            "dXNlcjpwYXNzd29yZGZvb2Jhcg==",
            "AbstractSingletonProxyFactoryBean",
            "Valid/_+=.@-Name-a1b2c3-",
            "a-b-c-d-e-f-g-h1-j2-k3",
            "x1:y2:z3:v4:w5:u6:t7:s8",
        ] {
            assert!(!is_random(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn hexadecimal() {
        assert!(is_hex(b"9f86d081884c7d659a2feaa0"));
        assert!(is_hex(b"9F86D081884C7D659A2FEAA0"));
        assert!(!is_hex(b"9F86d081884c7d659a2feaa0"));
        assert!(is_hex(b"9f86d081884c7d659a2fe"));
        assert!(is_hex(b"acme_live_9f86d081884c7d659a2feaa0"));
        assert!(!is_hex(b"9f86d081884c7d6"));
        assert!(!is_hex(b"1234567812345678"));
        assert!(!is_hex(b"9f86d081884c7d659a2feaag"));
    }

    #[test]
    fn cuts_between_the_rows() {
        let at = |length| cut(length, Alphabet::BothCases);
        assert_eq!((at(1), at(500)), (CUTS[0].1[0], CUTS[CUTS.len() - 1].1[0]));
        assert_eq!(at(18), (at(16) + at(20)) / 2.0);
    }

    #[test]
    fn passwords_that_nobody_remembers() {
        for value in [concat!("kW9#m", "Pz2"), concat!("x7Kq", "2mPz"), concat!("Sup3rS", "3cr3t")] {
            assert!(is_random_password(value.as_bytes()), "{value}");
        }
        for value in ["Winter24", "admin123", "Zuerich2019!", "letmein99", "S0mm\u{e9}rzeit"] {
            assert!(!is_random_password(value.as_bytes()), "{value}");
        }
        assert!(is_gibberish(b"gvfdsaqz") && !is_gibberish(b"dragonfly") && !is_gibberish(b"benutzername"));
    }

    /// Share of random values of `length` characters that are recognised, by a generator with a fixed seed.
    fn recall(alphabet: &[u8], length: usize) -> f64 {
        const SAMPLES: usize = 2000;
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            alphabet[(state >> 32) as usize % alphabet.len()]
        };
        let recognised = (0..SAMPLES).filter(|_| is_random(&(0..length).map(|_| next()).collect::<Vec<u8>>()));
        recognised.count() as f64 / SAMPLES as f64
    }

    #[test]
    fn few_random_values_are_missed() {
        const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        const BASE36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        const DJANGO: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)";
        for (name, alphabet, lengths, least) in [
            ("base62", BASE62, &[12, 16, 20, 24, 32, 40, 64][..], 0.94),
            ("base64", BASE64, &[16, 20, 24, 32, 40, 64], 0.90),
            ("base64url", BASE64URL, &[20, 24, 32, 43, 64], 0.96),
            ("base36", BASE36, &[16, 20, 24, 32, 40, 64], 0.98),
            ("Django", DJANGO, &[50], 0.90),
        ] {
            for &length in lengths {
                let recall = recall(alphabet, length);
                assert!(recall >= least, "{name}, {length} characters: {recall}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_value_panics(value in proptest::collection::vec(any::<u8>(), 0..100)) {
            is_random(&value);
            is_hex(&value);
        }
    }
}
