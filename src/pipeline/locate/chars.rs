//! Bytes to characters, UTF-8 or UTF-16, and a reader in pieces that can be decoded. What is not valid is told as such, with
//! its length, since columns and hashes count it differently. It knows nothing of lines.

use std::io::{self, ErrorKind, Read};

/// The longest encoded character, in bytes, in any of the encodings.
pub(super) const LONGEST_CHAR: usize = 4;

/// Bytes read at a time: large against a system call, small against a cache.
const BUFFER: usize = 16 << 10;

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
    #[inline]
    pub(super) fn decode(self, bytes: &[u8]) -> Option<Char> {
        let (value, len) = match (self, bytes) {
            (_, []) => return None,
            (Self::Utf8, &[ascii @ 0..0x80, ..]) => (Some(char::from(ascii)), 1),
            (Self::Utf8, bytes) => bstr::decode_utf8(bytes),
            (Self::Utf16Le, bytes) => decode_utf16(bytes, u16::from_le_bytes),
            (Self::Utf16Be, bytes) => decode_utf16(bytes, u16::from_be_bytes),
        };
        let columns = if value.is_none() && self == Self::Utf8 { len } else { 1 };
        Some(Char { len, value, columns })
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

/// A reader's bytes in pieces that end between two characters, whatever pieces it gives.
pub(super) struct Pieces<R> {
    input: R,
    buffer: Box<[u8]>,
    /// The part of the buffer that holds bytes not yet taken.
    next: usize,
    filled: usize,
    ended: bool,
}

impl<R: Read> Pieces<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, buffer: vec![0; BUFFER].into_boxed_slice(), next: 0, filled: 0, ended: false }
    }

    /// What is there, and how much of it may be taken as characters that start in it: all of it at the end, and else up
    /// to where one might be cut. Empty at the end.
    pub(super) fn peek(&mut self) -> io::Result<(&[u8], usize)> {
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
        let whole = if self.ended { self.filled } else { self.filled - (LONGEST_CHAR - 1) };
        Ok((&self.buffer[..self.filled], whole))
    }

    /// Takes the first `len` bytes of what is there.
    pub(super) fn take(&mut self, len: usize) {
        self.next = len;
    }
}
