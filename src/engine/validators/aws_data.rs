//! Values of AWS's services beyond IAM, and of those that speak S3: what their bytes must be, and whose they are. None
//! has a checksum, but most have parts of a fixed length.
//!
//! - Cognito's refresh tokens are JWEs of A256GCM under RSA-OAEP: <https://www.rfc-editor.org/rfc/rfc7518#section-5.3>
//! - Amazon Location's keys are PASETOs, version 1: <https://github.com/paseto-standard/paseto-spec>
//! - Data keys of KMS: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html>

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding};

use super::{Check, STRUCTURE, aws};
use crate::model::Fact;

/// Lengths of symmetric keys, in bytes: AES-128, AES-192, AES-256, HMAC-512.
const KEYS: [usize; 4] = [16, 24, 32, 64];

/// Bytes of the parts of a refresh token behind its header, but for the ciphertext: a key under RSA of 2048 bits, the
/// nonce and the tag of GCM.
const WRAPPED_KEY: usize = 256;
const NONCE: usize = 12;
const TAG: usize = 16;

const LOCATION_PREFIX: &[u8] = b"v1.public.";
/// What Amazon Location signs: the id of the key and nothing else.
const CLAIM: (&[u8], &[u8]) = (b"{\"jti\":\"", b"\"}");
/// A UUID in text.
const UUID: usize = 36;
/// A signature by RSA of 2048 bits.
const SIGNATURE: usize = 256;

/// Whether base64 holds a key: of a key's length, as random as one, and no text.
pub(super) fn is_key_bytes(value: &[u8]) -> bool {
    let Some(key) = decoded(&BASE64_NOPAD, value) else { return false };
    let is_text = key.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    KEYS.contains(&key.len()) && !is_text && distinct(&key) * 2 > key.len()
}

/// Whose tokens these are, the header says, and a rule's anchor with it. That none of the rest was made up is a proof.
pub(super) fn cognito_refresh_token(token: &[u8]) -> Check {
    let length = |part: &[u8]| decoded(&BASE64URL_NOPAD, part).map(|bytes| bytes.len());
    let lengths: Vec<Option<usize>> = token.split(|&byte| byte == b'.').skip(1).map(length).collect();
    match lengths[..] {
        [Some(WRAPPED_KEY), Some(NONCE), Some(_), Some(TAG)] => STRUCTURE,
        _ => Check::Pass,
    }
}

/// The message, which names the key, and the signature behind it.
pub(super) fn location_key(token: &[u8]) -> Check {
    let body = token.strip_prefix(LOCATION_PREFIX).unwrap_or_default();
    let body = body.split(|&byte| byte == b'.').next().unwrap_or_default();
    let signed = decoded(&BASE64URL_NOPAD, body).unwrap_or_default();
    let rest = signed.strip_prefix(CLAIM.0).and_then(|rest| rest.split_at_checked(UUID));
    match rest.and_then(|(_, rest)| rest.strip_prefix(CLAIM.1)).map(<[u8]>::len) {
        Some(SIGNATURE) => STRUCTURE,
        Some(1..) => Check::Pass,
        _ => Check::Reject,
    }
}

/// Whether an access key ID is another vendor's than AWS's; tells whose it is.
pub(super) fn s3_key_id(id: &[u8], facts: &mut Vec<Fact>) -> Check {
    let Some(vendor) = vendor(id) else { return Check::Reject };
    facts.push(Fact { key: "vendor".into(), value: vendor.to_owned() });
    Check::Pass
}

/// Whether a secret has the form of one that belongs to such an id.
pub(super) fn is_s3_secret(secret: &[u8]) -> bool {
    match secret.len() {
        31 => secret.starts_with(b"K00") && secret.iter().all(is_base64),
        36 => is_uuid(secret),
        40 => aws::is_secret(secret),
        30 | 38 | 43 => secret.iter().all(|byte| is_base64(byte) || matches!(byte, b'-' | b'_')) && is_mixed(secret),
        48 | 64 => secret.iter().all(is_low_hex) && secret.iter().any(u8::is_ascii_digit),
        _ => secret.starts_with(b"tsec_") && secret.len() >= 32,
    }
}

/// Whether it is an id that IAM gives to something that is no access key.
fn is_iam_unique(id: &[u8]) -> bool {
    const PREFIXES: [&[u8]; 11] =
        [b"AGPA", b"AIDA", b"AIPA", b"ANPA", b"ANVA", b"AROA", b"ASCA", b"APKA", b"ACCA", b"ABIA", b"A3T"];
    PREFIXES.iter().any(|prefix| id.starts_with(prefix))
}

