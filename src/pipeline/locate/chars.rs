//! Bytes to characters, UTF-8 or UTF-16, from a reader and in a small buffer. What is not valid is told as such, with
//! its length, since columns and hashes count it differently. It knows nothing of lines.

use std::io::{self, ErrorKind, Read};

/// The longest encoded character, in bytes, in any of the encodings.
pub(super) const LONGEST_CHAR: usize = 4;

/// Bytes read at a time: large against a system call, small against a cache.
const BUFFER: usize = 64 << 10;

/// How text is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// UTF-8, or whatever is taken for it.
    Utf8,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
}

/// A character as it stands in a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Char {
    /// Offset of its first byte.
    pub(super) start: usize,
    /// Number of bytes.
    pub(super) len: usize,
    /// None for bytes that are no character: in UTF-8 a longest prefix of one (as U+FFFD would replace it), in UTF-16 a
    /// surrogate without its partner or a last odd byte.
    pub(super) value: Option<char>,
    /// Columns it takes: 1, or for what is not valid UTF-8 one a byte.
    pub(super) columns: usize,
}

impl Charset {
    /// The first character of `bytes`, which hold at least [`LONGEST_CHAR`] bytes or end with the text.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<Char> {
        let (value, len) = match (self, bytes) {
            (_, []) => return None,
            (Self::Utf8, &[ascii @ 0..0x80, ..]) => (Some(char::from(ascii)), 1),
            (Self::Utf8, bytes) => bstr::decode_utf8(bytes),
            (Self::Utf16Le, bytes) => decode_utf16(bytes, u16::from_le_bytes),
            (Self::Utf16Be, bytes) => decode_utf16(bytes, u16::from_be_bytes),
        };
        let columns = if value.is_none() && self == Self::Utf8 { len } else { 1 };
        Some(Char { start: 0, len, value, columns })
    }

    /// Number of bytes at the start of `bytes` that are the rest of a character whose start was cut off.
    pub(super) fn torn(self, bytes: &[u8]) -> usize {
        let is_low_surrogate = |high: u8| (0xdc..0xe0).contains(&high);
        match (self, bytes) {
            (Self::Utf8, bytes) => {
                bytes.iter().take(LONGEST_CHAR - 1).take_while(|&&byte| byte & 0b1100_0000 == 0b1000_0000).count()
            }
            (Self::Utf16Le, &[_, high, ..]) | (Self::Utf16Be, &[high, _, ..]) if is_low_surrogate(high) => 2,
            _ => 0,
        }
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (Option<char>, usize) {
    let Some((first, rest)) = bytes.split_first_chunk() else { return (None, bytes.len()) };
    let second = rest.first_chunk().map(|second| unit(*second));
    match char::decode_utf16([unit(*first)].into_iter().chain(second)).next() {
        Some(Ok(char)) => (Some(char), 2 * char.len_utf16()),
        _ => (None, 2),
    }
}

/// The characters of a reader.
pub(super) struct Chars<R> {
    input: R,
    charset: Charset,
    buffer: Box<[u8]>,
    /// The part of the buffer that holds bytes not yet given out.
    next: usize,
    filled: usize,
    /// Offset in the document of the next byte.
    offset: usize,
    ended: bool,
}

impl<R: Read> Chars<R> {
    pub(super) fn new(input: R, charset: Charset) -> Self {
        let buffer = vec![0; BUFFER].into_boxed_slice();
        Self { input, charset, buffer, next: 0, filled: 0, offset: 0, ended: false }
    }

    /// The next character; None at the end of the text.
    pub(super) fn next(&mut self) -> io::Result<Option<Char>> {
        if self.filled - self.next < LONGEST_CHAR && !self.ended {
            self.fill()?;
        }
        let decoded = self.charset.decode(&self.buffer[self.next..self.filled]);
        Ok(decoded.map(|char| {
            let start = self.offset;
            self.next += char.len;
            self.offset += char.len;
            Char { start, ..char }
        }))
    }

    /// Number of bytes given out so far.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.next..self.filled, 0);
        self.filled -= self.next;
        self.next = 0;
        while self.filled < LONGEST_CHAR && !self.ended {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
