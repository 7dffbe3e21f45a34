//! Values that stand for a secret to be filled in: masks, sequences, and words such as *changeme* and *your-token*.
//! Applied to the value alone: a comment beside a live key that calls it an example changes nothing.

use data_encoding::BASE64;

use super::value::first_bytes;
use super::words::words;
use crate::engine::validators::{patterned, repeats};

/// The part of a value that must not be in sequences, in percent.
const MOST_PATTERNED: usize = 60;
/// So many mask characters in a row are a mask, wherever they stand.
const MASK_RUN: usize = 4;
/// What AWS writes into the values of its documentation; by chance it is in none of 10^12 random ones.
const EXAMPLE: &str = "EXAMPLE";
/// The mark that splits the examples of rule files.
const SPLICE: &str = "<+>";
/// What is a mask wherever it stands.
const MASKS: [&str; 7] = ["...", "***", SPLICE, EXAMPLE, "\u{2026}", "\u{2022}\u{2022}", "\u{25cf}\u{25cf}"];
/// The least length that systems ask for.
const SHORTEST_EFFORT: usize = 8;
/// A longer one in sequence is an alphabet.
const LONGEST_EFFORT: usize = 40;
/// A longer word is no chain of the listed words.
const LONGEST_CHAIN: usize = 40;
/// Of a weak password with a number; one digit alone may also number what is called so, as in `secret-1`.
const LEAST_OTHERS: usize = 2;
const LEAST_LETTERS: usize = 3;

/// Words that ask for a value, stand for one, or join such words.
#[rustfmt::skip]
const FILLER: &[&str] = &[
    "add", "ask", "bar", "base", "baz", "change", "changeit", "changeme", "choose", "do", "dummy", "empty", "encoded",
    "encrypted", "enter", "example", "fake", "false", "fill", "fixme", "foo", "foobar", "generate", "generated", "goes", "here",
    "hidden", "id", "in", "insert", "invalid", "ipsum", "is", "it", "lorem", "masked", "me", "mock", "name", "nil",
    "no", "none", "not", "null", "of", "optional", "or", "paste", "placeholder", "provide", "put", "quux", "qux",
    "redacted", "removed", "replace", "required", "sample", "set", "some", "specify", "string", "strong", "text",
    "that", "the", "this", "to", "todo", "true", "undefined", "unknown", "unset", "use", "username", "value", "with",
    "wrong", "xxx", "your",
];

/// Words of which weak passwords are made, `password123` and `MyTestToken`; people also fill in what is to be changed with
/// them.
#[rustfmt::skip]
const WEAK: &[&str] = &[
    "abc", "access", "account", "admin", "api", "app", "application", "asdf", "auth", "authtoken", "bad", "cache",
    "client", "consumer", "db", "default", "demo", "domain", "ftp", "git", "good", "guest", "hello", "http", "hunter",
    "incorrect", "insecure", "key", "letmein", "localhost", "login", "mail", "master", "my", "mysql", "new", "old", "on",
    "pass", "passphrase", "passw", "passwd", "password", "postgres", "private", "proxy", "pwd", "qwerty", "qwertz",
    "random", "real", "root", "rootroot", "secret", "smtp", "store", "super", "supersecret", "sysadmin", "temp",
    "test", "tester", "testing", "token", "user", "valid", "welcome", "world", "xyz",
];

/// Where the words of each letter begin in a sorted list of words; one more for the end.
const fn by_letter(words: &[&str]) -> [u8; 27] {
    let mut starts = [0; 27];
    let mut letter = 0;
    let mut word = 0;
    while letter < 26 {
        starts[letter] = word as u8;
        while word < words.len() && words[word].as_bytes()[0] == b'a' + letter as u8 {
            word += 1;
        }
        letter += 1;
    }
    assert!(word == words.len(), "the words are sorted by their first letter");
    starts[26] = word as u8;
    starts
}

const FILLER_BY_LETTER: [u8; 27] = by_letter(FILLER);
const WEAK_BY_LETTER: [u8; 27] = by_letter(WEAK);

/// The listed words that `text` begins with, in any case.
fn listed(text: &[u8]) -> impl Iterator<Item = &'static str> {
    of(text, FILLER, &FILLER_BY_LETTER).chain(weak(text))
}

