//! A secret under the name of one: `name = value` in its many forms. The anchor is a word of the name, in any case; each
//! occurrence of an anchor in one name gives the same answer. Where name and value stand is in `form.rs`, what the name
//! must be in `name.rs`, what the value must be in `value.rs` and `random.rs`; here they are brought together.
//!
//! Most occurrences of *key* or *token* in a tree are not a name's end, or stand before no operator. That is looked at
//! first, and nothing is allocated until a value is nearly accepted.

use super::form::{self, Value};
use super::name::{self, Class};
use super::value::{self, Password};
use super::{Found, random};
use crate::model::{Confidence, KindSet, Span};

/// A longer line was made by a machine, for a machine.
pub(super) const LONGEST_LINE: usize = 5000;
/// Words that say of hexadecimal digits on their line that these are a digest, and how far from them they count.
const DIGEST_WORDS: &[&str] =
    &["sha1", "sha2", "sha5", "sha-", "md5", "digest", "checksum", "commit", "integrity", "etag", "fingerprint"];
const DIGEST_REACH: usize = 200;

/// The value of the name that the anchor occurrence `hit` is in.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let (name, value) = form::around(text, hit)?;
    let credential = name::classify(&text[name.range()])?;
    let kinds = kinds(text, name, &value, credential.class)?;
    if is_on_long_line(text, hit) {
        return None;
    }
    Some(Found {
        secret: value.span,
        field: Some(name),
        kinds,
        severity: credential.severity,
        confidence: Some(Confidence::Low),
        why: Some("name and value"),
    })
}

/// Kinds of file in which `value` is a secret of this class.
fn kinds(text: &[u8], name: Span, value: &Value, class: Class) -> Option<KindSet> {
    let secret = &text[value.span.range()];
    if value::objection(secret, &text[name.range()]).is_some() {
        return None;
    }
    if class == Class::Random {
        let fits = random::is_random(secret) || random::is_hex(secret) && !names_digest(text, value.span);
        return fits.then_some(value.kinds);
    }
    Some(match value::password(secret, class == Class::Passphrase)? {
        Password::Strong => value.kinds,
        Password::Weak => value.kinds.without(KindSet::PROGRAM),
    })
}

fn is_on_long_line(text: &[u8], hit: Span) -> bool {
    let before = &text[..hit.start];
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let after = memchr::memchr(b'\n', &text[hit.end..]).unwrap_or(text.len() - hit.end);
    hit.end + after - start > LONGEST_LINE
}

fn names_digest(text: &[u8], value: Span) -> bool {
    let before = &text[value.start.saturating_sub(DIGEST_REACH)..value.start];
    let after = &text[value.end..text.len().min(value.end + DIGEST_REACH)];
    let before = &before[memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)..];
    let after = &after[..memchr::memchr(b'\n', after).unwrap_or(after.len())];
    [before, after].iter().any(|part| {
        let part = part.to_ascii_lowercase();
        DIGEST_WORDS.iter().any(|word| memchr::memmem::find(&part, word.as_bytes()).is_some())
    })
}
