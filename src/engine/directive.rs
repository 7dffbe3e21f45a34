//! The inline directives `keysieve:allow [rule] [reason]` and `keysieve:allow-next-line [rule] [reason]`, and those of other
//! scanners ([`Marker`]) if they are asked for. They are looked for beside a candidate and nowhere else: a directive stands on
//! the line where the secret starts or ends, or on the one before, at most [`REACH`] bytes away, and allows that line's
//! secrets only.

use std::fmt;
use std::str::FromStr;

use memchr::{memchr2, memmem, memrchr2};

use super::Directive;
use crate::model::Span;

const MARK: &[u8] = b"keysieve:allow";
const MARK_OF_NEXT: &[u8] = b"keysieve:allow-next-line";

/// How far from the secret a directive may stand, in bytes: beyond that a person would not see the one beside the other.
pub(crate) const REACH: usize = 1024;

/// A directive of another scanner, which counts only if someone has said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Marker {
    /// gitleaks.
    Gitleaks,
    /// betterleaks.
    Betterleaks,
    /// detect-secrets; with `nextline` before its last word it is for the line below.
    DetectSecrets,
    /// `TruffleHog`.
    Trufflehog,
    /// `GitGuardian`'s ggshield.
    Ggshield,
    /// Kingfisher.
    Kingfisher,
}

impl Marker {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Gitleaks, Self::Betterleaks, Self::DetectSecrets, Self::Trufflehog, Self::Ggshield, Self::Kingfisher];

    /// As it stands in a comment.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gitleaks => "gitleaks:allow",
            Self::Betterleaks => "betterleaks:allow",
            Self::DetectSecrets => "pragma: allowlist secret",
            Self::Trufflehog => "trufflehog:ignore",
            Self::Ggshield => "ggignore",
            Self::Kingfisher => "kingfisher:ignore",
        }
    }

    /// Other ways in which it is written.
    const fn others(self) -> &'static [&'static str] {
        match self {
            Self::DetectSecrets => &["pragma: whitelist secret", "pragma:allowlist secret"],
            _ => &[],
        }
    }

    /// What is written on the line above.
    const fn of_next(self) -> &'static [&'static str] {
        match self {
            Self::DetectSecrets => &["pragma: allowlist nextline secret", "pragma:allowlist nextline secret"],
            _ => &[],
        }
    }
}

impl FromStr for Marker {
    type Err = UnknownMarker;

    fn from_str(text: &str) -> Result<Self, UnknownMarker> {
        Self::ALL.into_iter().find(|marker| marker.as_str() == text).ok_or(UnknownMarker)
    }
}

/// Text that is no directive of a known scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownMarker;

impl fmt::Display for UnknownMarker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = Marker::ALL.iter().map(|marker| format!("'{}'", marker.as_str())).collect();
        write!(f, "it is none of {}", all.join(", "))
    }
}

impl std::error::Error for UnknownMarker {}

/// The directive that allows a match of the rule `id` at `secret`.
pub(crate) fn beside(bytes: &[u8], secret: Span, id: &str, markers: &[Marker]) -> Option<Directive> {
    let before = &bytes[secret.start.saturating_sub(REACH)..secret.start];
    let start = memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1);
    let (above, before) = before.split_at(start);
    let after = &bytes[secret.end..bytes.len().min(secret.end + REACH)];
    let after = &after[..memchr2(b'\n', b'\r', after).unwrap_or(after.len())];
    [before, after]
        .into_iter()
        .find_map(|text| find(text, MARK, id).or_else(|| of_others(text, markers, Marker::on_line)))
        .or_else(|| on_line_above(last_line(above), id, markers))
}

fn on_line_above(line: &[u8], id: &str, markers: &[Marker]) -> Option<Directive> {
    find(line, MARK_OF_NEXT, id).or_else(|| of_others(line, markers, |marker| marker.of_next().iter().copied()))
}

impl Marker {
    fn on_line(self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.as_str()).chain(self.others().iter().copied())
    }
}

/// The last of the lines that end in `text`, as far as it is there.
fn last_line(text: &[u8]) -> &[u8] {
    let line = text.strip_suffix(b"\n").unwrap_or(text);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    &line[memrchr2(b'\n', b'\r', line).map_or(0, |at| at + 1)..]
}

fn find(text: &[u8], mark: &[u8], id: &str) -> Option<Directive> {
    memmem::find_iter(text, mark).find_map(|at| parse(&text[at + mark.len()..], id))
}

/// A directive of another scanner, which stands as its reason.
fn of_others<T: IntoIterator<Item = &'static str>>(
    text: &[u8],
    markers: &[Marker],
    written: impl Fn(Marker) -> T,
) -> Option<Directive> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let stands_alone = |at: usize, len: usize| {
        !at.checked_sub(1).and_then(|before| text.get(before)).is_some_and(is_word)
            && !text.get(at + len).is_some_and(is_word)
    };
    let stands = |mark: &str| memmem::find_iter(text, mark.as_bytes()).any(|at| stands_alone(at, mark.len()));
    let found = markers.iter().find(|marker| written(**marker).into_iter().any(stands))?;
    Some(Directive { reason: Some(found.as_str().as_bytes().into()) })
}

