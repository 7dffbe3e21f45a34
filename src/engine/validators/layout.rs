//! Tokens without a checksum whose parts are laid out in a known way: what decodes to that layout was made by its
//! issuer, and often says whose it is and when it ends. Azure's are in `azure.rs`, JSON web tokens in `jwt.rs`.
//!
//! - `PyPI`: a macaroon of version 2, <https://github.com/rescrv/libmacaroons/blob/master/doc/format.txt>, with the caveats
//!   of <https://github.com/pypi/warehouse/tree/main/warehouse/macaroons>.
//! - Discord: three parts, the first of which is the bot's ID: <https://discord.com/developers/docs/reference>.
//! - `JFrog`'s reference tokens: `reftkn:`, version, end, random characters.
//! - Jira, Confluence and Bitbucket in the data center: a number, `:`, and 20 random bytes.
//! - Docker's `auth`: user, `:`, password.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};
use memchr::{memchr, memmem};
use serde_json::Value;

use super::{Check, STRUCTURE, jwt};
use crate::engine::structures::is_placeholder;
use crate::model::{Fact, Moment};

/// `pypi-` and a macaroon. One that does not parse is cut, or from a later version: that is left open.
pub(super) fn pypi(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    let encoded = token.strip_prefix(b"pypi-").unwrap_or(token);
    let Ok(bytes) = BASE64URL_NOPAD.decode(encoded) else { return Check::Pass };
    let Some(caveats) = macaroon(&bytes) else { return Check::Pass };
    facts.extend(caveats.iter().flat_map(|caveat| pypi_caveat(caveat)));
    STRUCTURE
}

/// Numbers of the fields of a macaroon.
const LOCATION: u8 = 1;
const IDENTIFIER: u8 = 2;
const VERIFICATION: u8 = 4;
const SIGNATURE: u8 = 6;
const END_OF_SECTION: u8 = 0;
/// Bytes of a macaroon's signature.
const SIGNATURE_LEN: usize = 32;

/// The caveats of a macaroon that is complete to its last byte.
fn macaroon(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut rest = bytes.strip_prefix(&[2])?;
    let (mut identifiers, mut sections) = (Vec::new(), 0);
    loop {
        let (&kind, tail) = rest.split_first()?;
        rest = tail;
        match kind {
            // The header ends, then each caveat, then an empty section that says that there are no more.
            END_OF_SECTION if sections == identifiers.len() => break,
            END_OF_SECTION => sections = identifiers.len(),
            LOCATION | IDENTIFIER | VERIFICATION => {
                let value = field(&mut rest)?;
                identifiers.extend((kind == IDENTIFIER).then_some(value));
            }
            _ => return None,
        }
    }
    let (&kind, mut tail) = rest.split_first()?;
    let is_signed = kind == SIGNATURE && field(&mut tail)?.len() == SIGNATURE_LEN && tail.is_empty();
    // The first identifier is the macaroon's own.
    (is_signed && !identifiers.is_empty()).then(|| identifiers.split_off(1))
}

/// A length, of seven bits a byte, the lowest first, and so many bytes.
fn field<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (mut len, mut shift) = (0_usize, 0);
    loop {
        let (&byte, tail) = rest.split_first()?;
        *rest = tail;
        len |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
        shift += 7;
        if shift > 14 {
            return None;
        }
    }
    let (value, tail) = rest.split_at_checked(len)?;
    *rest = tail;
    Some(value)
}

/// `[0, end, begin]`, `[1, ["project"]]`, `[3, "user"]`, and `{"permissions": ...}` in older ones.
fn pypi_caveat(caveat: &[u8]) -> Vec<Fact> {
    let Ok(caveat) = serde_json::from_slice::<Value>(caveat) else { return Vec::new() };
    let scope = |value: &str| Fact { key: "pypi-scope".into(), value: value.to_owned() };
    let projects =
        |names: &Value| names.as_array().into_iter().flatten().filter_map(project).map(|name| scope(&name)).collect();
    match caveat.get(0).and_then(Value::as_u64) {
        Some(0) => caveat
            .get(1)
            .and_then(Value::as_u64)
            .and_then(Moment::from_seconds)
            .map(Fact::expires)
            .into_iter()
            .collect(),
        Some(1) => caveat.get(1).map(projects).unwrap_or_default(),
        Some(3) => vec![scope("user")],
        _ => match caveat.get("permissions") {
            Some(Value::String(user)) if user == "user" => vec![scope("user")],
            Some(permissions) => permissions.get("projects").map(projects).unwrap_or_default(),
            None => Vec::new(),
        },
    }
}

