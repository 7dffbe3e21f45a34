//! Private keys that are bare numbers. They have no checksum, only bits or ranges that a made-up value may miss.
//!
//! - X25519 (WireGuard): five bits are fixed, <https://www.rfc-editor.org/rfc/rfc7748#section-5>. One random value in 32
//!   passes; preshared keys are not numbers of the curve and need not.
//! - secp256k1 (Ethereum): from one up to the curve's order, <https://www.secg.org/sec2-v2.pdf>.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use super::{Check, pass_if};

const BYTES: usize = 32;
/// The order of secp256k1.
const ORDER: [u8; BYTES] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc,
    0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];
/// A number made of fewer different bytes was typed by a person: 32 random ones have 30 or so.
const LEAST_DISTINCT: usize = 16;

/// 32 bytes in base64 with the bits as `wg genkey` sets them.
pub(super) fn x25519(key: &[u8]) -> Check {
    let is_clamped = |key: &[u8; BYTES]| key[0] & 7 == 0 && key[BYTES - 1] & 0xc0 == 0x40;
    pass_if(
        BASE64.decode(key).is_ok_and(|bytes| bytes.as_slice().try_into().is_ok_and(is_clamped) && is_varied(&bytes)),
    )
}

/// 32 bytes in hexadecimal, with or without `0x`, that are a key of secp256k1.
pub(super) fn secp256k1(key: &[u8]) -> Check {
    let digits = key.strip_prefix(b"0x").unwrap_or(key);
    let is_key = |bytes: Vec<u8>| bytes.len() == BYTES && bytes.as_slice() < ORDER.as_slice() && is_varied(&bytes);
    pass_if(HEXLOWER_PERMISSIVE.decode(digits).is_ok_and(is_key))
}

fn is_varied(bytes: &[u8]) -> bool {
    let mut seen = [false; 256];
    bytes.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    seen.into_iter().filter(|&seen| seen).count() >= LEAST_DISTINCT
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WIREGUARD: &str = concat!("CD1yp9wR", "Rnuw5RpPhLnuI1iNwvcsYZbLADVqn9QJPnM=");
    const ETHEREUM: &str = concat!("8f2a559490", "d4b3a1c07e6f5d2b9a8c71e0f3d6b5a4c29817eefc4d3b2a190865");

    #[test]
    fn keys() {
        assert_eq!(x25519(WIREGUARD.as_bytes()), Check::Pass);
        assert_eq!(secp256k1(ETHEREUM.as_bytes()), Check::Pass);
        assert_eq!(secp256k1(format!("0x{}", ETHEREUM.to_uppercase()).as_bytes()), Check::Pass);
    }

    #[test]
    fn no_keys() {
        for text in ["", "CD1yp9wR", &BASE64.encode(&[0x40; 32]), &WIREGUARD.replacen('C', "D", 1)] {
            assert_eq!(x25519(text.as_bytes()), Check::Reject, "{text}");
        }
        let order = HEXLOWER_PERMISSIVE.encode(&ORDER);
        for text in ["", "0x", &ETHEREUM[1..], &order, &"0".repeat(64), &"0123456789abcdef".repeat(4)] {
            assert_eq!(secp256k1(text.as_bytes()), Check::Reject, "{text}");
        }
    }

    proptest! {
        #[test]
        fn bits_that_are_not_as_genkey_sets_them_are_noticed(bytes in prop::array::uniform32(any::<u8>())) {
            let mut clamped = bytes;
            clamped[0] &= 0xf8;
            clamped[31] = clamped[31] & 0x3f | 0x40;
            prop_assume!(is_varied(&clamped));
            prop_assert_eq!(x25519(BASE64.encode(&clamped).as_bytes()), Check::Pass);
            prop_assert_eq!(x25519(BASE64.encode(&bytes).as_bytes()) == Check::Pass, bytes == clamped);
        }
    }
}
