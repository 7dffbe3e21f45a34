//! PuTTY's private keys (`.ppk`), in text with real line ends or escaped ones. The anchor is how the first line begins.
//! <https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html>

use memchr::memmem;

use super::Found;
use super::cursor::Cursor;
use crate::model::{Confidence, KindSet, Severity, Span};

/// An RSA key of 16384 bits is 16 KB of text.
pub(super) const REACH: usize = 24 * 1024;
const FIRST: &[u8] = b"PuTTY-User-Key-File-";
const ENCRYPTION: &[u8] = b"Encryption: ";
const PRIVATE: &[u8] = b"Private-Lines: ";
/// The last line: of versions 2 and 3, and of version 1.
const LAST: [&[u8]; 2] = [b"Private-MAC: ", b"Private-Hash: "];
/// Digits of SHA-1 and of SHA-256.
const SHORTEST_MAC: usize = 40;
const LONGEST_MAC: usize = 64;
/// Characters of base64 of which the private half has at least so many.
const SHORTEST_BODY: usize = 40;

/// The key whose first line begins at `hit`.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let rest = &text[hit.end..];
    let key = &rest[..memmem::find(rest, FIRST).unwrap_or(rest.len())];
    matches!(key, [b'1'..=b'3', b':', b' ', ..]).then_some(())?;
    let private = memmem::find(key, PRIVATE)?;
    let (last, length) = LAST.iter().find_map(|last| Some((memmem::find(&key[private..], last)?, last.len())))?;
    let body = key[private..private + last].iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    let mut cursor = Cursor::new(key, private + last + length);
    let mac = cursor.take_while(LONGEST_MAC, |byte| byte.is_ascii_hexdigit());
    if mac.len() < SHORTEST_MAC || body < SHORTEST_BODY {
        return None;
    }
    let is_clear =
        memmem::find(&key[..private], ENCRYPTION).is_some_and(|at| key[at + ENCRYPTION.len()..].starts_with(b"none"));
    Some(Found {
        secret: Span::new(hit.start, hit.end + mac.end),
        field: None,
        kinds: KindSet::ALL,
        severity: Some(if is_clear { Severity::Critical } else { Severity::High }),
        confidence: Some(Confidence::High),
        why: Some("structure"),
    })
}

/// The key without what its line ends are written as.
pub(super) fn canonical(secret: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(secret.len());
    let mut rest = secret;
    while let Some((&byte, tail)) = rest.split_first() {
        match rest {
            [b'\\', b'n' | b'r', tail @ ..] => rest = tail,
            _ => {
                if !byte.is_ascii_whitespace() && byte != b'\\' {
                    text.push(byte);
                }
                rest = tail;
            }
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::structures::tests::all;
    use crate::rules::Shape;

    fn key(encryption: &str) -> String {
        let line = "AAAAC3NzaC1lZDI1NTE5AAAAIFq4kqXo7iZk2dD4nI8mR1hV7cWcYd9tR0sU3xKf";
        format!(
            "{}2: ssh-ed25519\nEncryption: {encryption}\nComment: joe@host\nPublic-Lines: 2\n{line}\nxyz0\nPrivate-Lines: 1\n{line}\nPrivate-MAC: {}",
            concat!("PuTTY-User-", "Key-File-"),
            "0123456789abcdef".repeat(3).split_at(40).0,
        )
    }

    fn verdict(text: &str) -> Option<Severity> {
        all(Shape::Putty, &["PuTTY-User-Key-File-"], text).first()?.severity
    }

    #[test]
    fn keys() {
        assert_eq!(verdict(&key("none")), Some(Severity::Critical));
        assert_eq!(verdict(&key("aes256-cbc")), Some(Severity::High));
        for form in [
            key("none").replace('\n', "\r\n"),
            key("none").replace('\n', "\\n"),
            format!("a: |\n  {}", key("none").replace('\n', "\n  ")),
        ] {
            assert_eq!(verdict(&form), Some(Severity::Critical), "{form}");
            let found = &all(Shape::Putty, &["PuTTY-User-Key-File-"], &form)[0];
            assert_eq!(canonical(form[found.secret.range()].as_bytes()), canonical(key("none").as_bytes()), "{form}");
        }
    }

    #[test]
    fn no_keys() {
        let whole = key("none");
        for text in [
            &whole[..whole.len() - 4],
            &whole.replace("Private-Lines", "Lines"),
            "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\n...\nPrivate-MAC: ...",
            "line.startswith('PuTTY-User-Key-File-')",
        ] {
            assert_eq!(verdict(text), None, "{text}");
        }
    }
}
