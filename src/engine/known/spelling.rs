//! How a value may be spelled in text: as it is, percent-encoded, or with backslashes as in JSON and most programming
//! languages. Each byte may be escaped or not, since encoders differ in which they escape; but one value is spelled in one
//! style. Only the bytes on either side of the anchor are looked at: the anchor itself is never escaped.

use std::ops::Range;

use crate::model::Span;

/// The longest spelling of one byte: `\u002f`.
pub(super) const LONGEST_BYTE: usize = 6;
/// More backslashes in a row are not counted.
const MOST_BACKSLASHES: usize = 64;

/// The place of `value` in `text`, whose part `anchor` stands at `start`; the longest, if it can be read in several styles.
pub(super) fn around(text: &[u8], start: usize, value: &[u8], anchor: Range<usize>) -> Option<Span> {
    let (head, tail) = (&value[..anchor.start], &value[anchor.end..]);
    let spelled = |style: Style| {
        let first = head.iter().rev().try_fold(start, |end, &byte| style.before(text, end, byte))?;
        let end = tail.iter().try_fold(start + anchor.len(), |at, &byte| style.after(text, at, byte))?;
        Some(Span::new(first, end))
    };
    [Style::Plain, Style::Percent, Style::Backslash].into_iter().filter_map(spelled).max_by_key(Span::len)
}

#[derive(Clone, Copy)]
enum Style {
    Plain,
    Percent,
    Backslash,
}

impl Style {
    /// Where the spelling of `byte` starts that ends at `end`.
    fn before(self, text: &[u8], end: usize, byte: u8) -> Option<usize> {
        let is_plain = end > 0 && text[end - 1] == byte;
        match self {
            Self::Plain => is_plain.then(|| end - 1),
            Self::Percent if end >= 3 && percent(&text[end - 3..]) == Some(byte) => Some(end - 3),
            Self::Percent => (end > 0 && is_percent_literal(text[end - 1], byte)).then(|| end - 1),
            Self::Backslash => {
                let starts = [6, 4, 2].into_iter().filter_map(|len| Some((len, end.checked_sub(len)?)));
                let mut escapes = starts.filter(|&(len, at)| {
                    text[at] == b'\\' && escape(&text[at..]) == Some((byte, len)) && !is_escaped(text, at)
                });
                match escapes.next() {
                    Some((_, at)) => Some(at),
                    None => (is_plain && byte != b'\\' && !is_escaped(text, end - 1)).then(|| end - 1),
                }
            }
        }
    }

    /// Where the spelling of `byte` ends that starts at `at`.
    fn after(self, text: &[u8], at: usize, byte: u8) -> Option<usize> {
        let first = *text.get(at)?;
        match self {
            Self::Plain => (first == byte).then_some(at + 1),
            Self::Percent if percent(&text[at..]) == Some(byte) => Some(at + 3),
            Self::Percent => is_percent_literal(first, byte).then_some(at + 1),
            Self::Backslash => match escape(&text[at..]) {
                Some((escaped, len)) => (escaped == byte).then_some(at + len),
                None => (first == byte && byte != b'\\').then_some(at + 1),
            },
        }
    }
}

/// Whether `written` is `byte` where `%` begins an escape; forms write a blank as `+`.
fn is_percent_literal(written: u8, byte: u8) -> bool {
    written == byte && byte != b'%' || (written, byte) == (b'+', b' ')
}

/// The byte that `text` begins with, spelled as `%2F`.
fn percent(text: &[u8]) -> Option<u8> {
    hex(text.strip_prefix(b"%")?)
}

/// The byte that `text` begins with, spelled by a backslash, and the length of that.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    let [b'\\', letter, rest @ ..] = text else { return None };
    match letter {
        b'u' => Some((hex(rest.strip_prefix(b"00")?).filter(u8::is_ascii)?, 6)),
        b'x' => Some((hex(rest)?, 4)),
        b'n' => Some((b'\n', 2)),
        b'r' => Some((b'\r', 2)),
        b't' => Some((b'\t', 2)),
        sign => sign.is_ascii_punctuation().then_some((*sign, 2)),
    }
}

/// The byte that the first two hexadecimal digits write.
fn hex(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| text.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    u8::try_from(digit(0)? << 4 | digit(1)?).ok()
}

/// Whether a backslash that is none itself stands before `at`.
fn is_escaped(text: &[u8], at: usize) -> bool {
    text[..at].iter().rev().take(MOST_BACKSLASHES).take_while(|&&byte| byte == b'\\').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALUE: &str = r#"a/b+"\ %=anchor9&\/~'"#;

    fn found(text: &str) -> Option<&str> {
        let at = VALUE.find("anchor9").expect("it is in the value");
        let start = text.find("anchor9").expect("it is in the text");
        around(text.as_bytes(), start, VALUE.as_bytes(), at..at + 7).map(|span| &text[span.range()])
    }

    #[test]
    fn spellings() {
        for spelled in [
            VALUE,
            r#"a%2Fb%2B%22%5C%20%25%3Danchor9%26%5C%2F~%27"#,
            r#"a/b%2b%22%5c+%25%3danchor9&%5c/~'"#,
            r#"a/b+\"\\ %=anchor9&\\/~'"#,
            r#"a\/b+\"\\ %=anchor9&\\\/~'"#,
            r#"a\/b\u002B\u0022\\ %\u003danchor9\u0026\\\u002f~\u0027"#,
            r#"a/b+\x22\x5c %=anchor9&\x5C/~\'"#,
        ] {
            for text in [spelled.to_owned(), format!("\"{spelled}\""), format!("\\\\{spelled}\\n")] {
                assert_eq!(found(&text), Some(spelled), "{text}");
            }
        }
    }

    #[test]
    fn what_is_spelled_otherwise_is_something_else() {
        for text in [
            r#"a/b+"\ %=anchor9&\/~"#,
            r#"/b+"\ %=anchor9&\/~'"#,
            r#"a%2Fb%2B%22%5C%20%%3Danchor9%26%5C%2F~%27"#,
            r#"a\\/b+\"\\ %=anchor9&\\/~'"#,
            "anchor9",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in proptest::collection::vec(prop_oneof![Just(b'\\'), Just(b'%'), Just(b'u'), Just(b'0'), any::<u8>()], 0..40), value in "[%\\\\u0a/]{0,9}", at in any::<prop::sample::Index>()) {
            let start = at.index(text.len() + 1);
            around(&text, start, value.as_bytes(), 0..0);
            around(&text, start, value.as_bytes(), value.len()..value.len());
        }

        #[test]
        fn any_value_is_found_in_its_json(value in "[ -~]{0,12}", tail in "[ -~]{0,12}", percent in any::<bool>()) {
            let whole = format!("{value}anchor9{tail}");
            let spelled = if percent {
                let escaped = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
                whole.bytes().map(escaped).collect()
            } else {
                serde_json::to_string(&whole).expect("text is JSON").trim_matches('"').to_owned()
            };
            // A quote at either end is trimmed away with the string's own.
            prop_assume!(percent || !whole.starts_with('"') && !whole.ends_with('"'));
            let start = spelled.find("anchor9").expect("it is not escaped");
            let span = around(spelled.as_bytes(), start, whole.as_bytes(), value.len()..value.len() + 7);
            prop_assert_eq!(span, Some(Span::new(0, spelled.len())));
        }
    }
}
