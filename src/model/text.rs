//! Text of the scanned repository, masked: a path, a commit summary, a snippet. Anything of the repository that can
//! reach a report is one of these, so that a key in a file name or beside another key is not printed by accident.

use std::fmt;

use super::Span;

/// Finds what must not be shown. The scanner implements it: every candidate, suppressed and low-confidence included.
pub trait Mask {
    /// The ranges of `bytes` to blank out; in any order, and they may overlap.
    fn hidden(&self, bytes: &[u8]) -> Vec<Span>;
}

/// Hides nothing: for `--show-secrets`, and for text that is ours.
#[derive(Clone, Copy, Debug)]
pub struct NoMask;

impl Mask for NoMask {
    fn hidden(&self, _bytes: &[u8]) -> Vec<Span> {
        Vec::new()
    }
}

/// Text that may be shown. Invalid UTF-8 has become U+FFFD; control characters are still in it, and each reporter
/// escapes them as its format asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

impl Text {
    /// `bytes` with everything that `mask` hides blanked by asterisks.
    pub fn new(bytes: &[u8], mask: &dyn Mask) -> Self {
        let mut spans = mask.hidden(bytes);
        spans.sort_unstable();
        Self::blanked(bytes, &spans)
    }

    /// `bytes` with `spans` (sorted by start) blanked, one asterisk a byte, for a caller that holds the mask's answer.
    pub fn blanked(bytes: &[u8], spans: &[Span]) -> Self {
        let mut shown = bytes.to_vec();
        for span in spans {
            let range = span.start.min(shown.len())..span.end.min(shown.len());
            shown[range].iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b'*');
        }
        Self(String::from_utf8_lossy(&shown).into_owned())
    }

    /// Text that is the program's own and holds nothing of a repository.
    pub fn own(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(Vec<Span>);

    impl Mask for Fixed {
        fn hidden(&self, _bytes: &[u8]) -> Vec<Span> {
            self.0.clone()
        }
    }

    #[test]
    fn blanks_overlapping_spans_and_keeps_line_ends() {
        let mask = Fixed(vec![Span::new(5, 8), Span::new(2, 6), Span::new(20, 99)]);
        assert_eq!(Text::new(b"ab345\n78 rest", &mask).as_str(), "ab***\n** rest");
    }

    #[test]
    fn replaces_invalid_utf8() {
        assert_eq!(Text::new(b"a\xffb", &NoMask).as_str(), "a\u{fffd}b");
    }
}
