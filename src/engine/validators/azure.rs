//! Microsoft's identifiable keys: a signature at a fixed place says which service a key is of, and a checksum at its end
//! that it was issued. Shared access signatures, which have neither, but say when they end, are looked at here too.
//!
//! The algorithms are those of Microsoft's own scanner, <https://github.com/microsoft/security-utilities>. The checksum
//! is Marvin32 with a seed for each service, except in the personal access tokens of Azure DevOps, which have a CRC-32.

use data_encoding::{BASE32_NOPAD, BASE64, BASE64_NOPAD, BASE64URL};
use memchr::memchr;

use super::crc::{BASE62, digits};
use super::{CHECKSUM, Check, STRUCTURE};
use crate::model::{Fact, Moment};

/// Bytes of the checksum at the end of a key.
const SUM: usize = 4;

/// The seed of whatever has none of its own: `Default0`.
const DEFAULT: u64 = seed(b"Default0");

/// Keys of one service or of several that are built alike.
struct Family {
    /// The service, as it is told to people.
    service: &'static str,
    /// What stands in the text of every such key.
    signature: &'static [u8],
    /// Where, in characters.
    at: usize,
    /// The length of the text.
    len: usize,
    /// One for each kind of key; none if they are not known.
    seeds: &'static [u64],
    /// Whether a wrong checksum says that the key was never issued.
    is_strict: bool,
}

const fn family(
    service: &'static str,
    signature: &'static [u8],
    at: usize,
    len: usize,
    seeds: &'static [u64],
) -> Family {
    Family { service, signature, at, len, seeds, is_strict: true }
}

/// Service Bus, Event Hubs and Relay name their keys alike.
const MESSAGING: &[u64] =
    &[seed(b"Send0000"), seed(b"Manage00"), seed(b"Listen00"), seed(b"System00"), seed(b"Unknown0")];

const FAMILIES: &[Family] = &[
    // Keys of 64 bytes.
    family("Storage", b"+ASt", 76, 88, &[DEFAULT]),
    family("Batch", b"+ABa", 76, 88, &[seed(b"AbAcct00")]),
    family(
        "Cosmos DB",
        b"ACDb",
        76,
        88,
        &[
            seed(b"MastRW00"),
            seed(b"MastRO00"),
            seed(b"Resour00"),
            seed(b"SysAll00"),
            seed(b"SystRO00"),
            seed(b"SystRW00"),
            seed(b"Encryp00"),
        ],
    ),
    family("Machine Learning Studio (classic)", b"+AMC", 76, 88, &[seed(b"Classic0")]),
    family(
        "API Management",
        b"APIM",
        76,
        88,
        &[seed(b"Tenant00"), seed(b"IoTHub00"), seed(b"Gatewy00"), seed(b"GitKey00")],
    ),
    // Keys of 32 bytes.
    family("Service Bus", b"+ASb", 33, 44, MESSAGING),
    family("Event Hubs", b"+AEh", 33, 44, MESSAGING),
    family("Relay", b"+ARm", 33, 44, MESSAGING),
    family("IoT", b"AIoT", 33, 44, &[seed(b"IoTHub00"), seed(b"DpsKey00"), seed(b"Device00")]),
    // One issuer of these replaces `+` and `/` after it has computed the checksum.
    Family {
        service: "Cache for Redis",
        signature: b"AzCa",
        at: 33,
        len: 44,
        seeds: &[seed(b"Access00")],
        is_strict: false,
    },
    Family { service: "Event Grid", signature: b"AZEG", at: 33, len: 44, seeds: &[], is_strict: false },
    // Keys of 40 and of 39 bytes.
    family("Functions", b"AzFu", 44, 56, &[seed(b"Functi00"), seed(b"Master00"), seed(b"System00")]),
    family("AI Search", b"AzSe", 42, 52, &[seed(b"Query000"), seed(b"PAdmin00")]),
    family("Container Registry", b"+ACR", 42, 52, &[seed(b"ACRDflt0")]),
];

/// A key with a signature of [`FAMILIES`]; tells the service.
pub(super) fn key(text: &[u8], facts: &mut Vec<Fact>) -> Check {
    let is_of = |family: &&Family| {
        text.len() == family.len && text.get(family.at..).is_some_and(|rest| rest.starts_with(family.signature))
    };
    let Some(family) = FAMILIES.iter().find(is_of) else { return Check::Reject };
    let Some(bytes) = decode(text) else { return Check::Reject };
    let (data, sum) = bytes.split_at(bytes.len() - SUM);
    let is_issued = family.seeds.iter().any(|&seed| marvin32(data, seed).to_le_bytes() == sum);
    if !is_issued && family.is_strict {
        return Check::Reject;
    }
    facts.push(Fact { key: "azure-service".into(), value: family.service.to_owned() });
    if is_issued { CHECKSUM } else { Check::Pass }
}