/// A project's name as `PyPI` allows it; anything else is not repeated.
fn project(name: &Value) -> Option<String> {
    let name = name.as_str()?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (name.len() <= 100 && name.bytes().all(is_name)).then(|| format!("project {name}"))
}

/// A bot's token: its ID, which holds the moment of its creation; four bytes of time; a signature.
pub(super) fn discord(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    let mut parts = token.split(|&byte| byte == b'.');
    let (Some(id), Some(time)) = (parts.next(), parts.next()) else { return Check::Reject };
    let Some(id) = unpadded(id).as_deref().and_then(snowflake) else { return Check::Reject };
    if unpadded(time).is_none_or(|time| time.len() != 4) {
        return Check::Reject;
    }
    facts.push(Fact { key: "discord-bot".into(), value: id.to_string() });
    STRUCTURE
}

/// 17 to 20 digits: milliseconds since 2015 in all but the lowest 22 bits.
fn snowflake(digits: &[u8]) -> Option<u64> {
    /// The year 2100 in milliseconds since 2015.
    const LAST: u64 = 85 * 365 * 24 * 3600 * 1000;
    let is_number = (17..=20).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let id: u64 = std::str::from_utf8(digits).ok().filter(|_| is_number)?.parse().ok()?;
    (id >> 22 < LAST).then_some(id)
}

/// `reftkn:01:1735689599:` and random characters, in base64. An end of zero is none.
pub(super) fn jfrog_reference(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    let Some(text) = unpadded(token) else { return Check::Reject };
    let mut parts = text.split(|&byte| byte == b':');
    let is_reference = parts.next() == Some(b"reftkn") && parts.next().and_then(number).is_some();
    let end = parts.next().and_then(number);
    if !is_reference || end.is_none() || parts.next().is_none_or(<[u8]>::is_empty) {
        return Check::Reject;
    }
    facts.extend(end.filter(|&end| end > 0).and_then(Moment::from_seconds).map(Fact::expires));
    STRUCTURE
}

/// A number, `:` and 20 random bytes, in base64; `BBDC-` may stand before it.
pub(super) fn atlassian_data_center(token: &[u8]) -> Check {
    const RANDOM: usize = 20;
    let encoded = token.strip_prefix(b"BBDC-").unwrap_or(token);
    let Some(bytes) = unpadded(encoded) else { return Check::Reject };
    match memchr(b':', &bytes) {
        Some(colon) if number(&bytes[..colon]).is_some() && bytes.len() - colon - 1 == RANDOM => STRUCTURE,
        _ => Check::Reject,
    }
}

/// `user:password` in base64, as Docker keeps it. Amazon's registry gives passwords that end within a day, under the
/// user `AWS`, and is another rule's.
pub(super) fn docker_auth(value: &[u8]) -> Check {
    /// A shorter password is a placeholder, in bytes.
    const SHORTEST_PASSWORD: usize = 6;
    let Some(text) = unpadded(value) else { return Check::Reject };
    let Some(colon) = memchr(b':', &text).filter(|&at| at > 0) else { return Check::Reject };
    let (user, password) = (&text[..colon], &text[colon + 1..]);
    let is_text = std::str::from_utf8(&text).is_ok_and(|text| !text.chars().any(|c| c.is_control() && c != '\n'));
    let is_secret = password.len() >= SHORTEST_PASSWORD && password != user && !is_placeholder(password);
    if is_text && is_secret && user != b"AWS" { Check::Pass } else { Check::Reject }
}

/// A JSON web token behind a prefix: `ghs_4711_eyJ...`.
pub(super) fn prefixed_jwt(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    match memmem::find(token, b"eyJ") {
        Some(at) => jwt::check(&token[at..], facts),
        None => Check::Reject,
    }
}

