//! Masks, sequences and repetitions: `xxxxxxxx`, `abcdefgh`, `87654321`, `qwertyui`, `deadbeefdeadbeef`. What a person types
//! for want of a secret.

use crate::engine::structures::is_filled_in;

/// A shorter run of neighbours in the alphabet or on the keyboard comes about by chance.
const SHORTEST_RUN: usize = 3;
/// The part of a token that must not be one character or in runs, in percent.
const MOST_PERCENT: usize = 60;
/// How far into a token its prefix may reach.
const LONGEST_PREFIX: usize = 12;
/// Length of a prefix without a separator: `AKIA`.
const PLAIN_PREFIX: usize = 4;
/// A longer piece is not looked for over and over.
const LONGEST_PIECE: usize = 40;
/// So many characters, and a quarter of all, must be those of a piece before; in random hexadecimal they are so once in
/// 200 million times.
const LEAST_REPEATED: usize = 7;
/// Of a longer token it is not asked whether words stand in it, nor of one with fewer letters.
const LONGEST_MADE_UP: usize = 64;
const LEAST_LETTERS: usize = 10;

/// Whether what follows the token's prefix is for the most part one character or sequences, one piece over and over, or
/// words that stand for a secret.
pub(super) fn is_masked(token: &[u8]) -> bool {
    let tail = without_prefix(token);
    let most = |count: usize| count * 100 >= tail.len() * MOST_PERCENT;
    tail.is_empty() || most(repeated(tail)) || most(patterned(tail)) || repeats(token) || is_made_up(tail)
}

/// Whether words or a mask stand in the place of a token. In a long random text, and among few letters, these come about
/// by chance.
fn is_made_up(tail: &[u8]) -> bool {
    tail.len() <= LONGEST_MADE_UP
        && tail.iter().filter(|byte| byte.is_ascii_alphabetic()).count() >= LEAST_LETTERS
        && is_filled_in(tail)
}

/// Whether what follows the token's prefix is one piece over and over, the last one perhaps cut: `yourtokenhereyourtok`.
pub(in crate::engine) fn repeats(token: &[u8]) -> bool {
    let tail = without_prefix(token);
    let least = LEAST_REPEATED.max(tail.len() / 4);
    let longest = LONGEST_PIECE.min(tail.len().saturating_sub(least));
    (1..=longest).any(|piece| tail[piece..].eq_ignore_ascii_case(&tail[..tail.len() - piece]))
}

/// How often the most frequent byte occurs.
fn repeated(text: &[u8]) -> usize {
    let mut counts = [0_usize; 256];
    for &byte in text {
        counts[usize::from(byte)] += 1;
    }
    counts.into_iter().max().unwrap_or(0)
}

/// How many bytes stand in runs of one character, of the alphabet, of digits or of the keyboard, up or down.
pub(in crate::engine) fn patterned(text: &[u8]) -> usize {
    let (mut covered, mut covered_to) = (0, 0);
    let (mut start, mut direction) = (0, ANY);
    for at in 1..=text.len() {
        let step = text.get(at).map_or(0, |&byte| steps(text[at - 1], byte));
        if direction & step != 0 {
            direction &= step;
            continue;
        }
        if at - start >= SHORTEST_RUN {
            covered += at - covered_to.max(start);
            covered_to = at;
        }
        // The last character may begin the next run: `abc` in `abcb`.
        (start, direction) = if step == 0 { (at, ANY) } else { (at - 1, step) };
    }
    covered
}

/// `ghp_`, `github_pat_`: up to the last separator near the start; else the first four characters.
fn without_prefix(token: &[u8]) -> &[u8] {
    let head = &token[..token.len().min(LONGEST_PREFIX)];
    let prefix = memchr::memrchr2(b'_', b'-', head).map_or(PLAIN_PREFIX, |at| at + 1);
    &token[prefix.min(token.len())..]
}

/// Directions in which one character can follow another; a run keeps one of them.
const REPEAT: u8 = 1;
/// And down, the next bit.
const UP: u8 = 1 << 1;
/// And to the left, the next bit.
const KEY_RIGHT: u8 = 1 << 3;
const ANY: u8 = u8::MAX;