/// Those of weak passwords among them.
fn weak(text: &[u8]) -> impl Iterator<Item = &'static str> {
    of(text, WEAK, &WEAK_BY_LETTER)
}

fn of(text: &[u8], words: &'static [&'static str], starts: &[u8; 27]) -> impl Iterator<Item = &'static str> {
    let letter = usize::from(text[0].to_ascii_lowercase().wrapping_sub(b'a'));
    let words = match letter {
        0..26 => &words[usize::from(starts[letter])..usize::from(starts[letter + 1])],
        _ => &[],
    };
    words.iter().copied().filter(move |word| starts_with(text, word))
}

/// Whether `value` is a placeholder.
pub(in crate::engine) fn is_placeholder(value: &[u8]) -> bool {
    let is_one = |value: &[u8]| {
        value.windows(2).all(|pair| pair[0] == pair[1])
            || has_mask(value)
            || asks(value)
            || (is_sequence(value) || repeats(value)) && !is_effort(value)
            || is_made_of_words(value)
    };
    // Kubernetes and others keep what is to be filled in as base64, too.
    is_one(value)
        || value.ends_with(b"=") && BASE64.decode(value).is_ok_and(|decoded| decoded.is_ascii() && is_one(&decoded))
}

/// `your-...`, `REPLACE_WITH_...`: whether a value begins with the words that ask for one.
fn asks(value: &[u8]) -> bool {
    const STARTS: [&str; 8] =
        ["your-", "your_", "replace_with", "replace-with", "insert_", "insert-", "change_me", "change-me"];
    STARTS.iter().any(|start| value.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start.as_bytes())))
}

/// Whether words that stand for a secret, or a mask, fill the place of `value`. A sequence may: tokens are made of one for
/// documents and have a right checksum.
pub(in crate::engine) fn is_filled_in(value: &[u8]) -> bool {
    has_mask(value) || is_made_of_words(value)
}

/// Whether `value` is a weak password with a number, as people set it and leave it: `admin123`, `test@2024`. Words that ask for
/// a value are none.
pub(super) fn is_numbered_weak(value: &[u8]) -> bool {
    let has_digit = value.iter().any(u8::is_ascii_digit);
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let others =
        value.iter().filter(|byte| byte.is_ascii_graphic() && !matches!(byte, b'-' | b'_' | b'.')).count() - letters;
    let mut runs = value.split(|byte| !byte.is_ascii_alphabetic()).filter(|run| !run.is_empty());
    let is_numbered = others >= LEAST_OTHERS || value.iter().all(u8::is_ascii_alphanumeric);
    has_digit && is_numbered && letters >= LEAST_LETTERS && !has_mask(value) && runs.all(|run| is_chain_of(run, weak))
}

/// Whether somebody made the effort that a system's demands on passwords ask for: `Password123!`.
fn is_effort(value: &[u8]) -> bool {
    let has = |is: fn(&u8) -> bool| value.iter().any(is);
    (SHORTEST_EFFORT..=LONGEST_EFFORT).contains(&value.len())
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && value.iter().any(|byte| byte.is_ascii_punctuation() && !matches!(byte, b'-' | b'_' | b'.'))
}

/// `****`, `xxxx`, `....`, or an ellipsis or bullet of Unicode.
fn has_mask(value: &[u8]) -> bool {
    let is_mask = |byte: u8| matches!(byte, b'*' | b'.' | b'-' | b'_' | b'#' | b'x' | b'X' | b'?');
    let mut runs = value.chunk_by(u8::eq_ignore_ascii_case);
    let begins_mask = |text: &[u8]| MASKS.iter().any(|mask| text.starts_with(mask.as_bytes()));
    runs.any(|run| is_mask(run[0]) && run.len() >= MASK_RUN)
        || ends_in_mask(value)
        || (0..value.len()).any(|at| BEGINS_MASK[usize::from(value[at])] && begins_mask(&value[at..]))
}

/// `v1.7ae03cc91b25dxxx`: three `x` are a mask at the end.
fn ends_in_mask(value: &[u8]) -> bool {
    const SHORTEST: usize = 8;
    value.len() >= SHORTEST && (value.ends_with(b"xxx") || value.ends_with(b"XXX"))
}