/// By prefix, length and alphabet, as the vendors' own documentation shows their keys. None for AWS, for `LocalStack`,
/// whose keys open nothing, and for what no vendor issues.
fn vendor(id: &[u8]) -> Option<&'static str> {
    let is_capital = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let is_plain = id.iter().all(is_capital) && id.iter().any(u8::is_ascii_digit);
    match (id, id.len()) {
        ([b'A' | b'L', b'K' | b'S', b'I', b'A', ..], _) => None,
        // Unique ids of IAM: users, roles, policies, certificates, service-specific credentials.
        _ if is_iam_unique(id) => None,
        (_, 20) if id.ends_with(b"EXAMPLE") => None,
        ([b'D', b'O', b'0', b'0', ..] | [b'D', b'O', b'8', b'0', b'1', ..], 20) if is_plain => {
            Some("DigitalOcean Spaces")
        }
        ([b'S', b'C', b'W', ..], 20) if is_plain => Some("Scaleway"),
        ([b'G', b'O', b'O', b'G', ..], 20 | 24 | 61) if id.iter().all(is_capital) => Some("Google Cloud Storage"),
        (_, 20) if is_plain => Some("Wasabi, Linode, MinIO or another"),
        ([b'0', b'0', ..], 25) if id.iter().all(is_low_hex) => Some("Backblaze B2"),
        ([b'Y', b'C', ..], 25) if is_mixed(id) => Some("Yandex Cloud"),
        ([b'L', b'T', b'A', b'I', ..], 16..=24) if id.iter().all(u8::is_ascii_alphanumeric) => Some("Alibaba Cloud"),
        ([b't', b'i', b'd', b'_', ..], 20..) => Some("Tigris"),
        (_, 32) if id.iter().all(is_low_hex) && id.iter().any(u8::is_ascii_digit) => {
            Some("Cloudflare R2, IBM Cloud or OVHcloud")
        }
        _ => None,
    }
}

/// The bytes behind base64, with padding or without. Some encoders leave the spare bits of the last character set.
fn decoded(encoding: &Encoding, text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1);
    let mut specification = encoding.specification();
    specification.check_trailing_bits = false;
    specification.encoding().expect("dropping a check keeps an encoding valid").decode(&text[..end]).ok()
}

fn distinct(bytes: &[u8]) -> usize {
    let mut seen = [false; 256];
    bytes.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    seen.into_iter().filter(|seen| *seen).count()
}

fn is_uuid(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => is_low_hex(byte),
    })
}