/// Characters of a common annotated key before its checksum.
const CASK_SIGNED: usize = 80;
/// Where its `JQQJ99` is followed by the year and month in which it was issued.
const CASK_YEAR: usize = 58;
/// The year that is written `A`.
const CASK_FIRST_YEAR: u32 = 2024;

/// A common annotated security key: 84 characters, or 88 with a longer checksum. Issuers write the checksum in one of
/// two ways that are known, so that a wrong one proves nothing.
pub(super) fn annotated_key(text: &[u8], facts: &mut Vec<Fact>) -> Check {
    let Some((signed, sum)) = text.split_at_checked(CASK_SIGNED) else { return Check::Reject };
    let Ok(bytes) = BASE64.decode(signed) else { return Check::Reject };
    facts.extend(issue_month(text));
    let crc = marvin32(&bytes, DEFAULT);
    let sum = sum.strip_suffix(b"==").unwrap_or(sum);
    let plain = BASE64_NOPAD.encode(&crc.to_le_bytes()[..3]);
    if right_padded(crc.swap_bytes()).starts_with(sum) && sum.len() >= 4 || plain.as_bytes() == sum {
        CHECKSUM
    } else {
        Check::Pass
    }
}

/// Six digits of base62, of which a number with fewer leaves the last ones zero.
fn right_padded(number: u32) -> [u8; 6] {
    let mut text: [u8; 6] = digits(number, BASE62);
    let zeros = text.iter().take_while(|&&digit| digit == b'0').count();
    text.rotate_left(zeros);
    text
}

fn issue_month(text: &[u8]) -> Option<Fact> {
    let (&year, &month) = (text.get(CASK_YEAR)?, text.get(CASK_YEAR + 1)?);
    let month = 1 + month.checked_sub(b'A').filter(|&month| month < 12)?;
    let year = CASK_FIRST_YEAR + u32::from(year.checked_sub(b'A').filter(|&year| year < 26)?);
    Some(Fact { key: "issued".into(), value: format!("{year}-{month:02}") })
}

/// The client secret of an application in Entra ID: `8Q~` behind three characters, and a checksum in the last three of
/// 40. No key of a real application has been at hand, so that a wrong one proves nothing. The older `7Q~` has none.
pub(super) fn client_secret(text: &[u8]) -> Check {
    const LEN: usize = 40;
    const SIGNED: usize = 37;
    const ALPHABET: &[u8; 66] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
    if text.len() != LEN {
        return Check::Pass;
    }
    let (signed, sum) = text.split_at(SIGNED);
    let digits: [u8; 6] = digits(marvin32(signed, seed(b"AadPwd00")), ALPHABET);
    if digits.starts_with(sum) { CHECKSUM } else { Check::Pass }
}

/// A personal access token of Azure DevOps in its older form, 52 characters of base32. Bytes from the midst of it are a
/// CRC-32 of the rest. No real token has been at hand, so that a wrong one proves nothing.
pub(super) fn devops_token(text: &[u8]) -> Check {
    const USER: u32 = 0xE0B9_692D;
    const APPLICATION: u32 = 0x1019_F92E;
    let Ok(bytes) = BASE32_NOPAD.decode(&text.to_ascii_uppercase()) else { return Check::Pass };
    let Ok(bytes) = <[u8; 32]>::try_from(bytes) else { return Check::Pass };
    let signed = [&bytes[..2], &bytes[3..7], &bytes[9..22], &bytes[23..]].concat();
    let stored = u32::from_le_bytes([bytes[22], bytes[8], bytes[7], bytes[2]]);
    let sum = crc32fast::hash(&signed);
    if [USER, APPLICATION].contains(&(sum ^ stored)) { CHECKSUM } else { Check::Pass }
}

/// A shared access signature: parameters of a URL, among them `sig`, a hash of the others, and `se`, its end.
pub(super) fn shared_access_signature(text: &[u8], facts: &mut Vec<Fact>) -> Check {
    let parameters: Vec<(&[u8], &[u8])> = text.split(|&byte| byte == b'&').filter_map(parameter).collect();
    let value = |name: &[u8]| parameters.iter().find(|(known, _)| *known == name).map(|&(_, value)| value);
    let is_hash = |sig: &[u8]| BASE64.decode(sig).is_ok_and(|hash| hash.len() == 32);
    let names_a_resource = [&b"sv"[..], b"sr", b"si"].iter().any(|name| value(name).is_some());
    if !value(b"sig").is_some_and(is_hash) || !names_a_resource {
        return Check::Reject;
    }
    facts.extend(value(b"se").and_then(end).map(Fact::expires));
    STRUCTURE
}

