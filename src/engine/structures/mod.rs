//! Hand-written linear matchers for what a regex does badly. Each is a pure function of the bytes around one anchor
//! occurrence and reads no further than its reach to either side, so that a document can be scanned in pieces.

mod armour;
mod assignment;
mod authorization;
pub(super) mod bigrams;
mod call;
mod columns;
mod command;
mod connection;
mod cursor;
mod form;
mod insert;
mod jwk;
mod kubernetes;
mod name;
mod names_seen;
mod netrc;
mod pem;
mod pgp;
mod pgpass;
mod placeholder;
mod powershell;
mod public;
mod published;
mod putty;
mod random;
pub(super) mod random_model;
mod reader;
mod record;
mod seen;
mod table;
mod trigrams;
mod url;
mod value;
mod verdict;
mod word_model;
mod words;

use crate::model::{Confidence, KindSet, Severity, Span};
use crate::rules::Shape;

pub(in crate::engine) use names_seen::NamesSeen;
pub(in crate::engine) use placeholder::{is_filled_in, is_placeholder};
pub(in crate::engine) use random::{is_gibberish, is_random, is_random_letters, looks_like_path};
pub(in crate::engine) use seen::Seen;
pub(in crate::engine) use value::stands_for_secret;

/// The longest value that is judged as a password; a longer one is judged by what speaks against it alone, in bytes.
const LONGEST_PASSWORD: usize = 128;

/// Whether a value is one that somebody wrote down for a secret: no reference to where it is kept, no placeholder, no
/// ciphertext, no sentence, no plain word.
pub(in crate::engine) fn is_literal(value: &[u8]) -> bool {
    value.len() >= value::SHORTEST_PASSWORD
        && value::objection(value, b"").is_none()
        && (value.len() > LONGEST_PASSWORD || is_random(value) || value::password(value, false).is_some())
}

/// What a structure found around an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The secret.
    pub secret: Span,
    /// The name it was given, if it had one.
    pub field: Option<Span>,
    /// Kinds of file in which it holds.
    pub kinds: KindSet,
    /// Instead of the rule's severity.
    pub severity: Option<Severity>,
    /// Instead of the rule's confidence.
    pub confidence: Option<Confidence>,
    /// What made it so sure; None for the rule's usual reason.
    pub why: Option<&'static str>,
}

/// How far to either side of an anchor the matcher may read, in bytes.
pub(crate) const fn reach(shape: Shape) -> usize {
    match shape {
        // An RSA key of 16384 bits is 13 KB of text, and escapes and prefixes of lines may double it.
        Shape::Pem | Shape::Pgp => 32 * 1024,
        Shape::Putty => putty::REACH,
        Shape::Jwk => jwk::REACH,
        Shape::KubernetesSecret => kubernetes::REACH,
        // A longer line is not one that a person wrote; to know that it is longer takes a look at all of it.
        Shape::Assignment => assignment::LONGEST_LINE,
        Shape::Call
        | Shape::Url
        | Shape::DatabaseUrl
        | Shape::Command
        | Shape::Connection
        | Shape::Netrc
        | Shape::Pgpass
        | Shape::SecureString => 1024,
        // Dozens of rows, or a dozen of a dozen columns.
        Shape::Insert | Shape::Columns => 4096,
        // A token of two kilobytes, and what stands between it and the header's name.
        Shape::Authorization => 2304,
    }
}

/// How far to either side of an anchor without a match what lies there may have a say in that there is none, if
/// [`is_none_nearby`].
pub(crate) const fn near(shape: Shape) -> usize {
    match shape {
        Shape::Assignment => assignment::NEAR,
        _ => reach(shape),
    }
}

/// Whether an anchor has no match for what stands [`near`] it; otherwise for the whole of its reach.
pub(crate) fn is_none_nearby(shape: Shape, bytes: &[u8], hit: Span) -> bool {
    let window = Window::around(shape, bytes, hit);
    shape != Shape::Assignment || !assignment::is_on_long_line(window.text, window.hit)
}

/// How far to either side of an anchor what lies there has a say in whether there [is none at all](is_none_at), in bytes.
pub(crate) const fn at(shape: Shape) -> usize {
    match shape {
        Shape::Assignment => form::NAME_REACH,
        Shape::Url | Shape::DatabaseUrl => url::AT,
        Shape::Command => command::AT,
        Shape::Connection => connection::AT,
        Shape::Netrc => netrc::AT,
        Shape::Columns => columns::AT,
        _ => near(shape),
    }
}

