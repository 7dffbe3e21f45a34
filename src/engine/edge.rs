//! Byte tests beside a secret. They look at a few neighbours and consume none, so that two secrets with one separator
//! between them are both found.

use crate::model::Span;
use crate::rules::{Edge, Edges};

/// Bytes that the tests may look at on either side: the longest escape sequence, `\u003d`.
pub(crate) const REACH: usize = 6;

/// Whether both neighbours of `secret` allow it to be a whole.
pub(crate) fn fit(edges: Edges, bytes: &[u8], secret: Span) -> bool {
    fits_left(edges.left, &bytes[..secret.start]) && fits_right(edges.right, bytes.get(secret.end).copied())
}

/// Whether a secret may start behind `before`.
pub(crate) fn fits_left(edge: Edge, before: &[u8]) -> bool {
    match before.last() {
        Some(&byte) => !continues(edge, byte) || ends_in_escape(before),
        None => true,
    }
}

fn fits_right(edge: Edge, after: Option<u8>) -> bool {
    after.is_none_or(|byte| !(continues(edge, byte) || edge == Edge::Base64 && byte == b'='))
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
    }
}

/// Whether the last letter or digit belongs to an escape sequence and so ends a token: `\n`, `%3D`, `\u003d`.
fn ends_in_escape(before: &[u8]) -> bool {
    match before {
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f' | b'v'] => true,
        [.., b'%', high, low] | [.., b'\\', b'u', b'0', b'0', high, low] => {
            high.is_ascii_hexdigit() && low.is_ascii_hexdigit()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_of_an_id() {
        for before in ["", " ", "=", "key_", "a,", "\\n", "\\t", "x%3D", "x%3d", "\\u003d", "\u{e9}", "-", "."] {
            assert!(fits_left(Edge::Alnum, before.as_bytes()), "{before}");
        }
        for before in ["x", "MY", "3D", "\\x", "%D", "u003d", "n"] {
            assert!(!fits_left(Edge::Alnum, before.as_bytes()), "{before}");
        }
        assert!(!fits_left(Edge::Base64, b"/") && fits_left(Edge::Base64, b"=") && !fits_left(Edge::Dotted, b"."));
    }

    #[test]
    fn right_of_base64() {
        assert!(fits_right(Edge::Base64, None) && fits_right(Edge::Base64, Some(b'"')));
        assert!(!fits_right(Edge::Base64, Some(b'=')) && !fits_right(Edge::Base64, Some(b'+')));
        assert!(fits_right(Edge::Alnum, Some(b'_')) && !fits_right(Edge::Token, Some(b'_')));
        assert!(fits_right(Edge::None, Some(b'a')));
    }
}
