//! Passwords that AWS makes out of random bytes or of a key, known by their length: of services with users of their own
//! (CodeCommit, Keyspaces), of SES over SMTP, and the seed of a virtual MFA device. They have no checksum; what SES's are
//! made of lets one be proven where the secret key stands beside it.
//!
//! - <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ServiceSpecificCredential.html>
//! - <https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html>
//! - <https://docs.aws.amazon.com/IAM/latest/APIReference/API_VirtualMFADevice.html>

use sha2::{Digest, Sha256};

use super::base64;

/// Random bytes in a service's password.
const SERVICE: usize = 32;
/// The version of the algorithm, and an HMAC-SHA256.
const SES: usize = 33;
const SES_VERSION_2: u8 = 0x02;
const SES_VERSION_4: u8 = 0x04;
/// Characters of base32 in a seed.
const SEED: usize = 64;
/// The block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// The regions in which SES has an SMTP endpoint: <https://docs.aws.amazon.com/general/latest/gr/ses.html>.
const SES_REGIONS: [&str; 29] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "af-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-5",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-gov-east-1",
    "us-gov-west-1",
];

/// Base64 of 32 bytes.
pub(super) fn is_service_password(value: &[u8]) -> bool {
    base64::decode(value).is_some_and(|bytes| bytes.len() == SERVICE)
}

/// Base64 of a version that there is and an HMAC.
pub(super) fn is_ses_password(value: &[u8]) -> bool {
    base64::decode(value).is_some_and(|bytes| bytes.len() == SES && matches!(bytes[0], SES_VERSION_2 | SES_VERSION_4))
}

/// Whether SES derives the password from this secret access key, in whatever region.
pub(super) fn is_derived(password: &[u8], secret: &[u8]) -> bool {
    let Some(password) = base64::decode(password) else { return false };
    match password.split_first() {
        Some((&SES_VERSION_2, mac)) => mac == hmac(secret, b"SendRawEmail"),
        Some((&SES_VERSION_4, mac)) => SES_REGIONS.iter().any(|region| mac == regional(secret, region)),
        _ => false,
    }
}

/// 64 characters of base32, or base64 of these.
pub(super) fn is_mfa_seed(value: &[u8]) -> bool {
    let is_seed = |text: &[u8]| text.len() == SEED && text.iter().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'));
    is_seed(value) || base64::decode(value).is_some_and(|text| is_seed(&text))
}

/// What follows the version in a password of version 4.
fn regional(secret: &[u8], region: &str) -> [u8; 32] {
    let first = hmac(&[b"AWS4", secret].concat(), b"11111111");
    [region, "ses", "aws4_request", "SendRawEmail"].iter().fold(first, |key, text| hmac(&key, text.as_bytes()))
}

/// HMAC-SHA256 (RFC 2104).
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0; BLOCK];
    if key.len() > BLOCK {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::{BASE32, BASE64, HEXLOWER};
    use proptest::prelude::*;

    #[test]
    fn hmac_of_known_vectors() {
        // RFC 4231, test cases 1, 2 and 6.
        for (key, message, mac) in [
            (&[0x0b; 20][..], "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe",
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 131],
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            assert_eq!(HEXLOWER.encode(&hmac(key, message.as_bytes())), mac);
        }
    }

    const SECRET: &str = concat!("XWPJ", "x/d8ut8pdqsxRpvED5hJRaOvRTYZPNvS+I4k");

    fn password(version: u8, mac: [u8; 32]) -> String {
        BASE64.encode(&[&[version][..], &mac].concat())
    }

    #[test]
    fn passwords_of_ses() {
        for password in [
            password(2, hmac(SECRET.as_bytes(), b"SendRawEmail")),
            password(4, regional(SECRET.as_bytes(), "eu-west-1")),
        ] {
            assert!(is_ses_password(password.as_bytes()));
            assert!(is_derived(password.as_bytes(), SECRET.as_bytes()));
            assert!(!is_derived(password.as_bytes(), b"another key"));
        }
        assert!(!is_ses_password(password(3, [7; 32]).as_bytes()));
        assert!(!is_ses_password(BASE64.encode(&[4; 32]).as_bytes()));
        assert!(!is_derived(password(4, regional(SECRET.as_bytes(), "mars-1")).as_bytes(), SECRET.as_bytes()));
        // Computed with the program in SES's documentation.
        assert!(is_derived(concat!("BN0g", "ryvZOAzgDplnrZ0poFIkx5nPaFtlkVQQMR70wFtL").as_bytes(), SECRET.as_bytes()));
        assert!(!is_derived(b"", SECRET.as_bytes()) && !is_derived(b"!", SECRET.as_bytes()));
    }

    #[test]
    fn passwords_and_seeds() {
        assert!(is_service_password(BASE64.encode(&[7; 32]).as_bytes()));
        assert!(!is_service_password(BASE64.encode(&[7; 33]).as_bytes()));
        let seed = BASE32.encode(&[0x9d; 40]);
        assert!(is_mfa_seed(seed.as_bytes()) && is_mfa_seed(BASE64.encode(seed.as_bytes()).as_bytes()));
        assert!(!is_mfa_seed(&seed.as_bytes()[1..]) && !is_mfa_seed(BASE64.encode(&[1; 64]).as_bytes()));
    }

    proptest! {
        #[test]
        fn one_changed_byte_is_not_derived(at in 1_usize..33, flip in 1_u8..) {
            let mut bytes = [&[SES_VERSION_4][..], &regional(SECRET.as_bytes(), "us-east-1")].concat();
            bytes[at] ^= flip;
            prop_assert!(!is_derived(BASE64.encode(&bytes).as_bytes(), SECRET.as_bytes()));
        }
    }
}
