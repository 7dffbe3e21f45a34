//! Private keys in OpenPGP's armour (RFC 9580): `-----BEGIN PGP PRIVATE KEY BLOCK-----`, in the ways in which text carries a
//! block (`armour.rs`). The anchor is `PGP PRIVATE KEY BLOCK` in the first line.
//!
//! The checksum at the end proves that the block is whole; the first packet tells whether a passphrase protects the key.

use data_encoding::BASE64_NOPAD;
use memchr::memmem;

use super::Found;
use super::armour::{self, Reader, is_redacted};
use crate::model::{Confidence, KindSet, Severity, Span};

const OPENING: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";
const FOOTER: &[u8] = b"-----END PGP PRIVATE KEY BLOCK-----";
/// Characters of base64 of which a body has at least so many.
const SHORTEST_BODY: usize = 64;
/// Characters of the checksum.
const CHECK_DIGITS: usize = 4;

/// The block whose first line the anchor occurrence `hit` is in.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let block = Block::around(text, hit)?;
    let region = &text[block.body.range()];
    let body = block.decode(text)?;
    if is_redacted(region) {
        return None;
    }
    let is_key = is_secret_key(&body.bytes);
    let (confidence, why) = match (body.has_checksum, is_key, block.is_closed) {
        (true, true, _) => (Confidence::High, "checksum"),
        (false, true, true) => (Confidence::High, "structure"),
        (false, true, false) => (Confidence::Medium, "structure"),
        (true, false, _) | (false, false, true) => (Confidence::Low, "prefix"),
        (false, false, false) => return None,
    };
    let is_clear = protection(&body.bytes) != Some(Protection::Encrypted);
    Some(Found {
        secret: Span::new(block.start, block.end),
        field: None,
        kinds: KindSet::ALL,
        severity: Some(if is_clear { Severity::Critical } else { Severity::High }),
        confidence: Some(confidence),
        why: Some(why),
    })
}

/// The bytes that the body encodes: equal for every way to write the block down.
pub(super) fn canonical(secret: &[u8]) -> Option<Vec<u8>> {
    let start = OPENING.len();
    let label = FOOTER.len() - "-----END ".len() - DASHES.len();
    secret.starts_with(OPENING).then_some(())?;
    let block = Block::around(secret, Span::new(start, start + label))?;
    block.decode(secret).map(|body| body.bytes)
}

/// Where a block and its body are.
struct Block {
    start: usize,
    body: Span,
    end: usize,
    is_closed: bool,
}

/// What a body holds.
struct Body {
    bytes: Vec<u8>,
    has_checksum: bool,
}

impl Block {
    fn around(text: &[u8], hit: Span) -> Option<Self> {
        let start = text.get(..hit.start)?.strip_suffix(OPENING)?.len();
        let rest = text.get(hit.end..)?.strip_prefix(DASHES)?;
        let from = hit.end + DASHES.len();
        let next = memmem::find(rest, OPENING).unwrap_or(rest.len());
        let footer = memmem::find(&rest[..next], FOOTER);
        let mut reader = Reader::new(&rest[..footer.unwrap_or(next)], footer.is_some());
        while reader.next().is_some() {}
        // Something else between the body and the last line: the block was cut or put together by a program.
        let is_closed = footer.is_some_and(|footer| reader.at == footer);
        let body = Span::new(from, from + reader.at);
        Some(Self { start, body, end: if is_closed { body.end + FOOTER.len() } else { body.end }, is_closed })
    }

    fn decode(&self, text: &[u8]) -> Option<Body> {
        let characters: Vec<u8> = Reader::new(&text[self.body.range()], self.is_closed).collect();
        let (body, check) = characters.split_at(characters.len().checked_sub(CHECK_DIGITS)?);
        if body.len() < SHORTEST_BODY {
            return None;
        }
        let sum = BASE64_NOPAD.decode(check).ok();
        match armour::decode(body.to_vec()) {
            Some(bytes) if sum.is_some_and(|sum| sum == crc24(&bytes)) => Some(Body { bytes, has_checksum: true }),
            _ => Some(Body { bytes: armour::decode(characters)?, has_checksum: false }),
        }
    }
}

/// RFC 9580, section 6.1.
fn crc24(bytes: &[u8]) -> [u8; 3] {
    const START: u32 = 0x00b7_04ce;
    const POLYNOMIAL: u32 = 0x0186_4cfb;
    let sum = bytes.iter().fold(START, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte) << 16, |sum, _| {
            let sum = sum << 1;
            if sum & 0x0100_0000 == 0 { sum } else { sum ^ POLYNOMIAL }
        })
    });
    let [_, sum @ ..] = sum.to_be_bytes();
    sum
}

/// Tags of packets: a secret key, and one of its subkeys.
const SECRET_KEY: u8 = 5;
const SECRET_SUBKEY: u8 = 7;

