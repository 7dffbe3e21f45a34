//! Base64 as it stands in credentials: of either alphabet, with padding or without, the spare bits of the last character
//! zero or not. Whether the text is a credential is for others to say.

use data_encoding::{BASE64_NOPAD, Encoding};

/// The bytes that `text` writes; None if it holds anything else than base64.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1);
    either_alphabet().decode(&text[..end]).ok()
}

fn either_alphabet() -> Encoding {
    let mut specification = BASE64_NOPAD.specification();
    specification.check_trailing_bits = false;
    specification.translate.from.push_str("-_");
    specification.translate.to.push_str("+/");
    specification.encoding().expect("two more characters and a check less keep an encoding valid")
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::{BASE64, BASE64URL_NOPAD};
    use proptest::prelude::*;

    #[test]
    fn what_is_no_base64() {
        for text in ["a", "ab.c", "ab=cd", "a b c d"] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
        assert_eq!(decode(b""), Some(Vec::new()));
        assert_eq!(decode(b"QUI="), decode(b"QUJ"), "spare bits are ignored");
    }

    proptest! {
        #[test]
        fn either_alphabet_reads_back(data in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(decode(BASE64.encode(&data).as_bytes()), Some(data.clone()));
            prop_assert_eq!(decode(BASE64URL_NOPAD.encode(&data).as_bytes()), Some(data));
        }
    }
}