/// By byte, whether one of the masks begins with it.
const BEGINS_MASK: [bool; 256] = first_bytes(&MASKS);

/// `abcdef123456`, `qwertyuiop`, and with other characters between: `a1b2c3d4`.
fn is_sequence(value: &[u8]) -> bool {
    let most = |count: usize, of: usize| of > 0 && count * 100 >= of * MOST_PATTERNED;
    if most(patterned(value), value.len()) {
        return true;
    }
    let every_second_is = |from: usize| {
        let bytes: Vec<u8> = value.iter().skip(from).step_by(2).copied().collect();
        most(patterned(&bytes), bytes.len())
    };
    every_second_is(0) && every_second_is(1)
}

/// Whether at least half of the letters belong to listed words. If these are weak passwords and it obeys all rules of a
/// good one, then it is a password.
fn is_made_of_words(value: &[u8]) -> bool {
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let runs = || value.split(|byte| !byte.is_ascii_alphabetic());
    let known: usize = runs().map(|run| if is_chain(run) { run.len() } else { camel_words(run) }).sum();
    letters > 0 && known * 2 >= letters && (!is_effort(value) || runs().flat_map(words).any(is_filler))
}

fn is_filler(word: &[u8]) -> bool {
    FILLER.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word))
}

/// Of a run that is itself no listed words.
fn camel_words(run: &[u8]) -> usize {
    words(run).filter(|word| word.len() < run.len() && is_chain(word)).map(<[u8]>::len).sum()
}

/// Whether `text` is listed words, one after the other and nothing else: `mytestpassword`.
fn is_chain(text: &[u8]) -> bool {
    is_chain_of(text, listed)
}

fn is_chain_of<'a, I: Iterator<Item = &'static str>>(text: &'a [u8], listed: impl Fn(&'a [u8]) -> I) -> bool {
    if text.is_empty() || text.len() > LONGEST_CHAIN {
        return false;
    }
    let mut reached = [false; LONGEST_CHAIN + 1];
    reached[0] = true;
    for from in 0..text.len() {
        if reached[from] {
            listed(&text[from..]).for_each(|word| reached[from + word.len()] = true);
        }
    }
    reached[text.len()]
}

/// Of words, which have two letters at least.
fn starts_with(text: &[u8], word: &str) -> bool {
    let word = word.as_bytes();
    text.len() >= word.len() && text[1].to_ascii_lowercase() == word[1] && text[..word.len()].eq_ignore_ascii_case(word)
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
            "Password123",
            "Your-Password1!",
            "Change_Me_123!",
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
            "Y2hhbmdlbWU=",
            "x7Kq2mPz9VEXAMPLEbT4w",
            "kW9#m<+>Pz2!vQx",
            "REPLACE_WITH_OPENSSL_RAND_HEX_64",
            "your-myonlineportal-password",
            "v1.7ae03cc91b25dxxx",
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~",
        ] {
            assert!(is_placeholder(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn values() {
        for value in [
            "Tr0ub4dor&3",
            "Password123!",
            "Admin@2024",
            "correct-horse-battery-staple",
            "kW9#mPz2!vQx",
            "S0mmerzeit!24",
            "x7Kq2mPz9VbT4wLr8s",
            "test-9fQ2kLm8ZrT1xWv4",
            "9f86d081884c7d659a2feaa0c55ad015",
            "Sup3rS3cret!x9",
            "AbcDef123!@#",
        ] {
            assert!(!is_placeholder(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn weak_passwords_with_a_number() {
        for value in [
            "admin123",
            "Password123",
            "test@2024",
            "secret1234",
            "user_login99",
            "test1@secret",
            "Welcome1",
            "xyz@123",
        ] {
            assert!(is_placeholder(value.as_bytes()) && is_numbered_weak(value.as_bytes()), "{value}");
        }
        for value in
            ["admin", "secret-1", "db_pass_2", "example123", "your-password-123", "123456", "xxxx1234", "dragonfly12"]
        {
            assert!(!is_numbered_weak(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_value_panics(value in proptest::collection::vec(any::<u8>(), 0..100)) {
            is_placeholder(&value);
        }
    }
}
