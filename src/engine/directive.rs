//! The inline directive `keysieve:allow [rule] [reason]`, looked for beside a candidate and nowhere else: it stands on
//! the line where the secret starts or ends, at most [`REACH`] bytes away, and allows that line's secrets only.

use memchr::{memchr2, memmem, memrchr2};

use super::Directive;
use crate::model::Span;

const MARK: &[u8] = b"keysieve:allow";

/// How far from the secret a directive may stand, in bytes: beyond that a person would not see the one beside the other.
pub(crate) const REACH: usize = 1024;

/// The directive that allows a match of the rule `id` at `secret`.
pub(crate) fn beside(bytes: &[u8], secret: Span, id: &str) -> Option<Directive> {
    let before = &bytes[secret.start.saturating_sub(REACH)..secret.start];
    let before = &before[memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1)..];
    let after = &bytes[secret.end..bytes.len().min(secret.end + REACH)];
    let after = &after[..memchr2(b'\n', b'\r', after).unwrap_or(after.len())];
    [before, after].into_iter().find_map(|text| find(text, id))
}

fn find(text: &[u8], id: &str) -> Option<Directive> {
    memmem::find_iter(text, MARK).find_map(|at| parse(&text[at + MARK.len()..], id))
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
        let directive = beside(line.as_bytes(), Span::new(start, start + 6), "aws-access-key-id")?;
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