fn steps(from: u8, to: u8) -> u8 {
    let (from, to) = (CHARACTERS[usize::from(from)], CHARACTERS[usize::from(to)]);
    let neighbours = (step(from.lower, to.lower) * UP) | (step(from.key, to.key) * KEY_RIGHT);
    (u8::from(from.lower == to.lower) * REPEAT) | (from.is_alphanumeric * to.is_alphanumeric * neighbours)
}

/// 1 up, 2 down.
fn step(from: u8, to: u8) -> u8 {
    let step = to.wrapping_sub(from);
    u8::from(step == 1) | u8::from(step == u8::MAX) << 1
}

/// What steps between characters are told by.
#[derive(Clone, Copy)]
struct Character {
    lower: u8,
    key: u8,
    /// 1 if it is.
    is_alphanumeric: u8,
}

const CHARACTERS: [Character; 256] = {
    let mut characters = [Character { lower: 0, key: 0, is_alphanumeric: 0 }; 256];
    let mut byte = 0;
    while byte < 256 {
        let lower = (byte as u8).to_ascii_lowercase();
        let is_alphanumeric = lower.is_ascii_alphanumeric() as u8;
        characters[byte] = Character { lower, key: KEYS[lower as usize], is_alphanumeric };
        byte += 1;
    }
    characters
};

/// Where each letter and digit lies on a keyboard: keys of one row are neighbours, rows are far apart.
const KEYS: [u8; 256] = {
    let rows: [&[u8]; 4] = [b"1234567890", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    let mut keys = [0; 256];
    let mut row = 0;
    while row < rows.len() {
        let mut column = 0;
        while column < rows[row].len() {
            keys[rows[row][column] as usize] = (row * 16 + column) as u8;
            column += 1;
        }
        row += 1;
    }
    keys
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn masks_and_sequences() {
        for token in [
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "AKIAXXXXXXXXXXXXXXXX",
            "AKIAABCDEFGHIJKLMNOP",
            "ghp_1234567890abcdefghijklmnopqrstuvwxyz",
            "ghp_0000000000000000000000000000DEADBEEF",
            "glpat-qwertyuiopasdfghjkl",
            "sk-zyxwvutsrqponmlkjihg",
            "github_pat_11111111111111111111111111",
            "glpat-EXAMPLEEXAMPLEEXAMPL",
            "dckr_pat_yourtokenhereyourtokenh",
            "sk_live_REPLACEMEREPLACEMEREPLAC",
            "shippo_live_deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
            "sk_live_YourStripeSecretKeyGoesHere",
            "ghp_",
            "",
        ] {
            assert!(is_masked(token.as_bytes()), "{token}");
        }
    }

    #[test]
    fn random_tails() {
        for token in [
            concat!("AKIA", "RZPUZDIKPHOMTE4W"),
            concat!("ghp_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O50Zb5Hm"),
            concat!("glpat-", "x7Kq-2mPz9_VbT4wLr8s"),
        ] {
            assert!(!is_masked(token.as_bytes()), "{token}");
        }
    }

    #[test]
    fn one_piece_over_and_over() {
        for token in ["deadbeefdeadbeefdeadbeef", "ghp_abc123abc123abc123", "glpat-yourtokenhereyourtok"] {
            assert!(repeats(token.as_bytes()), "{token}");
        }
        for token in ["", "ghp_", "deadbeef", "ghp_yourtokenhereyou", concat!("glpat-", "x7Kq-2mPz9_VbT4wLr8s")] {
            assert!(!repeats(token.as_bytes()), "{token}");
        }
    }

    #[test]
    fn a_run_keeps_its_direction() {
        assert_eq!(patterned(b"abcba"), 5);
        assert_eq!(patterned(b"abcb"), 3);
        assert_eq!(patterned(b"abcxyz"), 6);
        assert_eq!(patterned(b"7890"), 4);
        assert_eq!(patterned(b"aabbcc"), 0);
        assert_eq!(patterned(b"a"), 0);
    }

    proptest! {
        #[test]
        fn counts_stay_within_the_text(text in proptest::collection::vec(any::<u8>(), 0..60)) {
            prop_assert!(patterned(&text) <= text.len());
            prop_assert!(repeated(&text) <= text.len());
        }
    }
}