/// Whether what stands behind the last `_` or `-` of the prefix is not hexadecimal: another issuer has the same prefix.
pub(super) fn is_not_hex(token: &[u8]) -> bool {
    let tail = memchr::memrchr2(b'_', b'-', token).map_or(token, |at| &token[at + 1..]);
    tail.iter().any(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Base64 of either alphabet, with or without padding; some issuers leave the spare bits of the last character set.
fn unpadded(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1);
    let text = &text[..end];
    BASE64_NOPAD.decode(text).or_else(|_| BASE64URL_NOPAD.decode(text)).ok()
}

fn number(digits: &[u8]) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits).ok().filter(|_| is_number)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;
    use proptest::prelude::*;

    fn told(facts: &[Fact]) -> Vec<String> {
        facts.iter().map(|fact| format!("{}={}", fact.key, fact.value)).collect()
    }

    /// A field of fewer than 128 bytes.
    fn packet(kind: u8, value: &[u8]) -> Vec<u8> {
        [&[kind, value.len() as u8], value].concat()
    }

    /// A token with these caveats.
    fn macaroon_with(caveats: &[&str]) -> Vec<u8> {
        let mut bytes = vec![2];
        bytes.extend(packet(LOCATION, b"pypi.org"));
        bytes.extend(packet(IDENTIFIER, b"0b8b5f5c-1111-4222-8333-944444444444"));
        bytes.push(END_OF_SECTION);
        for caveat in caveats {
            bytes.extend(packet(IDENTIFIER, caveat.as_bytes()));
            bytes.push(END_OF_SECTION);
        }
        bytes.push(END_OF_SECTION);
        bytes.extend(packet(SIGNATURE, &[9; SIGNATURE_LEN]));
        bytes
    }

    fn pypi_token(macaroon: &[u8]) -> String {
        format!("pypi-{}", BASE64URL_NOPAD.encode(macaroon))
    }

    #[test]
    fn a_macaroon_tells_its_scope_and_end() {
        for (caveats, facts) in [
            (&[r#"{"version": 1, "permissions": "user"}"#][..], &["pypi-scope=user"][..]),
            (&[r#"{"version": 1, "permissions": {"projects": ["acme", "a b"]}}"#], &["pypi-scope=project acme"]),
            (
                &[r#"[1, ["acme-core"]]"#, "[0, 1735689599, 0]"],
                &["pypi-scope=project acme-core", "expires=2024-12-31T23:59:59Z"],
            ),
            (&[r#"[3, "u-17"]"#], &["pypi-scope=user"]),
            (&["[1]", "no JSON", "7", "[1, 5]"], &[]),
            (&[], &[]),
        ] {
            let mut found = Vec::new();
            assert_eq!(pypi(pypi_token(&macaroon_with(caveats)).as_bytes(), &mut found), STRUCTURE);
            assert_eq!(told(&found), facts, "{caveats:?}");
        }
    }

    #[test]
    fn a_part_of_a_macaroon_is_left_open() {
        let whole = macaroon_with(&[r#"[3, "u-17"]"#]);
        for len in 0..whole.len() {
            let mut facts = Vec::new();
            assert_eq!(pypi(pypi_token(&whole[..len]).as_bytes(), &mut facts), Check::Pass, "{len}");
            assert_eq!(facts, []);
        }
        let longer = [&whole[..], &[0]].concat();
        assert_eq!(pypi(pypi_token(&longer).as_bytes(), &mut Vec::new()), Check::Pass);
    }

    #[test]
    fn a_bot_has_an_id_and_a_time() {
        let token = |id: &str, time: &[u8]| {
            format!(
                "{}.{}.c2lnbmF0dXJlLW9mLXRoaXMtdG9r",
                BASE64URL_NOPAD.encode(id.as_bytes()),
                BASE64URL_NOPAD.encode(time)
            )
        };
        let mut facts = Vec::new();
        assert_eq!(discord(token("1042375482219073546", &[1, 2, 3, 4]).as_bytes(), &mut facts), STRUCTURE);
        assert_eq!(told(&facts), ["discord-bot=1042375482219073546"]);
        for (id, time) in [
            ("1042375482219073x46", &[1, 2, 3, 4][..]),
            ("1042375482219073", &[1, 2, 3, 4]),
            ("104237548221907354612", &[1, 2, 3, 4]),
            ("18446744073709551616", &[1, 2, 3, 4]),
            ("18446744073709551615", &[1, 2, 3, 4]),
            ("1042375482219073546", &[1, 2, 3]),
        ] {
            assert_eq!(discord(token(id, time).as_bytes(), &mut Vec::new()), Check::Reject, "{id}");
        }
        assert_eq!(discord(b"MTA0", &mut Vec::new()), Check::Reject);
    }

    #[test]
    fn a_reference_token_says_when_it_ends() {
        let check = |text: &str| {
            let mut facts = Vec::new();
            (jfrog_reference(BASE64_NOPAD.encode(text.as_bytes()).as_bytes(), &mut facts), told(&facts))
        };
        let expires = "expires=2024-12-31T23:59:59Z".to_owned();
        assert_eq!(check("reftkn:01:1735689599:WwqYkOQ2q3Zk6"), (STRUCTURE, vec![expires]));
        assert_eq!(check("reftkn:01:0000000000:WwqYkOQ2q3Zk6"), (STRUCTURE, vec![]));
        for text in [
            "reftkn:01:1735689599:",
            "reftkn:01:17356x9599:abc",
            "reftkn:x:1735689599:abc",
            "reftkn:01",
            "other:01:1:a",
        ] {
            assert_eq!(check(text), (Check::Reject, vec![]), "{text}");
        }
    }

    #[test]
    fn a_number_and_twenty_bytes() {
        let encoded = |text: &[u8]| BASE64_NOPAD.encode(text);
        let random = [0xA7; 20];
        let token = encoded(&[b"204718053366:", &random[..]].concat());
        assert_eq!(atlassian_data_center(token.as_bytes()), STRUCTURE);
        assert_eq!(atlassian_data_center(format!("BBDC-{token}").as_bytes()), STRUCTURE);
        for text in
            [&[b"204718053366:", &random[..19]].concat()[..], &[b"x04718053366:", &random[..]].concat(), b":", b""]
        {
            assert_eq!(atlassian_data_center(encoded(text).as_bytes()), Check::Reject);
        }
        assert_eq!(atlassian_data_center(b"not base64!"), Check::Reject);
    }

    #[test]
    fn an_auth_is_a_user_and_a_password() {
        let check = |text: &[u8]| docker_auth(BASE64.encode(text).as_bytes());
        assert_eq!(check(b"acme-ci:x7Kq2mPz9VbT4wLr"), Check::Pass);
        assert_eq!(check(b"_json_key:{\n \"type\": \"service_account\"}"), Check::Pass);
        for text in [
            &b"AWS:x7Kq2mPz9VbT4wLr"[..],
            b"user:password",
            b"acme:acme",
            b"acme:xxxxxxxx",
            b"acme:q7",
            b":x7Kq2mPz9VbT4wLr",
            b"x7Kq2mPz9VbT4wLr",
            b"\x00\x01\x02:x7Kq2mPz9VbT4wLr",
            b"acme:\xff\xfe\xfd\xfc\xfb\xfa\xf9",
        ] {
            assert_eq!(check(text), Check::Reject, "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(docker_auth(b"not base64!"), Check::Reject);
    }

    #[test]
    fn a_token_behind_a_prefix() {
        let part = |json: &str| BASE64URL_NOPAD.encode(json.as_bytes());
        let token = format!("ghs_17_{}.{}.c2lnbmF0dXJl", part(r#"{"alg":"RS256"}"#), part(r#"{"exp":1735689599}"#));
        let mut facts = Vec::new();
        assert_eq!(prefixed_jwt(token.as_bytes(), &mut facts), STRUCTURE);
        assert_eq!(told(&facts), ["algorithm=RS256", "expires=2024-12-31T23:59:59Z"]);
        assert_eq!(prefixed_jwt(b"ghs_17_abc", &mut Vec::new()), Check::Reject);
        assert_eq!(prefixed_jwt(b"ghs_17_eyJabc", &mut Vec::new()), Check::Reject);
    }

    #[test]
    fn hexadecimal_behind_a_prefix() {
        assert!(!is_not_hex(b"sk_live_0123456789abcdef"));
        assert!(is_not_hex(b"sk_live_0123456789abcdeF"));
        assert!(is_not_hex(b"sk_live_0123456789abcdeg"));
        assert!(!is_not_hex(b""));
    }

    proptest! {
        #[test]
        fn no_macaroon_panics(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            macaroon(&bytes);
            macaroon(&[&[2][..], &bytes].concat());
        }

        #[test]
        fn a_changed_byte_of_the_layout_is_noticed(at in 0..11_usize, byte: u8) {
            let mut bytes = macaroon_with(&[]);
            prop_assume!(bytes[at] != byte && at != 1);
            bytes[at] = byte;
            // The location's text may be any; its frame may not.
            let is_text = (3..11).contains(&at);
            prop_assert_eq!(macaroon(&bytes).is_some(), is_text);
        }
    }
}