fn is_secret_key(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|&head| {
        let tag = if head & 0x40 == 0 { head >> 2 & 0x0f } else { head & 0x3f };
        head & 0x80 != 0 && matches!(tag, SECRET_KEY | SECRET_SUBKEY)
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protection {
    Clear,
    Encrypted,
}

/// Whether a passphrase protects the first packet's key; None if the packet is not understood.
fn protection(bytes: &[u8]) -> Option<Protection> {
    const VERSION: u8 = 4;
    /// Version, time of creation, algorithm.
    const HEAD: usize = 6;
    let packet = contents(bytes)?;
    if *packet.first()? != VERSION {
        return None;
    }
    let public = &packet[HEAD.min(packet.len())..];
    let usage = match packet.get(HEAD - 1)? {
        1..=3 => numbers(public, 2)?,
        16 => numbers(public, 3)?,
        17 => numbers(public, 4)?,
        // Curves are named first.
        19 | 22 => numbers(counted(public)?, 1)?,
        18 => counted(numbers(counted(public)?, 1)?)?,
        25 | 27 => public.get(32..)?,
        _ => return None,
    };
    usage.first().map(|&usage| if usage == 0 { Protection::Clear } else { Protection::Encrypted })
}

/// The first packet without its head.
fn contents(bytes: &[u8]) -> Option<&[u8]> {
    match *bytes.first()? {
        0x94 | 0x9c => bytes.get(2..),
        0x95 | 0x9d => bytes.get(3..),
        0x96 | 0x9e => bytes.get(5..),
        0xc5 | 0xc7 => match bytes.get(1)? {
            0..=191 => bytes.get(2..),
            192..=223 => bytes.get(3..),
            _ => bytes.get(6..),
        },
        _ => None,
    }
}

/// What follows so many numbers, each with its length in bits before it.
fn numbers(mut text: &[u8], count: usize) -> Option<&[u8]> {
    for _ in 0..count {
        let (bits, rest) = text.split_first_chunk()?;
        text = rest.get(usize::from(u16::from_be_bytes(*bits)).div_ceil(8)..)?;
    }
    Some(text)
}

/// What follows a field with its length in bytes before it.
fn counted(text: &[u8]) -> Option<&[u8]> {
    let (&length, rest) = text.split_first()?;
    rest.get(usize::from(length)..)
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;
    use crate::engine::structures::tests::all;
    use crate::rules::Shape;

    /// A key of Ed25519 in a packet of the old format; `usage` says whether it is encrypted.
    fn key(usage: u8) -> Vec<u8> {
        let oid = [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01];
        let mut packet = vec![4, 0x65, 0, 0, 0, 22, 9];
        packet.extend(oid);
        packet.extend([1, 7, 0x40]);
        packet.extend((0..32).map(|n: u8| n.wrapping_mul(37).wrapping_add(11)));
        packet.push(usage);
        packet.extend((0..40).map(|n: u8| n.wrapping_mul(91).wrapping_add(5)));
        let length = u8::try_from(packet.len()).expect("the packet is short");
        [&[0x94, length], packet.as_slice()].concat()
    }

    fn block(body: &[u8], with_checksum: bool) -> String {
        let text = BASE64.encode(body);
        let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
        let sum = if with_checksum { format!("\n={}", BASE64.encode(&crc24(body))) } else { String::new() };
        let label = concat!("PGP PRI", "VATE KEY BLOCK");
        format!("-----BEGIN {label}-----\nVersion: GnuPG v2\n\n{}{sum}\n-----END {label}-----", lines.join("\n"))
    }

    fn verdict(text: &str) -> Option<(Confidence, Severity)> {
        let found = all(Shape::Pgp, &["PGP PRIVATE KEY BLOCK"], text);
        let one = found.first()?;
        Some((one.confidence.expect("always said"), one.severity.expect("always said")))
    }

    const CLEAR: Option<(Confidence, Severity)> = Some((Confidence::High, Severity::Critical));

    #[test]
    fn vectors() {
        // The check value of the catalogue of CRCs, <https://reveng.sourceforge.io/crc-catalogue/17plus.htm>.
        assert_eq!(crc24(b"123456789"), [0x21, 0xcf, 0x02]);
    }

    #[test]
    fn blocks() {
        assert_eq!(verdict(&block(&key(0), true)), CLEAR);
        assert_eq!(verdict(&block(&key(0), false)), CLEAR);
        assert_eq!(verdict(&block(&key(254), true)), Some((Confidence::High, Severity::High)));
    }

    #[test]
    fn every_way_to_write_it_down_is_one_secret() {
        let block = block(&key(0), true);
        let indented: String = block.lines().map(|line| format!("    {line}\n")).collect();
        let quoted: Vec<String> = block.lines().map(|line| format!("\"{line}\\n\"")).collect();
        for form in [
            block.clone(),
            block.replace('\n', "\r\n"),
            format!("{{\"key\": \"{}\"}}", block.replace('\n', "\\n")),
            format!("key: |\n{indented}"),
            quoted.join(" +\n"),
        ] {
            assert_eq!(verdict(&form), CLEAR, "{form}");
            let found = &all(Shape::Pgp, &["PGP PRIVATE KEY BLOCK"], &form)[0];
            assert_eq!(canonical(form[found.secret.range()].as_bytes()), Some(key(0)), "{form}");
        }
    }

    #[test]
    fn a_changed_body_is_no_longer_proven_by_its_checksum() {
        let text = block(&key(0), true);
        let footer = text.rfind("\n-----").expect("a block has a last line");
        assert_eq!(verdict(&text[..footer]), CLEAR);
        assert_eq!(verdict(&text[..footer - 9]), Some((Confidence::Medium, Severity::Critical)));
    }

    #[test]
    fn no_keys() {
        let whole = block(&key(0), true);
        for text in [
            whole.replace(concat!("PRI", "VATE"), "PUBLIC"),
            "if '-----BEGIN PGP PRIVATE KEY BLOCK-----' in text:".to_owned(),
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n...\n-----END PGP PRIVATE KEY BLOCK-----".to_owned(),
            "PGP PRIVATE KEY BLOCK".to_owned(),
            block(&[0; 10], true),
        ] {
            assert_eq!(verdict(&text), None, "{text}");
        }
        assert_eq!(verdict(&block(&[0x42; 90], true)), Some((Confidence::Low, Severity::Critical)));
    }
}
