//! API keys that IAM issues for one service to one user (Bedrock, CloudWatch Logs, Claude Platform): four letters that
//! name the service, and base64 of `<user>-at-<account>:<secret>`. Keys that are a signed request in disguise are in
//! `aws_signed.rs`, passwords in `aws_password.rs`.
//!
//! - <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_service-specific-creds.html>
//! - <https://www.beyondtrust.com/blog/entry/aws-bedrock-security-exploring-api-keys>

use super::aws_account::{from_digits, tell};
use super::{Check, STRUCTURE, base64};
use crate::model::Fact;

/// Letters before the base64.
const HEAD: usize = 4;
/// Longest user name with a number behind it, in bytes: IAM's limit of 64 and `+99`.
const LONGEST_USER: usize = 67;
/// The secret part is longer than this in every key that was seen.
const SHORTEST_SECRET: usize = 20;

/// Decodes the key; tells its user and account.
pub(super) fn key(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    let text = token.get(HEAD..).and_then(base64::decode);
    let Some((user, account)) = text.as_deref().and_then(holder) else { return Check::Reject };
    tell(account, facts);
    facts.push(Fact { key: "aws-user".into(), value: user });
    STRUCTURE
}

/// User and account in `<user>-at-<account>:<secret>`.
fn holder(text: &[u8]) -> Option<(String, u64)> {
    let colon = memchr::memchr(b':', text)?;
    let (holder, secret) = (&text[..colon], &text[colon + 1..]);
    let at = memchr::memmem::rfind(holder, b"-at-")?;
    let (user, account) = (&holder[..at], from_digits(&holder[at + "-at-".len()..])?);
    let is_user = (1..=LONGEST_USER).contains(&user.len()) && user.iter().all(is_name);
    let is_secret = secret.len() >= SHORTEST_SECRET && secret.iter().all(u8::is_ascii_graphic);
    (is_user && is_secret).then(|| (String::from_utf8_lossy(user).into_owned(), account))
}

/// What a user's name may be made of.
fn is_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;
    use proptest::prelude::*;

    const SECRET: &str = concat!("q7Zt7w1Lr9XkVbN3", "mT0pYc5hGd2Fs8JuQe");

    fn key_of(head: &str, text: &str) -> String {
        format!("{head}{}", BASE64.encode(text.as_bytes()))
    }

    fn told(token: &str) -> (Check, Vec<String>) {
        let mut facts = Vec::new();
        let check = key(token.as_bytes(), &mut facts);
        (check, facts.iter().map(|fact| format!("{}={}", fact.key, fact.value)).collect())
    }

    #[test]
    fn user_and_account_are_told() {
        for (text, user) in [
            (format!("BedrockAPIKey-a1b2-at-123456789012:{SECRET}"), "BedrockAPIKey-a1b2"),
            (format!("alice+1-at-123456789012:{SECRET}"), "alice+1"),
            (format!("look-at-me-at-123456789012:{SECRET}"), "look-at-me"),
        ] {
            let expected = vec!["aws-account=123456789012".to_owned(), format!("aws-user={user}")];
            assert_eq!(told(&key_of("ABSK", &text)), (STRUCTURE, expected.clone()));
            let unpadded = key_of("AXYZ", &text);
            assert_eq!(told(unpadded.trim_end_matches('=')), (STRUCTURE, expected));
        }
    }

    #[test]
    fn what_is_no_such_key() {
        for text in [
            format!("alice-at-12345678901:{SECRET}"),
            format!("alice-at-1234567890123:{SECRET}"),
            format!("alice at 123456789012:{SECRET}"),
            format!("al ice-at-123456789012:{SECRET}"),
            format!("-at-123456789012:{SECRET}"),
            format!("{}-at-123456789012:{SECRET}", "a".repeat(68)),
            "alice-at-123456789012:short".to_owned(),
            format!("alice-at-123456789012:{SECRET}\u{1}"),
            "alice-at-123456789012".to_owned(),
        ] {
            assert_eq!(told(&key_of("ABSK", &text)).0, Check::Reject, "{text}");
        }
        assert_eq!(told("ABSKQmVkcm9ja0FQSUtleS1EXAMPLE").0, Check::Reject);
        assert_eq!(told("ABS").0, Check::Reject);
    }

    proptest! {
        /// Chance gives no user, no account and no colon.
        #[test]
        fn random_base64_is_none(data in proptest::collection::vec(any::<u8>(), 60..120)) {
            prop_assert_eq!(key(format!("ABSK{}", BASE64.encode(&data)).as_bytes(), &mut Vec::new()), Check::Reject);
        }
    }
}