/// `se=2026-01-31`, in HTML too: `amp;se=2026-01-31`.
fn parameter(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.strip_prefix(b"amp;").unwrap_or(text);
    let at = memchr(b'=', text)?;
    Some((&text[..at], &text[at + 1..]))
}

/// A date, a date and time, or seconds since 1970.
fn end(text: &[u8]) -> Option<Moment> {
    let text = std::str::from_utf8(text).ok()?;
    if let Ok(seconds) = text.parse() {
        return Moment::from_seconds(seconds);
    }
    let text = text.trim_end_matches('Z');
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let time = time.get(..time.len().min("00:00:00".len()))?;
    let rest = &"00:00:00"[time.len()..];
    Moment::parse(&format!("{date}T{time}{rest}Z"))
}

/// Base64 of either alphabet; at least the bytes of a checksum.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let bytes = BASE64.decode(text).or_else(|_| BASE64URL.decode(text)).ok()?;
    (bytes.len() > SUM).then_some(bytes)
}

/// A seed as it is named.
const fn seed(name: &[u8; 8]) -> u64 {
    u64::from_be_bytes(*name)
}

/// Both halves of Marvin's 64 bits.
fn marvin32(data: &[u8], seed: u64) -> u32 {
    let hash = marvin64(data, seed);
    (hash >> 32) as u32 ^ hash as u32
}

fn marvin64(data: &[u8], seed: u64) -> u64 {
    let mut state = (seed as u32, (seed >> 32) as u32);
    let (words, tail) = data.as_chunks::<4>();
    for word in words {
        state = mixed(state, u32::from_le_bytes(*word));
    }
    let mut last = [0; 4];
    last[..tail.len()].copy_from_slice(tail);
    last[tail.len()] = 0x80;
    state = mixed(mixed(state, u32::from_le_bytes(last)), 0);
    u64::from(state.1) << 32 | u64::from(state.0)
}

