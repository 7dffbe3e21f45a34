//! What a text looks like inside base64, and which texts lead to encoded ones: every prefix that credentials begin with, the
//! names that passwords and keys are given, and for some rules also what becomes of an anchor in UTF-16, and in base64 once
//! more. build.rs includes this file.

use crate::rules::{Bounds, Matcher, Rule, Shape};

/// Names of what is secret that lead to settings in base64.
const NAMES: [&str; 8] =
    ["password", "passwd", "secret", "api_key", "apikey", "access_token", "auth_token", "private_key"];
/// The image of a shorter prefix would be found in much that is no text in base64.
const SHORTEST_PREFIX: usize = 4;
/// The same of an image of an image.
const SHORTEST_NESTED: usize = 6;

/// The base64 images that lead to a rule's matches, and where in its group of four each starts.
pub(crate) fn of_rule(rule: &Rule) -> Vec<(Box<[u8]>, usize)> {
    if rule.wrapped {
        let anchors: Vec<String> = rule.anchors.iter().flat_map(|anchor| spellings(rule, anchor)).collect();
        return anchors.iter().flat_map(|anchor| nested_images(anchor.as_bytes())).collect();
    }
    match rule.matcher {
        Matcher::Regex { bounds: Bounds { anchored: true, .. }, .. } if !rule.ignore_case => {
            let prefixes = rule.anchors.iter().filter(|anchor| anchor.len() >= SHORTEST_PREFIX);
            prefixes.flat_map(|anchor| base64_images(anchor.as_bytes())).collect()
        }
        Matcher::Structure(Shape::Assignment) if rule.generic => {
            let names = NAMES.iter().flat_map(|name| spellings(rule, name));
            names.flat_map(|name| nested_images(name.as_bytes())).collect()
        }
        _ => Vec::new(),
    }
}

/// As written, or in lower, upper and capitalised form if case is ignored.
fn spellings(rule: &Rule, anchor: &str) -> Vec<String> {
    if !rule.ignore_case {
        return vec![anchor.to_owned()];
    }
    let lower = anchor.to_ascii_lowercase();
    let mut capital = lower.clone();
    capital[..1].make_ascii_uppercase();
    vec![anchor.to_ascii_uppercase(), capital, lower]
}

/// The images of a text, of the same in UTF-16, and those of its images.
fn nested_images(text: &[u8]) -> Vec<(Box<[u8]>, usize)> {
    let utf16: Vec<u8> = text.iter().flat_map(|&byte| [byte, 0]).collect();
    let images = base64_images(text);
    let twice = images.iter().flat_map(|(image, _)| base64_images(image));
    let nested = twice.chain(base64_images(&utf16[..utf16.len() - 1]));
    let nested: Vec<_> = nested.filter(|(image, _)| image.len() >= SHORTEST_NESTED).collect();
    images.into_iter().chain(nested).collect()
}

/// The three base64 images of `text`, one for each phase, without the characters that its neighbours decide; and where
/// in its group of four each image starts.
pub(crate) fn base64_images(text: &[u8]) -> Vec<(Box<[u8]>, usize)> {
    (0..3).map(|skipped| image(text, skipped)).collect()
}

fn image(text: &[u8], skipped: usize) -> (Box<[u8]>, usize) {
    let mut padded = vec![0; skipped];
    padded.extend_from_slice(text);
    let encoded = data_encoding::BASE64_NOPAD.encode(&padded).into_bytes();
    let first = (skipped * 8).div_ceil(6);
    let whole = padded.len() * 8 / 6;
    (encoded[first..whole].into(), first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_a_key_id_prefix() {
        let images: Vec<String> =
            base64_images(b"AKIA").iter().map(|(image, _)| String::from_utf8_lossy(image).into_owned()).collect();
        assert_eq!(images, ["QUtJQ", "FLSU", "BS0lB"]);
    }
}