/// Whether an anchor has no match for what stands right beside it: so it is with most.
pub(crate) fn is_none_at(shape: Shape, bytes: &[u8], hit: Span, names: &mut NamesSeen) -> bool {
    match shape {
        Shape::Assignment => assignment::is_none_at(bytes, hit, names),
        Shape::Url => url::is_none_at(bytes, hit),
        Shape::DatabaseUrl => url::is_no_database_at(bytes, hit),
        Shape::Command => command::is_none_at(bytes, hit),
        Shape::Connection => connection::is_none_at(bytes, hit),
        Shape::Netrc => netrc::is_none_at(bytes, hit),
        Shape::Columns => columns::is_none_at(bytes, hit),
        _ => false,
    }
}

/// The matches of `shape` around the anchor occurrence `hit`: one at most, but for manifests and statements of several values.
pub(crate) fn find_all(shape: Shape, bytes: &[u8], hit: Span) -> Vec<Found> {
    let of_several = match shape {
        Shape::KubernetesSecret => kubernetes::find,
        Shape::Insert => insert::find,
        Shape::Columns => columns::find,
        Shape::Assignment => assignment::find_all,
        _ => return find(shape, bytes, hit).into_iter().collect(),
    };
    let window = Window::around(shape, bytes, hit);
    of_several(window.text, window.hit).into_iter().map(|found| window.outside(found)).collect()
}

/// The match of `shape` around the anchor occurrence `hit`, if there is one; of several the first.
pub(crate) fn find(shape: Shape, bytes: &[u8], hit: Span) -> Option<Found> {
    let window = Window::around(shape, bytes, hit);
    let (text, hit) = (window.text, window.hit);
    let found = match shape {
        Shape::Pem => pem::find(text, hit),
        Shape::Pgp => pgp::find(text, hit),
        Shape::Putty => putty::find(text, hit),
        Shape::Jwk => jwk::find(text, hit),
        Shape::KubernetesSecret => kubernetes::find(text, hit).into_iter().next(),
        Shape::Assignment => assignment::find(text, hit),
        Shape::Url => url::find(text, hit),
        Shape::DatabaseUrl => url::find_database(text, hit),
        Shape::Authorization => authorization::find(text, hit),
        Shape::Command => command::find(text, hit),
        Shape::Connection => connection::find(text, hit),
        Shape::Netrc => netrc::find(text, hit),
        Shape::Pgpass => pgpass::find(text, hit),
        Shape::SecureString => powershell::find(text, hit),
        Shape::Call => call::find(text, hit),
        Shape::Insert => insert::find(text, hit).into_iter().next(),
        Shape::Columns => columns::find(text, hit).into_iter().next(),
    };
    found.map(|found| window.outside(found))
}

/// The bytes that a matcher sees, so that none can depend on what lies outside.
struct Window<'a> {
    text: &'a [u8],
    /// The anchor in it.
    hit: Span,
    /// Where it begins.
    from: usize,
}

impl<'a> Window<'a> {
    fn around(shape: Shape, bytes: &'a [u8], hit: Span) -> Self {
        let from = hit.start.saturating_sub(reach(shape));
        let to = hit.end.saturating_add(reach(shape)).min(bytes.len());
        Self { text: &bytes[from..to], hit: Span::new(hit.start - from, hit.end.min(to) - from), from }
    }

    fn outside(&self, mut found: Found) -> Found {
        found.secret = found.secret.shifted(self.from);
        found.field = found.field.map(|field| field.shifted(self.from));
        found
    }
}

/// The secret's bytes in a form that does not depend on how the document wrote them down, for the fingerprint.
pub(crate) fn canonical(shape: Shape, secret: &[u8]) -> Vec<u8> {
    match shape {
        Shape::Pem => pem::canonical(secret),
        Shape::Pgp => pgp::canonical(secret),
        Shape::Putty => putty::canonical(secret),
        Shape::KubernetesSecret => kubernetes::canonical(secret),
        _ => None,
    }
    .unwrap_or_else(|| secret.to_vec())
}

/// The secret in the value of a setting, in a file that holds other settings too: the password of a URL, or all of it if
/// the name says so and nothing speaks against it.
pub(crate) fn secret_of_setting(name: &[u8], value: &[u8]) -> Option<Span> {
    let hit = memchr::memmem::find(value, b"://").map(|at| Span::new(at, at + 3));
    let in_url = hit.and_then(|hit| find(Shape::Url, value, hit).or_else(|| find(Shape::DatabaseUrl, value, hit)));
    let in_url = in_url.filter(|found| found.severity != Some(Severity::Low));
    match in_url {
        Some(found) => Some(found.secret),
        None => assignment::is_secret(name, value).then(|| Span::new(0, value.len())),
    }
}

