//! Bech32, the text form of age's and Nostr's secret keys: a human-readable part, `1`, and data in base32 of which the
//! last six characters are a checksum over both. <https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki>

use super::{CHECKSUM, Check};

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Characters of the checksum.
const CHECK_DIGITS: usize = 6;
/// BIP-173 allows 90 characters; its code is made for no more, and age's keys have 74.
const LONGEST: usize = 90;
const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];

/// A key in one case, lower or upper.
pub(super) fn check(key: &[u8]) -> Check {
    if is_valid(key) { CHECKSUM } else { Check::Reject }
}

fn is_valid(key: &[u8]) -> bool {
    let is_mixed = key.iter().any(u8::is_ascii_lowercase) && key.iter().any(u8::is_ascii_uppercase);
    let Some(separator) = memchr::memrchr(b'1', key) else { return false };
    let (label, data) = (&key[..separator], &key[separator + 1..]);
    if is_mixed || key.len() > LONGEST || label.is_empty() || data.len() < CHECK_DIGITS {
        return false;
    }
    let high = label.iter().map(|byte| byte.to_ascii_lowercase() >> 5);
    let low = label.iter().map(|byte| byte & 31);
    let expanded = high.chain([0]).chain(low).fold(1, step);
    let sum = data.iter().try_fold(expanded, |sum, &byte| digit(byte).map(|digit| step(sum, digit)));
    sum == Some(1)
}

fn digit(byte: u8) -> Option<u8> {
    ALPHABET.iter().position(|&known| known == byte.to_ascii_lowercase()).map(|at| at as u8)
}

/// One step of the polynomial's division.
fn step(sum: u32, digit: u8) -> u32 {
    let shifted = (sum & 0x01ff_ffff) << 5 ^ u32::from(digit);
    let top = sum >> 25;
    (0..5).filter(|bit| top >> bit & 1 == 1).fold(shifted, |sum, bit| sum ^ GENERATOR[bit])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AGE: &str =
        concat!("AGE-SECRET-KEY-1", "QV9PZXQLYCK", "NGW6ZF9G9WHN9D3", "EH4QVG37TFMF", "9TK2UUP37W6HWQMQY8HY");

    #[test]
    fn vectors() {
        // The valid strings of BIP-173 that are no addresses, and one of its invalid ones.
        for text in ["A12UEL5L", "a12uel5l", "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w"] {
            assert_eq!(check(text.as_bytes()), CHECKSUM, "{text}");
        }
        assert_eq!(check(AGE.as_bytes()), CHECKSUM);
        for text in ["A1G7SGD8", "a12UEL5L", "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "", "1"] {
            assert_eq!(check(text.as_bytes()), Check::Reject, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_changed_character_is_noticed(at in 16..AGE.len(), digit in 0..32_usize) {
            let mut key = AGE.as_bytes().to_vec();
            let changed = ALPHABET[digit].to_ascii_uppercase();
            prop_assume!(key[at] != changed);
            key[at] = changed;
            prop_assert_eq!(check(&key), Check::Reject);
        }
    }
}
