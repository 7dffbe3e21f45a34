//! Byte tests beside a secret. They look at a few neighbours and consume none, so that two secrets with one separator
//! between them are both found.

use crate::model::Span;
use crate::rules::{Edge, Edges};

/// Bytes that the tests may look at on either side: the longest escape sequence, a colour spelled out, as
/// `\u001b[38;5;123m`.
pub(crate) const REACH: usize = 24;

/// Whether both neighbours of `secret` allow it to be a whole.
pub(crate) fn fit(edges: Edges, bytes: &[u8], secret: Span) -> bool {
    fits_left(edges.left, &bytes[..secret.start]) && fits_right(edges.right, &bytes[secret.end..])
}

/// Whether a secret may start behind `before`.
pub(crate) fn fits_left(edge: Edge, before: &[u8]) -> bool {
    match before.last() {
        Some(&byte) => !continues(edge, byte) || ends_in_escape(before),
        None => true,
    }
}

/// Whether a secret may end before `after`.
pub(crate) fn fits_right(edge: Edge, after: &[u8]) -> bool {
    match after {
        [] => true,
        [b'\\', b'n' | b'r' | b'N' | b'R', ..] if edge == Edge::Delimiter => true,
        [byte, ..] => !(continues(edge, *byte) || edge == Edge::Base64 && *byte == b'='),
    }
}

/// Whether `byte` would make a token of this class longer.
fn continues(edge: Edge, byte: u8) -> bool {
    let alnum = byte.is_ascii_alphanumeric();
    match edge {
        Edge::None => false,
        Edge::Alnum => alnum,
        Edge::Token => alnum || matches!(byte, b'-' | b'_'),
        Edge::Base64 => alnum || matches!(byte, b'/' | b'+'),
        Edge::Dotted => alnum || matches!(byte, b'-' | b'_' | b'.'),
        Edge::Word => alnum || byte == b'_',
        Edge::Delimiter => !(byte.is_ascii_whitespace() || matches!(byte, b'\'' | b'"' | b'`' | b';')),
    }
}

/// Whether the last letter or digit belongs to an escape sequence and so ends a token: `\n`, `%3D`, `\x3d`, `\u003d`,
/// quoted-printable `=3D`, a terminal's colour.
fn ends_in_escape(before: &[u8]) -> bool {
    match before {
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f' | b'v'] | [.., b'=', b'3', b'D'] => true,
        [.., b'%', high, low] | [.., b'\\', b'x', high, low] | [.., b'\\', b'u', b'0', b'0', high, low] => {
            high.is_ascii_hexdigit() && low.is_ascii_hexdigit()
        }
        [.., b'm'] => ends_in_colour(before),
        _ => false,
    }
}

/// Whether `before` ends in a sequence like `ESC[1;31m` (ECMA-48, SGR), the escape itself or spelled out.
fn ends_in_colour(before: &[u8]) -> bool {
    const ESCAPES: [&[u8]; 5] = [b"\x1b", b"\\e", b"\\033", b"\\x1b", b"\\u001b"];
    let tail = &before[before.len().saturating_sub(REACH)..before.len() - 1];
    let Some(open) = memchr::memrchr(b'[', tail) else { return false };
    let (escape, numbers) = (tail[..open].to_ascii_lowercase(), &tail[open + 1..]);
    numbers.iter().all(|byte| byte.is_ascii_digit() || *byte == b';')
        && ESCAPES.iter().any(|known| escape.ends_with(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_of_an_id() {
        for before in ["", " ", "=", "key_", "a,", "\\n", "\\t", "x%3D", "x%3d", "\\u003d", "\u{e9}", "-", "."] {
            assert!(fits_left(Edge::Alnum, before.as_bytes()), "{before}");
        }
        let escapes =
            ["\x1b[33m", "\x1b[m", "\\x1b[1;31m", "\\033[0m", "\\e[38;5;123m", "\\u001B[38;5;123m", "\\x3D", "=3D"];
        for before in escapes {
            assert!(fits_left(Edge::Alnum, before.as_bytes()), "{before}");
        }
        for before in ["[33m", "m", "\x1b[33x", "a=3", "x", "MY", "3D", "\\x", "%D", "u003d", "n"] {
            assert!(!fits_left(Edge::Alnum, before.as_bytes()), "{before}");
        }
        assert!(!fits_left(Edge::Base64, b"/") && fits_left(Edge::Base64, b"=") && !fits_left(Edge::Dotted, b"."));
    }

    #[test]
    fn right_of_base64() {
        assert!(fits_right(Edge::Base64, b"") && fits_right(Edge::Base64, b"\""));
        assert!(!fits_right(Edge::Base64, b"=") && !fits_right(Edge::Base64, b"+"));
        assert!(fits_right(Edge::Alnum, b"_") && !fits_right(Edge::Token, b"_"));
        assert!(fits_right(Edge::None, b"a"));
    }

    #[test]
    fn beside_a_word_and_between_delimiters() {
        assert!(fits_right(Edge::Word, b"-") && !fits_right(Edge::Word, b"_") && !fits_left(Edge::Word, b"_"));
        for after in ["", " ", "\n", "\r", "\t", "'", "\"", "`", ";", "\\n", "\\r"] {
            assert!(fits_right(Edge::Delimiter, after.as_bytes()), "{after}");
        }
        for after in ["a", "-", ",", ")", "\\", "\\t", "<"] {
            assert!(!fits_right(Edge::Delimiter, after.as_bytes()), "{after}");
        }
        assert!(
            fits_left(Edge::Delimiter, b"\"")
                && fits_left(Edge::Delimiter, b"\\n")
                && !fits_left(Edge::Delimiter, b"=")
        );
    }
}