fn is_low_hex(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn is_base64(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// Letters of both cases and a digit.
fn is_mixed(text: &[u8]) -> bool {
    [u8::is_ascii_uppercase, u8::is_ascii_lowercase, u8::is_ascii_digit].iter().all(|is| text.iter().any(is))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;
    use proptest::prelude::*;

    /// Bytes of which none repeats, and not all are text.
    fn noise(len: usize) -> Vec<u8> {
        (0..len).map(|at| (at * 151 + 77) as u8).collect()
    }

    #[test]
    fn keys_and_what_resembles_them() {
        for len in KEYS {
            assert!(is_key_bytes(BASE64.encode(&noise(len)).as_bytes()), "{len}");
            assert!(is_key_bytes(BASE64_NOPAD.encode(&noise(len)).as_bytes()), "{len} without padding");
            assert!(!is_key_bytes(BASE64.encode(&noise(len + 1)).as_bytes()), "{len} and one");
            assert!(!is_key_bytes(BASE64.encode(&vec![0xab; len]).as_bytes()), "{len} times the same");
        }
        assert!(!is_key_bytes(BASE64.encode(b"sixteen letters!").as_bytes()));
        assert!(!is_key_bytes(b"hello world text"));
        assert!(!is_key_bytes(b""));
    }

    fn refresh_token(lengths: [usize; 4]) -> Vec<u8> {
        let parts = lengths.map(|len| BASE64URL_NOPAD.encode(&noise(len)));
        format!("eyJjdHkiOiJKV1QifQ.{}", parts.join(".")).into_bytes()
    }

    #[test]
    fn a_refresh_token_is_proven_by_its_parts() {
        assert_eq!(cognito_refresh_token(&refresh_token([256, 12, 700, 16])), STRUCTURE);
        for lengths in [[255, 12, 700, 16], [256, 16, 700, 16], [256, 12, 700, 15]] {
            assert_eq!(cognito_refresh_token(&refresh_token(lengths)), Check::Pass, "{lengths:?}");
        }
        assert_eq!(cognito_refresh_token(b"eyJjdHkiOiJKV1QifQ"), Check::Pass);
        assert_eq!(cognito_refresh_token(b"...."), Check::Pass);
    }

    fn location(claim: &[u8], signature: usize) -> Vec<u8> {
        format!("v1.public.{}", BASE64URL_NOPAD.encode(&[claim, &noise(signature)].concat())).into_bytes()
    }

    #[test]
    fn a_location_key_names_itself_and_is_signed() {
        let claim = br#"{"jti":"6f1c1b1e-8a53-4d0e-9d4b-2f6a7c9e0b11"}"#;
        assert_eq!(location_key(&location(claim, 256)), STRUCTURE);
        assert_eq!(location_key(&[location(claim, 256), b".Zm9vdGVy".to_vec()].concat()), STRUCTURE);
        assert_eq!(location_key(&location(claim, 255)), Check::Pass);
        assert_eq!(location_key(&location(claim, 0)), Check::Reject);
        assert_eq!(location_key(&location(br#"{"jti":"6f1c"}"#, 256)), Check::Reject);
        assert_eq!(location_key(&location(br#"{"sub":"6f1c1b1e-8a53-4d0e-9d4b-2f6a7c9e0b11"}"#, 256)), Check::Reject);
        assert_eq!(location_key(b"v1.public."), Check::Reject);
        assert_eq!(location_key(b"v2.public.x"), Check::Reject);
    }

    fn vendor_told(id: &str) -> Option<String> {
        let mut facts = Vec::new();
        let check = s3_key_id(id.as_bytes(), &mut facts);
        assert_eq!(check == Check::Reject, facts.is_empty(), "{id}");
        facts.pop().map(|fact| fact.value)
    }

    #[test]
    fn an_id_tells_its_vendor() {
        for (id, vendor) in [
            (concat!("DO00", "9FJ2K7Q4X8ZT3MWP"), "DigitalOcean Spaces"),
            (concat!("DO801", "9FJ2K7Q4X8ZT3MW"), "DigitalOcean Spaces"),
            (concat!("SCW", "9FJ2K7Q4X8ZT3MWPV"), "Scaleway"),
            (concat!("GOOG", "9FJ2K7Q4X8ZT3MWP"), "Google Cloud Storage"),
            (concat!("K7Q4", "X8ZT3MWP9FJ2C5VB"), "Wasabi, Linode, MinIO or another"),
            (concat!("0029f3", "c1e8b7a5d00000000c4"), "Backblaze B2"),
            (concat!("YCAJE", "kW9mPz2vQxT7r-b_Lq3D"), "Yandex Cloud"),
            (concat!("LTAI5t", "K7q4X8zT3mWp9fJ2"), "Alibaba Cloud"),
            (concat!("tid_", "kW9mPz2vQxT7rbLq3D"), "Tigris"),
            (concat!("9f86d081884c7d65", "9a2feaa0c55ad015"), "Cloudflare R2, IBM Cloud or OVHcloud"),
        ] {
            assert_eq!(vendor_told(id).as_deref(), Some(vendor), "{id}");
        }
    }

    #[test]
    fn ids_of_nobody_else() {
        for id in [
            concat!("AKIA", "RZPUZDIKPHOMTE4W"),
            concat!("ASIA", "RZPUZDIKPHOMTE4W"),
            concat!("LKIA", "QAAAAAAAGMKEM7X5"),
            concat!("AKIDPMS9RO4H3F", "EXAMPLE"),
            "ABCDEFGHIJKLMNOPQRST",
            "access_key_id_value_",
            "minioadmin",
            "",
        ] {
            assert_eq!(vendor_told(id), None, "{id}");
        }
    }

    #[test]
    fn secrets_by_their_form() {
        for secret in [
            concat!("K00", "2pT7kW9mPz2vQx+rbLq3D/8sYc1"),
            "6f1c1b1e-8a53-4d0e-9d4b-2f6a7c9e0b11",
            concat!("XWPJ", "x/d8ut8pdqsxRpvED5hJRaOvRTYZPNvS+I4k"),
            concat!("XWPJx_d8ut8pdqsx", "RpvED5hJRaOvRTYZPNvS-I4k9aB"),
            "9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d65",
            "9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015",
            concat!("tsec_", "kW9mPz2vQxT7rbLq3DkW9mPz2vQxT7rbLq3D"),
        ] {
            assert!(is_s3_secret(secret.as_bytes()), "{secret}");
        }
        for secret in
            ["da39a3ee5e6b4b0d3255bfef95601890afd80709", "6f1c1b1e-8a53-4d0e-9d4b_2f6a7c9e0b11", "tsec_short", ""]
        {
            assert!(!is_s3_secret(secret.as_bytes()), "{secret}");
        }
    }

    proptest! {
        #[test]
        fn one_part_of_another_length_proves_nothing(part in 0usize..4, by in 1usize..9) {
            let mut lengths = [256, 12, 700, 16];
            lengths[part] += by;
            let expected = if part == 2 { STRUCTURE } else { Check::Pass };
            prop_assert_eq!(cognito_refresh_token(&refresh_token(lengths)), expected);
        }
    }
}
