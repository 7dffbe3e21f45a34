//! How sure a value is that stands where nothing but a password can stand: behind `-u user:`, in a connection string. The
//! place has spoken for it, so that a weak one is still possible; only what points elsewhere or is to be filled in is none.

use super::Found;
use super::random;
use super::value::{self, Objection};
use crate::model::{Confidence, KindSet, Span};

/// A shorter value that is a number, a word or an address was cut from something else.
const SHORTEST_ODD: usize = 6;

/// None if `value` is no password.
pub(super) fn password(value: &[u8]) -> Option<Confidence> {
    match value::objection(value, b"") {
        _ if is_constant(value) => None,
        Some(Objection::Reference | Objection::Encrypted | Objection::Placeholder) => None,
        Some(_) if value.len() < SHORTEST_ODD || is_address(value) => None,
        None if value::password(value, false).is_some() || is_token(value) => Some(Confidence::Medium),
        _ => Some(Confidence::Low),
    }
}

/// `ACCESS_KEY`: the name of what is to stand there.
fn is_constant(value: &[u8]) -> bool {
    value.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-'))
}

/// `127.0.0.1:27017:27017`, as containers are given their ports.
fn is_address(value: &[u8]) -> bool {
    value.contains(&b':') && value.iter().all(|byte| byte.is_ascii_digit() || b".:/".contains(byte))
}

/// Whether a machine made `value`.
pub(super) fn is_token(value: &[u8]) -> bool {
    random::is_hex(value) || random::is_random(value)
}

/// What a structure found that has nothing to say but this.
pub(super) fn found(secret: Span, confidence: Confidence, why: &'static str) -> Found {
    Found { secret, field: None, kinds: KindSet::ALL, severity: None, confidence: Some(confidence), why: Some(why) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords() {
        for (value, expected) in [
            ("kW9mPz2vQx", Some(Confidence::Medium)),
            ("9f86d081884c7d659a2feaa0c55ad015", Some(Confidence::Medium)),
            ("dragonfly", Some(Confidence::Low)),
            ("abx4", Some(Confidence::Low)),
            ("3306", None),
            ("127.0.0.1:27017:27017", None),
            ("84730192", Some(Confidence::Low)),
            ("changeme", None),
            ("$PASSWORD", None),
            ("${PASSWORD}", None),
            ("ACCESS_KEY", None),
            ("********", None),
            ("<password>", None),
            ("", None),
        ] {
            assert_eq!(password(value.as_bytes()), expected, "{value}");
        }
    }
}
