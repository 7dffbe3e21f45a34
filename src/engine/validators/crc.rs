//! CRC-32 in its many spellings: what is summed, and how the sum is written, differs from issuer to issuer. GitHub's own
//! is in `checksum.rs`. Published by their issuers:
//! - npm, Vercel: <https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/>
//! - GitLab's routable tokens: <https://gitlab.com/gitlab-org/gitlab/-/tree/master/lib/authn/token_field>
//! - Grafana: <https://github.com/grafana/grafana/blob/main/pkg/components/satokengen/satokengen.go>
//!
//! Those of Atlassian, Cloudflare and Apify were found out, so that a mismatch changes nothing.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use memchr::{memchr, memchr_iter, memmem, memrchr};

use super::{CHECKSUM, Check};
use crate::model::Fact;

/// Digits before capitals before small letters.
pub(super) const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Digits before small letters before capitals.
const BASE62_SMALL_FIRST: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BASE36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Digits that any 32-bit number fits into.
const BASE62_DIGITS: usize = 6;
const BASE36_DIGITS: usize = 7;
const HEX_DIGITS: usize = 8;

/// `number` in the digits of `alphabet`, the highest first, padded with the alphabet's zero. What does not fit is lost.
pub(super) fn digits<const N: usize>(mut number: u32, alphabet: &[u8]) -> [u8; N] {
    let base = alphabet.len() as u32;
    let mut digits = [alphabet[0]; N];
    for digit in digits.iter_mut().rev() {
        *digit = alphabet[(number % base) as usize];
        number /= base;
    }
    digits
}

/// A prefix that ends in `_`, a body, and the body's sum in base62. Prefix and body may have more underscores in them:
/// each is tried.
pub(super) fn base62(token: &[u8]) -> Check {
    let Some((signed, sum)) = split_end(token, BASE62_DIGITS) else { return Check::Reject };
    let is_sum_from = |start: usize| digits::<BASE62_DIGITS>(crc32fast::hash(&signed[start..]), BASE62) == sum;
    proven_if(memchr_iter(b'_', signed).any(|underscore| underscore + 1 < signed.len() && is_sum_from(underscore + 1)))
}

/// GitLab's routable tokens: prefix, payload, `.01.` (or `.`, in the first of them), the payload's length in two digits
/// and the sum of all that in seven. The payload names whose token it is.
pub(super) fn gitlab(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    let Some((signed, sum)) = split_end(token, BASE36_DIGITS) else { return Check::Reject };
    if digits::<BASE36_DIGITS>(crc32fast::hash(signed), BASE36) != sum {
        return Check::Reject;
    }
    facts.extend(gitlab_routing(signed).into_iter().flatten());
    CHECKSUM
}

/// Grafana's tokens: `glsa_`, 32 characters, `_` and the sum of what stands before that `_`.
pub(super) fn grafana(token: &[u8]) -> Check {
    let Some(underscore) = memrchr(b'_', token) else { return Check::Reject };
    let (signed, sum) = (&token[..underscore], &token[underscore + 1..]);
    proven_if(HEXLOWER.encode(&crc32fast::hash(signed).to_le_bytes()).as_bytes() == sum)
}

/// Atlassian's tokens for the cloud: the last eight characters are the sum of all others.
pub(super) fn atlassian(token: &[u8]) -> Check {
    let Some((signed, sum)) = split_end(token, HEX_DIGITS) else { return Check::Reject };
    proven_or_open(HEXUPPER.encode(&crc32fast::hash(signed).to_be_bytes()).as_bytes() == sum)
}

/// Cloudflare's tokens: the prefix is not summed.
pub(super) fn cloudflare(token: &[u8]) -> Check {
    let body = memchr(b'_', token).map_or(token, |underscore| &token[underscore + 1..]);
    let Some((signed, sum)) = split_end(body, HEX_DIGITS) else { return Check::Reject };
    proven_or_open(HEXLOWER.encode(&crc32fast::hash(signed).to_be_bytes()).as_bytes() == sum)
}

/// Apify's tokens: the prefix is summed.
pub(super) fn apify(token: &[u8]) -> Check {
    let Some((signed, sum)) = split_end(token, BASE62_DIGITS) else { return Check::Reject };
    proven_or_open(digits::<BASE62_DIGITS>(crc32fast::hash(signed), BASE62_SMALL_FIRST) == sum)
}

/// Of an algorithm that its issuer has published: what fails it was never issued.
fn proven_if(holds: bool) -> Check {
    if holds { CHECKSUM } else { Check::Reject }
}

/// Of an algorithm that was found out: what fails it may be of another generation.
fn proven_or_open(holds: bool) -> Check {
    if holds { CHECKSUM } else { Check::Pass }
}

/// Everything but the last `len` bytes, and these; nothing if there is nothing before them.
fn split_end(token: &[u8], len: usize) -> Option<(&[u8], &[u8])> {
    let at = token.len().checked_sub(len).filter(|&at| at > 0)?;
    Some(token.split_at(at))
}

