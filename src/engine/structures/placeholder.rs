//! Values that stand for a secret to be filled in: masks, sequences, and words such as *changeme* and *your-token*.
//! Applied to the value alone: a comment beside a live key that calls it an example changes nothing.

use super::words::words;
use crate::engine::validators::{patterned, repeated};

/// The part of a value that must not be in sequences, in percent.
const MOST_PATTERNED: usize = 60;
/// So many mask characters in a row are a mask, wherever they stand.
const MASK_RUN: usize = 4;
/// A longer word is no chain of the listed words.
const LONGEST_CHAIN: usize = 40;

/// Words of which no secret is made; `password123` and `MyTestToken` are made of nothing else.
const WORDS: &[&str] = &[
    "abc",
    "admin",
    "api",
    "asdf",
    "bar",
    "baz",
    "change",
    "changeit",
    "changeme",
    "changeit",
    "db",
    "default",
    "demo",
    "do",
    "dummy",
    "empty",
    "enter",
    "example",
    "fake",
    "false",
    "fill",
    "fixme",
    "foo",
    "foobar",
    "goes",
    "guest",
    "hello",
    "here",
    "hidden",
    "hunter",
    "id",
    "in",
    "insecure",
    "insert",
    "invalid",
    "ipsum",
    "is",
    "it",
    "key",
    "letmein",
    "localhost",
    "login",
    "lorem",
    "masked",
    "me",
    "mock",
    "my",
    "name",
    "new",
    "nil",
    "no",
    "none",
    "not",
    "null",
    "of",
    "old",
    "or",
    "pass",
    "passphrase",
    "passw",
    "passwd",
    "password",
    "placeholder",
    "postgres",
    "private",
    "pwd",
    "quux",
    "qux",
    "qwerty",
    "random",
    "real",
    "redacted",
    "removed",
    "replace",
    "root",
    "sample",
    "secret",
    "set",
    "some",
    "string",
    "super",
    "temp",
    "test",
    "tester",
    "testing",
    "text",
    "that",
    "the",
    "this",
    "to",
    "todo",
    "token",
    "true",
    "undefined",
    "unknown",
    "unset",
    "use",
    "user",
    "username",
    "value",
    "welcome",
    "with",
    "world",
    "wrong",
    "your",
    "xxx",
];

/// Whether `value` is a placeholder.
pub(in crate::engine) fn is_placeholder(value: &[u8]) -> bool {
    repeated(value) == value.len() || has_mask(value) || is_sequence(value) || is_made_of_words(value)
}

/// `****`, `xxxx`, `....`, or an ellipsis or bullet of Unicode.
fn has_mask(value: &[u8]) -> bool {
    let is_mask = |byte: u8| matches!(byte, b'*' | b'.' | b'-' | b'_' | b'#' | b'x' | b'X' | b'?');
    let runs = value.chunk_by(u8::eq_ignore_ascii_case);
    runs.into_iter().any(|run| is_mask(run[0]) && run.len() >= MASK_RUN)
        || ["...", "***", "\u{2026}", "\u{2022}\u{2022}", "\u{25cf}\u{25cf}"]
            .iter()
            .any(|mask| memchr::memmem::find(value, mask.as_bytes()).is_some())
}

/// `abcdef123456`, `qwertyuiop`, and with other characters between: `a1b2c3d4`.
fn is_sequence(value: &[u8]) -> bool {
    let most = |count: usize, of: usize| of > 0 && count * 100 >= of * MOST_PATTERNED;
    if most(patterned(value), value.len()) {
        return true;
    }
    let every_second = |from: usize| value.iter().skip(from).step_by(2).copied().collect::<Vec<u8>>();
    let (even, odd) = (every_second(0), every_second(1));
    most(patterned(&even), even.len()) && most(patterned(&odd), odd.len())
}

/// Whether at least half of the letters belong to listed words.
fn is_made_of_words(value: &[u8]) -> bool {
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let known: usize = value
        .split(|byte| !byte.is_ascii_alphabetic())
        .map(|run| if is_chain(run) { run.len() } else { camel_words(run) })
        .sum();
    letters > 0 && known * 2 >= letters
}

fn camel_words(run: &[u8]) -> usize {
    words(run).filter(|word| is_chain(word)).map(<[u8]>::len).sum()
}

/// Whether `text` is listed words, one after the other and nothing else: `mytestpassword`.
fn is_chain(text: &[u8]) -> bool {
    if text.is_empty() || text.len() > LONGEST_CHAIN {
        return false;
    }
    let mut reached = [false; LONGEST_CHAIN + 1];
    reached[0] = true;
    for from in 0..text.len() {
        if reached[from] {
            for word in WORDS.iter().filter(|word| starts_with(&text[from..], word)) {
                reached[from + word.len()] = true;
            }
        }
    }
    reached[text.len()]
}

fn starts_with(text: &[u8], word: &str) -> bool {
    text.len() >= word.len() && text[..word.len()].eq_ignore_ascii_case(word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn placeholders() {
        for value in [
            "changeme",
            "CHANGE_ME",
            "your-api-key-here",
            "YourSecretToken",
            "mytestpassword",
            "Password123!",
            "password",
            "test1234",
            "xxxxxxxx",
            "sk-xxxxxxxxxxxx",
            "********",
            "abcd****wxyz",
            "--------",
            "....",
            "abc...",
            "12345678",
            "abcdef123456",
            "a1b2c3d4e5f6",
            "qwertyuiop",
            "00000000",
            "hunter2",
            "letmein",
            "admin",
            "root",
            "example-secret",
            "TODO",
            "replace_this_value",
            "••••••••",
            "DUMMY_TOKEN_1",
            "aaaaaaa1",
        ] {
            assert!(is_placeholder(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn values() {
        for value in [
            "Tr0ub4dor&3",
            "correct-horse-battery-staple",
            "kW9#mPz2!vQx",
            "S0mmerzeit!24",
            "x7Kq2mPz9VbT4wLr8s",
            "test-9fQ2kLm8ZrT1xWv4",
            "9f86d081884c7d659a2feaa0c55ad015",
            "Sup3rS3cret!x9",
        ] {
            assert!(!is_placeholder(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_value_panics(value in proptest::collection::vec(any::<u8>(), 0..100)) {
            is_placeholder(&value);
        }
    }
}
