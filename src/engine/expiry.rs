//! When a credential ends, as it stands beside it: `"Expiration": "2026-01-31T12:00:00Z"`. Only within the same braces or
//! the same section, and not far. What a credential tells of its end itself is for validators.

use crate::model::{Moment, Span};

/// How far from the secret the moment may stand, in bytes: the parts of a session and their names fit in between.
pub(crate) const REACH: usize = 400;
/// Names of such a moment, or parts of them, in lower case.
const NAMES: [&[u8]; 2] = [b"expiration", b"expires"];
/// What may stand between a name and its moment: the rest of the name, quotes, an operator.
const LONGEST_JOINT: usize = 16;
/// A moment up to its seconds: `2026-01-31T12:00:00`.
const SECONDS: usize = 19;

/// When the credential at `secret` ends: what stands behind it comes before what stands before it.
pub(crate) fn beside(bytes: &[u8], secret: Span) -> Option<Moment> {
    let is_brace = |byte: &u8| matches!(byte, b'{' | b'}' | b'[' | b']');
    let after = &bytes[secret.end..bytes.len().min(secret.end + REACH)];
    let after = &after[..after.iter().position(is_brace).unwrap_or(after.len())];
    let before = &bytes[secret.start.saturating_sub(REACH)..secret.start];
    let before = &before[before.iter().rposition(is_brace).map_or(0, |brace| brace + 1)..];
    first(after).or_else(|| first(before))
}

/// The first moment in `text` that has such a name.
fn first(text: &[u8]) -> Option<Moment> {
    let name_at = |at: usize| {
        NAMES.iter().find(|name| text[at..].get(..name.len()).is_some_and(|here| here.eq_ignore_ascii_case(name)))
    };
    (0..text.len()).find_map(|at| name_at(at).and_then(|name| moment_in(&text[at + name.len()..])))
}

/// The moment that `text` begins with, behind the joint.
fn moment_in(text: &[u8]) -> Option<Moment> {
    let start = text.iter().take(LONGEST_JOINT).position(u8::is_ascii_digit)?;
    let is_joint = |byte: &u8| byte.is_ascii_alphabetic() || b"\"'\\ \t_-:=>,".contains(byte);
    let (seconds, rest) = text[start..].split_at_checked(SECONDS)?;
    let fraction = rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let is_utc = ["Z", "+00:00", "+0000"].iter().any(|zone| rest[fraction..].starts_with(zone.as_bytes()));
    let seconds = std::str::from_utf8(seconds).ok()?;
    if is_utc && text[..start].iter().all(is_joint) { Moment::parse(&format!("{seconds}Z")) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn beside_token(text: &str) -> Option<String> {
        let at = text.find("TOKEN").expect("the text has the secret");
        beside(text.as_bytes(), Span::new(at, at + 5)).map(|moment| moment.to_string())
    }

    #[test]
    fn a_moment_with_a_name_beside_the_secret() {
        for text in [
            r#"{"SessionToken": "TOKEN", "Expiration": "2026-01-31T12:00:00Z"}"#,
            r#"{"SessionToken": "TOKEN", "Expiration": "2026-01-31T12:00:00+00:00"}"#,
            r#"{"Expiration":"2026-01-31T12:00:00.123Z","SecretAccessKey":"x","SessionToken":"TOKEN"}"#,
            r#"{\"accessToken\":\"TOKEN\",\"expiresAt\":\"2026-01-31T12:00:00Z\"}"#,
            "aws_session_token = TOKEN\naws_expiration = 2026-01-31T12:00:00Z\n",
            "x_security_token_expires = 2026-01-31T12:00:00+00:00\naws_session_token = TOKEN\n",
        ] {
            assert_eq!(beside_token(text).as_deref(), Some("2026-01-31T12:00:00Z"), "{text}");
        }
    }

    #[test]
    fn what_is_no_end_of_this_one() {
        for text in [
            "TOKEN",
            "TOKEN 2026-01-31T12:00:00Z",
            "TOKEN Expiration: 2026-01-31",
            "TOKEN Expiration: 2026-01-31T12:00:00+05:00",
            "TOKEN Expiration: (2026-01-31T12:00:00Z)",
            "TOKEN expires",
            r#"[{"token": "TOKEN"}, {"Expiration": "2026-01-31T12:00:00Z"}]"#,
            "[old]\naws_expiration = 2026-01-31T12:00:00Z\n[default]\naws_session_token = TOKEN\n",
            &format!("TOKEN{}Expiration: 2026-01-31T12:00:00Z", " ".repeat(REACH)),
        ] {
            assert_eq!(beside_token(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "([ -~\n]|Expiration|expires|2026-01-31T12:00:00Z|é){0,30}", start in 0_usize..40) {
            let start = start.min(text.len());
            beside(text.as_bytes(), Span::new(start, text.len().min(start + 4)));
        }
    }
}
