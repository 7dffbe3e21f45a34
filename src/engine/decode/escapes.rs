//! Text of which single characters are spelled out: percent-encoded in URLs, as references in HTML and XML, by number in JSON
//! strings; and text in hexadecimal. Of each the whole stretch is decoded, a line or a run, if it is not too long: what leads
//! to a stretch, leads to the same one from wherever it stands in it.

use std::ops::Range;

use super::{Map, View};
use crate::engine::anchors::Lead;
use crate::model::Encoding;

/// A longer line, URL or run of digits is left as it is: a machine wrote it, and it may hold anything, in bytes.
pub(super) const LONGEST: usize = 4096;
/// A longer reference is none.
const LONGEST_REFERENCE: usize = 8;
/// Text in a text, in a text: `\\\u0022`.
const MOST_SLASHES: usize = 8;

/// A part of a text that is looked at as one.
pub(super) struct Stretch {
    /// What was looked at.
    pub range: Range<usize>,
    /// Whether it ends there, and goes not on for longer than is looked at.
    pub is_whole: bool,
}

/// The stretch of text around `at` that is decoded as one.
pub(super) fn stretch(bytes: &[u8], at: usize, lead: Lead) -> Stretch {
    match lead {
        Lead::Hex => run(bytes, at, |byte| byte.is_ascii_hexdigit()),
        Lead::Percent => run(bytes, at, is_of_url),
        _ => run(bytes, at, |byte| byte != b'\n'),
    }
}

/// The bytes around `at` for which `belongs` holds.
fn run(bytes: &[u8], at: usize, belongs: impl Fn(u8) -> bool) -> Stretch {
    let before = bytes[at.saturating_sub(LONGEST)..at].iter().rev().take_while(|&&byte| belongs(byte)).count();
    let after = bytes[at..bytes.len().min(at + LONGEST)].iter().take_while(|&&byte| belongs(byte)).count();
    Stretch { range: at - before..at + after, is_whole: before + after < LONGEST }
}

fn is_of_url(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\')
}

/// Whether any character of `text` is spelled out.
pub(super) fn spells_out(text: &[u8], lead: Lead) -> bool {
    let mark = match lead {
        Lead::Hex => return true,
        Lead::Percent => b'%',
        Lead::Entity => b'&',
        _ => b'\\',
    };
    memchr::memchr_iter(mark, text).any(|at| decoded(&text[at..], lead).1 > 1)
}

/// The first byte that `rest` stands for, and how long it is spelled out.
fn decoded(rest: &[u8], lead: Lead) -> (u8, usize) {
    match lead {
        Lead::Hex => (octet(rest).unwrap_or(b'?'), 2),
        Lead::Percent => percent(rest),
        Lead::Entity => reference(rest),
        _ => escape(rest),
    }
}

/// The text that `range` holds; of hexadecimal, `at` begins an octet.
pub(super) fn view(bytes: &[u8], range: Range<usize>, at: usize, lead: Lead) -> View {
    let (mut text, mut places) = (Vec::with_capacity(range.len()), Vec::with_capacity(range.len()));
    let mut next = range.start + if lead == Lead::Hex { (at - range.start) % 2 } else { 0 };
    while next < range.end {
        let rest = &bytes[next..range.end];
        let (byte, length) = decoded(rest, lead);
        let end = range.end.min(next + length);
        text.push(byte);
        places.push((next, end));
        next = end;
    }
    let encoding = match lead {
        Lead::Hex => Encoding::Hex,
        Lead::Percent => Encoding::Percent,
        Lead::Entity => Encoding::Entities,
        _ => Encoding::Escapes,
    };
    let whole = 0..text.len();
    View { text, owned: vec![whole], encoding, map: Map::Each { places } }
}

/// The first byte of `rest` as it is, where nothing is spelled out.
fn plain(rest: &[u8]) -> (u8, usize) {
    (rest[0], 1)
}

/// `%22` is a quotation mark (RFC 3986, section 2.1).
fn percent(rest: &[u8]) -> (u8, usize) {
    rest.strip_prefix(b"%").and_then(octet).map_or_else(|| plain(rest), |byte| (byte, 3))
}

/// Two hexadecimal digits.
fn octet(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| text.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    Some((digit(0)? << 4 | digit(1)?) as u8)
}