/// Reads what follows the mark. The first word is a rule id if it looks like one (`a-b`); then it must be this rule's.
fn parse(rest: &[u8], id: &str) -> Option<Directive> {
    let ends_here = match rest {
        [] | [b':' | b'*' | b'"' | b'\'' | b')' | b']' | b'}', ..] | [b'-', b'-', ..] => true,
        [byte, ..] => byte.is_ascii_whitespace(),
    };
    if !ends_here {
        return None;
    }
    let rest = rest.trim_ascii();
    let word = rest.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    let reason = if !looks_like_an_id(word) {
        rest
    } else if word == id.as_bytes() {
        rest[word.len()..].trim_ascii()
    } else {
        return None;
    };
    let reason = strip_comment_end(reason);
    Some(Directive { reason: (!reason.is_empty()).then(|| reason.into()) })
}

fn looks_like_an_id(word: &[u8]) -> bool {
    word.contains(&b'-')
        && word.first().is_some_and(u8::is_ascii_lowercase)
        && word.last().is_some_and(u8::is_ascii_alphanumeric)
        && word.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
}

/// The text up to where the comment closes: `*/`, `-->`, a quote.
fn strip_comment_end(reason: &[u8]) -> &[u8] {
    let reason = reason.strip_prefix(b":").unwrap_or(reason);
    let ends: [&[u8]; 6] = [b"*/", b"--", b"#}", b"%>", b"\"", b"`"];
    let end = ends.iter().filter_map(|end| memmem::find(reason, end)).min().unwrap_or(reason.len());
    reason[..end].trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(line: &str) -> Option<String> {
        let start = line.find("SECRET").expect("each line holds the word");
        let directive = beside(line.as_bytes(), Span::new(start, start + 6), "aws-access-key-id", &[])?;
        Some(String::from_utf8_lossy(directive.reason.as_deref().unwrap_or_default()).into_owned())
    }

    #[test]
    fn on_the_line_of_the_secret() {
        assert_eq!(reason("key = SECRET # keysieve:allow").as_deref(), Some(""));
        assert_eq!(reason("key = SECRET # keysieve:allow revoked long ago").as_deref(), Some("revoked long ago"));
        assert_eq!(reason("/* keysieve:allow */ key = SECRET").as_deref(), Some(""));
        assert_eq!(reason("<!-- keysieve:allow a test key --> SECRET").as_deref(), Some("a test key"));
        assert_eq!(reason("# keysieve:allow\nkey = SECRET"), None);
        assert_eq!(reason("key = SECRET\n# keysieve:allow"), None);
    }

    #[test]
    fn on_the_line_above() {
        assert_eq!(reason("# keysieve:allow-next-line\nkey = SECRET").as_deref(), Some(""));
        assert_eq!(reason("a\r\n# keysieve:allow-next-line revoked\r\nkey = SECRET\r\n").as_deref(), Some("revoked"));
        assert_eq!(reason("// keysieve:allow-next-line aws-access-key-id old\rSECRET").as_deref(), Some("old"));
        assert_eq!(reason("// keysieve:allow-next-line github-pat old\nSECRET"), None);
        assert_eq!(reason("# keysieve:allow-next-line\n\nkey = SECRET"), None);
        assert_eq!(reason("# keysieve:allow-next-line\nkey = 1\nkey = SECRET"), None);
        assert_eq!(reason("key = SECRET # keysieve:allow-next-line"), None);
        assert_eq!(reason("key = SECRET\n# keysieve:allow-next-line"), None);
        assert_eq!(reason("# keysieve:allow-next-lines\nSECRET"), None);
        let far = format!("keysieve:allow-next-line\n{}SECRET", " ".repeat(REACH));
        assert_eq!(reason(&far), None);
    }

    #[test]
    fn of_other_scanners_only_those_that_are_listed_count() {
        let found = |line: &str, markers: &[Marker]| {
            let start = line.find("SECRET").expect("each line holds the word");
            beside(line.as_bytes(), Span::new(start, start + 6), "a-rule", markers).is_some()
        };
        for marker in Marker::ALL {
            let line = format!("key = SECRET # {}", marker.as_str());
            assert!(found(&line, &[marker]) && found(&line, &Marker::ALL), "{line}");
            let others: Vec<Marker> = Marker::ALL.into_iter().filter(|other| *other != marker).collect();
            assert!(!found(&line, &others) && !found(&line, &[]), "{line}");
            for next in marker.of_next() {
                let above = format!("# {next}\nSECRET");
                assert!(found(&above, &[marker]) && !found(&above, &others), "{above}");
            }
            assert!(!found(&format!("# {}\nSECRET", marker.as_str()), &[marker]));
            assert!(!found(&format!("SECRET {}d", marker.as_str()), &[marker]));
            assert!(!found(&format!("SECRET my_{}", marker.as_str()), &[marker]));
            assert_eq!(marker.as_str().parse(), Ok(marker));
        }
        assert!(found("SECRET # pragma: whitelist secret", &Marker::ALL));
        assert!("gitleaks".parse::<Marker>().expect_err("it is a name").to_string().contains("'gitleaks:allow'"));
    }

    #[test]
    fn for_one_rule() {
        assert_eq!(reason("SECRET # keysieve:allow aws-access-key-id revoked").as_deref(), Some("revoked"));
        assert_eq!(reason("SECRET # keysieve:allow github-pat revoked"), None);
        assert_eq!(reason("SECRET # keysieve:allow-listed"), None);
        assert_eq!(reason("SECRET # keysieve:allowed"), None);
    }

    #[test]
    fn not_from_far_away() {
        let far = format!("SECRET{}keysieve:allow", " ".repeat(REACH));
        assert_eq!(reason(&far), None);
        let near = format!("SECRET{}keysieve:allow", " ".repeat(REACH - MARK.len()));
        assert_eq!(reason(&near).as_deref(), Some(""));
    }
}
