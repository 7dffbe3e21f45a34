//! Base58Check, the text form of Bitcoin's private keys: a number in base58 whose last four bytes are the first four of
//! the doubled SHA-256 of the rest. <https://en.bitcoin.it/wiki/Base58Check_encoding>
//!
//! - Wallet import format: <https://en.bitcoin.it/wiki/Wallet_import_format>
//! - Extended private keys: <https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki>; the letters before `prv` for
//!   other kinds of address: <https://github.com/satoshilabs/slips/blob/master/slip-0132.md>

use sha2::{Digest, Sha256};

use super::{CHECKSUM, Check};

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// The longest of these keys, an extended one, in characters.
const LONGEST: usize = 112;
const CHECK_BYTES: usize = 4;
/// First bytes of a private key: of the main network and of the test network.
const WIF_VERSIONS: [u8; 2] = [0x80, 0xef];
/// First bytes of extended private keys: x, y, z, Y, Z of the main network and t, u, v, U, V of the test network.
const EXTENDED_VERSIONS: [u32; 10] = [
    0x0488_ade4,
    0x049d_7878,
    0x04b2_430c,
    0x0295_b005,
    0x02aa_7a99,
    0x0435_8394,
    0x044a_4e28,
    0x045f_18bc,
    0x0242_85b5,
    0x0257_5048,
];
/// Version, depth, parent, index and chain code stand before the key of an extended key.
const EXTENDED_KEY: usize = 45;
const EXTENDED: usize = 78;

/// A private key in the wallet import format.
pub(super) fn wallet_import(text: &[u8]) -> Check {
    verdict(text, |payload| match payload {
        [version, key @ ..] if WIF_VERSIONS.contains(version) => key.len() == 32 || key.len() == 33 && key[32] == 1,
        _ => false,
    })
}

/// An extended private key.
pub(super) fn extended(text: &[u8]) -> Check {
    verdict(text, |payload| {
        let version = payload.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
        payload.len() == EXTENDED
            && version.is_some_and(|version| EXTENDED_VERSIONS.contains(&version))
            && payload[EXTENDED_KEY] == 0
    })
}

fn verdict(text: &[u8], is_key: impl Fn(&[u8]) -> bool) -> Check {
    if payload(text).is_some_and(|payload| is_key(&payload)) { CHECKSUM } else { Check::Reject }
}

/// What stands before a checksum that is right.
fn payload(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = decode(text)?;
    let body = bytes.len().checked_sub(CHECK_BYTES)?;
    let hash = Sha256::digest(Sha256::digest(&bytes[..body]));
    (bytes[body..] == hash[..CHECK_BYTES]).then(|| bytes.truncate(body))?;
    Some(bytes)
}

/// The bytes of a number in base58; each `1` in front is a zero byte.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() > LONGEST {
        return None;
    }
    let zeros = text.iter().take_while(|&&byte| byte == ALPHABET[0]).count();
    let mut reversed: Vec<u8> = Vec::with_capacity(text.len());
    for &byte in text {
        let mut carry = ALPHABET.iter().position(|&known| known == byte)? as u32;
        for place in &mut reversed {
            carry += u32::from(*place) * 58;
            *place = carry as u8;
            carry >>= 8;
        }
        while carry > 0 {
            reversed.push(carry as u8);
            carry >>= 8;
        }
    }
    Some(std::iter::repeat_n(0, zeros).chain(reversed.into_iter().rev()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMPRESSED: &str = concat!("KwQAWQ6D", "GwWF9aSb1k9n9qHp3x1wGL7N4Pjg6ViB7s8UyKCM5oFi");
    /// The example of the Bitcoin wiki's page on the format.
    const PLAIN: &str = concat!("5HueCGU8rMjxEXxiPuD5", "BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ");
    /// The first key of BIP-32's first test vector.
    const XPRV: &str = concat!(
        "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPP",
        "qjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"
    );

    #[test]
    fn vectors() {
        // From Bitcoin's own tests, src/test/data/base58_encode_decode.json.
        assert_eq!(decode(b"2cFupjhnEsSn59qHXstmK2ffpLv2").as_deref(), Some(b"simply a long string".as_slice()));
        assert_eq!(decode(b"1111111111").as_deref(), Some([0; 10].as_slice()));
        assert_eq!(decode(b"0OIl"), None);
        for key in [COMPRESSED, PLAIN] {
            assert_eq!(wallet_import(key.as_bytes()), CHECKSUM, "{key}");
            assert_eq!(extended(key.as_bytes()), Check::Reject, "{key}");
        }
        assert_eq!(extended(XPRV.as_bytes()), CHECKSUM);
        assert_eq!(wallet_import(XPRV.as_bytes()), Check::Reject);
    }

    #[test]
    fn an_address_is_no_key() {
        // The address of the first block: the checksum is right, the version is another.
        assert_eq!(wallet_import(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), Check::Reject);
        assert_eq!(wallet_import(b""), Check::Reject);
        assert_eq!(extended(&[b'1'; 500]), Check::Reject);
    }

    proptest! {
        #[test]
        fn a_changed_character_is_noticed(at in any::<prop::sample::Index>(), digit in 0..58_usize) {
            for (check, key) in [(wallet_import as fn(&[u8]) -> Check, COMPRESSED), (wallet_import, PLAIN), (extended, XPRV)] {
                let mut key = key.as_bytes().to_vec();
                let at = at.index(key.len());
                if key[at] != ALPHABET[digit] {
                    key[at] = ALPHABET[digit];
                    prop_assert_eq!(check(&key), Check::Reject);
                }
            }
        }
    }
}
