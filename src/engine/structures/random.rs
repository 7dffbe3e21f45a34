//! Whether a value was made at random by a machine. Entropy alone does not tell: names and paths of usual length have as
//! much. What names have and random text has not is words, so the length of the words is measured too. Cuts were set on
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
const LONGEST_MEAN: f32 = 3.34;
/// From here on a path is made of words.
const SHORTEST_PATH_MEAN: f32 = 3.5;
/// In one case, at least every so manieth character must change between letters and digits.
const CHARACTERS_PER_CHANGE: usize = 6;

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
    value.iter().all(u8::is_ascii_graphic)
        && (is_padded_base64(value) || looks_random(value) || looks_random(longest_part(value)))
        && !looks_like_path(value)
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
    let mixed = count(u8::is_ascii_uppercase) >= 2 && count(u8::is_ascii_lowercase) >= 2;
    let shape = if mixed {
        mean_length(text) <= LONGEST_MEAN
    } else {
        // Separators split names into short words, so that only a part without any can be judged.
        text.iter().all(u8::is_ascii_alphanumeric) && changes(text) * CHARACTERS_PER_CHANGE >= text.len()
    };
    shape && bits_per_byte(text) >= least_entropy(text.len(), mixed)
}

/// How often letters and digits take turns.
fn changes(text: &[u8]) -> usize {
    text.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count()
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

/// Base64 that says so by its padding, and holds no text.
fn is_padded_base64(value: &[u8]) -> bool {
    if !value.ends_with(b"=") {
        return false;
    }
    let decoded = BASE64.decode(value).or_else(|_| BASE64URL.decode(value));
    decoded.is_ok_and(|bytes| bytes.len() >= SHORTEST_DECODED && !bytes.is_ascii())
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

    proptest! {
        #[test]
        fn no_value_panics(value in proptest::collection::vec(any::<u8>(), 0..100)) {
            is_random(&value);
            is_hex(&value);
        }
    }
}