/// What the payload says: lines of `key:value` behind random bytes, whose number is the last byte.
fn gitlab_routing(signed: &[u8]) -> Option<Vec<Fact>> {
    let (rest, len) = split_end(signed, 2)?;
    let len = usize::try_from(number36(len)?).ok()?;
    let rest = rest.strip_suffix(b".01.").or_else(|| rest.strip_suffix(b"."))?;
    let payload = BASE64URL_NOPAD.decode(&rest[rest.len().checked_sub(len)?..]).ok()?;
    let (&random, routing) = payload.split_last()?;
    let lines = routing.get(usize::from(random)..)?.split(|&byte| byte == b'\n');
    Some(lines.filter_map(gitlab_id).collect())
}

/// `u:2b`: the user with the ID 83.
fn gitlab_id(line: &[u8]) -> Option<Fact> {
    let key = match line.first()? {
        b'c' => "gitlab-cell",
        b'g' => "gitlab-group",
        b'o' => "gitlab-organization",
        b'p' => "gitlab-project",
        b'u' => "gitlab-user",
        _ => return None,
    };
    let colon = memmem::find(line, b":").filter(|&at| at == 1)?;
    Some(Fact { key: key.into(), value: number36(&line[colon + 1..])?.to_string() })
}

fn number36(digits: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_alphanumeric()))?;
    u64::from_str_radix(text, 36).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NPM: &str = concat!("npm_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O50Zb5Hm");
    const VERCEL: &str = concat!("vcp_", "A1b2C3d4E5f6G7h8I9j0A1b2C3d4E5f6G7h8I9j0A1b2C3d4E53rAKG4");
    const GITLAB: &str = concat!("glpat-", "AAECAwQFBgcICQoLDA0OD286MQp1OmEQ.01.0w1certdv");
    const GRAFANA: &str = concat!("glsa_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6_12054d88");
    const ATLASSIAN: &str = concat!("ATBB", "A1b2C3d4E5f6G7h8I9j0K1l24B685F4B");
    const CLOUDFLARE: &str = concat!("cfut_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0ddd568ec");
    const APIFY: &str = concat!("apify_api_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O53egxh9");

    fn gitlab_alone(token: &[u8]) -> Check {
        gitlab(token, &mut Vec::new())
    }

    type Checksum = fn(&[u8]) -> Check;

    /// Each algorithm with a token, and where its checked part begins.
    const ALL: &[(Checksum, &str, usize)] = &[
        (base62, NPM, 4),
        (base62, VERCEL, 4),
        (gitlab_alone, GITLAB, 0),
        (grafana, GRAFANA, 0),
        (atlassian, ATLASSIAN, 0),
        (cloudflare, CLOUDFLARE, 5),
        (apify, APIFY, 0),
    ];

    #[test]
    fn vectors() {
        assert_eq!(&digits::<BASE62_DIGITS>(crc32fast::hash(b"hello"), BASE62), b"0zNvy2");
        assert_eq!(&digits::<BASE36_DIGITS>(crc32fast::hash(b"glpat-payload.01.7"), BASE36), b"041c9xh");
        for (check, token, _) in ALL {
            assert_eq!(check(token.as_bytes()), CHECKSUM, "{token}");
        }
    }

    #[test]
    fn a_body_begins_behind_any_underscore() {
        let body = "a_Body-with_underscores";
        let sum = digits::<BASE62_DIGITS>(crc32fast::hash(body.as_bytes()), BASE62);
        let token = [b"salad_cloud_user_", body.as_bytes(), &sum].concat();
        assert_eq!(base62(&token), CHECKSUM);
    }

    #[test]
    fn the_payload_of_gitlab_tells_the_owner() {
        let mut facts = Vec::new();
        gitlab(GITLAB.as_bytes(), &mut facts);
        let told: Vec<String> = facts.into_iter().map(|fact| format!("{}={}", fact.key, fact.value)).collect();
        assert_eq!(told, ["gitlab-organization=1", "gitlab-user=10"]);
    }

    #[test]
    fn a_payload_without_routing_tells_nothing() {
        let mut facts = Vec::new();
        let signed = "glpat-AAAA.01.zz";
        let sum = digits::<BASE36_DIGITS>(crc32fast::hash(signed.as_bytes()), BASE36);
        assert_eq!(gitlab(&[signed.as_bytes(), &sum].concat(), &mut facts), CHECKSUM);
        assert!(facts.is_empty());
    }

    #[test]
    fn what_is_too_short() {
        for (check, token, _) in ALL {
            for len in [0, 1, 6, 8] {
                assert_ne!(check(&token.as_bytes()[..len]), CHECKSUM, "{len} of {token}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_changed_character_is_noticed(
            which in 0..ALL.len(),
            at in any::<prop::sample::Index>(),
            digit in 0..62_usize,
        ) {
            let (check, token, from) = ALL[which];
            let mut token = token.as_bytes().to_vec();
            let at = from + at.index(token.len() - from);
            prop_assume!(token[at] != BASE62[digit]);
            token[at] = BASE62[digit];
            prop_assert_ne!(check(&token), CHECKSUM);
        }

        #[test]
        fn every_number_reads_back(number: u32) {
            let value = |digits: &[u8], alphabet: &[u8]| digits.iter().fold(0, |sum, digit| {
                let digit = alphabet.iter().position(|known| known == digit).expect("a digit of the alphabet");
                sum * alphabet.len() as u64 + digit as u64
            });
            prop_assert_eq!(value(&digits::<BASE62_DIGITS>(number, BASE62), BASE62), u64::from(number));
            prop_assert_eq!(value(&digits::<BASE36_DIGITS>(number, BASE36), BASE36), u64::from(number));
        }
    }
}
