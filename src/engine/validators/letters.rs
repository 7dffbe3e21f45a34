//! What the letters of a value tell: random text mixes them, names are made of words.

use super::aws::is_camel_case;
use super::mask::patterned;
use crate::engine::structures::{is_random, is_random_letters};

/// Whether capitals, small letters and digits all occur, as they do in random text of some length. Three in a hundred random
/// values of twenty characters have no digit: then the letters must be no words.
pub(super) fn is_mixed(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_uppercase)
        && value.iter().any(u8::is_ascii_lowercase)
        && (value.iter().any(u8::is_ascii_digit) || is_no_name(value) && is_random(value))
}

/// Whether both cases occur, and not as the words of a name.
pub(super) fn is_no_name(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_uppercase) && value.iter().any(u8::is_ascii_lowercase) && !is_camel_case(value)
}

/// Whether the letters of a value, its blanks left out, are no words and nothing that fingers type in a row.
pub(super) fn is_unlike_words(value: &[u8]) -> bool {
    let letters: Vec<u8> = value.iter().copied().filter(|&byte| byte != b' ').collect();
    is_random_letters(&letters) && patterned(&letters) * 2 < letters.len()
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

    #[test]
    fn letters_that_are_no_words() {
        assert!(is_unlike_words(concat!("qkzv", " wxjt hbrq mfpl").as_bytes()));
        for value in ["this will help with", "abcd efgh ijkl mnop", "your code goes here", "xxxx xxxx xxxx xxxx", ""] {
            assert!(!is_unlike_words(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn random_values_without_a_digit() {
        for value in [
            concat!("fw_", "pqaGGUJAuxTqIwBVcfFMdH"),
            concat!("sb_sec", "ret_NoZGhIXChnNk", "NCqHLvl_Jw_ZKcVAXcy"),
            concat!("OiMVov", "UdlBSRDzxnXWzAEV"),
        ] {
            assert!(is_mixed(value.as_bytes()), "{value}");
        }
        for value in
            ["fw_yourFireworksApiKeyGoes", "tvly-YourTavilyApiKeyForDevelopment", "s.getUserAccessTokenFromReq"]
        {
            assert!(!is_mixed(value.as_bytes()), "{value}");
        }
    }
}
