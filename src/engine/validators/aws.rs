//! What AWS's credentials tell of themselves: key ids name their account, session tokens their issuer. Neither has a
//! checksum; these are structural filters.
//!
//! - Key ids: <https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489>
//! - Session tokens: <https://medium.com/@TalBeerySec/revealing-the-inner-structure-of-aws-session-tokens-a6c76469cba7>

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD};

use super::aws_account::{LAST_ACCOUNT, from_digits, tell};
use super::mask::patterned;
use super::{Check, STRUCTURE};
use crate::engine::structures::{is_gibberish, is_random_letters, looks_like_path};
use crate::model::Fact;

/// A four-letter type, sixteen characters of base32.
const KEY_ID: usize = 20;
const TYPE: usize = 4;
/// Base64 of 30 random bytes.
const SECRET: usize = 40;
/// A capital and so many small letters, or more, are a word.
const SHORTEST_WORD: usize = 3;
/// Of a longer run of lower-case letters, which few random secrets have, it is asked whether it is words.
const LONGEST_WORD: usize = 11;
/// What KMS encrypts begins so in base64: it opens nothing without KMS.
const CIPHERTEXTS: [&[u8]; 2] = [b"AQICAH", b"AQIDAH"];
/// A mask inside an id; one random id in 80,000 has it.
const MASK: &[u8] = b"XXXX";

/// Shorter data is no session token.
const SHORTEST_TOKEN: usize = 100;
/// The account is written within so many bytes of a token's start.
const TOKEN_HEADER: usize = 256;
/// Tag of the first field of a token, a string.
const ISSUER_TAG: u8 = 0x0a;
const ISSUERS: [&[u8]; 3] = [b"aws", b"er/aws", b"origin_ec"];

/// Decodes the account; rejects what no generation of key ids can be, and what somebody has written in the place of one.
pub(super) fn key_id(id: &[u8], facts: &mut Vec<Fact>) -> Check {
    match generation(id).filter(|_| !is_written(&id[TYPE..])) {
        None => Check::Reject,
        Some(Generation::Old) => Check::Pass,
        Some(Generation::New { account }) => {
            tell(account, facts);
            Check::Pass
        }
    }
}

/// Whether an id of the form of AWS's is none that its structure allows, and not words or sequences either.
pub(super) fn is_odd_key_id(id: &[u8]) -> bool {
    let body = &id[TYPE.min(id.len())..];
    id.len() == KEY_ID && generation(id).is_none() && !is_written(body) && !is_interleaved(body)
}

/// Whether a body is a sequence of letters with one of digits between: `1A2B3C4D5E6F7G8H`.
fn is_interleaved(body: &[u8]) -> bool {
    let (digits, letters): (Vec<u8>, Vec<u8>) = body.iter().partition(|byte| byte.is_ascii_digit());
    patterned(&digits) + patterned(&letters) == body.len()
}

/// Whether 40 characters can be the base64 of random bytes rather than a digest or a path.
pub(super) fn is_secret(value: &[u8]) -> bool {
    value.len() == SECRET
        && value.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'))
        && value.iter().any(u8::is_ascii_uppercase)
        && value.iter().any(u8::is_ascii_lowercase)
        && !value.chunk_by(|a, b| a.is_ascii_lowercase() && b.is_ascii_lowercase()).any(is_long_word)
        && !CIPHERTEXTS.iter().any(|head| value.starts_with(head))
        && !looks_like_path(value)
        && !is_camel_case(value)
}

/// Whether a name says that its value is AWS's secret access key, and the value can be none: a digest in hexadecimal, or one
/// character too short or too long.
pub(in crate::engine) fn is_misfit(name: &[u8], value: &[u8]) -> bool {
    if value.len().abs_diff(SECRET) > 1 {
        return false;
    }
    let name: Vec<u8> = name.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    let is_named = memchr::memmem::find(&name, b"secretaccesskey").is_some()
        || [b"awssecret".as_slice(), b"awssecretkey"].iter().any(|known| name.ends_with(known));
    let is_digest = value.len() == SECRET && value.iter().all(u8::is_ascii_hexdigit);
    let is_cut = value.len().abs_diff(SECRET) == 1
        && value.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'));
    is_named && (is_digest || is_cut)
}

