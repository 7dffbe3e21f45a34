//! Paths as URIs (RFC 3986). Relative to the root of the run where possible; never this machine's root itself.

use serde_sarif::sarif;

use super::ROOT;
use crate::{
    model::{self, Origin, Text},
    report::relative,
};

/// The name of standard input: GitHub accepts no location without one.
const STDIN: &str = "stdin";

/// The artifact that a document is part of.
pub(super) fn artifact(origin: &Origin, path: &Text) -> sarif::ArtifactLocation {
    let path = path.as_str();
    if *origin == Origin::Stdin {
        return sarif::ArtifactLocation::builder().uri(STDIN).description("Standard input.").build();
    }
    if let Some(id) = origin.object().filter(|_| origin.path().is_none()) {
        let kind = origin.kind();
        let description = if kind == "object" { "An object.".to_owned() } else { format!("A {kind} object.") };
        return sarif::ArtifactLocation::builder().uri(format!("{kind}/{id}")).description(&*description).build();
    }
    if let Origin::Ref(_) = origin {
        return sarif::ArtifactLocation::builder().uri(encoded(path)).description("The name of a ref.").build();
    }
    if model::is_absolute(path) {
        return sarif::ArtifactLocation::builder()
            .uri(format!("file:///{}", encoded(path.trim_start_matches('/'))))
            .build();
    }
    sarif::ArtifactLocation::builder().uri(encoded(relative(path))).uri_base_id(ROOT).build()
}

/// Whether `text` is a URI with a scheme and nothing in it that a URI cannot hold.
pub(super) fn is_absolute(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let is_scheme = scheme.starts_with(|char: char| char.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme && !rest.is_empty() && rest.bytes().all(|byte| is_path_byte(byte) || b":%?#".contains(&byte))
}

/// A path with every byte percent-encoded that a path's segment cannot hold, and the colon, which would make a scheme
/// of what stands before it.
pub(super) fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if is_path_byte(byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@/".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;

    fn uri(path: &str) -> (Option<String>, Option<String>) {
        let location = artifact(&Origin::File(Name::new(path)), &Text::own(path));
        (location.uri, location.uri_base_id)
    }

    #[test]
    fn paths_are_percent_encoded_below_the_root() {
        for (path, expected) in [
            ("src/main.rs", "src/main.rs"),
            ("", "."),
            ("a b/100%#1?.txt", "a%20b/100%25%231%3F.txt"),
            ("c:d/\u{e9}\n\"[x]", "c%3Ad/%C3%A9%0A%22%5Bx%5D"),
            ("@scope/it's(1),+=&!.js", "@scope/it's(1),+=&!.js"),
        ] {
            assert_eq!(uri(path), (Some(expected.to_owned()), Some(ROOT.to_owned())));
        }
    }

    #[test]
    fn a_path_outside_the_root_is_a_file_uri() {
        assert_eq!(uri("/etc/a b"), (Some("file:///etc/a%20b".to_owned()), None));
    }

    #[test]
    fn knows_an_absolute_uri() {
        for good in ["https://github.com/a/b.git", "ssh://git@host:22/a%20b", "file:///srv/a"] {
            assert!(is_absolute(good), "{good}");
        }
        for bad in ["git@github.com:a/b", "https://", "://x", "1a://x", "https://a b", "https://\u{fffd}", ""] {
            assert!(!is_absolute(bad), "{bad}");
        }
    }
}
