//! Private members of JSON Web Keys (RFC 7517, RFC 7518): `d` of an RSA, EC or OKP key, `k` of a symmetric one. The anchor
//! is the member `kty`; the private one stands in the same object, before or behind it.

use memchr::memmem;

use super::Found;
use super::cursor::{Cursor, is_quote};
use crate::model::{Confidence, KindSet, Span};

/// How far to either side of `kty` the object is looked at: an RSA key of 4096 bits has some 3.5 KB.
pub(super) const REACH: usize = 4096;
const ANCHOR: &[u8] = b"kty";
/// Digits of the least private member: 128 bits.
const SHORTEST: usize = 22;
const LONGEST: usize = 1400;

/// The private member beside the `kty` that `hit` is in.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let kind = kind(text, hit)?;
    let secret = member(text, object(text, hit), kind.private)?;
    kind.lengths.is_none_or(|lengths| lengths.contains(&secret.len())).then(|| Found {
        secret,
        field: None,
        kinds: KindSet::ALL,
        severity: None,
        confidence: Some(if kind.lengths.is_some() { Confidence::High } else { Confidence::Medium }),
        why: Some("structure"),
    })
}

/// The object that `hit` is in. A key has no objects in it, so that the next brace of either sort ends this one; so does
/// another `kty`.
fn object(text: &[u8], hit: Span) -> Span {
    let (before, after) = (&text[..hit.start], &text[hit.end..]);
    let start = memchr::memrchr2(b'{', b'}', before).map_or(0, |at| at + 1);
    let start = start + memmem::rfind(&before[start..], ANCHOR).unwrap_or(0);
    let end = memchr::memchr2(b'{', b'}', after).unwrap_or(after.len());
    Span::new(start, hit.end + memmem::find(&after[..end], ANCHOR).unwrap_or(end))
}

/// A type of key, the name of its private member, and the digits that this may have, if they are few.
struct Kind {
    name: &'static [u8],
    private: u8,
    lengths: Option<&'static [usize]>,
}

const KINDS: [Kind; 4] = [
    Kind { name: b"RSA", private: b'd', lengths: None },
    // P-256, P-384, P-521.
    Kind { name: b"EC", private: b'd', lengths: Some(&[43, 64, 88]) },
    // The curves 25519 and 448.
    Kind { name: b"OKP", private: b'd', lengths: Some(&[43, 75, 76]) },
    Kind { name: b"oct", private: b'k', lengths: None },
];

/// The value of `kty`.
fn kind(text: &[u8], hit: Span) -> Option<&'static Kind> {
    let mut cursor = Cursor::new(text, hit.end);
    let value = to_value(&mut cursor)?;
    KINDS.iter().find(|kind| kind.name == &text[value.range()])
}

/// Steps from behind a member's name, whose closing mark the anchor may hold, to its value.
fn to_value(cursor: &mut Cursor<'_>) -> Option<Span> {
    cursor.quote();
    cursor.skip_while(8, |byte| byte.is_ascii_whitespace());
    cursor.eat(b":").then_some(())?;
    cursor.skip_while(8, |byte| byte.is_ascii_whitespace());
    let mark = cursor.quote()?;
    cursor.until(mark, LONGEST)
}

/// The value of the member of one letter.
fn member(text: &[u8], object: Span, name: u8) -> Option<Span> {
    memchr::memchr_iter(name, &text[object.range()]).map(|at| object.start + at).find_map(|at| {
        let is_name = at > object.start && is_quote(text[at - 1]) && matches!(text.get(at + 1)?, b'"' | b'\'' | b'\\');
        let value = is_name.then(|| to_value(&mut Cursor::new(text, at + 1)))??;
        let digits = &text[value.range()];
        let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (value.end <= object.end && digits.len() >= SHORTEST && digits.iter().all(is_digit)).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use crate::engine::structures::tests::all;
    use crate::rules::Shape;

    const D: &str = concat!("x7Kq2mPz9VbT4wLr8sQ1hN6c", "Y3dF5gJ0kMnBvCxZaWe");

    fn found(text: &str) -> Vec<String> {
        let text = text.replace("{}", D);
        let found = all(Shape::Jwk, &["kty\"", "kty\\\""], &text);
        found.into_iter().map(|found| text[found.secret.range()].to_owned()).collect()
    }

    #[test]
    fn keys() {
        for text in [
            r#"{"kty":"EC","crv":"P-256","x":"f83O","y":"x_FE","d":"{}"}"#,
            r#"{"d": "{}", "kty": "OKP", "crv": "Ed25519", "x": "11qY"}"#,
            "{\n  \"kty\": \"EC\",\n  \"kid\": \"d\",\n  \"d\": \"{}\"\n}",
            r#"{"keys":[{"kty":"EC","x":"a"},{"kty":"EC","d":"{}"}]}"#,
            r#""{\"kty\":\"OKP\",\"d\":\"{}\"}""#,
            r#"{"kty":"oct","k":"{}"}"#,
            r#"{"kty":"RSA","n":"0vx7","e":"AQAB","d":"{}"}"#,
        ] {
            assert_eq!(found(text), [D], "{text}");
        }
    }

    #[test]
    fn public_keys_and_others() {
        for text in [
            r#"{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}"#,
            r#"{"kty":"RSA","n":"{}","e":"AQAB"}"#,
            r#"{"kty":"EC","d":"{}0"}"#,
            r#"{"kty":"EC","d":"..."}"#,
            r#"{"kty":"EC"},{"d":"{}"}"#,
            r#"{"kty":"XX","d":"{}"}"#,
            r#"jwk["kty"] == "EC""#,
            "kty\"",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
    }
}
