//! Vault's tokens. A service token is a protobuf message that is signed with a key of the cluster; a batch token is
//! encrypted, behind the number of the key. Neither can be verified without Vault, but their shapes are not met by
//! chance. Root tokens, and all tokens of a server that does not sign, are random and have none.
//!
//! - Formats: <https://developer.hashicorp.com/vault/docs/concepts/tokens>
//! - The messages `SignedToken` and `Token`: <https://github.com/hashicorp/vault/tree/main/vault/tokens>

use super::{Check, STRUCTURE, base64};

/// `hvs.`, `hvr.`, `hvb.`
const PREFIX: usize = 4;
/// Bytes of an HMAC-SHA-256.
const HMAC: usize = 32;
/// Encryption keys are numbered from one, a new one each few months or years.
const LAST_KEY: u32 = 0xffff;
/// Versions of the way in which Vault encrypts what it stores.
const ENCRYPTIONS: [u8; 2] = [1, 2];

/// Numbers of the fields of a signed token, and of the token inside.
const VERSION_FIELD: u64 = 1;
const HMAC_FIELD: u64 = 2;
const TOKEN_FIELD: u64 = 3;
const RANDOM_FIELD: u64 = 1;

/// Proves a token that has the shape; one that has not may be of a server that does not sign.
pub(super) fn check(token: &[u8]) -> Check {
    let Some((prefix, body)) = token.split_at_checked(PREFIX) else { return Check::Reject };
    let Some(data) = base64::decode(body) else { return Check::Pass };
    let is_whole = if prefix == b"hvb." { is_encrypted(&data) } else { is_signed(&data).is_some() };
    if is_whole { STRUCTURE } else { Check::Pass }
}

/// The number of the key, then the version of the encryption.
fn is_encrypted(data: &[u8]) -> bool {
    let [a, b, c, d, version, ..] = *data else { return false };
    let key = u32::from_be_bytes([a, b, c, d]);
    (1..=LAST_KEY).contains(&key) && ENCRYPTIONS.contains(&version)
}

/// A version, an HMAC and a token, which begins with the random text that was the whole token in earlier versions.
fn is_signed(data: &[u8]) -> Option<()> {
    let (VERSION_FIELD, Value::Number(1..), rest) = field(data)? else { return None };
    let (HMAC_FIELD, Value::Bytes(hmac), rest) = field(rest)? else { return None };
    let (TOKEN_FIELD, Value::Bytes(token), []) = field(rest)? else { return None };
    let (RANDOM_FIELD, Value::Bytes(random), _) = field(token)? else { return None };
    let is_token = random.starts_with(b"hvs.") || random.starts_with(b"hvr.");
    (hmac.len() == HMAC && is_token).then_some(())
}

/// What a field of a protobuf message holds.
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The number and value of the first field of a message, and the fields that follow.
fn field(message: &[u8]) -> Option<(u64, Value<'_>, &[u8])> {
    let (tag, rest) = varint(message)?;
    let (number, rest) = varint(rest)?;
    match tag & 7 {
        0 => Some((tag >> 3, Value::Number(number), rest)),
        2 => {
            let (bytes, rest) = rest.split_at_checked(usize::try_from(number).ok()?)?;
            Some((tag >> 3, Value::Bytes(bytes), rest))
        }
        _ => None,
    }
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let len = bytes.iter().take(9).position(|byte| byte & 0x80 == 0)? + 1;
    let number = bytes[..len].iter().rev().fold(0, |number, byte| number << 7 | u64::from(byte & 0x7f));
    Some((number, &bytes[len..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64URL_NOPAD;
    use proptest::prelude::*;

    /// Noise of `len` bytes.
    fn noise(len: usize) -> Vec<u8> {
        (0..len as u32).map(|n| (n.wrapping_add(9).wrapping_mul(2_654_435_761) >> 13) as u8).collect()
    }

    fn signed(hmac: usize, random: &[u8]) -> Vec<u8> {
        let token = [&[0x0a, random.len() as u8], random].concat();
        let fields = [&[0x08, 1, 0x12, hmac as u8], &noise(hmac)[..], &[0x1a, token.len() as u8], &token].concat();
        format!("hvs.{}", BASE64URL_NOPAD.encode(&fields)).into_bytes()
    }

    /// A root token.
    const ROOT: &[u8] = concat!("hvs.", "V0aJk3m9XcQ7Rt2LwPz5Ubn8").as_bytes();

    #[test]
    fn signed_tokens() {
        let token = signed(32, ROOT);
        assert!(token.starts_with(b"hvs.CAESI") && token.len() == 95);
        assert_eq!(check(&token), STRUCTURE);
        assert_eq!(check(&signed(31, ROOT)), Check::Pass);
        assert_eq!(check(&signed(32, b"xvs.V0aJk3m9XcQ7Rt2LwPz5Ubn8")), Check::Pass);
        assert_eq!(check(&token[..token.len() - 4]), Check::Pass);
    }

    #[test]
    fn batch_tokens() {
        let batch = |head: &[u8]| format!("hvb.{}", BASE64URL_NOPAD.encode(&[head, &noise(100)].concat()));
        assert!(batch(&[0, 0, 0, 1, 2]).starts_with("hvb.AAAAAQ"));
        assert_eq!(check(batch(&[0, 0, 0, 1, 2]).as_bytes()), STRUCTURE);
        assert_eq!(check(batch(&[0, 0, 3, 9, 1]).as_bytes()), STRUCTURE);
        for head in [[0, 0, 0, 0, 2], [0, 1, 0, 0, 2], [0, 0, 0, 1, 0], [0, 0, 0, 1, 3]] {
            assert_eq!(check(batch(&head).as_bytes()), Check::Pass, "{head:?}");
        }
    }

    #[test]
    fn tokens_without_a_shape() {
        for token in ["hvs.", concat!("hvs.", "V0aJk3m9XcQ7Rt2LwPz5Ubn8"), "hvb.x", "hvr.!"] {
            assert_eq!(check(token.as_bytes()), Check::Pass, "{token}");
        }
        assert_eq!(check(b"hvs"), Check::Reject);
    }

    proptest! {
        #[test]
        fn a_number_reads_back(number in 0..1_u64 << 63) {
            let mut written = Vec::new();
            let mut rest = number;
            while rest >= 0x80 {
                written.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            written.extend([rest as u8, 0xaa]);
            prop_assert_eq!(varint(&written), Some((number, &[0xaa_u8][..])));
        }

        #[test]
        fn no_message_panics(message in prop::collection::vec(any::<u8>(), 0..80)) {
            is_signed(&message);
        }
    }
}
