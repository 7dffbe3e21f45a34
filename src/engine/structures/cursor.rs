//! A place in a text that is read from left to right, by the structures that read what stands behind their anchor. Every
//! step has a limit, so that none reads further than a person would write.

use super::byte_at;
use crate::model::Span;

/// Text in a text, in a text: `\\\"`.
const MOST_SLASHES: usize = 3;
/// Blanks that line up columns.
pub(super) const MOST_BLANKS: usize = 40;

/// A table of these bytes, and of blanks and what else stands before them.
pub(super) const fn blanks_and(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte <= b' ' as usize {
        table[byte] = true;
        byte += 1;
    }
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

/// A text and the place that is read next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    pub at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [u8], at: usize) -> Self {
        Self { text, at: at.min(text.len()) }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> u8 {
        byte_at(self.text, self.at)
    }

    /// The byte before this place.
    pub(super) fn before(&self) -> u8 {
        self.at.checked_sub(1).map_or(0, |before| byte_at(self.text, before))
    }

    /// Steps over what `fits`, at most `most` bytes; tells over how many.
    pub(super) fn skip_while(&mut self, most: usize, fits: impl Fn(u8) -> bool) -> usize {
        let count = self.rest().iter().take(most).take_while(|&&byte| fits(byte)).count();
        self.at += count;
        count
    }

    /// The same, as the place of what was stepped over.
    pub(super) fn take_while(&mut self, most: usize, fits: impl Fn(u8) -> bool) -> Span {
        let start = self.at;
        self.skip_while(most, fits);
        Span::new(start, self.at)
    }

    pub(super) fn skip_blanks(&mut self) -> usize {
        self.skip_while(MOST_BLANKS, is_blank)
    }

    /// Steps over `word`, in any case, if it stands here.
    pub(super) fn eat(&mut self, word: &[u8]) -> bool {
        let stands = starts_with(self.rest(), word);
        if stands {
            self.at += word.len();
        }
        stands
    }

    /// Steps over a quotation mark and the backslashes that escape it; returns them.
    pub(super) fn quote(&mut self) -> Option<&'a [u8]> {
        let slashes = self.rest().iter().take(MOST_SLASHES).take_while(|&&byte| byte == b'\\').count();
        let mark = self.rest().get(..=slashes).filter(|mark| is_quote(mark[slashes]))?;
        self.at += mark.len();
        Some(mark)
    }

    /// Steps over text up to the same quotation mark, in the same line and at most `most` bytes away, and over the mark.
    pub(super) fn until(&mut self, mark: &[u8], most: usize) -> Option<Span> {
        let within = &self.rest()[..self.rest().len().min(most + mark.len())];
        let line = &within[..memchr::memchr2(b'\n', b'\r', within).unwrap_or(within.len())];
        let end = memchr::memmem::find(line, mark)?;
        let span = Span::new(self.at, self.at + end);
        self.at = span.end + mark.len();
        Some(span)
    }
}

/// Whether `text` begins with `word`, in any case.
pub(super) fn starts_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Whether `text` ends with `word`, in any case.
pub(super) fn ends_with(text: &[u8], word: &[u8]) -> bool {
    text.len() >= word.len() && text[text.len() - word.len()..].eq_ignore_ascii_case(word)
}

#[inline]
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[inline]
pub(super) fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// A byte of an identifier.
#[inline]
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_quoted_text() {
        let text = br#" \"a "b" c\" d"#;
        let mut cursor = Cursor::new(text, 0);
        assert_eq!((cursor.skip_blanks(), cursor.quote()), (1, Some(br#"\""#.as_slice())));
        assert_eq!(cursor.until(br#"\""#, 20).map(|span| &text[span.range()]), Some(br#"a "b" c"#.as_slice()));
        assert!(cursor.eat(b" D") && cursor.peek() == 0 && cursor.rest().is_empty());
    }

    #[test]
    fn stops_at_its_limits() {
        let mut cursor = Cursor::new(b"aaaa'", 0);
        assert_eq!(cursor.until(b"'", 3), None);
        assert_eq!(cursor.skip_while(3, |byte| byte == b'a'), 3);
        assert_eq!(cursor.until(b"'", 1), Some(Span::new(3, 4)));
        assert_eq!(Cursor::new(b"a\nb'", 0).until(b"'", 9), None);
        assert_eq!(Cursor::new(b"", 7).quote(), None);
    }
}
