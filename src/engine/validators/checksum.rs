//! Checksums that issuers write into their tokens. A token that fails a published one was mistyped, cut or made up.
//!
//! - GitHub's classic tokens, npm, Vercel: CRC-32 in base62, six digits, over what stands between prefix and checksum:
//!   <https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/>
//! - GitHub's fine-grained tokens: SHA-256 in base32. GitHub has not documented it, so that a mismatch proves nothing.

use sha2::{Digest, Sha256};

use super::crc::{BASE62, digits};
use super::{CHECKSUM, Check};

/// Digits of the CRC at a token's end.
const CRC_DIGITS: usize = 6;

/// Length of a fine-grained token, of its signed part, and of the hash behind that part.
const FINE_GRAINED: usize = 93;
const SIGNED: usize = 77;
const HASH_DIGITS: usize = 8;

/// `prefix_`, a body, and the body's CRC-32 in base62.
pub(super) fn github(token: &[u8]) -> Check {
    let Some(underscore) = memchr::memchr(b'_', token) else { return Check::Reject };
    let rest = &token[underscore + 1..];
    if rest.len() <= CRC_DIGITS {
        return Check::Reject;
    }
    let (body, sum) = rest.split_at(rest.len() - CRC_DIGITS);
    if base62(crc32fast::hash(body)) == sum { CHECKSUM } else { Check::Reject }
}

/// `github_pat_`, 22 characters, `_`, 59 characters, of which eight are a hash of all that precedes them.
pub(super) fn github_fine_grained(token: &[u8]) -> Check {
    if token.len() != FINE_GRAINED {
        return Check::Reject;
    }
    let (signed, rest) = token.split_at(SIGNED);
    if rest.starts_with(&base32_of_hash(signed)) { CHECKSUM } else { Check::Pass }
}

/// Padded with zeros: one checksum in five would be shorter than six digits.
fn base62(number: u32) -> [u8; CRC_DIGITS] {
    digits(number, BASE62)
}

fn base32_of_hash(text: &[u8]) -> [u8; HASH_DIGITS] {
    let hash = Sha256::digest(text);
    let mut digits = [0; HASH_DIGITS];
    // Eight digits of base32 hold exactly five bytes.
    data_encoding::BASE32.encode_mut(&hash[..5], &mut digits);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CLASSIC: &[&str] = &[
        concat!("ghp_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O50Zb5Hm"),
        concat!("ghp_", "A1b2C3d4E5f6G7h8I9j0K1l2M3000205yEjl"),
        concat!("ghr_", "A1b2C3d4E5f6G7h8I9j0A1b2C3d4E5f6G7h8I9j0A1b2C3d4E5f6G7h8I9j0A1b2C3d4E517kyBt"),
        concat!("npm_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O50Zb5Hm"),
        concat!("vcp_", "A1b2C3d4E5f6G7h8I9j0A1b2C3d4E5f6G7h8I9j0A1b2C3d4E53rAKG4"),
    ];
    const FINE: &str =
        concat!("github_pat_", "11A1b2C3d4E5f6G7h8I9j0_A1b2C3d4E5f6G7h8I9j0A1b2C3d4E5f6G7h8I9j0A1bPIX2FWJVZZZZZZZZ");

    #[test]
    fn vectors() {
        assert_eq!(&base62(crc32fast::hash(b"hello")), b"0zNvy2");
        assert_eq!(&base32_of_hash(b"hello"), b"FTZE3OS7");
        for token in CLASSIC {
            assert_eq!(github(token.as_bytes()), CHECKSUM, "{token}");
        }
        assert_eq!(github_fine_grained(FINE.as_bytes()), CHECKSUM);
    }

    #[test]
    fn a_token_without_its_checksum() {
        for token in ["", "ghp_", "ghp_123456", "no underscore"] {
            assert_eq!(github(token.as_bytes()), Check::Reject, "{token}");
        }
        assert_eq!(github_fine_grained(&FINE.as_bytes()[..92]), Check::Reject);
    }

    #[test]
    fn an_undocumented_hash_that_differs_changes_nothing() {
        assert_eq!(github_fine_grained(FINE.replace("PIX2", "PIX3").as_bytes()), Check::Pass);
    }

    proptest! {
        #[test]
        fn a_changed_character_is_noticed(
            which in 0..CLASSIC.len(),
            at in any::<prop::sample::Index>(),
            digit in 0..62_usize,
        ) {
            let mut token = CLASSIC[which].as_bytes().to_vec();
            let at = 4 + at.index(token.len() - 4);
            prop_assume!(token[at] != BASE62[digit]);
            token[at] = BASE62[digit];
            prop_assert_eq!(github(&token), Check::Reject);
        }

        #[test]
        fn a_changed_character_of_the_signed_part_is_noticed(at in 0..SIGNED + HASH_DIGITS, digit in 0..62_usize) {
            let mut token = FINE.as_bytes().to_vec();
            prop_assume!(token[at] != BASE62[digit]);
            token[at] = BASE62[digit];
            prop_assert_eq!(github_fine_grained(&token), Check::Pass);
        }

        #[test]
        fn every_number_has_six_digits_that_read_back(number: u32) {
            let read = base62(number).iter().fold(0_u64, |sum, digit| {
                sum * 62 + BASE62.iter().position(|known| known == digit).expect("base62 writes its own digits") as u64
            });
            prop_assert_eq!(read, u64::from(number));
        }
    }
}
