//! A secret that cannot print itself. [`Secret::expose`] is the one way out, so that `grep expose` lists every place
//! that handles a clear value; neither `Debug` nor `Display` is one.

use std::fmt;

/// The decoded bytes of a credential.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Secret(Box<[u8]>);

/// Shown of a long secret: this many characters at its start ...
const HEAD: usize = 4;
/// ... and this many at its end.
const TAIL: usize = 2;
/// A longer mask says nothing more.
const LONGEST_MASK: usize = 40;
/// What stands for a secret too short to show anything of; its length stays untold.
const SHORT_MASK: &str = "********";

impl Secret {
    /// Takes over the clear bytes.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// The clear bytes. Every caller is a place to review.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The secret as reports show it: the first 4 and last 2 characters, never more than a quarter of it, and nothing
    /// at all of one that is short or not printable ASCII.
    pub fn masked(&self) -> String {
        let visible = (self.0.len() / 4).min(HEAD + TAIL);
        if visible < 3 || !self.0.iter().all(u8::is_ascii_graphic) {
            return SHORT_MASK.to_owned();
        }
        let tail = visible / 3;
        let head = visible - tail;
        let stars = self.0.len().min(LONGEST_MASK) - visible;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        format!("{}{}{}", text(&self.0[..head]), "*".repeat(stars), text(&self.0[self.0.len() - tail..]))
    }

    /// Shannon entropy of the bytes in bits, over the whole value: bits per character times length.
    pub fn entropy_bits(&self) -> f64 {
        let mut counts = [0u32; 256];
        self.0.iter().for_each(|&byte| counts[usize::from(byte)] += 1);
        let len = self.0.len() as f64;
        counts.iter().filter(|&&n| n > 0).map(|&n| -f64::from(n) * (f64::from(n) / len).log2()).sum()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret([{} bytes])", self.0.len())
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        Secret::new(text.as_bytes()).masked()
    }

    #[test]
    fn shows_at_most_a_quarter() {
        assert_eq!(masked(&"abcdefghij".repeat(4)), format!("abcd{}ij", "*".repeat(34)));
        assert_eq!(masked("abcdefghijkl"), "ab*********l");
        assert_eq!(masked("abcdefghijk"), SHORT_MASK);
        assert_eq!(masked(""), SHORT_MASK);
        assert_eq!(masked(&"x".repeat(2000)).len(), LONGEST_MASK);
    }

    #[test]
    fn shows_nothing_that_is_not_printable() {
        assert_eq!(masked("\u{1b}[31mabcdefghijklmnopqrstuvwxyz"), SHORT_MASK);
        assert_eq!(masked("-----BEGIN\nabcdefghijklmnopqrstuvwxyz"), SHORT_MASK);
    }

    #[test]
    fn cannot_print_itself() {
        let secret = Secret::new(*b"correct horse");
        assert_eq!(format!("{secret:?}"), "Secret([13 bytes])");
        assert_eq!(format!("{secret}"), SHORT_MASK);
    }
}