fn is_long_word(run: &[u8]) -> bool {
    run.len() > LONGEST_WORD && (!is_gibberish(run) || patterned(run) * 2 >= run.len())
}

/// Whether the body of an id is words or a mask: `YOURACCESSKEYIDX`. One random body in thirty has no digit, and of these
/// one in a hundred looks like words.
fn is_written(body: &[u8]) -> bool {
    let is_letters = body.iter().all(u8::is_ascii_uppercase);
    is_letters && !is_random_letters(body) || body.windows(MASK.len()).any(|part| part == MASK)
}

/// Whether most of a value is words that begin with a capital, as in the name of a function. One random value in 20,000
/// is.
pub(super) fn is_camel_case(value: &[u8]) -> bool {
    let words = value.chunk_by(|_, next| next.is_ascii_lowercase()).filter(|word| word[0].is_ascii_alphabetic());
    let in_words: usize = words.map(<[u8]>::len).filter(|&len| len > SHORTEST_WORD).sum();
    in_words * 10 >= value.len() * 7
}

/// Reads the token's head: a version byte and a protobuf field with the issuer.
pub(super) fn session_token(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    let Some(data) = decode(token).filter(|data| data.len() >= SHORTEST_TOKEN) else { return Check::Reject };
    let Some(issuer) = issuer(&data) else { return Check::Reject };
    if let Some(account) = written_account(&data[..data.len().min(TOKEN_HEADER)]) {
        tell(account, facts);
    }
    if ISSUERS.contains(&issuer) { STRUCTURE } else { Check::Pass }
}

/// AWS marks its examples at the end of ids and secrets, and anywhere in a session token.
pub(in crate::engine) fn is_example(value: &[u8]) -> bool {
    value.ends_with(b"EXAMPLE")
        || value.ends_with(b"EXAMPLEKEY")
        || value.len() >= SHORTEST_TOKEN && memchr::memmem::find(value, b"EXAMPLE").is_some()
}

enum Generation {
    /// Issued until 2019; only AWS knows the account.
    Old,
    /// The account stands in the id.
    New { account: u64 },
}

fn generation(id: &[u8]) -> Option<Generation> {
    if id.len() != KEY_ID || !id[..TYPE].iter().all(u8::is_ascii_uppercase) {
        return None;
    }
    let body = BASE32_NOPAD.decode(&id[TYPE..]).ok()?;
    if body[0] & 0x80 == 0 {
        return matches!(id[TYPE], b'I' | b'J').then_some(Generation::Old);
    }
    let head = body[..6].iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
    let account = (head & 0x7fff_ffff_ff80) >> 7;
    (account <= LAST_ACCOUNT).then_some(Generation::New { account })
}

/// The last character of a token that was cut is dropped with its quantum.
fn decode(token: &[u8]) -> Option<Vec<u8>> {
    let end = token.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1);
    BASE64_NOPAD.decode(&token[..end - end % 4]).ok()
}

fn issuer(data: &[u8]) -> Option<&[u8]> {
    let [_version, ISSUER_TAG, length, rest @ ..] = data else { return None };
    let issuer = rest.get(..usize::from(*length))?;
    (!issuer.is_empty() && issuer.iter().all(u8::is_ascii_graphic)).then_some(issuer)
}

