//! What the letters of a value tell: random text mixes them, names are made of words.

use super::aws::is_camel_case;

/// Whether capitals, small letters and digits all occur, as they do in random text of some length.
pub(super) fn is_mixed(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_uppercase)
        && value.iter().any(u8::is_ascii_lowercase)
        && value.iter().any(u8::is_ascii_digit)
}

/// Whether both cases occur, and not as the words of a name.
pub(super) fn is_no_name(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_uppercase) && value.iter().any(u8::is_ascii_lowercase) && !is_camel_case(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_letters_and_names() {
        assert!(is_no_name(concat!("hf_", "QvNbXzLkWpRtYmHsDgFcJaVeUoIqKnBxZw").as_bytes()));
        assert!(!is_no_name(b"hf_ModelForSequenceClassificationOutput"));
        assert!(!is_no_name(b"hf_abcdefghijklmnopqrstuvwxyzabcdefgh"));
        assert!(is_mixed(b"aB3") && !is_mixed(b"ab3") && !is_mixed(b"AB3") && !is_mixed(b"abC"));
    }
}