/// The byte at `at`; past either end of the window a NUL, which no name, value or URL can hold.
#[inline]
fn byte_at(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What `shape` finds at each occurrence of `anchors`, in any case; equal ones once.
    pub(super) fn all(shape: Shape, anchors: &[&str], text: &str) -> Vec<Found> {
        let mut all: Vec<Found> =
            hits(anchors, text.as_bytes()).into_iter().filter_map(|hit| find(shape, text.as_bytes(), hit)).collect();
        all.dedup();
        all
    }

    /// Every occurrence of `anchors`, by offset.
    pub(super) fn hits(anchors: &[&str], text: &[u8]) -> Vec<Span> {
        let starts_here = |at: usize, anchor: &str| {
            text[at..].get(..anchor.len()).is_some_and(|start| start.eq_ignore_ascii_case(anchor.as_bytes()))
        };
        (0..text.len())
            .flat_map(|at| anchors.iter().map(move |anchor| (at, anchor)))
            .filter(|(at, anchor)| starts_here(*at, anchor))
            .map(|(at, anchor)| Span::new(at, at + anchor.len()))
            .collect()
    }

    const SHAPES: [(Shape, &[&str]); 17] = [
        (Shape::Pem, &["PRIVATE KEY"]),
        (Shape::Pgp, &["PGP PRIVATE KEY BLOCK"]),
        (Shape::Putty, &["PuTTY-User-Key-File-"]),
        (Shape::Jwk, &["kty"]),
        (Shape::KubernetesSecret, &["kind: Secret", "\"kind\": \"Secret\""]),
        (Shape::Assignment, &["pass", "pwd", "secret", "token", "key", "cred"]),
        (Shape::Url, &["://"]),
        (Shape::DatabaseUrl, &["://", ":\\/\\/"]),
        (Shape::Authorization, &["authorization"]),
        (Shape::Command, &["curl", "mysql", "htpasswd", "chpasswd", "docker login", "openssl"]),
        (Shape::Connection, &["password", "pwd", "@tcp(", "jdbc:oracle"]),
        (Shape::Netrc, &["password"]),
        (Shape::Pgpass, &[":5432:", ":*:"]),
        (Shape::SecureString, &["convertto-securestring"]),
        (Shape::Call, &["basicauth(", "drivermanager", "createhmac("]),
        (Shape::Insert, &["insert into"]),
        (Shape::Columns, &["password", "token"]),
    ];

    /// Pieces of the texts in which secrets stand; a few of them in a row look like one.
    fn piece() -> impl Strategy<Value = String> {
        let fixed = prop::sample::select(vec![
            "password",
            "api_key",
            "TOKEN",
            "client-secret",
            "\"",
            "'",
            "\\\"",
            "\\",
            " ",
            "\n",
            "\r\n",
            "\\n",
            "=",
            ": ",
            " => ",
            ", ",
            " := ",
            "[",
            "]",
            "<password>",
            "</password>",
            "<name>",
            "</name><value>",
            "--",
            "name: ",
            "value: ",
            "str = ",
            "://",
            "https",
            "postgres",
            "@",
            ":",
            "@corp.io",
            "/",
            "-----BEGIN PRIVATE KEY-----",
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            "-----END PRIVATE KEY-----",
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
            "DEK-Info: AES-128-CBC,00",
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
            "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU",
            "# ",
            "+ ",
            "...",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----",
            "-----END PGP PRIVATE KEY BLOCK-----",
            "\n=",
            "lFgEZQAAABYJKwYBBAHaRw8BAQdA",
            "PuTTY-User-Key-File-2: ",
            "Encryption: none\n",
            "Private-Lines: 1\n",
            "Private-MAC: 0123456789012345678901234567890123456789",
            "\"kty\":\"EC\"",
            "\"d\":\"",
            "{",
            "}",
            "kind: Secret\n",
            "\"kind\": \"Secret\"",
            "data:\n",
            "\"data\": {",
            "  password: a1c5I21QejIhdlF4\n",
            "Authorization",
            "Basic ",
            "Bearer ",
            "am9lOmtXOSNtUHoyIXZReA==",
            "curl ",
            "mysql ",
            " -u ",
            " -p",
            "joe:kW9#mPz2",
            "htpasswd -b ",
            "echo ",
            " | chpasswd",
            "docker login",
            "openssl ",
            " -passin pass:",
            "password=",
            "Server=db;",
            "Uid=sa;",
            " host=db ",
            "@tcp(",
            "jdbc:oracle:thin:",
            "machine ",
            " login ",
            " password ",
            ":5432:",
            ":*:",
            "ConvertTo-SecureString ",
            " -AsPlainText",
            ":\\/\\/",
            "BasicAuth(\"joe\", \"",
            "DriverManager.getConnection(url, 'joe', '",
            "createHmac(",
            "INSERT INTO users (name, password) VALUES ('joe', '",
            "name,password\njoe,",
            ")",
        ])
        .prop_map(str::to_owned);
        prop_oneof![5 => fixed, 2 => "[A-Za-z0-9+/]{4,40}", 1 => "[ -~]{0,12}", 1 => "\\PC{0,4}"]
    }

    fn text() -> impl Strategy<Value = Vec<u8>> {
        let pieces = prop::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat().into_bytes());
        // Most of a reach away from the rest, so that windows end in the middle of something.
        let padding = prop_oneof![3 => Just(0_usize), 1 => 900..1100_usize, 1 => 4900..5100_usize];
        (pieces, padding, any::<bool>(), prop::collection::vec(piece(), 0..10)).prop_map(
            |(head, padding, newline, tail)| {
                let filler = if newline { b'\n' } else { b'A' };
                [head, vec![filler; padding], tail.concat().into_bytes()].concat()
            },
        )
    }

    fn window(shape: Shape, text: &[u8], hit: Span) -> (usize, &[u8]) {
        let from = hit.start.saturating_sub(reach(shape));
        (from, &text[from..text.len().min(hit.end + reach(shape))])
    }

    /// A text with `other` in the place of what is further from the hit than this, and where the hit is in it.
    fn changed_beyond(near: usize, text: &[u8], hit: Span, other: &[u8]) -> (Vec<u8>, Span) {
        let (from, to) = (hit.start.saturating_sub(near), text.len().min(hit.end + near));
        // Where the text ends what is near ends, too.
        let before = if from > 0 { other } else { b"" };
        let after = if to < text.len() { other } else { b"" };
        let hit = Span::new(hit.start - from + before.len(), hit.end - from + before.len());
        ([before, &text[from..to], after].concat(), hit)
    }

    proptest! {
        #[test]
        fn bytes_beyond_the_reach_change_nothing(text in text()) {
            for (shape, anchors) in SHAPES {
                for hit in hits(anchors, &text) {
                    let (from, window) = window(shape, &text, hit);
                    let inside = find(shape, window, Span::new(hit.start - from, hit.end - from));
                    let inside = inside.map(|found| Found {
                        secret: found.secret.shifted(from),
                        field: found.field.map(|field| field.shifted(from)),
                        ..found
                    });
                    prop_assert_eq!(find(shape, &text, hit), inside);
                }
            }
        }

        #[test]
        fn a_hit_without_a_match_has_none_for_what_is_near(text in text(), other in text()) {
            for (shape, anchors) in SHAPES {
                for hit in hits(anchors, &text) {
                    if is_none_nearby(shape, &text, hit) && find(shape, &text, hit).is_none() {
                        let (changed, hit) = changed_beyond(near(shape), &text, hit, &other);
                        prop_assert_eq!(find(shape, &changed, hit), None);
                    }
                }
            }
        }

        #[test]
        fn a_hit_without_a_match_for_what_is_right_beside_it_has_none_whatever_else_there_is(text in text(), other in text()) {
            let mut names = NamesSeen::default();
            for (shape, anchors) in SHAPES {
                for hit in hits(anchors, &text) {
                    if !is_none_at(shape, &text, hit, &mut names) {
                        continue;
                    }
                    prop_assert_eq!(find(shape, &text, hit), None);
                    let (changed, hit) = changed_beyond(at(shape), &text, hit, &other);
                    prop_assert!(is_none_at(shape, &changed, hit, &mut names));
                    prop_assert_eq!(find(shape, &changed, hit), None);
                }
            }
        }

        #[test]
        fn spans_lie_within_the_text(text in text()) {
            for (shape, anchors) in SHAPES {
                for found in hits(anchors, &text).into_iter().filter_map(|hit| find(shape, &text, hit)) {
                    prop_assert!(!found.secret.is_empty() && found.secret.end <= text.len());
                    prop_assert!(found.field.is_none_or(|field| field.end <= text.len()));
                    canonical(shape, &text[found.secret.range()]);
                }
            }
        }

        #[test]
        fn no_bytes_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..300),
            a in any::<prop::sample::Index>(),
            b in any::<prop::sample::Index>(),
        ) {
            let (a, b) = (a.index(bytes.len() + 1), b.index(bytes.len() + 1));
            for (shape, _) in SHAPES {
                find(shape, &bytes, Span::new(a.min(b), a.max(b)));
                canonical(shape, &bytes);
            }
        }
    }

    #[test]
    fn most_secrets_are_written_in_one_form() {
        assert_eq!(canonical(Shape::Assignment, b"a\\/b"), b"a\\/b");
        assert_eq!(canonical(Shape::Url, b"a%2Fb"), b"a%2Fb");
        assert_eq!(canonical(Shape::Pem, b"no block"), b"no block");
    }
}
