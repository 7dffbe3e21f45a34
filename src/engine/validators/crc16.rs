//! Seeds in base32 that end in a CRC-16 (XMODEM, written low byte first): those of NATS's nkeys and of Stellar.
//!
//! - <https://github.com/nats-io/nkeys>: two bytes of prefix, 32 of seed, two of checksum.
//! - <https://github.com/stellar/stellar-protocol/blob/master/ecosystem/sep-0023.md>: one byte of version, 32 of seed, two
//!   of checksum.

use data_encoding::BASE32_NOPAD;

use super::{CHECKSUM, Check};

/// The five high bits of the first byte say that it is a seed, in both formats; it is what makes the `S` in front.
const SEED: u8 = 18 << 3;
const KIND_BITS: u8 = 7;
const NATS: usize = 36;
const STELLAR: usize = 35;

/// The seed of a NATS user, account, operator, cluster, server or curve key.
pub(super) fn nats(seed: &[u8]) -> Check {
    verdict(seed, NATS, SEED, !KIND_BITS)
}

/// The secret seed of a Stellar account.
pub(super) fn stellar(seed: &[u8]) -> Check {
    verdict(seed, STELLAR, SEED, u8::MAX)
}

fn verdict(seed: &[u8], length: usize, first: u8, mask: u8) -> Check {
    let is_sound = |bytes: &[u8]| bytes.len() == length && bytes[0] & mask == first && has_checksum(bytes);
    if BASE32_NOPAD.decode(seed).is_ok_and(|bytes| is_sound(&bytes)) { CHECKSUM } else { Check::Reject }
}

fn has_checksum(bytes: &[u8]) -> bool {
    bytes.split_last_chunk().is_some_and(|(body, sum)| crc16(body) == u16::from_le_bytes(*sum))
}

/// CRC-16/XMODEM, bit by bit: seeds are few.
fn crc16(bytes: &[u8]) -> u16 {
    const POLYNOMIAL: u16 = 0x1021;
    bytes.iter().fold(0, |sum, &byte| {
        (0..8).fold(sum ^ u16::from(byte) << 8, |sum, _| sum << 1 ^ if sum >> 15 == 1 { POLYNOMIAL } else { 0 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const USER: &str = concat!("SUAAKYF3", "CZY4YJ4C3U4JH3SJUT7VVNIQNPDCC7GXGKG6QQ467FKK6CWIQA");
    const ACCOUNT: &str = concat!("SACWBOYW", "OHGCPAW5HCJ64SNE75NLKEDLYYQXZVZSRXUEHHXZKSXQUAR6");

    #[test]
    fn vectors() {
        // The check value of the catalogue of CRCs, <https://reveng.sourceforge.io/crc-catalogue/16.htm>.
        assert_eq!(crc16(b"123456789"), 0x31c3);
        assert_eq!(nats(USER.as_bytes()), CHECKSUM);
        assert_eq!(stellar(ACCOUNT.as_bytes()), CHECKSUM);
    }

    #[test]
    fn other_texts() {
        for text in [ACCOUNT, "", "SUA", &USER[1..], &USER.to_lowercase()] {
            assert_eq!(nats(text.as_bytes()), Check::Reject, "{text}");
        }
        assert_eq!(stellar(USER.as_bytes()), Check::Reject);
    }

    proptest! {
        #[test]
        fn a_changed_character_is_noticed(at in any::<prop::sample::Index>(), digit in "[A-Z2-7]") {
            for (check, seed) in [(nats as fn(&[u8]) -> Check, USER), (stellar, ACCOUNT)] {
                let mut seed = seed.to_owned();
                let at = at.index(seed.len());
                if seed[at..=at] != digit {
                    seed.replace_range(at..=at, &digit);
                    prop_assert_eq!(check(seed.as_bytes()), Check::Reject);
                }
            }
        }
    }
}
