//! CRC-32 at a token's end, written otherwise than GitHub does. Neither is documented: Zuplo's is known from a token that
//! carries it, Confluent's is inferred, so that one which differs changes nothing.
//!
//! - Zuplo: <https://zuplo.com/docs/articles/api-key-management>
//! - Confluent: <https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html>

use data_encoding::{BASE64, HEXLOWER};

use super::{CHECKSUM, Check};

/// Digits at the end of Confluent's secrets.
const CONFLUENT_DIGITS: usize = 6;

/// `zpka_`, a body, `_`, and the body's checksum in hexadecimal.
pub(super) fn zuplo(token: &[u8]) -> Check {
    let Some(rest) = token.strip_prefix(b"zpka_") else { return Check::Reject };
    let Some(underscore) = memchr::memrchr(b'_', rest) else { return Check::Reject };
    let (body, digits) = (&rest[..underscore], &rest[underscore + 1..]);
    let expected = HEXLOWER.encode(&crc32fast::hash(body).to_be_bytes());
    if digits == expected.as_bytes() { CHECKSUM } else { Check::Reject }
}

/// `cflt`, a body, and the start of its checksum in base64, the lowest byte first. Whether the prefix counts is not known.
pub(super) fn confluent(secret: &[u8]) -> Check {
    let Some((text, digits)) = secret.split_last_chunk::<CONFLUENT_DIGITS>() else { return Check::Pass };
    let Some(body) = text.strip_prefix(b"cflt") else { return Check::Pass };
    let fits = |body: &[u8]| BASE64.encode(&crc32fast::hash(body).to_le_bytes()).as_bytes().starts_with(digits);
    if fits(body) || fits(text) { CHECKSUM } else { Check::Pass }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ZUPLO: &str = concat!("zpka_", "0123456789abcdef0123456789abcdef_7759b50e");
    const CONFLUENT: &str = concat!("cflt", "hellohqYQNg");

    #[test]
    fn vectors() {
        assert_eq!(zuplo(ZUPLO.as_bytes()), CHECKSUM);
        assert_eq!(confluent(CONFLUENT.as_bytes()), CHECKSUM);
        let with_prefix = BASE64.encode(&crc32fast::hash(b"cflthello").to_le_bytes());
        assert_eq!(confluent(format!("cflthello{}", &with_prefix[..6]).as_bytes()), CHECKSUM);
    }

    #[test]
    fn tokens_without_a_checksum() {
        for token in ["", "zpka_", "zpka_7759b50e", "0123_7759b50e"] {
            assert_eq!(zuplo(token.as_bytes()), Check::Reject, "{token}");
        }
        for secret in ["", "cflt", "cflthello", "hellohqYQNg"] {
            assert_eq!(confluent(secret.as_bytes()), Check::Pass, "{secret}");
        }
    }

    proptest! {
        #[test]
        fn a_changed_character_is_noticed(at in 5..ZUPLO.len(), byte in b'0'..=b'z') {
            let mut token = ZUPLO.as_bytes().to_vec();
            prop_assume!(token[at] != byte);
            token[at] = byte;
            prop_assert_eq!(zuplo(&token), Check::Reject);
        }

        #[test]
        fn a_changed_character_proves_nothing(at in 4..CONFLUENT.len(), byte in b'0'..=b'z') {
            let mut secret = CONFLUENT.as_bytes().to_vec();
            prop_assume!(secret[at] != byte);
            secret[at] = byte;
            prop_assert_eq!(confluent(&secret), Check::Pass);
        }
    }
}
