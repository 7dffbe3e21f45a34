//! What a text looks like inside base64 and hexadecimal, and which texts lead to encoded ones: every prefix that credentials
//! begin with, the names that passwords and keys are given, and for some rules also what becomes of an anchor in UTF-16, and in
//! base64 once more. Of escapes, it is the escapes themselves. build.rs includes this file.

use super::anchors::Lead;
use crate::rules::{Bounds, Matcher, Rule, Shape};

/// Names of what is secret that lead to settings in base64.
const NAMES: [&str; 8] =
    ["password", "passwd", "secret", "api_key", "apikey", "access_token", "auth_token", "private_key"];
/// The image of a shorter prefix would be found in much that is no text in base64.
const SHORTEST_PREFIX: usize = 4;
/// The same of an image of an image.
const SHORTEST_NESTED: usize = 6;
/// Of a longer image this much is looked for: nothing else begins so.
const LONGEST: usize = 24;

/// What leads to text in which no more than a character here and there is spelled out, whatever it holds: the quotation marks
/// and operators around a value, or what joins two literals.
#[rustfmt::skip]
const ESCAPES: [(&str, Lead); 51] = [
    ("%3A%2F%2F", Lead::Percent), ("%3a%2f%2f", Lead::Percent), ("%3D", Lead::Percent), ("%3d", Lead::Percent),
    ("%22%3A", Lead::Percent), ("%22%3a", Lead::Percent), ("%253A", Lead::Percent), ("%253D", Lead::Percent),
    ("%20PRIVATE%20KEY", Lead::Percent),
    ("&quot;", Lead::Entity), ("&#34;", Lead::Entity), ("&#034;", Lead::Entity), ("&#x22;", Lead::Entity),
    ("&#39;", Lead::Entity), ("&#039;", Lead::Entity), ("&#x27;", Lead::Entity), ("&apos;", Lead::Entity),
    ("\\u002", Lead::Escape), ("\\u003", Lead::Escape), ("\\u004", Lead::Escape), ("\\u005", Lead::Escape),
    ("\\u006", Lead::Escape), ("\\u007", Lead::Escape),
    ("\" + \"", Lead::Splice), ("' + '", Lead::Splice), ("\" +\n", Lead::Splice), ("' +\n", Lead::Splice),
    ("\" +\r", Lead::Splice), ("' +\r", Lead::Splice), ("\"+\"", Lead::Splice), ("'+'", Lead::Splice),
    ("\" . \"", Lead::Splice), ("' . '", Lead::Splice), ("\" .\n", Lead::Splice), ("' .\n", Lead::Splice),
    ("\" & \"", Lead::Splice), ("\" & _", Lead::Splice), ("\" &\n", Lead::Splice), ("\" &\r", Lead::Splice),
    ("\" .. \"", Lead::Splice), ("' .. '", Lead::Splice), ("\" ..\n", Lead::Splice), ("\" <> \"", Lead::Splice),
    ("\" <>\n", Lead::Splice), ("\" ++ \"", Lead::Splice), ("\" ++\n", Lead::Splice), ("' || '", Lead::Splice),
    ("\" \\\n", Lead::Splice), ("' \\\n", Lead::Splice),
    ("\" \\\r", Lead::Splice), ("' \\\r", Lead::Splice),
];

/// What leads to encoded text, whatever the rules.
pub(crate) fn of_any() -> impl Iterator<Item = (&'static [u8], Lead)> {
    ESCAPES.iter().map(|(text, lead)| (text.as_bytes(), *lead))
}

/// The images that lead to a rule's matches in base64 and hexadecimal, of long ones the beginning.
pub(crate) fn of_rule(rule: &Rule) -> Vec<(Box<[u8]>, Lead)> {
    whole_images(rule).into_iter().map(|(image, lead)| (image[..image.len().min(LONGEST)].into(), lead)).collect()
}

fn whole_images(rule: &Rule) -> Vec<(Box<[u8]>, Lead)> {
    let in_base64 = |(image, phase)| (image, Lead::Base64(phase as u8));
    if rule.wrapped {
        let anchors: Vec<String> = rule.anchors.iter().flat_map(|anchor| spellings(rule, anchor)).collect();
        let images = anchors.iter().flat_map(|anchor| nested_images(anchor.as_bytes()));
        return images.map(in_base64).chain(anchors.iter().flat_map(|anchor| hex_images(anchor))).collect();
    }
    match rule.matcher {
        Matcher::Regex { bounds: Bounds { lead: 0, .. }, .. } if !rule.ignore_case => {
            let prefixes = || rule.anchors.iter().filter(|anchor| anchor.len() >= SHORTEST_PREFIX);
            let images = prefixes().flat_map(|anchor| base64_images(anchor.as_bytes())).map(in_base64);
            images.chain(prefixes().flat_map(|anchor| hex_images(anchor))).collect()
        }
        Matcher::Structure(Shape::Assignment) if rule.generic => {
            let names: Vec<String> = NAMES.iter().flat_map(|name| spellings(rule, name)).collect();
            let images = names.iter().flat_map(|name| nested_images(name.as_bytes())).map(in_base64);
            images.chain(names.iter().flat_map(|name| hex_images(name))).collect()
        }
        _ => Vec::new(),
    }
}

/// A text in hexadecimal of either case.
fn hex_images(text: &str) -> [(Box<[u8]>, Lead); 2] {
    let upper = data_encoding::HEXUPPER.encode(text.as_bytes());
    let lower = data_encoding::HEXLOWER.encode(text.as_bytes());
    [upper, lower].map(|image| (image.into_bytes().into(), Lead::Hex))
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
