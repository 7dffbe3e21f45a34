//! Base64 as it is found in tokens: in the standard or the URL-safe alphabet, with padding or without, and with the spare
//! bits of the last character set by some encoders.

use std::sync::LazyLock;

use data_encoding::{BASE64_NOPAD, Encoding};

/// Reads both alphabets.
static LENIENT: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = BASE64_NOPAD.specification();
    specification.check_trailing_bits = false;
    specification.translate.from.push_str("-_");
    specification.translate.to.push_str("+/");
    specification.encoding().expect("two more characters keep an encoding valid")
});

/// What `text` encodes.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1);
    LENIENT.decode(&text[..end]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_with_and_without_padding() {
        for text in ["+/+/8A==", "-_-_8A==", "-_+/8A", "-_-_8B", "-_-_8A="] {
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(&[0xfb, 0xff, 0xbf, 0xf0][..]), "{text}");
        }
        assert_eq!(decode(b"===").as_deref(), Some(&[][..]));
        for text in ["a", "ab c", "ab.c", "ab=c"] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
    }
}