fn mixed((mut low, mut high): (u32, u32), word: u32) -> (u32, u32) {
    low = low.wrapping_add(word);
    high ^= low;
    low = low.rotate_left(20).wrapping_add(high);
    high = high.rotate_left(9) ^ low;
    low = low.rotate_left(27).wrapping_add(high);
    (low, high.rotate_left(19))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORAGE: &str =
        concat!("CzBVep/E", "6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar0PUaP2SJrtP4HUJnjLHW+yBFao+02f4j+AStdruoOQ==");
    const COSMOS: &str =
        concat!("CzBVep/E", "6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar0PUaP2SJrtP4HUJnjLHW+yBFao+02f4jACDbI3VkIg==");
    const BUS: &str = concat!("CzBVep/E", "6Q4zWH2ix+wRNluApcrvFDleg+ASbKy7K6o=");
    const SEARCH: &str = concat!("CzBVep/E", "6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYAzSeBkmf1k");
    const CASK: &str =
        concat!("A1b2C3d4", "E5f6G7h8I9j0A1b2C3d4E5f6G7h8I9j0A1b2C3d4E5f6JQQJ99BAAAAAAAAAAAAAAAAAAZDO3X83");
    const ENTRA: &str = concat!("A1b8Q~C2", "d3E4f5G6h7I8j9C2d3E4f5G6h7I8jaI5");
    const DEVOPS: &str = concat!("a4sn4xt3", "tc26v7qmffdghae5xll7iejojnupdiv73t4rmm2qnwfa");

    type Checksum = fn(&[u8]) -> Check;

    fn key_alone(text: &[u8]) -> Check {
        key(text, &mut Vec::new())
    }

    fn cask(text: &[u8]) -> Check {
        annotated_key(text, &mut Vec::new())
    }

    /// Each algorithm with a key.
    const ALL: &[(Checksum, &str)] = &[
        (key_alone, STORAGE),
        (key_alone, COSMOS),
        (key_alone, BUS),
        (key_alone, SEARCH),
        (cask, CASK),
        (client_secret, ENTRA),
        (devops_token, DEVOPS),
    ];

    #[test]
    fn vectors() {
        assert_eq!(marvin64(b"abc", 0xd53c_d9ce_cd08_93b7), 0x22c7_4339_4927_69bf);
        assert_eq!(marvin64(b"abcdefghijklmnopqrstuvwxyz", 0x0ddd_deee_efff_f000), 0xa128_eb7e_7260_aca2);
        assert_eq!(seed(b"Default0"), 0x4465_6661_756c_7430);
        assert_eq!(client_secret(format!("zzz8Q~{}blP", "z".repeat(31)).as_bytes()), CHECKSUM);
        for (check, text) in ALL {
            assert_eq!(check(text.as_bytes()), CHECKSUM, "{text}");
        }
    }

    /// A key of each family as its service makes it, with every seed.
    #[test]
    fn every_family_knows_its_keys() {
        for family in FAMILIES {
            for &seed in family.seeds {
                let text = made(family, seed);
                let mut facts = Vec::new();
                assert_eq!(key(&text, &mut facts), CHECKSUM, "{}", String::from_utf8_lossy(&text));
                assert_eq!(facts, [Fact { key: "azure-service".into(), value: family.service.to_owned() }]);
            }
        }
    }

    /// Random bytes with the signature in them, a checksum behind.
    fn made(family: &Family, seed: u64) -> Vec<u8> {
        let bytes = match family.len {
            88 => 64,
            44 => 32,
            56 => 40,
            _ => 39,
        };
        let mut data: Vec<u8> = (0..bytes as u32).map(|at| (at * 37 + 11) as u8).collect();
        let mut text = BASE64.encode(&data).into_bytes();
        text[family.at..family.at + 4].copy_from_slice(family.signature);
        // The bits between signature and checksum are zero.
        text[family.at + 4] = b'A';
        data = BASE64.decode(&text).expect("base64 with other characters is base64");
        let sum = marvin32(&data[..bytes - SUM], seed).to_le_bytes();
        data[bytes - SUM..].copy_from_slice(&sum);
        BASE64.encode(&data).into_bytes()
    }

    #[test]
    fn what_its_issuer_may_have_changed_is_left_open() {
        for family in FAMILIES.iter().filter(|family| !family.is_strict) {
            assert_eq!(key_alone(&made(family, 1)), Check::Pass);
        }
        assert_eq!(cask(CASK.replace("3X83", "3X84").as_bytes()), Check::Pass);
        assert_eq!(client_secret(ENTRA.replace("jaI5", "jaI6").as_bytes()), Check::Pass);
        assert_eq!(devops_token(DEVOPS.replace("wfa", "wga").as_bytes()), Check::Pass);
    }

    #[test]
    fn the_month_of_issue() {
        let mut facts = Vec::new();
        annotated_key(CASK.as_bytes(), &mut facts);
        assert_eq!(facts, [Fact { key: "issued".into(), value: "2025-01".to_owned() }]);
    }

    #[test]
    fn a_signature_says_when_it_ends() {
        let sig = BASE64.encode(&[7; 32]);
        for (text, end) in [
            (format!("sv=2022-11-02&se=2025-01-31T10:20:30Z&sr=c&sp=rl&sig={sig}"), "2025-01-31T10:20:30Z"),
            (format!("se=2025-01-31T10:20Z&amp;sv=2022-11-02&amp;sig={sig}"), "2025-01-31T10:20:00Z"),
            (format!("sv=2022-11-02&se=2025-01-31&sig={sig}"), "2025-01-31T00:00:00Z"),
            (format!("sr=sb://acme&sig={sig}&se=1700000000&skn=send"), "2023-11-14T22:13:20Z"),
        ] {
            let mut facts = Vec::new();
            assert_eq!(shared_access_signature(text.as_bytes(), &mut facts), STRUCTURE, "{text}");
            assert_eq!(facts, [Fact { key: Fact::EXPIRES.into(), value: end.to_owned() }], "{text}");
        }
    }

    #[test]
    fn what_is_no_signature() {
        let sig = BASE64.encode(&[7; 32]);
        for text in ["", "sig=", "sv=1&sig=short", &format!("v=1&sig={sig}"), "sv=1&se=2025-01-31"] {
            assert_eq!(shared_access_signature(text.as_bytes(), &mut Vec::new()), Check::Reject, "{text}");
        }
        let mut facts = Vec::new();
        for end in ["2025-13-77", "soon", "T", "\u{e9}", "2025-01-31T\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}"] {
            shared_access_signature(format!("sv=1&sig={sig}&se={end}").as_bytes(), &mut facts);
        }
        assert_eq!(facts, []);
    }

    #[test]
    fn a_changed_character_is_noticed() {
        let mut unnoticed = Vec::new();
        for &(check, text) in ALL {
            for at in 0..text.trim_end_matches('=').len() {
                let mut changed = text.as_bytes().to_vec();
                for &digit in BASE62.iter().filter(|digit| !text.as_bytes()[at].eq_ignore_ascii_case(digit)) {
                    changed[at] = digit;
                    if check(&changed) == CHECKSUM {
                        unnoticed.push((text, at, char::from(digit)));
                    }
                }
            }
        }
        // Of 27,000 changes one has the checksum of another kind of key.
        assert_eq!(unnoticed, [(COSMOS, 3, 'd')]);
    }
}