/// `&quot;`, `&#34;` and `&#x22;` are quotation marks; of references to characters beyond ASCII none is looked at.
fn reference(rest: &[u8]) -> (u8, usize) {
    const NAMES: [(&[u8], u8); 6] =
        [(b"quot", b'"'), (b"apos", b'\''), (b"amp", b'&'), (b"lt", b'<'), (b"gt", b'>'), (b"nbsp", b' ')];
    let name = || {
        let within = rest.strip_prefix(b"&")?;
        let within = &within[..within.len().min(LONGEST_REFERENCE)];
        let name = &within[..memchr::memchr(b';', within)?];
        let number = name.strip_prefix(b"#").and_then(|number| std::str::from_utf8(number).ok());
        let number = number.and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(digits) => u8::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        });
        let named = || NAMES.iter().find(|(known, _)| *known == name).map(|(_, byte)| *byte);
        Some((number.filter(u8::is_ascii).or_else(named)?, name.len() + 2))
    };
    name().unwrap_or_else(|| plain(rest))
}

/// `\u0022` and `\x22`, with one backslash or more; `\"` and `\/`.
fn escape(rest: &[u8]) -> (u8, usize) {
    let slashes = rest.iter().take(MOST_SLASHES).take_while(|&&byte| byte == b'\\').count();
    if slashes == 0 {
        return plain(rest);
    }
    let after = &rest[slashes..];
    match after {
        [b'u', b'0', b'0', digits @ ..] => octet(digits).map(|byte| (byte, slashes + 5)),
        [b'x', digits @ ..] => octet(digits).map(|byte| (byte, slashes + 3)),
        [mark @ (b'"' | b'\'' | b'/'), ..] => Some((*mark, slashes + 1)),
        _ => None,
    }
    .filter(|(byte, _)| byte.is_ascii())
    .unwrap_or_else(|| plain(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded_whole(text: &str, lead: Lead) -> String {
        let at = text.find(['%', '&', '\\']).unwrap_or(0);
        let stretch = stretch(text.as_bytes(), at, lead);
        assert!(stretch.is_whole);
        String::from_utf8(view(text.as_bytes(), stretch.range, at, lead).text).expect("the texts are ASCII")
    }

    #[test]
    fn spelled_out_characters() {
        for (text, lead, expected) in [
            ("x postgres%3A%2F%2Fjoe%3ap%2 y", Lead::Percent, "postgres://joe:p%2"),
            ("a\n&quot;k&#61;v&#x27;&amp;&lt;&#10;&#233;&x;&\nb", Lead::Entity, "\"k=v'&<\n&#233;&x;&"),
            (r#"{\u0022k\u0022:\\\u0022a\x41\/\u00e9\n\"}"#, Lead::Escape, r#"{"k":"aA/\u00e9\n"}"#),
            ("414b49410", Lead::Hex, "AKIA?"),
        ] {
            assert_eq!(decoded_whole(text, lead), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_spelled_out_is_decoded_to_itself() {
        for (text, lead, expected) in [
            ("100%25", Lead::Percent, true),
            ("100%2", Lead::Percent, false),
            ("a&amp;b", Lead::Entity, true),
            ("a&amp", Lead::Entity, false),
            (r"\u0041", Lead::Escape, true),
            (r"\u004\n", Lead::Escape, false),
        ] {
            assert_eq!(spells_out(text.as_bytes(), lead), expected, "{text}");
            assert_eq!(view(text.as_bytes(), 0..text.len(), 0, lead).text != text.as_bytes(), expected, "{text}");
        }
    }

    #[test]
    fn long_lines_are_left_alone() {
        for (length, expected) in [(LONGEST - 7, true), (LONGEST - 6, false)] {
            let text = format!("{}&quot;", "x".repeat(length));
            assert_eq!(stretch(text.as_bytes(), length, Lead::Entity).is_whole, expected);
        }
    }

    #[test]
    fn every_place_of_a_stretch_leads_to_all_of_it() {
        let text = b"one\n&quot;two&quot;&quot;\nthree";
        for at in [4, 13, 19] {
            assert_eq!(stretch(text, at, Lead::Entity).range, 4..25);
        }
    }
}