fn written_account(header: &[u8]) -> Option<u64> {
    header.chunk_by(|a, b| a.is_ascii_digit() && b.is_ascii_digit()).find_map(from_digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;
    use proptest::prelude::*;

    fn told(facts: &[Fact]) -> Vec<String> {
        facts.iter().map(|fact| format!("{}={}", fact.key, fact.value)).collect()
    }

    /// It ends with a digit: of letters alone some bodies look like words, and such an id is none.
    fn id_of(account: u64) -> String {
        let bytes = (1_u64 << 47 | account << 7).to_be_bytes();
        let body = [&bytes[2..], &[0x5a, 0xc3, 0x11, 0x9f]].concat();
        format!("AKIA{}", BASE32_NOPAD.encode(&body))
    }

    fn session(head: &[u8]) -> Vec<u8> {
        let noise: Vec<u8> = (0..300_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8 | 0x80).collect();
        BASE64.encode(&[head, &noise].concat()).into_bytes()
    }

    #[test]
    fn ids_of_an_unusual_form() {
        for body in ["I59BWVDTB1TV8TLK", "KGS932SHL5SWFXKT", "AL2RLMV27FMYY3SU", "7Q3ZL2RLMV27FMYY"] {
            assert!(is_odd_key_id(format!("AKIA{body}").as_bytes()), "{body}");
        }
        for body in ["ZL2RLMV27FMYY3SU", "1A2B3C4D5E6F7G8H", "YOURACCESSKEYIDX", "KGS932SHXXXXXXXX", "KGS932SHL5SWFXK"]
        {
            assert!(!is_odd_key_id(format!("AKIA{body}").as_bytes()), "{body}");
        }
    }

    #[test]
    fn published_vectors() {
        for (id, account) in [
            (concat!("ASIAY34", "FZKBOKMUTVV7A"), "aws-account=609629065308"),
            (concat!("ASIAQNZ", "GKIQY56JQ7WML"), "aws-account=029608264753"),
        ] {
            let mut facts = Vec::new();
            assert_eq!(key_id(id.as_bytes(), &mut facts), Check::Pass);
            assert_eq!(told(&facts), [account]);
        }
    }

    #[test]
    fn an_old_id_keeps_its_account_to_itself() {
        let mut facts = Vec::new();
        assert_eq!(key_id(concat!("AKIAI", "Z4NQ7XWTCV2LRMA").as_bytes(), &mut facts), Check::Pass);
        assert!(facts.is_empty());
    }

    #[test]
    fn what_is_no_key_id() {
        for id in [
            concat!("AKIAA", "Z4NQ7XWTCV2LRMA"),
            concat!("AKIA7", "Z4NQ7XWTCV2LRMA"),
            concat!("AKIAR", "Z4NQ7XWTCV2LRM"),
            concat!("AKIAR", "Z4NQ7XWTCV2LRM1"),
            concat!("akiaR", "Z4NQ7XWTCV2LRMA"),
            "",
            // Words and a mask in the place of one.
            "AKIAYOURACCESSKEYIDX",
            "ASIASOUTHEASTREGIONS",
            "AKIASOMEACCESSKEYIDX",
            "AKIAREDACTEDREDACTED",
            "AKIA6OSFODNN7XXXXXXX",
        ] {
            assert_eq!(key_id(id.as_bytes(), &mut Vec::new()), Check::Reject, "{id}");
        }
    }

    #[test]
    fn an_id_without_a_digit_that_is_no_words() {
        assert_eq!(key_id(concat!("AKIAX", "ZQJWVKXBNGTFQHP").as_bytes(), &mut Vec::new()), Check::Pass);
    }

    #[test]
    fn secrets_and_what_resembles_them() {
        assert!(is_secret(concat!("XWPJ", "x/d8ut8pdqsxRpvED5hJRaOvRTYZPNvS+I4k").as_bytes()));
        assert!(is_secret(concat!("q/Zt", "7+w/1Lr9/XkVbN3m/T0pYc5/hGd2Fs8/JuQe").as_bytes()));
        // Twelve small letters in a row that are no word.
        assert!(is_secret(concat!("jAwX", "TiMJnpq/OsnkjxhafzicvT5dxtMoljZ40ne+").as_bytes()));
        for text in [
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
            "src/main/java/com/acme/project/FooBarBaz",
            "aws/api/v2/Config/Endpoint1/Resolver/Fn2",
            "thisisaverylongwordWITH9andmorelettersOK",
            "abcdefghijklmnopqrstuvwxyz1234567890ABCD",
            concat!("AQICAHhA7bm2", "R0JhIgKs1VYXqbYc2tG0q7EoXc9o"),
            "XWPJx/d8ut8pdqsxRpvED5hJRaOvRTYZPNvS+I4",
            "XWPJx/d8ut8pdqsxRpvED5hJRaOvRTYZPNvS+I4k=",
            "XWPJx_d8ut8pdqsxRpvED5hJRaOvRTYZPNvS-I4k",
        ] {
            assert!(!is_secret(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_in_a_secret_s_place() {
        let digest = b"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12".as_slice();
        for name in ["AWS_SECRET_ACCESS_KEY", "secretAccessKey", "awsSecretKey", "aws.secret"] {
            assert!(is_misfit(name.as_bytes(), digest), "{name}");
            assert!(is_misfit(name.as_bytes(), concat!("XWPJ", "x/d8ut8pdqsxRpvED5hJRaOvRTYZPNvS+I4").as_bytes()));
            assert!(!is_misfit(name.as_bytes(), concat!("XWPJ", "x/d8ut8pdqsxRpvED5hJRaOvRTYZPNvS+I4k").as_bytes()));
            assert!(!is_misfit(name.as_bytes(), &digest[..32]), "{name}");
        }
        assert!(!is_misfit(b"SECRET_KEY", digest));
    }

    #[test]
    fn session_tokens() {
        let mut facts = Vec::new();
        let token = session(b"\x21\x0a\x09origin_ec\x10\x01\x1a\x09us-east-1\x22\x0c609629065308");
        assert_eq!(session_token(&token, &mut facts), STRUCTURE);
        assert_eq!(told(&facts), ["aws-account=609629065308"]);
        assert_eq!(session_token(&session(b"\x15\x0a\x03aws"), &mut Vec::new()), STRUCTURE);
        assert_eq!(session_token(&session(b"\x17\x0a\x06er/aws"), &mut Vec::new()), STRUCTURE);
        assert_eq!(session_token(&session(b"\x17\x0a\x05other"), &mut Vec::new()), Check::Pass);
        assert_eq!(session_token(&session(b"\x17\x0a\x06er/a"), &mut Vec::new()), Check::Reject);
        assert_eq!(session_token(&session(b"\x17\x0b\x03aws"), &mut Vec::new()), Check::Reject);
        assert_eq!(session_token(&token[..100], &mut Vec::new()), Check::Reject);
        assert_eq!(session_token(concat!("eyJhbGciOiJI", "UzI1NiJ9.e30.x").as_bytes(), &mut Vec::new()), Check::Reject);
    }

    #[test]
    fn documented_examples() {
        assert!(is_example(concat!("AKIAIOSFODNN7", "EXAMPLE").as_bytes()));
        assert!(is_example(concat!("wJalrXUtnFEMI/K7MDENG/bPxRfiCY", "EXAMPLEKEY").as_bytes()));
        assert!(is_example(&[b"IQoJb3JpZ2luX2VjEXAMPLE".as_slice(), &[b'A'; 100]].concat()));
        assert!(!is_example(b"EXAMPLEkZt7w1Lr9XkVbN3mT0pYc5hGd2Fs8JuQe"));
        assert!(!is_example(b""));
    }

    #[test]
    fn letters_that_look_like_words_are_no_id_with_or_without_an_account() {
        let bytes = (1_u64 << 47 | 452_285_663_494 << 7).to_be_bytes();
        let body = BASE32_NOPAD.encode(&[&bytes[2..], &[0x5a, 0xc3, 0x11, 0x98]].concat());
        assert_eq!(key_id(format!("AKIA{body}").as_bytes(), &mut Vec::new()), Check::Reject);
        assert_eq!(key_id(id_of(452_285_663_494).as_bytes(), &mut Vec::new()), Check::Pass);
    }

    proptest! {
        #[test]
        fn an_account_reads_back(account in 0..=LAST_ACCOUNT) {
            let (id, mut facts) = (id_of(account), Vec::new());
            prop_assume!(!is_written(&id.as_bytes()[TYPE..]));
            prop_assert_eq!(key_id(id.as_bytes(), &mut facts), Check::Pass);
            prop_assert_eq!(&facts[0].value, &format!("{account:012}"));
        }

        #[test]
        fn no_account_has_thirteen_digits(account in LAST_ACCOUNT + 1..1 << 40) {
            prop_assert_eq!(key_id(id_of(account).as_bytes(), &mut Vec::new()), Check::Reject);
        }
    }
}
