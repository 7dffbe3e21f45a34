//! Whether a value was made at random by a machine. Entropy alone does not tell: names and paths of usual length have
//! as much. What names have and random text has not is words, so the length of the words is measured too. Cuts were set on
//! 20 000 random values of each length and on the 108 000 identifiers of three source trees.

use data_encoding::{BASE64, BASE64URL};

use super::words::mean_length;
use crate::engine::entropy::bits_per_byte;

/// A shorter value is not told from an identifier.
const SHORTEST: usize = 16;
/// Hexadecimal of so many digits is a digest or a key, and no name.
const SHORTEST_HEX: usize = 24;
/// Bytes that base64 must hold to be a key.
const SHORTEST_DECODED: usize = 16;
/// Mean length of words: random text in both cases is longer once in a hundred, identifiers hardly ever shorter.
const LONGEST_MEAN: f32 = 3.45;
/// From here on a path is made of words.
const SHORTEST_PATH_MEAN: f32 = 3.5;
/// In one case, at least every so manieth character must change between letters and digits.
const CHARACTERS_PER_CHANGE: usize = 6;

/// Text with more symbols is a name with separators, or made of all that a keyboard has.
const CHARACTERS_PER_SYMBOL: usize = 8;
const LEAST_DISTINCT_SYMBOLS: usize = 4;
const LONGEST_MEAN_AMONG_SYMBOLS: f32 = 2.9;

/// Least entropy by length, in bits per character: the 1 % quantile of random text with both cases and with one.
const LEAST_ENTROPY: [(usize, f32, f32); 6] =
    [(16, 3.33, 3.15), (20, 3.65, 3.41), (24, 3.86, 3.61), (32, 4.20, 3.89), (40, 4.45, 4.10), (64, 4.91, 4.47)];

/// Whether `value` is hexadecimal of one case and long enough for a key.
pub(super) fn is_hex(value: &[u8]) -> bool {
    let one_case = |is_other: fn(&u8) -> bool| value.iter().all(|byte| byte.is_ascii_hexdigit() && !is_other(byte));
    value.len() >= SHORTEST_HEX && (one_case(u8::is_ascii_uppercase) || one_case(u8::is_ascii_lowercase))
}

/// Whether `value`, or its longest part between separators, is random.
pub(super) fn is_random(value: &[u8]) -> bool {
    if !value.iter().all(u8::is_ascii_graphic) || looks_like_path(value) {
        return false;
    }
    match padded_base64(value) {
        Some(bytes) => bytes.len() >= SHORTEST_DECODED && !bytes.is_ascii(),
        None => looks_random(value) || looks_random(longest_part(value)),
    }
}

/// Whether `value` is words between slashes.
pub(in crate::engine) fn looks_like_path(value: &[u8]) -> bool {
    memchr::memchr_iter(b'/', value).count() >= 2 && mean_length(value) >= SHORTEST_PATH_MEAN
}

fn looks_random(text: &[u8]) -> bool {
    if text.len() < SHORTEST {
        return false;
    }
    let count = |is: fn(&u8) -> bool| text.iter().filter(|byte| is(byte)).count();
    let symbols = count(u8::is_ascii_punctuation);
    let is_mixed = count(u8::is_ascii_uppercase) >= 2 && count(u8::is_ascii_lowercase) >= 2;
    let has_shape = if symbols * CHARACTERS_PER_SYMBOL >= text.len() {
        is_of_all_symbols(text)
    } else if is_mixed {
        mean_length(text) <= LONGEST_MEAN
    } else {
        // Separators split names into short words, so that only a part without any can be judged.
        symbols == 0 && changes(text, |byte| usize::from(byte.is_ascii_digit())) * CHARACTERS_PER_CHANGE >= text.len()
    };
    has_shape && bits_per_byte(text) >= least_entropy(text.len(), is_mixed)
}

/// A name has few kinds of separators, and whole words between them.
fn is_of_all_symbols(text: &[u8]) -> bool {
    changes(text, kind) * 5 >= text.len() * 2
        && mean_length(text) <= LONGEST_MEAN_AMONG_SYMBOLS
        && distinct_symbols(text) >= LEAST_DISTINCT_SYMBOLS
}

/// How often characters of one kind follow those of another.
fn changes(text: &[u8], kind: impl Fn(u8) -> usize) -> usize {
    text.windows(2).filter(|pair| kind(pair[0]) != kind(pair[1])).count()
}

/// Letter, digit, symbol.
fn kind(byte: u8) -> usize {
    usize::from(byte.is_ascii_digit()) + 2 * usize::from(byte.is_ascii_punctuation())
}

fn distinct_symbols(text: &[u8]) -> usize {
    (b'!'..=b'~').filter(|symbol| symbol.is_ascii_punctuation() && text.contains(symbol)).count()
}

fn least_entropy(length: usize, mixed: bool) -> f32 {
    let column = |row: (usize, f32, f32)| if mixed { row.1 } else { row.2 };
    let after = LEAST_ENTROPY.iter().position(|row| row.0 >= length).unwrap_or(LEAST_ENTROPY.len() - 1);
    let (low, high) = (LEAST_ENTROPY[after.saturating_sub(1)], LEAST_ENTROPY[after]);
    if length >= high.0 || low.0 == high.0 {
        return column(high);
    }
    let share = (length - low.0) as f32 / (high.0 - low.0) as f32;
    column(low) + share * (column(high) - column(low))
}

/// The contents of base64 that says what it is by its padding.
fn padded_base64(value: &[u8]) -> Option<Vec<u8>> {
    value.ends_with(b"=").then(|| BASE64.decode(value).or_else(|_| BASE64URL.decode(value)).ok())?
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
        assert!(!is_hex(b"9f86d081884c7d659a2feaa"));
        assert!(!is_hex(b"9f86d081884c7d659a2feaag"));
    }

    #[test]
    fn entropy_between_the_rows() {
        assert_eq!(least_entropy(16, true), 3.33);
        assert_eq!(least_entropy(28, false), (3.61 + 3.89) / 2.0);
        assert_eq!(least_entropy(500, true), 4.91);
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
            ("base62", BASE62, &[16, 20, 24, 32, 40, 64][..], 0.92),
            ("base64", BASE64, &[20, 24, 32, 40, 64], 0.92),
            ("base64url", BASE64URL, &[20, 24, 32, 43, 64], 0.92),
            ("base36", BASE36, &[20, 24, 32, 40, 64], 0.92),
            ("Django", DJANGO, &[50], 0.92),
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
