//! Synthetic secrets that a scanner must find, made from a seed when a test runs: right in length, alphabet, structure
//! and checksum, and never issued by anyone. Their fixed parts are in pieces, so that this file holds none.

use data_encoding::{BASE64, BASE64URL_NOPAD};

/// Makes secrets; the same seed makes the same ones.
pub(crate) struct Maker {
    state: u64,
}

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// What the first character after the prefix of an AWS key id can be for an account number that exists.
const ACCOUNT_START: &[u8; 10] = b"QRSTUVWXYZ";

impl Maker {
    /// A maker with a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// An AWS access key id of a user.
    pub(crate) fn aws_key_id(&mut self) -> String {
        format!("{}{}{}", concat!("AK", "IA"), self.text(ACCOUNT_START, 1), self.text(BASE32, 15))
    }

    /// An AWS secret access key.
    pub(crate) fn aws_secret_key(&mut self) -> String {
        self.text(BASE62, 40)
    }

    /// A GitHub token of the classic form, with its checksum.
    pub(crate) fn github_token(&mut self) -> String {
        let body = self.text(BASE62, 30);
        format!("{}{body}{}", concat!("gh", "p_"), base62_crc(&body))
    }

    /// The same with a wrong checksum: not a token.
    pub(crate) fn github_token_that_is_none(&mut self) -> String {
        let mut token = self.github_token();
        let last = token.pop().expect("a token has characters");
        token.push(if last == 'a' { 'b' } else { 'a' });
        token
    }

    /// A JSON Web Token.
    pub(crate) fn jwt(&mut self) -> String {
        let header = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
        let payload = BASE64URL_NOPAD.encode(br#"{"sub":"248289761001","iat":1714651200}"#);
        format!("{header}.{payload}.{}", BASE64URL_NOPAD.encode(&self.bytes(32)))
    }

    /// An RSA private key in PEM, as far as the outside of its DER can tell.
    pub(crate) fn pem(&mut self) -> String {
        // SEQUENCE of 1188 bytes, INTEGER 0 (version), INTEGER of 257 bytes (modulus), and so on.
        let mut der = vec![0x30, 0x82, 0x04, 0xa4, 0x02, 0x01, 0x00, 0x02, 0x82, 0x01, 0x01, 0x00];
        der.extend(self.bytes(1192 - 12));
        let body = BASE64.encode(&der);
        let lines: Vec<_> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
        let label = concat!("RSA PRI", "VATE KEY");
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    }

    /// Base64 of random bytes, with padding.
    pub(crate) fn base64(&mut self, length: usize) -> String {
        BASE64.encode(&self.bytes(length))
    }

    /// Hexadecimal digits.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.text(b"0123456789abcdef", length)
    }

    /// Letters and digits.
    pub(crate) fn base62(&mut self, length: usize) -> String {
        self.text(BASE62, length)
    }

    /// Capitals and the digits from 2 to 7.
    pub(crate) fn base32(&mut self, length: usize) -> String {
        self.text(BASE32, length)
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }

    /// Random bytes.
    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| u8::try_from(self.below(256)).expect("below 256")).collect()
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("below a usize")
    }

    /// `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// The secret as a report shows it: first 4 and last 2 characters of at most 40.
pub(crate) fn masked(secret: &str) -> String {
    let stars = "*".repeat(secret.len().min(40) - 6);
    format!("{}{stars}{}", &secret[..4], &secret[secret.len() - 2..])
}

fn base62_crc(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[rest as usize % 62];
        rest /= 62;
    }
    String::from_utf8(digits.to_vec()).expect("ASCII")
}

#[test]
fn checksum_of_a_known_vector() {
    assert_eq!(base62_crc("hello"), "0zNvy2");
}

#[test]
fn a_seed_makes_the_same_secrets_again() {
    assert_eq!(Maker::new(7).jwt(), Maker::new(7).jwt());
    assert_ne!(Maker::new(7).aws_key_id(), Maker::new(8).aws_key_id());
}

#[test]
fn secrets_have_their_lengths() {
    let mut maker = Maker::new(1);
    assert_eq!(maker.aws_key_id().len(), 20);
    assert_eq!(maker.aws_secret_key().len(), 40);
    assert_eq!(maker.github_token().len(), 40);
    assert_ne!(maker.github_token_that_is_none().len(), 0);
    assert!(maker.pem().lines().all(|line| line.len() <= 64));
    assert_eq!(masked(&"x".repeat(40)).len(), 40);
}
