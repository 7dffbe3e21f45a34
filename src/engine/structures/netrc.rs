//! Passwords in a `.netrc`: `machine HOST login USER password PASSWORD`, on one line or several. The anchor is
//! `password`; the two words before it tell it from one in a sentence.

use super::cursor::{Cursor, ends_with, is_quote};
use super::{Found, byte_at, verdict};
use crate::model::Span;

const LONGEST_WORD: usize = 200;
/// Blanks and line ends between two words.
const LONGEST_GAP: usize = 40;
/// Entries may say `account NAME` before the password.
const MOST_PAIRS: usize = 2;

/// The password behind the anchor occurrence `hit`.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let mut cursor = Cursor::new(text, hit.end);
    if cursor.skip_while(LONGEST_GAP, |byte| byte.is_ascii_whitespace()) == 0 || !follows_login(&text[..hit.start]) {
        return None;
    }
    // A comment in the next line.
    if cursor.peek() == b'#' && text[hit.end..cursor.at].contains(&b'\n') {
        return None;
    }
    let secret = cursor.take_while(LONGEST_WORD, |byte| !ends_word(byte) && byte != b'\\');
    let confidence = verdict::password(&text[secret.range()])?;
    Some(verdict::found(secret, confidence, "netrc"))
}

/// How far behind an anchor [`is_none_at`] looks, in bytes.
pub(super) const AT: usize = 1;

/// Whether no word follows the anchor.
pub(super) fn is_none_at(text: &[u8], hit: Span) -> bool {
    !byte_at(text, hit.end).is_ascii_whitespace()
}

/// Whether `login USER` stands before, and `machine HOST` or `default` before that.
fn follows_login(before: &[u8]) -> bool {
    let mut rest = before;
    for _ in 0..MOST_PAIRS {
        let Some((_, key, earlier)) = last_pair(rest) else { return false };
        if key.eq_ignore_ascii_case(b"login") {
            let host = last_pair(earlier);
            return ends_with(earlier.trim_ascii_end(), b"default")
                || host.is_some_and(|(_, key, _)| ends_with(key, b"machine"));
        }
        rest = earlier;
    }
    false
}

/// The last two words, the second of them first, and what stands before both.
fn last_pair(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (value, text) = last_word(text)?;
    let (key, text) = last_word(text)?;
    Some((value, key, text))
}

/// The last word of a text that ends in blanks, and what stands before it.
fn last_word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let gap = text.iter().rev().take(LONGEST_GAP).take_while(|byte| byte.is_ascii_whitespace()).count();
    let text = &text[..text.len() - gap];
    let length = text.iter().rev().take(LONGEST_WORD).take_while(|&&byte| !ends_word(byte)).count();
    let (before, word) = text.split_at(text.len() - length);
    (gap > 0 && length > 0).then_some((word, before))
}

fn ends_word(byte: u8) -> bool {
    byte <= b' ' || is_quote(byte)
}

#[cfg(test)]
mod tests {
    use crate::engine::structures::tests::all;
    use crate::rules::Shape;

    const PASSWORD: &str = concat!("kW9#mP", "z2!vQx");

    fn found(text: &str) -> Vec<String> {
        let text = text.replace("{}", PASSWORD);
        let found = all(Shape::Netrc, &["password"], &text);
        found.into_iter().map(|found| text[found.secret.range()].to_owned()).collect()
    }

    #[test]
    fn entries() {
        for text in [
            "machine git.corp.io login joe password {}",
            "machine git.corp.io\n  login joe\n  password {}\n",
            "machine git.corp.io\r\n\tlogin joe\r\n\tpassword\t{}\r\n",
            "default login joe password {}",
            "machine ftp.corp.io login joe account sales password {}",
            "echo \"machine git.corp.io login joe password {}\" >> ~/.netrc",
            "printf 'machine git.corp.io login joe password {}\\n' > .netrc",
        ] {
            assert_eq!(found(text), [PASSWORD], "{text}");
        }
    }

    #[test]
    fn no_entries() {
        for text in [
            "machine git.corp.io login joe password ${TOKEN}",
            "machine git.corp.io login joe password <token>",
            "machine git.corp.io login joe password changeme",
            "After the login the password {}",
            "login joe password {}",
            "password {}",
            "machine git.corp.io login joe password={}",
            "machine git.corp.io login joe password\n#mx={}",
            "password",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
    }
}
